"""The live state follows edits; what changed is noted; a recheck touches only its group."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection

from cadre_portal.common import clock
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Title, Unit
from compliance import services
from compliance.choices import MarkKind, Outcome, RunStatus, SubjectKind
from compliance.engine import store
from compliance.engine.registry import rule_by_code, rules_of, slot_of
from compliance.models import ComplianceChange, ComplianceRun, ComplianceState, Mark, Target
from planning.models import Ballot, Nomination, Plan

DAY = date(2026, 11, 22)


@pytest.fixture
def live(province_checked: None):
    """The sample's live state on its day."""
    with clock.frozen(DAY):
        yield


def run_live() -> None:
    """Bring the live state up to today."""
    services.run_inline(services.run_start(actor=None, as_of=clock.today(), inline=True))


def state_as_evaluated() -> Counter[tuple[int, int, int, tuple[int | None, ...]]]:
    """What the live state should hold, by the check that stores nothing."""
    rows: dict[tuple[int, int, int], list[int | None]] = {}
    for finding in services.evaluate(as_of=clock.today()):
        key = (finding.kind.value, finding.group_id, finding.subject_id)
        slots = rows.setdefault(key, [None] * len(rules_of(finding.kind)))
        slots[slot_of(finding.rule, finding.kind)] = finding.outcome.value
    return Counter(
        (*key, tuple(slots))
        for key, slots in rows.items()
        if key[0] != SubjectKind.NOMINATION
        or any(outcome and outcome >= Outcome.CANNOT_TELL for outcome in slots)
    )


def state_as_stored() -> Counter[tuple[int, int, int, tuple[int | None, ...]]]:
    """What the live state holds."""
    rows = ComplianceState.objects.values_list("kind", "group_id", "subject_id", "outcomes")
    return Counter(
        (kind, group, subject, tuple(outcomes)) for kind, group, subject, outcomes in rows
    )


def test_it_holds_what_the_rules_say(live: None) -> None:
    assert state_as_stored() == state_as_evaluated()


def test_pages_over_the_first_verdicts_are_planned_with_knowledge(sample: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE compliance_state")
        with clock.frozen(DAY):
            run_live()
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'compliance_state'")
        assert cursor.fetchone()[0] == ComplianceState.objects.count() > 0


def test_it_follows_edits_of_every_kind(live: None) -> None:
    people = list(Nomination.objects.values_list("cadre_id", flat=True).distinct()[:40])
    Cadre.objects.filter(pk__in=people[:10]).update(birth_date=None, birth_precision="")
    Cadre.objects.filter(pk__in=people[10:20]).update(sex="female", theory=None)
    Appointment.objects.filter(cadre_id__in=people[20:30]).delete()
    Evaluation.objects.filter(cadre_id__in=people[30:35]).update(grade=1)
    Discipline.objects.create(cadre_id=people[36], kind="warning", decided_on=DAY)
    Nomination.objects.filter(cadre_id__in=people[37:]).update(removed_on=DAY)
    Target.objects.filter(parameter="planning.women_share.minimum").update(value=33)
    run_live()
    assert state_as_stored() == state_as_evaluated()


def test_tomorrow_it_follows_the_calendar(live: None) -> None:
    for days in (1, 40, 400, 4000):
        with clock.frozen(DAY + timedelta(days=days)):
            run_live()
            assert state_as_stored() == state_as_evaluated()


def test_a_change_is_noted_with_both_sides(live: None) -> None:
    rule = rule_by_code("planning.women_share")
    slot = slot_of(rule, SubjectKind.PLAN)
    state = next(
        row
        for row in ComplianceState.objects.filter(kind=SubjectKind.PLAN)
        if row.outcomes[slot] == Outcome.NOT_MET
    )
    people = Nomination.objects.filter(plan_id=state.group_id).values("cadre_id")
    Cadre.objects.filter(pk__in=people).update(sex="female")
    with clock.frozen(DAY + timedelta(days=1)):
        run_live()
    change = ComplianceChange.objects.get(
        kind=SubjectKind.PLAN, subject_id=state.subject_id, slot=slot
    )
    assert (change.was, change.now) == (Outcome.NOT_MET, Outcome.MET)
    assert change.counts_was["women"] < change.counts_now["women"]
    assert change.changed_on == DAY + timedelta(days=1)


def test_a_recheck_does_its_group_and_no_other(live: None) -> None:
    plan = Plan.objects.order_by("pk")[3]
    everybody = Nomination.objects.values("cadre_id")
    Cadre.objects.filter(pk__in=everybody).update(birth_date=None, birth_precision="")
    others = {
        row for row in state_as_stored() if row[1] != plan.pk or row[0] > SubjectKind.NOMINATION
    }
    services.recheck(source_name="planning", groups=[plan.pk], as_of=DAY)
    after = state_as_stored()
    assert {row for row in after if row in others} == others
    mine = {row for row in after if row[1] == plan.pk and row[0] <= SubjectKind.NOMINATION}
    wanted = {row for row in state_as_evaluated() if row[1] == plan.pk and row[0] <= 3}
    assert mine == wanted


def find_touched(day: date) -> set[int]:
    """Do the first part of a run alone; the plans that it marks."""
    with clock.frozen(day):
        run = services.run_start(actor=None, as_of=day, inline=True)
    ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    services.chunk_do(chunk_id=run.chunks.get(phase=services.FIND).pk)
    services.run_fail(run_id=run.pk, error="dừng ở đây")
    marked = Mark.objects.filter(kind=MarkKind.GROUP)
    return set(marked.values_list("subject_id", flat=True))


def test_a_quiet_night_judges_hardly_anything(live: None) -> None:
    day = date(2027, 1, 12)  # no month turns, no target begins
    with clock.frozen(day):
        run_live()
    assert not Mark.objects.exists()
    touched = find_touched(day + timedelta(days=1))
    assert len(touched) < Plan.objects.count() / 4


def test_what_a_lost_run_found_is_not_lost(live: None) -> None:
    person = Nomination.objects.first().cadre_id
    Cadre.objects.filter(pk=person).update(birth_date=None, birth_precision="")
    plans = set(Nomination.objects.filter(cadre=person).values_list("plan_id", flat=True))
    assert plans <= find_touched(DAY)
    run_live()
    assert not Mark.objects.exists()
    assert state_as_stored() == state_as_evaluated()


def test_another_law_judges_everything(live: None) -> None:
    ComplianceRun.objects.update(basis="luật khác")
    assert find_touched(DAY) == set(Plan.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE cadres_cadre SET sex = '' WHERE id = %s",
        "DELETE FROM cadres_appointment WHERE cadre_id = %s",
        "UPDATE cadres_evaluation SET grade = 1 WHERE cadre_id = %s",
        "INSERT INTO cadres_discipline (cadre_id, kind, decided_on)"
        " VALUES (%s, 'warning', '2026-01-01')",
        "UPDATE planning_nomination SET removed_on = '2026-11-22' WHERE cadre_id = %s",
        "DELETE FROM planning_ballot WHERE cadre_id = %s",
    ],
)
def test_raw_sql_marks_the_plans_of_the_person(live: None, edit: str) -> None:
    ballot = Ballot.objects.filter(cadre__evaluations__isnull=False).first()
    with connection.cursor() as cursor:
        cursor.execute(edit, [ballot.cadre_id])
    plan = Nomination.objects.filter(cadre=ballot.cadre_id).first().plan_id
    touched = find_touched(DAY)
    assert plan in touched
    assert len(touched) < Plan.objects.count() / 2


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE cadres_title SET rank = rank + 1",
        "UPDATE cadres_unit SET level = 'district' WHERE level = 'commune'",
        "UPDATE planning_term SET starts_on = starts_on - 1",
        "DELETE FROM compliance_target",
    ],
)
def test_what_many_rest_on_marks_everything(live: None, edit: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(edit)
    assert find_touched(DAY) == set(Plan.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("status", [RunStatus.FINISHED, RunStatus.FAILED])
def test_a_law_that_came_and_went_judges_everything(live: None, status: RunStatus) -> None:
    run_live()
    latest = ComplianceRun.objects.latest("pk")
    ComplianceRun.objects.filter(pk=latest.pk).update(basis="luật khác", status=status)
    assert find_touched(DAY) == set(Plan.objects.values_list("pk", flat=True))


def test_names_mark_nothing(live: None) -> None:
    Title.objects.update(name="Tên khác")
    Unit.objects.update(name="Tên khác")
    assert find_touched(DAY) == set()


def test_the_summary_counts_every_subject(live: None) -> None:
    told = store.summary(None)["planning.three_age_bands"]
    rows = ComplianceState.objects.filter(kind__in=[SubjectKind.PLAN, SubjectKind.POOL])
    judged = [row for row in rows if row.outcomes[0] is not None]
    assert sum(told.values()) == len(judged)
