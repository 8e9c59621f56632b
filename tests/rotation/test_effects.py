"""What a rotation does to both units' plans: told by the engine, without leaving a trace."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.choices import Level
from cadres.models import User
from compliance.choices import Outcome
from planning.models import Plan
from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation
from rotation.services import process
from rotation.services.effects import RotationEffect, rotation_effect
from tests import factories
from tests.rotation.conftest import START, TODAY, Stage, approve, propose, submitted

Browser = Callable[[User], Client]


@pytest.fixture
def rotation(stage: Stage, provincial_officer: User) -> Rotation:
    """The person of the stage, planned by Sở Nội vụ, is to go to Sở Y tế.

    The plan of Sở Nội vụ asks for one nominee from elsewhere.
    """
    factories.TargetFactory(
        unit=stage.organisation.province,
        parameter="planning.openness.minimum_external",
        level=Level.PROVINCE,
        value=1,
        in_force_from=dt.date(2025, 1, 1),
    )
    return propose(stage, provincial_officer)


def effect_of(actor: User, rotation: Rotation) -> RotationEffect:
    rotation.refresh_from_db()
    found = rotation_effect(actor, rotation, TODAY)
    assert found is not None
    return found


def turned(effect: RotationEffect) -> dict[str, tuple[Outcome, Outcome]]:
    """Outcome before and after by rule, of what turns in any plan."""
    return {
        change.after.rule.code: (change.before.outcome, change.after.outcome)
        for plan in effect.plans
        for change in plan.changes
        if change.turns
    }


def everything() -> dict[str, list[Any]]:
    """Every row of every table that a change of posts may write to."""
    kept: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("cadres_", "rotation_", "planning_", "compliance_", "pghistory")):
                cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
                kept[table] = cursor.fetchall()
    return kept


def test_the_engine_says_what_turns(
    rotation: Rotation, stage: Stage, provincial_officer: User
) -> None:
    effect = effect_of(provincial_officer, rotation)
    assert effect.on == START
    assert turned(effect) == {"planning.openness": (Outcome.NOT_MET, Outcome.MET)}
    home, away = (each.plan for each in effect.plans)
    assert (home.unit, away.unit) == (stage.home, stage.away)
    assert not effect.plans[1].changes
    (openness,) = (c for c in effect.plans[0].changes if c.turns)
    assert (openness.before.measured["part"], openness.after.measured["part"]) == (0, 1)


def test_it_is_what_a_check_finds_once_it_is_done(
    rotation: Rotation, stage: Stage, provincial_officer: User, approver: User
) -> None:
    from planning.services import plan_check

    promised = effect_of(provincial_officer, rotation)
    rotation.delete()
    done = submitted(stage, provincial_officer, start_on=TODAY)
    approve(done, approver)
    done.refresh_from_db()
    assert done.status == RotationStatus.IN_PROGRESS
    plan = Plan.objects.get(unit=stage.home)
    found = {each.rule.code: each.outcome for each in plan_check(plan=plan, as_of=TODAY)}
    assert found["planning.openness"] == turned(promised)["planning.openness"][1]
    # Of what is done, the same is told by taking it out.
    past = effect_of(provincial_officer, done)
    assert past.is_past
    assert turned(past) == turned(promised)
    assert [(seat.before, seat.after) for seat in past.seats] == [(1, 0), (0, 1)]
    done.refresh_from_db()
    assert done.begun is not None


def test_seats_are_counted(rotation: Rotation, provincial_officer: User) -> None:
    left, taken = effect_of(provincial_officer, rotation).seats
    assert (left.prescribed, left.before, left.after) == (2, 1, 0)
    assert (taken.prescribed, taken.before, taken.after) == (2, 0, 1)


def test_who_is_seconded_leaves_no_seat(stage: Stage, provincial_officer: User) -> None:
    lent = propose(stage, provincial_officer, kind=RotationKind.SECONDMENT)
    left, taken = effect_of(provincial_officer, lent).seats
    assert (left.before, left.after, taken.after) == (1, 1, 1)


def test_it_leaves_no_trace(
    rotation: Rotation,
    provincial_officer: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    before = everything()
    with django_capture_on_commit_callbacks() as jobs:
        effect_of(provincial_officer, rotation)
    assert everything() == before
    assert jobs == []


@pytest.mark.django_db(transaction=True)
def test_it_leaves_no_trace_outside_a_transaction_either(
    rotation: Rotation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    before = everything()
    answer = browser.get(reverse("rotation:rotation-effect", args=[rotation.pk]))
    assert "1 kết quả tốt lên" in answer.content.decode()
    assert everything() == before


def test_what_cannot_be_written_says_why(
    rotation: Rotation, stage: Stage, provincial_officer: User
) -> None:
    stage.post.end_on = dt.date(2026, 1, 1)
    stage.post.save()
    before = everything()
    effect = effect_of(provincial_officer, rotation)
    assert "không giữ chức vụ nơi đi" in effect.refused[0]
    assert everything() == before


def test_nothing_is_tried_of_what_is_over(rotation: Rotation, provincial_officer: User) -> None:
    process.rotation_cancel(actor=provincial_officer, rotation=rotation, reason="Không cần nữa")
    rotation.refresh_from_db()
    assert rotation_effect(provincial_officer, rotation, TODAY) is None
    # Of a tour that came from a list and fits no career, why is told.
    listed = factories.RotationFactory(cadre=rotation.cadre)
    effect = effect_of(provincial_officer, listed)
    assert "không ghi người này giữ chức vụ nơi đi" in effect.refused[0]


def test_only_plans_of_ones_units_and_what_one_may_know(
    rotation: Rotation, stage: Stage, other_unit_officer: User, auditor: User
) -> None:
    assert {each.plan.unit for each in effect_of(other_unit_officer, rotation).plans} == {
        stage.away
    }
    # Whether somebody is disciplined is not for auditors; a move turns nothing there anyhow.
    factories.DisciplineFactory(cadre=stage.person)
    codes = {
        change.after.rule.code
        for plan in effect_of(auditor, rotation).plans
        for change in plan.changes
    }
    assert "planning.discipline" not in codes


def test_queries_do_not_grow_with_the_plan(
    rotation: Rotation, stage: Stage, provincial_officer: User
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            effect_of(provincial_officer, rotation)
        return len(queries)

    counted()
    few = counted()
    for _ in range(10):
        factories.NominationFactory(pool=stage.organisation.pool)
    assert counted() == few <= 45


def test_the_page_and_the_part(
    rotation: Rotation, provincial_officer: User, stranger: User, signed_in: Browser
) -> None:
    url = reverse("rotation:rotation-effect", args=[rotation.pk])
    page = signed_in(provincial_officer).get(url).content.decode()
    assert "<html" in page
    for words in ("1 kết quả tốt lên", "0 người → 1 người", "Không đổi: Sở Y tế", "còn trống 2"):
        assert words in page
    part = signed_in(provincial_officer).get(url, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert signed_in(stranger).get(url).status_code == 404
