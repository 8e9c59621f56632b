"""Papers of rotation: golden cells and texts, who is told what, records, the way to each.

After a wanted change, `REWRITE_GOLDEN=1 python -m pytest tests/rotation/test_papers.py` writes the
golden files anew; their difference is reviewed.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document

from cadre_portal.common import clock
from cadres.choices import UnitKind
from cadres.exports.letters import Letter, make_letter
from cadres.exports.papers import make_paper
from cadres.exports.word import template_path
from cadres.models import ExportRecord, User
from rotation.choices import CheckCode, DeclineReason, NeedKind, RotationKind, RotationStatus, Side
from rotation.contexts.exports import export_menu
from rotation.contexts.statistics import Asked
from rotation.exports.forms import template_writers
from rotation.exports.plan_paper import plan_paper
from rotation.exports.results import results_paper
from rotation.exports.rotation_list import rotation_list_paper
from rotation.exports.submission import SubmissionOptions, one_submission, plan_submission
from rotation.models import Rotation, RotationPlan
from rotation.selectors.papers import proposals_of, submitted
from rotation.selectors.rotations import RotationFilter, rotations_visible
from rotation.selectors.statistics import numbers_of
from rotation.services import plans, process
from tests import factories
from tests.rotation.conftest import START, TODAY, Stage, propose
from tests.support.papers import is_golden, sheet_of, text_of, words_in

Browser = Callable[[User], Client]
GOLDEN = Path(__file__).parent / "golden"
YEARS = range(2022, 2027)


def opinion(rotation: Rotation, actor: User, side: Side, stance: str, text: str = "") -> None:
    process.opinion_save(
        actor=actor,
        rotation=rotation,
        side=side,
        values={"stance": stance, "text": text, "document": "", "given_on": TODAY},
    )


@pytest.fixture
def year_plan(stage: Stage, provincial_officer: User, approver: User) -> RotationPlan:
    """The plan of 2027 with two proposals, one done and one declined, for Sở Nội vụ and Sở Y tế.

    The person of the stage was heard and meets everything; the other is from a list, with little
    on file, goes to a post that nobody prescribed, and a paper allows it.
    """
    of = stage.organisation
    made: RotationPlan = factories.RotationPlanFactory(
        purpose="Rèn luyện cán bộ trong quy hoạch.\n\nTăng cường cho cơ sở."
    )
    factories.RotationTargetFactory(plan=made, unit=of.department, send=2, receive=0)
    factories.RotationTargetFactory(plan=made, unit=of.commune, send=0, receive=1, note="vùng cao")
    plans.plan_submit(
        actor=provincial_officer, plan=made, submission_no="9-TTr/BTC", submitted_on=TODAY
    )
    plans.plan_approve(actor=approver, plan=made, decision_no="31-KH/TU", decision_on=TODAY)
    made.refresh_from_db()
    first = propose(
        stage,
        provincial_officer,
        plan=made,
        need=NeedKind.EXPERIENCE,
        need_note="Được quy hoạch cấp trưởng, chưa làm ở nơi khác.",
    )
    opinion(first, provincial_officer, Side.PERSON, "agree")
    opinion(first, provincial_officer, Side.SENDING, "conditions", "Cần người thay trước khi đi.")
    for year, grade in ((2025, 3), (2024, 4)):
        factories.EvaluationFactory(cadre=stage.person, unit=stage.home, year=year, grade=grade)
    unread = factories.CadreFactory(
        code="CB-IT",
        full_name="=Lục & <Oanh>",
        sex="",
        birth_date=dt.date(1980, 1, 1),
        birth_precision="year",
        degree=None,
        theory=None,
    )
    factories.AppointmentFactory(
        cadre=unread, unit=stage.home, title=stage.title, start_on=dt.date(2021, 1, 1)
    )
    second = propose(
        stage,
        provincial_officer,
        cadre=unread,
        to_unit=of.commune,
        kind=RotationKind.TRANSFER,
        planned_end_on=None,
        plan=made,
    )
    process.waiver_save(
        actor=provincial_officer,
        rotation=second,
        check=CheckCode.SEAT,
        values={"reason": "Bố trí tăng thêm.", "document": "25-TB/TU", "document_on": TODAY},
    )
    factories.RotationFactory(
        plan=made,
        from_unit=of.other,
        from_title=of.director,
        to_unit=of.department,
        to_title=of.director,
        cadre=of.outsider,
        start_on=dt.date(2026, 3, 1),
        planned_end_on=dt.date(2029, 3, 1),
    )
    factories.RotationFactory(
        from_unit=of.department,
        from_title=of.deputy,
        to_unit=of.commune,
        to_title=of.deputy,
        cadre=of.insider,
        status=RotationStatus.DECLINED,
        start_on=dt.date(2026, 5, 1),
        planned_end_on=None,
        decline_kind=DeclineReason.HEALTH,
        decline_reason="Đang điều trị",
    )
    return made


def options(stage: Stage, **chosen: Any) -> SubmissionOptions:
    return SubmissionOptions(
        **{
            "as_of": TODAY,
            "unit": stage.home,
            "to": "Ban Thường vụ Tỉnh ủy",
            "number": "12-TTr/SNV",
            "day": TODAY,
            "with_texts": True,
            **chosen,
        }
    )


def one(stage: Stage, actor: User, **chosen: Any) -> Letter:
    rows = rotations_visible(actor).filter(cadre=stage.person)
    (found,) = submitted(actor, rows, TODAY)
    return one_submission(found, options(stage, **chosen))


# ---- What stands in the files ------------------------------------------------------------------


def test_tables(stage: Stage, year_plan: RotationPlan, provincial_officer: User) -> None:
    actor = provincial_officer
    papers = {
        "ke-hoach": plan_paper(actor, year_plan, TODAY),
        "danh-sach": rotation_list_paper(
            actor,
            RotationFilter(),
            ["Năm bắt đầu: 2026"],
            TODAY,
            with_group=True,
            with_reasons=True,
        ),
        "tong-hop": results_paper(
            actor, numbers_of(actor, TODAY, YEARS), Asked(TODAY, YEARS, "", {}), with_group=True
        ),
    }
    for name, paper in papers.items():
        found = {
            "xlsx": sheet_of(make_paper(paper, "xlsx")),
            "docx": text_of(make_paper(paper, "docx")),
        }
        is_golden(GOLDEN, name, found)
        assert make_paper(paper, "pdf").startswith(b"%PDF")
    assert (papers["ke-hoach"].people, papers["danh-sach"].people) == (3, 4)


def test_submissions(stage: Stage, year_plan: RotationPlan, provincial_officer: User) -> None:
    letter = one(stage, provincial_officer)
    found = submitted(provincial_officer, proposals_of(provincial_officer, year_plan), TODAY)
    whole = plan_submission(year_plan, found, options(stage, number="", day=None))
    for name, each in (("to-trinh", letter), ("to-trinh-ke-hoach", whole)):
        is_golden(GOLDEN, name, {"docx": text_of(make_letter(each, "docx"))})
        assert make_letter(each, "pdf").startswith(b"%PDF")
    assert (letter.people, letter.row_count) == (1, 0)
    assert (whole.people, whole.row_count) == (2, 2)


def test_law_comes_from_the_conditions_alone(
    stage: Stage, year_plan: RotationPlan, provincial_officer: User
) -> None:
    text = "\n".join(line.text for line in one(stage, provincial_officer).lines)
    assert "Văn bản số 65-QĐ/TW, ngày 28/4/2022 (Luân chuyển cán bộ), Điều 1, Điều 5;" in text
    assert "chưa đối chiếu văn bản gốc" not in text
    # A target of the province that nobody compared with its text says so.
    factories.TargetFactory(
        unit=stage.organisation.province,
        parameter="rotation.remaining_service.minimum_months",
        value=130,
        document="18-QĐ/TU",
        confidence="recalled",
    )
    text = "\n".join(line.text for line in one(stage, provincial_officer).lines)
    assert "Văn bản số 18-QĐ/TU, [chưa đối chiếu văn bản gốc];" in text
    assert "- Kế hoạch luân chuyển cán bộ năm 2027 số 31-KH/TU, ngày 01/12/2026;" in text


def test_what_does_not_hold_is_not_passed_over(
    stage: Stage, year_plan: RotationPlan, provincial_officer: User
) -> None:
    stage.organisation.pool.nominations.update(removed_on=TODAY)
    lines = [line.text for line in one(stage, provincial_officer).lines]
    assert any(line.startswith("- Trong quy hoạch: chưa đạt.") for line in lines)
    assert lines[-1] == (
        "Còn điều kiện chưa đạt hoặc chưa rõ, chưa có văn bản cho phép: Trong quy hoạch."
    )
    assert not any("./." in line for line in lines)


def test_who_signs(stage: Stage, year_plan: RotationPlan, provincial_officer: User) -> None:
    of = stage.organisation
    letter = one(stage, provincial_officer)
    assert letter.signature == ("GIÁM ĐỐC",)
    assert one(stage, provincial_officer, unit=of.province).signature == (
        "T/M BAN THƯỜNG VỤ",
        "BÍ THƯ",
    )
    agency = factories.UnitFactory(
        parent=of.province, name="Ban Tổ chức Tỉnh ủy", kind=UnitKind.PARTY_COMMITTEE
    )
    head = factories.TitleFactory(name="Trưởng ban Đảng Tỉnh ủy", is_head=True)
    factories.PositionFactory(unit=agency, title=head)
    written = one(stage, provincial_officer, unit=agency)
    assert written.signature == ("TRƯỞNG BAN",)
    assert written.head.superior == "TỈNH ỦY CAO BẰNG"
    assert written.number == "Số 12-TTr/SNV"
    blank = one(stage, provincial_officer, number="", day=None)
    assert blank.number == "Số …-TTr/…"
    assert blank.head.place_and_day.endswith("ngày … tháng … năm …")


def test_papers_are_vietnamese_in_any_language(
    stage: Stage, year_plan: RotationPlan, provincial_officer: User
) -> None:
    with translation.override("en"):
        letter = one(stage, provincial_officer)
        numbers = numbers_of(provincial_officer, TODAY, YEARS)
        paper = results_paper(
            provincial_officer, numbers, Asked(TODAY, YEARS, "", {}), with_group=False
        )
    assert letter.about == "về việc luân chuyển đồng chí Nông Văn Luân"
    texts = [row.text for table in paper.tables for row in table.rows if row.text]
    assert "Theo giới tính" in texts


def test_templates_are_written_from_the_code(tmp_path: Path) -> None:
    """After they changed: `manage.py write_word_templates`."""
    for name, write in template_writers().items():
        write(tmp_path / name)
        parts = []
        for path in (tmp_path / name, template_path(f"{name}.docx")):
            with zipfile.ZipFile(path) as package:
                parts.append(package.read("word/document.xml"))
        assert parts[0] == parts[1], name


def test_an_office_may_use_its_own_template(
    stage: Stage, year_plan: RotationPlan, provincial_officer: User, tmp_path: Path, settings: Any
) -> None:
    own = Document()
    own.add_paragraph("{{ number }}: {% for line in lines %}{{ line.text }}|{% endfor %}")
    own.save(str(tmp_path / "rotation_submission.docx"))
    settings.DOCUMENT_TEMPLATES = str(tmp_path)
    body = make_letter(one(stage, provincial_officer), "docx")
    (line,) = [p.text for p in Document(io.BytesIO(body)).paragraphs if p.text]
    assert line.startswith("Số 12-TTr/SNV: I- CĂN CỨ VÀ SỰ CẦN THIẾT|")


# ---- Who is told what --------------------------------------------------------------------------


def test_groups_and_reasons_only_where_asked_and_allowed(
    year_plan: RotationPlan, provincial_officer: User, auditor: User
) -> None:
    def words(actor: User, **chosen: bool) -> str:
        paper = rotation_list_paper(actor, RotationFilter(), [], TODAY, **chosen)
        return words_in(make_paper(paper, "xlsx"))

    asked = words(provincial_officer, with_group=True, with_reasons=True)
    assert "Tày" in asked
    assert "Đang điều trị" in asked
    bare = words(provincial_officer, with_group=False, with_reasons=False)
    assert "Tày" not in bare
    assert "Đang điều trị" not in bare
    forbidden = words(auditor, with_group=True, with_reasons=True)
    assert "Tày" not in forbidden
    assert "Đang điều trị" not in forbidden


def test_a_plan_names_only_units_in_scope(
    year_plan: RotationPlan, other_unit_officer: User
) -> None:
    paper = plan_paper(other_unit_officer, year_plan, TODAY)
    words = words_in(make_paper(paper, "xlsx"))
    # Sở Y tế takes part in the tour of the stage and in one more; no target is its own.
    assert "Nông Văn Luân" in words
    assert "=Lục" not in words
    assert "vùng cao" not in words


def test_from_the_page_to_the_file_and_the_record(
    year_plan: RotationPlan, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    rotation = Rotation.objects.get(cadre__code="CB-LC")
    url = reverse("rotation:export-submission", args=[rotation.pk])
    assert url in str(export_menu(provincial_officer, TODAY, rotation=rotation))
    form = browser.get(url).content.decode()
    assert "Ban Thường vụ Tỉnh ủy Cao Bằng" in form
    asked = {
        "dinh_dang": "docx",
        "noi_trinh": "SNV",
        "kinh_gui": "Ban Thường vụ Tỉnh ủy,",
        "so_to_trinh": "7-TTr/SNV",
        "kem_y_kien": "on",
    }
    refused = browser.post(url, asked)
    assert refused.status_code == 422
    assert "hãy ghi lý do xuất" in refused.content.decode()
    assert not ExportRecord.objects.exists()
    made = browser.post(url, {**asked, "ly_do": "Trình Ban Thường vụ"})
    assert made["Content-Disposition"].endswith(
        f'filename="to-trinh-luan-chuyen-{rotation.pk}-2026-12-01.docx"'
    )
    words = words_in(made.content)
    assert "Cần người thay trước khi đi" in words
    assert "Kính gửi: Ban Thường vụ Tỉnh ủy," in words
    record = ExportRecord.objects.get()
    assert (record.what, record.is_sensitive, record.people) == ("rotation-submission", True, 1)
    assert record.filters == {"rotation": rotation.pk}
    plain = browser.post(url, {name: asked[name] for name in asked if name != "kem_y_kien"})
    assert "Cần người thay" not in words_in(plain.content)
    assert not ExportRecord.objects.order_by("pk").last().is_sensitive  # type: ignore[union-attr]
    assert browser.post(url, {**asked, "dinh_dang": "xlsx"}).status_code == 422
    assert browser.post(url, {**asked, "noi_trinh": "KHONG"}).status_code == 422


def test_every_other_form_goes_out_too(
    year_plan: RotationPlan, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    sent = {"noi_trinh": "CB", "kinh_gui": "Ban Thường vụ Tỉnh ủy"}
    for name, args, what in (
        ("export-list", [], "rotation-list"),
        ("export-results", [], "rotation-results"),
        ("export-plan", [2027], "rotation-plan"),
        ("export-plan-submission", [2027], "rotation-submission"),
    ):
        url = reverse(f"rotation:{name}", args=args)
        assert browser.get(url).status_code == 200, name
        made = browser.post(url, {"dinh_dang": "docx", **sent})
        assert made.status_code == 200, name
        assert Document(io.BytesIO(made.content)).paragraphs
        assert ExportRecord.objects.order_by("pk").last().what == what  # type: ignore[union-attr]
        assert browser.post(url, {"dinh_dang": "?", **sent}).status_code == 422


def test_the_list_goes_out_as_it_is_filtered(
    year_plan: RotationPlan, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    url = reverse("rotation:export-list") + "?trang-thai=declined&ly-do=health"
    page = browser.get(url).content.decode()
    assert "Trạng thái: Từ chối; Lý do từ chối: Sức khỏe" in page
    made = browser.post(url, {"dinh_dang": "xlsx"})
    words = words_in(made.content)
    assert "Nông Thị Ánh" in words
    assert "Nông Văn Luân" not in words
    record = ExportRecord.objects.get()
    assert (record.people, record.rows) == (1, 1)
    assert record.filters == {"trang_thai": "declined", "ly_do": "health"}


def test_the_page_of_reports_lists_them(
    year_plan: RotationPlan, provincial_officer: User, stranger: User, signed_in: Browser
) -> None:
    page = signed_in(provincial_officer).get(reverse("planning:reports")).content.decode()
    for words in ("Kế hoạch luân chuyển năm", "Tổng hợp kết quả luân chuyển", "Tờ trình về luân"):
        assert words in page
    assert export_menu(stranger, TODAY) == []


def test_every_page_of_rotation_leads_to_its_papers(
    year_plan: RotationPlan, provincial_officer: User, signed_in: Browser
) -> None:
    browser, rotation = signed_in(provincial_officer), Rotation.objects.get(cadre__code="CB-LC")

    def menu(name: str, *args: Any, query: str = "") -> str:
        return browser.get(reverse(f"rotation:{name}", args=args) + query).content.decode()

    listed = reverse("rotation:export-list")
    assert f'href="{listed}"' in menu("rotation-list")
    narrowed = menu("rotation-table", query="?trang-thai=declined&trang=1")
    assert f'href="{listed}?trang-thai=declined"' in narrowed
    assert reverse("rotation:export-submission", args=[rotation.pk]) in menu(
        "rotation-detail", rotation.pk
    )
    plan_page = menu("plan-detail", 2027)
    assert reverse("rotation:export-plan", args=[2027]) in plan_page
    assert reverse("rotation:export-plan-submission", args=[2027]) in plan_page
    results = reverse("rotation:export-results")
    assert f"{results}?tu-nam=2022&amp;den-nam=2026" in menu("statistics")


def test_a_plan_without_proposals_says_so(
    today: dt.date, provincial_officer: User, signed_in: Browser
) -> None:
    factories.RotationPlanFactory(year=2030)
    url = reverse("rotation:export-plan-submission", args=[2030])
    body = signed_in(provincial_officer).get(url).content.decode()
    assert "Không có đề xuất nào chờ quyết định" in body
    assert (
        signed_in(provincial_officer).get(reverse("rotation:export-plan", args=[2031])).status_code
        == 404
    )


def test_queries_do_not_grow(
    stage: Stage, year_plan: RotationPlan, provincial_officer: User
) -> None:
    def count() -> list[int]:
        counts = []
        for make in (
            lambda: plan_paper(provincial_officer, year_plan, TODAY),
            lambda: rotation_list_paper(
                provincial_officer, RotationFilter(), [], TODAY, with_group=True, with_reasons=True
            ),
            lambda: submitted(
                provincial_officer, proposals_of(provincial_officer, year_plan), TODAY
            ),
        ):
            with CaptureQueriesContext(connection) as captured:
                make()
            counts.append(len(captured))
        return counts

    count()
    few = count()
    for number in range(6):
        person = factories.CadreFactory(code=f"CB-{number}")
        factories.AppointmentFactory(cadre=person, unit=stage.home, title=stage.title)
        propose(stage, provincial_officer, cadre=person, plan=year_plan)
    assert count() == few
    assert clock.today() < START
