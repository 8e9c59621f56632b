"""The rotation plan of a year: filled by two, submitted, decided by somebody else, adjusted."""

import datetime as dt
import re
import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import Notice, Unit, UnitSuccession, User
from rotation.choices import PlanState, RotationKind, RotationStatus, Stage
from rotation.models import RotationPlan, RotationPlanDecision, RotationTarget
from rotation.selectors.plans import (
    RECEIVE,
    SEND,
    Numbers,
    UnitProgress,
    plan_todos,
    progress_of,
    rotations_of_plan,
)
from rotation.services import plans
from rotation.services.plans import PlanRefused, TargetEntry, TargetsChanged
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY

Browser = Callable[[User], Client]
NOTHING = Numbers()


@pytest.fixture
def plan(today: dt.date, organisation: Organisation) -> RotationPlan:
    """A draft for 2027 that asks two units."""
    made: RotationPlan = factories.RotationPlanFactory()
    factories.RotationTargetFactory(plan=made, unit=organisation.department, send=2, receive=0)
    factories.RotationTargetFactory(plan=made, unit=organisation.other, send=0, receive=2)
    return made


def said(plan: RotationPlan) -> dict[str, tuple[int, int, str]]:
    rows = RotationTarget.objects.filter(plan=plan)
    return {each.unit.code: (each.send, each.receive, each.note) for each in rows}


def save(actor: User, plan: RotationPlan, *entries: TargetEntry, purpose: str = "") -> int:
    return plans.targets_save(
        actor=actor, plan=plan, entries=entries, purpose=(plan.purpose, purpose or plan.purpose)
    )


def submit(actor: User, plan: RotationPlan) -> RotationPlan:
    return plans.plan_submit(
        actor=actor, plan=plan, submission_no="12-TTr/BTCTU", submitted_on=clock.today()
    )


def approve(actor: User, plan: RotationPlan, number: str = "31-KH/TU") -> RotationPlan:
    return plans.plan_approve(actor=actor, plan=plan, decision_no=number, decision_on=clock.today())


# ---- Opening and filling ---------------------------------------------------------------------


def test_a_year_is_opened_once(provincial_officer: User, unit_officer: User) -> None:
    with clock.frozen(TODAY):
        with pytest.raises(PermissionDenied):
            plans.plan_open(actor=unit_officer, year=2027)
        plans.plan_open(actor=provincial_officer, year=2027)
        for year in (2027, 1999, 2040):
            with pytest.raises(ValidationError) as refused:
                plans.plan_open(actor=provincial_officer, year=year)
            assert "year" in refused.value.message_dict


def test_targets_are_written_changed_and_dropped(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation
) -> None:
    number = save(
        provincial_officer,
        plan,
        TargetEntry(organisation.department.pk, Numbers(2), Numbers(3, 1, "trẻ")),
        TargetEntry(organisation.other.pk, Numbers(0, 2), NOTHING),
        TargetEntry(organisation.commune.pk, NOTHING, Numbers(0, 4)),
        TargetEntry(organisation.centre.pk, NOTHING, NOTHING),
        purpose="Mục đích mới",
    )
    assert number == 3
    assert said(plan) == {"SNV": (3, 1, "trẻ"), "X01321": (0, 4, "")}
    plan.refresh_from_db()
    assert plan.purpose == "Mục đích mới"


def test_two_editors_of_different_units_both_keep_their_work(
    plan: RotationPlan, provincial_officer: User, administrator: User, organisation: Organisation
) -> None:
    """Both saw the plan as it was; what one did not touch is left as the other wrote it."""
    save(administrator, plan, TargetEntry(organisation.department.pk, Numbers(2), Numbers(5)))
    save(provincial_officer, plan, TargetEntry(organisation.other.pk, Numbers(0, 2), Numbers(0, 3)))
    assert said(plan) == {"SNV": (5, 0, ""), "SYT": (0, 3, "")}


def test_the_second_editor_of_a_unit_is_told_and_nothing_is_written(
    plan: RotationPlan, provincial_officer: User, administrator: User, organisation: Organisation
) -> None:
    save(administrator, plan, TargetEntry(organisation.department.pk, Numbers(2), Numbers(5)))
    mine = (
        TargetEntry(organisation.department.pk, Numbers(2), Numbers(1)),
        TargetEntry(organisation.other.pk, Numbers(0, 2), Numbers(0, 9)),
    )
    with pytest.raises(TargetsChanged) as changed:
        save(provincial_officer, plan, *mine)
    (conflict,) = changed.value.conflicts
    assert (conflict.mine, conflict.theirs) == (Numbers(1), Numbers(5))
    assert said(plan) == {"SNV": (5, 0, ""), "SYT": (0, 2, "")}
    # Who wanted the same as what is on file by now has no quarrel.
    same = TargetEntry(organisation.department.pk, Numbers(2), Numbers(5))
    assert save(provincial_officer, plan, same) == 0


def test_a_purpose_that_two_wrote_is_told(
    plan: RotationPlan, provincial_officer: User, administrator: User
) -> None:
    save(administrator, plan, purpose="Của người khác")
    with pytest.raises(TargetsChanged) as changed:
        save(provincial_officer, plan, purpose="Của tôi")
    assert changed.value.purpose == "Của người khác"


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_take_turns(
    plan: RotationPlan, provincial_officer: User, administrator: User, organisation: Organisation
) -> None:
    """Of two who change one unit at the same moment, one is told; the other's numbers stand."""
    results: list[str] = []
    gate = threading.Barrier(2)

    def write(actor: User, number: int) -> None:
        entry = TargetEntry(organisation.department.pk, Numbers(2), Numbers(number))
        try:
            gate.wait(timeout=20)
            save(actor, plan, entry)
            results.append(f"wrote {number}")
        except TargetsChanged as changed:
            results.append(f"told of {changed.conflicts[0].theirs.send}")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=args)
        for args in ((provincial_officer, 7), (administrator, 8))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    (written,) = [int(text.split()[-1]) for text in results if text.startswith("wrote")]
    assert sorted(results) == [f"told of {written}", f"wrote {written}"]
    assert said(plan)["SNV"][0] == written


# ---- Submitting and deciding -----------------------------------------------------------------


def test_everything_that_is_missing_is_told_at_once(
    today: dt.date, provincial_officer: User
) -> None:
    empty = plans.plan_open(actor=provincial_officer, year=2028)
    with pytest.raises(PlanRefused) as refused:
        plans.plan_submit(
            actor=provincial_officer,
            plan=empty,
            submission_no=" ",
            submitted_on=TODAY + dt.timedelta(days=1),
        )
    assert len(refused.value.reasons) == 4


def test_a_submitted_plan_is_not_changed_until_it_is_taken_back(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation
) -> None:
    submit(provincial_officer, plan)
    entry = TargetEntry(organisation.department.pk, Numbers(2), Numbers(9))
    with pytest.raises(PlanRefused):
        save(provincial_officer, plan, entry)
    plans.plan_take_back(actor=provincial_officer, plan=plan)
    assert save(provincial_officer, plan, entry) == 1


def test_nobody_decides_what_they_submitted(
    plan: RotationPlan, administrator: User, approver: User, provincial_officer: User
) -> None:
    submit(administrator, plan)
    for actor in (administrator, provincial_officer):
        with pytest.raises(PermissionDenied):
            approve(actor, plan)
    assert approve(approver, plan).status == PlanState.APPROVED


def test_an_approver_of_some_units_does_not_decide_for_all(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation
) -> None:
    partly = factories.UserFactory(username="duyet_mot_so")
    factories.RoleGrantFactory(user=partly, role="approver", unit=organisation.department)
    submit(provincial_officer, plan)
    with pytest.raises(PermissionDenied):
        approve(partly, plan)


def test_a_plan_comes_back_with_a_reason(
    plan: RotationPlan, provincial_officer: User, approver: User
) -> None:
    submit(provincial_officer, plan)
    with pytest.raises(PlanRefused):
        plans.plan_return(actor=approver, plan=plan, reason=" ")
    plans.plan_return(actor=approver, plan=plan, reason="Bổ sung cấp xã")
    plan.refresh_from_db()
    assert (plan.status, plan.return_reason) == (PlanState.DRAFT, "Bổ sung cấp xã")
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told == {"approver", "provincial_officer"}
    assert submit(provincial_officer, plan).return_reason == ""


def test_a_decision_has_its_number_and_day(
    plan: RotationPlan, provincial_officer: User, approver: User
) -> None:
    submit(provincial_officer, plan)
    with pytest.raises(PlanRefused) as refused:
        plans.plan_approve(
            actor=approver, plan=plan, decision_no="", decision_on=TODAY - dt.timedelta(days=1)
        )
    assert len(refused.value.reasons) == 2


def test_what_was_decided_stays_and_is_adjusted_with_a_reason(
    plan: RotationPlan, provincial_officer: User, approver: User, organisation: Organisation
) -> None:
    submit(provincial_officer, plan)
    approve(approver, plan)
    with pytest.raises(PlanRefused):
        plans.plan_reopen(actor=provincial_officer, plan=plan, reason="")
    with pytest.raises(PermissionDenied):
        plans.plan_reopen(actor=approver, plan=plan, reason="Muốn sửa")
    plans.plan_reopen(actor=provincial_officer, plan=plan, reason="Thông báo 45-TB/TU")
    plan.refresh_from_db()
    assert (plan.status, plan.decision_no) == (PlanState.DRAFT, "")
    save(
        provincial_officer,
        plan,
        TargetEntry(organisation.department.pk, Numbers(2), Numbers(4)),
    )
    decision = plan.decisions.get()
    assert (decision.decision_no, decision.reopen_reason) == ("31-KH/TU", "Thông báo 45-TB/TU")
    assert decision.targets == [
        [organisation.department.pk, 2, 0, ""],
        [organisation.other.pk, 0, 2, ""],
    ]
    changed = [
        (each.unit.code, each.decided, each.numbers)
        for each in progress_of(provincial_officer, plan, decision)
        if each.is_changed
    ]
    assert changed == [("SNV", Numbers(2), Numbers(4))]
    submit(provincial_officer, plan)
    approve(approver, plan, "52-KH/TU")
    assert [each.decision_no for each in plan.decisions.order_by("number")] == [
        "31-KH/TU",
        "52-KH/TU",
    ]


def test_the_database_keeps_a_decision_as_it_was(
    plan: RotationPlan, provincial_officer: User, approver: User
) -> None:
    submit(provincial_officer, plan)
    approve(approver, plan)
    decision = plan.decisions.get()
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        RotationPlanDecision.objects.filter(pk=decision.pk).update(targets=[])
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        decision.delete()


# ---- Targets against what was done -----------------------------------------------------------


def move(organisation: Organisation, **values: object) -> object:
    return factories.RotationFactory(
        **{
            "from_unit": organisation.department,
            "to_unit": organisation.other,
            "start_on": dt.date(2027, 3, 1),
            **values,
        }
    )


def test_moves_are_counted_by_plan_or_by_year(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation
) -> None:
    earlier = factories.RotationPlanFactory(year=2026)
    move(organisation)
    move(organisation, status=RotationStatus.DECLINED)
    move(organisation, plan=plan, start_on=None, status=RotationStatus.PROPOSED)
    move(organisation, plan=plan, kind=RotationKind.TRANSFER, start_on=dt.date(2028, 1, 1))
    # Not counted: of another plan, of another year, no tour.
    move(organisation, plan=earlier)
    move(organisation, start_on=dt.date(2026, 3, 1))
    move(organisation, kind=RotationKind.TRANSFER)
    sent, received = progress_of(provincial_officer, plan)
    assert sent.moves[SEND] == {Stage.DONE: 2, Stage.PROPOSED: 1, Stage.OFF: 1}
    assert received.moves[RECEIVE] == sent.moves[SEND]
    assert sent.moves[RECEIVE] == {}
    assert (sent.missing(SEND), received.missing(RECEIVE)) == (0, 0)
    behind = rotations_of_plan(
        provincial_officer, plan, unit=organisation.department, side=SEND, stage=Stage.DONE
    )
    assert behind.count() == 2
    assert rotations_of_plan(provincial_officer, plan).count() == 4


def test_every_number_leads_to_as_many_rotations(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation, signed_in: Browser
) -> None:
    for status in (*RotationStatus.values, RotationStatus.APPROVED):
        move(organisation, status=status)
    move(organisation, from_unit=organisation.other, to_unit=organisation.commune)
    browser = signed_in(provincial_officer)
    page = browser.get(reverse("rotation:plan-detail", args=[2027])).content.decode()
    numbers = re.findall(r'<a href="([^"#]+)#danh-sach">(\d+)</a>', page)
    assert len(numbers) > 8
    for url, number in numbers:
        shown = browser.get(url.replace("&amp;", "&"))
        assert shown.context["moves"]["page"].paginator.count == int(number), url


def test_a_unit_officer_sees_the_part_of_their_units(
    plan: RotationPlan,
    unit_officer: User,
    organisation: Organisation,
    signed_in: Browser,
) -> None:
    move(organisation, from_unit=organisation.commune, to_unit=organisation.other)
    move(organisation)
    page = signed_in(unit_officer).get(reverse("rotation:plan-detail", args=[2027]))
    assert [row["name"] for row in page.context["units"]] == ["Sở Nội vụ"]
    assert page.context["moves"]["page"].paginator.count == 1
    assert page.context["acts"] == {
        "edit": False,
        "take_back": False,
        "decide": False,
        "reopen": False,
    }
    # A unit outside the scope narrows nothing and is not named.
    other = signed_in(unit_officer).get(
        reverse("rotation:plan-detail", args=[2027]), {"don-vi": "SYT"}
    )
    assert other.context["chips"] == []
    assert signed_in(unit_officer).get("/luan-chuyen/ke-hoach/2027/?don-vi=%00").status_code == 200


# ---- Pages -----------------------------------------------------------------------------------


def grid(organisation: Organisation, **typed: str) -> dict[str, str]:
    """What a browser sends of the grid of the fixture's plan."""
    home, away = organisation.department.pk, organisation.other.pk
    return {
        "muc-dich-cu": "Đào tạo, rèn luyện cán bộ trong quy hoạch",
        "muc-dich": "Đào tạo, rèn luyện cán bộ trong quy hoạch",
        f"send-{home}": "2",
        f"was-send-{home}": "2",
        f"receive-{home}": "",
        f"was-receive-{home}": "",
        f"send-{away}": "",
        f"was-send-{away}": "",
        f"receive-{away}": "2",
        f"was-receive-{away}": "2",
        **typed,
    }


def test_the_grid_is_saved_whole(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation, signed_in: Browser
) -> None:
    url, browser = reverse("rotation:plan-targets", args=[2027]), signed_in(provincial_officer)
    assert [row["unit"].code for row in _lines(browser.get(url))] == [
        *("SNV", "SNV-LT", "SYT"),
    ]
    home = organisation.department.pk
    answer = browser.post(url, grid(organisation, **{f"send-{home}": "4", f"note-{home}": "gấp"}))
    assert answer.status_code == 302
    assert said(plan)["SNV"] == (4, 0, "gấp")


def _lines(page: object) -> list[dict[str, object]]:
    return [line for group in page.context["groups"] for line in group["lines"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["ba", "-1", "501", "²", "1.5", "99999999999"])
def test_a_cell_that_is_no_number_is_told_and_kept(
    text: str,
    plan: RotationPlan,
    provincial_officer: User,
    organisation: Organisation,
    signed_in: Browser,
) -> None:
    home = organisation.department.pk
    answer = signed_in(provincial_officer).post(
        reverse("rotation:plan-targets", args=[2027]),
        grid(organisation, **{f"send-{home}": text, f"receive-{home}": "7"}),
    )
    assert answer.status_code == 422
    (error,) = answer.context["errors"]
    assert (error["name"], error["unit"]) == (f"send-{home}", "Sở Nội vụ")
    assert _lines(answer)[0]["values"] == {"send": text, "receive": "7", "note": ""}
    assert said(plan)["SNV"] == (2, 0, "")


def test_the_second_editor_sees_both_versions_and_loses_nothing(
    plan: RotationPlan,
    provincial_officer: User,
    administrator: User,
    organisation: Organisation,
    signed_in: Browser,
) -> None:
    home, away = organisation.department.pk, organisation.other.pk
    save(administrator, plan, TargetEntry(home, Numbers(2), Numbers(5)))
    url, browser = reverse("rotation:plan-targets", args=[2027]), signed_in(provincial_officer)
    mine = grid(organisation, **{f"send-{home}": "1", f"receive-{away}": "9"})
    answer = browser.post(url, mine)
    assert answer.status_code == 409
    first = _lines(answer)[0]
    assert "cử đi 5" in str(first["conflict"])
    assert first["values"]["send"] == "1"  # type: ignore[index]
    assert said(plan) == {"SNV": (5, 0, ""), "SYT": (0, 2, "")}
    # Sending the page as it is now writes what was chosen with open eyes.
    again = {
        cell[name]: cell[value]
        for line in _lines(answer)
        for cell in line["cells"]  # type: ignore[attr-defined]
        for name, value in (("name", "value"), ("shown_name", "was"))
    }
    assert browser.post(url, {**mine, **again}).status_code == 302
    assert said(plan) == {"SNV": (1, 0, ""), "SYT": (0, 9, "")}


def test_the_grid_is_shut_when_the_plan_was_submitted(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation, signed_in: Browser
) -> None:
    submit(provincial_officer, plan)
    url, browser = reverse("rotation:plan-targets", args=[2027]), signed_in(provincial_officer)
    for answer in (browser.get(url), browser.post(url, grid(organisation))):
        assert (answer.status_code, answer["Location"]) == (
            302,
            reverse("rotation:plan-detail", args=[2027]),
        )


def test_the_way_of_a_plan_on_its_pages(
    plan: RotationPlan,
    provincial_officer: User,
    approver: User,
    signed_in: Browser,
) -> None:
    officer, decider = signed_in(provincial_officer), signed_in(approver)

    def send(browser: Client, name: str, **data: str) -> int:
        return browser.post(reverse(f"rotation:{name}", args=[2027]), data).status_code

    assert send(officer, "plan-submit", submission_no="", submitted_on="nay") == 422
    assert send(officer, "plan-submit", submission_no="12-TTr", submitted_on="01/12/2026") == 302
    assert send(officer, "plan-take-back") == 302
    assert send(officer, "plan-submit", submission_no="12-TTr", submitted_on="01/12/2026") == 302
    assert send(officer, "plan-approve", decision_no="1", decision_on="01/12/2026") == 403
    assert send(decider, "plan-return", reason="Bổ sung") == 302
    assert "Bị trả lại" in officer.get(f"/luan-chuyen/ke-hoach/{2027}/").content.decode()
    assert send(officer, "plan-submit", submission_no="13-TTr", submitted_on="01/12/2026") == 302
    assert send(decider, "plan-approve", decision_no="31-KH", decision_on="02/12/2026") == 422
    assert send(decider, "plan-approve", decision_no="31-KH", decision_on="01/12/2026") == 302
    assert send(officer, "plan-reopen", reason="Thông báo 45") == 302
    page = officer.get(f"/luan-chuyen/ke-hoach/{2027}/").content.decode()
    assert "Đang điều chỉnh" in page
    assert "Thông báo 45" in page


def test_a_plan_is_opened_on_its_page(
    today: dt.date, provincial_officer: User, signed_in: Browser
) -> None:
    browser, url = signed_in(provincial_officer), reverse("rotation:plan-open")
    assert browser.post(url, {"year": "hai nghìn"}).status_code == 422
    assert browser.post(url, {"year": "2027"}).status_code == 302
    assert browser.post(url, {"year": "2027"}).status_code == 422
    assert browser.get(url).context["form"].initial == {"year": 2026}


@pytest.mark.parametrize("name", ["plan-list", "plan-detail", "plan-targets"])
def test_more_units_and_moves_take_no_more_queries(
    name: str,
    plan: RotationPlan,
    provincial_officer: User,
    organisation: Organisation,
    signed_in: Browser,
) -> None:
    browser = signed_in(provincial_officer)
    url = reverse(f"rotation:{name}", args=[] if name == "plan-list" else [2027])

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    move(organisation)
    queries()  # what is kept from one request to the next
    few = queries()
    for _number in range(12):
        unit = factories.UnitFactory(parent=Unit.objects.get(pk=organisation.province.pk))
        factories.PositionFactory(unit=unit, title=organisation.deputy)
        factories.RotationTargetFactory(plan=plan, unit=unit)
        move(organisation, to_unit=unit)
    for year in range(2015, 2025):
        factories.RotationPlanFactory(year=year)
    assert queries() == few
    assert few <= 15


# ---- Units that are no more ------------------------------------------------------------------


def named(found: list[UnitProgress]) -> dict[str, UnitProgress]:
    return {each.unit.code: each for each in found}


def test_who_alone_carries_a_unit_on_has_what_it_left_undone(
    plan: RotationPlan, provincial_officer: User, organisation: Organisation, signed_in: Browser
) -> None:
    """The district ended; the commune took its place. What was decided and done stays with it."""
    former, heir = organisation.district, organisation.commune
    factories.RotationTargetFactory(plan=plan, unit=former, send=3, receive=0)
    move(organisation, from_unit=former)
    before = said(plan)
    found = named(progress_of(provincial_officer, plan))
    assert (found[former.code].target(SEND), found[former.code].missing(SEND)) == (3, 0)
    assert found[former.code].ended_on == former.valid_to
    assert found[heir.code].carried[SEND] == {former.name: 2}
    assert (found[heir.code].target(SEND), found[heir.code].missing(SEND)) == (0, 2)
    assert (found[heir.code].missing(RECEIVE), found[heir.code].carried[RECEIVE]) == (0, {})
    # The heir's own moves fill what it carries on; the former unit's target is asked once.
    move(organisation, from_unit=heir, to_unit=organisation.department)
    found = named(progress_of(provincial_officer, plan))
    assert found[heir.code].missing(SEND) == 1
    assert said(plan) == before
    text = signed_in(provincial_officer).get(reverse("rotation:plan-detail", args=[2027]))
    page = text.content.decode()
    assert f"phần chưa có người do {heir.name} thực hiện tiếp" in page
    assert f"thực hiện tiếp: đi 2 của {former.name}" in page
    grid = signed_in(provincial_officer).get(reverse("rotation:plan-targets", args=[2027]))
    assert f"phần chưa có người do {heir.name} thực hiện tiếp" in grid.content.decode()


@pytest.mark.parametrize("heirs", [0, 2])
def test_what_nobody_or_several_carry_on_lapses(
    plan: RotationPlan,
    provincial_officer: User,
    organisation: Organisation,
    signed_in: Browser,
    heirs: int,
) -> None:
    former = organisation.district
    if heirs:
        other = factories.UnitFactory(parent=Unit.objects.get(pk=organisation.province.pk))
        UnitSuccession.objects.create(unit=former, successor=other)
    else:
        UnitSuccession.objects.filter(unit=former).delete()
    factories.RotationTargetFactory(plan=plan, unit=former, send=3, receive=1)
    found = named(progress_of(provincial_officer, plan))
    assert set(found) == {former.code, organisation.department.code, organisation.other.code}
    assert found[former.code].lapsed == {SEND: 3, RECEIVE: 1}
    assert (found[former.code].missing(SEND), found[former.code].missing(RECEIVE)) == (0, 0)
    page = signed_in(provincial_officer).get(reverse("rotation:plan-detail", args=[2027]))
    assert "chỉ tiêu còn lại không còn áp dụng" in page.content.decode()
    assert "cử đi 3, tiếp nhận 1 không còn áp dụng" in page.content.decode()


def test_a_year_that_was_over_before_keeps_its_targets(
    provincial_officer: User, organisation: Organisation
) -> None:
    """And a chain of reorganisations is followed to who is there."""
    former, middle = organisation.district, organisation.commune
    with clock.frozen(TODAY):
        old, new = (factories.RotationPlanFactory(year=year) for year in (2024, 2026))
        for made in (old, new):
            factories.RotationTargetFactory(plan=made, unit=former, send=1, receive=0)
        found = named(progress_of(provincial_officer, old))
        assert (found[former.code].ended_on, found[former.code].missing(SEND)) == (None, 1)
        last = factories.UnitFactory(parent=Unit.objects.get(pk=organisation.province.pk))
        Unit.objects.filter(pk=middle.pk).update(valid_to=dt.date(2026, 6, 30))
        UnitSuccession.objects.create(unit=middle, successor=last)
        found = named(progress_of(provincial_officer, new))
        assert set(found) == {former.code, last.code}
        assert found[last.code].missing(SEND) == 1


def test_a_unit_sees_what_it_carries_on_and_no_other_unit(
    plan: RotationPlan, unit_officer: User, organisation: Organisation
) -> None:
    former = factories.UnitFactory(
        parent=Unit.objects.get(pk=organisation.province.pk), valid_to=dt.date(2026, 6, 30)
    )
    factories.RotationTargetFactory(plan=plan, unit=former, send=1, receive=0)
    assert set(named(progress_of(unit_officer, plan))) == {organisation.department.code}
    UnitSuccession.objects.create(unit=former, successor=organisation.department)
    found = named(progress_of(unit_officer, plan))
    assert set(found) == {organisation.department.code}
    assert found[organisation.department.code].missing(SEND) == 3


# ---- What waits ------------------------------------------------------------------------------


def waiting(actor: User) -> list[str]:
    return [todo.text for todo in plan_todos(actor, TODAY)]


def test_a_plan_waits_for_who_may_decide_it_then_for_who_mends_it(
    plan: RotationPlan,
    provincial_officer: User,
    administrator: User,
    approver: User,
    unit_officer: User,
) -> None:
    submit(administrator, plan)
    assert waiting(approver) == ["Kế hoạch luân chuyển năm 2027 chờ quyết định"]
    # Not for who submitted it, nor for who only plans or neither.
    assert [waiting(each) for each in (administrator, provincial_officer, unit_officer)] == [[]] * 3
    plans.plan_return(actor=approver, plan=plan, reason="Bổ sung")
    assert waiting(approver) == []
    assert waiting(provincial_officer) == ["Kế hoạch luân chuyển năm 2027 bị trả lại"]


def test_more_plans_that_wait_take_no_more_queries(
    plan: RotationPlan, provincial_officer: User, approver: User, organisation: Organisation
) -> None:
    submit(provincial_officer, plan)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert waiting(approver)
        return len(captured)

    queries()  # grants are read once
    few = queries()
    for year in range(2028, 2031):
        more = factories.RotationPlanFactory(year=year)
        factories.RotationTargetFactory(plan=more, unit=organisation.other)
        submit(provincial_officer, more)
    assert queries() == few
