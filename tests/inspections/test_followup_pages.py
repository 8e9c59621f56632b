"""Pages of the follow-up: both sides, acts in the browser, the list, its sheet, what waits."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cadre_portal.common import clock
from cadres.models import ExportRecord, User
from cadres.todo import todos_of
from inspections.choices import RemedyState, Stage, Topic
from inspections.models import Inspection, Recommendation
from inspections.services import followup as services
from tests.inspections.conftest import TODAY, Scene
from tests.inspections.remedies import another, conclude, recommend

Browser = Callable[[User], Client]


@pytest.fixture
def asked(scene: Scene, approver: User) -> Recommendation:
    """Two recommendations, concluded; the first is Sở Nội vụ's."""
    made = recommend(scene.department, due_on=TODAY + dt.timedelta(days=30))
    recommend(scene.other, topic=Topic.WOMEN, rule="", text="Bổ sung cán bộ nữ")
    conclude(scene.inspection, approver)
    return Recommendation.objects.get(pk=made.pk)


def url(name: str, *args: object) -> str:
    return reverse(f"inspections:{name}", args=args)


def test_the_unit_reports_with_files_and_the_office_closes(
    asked: Recommendation, scene: Scene, unit_officer: User, signed_in: Browser
) -> None:
    unit, office = signed_in(unit_officer), signed_in(scene.officer)
    page = unit.get(url("inspected-remedies", scene.department.pk)).content.decode()
    assert "Bổ sung ít nhất 1 đồng chí dưới 35 tuổi" in page
    assert "Bổ sung cán bộ nữ" not in page
    form = {"text": "Đã bổ sung", "number": "45-BC", "reported_on": "01/12/2026"}
    upload = SimpleUploadedFile("danh-sach.pdf", b"%PDF-1.7 x")
    answer = unit.post(url("recommendation-report", asked.pk), {**form, "uploads": [upload]})
    assert answer.status_code == 302
    assert answer["Location"] == url("recommendation-detail", asked.pk)
    seen = office.get(answer["Location"]).content.decode()
    for words in (
        "Đã báo cáo, chờ xem xét",
        "văn bản số 45-BC",
        "danh-sach.pdf",
        "Kết thúc theo dõi",
    ):
        assert words in seen
    file = asked.reports.get().attachments.get()
    assert office.get(url("attachment-file", file.pk)).status_code == 200
    grounds = {"grounds": "Báo cáo 45-BC và danh sách kèm theo"}
    assert office.post(url("recommendation-close", asked.pk), grounds).status_code == 302
    asked.refresh_from_db()
    assert asked.state == RemedyState.CLOSED
    follow_up = office.get(url("inspection-follow-up", scene.inspection.pk)).content.decode()
    assert "2 kiến nghị: 1 đã xong, 0 chờ xem xét, 1 đang thực hiện." in follow_up


def test_bad_input_is_told_at_the_field(
    asked: Recommendation, scene: Scene, unit_officer: User, signed_in: Browser
) -> None:
    unit, office = signed_in(unit_officer), signed_in(scene.officer)
    form = {"text": "Đã bổ sung", "reported_on": "02/12/2026"}
    answer = unit.post(url("recommendation-report", asked.pk), form)
    assert answer.status_code == 422
    assert "không được sau hôm nay" in answer.content.decode()
    fake = SimpleUploadedFile("danh-sach.pdf", b"MZ")
    answer = unit.post(
        url("recommendation-report", asked.pk),
        {"text": "Đã bổ sung", "reported_on": "01/12/2026", "uploads": [fake]},
    )
    assert answer.status_code == 422
    assert "không phải là tệp .pdf thật" in answer.content.decode()
    assert not asked.reports.exists()
    answer = office.post(url("recommendation-more", asked.pk), {"text": "Gửi danh sách"})
    assert answer.status_code == 422
    assert "Đơn vị chưa báo cáo" in answer.content.decode()


def test_other_units_and_other_teams_find_nothing(
    asked: Recommendation, scene: Scene, other_unit_officer: User, signed_in: Browser
) -> None:
    for user in (other_unit_officer, scene.outsider):
        browser = signed_in(user)
        for name in ("detail", "report", "more", "close", "reopen"):
            assert browser.get(url(f"recommendation-{name}", asked.pk)).status_code == 404
        assert browser.get(url("inspection-follow-up", scene.inspection.pk)).status_code == 404
        assert browser.get(url("inspected-remedies", scene.department.pk)).status_code == 404
        page = browser.get(url("recommendation-list")).content.decode()
        assert "đồng chí dưới 35 tuổi" not in page
        assert "Sở Nội vụ" not in page


def test_the_list_is_filtered_sorted_and_taken_away(
    asked: Recommendation, scene: Scene, approver: User, signed_in: Browser
) -> None:
    [earlier] = another(scene, [scene.organisation.department])
    old = recommend(earlier, due_on=dt.date(2024, 9, 30), text="Bổ sung cán bộ trẻ")
    conclude(earlier.inspection, approver, dt.date(2024, 4, 10), "1-TB/TU")
    office = signed_in(scene.officer)
    late = office.get(url("recommendation-list"), {"trang-thai": "late"}).content.decode()
    assert "Bổ sung cán bộ trẻ" in late
    assert "Bổ sung cán bộ nữ" not in late
    assert "quá hạn 792 ngày" in late
    answer = office.get(url("recommendation-list"), {"sap": "-han", "tep": "xlsx", "don-vi": "SNV"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue())).get_sheet_by_index(0)  # type: ignore[attr-defined]
    rows = sheet.to_python()
    assert [row[1] for row in rows] == ["Kiến nghị", asked.finding.text, old.finding.text]
    assert rows[2][9] == "quá hạn 792 ngày"
    record = ExportRecord.objects.get(what="recommendations")
    assert (record.rows, record.filters) == (2, {"don_vi": "SNV"})


@pytest.mark.parametrize("name", ["recommendation-list", "inspection-follow-up"])
def test_the_number_of_queries_does_not_grow(
    name: str, scene: Scene, approver: User, signed_in: Browser
) -> None:
    [earlier] = another(scene, [scene.organisation.department])
    recommend(earlier)
    conclude(earlier.inspection, approver, dt.date(2024, 4, 10), "1-TB/TU")
    office = signed_in(scene.officer)
    address = url(name, *([scene.inspection.pk] if name == "inspection-follow-up" else []))
    counts = []
    for number in (1, 12):
        Inspection.objects.filter(pk=scene.inspection.pk).update(stage=Stage.VERIFYING)
        for _time in range(number):
            made = recommend(scene.department)
            made.reports.create(text="Đã làm", reported_on=TODAY, reported_by=scene.officer)
        conclude(scene.inspection, approver)
        office.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert office.get(address).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 24


# ---- Việc của tôi ----------------------------------------------------------------------------


def groups(user: User, day: dt.date = TODAY) -> dict[str, int]:
    """What waits for an account about recommendations: head -> how many."""
    found: dict[str, int] = {}
    for todo in todos_of(User.objects.get(pk=user.pk), day):
        if "iến nghị" in todo.group:
            found[todo.group] = found.get(todo.group, 0) + todo.count
    return found


def test_what_waits_for_both_sides(
    asked: Recommendation, scene: Scene, unit_officer: User, other_unit_officer: User
) -> None:
    assert groups(unit_officer) == {"Kiến nghị phải thực hiện": 1}
    assert groups(scene.officer) == {}
    services.remedy_report(
        actor=unit_officer, recommendation=asked, text="Đã bổ sung", reported_on=TODAY
    )
    assert groups(unit_officer) == {}
    assert groups(scene.officer) == {"Kiến nghị: báo cáo chờ xem xét": 1}
    with clock.frozen(dt.date(2027, 4, 1)):
        assert groups(scene.officer, dt.date(2027, 4, 1)) == {
            "Kiến nghị: báo cáo chờ xem xét": 1,
            "Kiến nghị quá hạn": 1,
        }
    assert groups(other_unit_officer) == {"Kiến nghị phải thực hiện": 1}
    assert groups(scene.lead) == groups(scene.outsider) == {}


def test_many_of_a_kind_are_one_line(scene: Scene, approver: User) -> None:
    for _time in range(7):
        recommend(scene.department, due_on=TODAY - dt.timedelta(days=1))
    conclude(scene.inspection, approver)
    [todo] = [each for each in todos_of(scene.officer, TODAY) if each.group == "Kiến nghị quá hạn"]
    assert (todo.count, todo.text) == (7, "7 kiến nghị quá hạn")
    assert todo.url.endswith("?trang-thai=late")
