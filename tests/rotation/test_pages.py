"""Pages of single rotations: what each person sees, does, and is told."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import User
from rotation.choices import RotationStatus
from rotation.models import Rotation, RotationOpinion, RotationWaiver, TourReport
from tests import factories
from tests.planning.conftest import Queries
from tests.planning.conftest import queries as queries
from tests.rotation.conftest import TODAY, Stage, approve, heard, propose, submitted

Browser = Callable[[User], Client]


def url(name: str, rotation: Rotation, *more: str) -> str:
    return reverse(f"rotation:rotation-{name}", args=[rotation.pk, *more])


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_from_the_search_to_the_proposal(
    stage: Stage, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    address = reverse("rotation:rotation-propose")
    assert "Nông Văn Luân" in text(browser.get(address, {"q": "nong van luan"}))
    assert "Không tìm thấy ai" in text(browser.get(address, {"q": "khong ai ca"}))
    form = f"{address}?can-bo={stage.person.code}&can-cu=experience"
    assert "goi-y-chuc-vu" in text(browser.get(form))
    typed = {
        "kind": "rotation",
        "from_post": "SNV/PGD",
        "to_post": "khong co",
        "start_on": "01/13/2027",
        "planned_end_on": "1/1/2030",
        "need": "experience",
    }
    refused = browser.post(form, typed)
    assert refused.status_code == 422
    assert "Hãy chọn trong danh sách gợi ý" in text(refused)
    assert not Rotation.objects.exists()
    answer = browser.post(
        form, typed | {"to_post": "Phó Giám đốc, Sở Y tế", "start_on": "1/1/2027"}
    )
    rotation = Rotation.objects.get()
    assert answer.headers["Location"] == url("detail", rotation)
    assert (rotation.to_unit, rotation.start_on) == (stage.away, dt.date(2027, 1, 1))
    again = browser.post(form, typed | {"to_post": "SYT/PGD", "start_on": "01/01/2027"})
    assert again.status_code == 422
    assert "đã có đề xuất như vậy" in text(again)


def test_somebody_without_a_post_is_not_proposed(
    stage: Stage, provincial_officer: User, signed_in: Browser
) -> None:
    factories.CadreFactory(code="KHONG-CHUC")
    answer = signed_in(provincial_officer).get(
        reverse("rotation:rotation-propose"), {"can-bo": "KHONG-CHUC"}
    )
    assert "hiện không giữ chức vụ nào" in text(answer)


def test_the_whole_way_by_forms(
    stage: Stage, provincial_officer: User, approver: User, signed_in: Browser
) -> None:
    rotation = propose(stage, provincial_officer, start_on=TODAY)
    officer, decider = signed_in(provincial_officer), signed_in(approver)
    day = TODAY.strftime("%d/%m/%Y")
    for side in ("person", "sending"):
        officer.post(url("opinion", rotation, side), {"stance": "agree", "given_on": day})
    told = officer.post(
        url("opinion", rotation, "receiving"), {"stance": "disagree", "given_on": day}
    )
    assert told.status_code == 422
    assert "Hãy ghi đề nghị hoặc lý do" in text(told)
    officer.post(
        url("opinion", rotation, "receiving"),
        {"stance": "conditions", "text": "Đề nghị bố trí nhà công vụ", "given_on": day},
    )
    assert RotationOpinion.objects.count() == 3
    assert officer.post(url("submit", rotation), {"submitted_on": day}).status_code == 422
    officer.post(url("submit", rotation), {"submission_no": "7-TTr", "submitted_on": day})
    officer.post(url("take-back", rotation))
    officer.post(url("submit", rotation), {"submission_no": "8-TTr", "submitted_on": day})
    assert officer.get(url("approve", rotation)).status_code == 403
    page = text(decider.get(url("detail", rotation)))
    assert "Tờ trình 8-TTr" in page
    assert "Đề nghị bố trí nhà công vụ" in page
    decider.post(url("return", rotation), {"reason": "Bổ sung nhận xét"})
    assert "Bổ sung nhận xét" in text(officer.get(url("detail", rotation)))
    officer.post(url("submit", rotation), {"submission_no": "9-TTr", "submitted_on": day})
    decider.post(url("approve", rotation), {"decision_no": "5-QĐ/TU", "decision_on": day})
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.IN_PROGRESS
    officer.post(
        url("report", rotation),
        {"kind": "yearly", "year": "2026", "grade": "4", "text": "Tốt", "reported_on": day},
    )
    assert TourReport.objects.get().grade == 4
    early = officer.post(url("end", rotation), {"ended_on": day, "writes_posts": "on"})
    assert "phải sau ngày bắt đầu" in text(early)
    with clock.frozen(dt.date(2029, 12, 1)):
        officer.post(
            url("end", rotation),
            {"ended_on": "01/12/2029", "after_post": "SNV/PGD", "writes_posts": "on"},
        )
        page = text(officer.get(url("detail", rotation)))
        assert "Sau luân chuyển" in page
        officer.post(url("end-undo", rotation))
        decider.post(url("cancel", rotation), {"reason": "Thôi"})
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.CANCELLED


def test_a_condition_that_fails_is_told_with_its_citation_and_waived_on_paper(
    stage: Stage, provincial_officer: User, approver: User, signed_in: Browser
) -> None:
    stage.person.nominations.all().delete()
    rotation = submitted(stage, provincial_officer)
    decider = signed_in(approver)
    day = TODAY.strftime("%d/%m/%Y")
    page = text(decider.get(url("detail", rotation)))
    assert "cần bổ sung quy hoạch" in page
    assert url("waiver", rotation, "in_plan") in page
    refused = decider.post(url("approve", rotation), {"decision_no": "5-QĐ/TU", "decision_on": day})
    assert refused.status_code == 422
    assert "Cần văn bản cho phép" in text(refused)
    decider.post(
        url("waiver", rotation, "in_plan"),
        {"reason": "Nguồn đặc biệt", "document": "45-TB/TU", "document_on": day},
    )
    assert RotationWaiver.objects.get().document == "45-TB/TU"
    assert "45-TB/TU" in text(decider.get(url("detail", rotation)))
    decider.post(url("waiver-drop", rotation, "in_plan"))
    assert not RotationWaiver.objects.exists()
    assert decider.get(url("waiver", rotation, "khong-co")).status_code == 404


def test_declined_is_kept_from_who_may_not_read_reasons(
    stage: Stage, provincial_officer: User, auditor: User, signed_in: Browser
) -> None:
    rotation = propose(stage, provincial_officer)
    officer = signed_in(provincial_officer)
    day = TODAY.strftime("%d/%m/%Y")
    officer.post(
        url("decline", rotation),
        {"kind": "health", "reason": "Sức khỏe yếu, đang điều trị", "declined_on": day},
    )
    table = reverse("rotation:rotation-table")
    for browser, knows in ((officer, True), (signed_in(auditor), False)):
        for address in (
            url("detail", rotation),
            table,
            reverse("cadres:cadre-detail", args=[stage.person.code]) + "?phan=luan-chuyen",
        ):
            assert ("đang điều trị" in text(browser.get(address))) is knows, address
    assert "ly-do" not in text(signed_in(auditor).get(table))


def test_the_list_is_narrowed_and_scoped(
    stage: Stage,
    provincial_officer: User,
    unit_officer: User,
    other_unit_officer: User,
    signed_in: Browser,
) -> None:
    propose(stage, provincial_officer)
    elsewhere = factories.RotationFactory()
    table = reverse("rotation:rotation-table")
    officer = signed_in(provincial_officer)
    assert elsewhere.cadre.full_name in text(officer.get(table))
    for query, is_there in (
        ({"q": "luan"}, True),
        ({"trang-thai": "declined"}, False),
        ({"di": "SNV"}, True),
        ({"den": "SNV"}, False),
        ({"di": "KHONG"}, False),
        ({"nam": "2027"}, True),
        ({"loai": "transfer"}, False),
    ):
        assert (stage.person.full_name in text(officer.get(table, query))) is is_there, query
    for user in (unit_officer, other_unit_officer):
        page = text(signed_in(user).get(table))
        assert stage.person.full_name in page
        assert elsewhere.to_unit.name not in page


def test_outside_the_scope_there_is_nothing(
    stage: Stage, unit_officer: User, stranger: User, signed_in: Browser
) -> None:
    elsewhere = factories.RotationFactory()
    for user in (unit_officer, stranger):
        browser = signed_in(user)
        assert browser.get(url("detail", elsewhere)).status_code == 404
        assert browser.post(url("take-back", elsewhere)).status_code == 404


def test_a_person_sees_and_answers_their_own(
    stage: Stage, provincial_officer: User, stranger: User, signed_in: Browser
) -> None:
    rotation = propose(stage, provincial_officer)
    stranger.cadre = stage.person
    stranger.save()
    browser = signed_in(stranger)
    assert browser.get(url("detail", rotation)).status_code == 200
    day = TODAY.strftime("%d/%m/%Y")
    browser.post(url("opinion", rotation, "person"), {"stance": "agree", "given_on": day})
    assert RotationOpinion.objects.get().recorded_by == stranger
    assert browser.get(url("opinion", rotation, "sending")).status_code == 403


@pytest.mark.parametrize("name", ["table", "detail"])
def test_queries_do_not_grow(
    stage: Stage,
    provincial_officer: User,
    approver: User,
    signed_in: Browser,
    queries: Queries,
    name: str,
) -> None:
    browser = signed_in(provincial_officer)
    rotation = propose(stage, provincial_officer)
    address = reverse("rotation:rotation-table") if name == "table" else url("detail", rotation)
    few = queries(browser, address)
    heard(rotation, provincial_officer)
    for _n in range(4):
        factories.RotationFactory(cadre=stage.person)
        factories.AppointmentFactory(cadre=stage.person)
    many = queries(browser, address)
    assert many <= few
    assert many <= (10 if name == "table" else 24)


def test_an_approved_one_says_when_it_begins(
    stage: Stage, provincial_officer: User, approver: User, signed_in: Browser
) -> None:
    rotation = approve(submitted(stage, provincial_officer), approver)
    page = text(signed_in(provincial_officer).get(url("detail", rotation)))
    assert "ghi tự động ngày 01/01/2027" in page


def test_where_somebody_is_a_local_is_decided_on_a_page(
    stage: Stage, provincial_officer: User, unit_officer: User, auditor: User, signed_in: Browser
) -> None:
    page = reverse("cadres:local-flags", args=[stage.person.code])
    file_page = reverse("cadres:cadre-detail", args=[stage.person.code]) + "?phan=luan-chuyen"
    browser = signed_in(unit_officer)
    typed = {"unit": "X01321 · Xã Bảo Lạc", "is_local": "1", "document": "3-TB"}
    refused = browser.post(page, typed)
    assert refused.status_code == 422
    assert "chưa điền" in text(refused)
    browser.post(page, typed | {"reason": "Cư trú lâu năm"})
    shown = text(browser.get(file_page))
    assert "Là người địa phương ở Xã Bảo Lạc" in shown
    flag = stage.person.local_flags.get()
    browser.post(page, {"bo": str(flag.pk)})
    assert not stage.person.local_flags.exists()
    assert browser.post(page, {"bo": "x"}).status_code == 404
    assert signed_in(auditor).get(page).status_code == 403
    assert signed_in(provincial_officer).get(page).status_code == 200
