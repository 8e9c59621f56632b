"""The register: numbers given once whoever asks at the same time, files kept, lines cancelled."""

import datetime as dt
import hashlib
import io
import threading
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, close_old_connections, transaction
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import ExportRecord, User
from inspections.choices import Stage
from inspections.models import Inspection, RegisteredDocument
from inspections.selectors.register import next_number
from inspections.services.documents import (
    PaperFile,
    document_attach,
    document_cancel,
    document_register,
)
from inspections.services.holding import InspectionRefused
from tests import factories
from tests.inspections.conftest import TODAY, Scene
from tests.inspections.paper_scene import Written, conclude, write

Browser = Callable[[User], Client]
PDF = b"%PDF-1.4 sample"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def written(scene: Scene) -> Written:
    """An inspection with its report signed."""
    return write(scene)


def values(**more: Any) -> dict[str, Any]:
    return {"kind": "kt8", "title": "Báo cáo", "symbol": "BC/ĐKT", "dated_on": TODAY} | more


def register(scene: Scene, **more: Any) -> RegisteredDocument:
    return document_register(
        actor=scene.officer, inspection=scene.inspection, values=values(**more)
    )


# ---- Numbers -----------------------------------------------------------------------------------


def test_numbers_run_by_symbol_through_the_term(scene: Scene) -> None:
    factories.TermFactory(
        code="2025-2030", starts_on=dt.date(2025, 10, 1), ends_on=dt.date(2030, 9, 30)
    )
    old = factories.TermFactory(
        code="2020-2025", starts_on=dt.date(2020, 10, 1), ends_on=dt.date(2025, 9, 30)
    )
    assert [register(scene).number, register(scene).number] == [1, 2]
    assert register(scene, symbol="TB/TU").number == 1
    assert register(scene, number=9).full_number == "09-BC/ĐKT"
    assert register(scene).number == 10
    before = register(scene, dated_on=dt.date(2025, 9, 30))
    assert (before.number, before.term) == (1, old)
    # Years do not begin anew.
    assert next_number(scene.inspection.unit, "BC/ĐKT", dt.date(2027, 1, 5)) == 11
    assert register(scene, unit=scene.organisation.other).number == 1


def test_a_number_is_given_once(scene: Scene) -> None:
    register(scene, number=5)
    with pytest.raises(InspectionRefused, match=r"Số 05-BC/ĐKT đã có.*tiếp theo là 6"):
        register(scene, number=5)
    assert RegisteredDocument.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisteredDocument.objects.create(
            inspection=scene.inspection, kind="kt8", unit=scene.inspection.unit, title="x",
            symbol="BC/ĐKT", number=5, term=RegisteredDocument.objects.get().term,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_different_numbers(scene: Scene) -> None:
    """Both have read the register before either writes."""
    together = threading.Barrier(4)
    found: list[int | None] = []

    def one() -> None:
        try:
            with clock.frozen(TODAY):
                together.wait(timeout=20)
                found.append(register(scene).number)
        finally:
            close_old_connections()
            from django.db import connection

            connection.close()

    threads = [threading.Thread(target=one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(found) == [1, 2, 3, 4]


def test_a_cancelled_number_is_not_given_again(scene: Scene) -> None:
    line = register(scene)
    with pytest.raises(InspectionRefused, match="lý do"):
        document_cancel(actor=scene.officer, document=line, reason=" ")
    document_cancel(actor=scene.officer, document=line, reason="Ghi nhầm loại")
    assert register(scene).number == 2
    with pytest.raises(InspectionRefused, match="đã hủy"):
        document_cancel(actor=scene.officer, document=line, reason="Lần nữa")
    with pytest.raises(InspectionRefused, match="đã hủy"):
        document_attach(actor=scene.officer, document=line, file=PaperFile("a.pdf", PDF))


def test_what_is_refused(scene: Scene, written: Written) -> None:
    other = Inspection.objects.get(pk=scene.inspection.pk)
    other.pk, other.name = None, "Khác"
    other.save()
    with pytest.raises(InspectionRefused, match="không thuộc") as refused:
        document_register(
            actor=scene.officer,
            inspection=other,
            values=values(minutes=written.met, title=" ", dated_on=TODAY + dt.timedelta(days=1)),
        )
    assert len(refused.value.reasons) == 3


# ---- Files -------------------------------------------------------------------------------------


def test_a_file_is_kept_with_its_hash(scene: Scene) -> None:
    line = document_register(
        actor=scene.officer,
        inspection=scene.inspection,
        values=values(),
        file=PaperFile("Báo cáo.pdf", PDF),
    )
    assert line.sha256 == hashlib.sha256(PDF).hexdigest()
    assert line.file.read() == PDF
    assert "Báo cáo" not in line.file.name
    kept = line.file.name
    document_attach(
        actor=scene.officer, document=line, file=PaperFile("Báo cáo đã ký.pdf", PDF + b"2")
    )
    line.refresh_from_db()
    assert line.sha256 == hashlib.sha256(PDF + b"2").hexdigest()
    assert line.file.name != kept


def test_of_a_secret_paper_no_file_is_kept(scene: Scene) -> None:
    with pytest.raises(InspectionRefused) as refused:
        document_register(
            actor=scene.officer,
            inspection=scene.inspection,
            values=values(secrecy="mat"),
            file=PaperFile("a.pdf", PDF),
        )
    assert len(refused.value.reasons) == 2
    line = register(scene, secrecy="toi_mat", kept_at="Văn phòng Tỉnh ủy, tủ 3")
    with pytest.raises(InspectionRefused, match="mật"):
        document_attach(actor=scene.officer, document=line, file=PaperFile("a.pdf", PDF))
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisteredDocument.objects.filter(pk=line.pk).update(file="x.pdf")


def test_who_registers(scene: Scene, approver: User, unit_officer: User) -> None:
    for actor in (scene.officer, scene.lead):
        document_register(actor=actor, inspection=scene.inspection, values=values())
    for actor in (approver, unit_officer, scene.secretary, scene.outsider):
        with pytest.raises(PermissionDenied):
            document_register(actor=actor, inspection=scene.inspection, values=values())


# ---- Pages -------------------------------------------------------------------------------------


def test_a_paper_is_registered_with_the_copy_of_the_portal(
    written: Written, signed_in: Browser
) -> None:
    browser = signed_in(written.scene.officer)
    url = reverse("inspections:document-register", args=[written.inspection.pk, "kt2"])
    page = browser.get(url).content.decode()
    assert "Bỏ trống để lấy số tiếp theo của nhiệm kỳ: 1." in page
    sent = {
        "symbol": "KH/ĐKT", "number": "", "dated_on": "01/12/2026", "title": "Kế hoạch chi tiết",
        "secrecy": "", "kept_at": "", "keep": "ban-in",
    }  # fmt: skip
    answer = browser.post(url, sent)
    assert answer.status_code == 302
    line = RegisteredDocument.objects.get()
    assert (line.full_number, line.file_name) == ("01-KH/ĐKT", "KT2.pdf")
    body = line.file.read()
    assert body.startswith(b"%PDF")
    assert line.sha256 == hashlib.sha256(body).hexdigest()
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Số 01-KH/ĐKT" in page
    file = reverse("inspections:registered-file", args=[line.pk])
    assert file in page
    taken = browser.get(file)
    assert b"".join(taken.streaming_content) == body
    record = ExportRecord.objects.latest("pk")
    assert (record.what, record.sha256) == ("inspection-paper", line.sha256)
    # The same number again: told what comes next, nothing written.
    answer = browser.post(url, sent | {"number": "1"})
    assert answer.status_code == 422
    assert "Số tiếp theo là 2" in answer.content.decode()
    assert RegisteredDocument.objects.count() == 1


def test_bad_input_is_told_at_the_field(written: Written, signed_in: Browser) -> None:
    browser = signed_in(written.scene.officer)
    url = reverse("inspections:document-register", args=[written.inspection.pk, "kt8"])
    sent = {
        "symbol": "BC/ĐKT", "number": "0", "dated_on": "31/02/2026", "title": "",
        "secrecy": "", "kept_at": "", "keep": "tep",
    }  # fmt: skip
    page = browser.post(url, sent)
    assert page.status_code == 422
    text = page.content.decode()
    for words in ("Số văn bản phải từ 1 trở lên.", "Mục này chưa điền.", "Chưa chọn tệp."):
        assert words in text
    upload = SimpleUploadedFile("a.exe", b"MZ")
    page = browser.post(url, sent | {"number": "", "upload": upload})
    assert "chỉ nhận PDF" in page.content.decode()
    page = browser.post(url, sent | {"secrecy": "mat", "upload": SimpleUploadedFile("a.pdf", PDF)})
    assert "Văn bản mật phải ghi nơi giữ bản giấy." in page.content.decode()
    assert not RegisteredDocument.objects.exists()


def test_a_brought_report_counts_as_sensitive_where_findings_are(
    written: Written, signed_in: Browser, approver: User
) -> None:
    browser = signed_in(written.scene.officer)
    url = reverse("inspections:document-register", args=[written.inspection.pk, "kt8"])
    sent = {
        "symbol": "BC/ĐKT", "number": "", "dated_on": "01/12/2026", "title": "Báo cáo",
        "secrecy": "", "kept_at": "", "keep": "tep", "upload": SimpleUploadedFile("k.pdf", PDF),
    }  # fmt: skip
    assert browser.post(url, sent).status_code == 302
    line = RegisteredDocument.objects.get()
    assert line.is_sensitive
    file = reverse("inspections:registered-file", args=[line.pk])
    assert signed_in(written.scene.lead).get(file).status_code == 200
    conclude(written, approver)
    written.scene.lead.grants.all().delete()
    lead = User.objects.get(pk=written.scene.lead.pk)
    assert signed_in(lead).get(file).status_code == 404
    listed = signed_in(lead).get(
        reverse("inspections:inspection-documents", args=[written.inspection.pk])
    )
    assert "có dữ liệu nhạy cảm" in listed.content.decode()


def test_the_register_over_all_inspections(
    written: Written, signed_in: Browser, unit_officer: User
) -> None:
    factories.TermFactory(
        code="2025-2030", starts_on=dt.date(2025, 10, 1), ends_on=dt.date(2030, 9, 30)
    )
    scene = written.scene
    register(scene, title="Báo cáo kết quả", number=5)
    line = register(scene, kind="kt10", symbol="TB/TU", title="Thông báo", number=77)
    document_cancel(actor=scene.officer, document=line, reason="Ghi nhầm")
    url = reverse("inspections:document-list")
    browser = signed_in(scene.officer)
    page = browser.get(url).content.decode()
    assert "05-BC/ĐKT" in page
    assert "đã hủy: Ghi nhầm" in page
    for query, there, gone in (
        ("?q=77-TB", "77-TB/TU", "05-BC/ĐKT"),
        ("?q=kết quả", "05-BC/ĐKT", "77-TB/TU"),
        ("?loai=kt10", "77-TB/TU", "05-BC/ĐKT"),
        ("?nhiem-ky=2025-2030", "05-BC", "Không có văn bản nào"),
    ):
        page = browser.get(url + query).content.decode()
        assert there in page, query
        assert gone not in page, query
    answer = browser.get(url + "?tep=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book["Sổ văn bản"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["77-TB/TU", "05-BC/ĐKT"]
    assert ExportRecord.objects.latest("pk").what == "inspection-register"
    other = signed_in(unit_officer).get(url).content.decode()
    assert "05-BC/ĐKT" not in other


def test_another_team_finds_nothing(written: Written, signed_in: Browser) -> None:
    """Somebody who leads another inspection gets 404 everywhere."""
    scene = written.scene
    line = document_register(
        actor=scene.officer,
        inspection=scene.inspection,
        values=values(),
        file=PaperFile("a.pdf", PDF),
    )
    other = factories.UserFactory(username="truongdoankhac")
    another = Inspection.objects.get(pk=scene.inspection.pk)
    another.pk, another.stage, another.name = None, Stage.REPORTING, "Cuộc khác"
    another.save()
    another.team.create(user=other, role="lead", mandate_from=TODAY, mandate_to=TODAY)
    browser = signed_in(other)
    pk = scene.inspection.pk
    for name, args in (
        ("inspection-documents", [pk]),
        ("document-kind", [pk, "kt5"]),
        ("document-look", [pk, "kt8"]),
        ("document-register", [pk, "kt8"]),
        ("document-template", [pk, "kt8"]),
        ("document-template-file", [pk, "kt8"]),
        ("document-set", [pk]),
        ("annex-list", [pk]),
        ("registered-file", [line.pk]),
        ("document-attach", [line.pk]),
        ("document-cancel", [line.pk]),
        ("side-documents", [scene.department.pk]),
        ("side-look", [scene.department.pk, "kt5"]),
        ("side-registered", [scene.department.pk, line.pk]),
    ):
        assert browser.get(reverse(f"inspections:{name}", args=args)).status_code == 404, name
    for name, args in (
        ("document-file", [pk, "kt8"]),
        ("annex-file", [pk, scene.department.pk]),
        ("document-template-leave", [pk, "kt8"]),
        ("side-file", [scene.department.pk, "kt5"]),
    ):
        url = reverse(f"inspections:{name}", args=args)
        assert browser.post(url, {"dinh-dang": "pdf"}).status_code == 404, name
    assert browser.get(reverse("inspections:inspection-documents", args=[another.pk])).status_code
    assert (
        line.full_number not in browser.get(reverse("inspections:document-list")).content.decode()
    )
