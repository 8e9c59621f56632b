"""Pages of papers, annexes, the file of all: who gets what, what stands in them, what it costs."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from cadre_portal.common import clock
from cadres.models import ExportRecord, RoleGrant, StoredExport, Unit, User
from cadres.services import stored_exports
from inspections.choices import TeamRole
from inspections.exports import bundle
from inspections.models import InspectedUnit
from inspections.services.documents import PaperFile, document_register
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY
from tests.inspections.paper_scene import (
    Written,
    conclude,
)

Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def url(name: str, *args: Any, **query: Any) -> str:
    asked = "&".join(f"{key.replace('_', '-')}={value}" for key, value in query.items())
    return reverse(f"inspections:{name}", args=args) + (f"?{asked}" if asked else "")


def streamed(response: Any) -> bytes:
    body = b"".join(response.streaming_content)
    if source := response.file_to_stream:
        source.close()
    return body


# ---- Papers ------------------------------------------------------------------------------------


def test_the_set_says_what_is_there_and_what_lacks(written: Written, signed_in: Browser) -> None:
    pk = written.inspection.pk
    page = signed_in(written.scene.officer).get(url("inspection-documents", pk)).content.decode()
    assert "1/2 đủ nội dung, 0 đã vào sổ" in page  # self-reports: one came, one not
    assert "chưa kết luận" not in page  # of the notices a sum
    assert "0/3 đủ nội dung, 0 đã vào sổ" in page
    assert "chưa có biên bản" in page
    kind = signed_in(written.scene.officer).get(url("document-kind", pk, "kt5")).content.decode()
    assert "đơn vị chưa nộp báo cáo" in kind
    assert url("document-look", pk, "kt5", don_vi=written.scene.department.pk) in kind


def test_a_paper_is_looked_at_as_it_is_printed(written: Written, signed_in: Browser) -> None:
    pk = written.inspection.pk
    browser = signed_in(written.scene.officer)
    page = browser.get(url("document-look", pk, "kt8")).content.decode()
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Số 05-BC/ĐKT", "I- KẾT QUẢ KIỂM TRA"):
        assert words in page
    page = browser.get(url("document-look", pk, "kt6", bien_ban=written.met.pk)).content.decode()
    assert "Trao đổi về báo cáo." in page
    # Law that the decision names, with how sure the portal is: on the page, not in the paper.
    page = browser.get(url("document-look", pk, "qd")).content.decode()
    assert "331-QĐ/TW" in page
    for wrong in (
        url("document-look", pk, "kt13"),
        url("document-look", pk, "kt5"),
        url("document-look", pk, "kt5", don_vi=999),
        url("document-look", pk, "kt6", bien_ban="x"),
        url("document-look", pk, "kt8", don_vi=written.scene.department.pk),
    ):
        assert browser.get(wrong).status_code == 404, wrong


def test_a_paper_is_taken_away_and_recorded(written: Written, signed_in: Browser) -> None:
    pk = written.inspection.pk
    browser = signed_in(written.scene.officer)
    made = browser.post(url("document-file", pk, "kt8"), {"dinh-dang": "docx"})
    assert 'filename="KT8.docx"' in made.headers["Content-Disposition"]
    texts = [p.text for p in Document(io.BytesIO(made.content)).paragraphs]
    assert "II- NHẬN XÉT, KIẾN NGHỊ" in texts
    record = ExportRecord.objects.latest("pk")
    assert (record.what, record.file_format) == ("inspection-paper", "docx")
    assert record.is_sensitive
    assert record.filters["kind"] == "kt8"
    pdf = browser.post(url("document-file", pk, "kt1"), {"dinh-dang": "pdf"})
    assert pdf.content.startswith(b"%PDF")
    assert browser.post(url("document-file", pk, "kt1"), {"dinh-dang": "exe"}).status_code == 404


def test_sensitive_findings_leave_no_trace_on_pages(written: Written, signed_in: Browser) -> None:
    pk = written.inspection.pk
    RoleGrant.objects.filter(user=written.scene.lead, unit__code="SNV").delete()
    browser = signed_in(User.objects.get(pk=written.scene.lead.pk))
    for kind in ("kt8", "kt10"):
        page = browser.get(url("document-look", pk, kind)).content.decode()
        assert "Cách chức" not in page
        assert "1 nhận định không có trong các văn bản" in page
        made = browser.post(url("document-file", pk, kind), {"dinh-dang": "docx"})
        assert "Cách chức" not in "".join(
            p.text for p in Document(io.BytesIO(made.content)).paragraphs
        )


def test_pages_cost_the_same_for_many_units(written: Written, signed_in: Browser) -> None:
    browser = signed_in(written.scene.officer)
    pk = written.inspection.pk
    pages = (
        url("inspection-documents", pk),
        url("document-kind", pk, "kt5"),
        url("document-look", pk, "kt8"),
        url("annex-list", pk),
        url("document-list"),
    )

    def queries() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(page).status_code == 200
            found.append(len(captured))
        return found

    written.inspection.documents.create(
        kind="kt1", title="Kế hoạch", unit=written.inspection.unit, dated_on=TODAY
    )
    queries()
    few = queries()
    root = Unit.objects.get(code="CB")
    for number in range(6):
        unit = InspectedUnit.objects.create(
            inspection=written.inspection, unit=factories.UnitFactory(parent=root)
        )
        written.inspection.documents.create(
            kind="kt5", inspected_unit=unit, title="Báo cáo", unit=unit.unit, number=number,
            symbol="BC/X", dated_on=TODAY,
        )  # fmt: skip
    assert queries() == few
    assert max(few) <= 45


# ---- Annexes -----------------------------------------------------------------------------------


def test_an_annex_has_results_and_the_people_behind_them(
    written: Written, signed_in: Browser
) -> None:
    scene = written.scene
    browser = signed_in(scene.lead)
    assert "Sở Nội vụ" in browser.get(url("annex-list", written.inspection.pk)).content.decode()
    made = browser.post(url("annex-file", written.inspection.pk, scene.department.pk))
    book = openpyxl.load_workbook(io.BytesIO(streamed(made)))
    results = list(book["Kết quả"].iter_rows(values_only=True))
    people = list(book["Người"].iter_rows(values_only=True))
    assert results[0][1] == "Tiêu chí"
    assert {row[6] for row in results[1:]} <= {"Đạt", "Chưa đạt", "Chưa rõ"}
    assert [row[3] for row in people[1:]] == ["Nông Thị Ánh"]
    sheet = book["Kết quả"]
    # Printed on A4 it can be read: long texts go over several lines, and rows are tall enough.
    assert sheet["H2"].alignment.wrap_text
    assert sum(column.width for column in sheet.column_dimensions.values()) < 240
    longest = max(range(2, len(results) + 1), key=lambda row: len(sheet.cell(row, 8).value or ""))
    assert sheet.row_dimensions[longest].height > sheet.sheet_format.defaultRowHeight
    record = ExportRecord.objects.latest("pk")
    assert (record.what, record.people, record.is_sensitive) == ("inspection-annex", 1, True)
    other = browser.post(url("annex-file", written.inspection.pk, scene.other.pk))
    people = openpyxl.load_workbook(io.BytesIO(streamed(other)))["Người"]
    assert [row[3] for row in people.iter_rows(values_only=True)][1:] == ["Lý Thị Đào"]


def test_annexes_are_for_the_mandate(written: Written, signed_in: Browser) -> None:
    scene = written.scene
    member = factories.UserFactory(username="thanhvien")
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=member,
        role=TeamRole.MEMBER,
        units=[scene.other],
    )
    browser = signed_in(member)
    page = browser.get(url("annex-list", scene.inspection.pk)).content.decode()
    assert "Sở Y tế" in page
    assert "Sở Nội vụ" not in page
    assert (
        browser.post(url("annex-file", scene.inspection.pk, scene.department.pk)).status_code == 404
    )
    scene.inspection.team.filter(user=member).update(
        mandate_from=TODAY.replace(month=11, day=1), mandate_to=TODAY.replace(month=11, day=2)
    )
    assert browser.get(url("annex-list", scene.inspection.pk)).status_code == 403
    assert browser.post(url("annex-file", scene.inspection.pk, scene.other.pk)).status_code == 403


# ---- All of it ---------------------------------------------------------------------------------


def asked(written: Written, *, annexes: bool = True) -> dict[str, Any]:
    return {
        "inspection": written.inspection.pk,
        "formats": ["docx", "pdf"],
        "annexes": annexes,
    }


def archive(response: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(streamed(response)))


def test_the_set_is_made_by_a_worker_with_its_contents(
    written: Written, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = written.scene
    monkeypatch.setattr(stored_exports, "enqueue", lambda name, **ids: None)
    document_register(
        actor=scene.officer,
        inspection=scene.inspection,
        values={"kind": "kt8", "title": "Báo cáo", "symbol": "BC/ĐKT", "dated_on": TODAY},
        file=PaperFile("k.pdf", b"%PDF-1"),
    )
    browser = signed_in(scene.officer)
    page = url("document-set", scene.inspection.pk)
    assert browser.get(page).status_code == 200
    refused = browser.post(page, {"annexes": "on"})
    assert refused.status_code == 422
    assert "Chọn ít nhất một định dạng." in refused.content.decode()
    answer = browser.post(page, {"formats": ["docx", "pdf"], "annexes": "on"})
    assert answer.headers["Location"] == reverse("cadres:export-list")
    found = StoredExport.objects.get()
    stored_exports.export_make(export_id=found.pk)
    found.refresh_from_db()
    assert (found.status, found.done) == ("ready", found.total)
    with zipfile.ZipFile(found.file) as made:
        names = made.namelist()
        sheet = openpyxl.load_workbook(io.BytesIO(made.read("00-muc-luc.xlsx")))["Mục lục"]
    for name in (
        "QD/QD.docx", "KT1/KT1.pdf", "KT8/KT8.docx", "KT5/KT5-SNV.pdf", "KT10/KT10.docx",
        "KT10/KT10-SYT.docx", "phu-luc/SNV.xlsx", "phu-luc/SYT.xlsx",
    ):  # fmt: skip
        assert name in names
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [name for name in names if name != "00-muc-luc.xlsx"]
    assert all(len(row[7]) == 64 for row in rows[1:])
    assert {row[6] for row in rows[1:] if row[1] == "KT8/KT8.pdf"} == {"đã vào sổ"}
    record = ExportRecord.objects.latest("pk")
    assert (record.what, record.people, record.is_sensitive) == ("inspection-set", 2, True)


def test_the_set_is_what_its_reader_may_see(written: Written) -> None:
    scene = written.scene
    RoleGrant.objects.filter(user=scene.lead, unit__code="SNV").delete()
    lead = User.objects.get(pk=scene.lead.pk)
    made = archive(bundle.set_file(lead, asked(written)))
    for name in made.namelist():
        if name.endswith(".docx"):
            document = Document(io.BytesIO(made.read(name)))
            assert "Cách chức" not in document.element.xml, name
    results = openpyxl.load_workbook(io.BytesIO(made.read("phu-luc/SNV.xlsx")))["Kết quả"]
    rules = {row[1] for row in results.iter_rows(values_only=True)}
    assert "Kỷ luật còn hiệu lực" not in rules
    with pytest.raises(PermissionDenied):
        bundle.set_file(scene.outsider, asked(written))
    scene.inspection.team.filter(user=lead).update(
        mandate_from=TODAY.replace(month=11, day=1), mandate_to=TODAY.replace(month=11, day=2)
    )
    with pytest.raises(PermissionDenied):
        bundle.set_file(lead, asked(written))
    made = archive(bundle.set_file(lead, asked(written, annexes=False)))
    assert not [name for name in made.namelist() if name.startswith("phu-luc")]


# ---- An inspected unit -------------------------------------------------------------------------


def test_a_unit_gets_its_own_papers(
    written: Written,
    signed_in: Browser,
    unit_officer: User,
    other_unit_officer: User,
    approver: User,
) -> None:
    scene = written.scene
    browser, other = signed_in(unit_officer), signed_in(other_unit_officer)
    own = scene.department.pk
    page = browser.get(url("side-documents", own)).content.decode()
    codes = {code for code in ("KT3", "KT4", "KT5", "KT6", "KT8", "KT10") if f">{code}<" in page}
    assert codes == {"KT3", "KT4", "KT5", "KT6"}
    assert other.get(url("side-documents", own)).status_code == 404
    for kind in ("kt1", "kt7", "kt8", "kt10", "kt12"):
        assert browser.get(url("side-look", own, kind)).status_code == 404, kind
    look = browser.get(url("side-look", own, "kt6", bien_ban=written.met.pk)).content.decode()
    assert "Trao đổi về báo cáo." in look
    assert (
        other.get(url("side-look", scene.other.pk, "kt6", bien_ban=written.met.pk)).status_code
        == 404
    )
    made = browser.post(url("side-file", own, "kt5"), {"dinh-dang": "pdf"})
    assert made.content.startswith(b"%PDF")
    assert ExportRecord.objects.latest("pk").actor == unit_officer
    conclude(written, approver)
    look = browser.get(url("side-look", own, "kt10")).content.decode()
    assert "Chưa bảo đảm ba độ tuổi" in look
    assert "Quy hoạch còn khép kín" not in look
    assert "Số 77-TB/TU" in look


def test_a_unit_gets_registered_files_of_its_own(
    written: Written, signed_in: Browser, unit_officer: User, approver: User
) -> None:
    scene = written.scene

    def entered(kind: str, unit: InspectedUnit | None) -> int:
        line = document_register(
            actor=scene.officer,
            inspection=scene.inspection,
            values={
                "kind": kind, "title": kind, "symbol": f"{kind}/TU", "dated_on": TODAY,
                "inspected_unit": unit,
            },
            file=PaperFile("k.pdf", b"%PDF-1"),
        )  # fmt: skip
        return line.pk

    own = [entered("kt3", None), entered("kt6", scene.department)]
    later = entered("kt10", scene.department)
    never = [
        entered("kt10", None),
        entered("kt8", None),
        entered("kt7", scene.department),
        entered("kt6", scene.other),
    ]
    browser = signed_in(unit_officer)
    unit = scene.department.pk
    for pk in own:
        assert browser.get(url("side-registered", unit, pk)).status_code == 200
    assert browser.get(url("side-registered", unit, later)).status_code == 404
    conclude(written, approver)
    assert browser.get(url("side-registered", unit, later)).status_code == 200
    for pk in never:
        assert browser.get(url("side-registered", unit, pk)).status_code == 404
        assert browser.get(url("registered-file", pk)).status_code == 404
    assert clock.today() == TODAY
