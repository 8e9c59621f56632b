"""Follow-up: units report, the office decides, what is asked again, what data say, reminders."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django_celery_beat.models import PeriodicTask

from cadre_portal.celery import app
from cadre_portal.common import clock
from cadres.models import Notice, UnitSuccession, User
from compliance.choices import Outcome
from compliance.services import run_inline, run_start
from inspections.choices import FindingState, RemedyActKind, RemedyState, Stage, Topic
from inspections.models import Finding, Inspection, Recommendation, RemedyAct, RemedyReport
from inspections.selectors.followup import (
    RemedyFilter,
    chains_of,
    is_mended,
    live_of,
    recommendation_get,
    recommendation_list,
    recommendations_visible,
    remedy_totals,
)
from inspections.services import followup as services
from inspections.services import inspections as steps
from inspections.services.holding import InspectionRefused
from inspections.services.remedy_telling import remind
from tests import factories
from tests.inspections.conftest import TODAY, Scene
from tests.inspections.remedies import another, conclude, recommend


@pytest.fixture
def asked(scene: Scene, approver: User) -> Recommendation:
    """A recommendation to Sở Nội vụ, concluded today."""
    made = recommend(scene.department)
    conclude(scene.inspection, approver)
    return Recommendation.objects.get(pk=made.pk)


def report(actor: User, asked: Recommendation, **more: object) -> RemedyReport:
    values = {"text": "Đã bổ sung đồng chí Nông Thị Ánh", "reported_on": TODAY, "number": "3-BC"}
    return services.remedy_report(actor=actor, recommendation=asked, **values | more)  # type: ignore[arg-type]


def state_of(asked: Recommendation) -> str:
    asked.refresh_from_db()
    return asked.state


# ---- Reports and decisions -------------------------------------------------------------------


def test_a_report_waits_to_be_looked_at_and_the_office_is_told(
    asked: Recommendation, scene: Scene, unit_officer: User
) -> None:
    report(unit_officer, asked)
    assert state_of(asked) == RemedyState.REPORTED
    told = Notice.objects.get(user=scene.officer, key__startswith="remedy-reported")
    assert "Sở Nội vụ đã báo cáo" in told.text
    report(unit_officer, asked)  # sent twice
    assert asked.reports.count() == 1


def test_only_the_unit_reports_and_only_after_the_conclusion(
    scene: Scene, unit_officer: User, other_unit_officer: User, approver: User
) -> None:
    made = recommend(scene.department)
    with pytest.raises(InspectionRefused, match="chưa kết luận"):
        report(unit_officer, made)
    conclude(scene.inspection, approver)
    for user in (other_unit_officer, scene.lead, scene.outsider):
        with pytest.raises(PermissionDenied):
            report(user, made)
    for day, words in ((TODAY + dt.timedelta(days=1), "sau hôm nay"), (None, "ngày kết luận")):
        with pytest.raises(ValidationError, match=words):
            report(unit_officer, made, reported_on=day or TODAY - dt.timedelta(days=1))
    with pytest.raises(ValidationError):
        report(unit_officer, made, text="  ")


def test_more_is_asked_and_then_it_is_closed_on_grounds(
    asked: Recommendation, scene: Scene, unit_officer: User
) -> None:
    with pytest.raises(InspectionRefused, match="chưa báo cáo"):
        services.remedy_ask_more(actor=scene.officer, recommendation=asked, text="Gửi danh sách")
    report(unit_officer, asked)
    services.remedy_ask_more(actor=scene.officer, recommendation=asked, text="Gửi danh sách")
    assert state_of(asked) == RemedyState.OPEN
    assert Notice.objects.filter(user=unit_officer, key__startswith="remedy-asked_more").exists()
    report(unit_officer, asked, text="Danh sách kèm theo", number="4-BC")
    with pytest.raises(ValidationError):
        services.remedy_close(actor=scene.officer, recommendation=asked, grounds=" ")
    services.remedy_close(actor=scene.officer, recommendation=asked, grounds="Quyết định 9-QĐ")
    assert state_of(asked) == RemedyState.CLOSED
    assert (asked.closed_on, asked.closed_by, asked.closed_for) == (
        TODAY,
        scene.officer,
        "Quyết định 9-QĐ",
    )
    with pytest.raises(InspectionRefused, match="đã kết thúc theo dõi"):
        report(unit_officer, asked, text="Thêm")
    with pytest.raises(InspectionRefused, match="đã kết thúc theo dõi"):
        services.remedy_close(actor=scene.officer, recommendation=asked, grounds="Lần nữa")
    kinds = list(asked.acts.values_list("kind", flat=True))
    assert kinds == [RemedyActKind.ASKED_MORE, RemedyActKind.CLOSED]


def test_units_and_teams_decide_nothing(
    asked: Recommendation, scene: Scene, unit_officer: User, approver: User
) -> None:
    report(unit_officer, asked)
    for user in (unit_officer, scene.lead, approver):
        for act in (
            lambda user=user: services.remedy_ask_more(
                actor=user, recommendation=asked, text="Thêm"
            ),
            lambda user=user: services.remedy_close(
                actor=user, recommendation=asked, grounds="Xong"
            ),
            lambda user=user: services.remedy_reopen(
                actor=user, recommendation=asked, reason="Lại"
            ),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_nobody_closes_what_they_reported(asked: Recommendation, scene: Scene) -> None:
    report(scene.officer, asked)  # a provincial officer works for every unit below
    with pytest.raises(InspectionRefused, match="người khác phải kết thúc"):
        services.remedy_close(actor=scene.officer, recommendation=asked, grounds="Xong")
    assert state_of(asked) == RemedyState.REPORTED


def test_reopening_has_a_reason_and_opens_the_file_again(
    asked: Recommendation, scene: Scene, administrator: User
) -> None:
    with pytest.raises(InspectionRefused, match="chưa thực hiện xong"):
        steps.inspection_close(actor=scene.officer, inspection=scene.inspection)
    services.remedy_close(actor=scene.officer, recommendation=asked, grounds="Xong")
    steps.inspection_close(actor=scene.officer, inspection=scene.inspection)
    assert Inspection.objects.get(pk=scene.inspection.pk).stage == Stage.CLOSED
    with pytest.raises(ValidationError):
        services.remedy_reopen(actor=administrator, recommendation=asked, reason="")
    services.remedy_reopen(actor=administrator, recommendation=asked, reason="Người ấy đã chuyển")
    assert state_of(asked) == RemedyState.OPEN
    assert (asked.closed_on, asked.closed_by_id, asked.closed_for) == (None, None, "")
    assert Inspection.objects.get(pk=scene.inspection.pk).stage == Stage.FOLLOWING
    act = asked.acts.latest("pk")
    for change in (
        lambda: RemedyAct.objects.filter(pk=act.pk).update(text="khác"),
        lambda: RemedyAct.objects.filter(pk=act.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


# ---- Who sees what ---------------------------------------------------------------------------


def test_drafts_of_the_team_are_nobodys_recommendations(scene: Scene, unit_officer: User) -> None:
    recommend(scene.department)
    assert not recommendations_visible(scene.officer).exists()
    assert not recommendations_visible(unit_officer).exists()


def test_each_side_sees_its_own(
    scene: Scene,
    approver: User,
    unit_officer: User,
    other_unit_officer: User,
    auditor: User,
    inspector: User,
) -> None:
    mine = recommend(scene.department)
    below = recommend(scene.department, unit=scene.organisation.centre)
    theirs = recommend(scene.other)
    conclude(scene.inspection, approver)
    every = {mine.pk, below.pk, theirs.pk}
    seen = {
        user: set(recommendations_visible(user).values_list("pk", flat=True))
        for user in (scene.officer, scene.lead, approver, unit_officer, other_unit_officer)
    }
    assert seen[scene.officer] == seen[scene.lead] == seen[approver] == every
    assert seen[unit_officer] == {mine.pk, below.pk}
    assert seen[other_unit_officer] == {theirs.pk}
    for user in (auditor, inspector, scene.outsider):
        with pytest.raises(Http404):
            recommendation_get(user, mine.pk)


def test_the_list_is_narrowed_and_ordered(scene: Scene, approver: User) -> None:
    late = recommend(scene.department, due_on=TODAY - dt.timedelta(days=1))
    other = recommend(scene.other, topic=Topic.WOMEN, rule="")
    conclude(scene.inspection, approver)

    def pks(order: str = "han", **wanted: object) -> list[int]:
        found = recommendation_list(scene.officer, RemedyFilter(**wanted), TODAY, order)  # type: ignore[arg-type]
        return [row.pk for row in found]

    assert pks() == [late.pk, other.pk]
    assert pks("-han") == [other.pk, late.pk]
    assert pks(is_late=True) == [late.pk]
    assert pks(topic=Topic.WOMEN) == [other.pk]
    assert pks(path=scene.organisation.department.path) == [late.pk]
    assert pks(year=2026) == [late.pk, other.pk]
    assert pks(year=2025) == pks(state=RemedyState.CLOSED) == pks(is_repeated=True) == []
    totals = remedy_totals(recommendations_visible(scene.officer), TODAY)
    assert (totals.open, totals.late, totals.total) == (2, 1, 2)


def test_what_is_closed_stands_last_whichever_way_deadlines_run(
    scene: Scene, approver: User
) -> None:
    days = (dt.date(2027, 1, 31), dt.date(2027, 2, 28), dt.date(2027, 3, 31))
    first, second, third = (recommend(scene.department, due_on=day) for day in days)
    conclude(scene.inspection, approver)
    services.remedy_close(actor=scene.officer, recommendation=first, grounds="Đã xong.")
    listed = {
        order: list(recommendation_list(scene.officer, RemedyFilter(), TODAY, order))
        for order in ("han", "-han")
    }
    assert listed == {"han": [second, third, first], "-han": [third, second, first]}


def test_what_was_left_out_is_asked_of_nobody(scene: Scene, approver: User) -> None:
    kept, dropped = recommend(scene.department), recommend(scene.department, text="Bỏ đi")
    Finding.objects.filter(pk=dropped.finding_id).update(
        state=FindingState.DROPPED, dropped_for="Trùng"
    )
    conclude(scene.inspection, approver)
    assert list(Recommendation.objects.values_list("pk", flat=True)) == [kept.pk]
    assert list(recommendations_visible(scene.officer)) == [kept]


# ---- Asked again -----------------------------------------------------------------------------


def test_what_is_asked_again_is_joined_to_the_earlier_ones(
    scene: Scene, approver: User, administrator: User
) -> None:
    department = scene.organisation.department
    [first] = another(scene, [department], "Lần một")
    old = recommend(first)
    conclude(first.inspection, approver, dt.date(2024, 4, 10), "1-TB")
    [second] = another(scene, [department], "Lần hai")
    middle = recommend(second, rule="", topic=Topic.AGES)  # no rule: the topic decides
    conclude(second.inspection, approver, dt.date(2025, 4, 10), "2-TB")
    again = recommend(scene.department)
    different = recommend(scene.department, rule="planning.women_share", topic=Topic.WOMEN)
    elsewhere = recommend(scene.other)
    conclude(scene.inspection, approver)
    rows = {row.pk: row for row in Recommendation.objects.all()}
    assert rows[middle.pk].repeats_id == old.pk
    assert rows[again.pk].repeats_id == middle.pk
    assert rows[different.pk].repeats_id is rows[elsewhere.pk].repeats_id is None
    chains = chains_of(scene.officer, rows)
    assert {pk: [row.pk for row in found] for pk, found in chains.items()} == {
        again.pk: [middle.pk, old.pk],
        middle.pk: [old.pk],
    }


def test_a_unit_answers_for_what_was_asked_of_the_one_it_came_out_of(
    scene: Scene, approver: User
) -> None:
    organisation = scene.organisation
    assert UnitSuccession.objects.filter(successor=organisation.commune).exists()
    [district] = another(scene, [organisation.district])
    old = recommend(district)
    conclude(district.inspection, approver, dt.date(2024, 4, 10))
    new = recommend(scene.department, unit=organisation.commune)
    conclude(scene.inspection, approver)
    new.refresh_from_db()
    assert new.repeats_id == old.pk


def test_who_does_not_see_the_earlier_one_does_not_count_it(
    scene: Scene, approver: User, unit_officer: User
) -> None:
    """Sở Nội vụ knows what was asked of it, not what was asked of the district before it."""
    organisation = scene.organisation
    UnitSuccession.objects.create(unit=organisation.district, successor=organisation.department)
    [district] = another(scene, [organisation.district])
    recommend(district)
    conclude(district.inspection, approver, dt.date(2024, 4, 10))
    new = recommend(scene.department)
    conclude(scene.inspection, approver)
    assert len(chains_of(scene.officer, [new.pk])[new.pk]) == 1
    assert chains_of(unit_officer, [new.pk]) == {}


# ---- What data say ---------------------------------------------------------------------------


def check(day: dt.date) -> None:
    with clock.frozen(day):
        run_inline(run_start(actor=None, as_of=day, inline=True))


def test_closing_is_proposed_once_data_show_it_mended(
    asked: Recommendation, scene: Scene, unit_officer: User
) -> None:
    """The plan has one nominee; two more fill the other age bands, from the day of the check."""
    organisation = scene.organisation
    for parameter, value in (
        ("planning.age_bands.young_below", 35),
        ("planning.age_bands.middle_to", 45),
    ):
        factories.TargetFactory(
            unit=organisation.province, parameter=parameter, level="province", value=value
        )
    organisation.insider.birth_date = dt.date(1990, 12, 15)  # 35
    organisation.insider.save()
    check(TODAY - dt.timedelta(days=3))
    live = live_of(scene.officer, [asked], TODAY)[asked.pk]
    assert (live.outcome, live.not_met, live.since) == (Outcome.NOT_MET, 1, None)
    assert "Thiếu nhóm dưới 35, nhóm trên 45" in live.worst[0].message
    assert not is_mended(asked, live)
    for born in (dt.date(1995, 1, 1), dt.date(1975, 1, 1)):
        factories.NominationFactory(
            pool=organisation.pool,
            cadre=factories.CadreFactory(birth_date=born),
            nominated_on=TODAY - dt.timedelta(days=2),
        )
    check(TODAY - dt.timedelta(days=1))
    live = live_of(scene.officer, [asked], TODAY)[asked.pk]
    assert (live.outcome, live.met, live.not_met) == (Outcome.MET, 1, 0)
    assert (live.since, live.is_at_least) == (TODAY - dt.timedelta(days=1), False)
    assert is_mended(asked, live)
    assert live_of(unit_officer, [asked], TODAY)[asked.pk].outcome == Outcome.MET
    assert asked.state == RemedyState.OPEN  # a person decides
    # The mandate of the team has ended: present data of the unit are not theirs any more.
    assert live_of(User.objects.get(pk=scene.lead.pk), [asked], TODAY) == {}


def test_data_that_do_not_tell_are_no_mending(asked: Recommendation, scene: Scene) -> None:
    assert live_of(scene.officer, [asked], TODAY) == {}  # nothing was checked
    check(TODAY)
    live = live_of(scene.officer, [asked], TODAY)
    assert not is_mended(asked, live.get(asked.pk))  # no law and no target on these levels


# ---- Reminders -------------------------------------------------------------------------------


def test_reminders_come_once_before_and_once_after_the_deadline(
    scene: Scene, approver: User, unit_officer: User
) -> None:
    asked = recommend(scene.department, due_on=TODAY + dt.timedelta(days=20))
    conclude(scene.inspection, approver)
    Notice.objects.all().delete()

    def told(user: User) -> list[str]:
        keys = Notice.objects.filter(user=user).order_by("pk").values_list("key", flat=True)
        return [key.split(":")[0] for key in keys]

    for days in (0, 4, 5, 6, 20, 21, 22, 40):
        day = TODAY + dt.timedelta(days=days)
        with clock.frozen(day):
            remind(today=day)
    due = f"{asked.due_on:%Y%m%d}"
    assert told(unit_officer) == [f"remedy-due-{due}", f"remedy-late-{due}"]
    assert told(scene.officer) == [f"remedy-late-{due}"]


def test_what_is_reported_is_the_offices_to_look_at(
    scene: Scene, approver: User, unit_officer: User
) -> None:
    asked = recommend(scene.department, due_on=TODAY + dt.timedelta(days=2))
    conclude(scene.inspection, approver)
    report(unit_officer, asked)
    Notice.objects.all().delete()
    day = TODAY + dt.timedelta(days=3)
    remind(today=day)
    assert [notice.user for notice in Notice.objects.all()] == [scene.officer]
    assert "chưa được xem xét" in Notice.objects.get().text
    services.remedy_close(actor=scene.officer, recommendation=asked, grounds="Xong")
    assert remind(today=day) == 0


@pytest.mark.django_db
def test_the_clock_sends_them() -> None:
    task = PeriodicTask.objects.get(name="Nhắc hạn thực hiện kiến nghị kiểm tra")
    app.loader.import_default_modules()
    assert task.task in app.tasks
