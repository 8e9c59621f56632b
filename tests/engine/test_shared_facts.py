"""A run that judges everything derives facts about people once; edits meanwhile are not missed."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.db import connection
from django.db.models import Count

from cadre_portal.common import clock
from cadres.models import Appointment, Cadre, Title
from compliance import services
from compliance.choices import Outcome, RunStatus, SubjectKind
from compliance.engine.registry import rule_by_code, slot_of
from compliance.models import ComplianceRun, ComplianceState
from planning.models import Nomination, Plan, Pool
from tests.engine.test_state import DAY, run_live, state_as_evaluated, state_as_stored

#: A day on which the law says how many titles a person may be planned for.
MANY_TITLES = date(2025, 6, 1)
Edit = Callable[[], object]


@pytest.fixture
def begun(sample: None) -> Iterator[ComplianceRun]:
    """The first run of the sample, whose facts are there and whose verdicts nobody has judged."""
    with clock.frozen(DAY):
        yield begin(DAY)


def begin(day: date) -> ComplianceRun:
    """A run as far as the facts."""
    run = services.run_start(actor=None, as_of=day, inline=True)
    ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    do(run, services.FIND, services.SHARE)
    return run


def do(run: ComplianceRun, *phases: int) -> None:
    """Do the chunks of these phases."""
    for pk in run.chunks.filter(phase__in=phases).order_by("phase", "pk").values_list("pk"):
        services.chunk_do(chunk_id=pk[0])


def rows(table: str) -> int:
    """How many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def execute(sql: str) -> None:
    """Do something to the tables behind the engine's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_everybody_nominated_is_there_once(begun: ComplianceRun) -> None:
    nominated = Nomination.objects.filter(nominated_on__lte=DAY).exclude(removed_on__lte=DAY)
    assert rows("compliance_standing") == nominated.values("cadre").distinct().count()
    assert rows("compliance_standing_part") == 2


def test_verdicts_rest_on_them(begun: ComplianceRun) -> None:
    execute("UPDATE compliance_standing SET birth_date = NULL")
    do(begun, services.JUDGE)
    assert state_as_stored() != state_as_evaluated()


def leave_birth_dates() -> None:
    people = Nomination.objects.values("cadre")[:30]
    Cadre.objects.filter(pk__in=people).update(birth_date=None, birth_precision="", sex="")


def end_posts() -> None:
    Appointment.objects.filter(cadre__in=Nomination.objects.values("cadre")[:30]).delete()


def nominate_somebody_new() -> None:
    pool = Pool.objects.order_by("pk").last()
    for cadre in Cadre.objects.exclude(pk__in=Nomination.objects.values("cadre"))[:3]:
        Nomination.objects.create(pool=pool, plan=pool.plan, cadre=cadre, nominated_on=DAY)


def raise_titles() -> None:
    for title in Title.objects.all():
        Title.objects.filter(pk=title.pk).update(rank=1000 - title.rank)


@pytest.mark.parametrize(
    "edit",
    [leave_birth_dates, end_posts, nominate_somebody_new, raise_titles],
)
def test_an_edit_after_they_were_derived_counts(begun: ComplianceRun, edit: Edit) -> None:
    edit()
    do(begun, services.JUDGE)
    assert state_as_stored() == state_as_evaluated()


def nominate_often(person: Cadre, plan: Plan) -> None:
    for pool in Pool.objects.filter(plan=plan).exclude(nominations__cadre=person)[:5]:
        Nomination.objects.create(pool=pool, plan=plan, cadre=person, nominated_on=MANY_TITLES)


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
def test_titles_of_a_person_are_counted(sample: None, is_before: bool) -> None:
    plan = Plan.objects.annotate(size=Count("pools")).order_by("-size", "pk").first()
    person = Cadre.objects.order_by("pk").first()
    with clock.frozen(MANY_TITLES):
        if is_before:
            nominate_often(person, plan)
        run = begin(MANY_TITLES)
        if not is_before:
            nominate_often(person, plan)
        do(run, services.JUDGE)
        assert state_as_stored() == state_as_evaluated()
    slot = slot_of(rule_by_code("planning.titles_per_person"), SubjectKind.NOMINATION)
    of_person = ComplianceState.objects.filter(
        kind=SubjectKind.NOMINATION,
        subject_id__in=Nomination.objects.filter(cadre=person).values("pk"),
    )
    assert {row.outcomes[slot] for row in of_person} == {Outcome.NOT_MET}


@pytest.mark.parametrize(
    "loss",
    [
        "TRUNCATE compliance_standing, compliance_standing_part",
        "DELETE FROM compliance_standing; DELETE FROM compliance_standing_part"
        " WHERE low = (SELECT min(low) FROM compliance_standing_part)",
    ],
    ids=["crash", "half"],
)
def test_without_them_chunks_help_themselves(begun: ComplianceRun, loss: str) -> None:
    execute(loss)
    do(begun, services.JUDGE)
    assert state_as_stored() == state_as_evaluated()


def test_another_run_takes_them_away(begun: ComplianceRun) -> None:
    leave_birth_dates()
    other = services.run_start(actor=None, as_of=DAY, inline=True)
    ComplianceRun.objects.filter(pk=other.pk).update(status=RunStatus.RUNNING)
    do(other, services.FIND)
    do(begun, services.JUDGE)
    assert state_as_stored() == state_as_evaluated()


def test_a_night_with_few_edits_derives_none(begun: ComplianceRun) -> None:
    do(begun, services.JUDGE)
    services.run_advance(run_id=begun.pk)
    Cadre.objects.filter(pk=Nomination.objects.first().cadre_id).update(sex="")
    run_live()
    assert rows("compliance_standing") == 0
    assert state_as_stored() == state_as_evaluated()
