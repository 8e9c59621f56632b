"""Sửa giúp: the fewest changes that make every rule hold, by the engine's own word."""

import datetime as dt
import itertools
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from cadres.models import User
from compliance.choices import Outcome, SubjectKind
from planning.models import Nomination, Plan, Pool
from planning.repair import Wish, repair_plan
from planning.repair.problem import BEYOND, Demand, Option, Problem, Row, problem_of
from planning.repair.solving import alternatives, closest, conflict
from planning.selectors.candidates import Source
from planning.selectors.judging import judge
from planning.services import plan_check
from tests import factories
from tests.cast import Organisation
from tests.rules.strategies import provinces, random_search
from tests.rules.writer import in_database

DAY = dt.date(2026, 11, 22)
Browser = Callable[[User], Client]


# ---- The solver against every choice there is ---------------------------------------------------

FLAGS = ("young", "middle", "senior", "women")


def option(pool: int, cadre: int, flags: frozenset[str], *, present: bool, is_open: bool) -> Option:
    return Option(
        pool_id=pool,
        cadre_id=cadre,
        nomination_id=1,
        is_present=present,
        is_open=is_open or not present,
        source=None if present else Source.OWN,
        flags=flags,
        wrong=(),
        unclear=(),
        age=None,
        elsewhere=0,
        cost=cadre,
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to nine places of people in two pools, and a few demands of any kind."""
    kinds = {cadre: frozenset(draw(st.sets(st.sampled_from(FLAGS)))) for cadre in range(6)}
    places = draw(
        st.lists(st.tuples(st.integers(1, 2), st.integers(0, 5)), unique=True, max_size=9)
    )
    options = tuple(
        option(
            pool, who, kinds[who], present=draw(st.booleans()), is_open=draw(st.integers(0, 4)) > 0
        )
        for pool, who in places
    )
    demands = []
    for number in range(draw(st.integers(1, 5))):
        each, extra = draw(st.integers(-40, 10)), draw(st.integers(0, 100))
        flag, least = draw(st.sampled_from(FLAGS)), draw(st.integers(-200, 120))
        weights = {n: each + extra * (flag in o.flags) for n, o in enumerate(options)}
        if draw(st.booleans()):
            people = {o.cadre_id: weights[n] for n, o in enumerate(options)}
            row = Row(people=people, least=least)
        else:
            row = Row(options=weights, least=least)
        demands.append(Demand(f"r{number}", None, (row,)))
    return Problem(options, tuple(demands))


def choices(problem: Problem) -> list[tuple[int, int]]:
    """(unmet demands, changes) of every choice."""
    free = [n for n, o in enumerate(problem.options) if o.is_open]
    fixed = problem.present - set(free)
    return [
        (len(problem.unmet(chosen)), len(chosen ^ problem.present))
        for size in range(len(free) + 1)
        for picked in itertools.combinations(free, size)
        if (chosen := fixed | set(picked)) is not None
    ]


@settings(max_examples=120, deadline=None)
@given(problems())
def test_no_choice_is_better(problem: Problem) -> None:
    every = choices(problem)
    least = min((changes for unmet, changes in every if not unmet), default=None)
    found = alternatives(problem, 3)
    if least is None:
        assert found == []
        nearest = closest(problem)
        assert nearest is not None
        assert (len(nearest.unmet), len(nearest.changed)) == min(every)
        clash = conflict(problem)
        assert clash
        alone = [each for each in problem.demands if not _is_possible(problem, [each])]
        assert clash == alone or not alone
        assert not _is_possible(problem, clash)
        for left_out in clash if not alone else ():
            assert _is_possible(problem, [each for each in clash if each is not left_out])
        return
    assert len(found[0].changed) == least
    assert found[0].is_least
    assert conflict(problem) == []
    for each in found:
        assert problem.unmet(each.chosen) == []
        assert len(each.changed) <= least + 1
    for first, second in itertools.combinations(found, 2):
        assert not first.changed <= second.changed


def _is_possible(problem: Problem, demands: list[Demand]) -> bool:
    part = Problem(problem.options, tuple(demands))
    return any(not unmet for unmet, _changes in choices(part))


# ---- The numbers against the engine -------------------------------------------------------------


@pytest.mark.django_db
@random_search(25)
@given(provinces(), st.data())
def test_the_numbers_say_what_the_engine_says(drawn: Any, data: st.DataObject) -> None:
    """On any choice of people, a demand is unmet just where the engine finds the rule not to hold.

    And whatever is proposed has been confirmed: nothing was thrown away.
    """
    province, as_of = drawn
    with in_database(province) as writer:
        plans = list(Plan.objects.select_related("unit", "term").order_by("pk"))
        if not plans:
            return
        plan = data.draw(st.sampled_from(plans))
        judged = judge(plan, as_of)
        inside = {(each.pool_id, each.cadre_id) for each in judged.nominations}
        free = [
            (pool, cadre)
            for pool in judged.pools
            for cadre in writer.cadres.values()
            if (pool, cadre) not in inside
        ][:8]
        judged = judge(plan, as_of, tried=free)
        problem = problem_of(judged, dict.fromkeys(free, Source.OWN))
        numbers = range(len(problem.options))
        chosen = (
            set(data.draw(st.lists(st.sampled_from(numbers), unique=True))) if numbers else set()
        )
        findings = plan_check(
            plan=plan,
            as_of=as_of,
            added=[
                o.key for n, o in enumerate(problem.options) if n in chosen and not o.is_present
            ],
            removed=[
                o.nomination_id
                for n, o in enumerate(problem.options)
                if n not in chosen and o.is_present
            ],
        )
        failing = {
            (f.rule.code, f.subject_id if f.kind == SubjectKind.POOL else None)
            for f in findings
            if f.rule.code not in BEYOND
            and f.outcome >= (3 if f.kind == SubjectKind.NOMINATION else Outcome.CANNOT_TELL)
        }
        assert {(d.rule, d.pool_id) for d in problem.unmet(chosen)} == failing


# ---- A plan -------------------------------------------------------------------------------------


@pytest.fixture
def people(organisation: Organisation) -> dict[str, Any]:
    """Two targets that the plan misses, and who could mend each; one nominee who has to go."""
    for parameter, value in (
        ("planning.openness.minimum_external", 1),
        ("planning.women_share.minimum", 60),
        ("planning.candidates_per_title.minimum", 2),
    ):
        factories.TargetFactory(unit=organisation.province, parameter=parameter, value=value)
    made = {}
    for code, unit, extra in (
        ("P-own", organisation.department, {}),
        ("P-man", organisation.department, {"sex": "male"}),
        ("P-away", organisation.other, {}),
        ("P-far", organisation.other, {}),
    ):
        made[code] = factories.CadreFactory(code=code, full_name=f"Nông Thị {code}", **extra)
        factories.AppointmentFactory(cadre=made[code], unit=unit, title=organisation.deputy)
        factories.EvaluationFactory(cadre=made[code], unit=unit, year=DAY.year - 1)
    factories.NominationFactory(pool=organisation.pool, cadre=made["P-man"])
    return made


def outcomes(organisation: Organisation, each: Any) -> list[Any]:
    found = plan_check(plan=organisation.plan, as_of=DAY, added=each.added, removed=each.removed)
    return [
        (f.rule.code, f.outcome.code)
        for f in found
        if f.outcome == Outcome.NOT_MET
        or (f.kind != SubjectKind.NOMINATION and f.outcome == Outcome.CANNOT_TELL)
    ]


@pytest.mark.django_db
def test_the_smallest_changes_make_every_rule_hold(
    organisation: Organisation,
    people: dict[str, Any],
    provincial_officer: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The director is in the pool of directors: out. Then two women are needed, one from away."""
    with caplog.at_level(logging.ERROR):
        repair = repair_plan(provincial_officer, organisation.plan, DAY)
    assert "repair_disputed" not in caplog.text
    first = repair.alternatives[0]
    sitting = Nomination.objects.get(cadre=organisation.insider)
    assert sitting.pk in first.removed
    added = {cadre for _pool, cadre in first.added}
    assert added & {people["P-away"].pk, people["P-far"].pk}
    assert all(step.helps for step in first.steps)
    assert {turn.rule for turn in first.turns if turn.after == Outcome.MET} >= {
        "planning.openness",
    }
    assert first.is_least
    kept_out = set()
    for each in repair.alternatives:
        assert not any(code not in BEYOND for code, _outcome in outcomes(organisation, each)), (
            outcomes(organisation, each)
        )
        kept_out.add(frozenset(each.added))
    assert len(kept_out) == len(repair.alternatives) > 1

    # What the user wishes is kept; a wish against a rule is named.
    wish = Wish(avoid=frozenset({people["P-away"].pk}))
    repair = repair_plan(provincial_officer, organisation.plan, DAY, wish=wish)
    assert all(
        people["P-away"].pk != cadre for a in repair.alternatives for _pool, cadre in a.added
    )
    wish = Wish(keep=frozenset({sitting.pk}))
    repair = repair_plan(provincial_officer, organisation.plan, DAY, wish=wish)
    assert repair.alternatives == ()
    assert {demand.rule for demand in repair.clash} == {"planning.higher_title"}
    assert repair.closest is not None
    assert {demand.rule for demand in repair.closest.unmet} == {"planning.higher_title"}


@pytest.mark.django_db
def test_who_sees_nobody_from_away_is_told_so(
    organisation: Organisation, people: dict[str, Any], unit_officer: User, signed_in: Browser
) -> None:
    url = reverse("planning:plan-repair", args=[organisation.plan.pk]) + "?ngay=2026-11-22"
    page = signed_in(unit_officer).get(url).content.decode()
    assert "Không có phương án nào làm mọi tiêu chí cùng đạt" in page
    assert re.search(r"Tính “mở”[^<]*<.span> Trong phạm vi đồng chí xem được có 0 người", page)
    assert "Phương án gần nhất" in page
    assert "P-away" not in page


@pytest.mark.django_db
def test_a_proposal_is_a_link_and_changes_nothing(
    organisation: Organisation, people: dict[str, Any], provincial_officer: User, signed_in: Browser
) -> None:
    pool = organisation.pool.pk
    sitting = Nomination.objects.get(cadre=organisation.insider)
    url = reverse("planning:plan-repair", args=[organisation.plan.pk])
    browser = signed_in(provincial_officer)
    page = browser.get(f"{url}?ngay=2026-11-22&them={pool}-P-own").content.decode()
    links = re.findall(rf'href="(/quy-hoach/{organisation.plan.pk}/\?[^"]*bo=[^"]*)"', page)
    assert links
    for link in links:
        assert f"them={pool}-P-own" in link
        assert link.count(f"them={pool}-") == 2
        assert f"bo={sitting.pk}" in link
    assert Nomination.objects.filter(pool=pool).count() == 2
    assert f"giu={sitting.pk}" in page
    assert "tranh=P-" in page
    wished = browser.get(
        f"{url}?ngay=2026-11-22&giu={sitting.pk}&tranh=P-own&giu=x"
    ).content.decode()
    assert "Không thể" not in wished
    assert "được giữ lại" in wished


@pytest.mark.django_db
def test_a_pool_of_ones_own_stays_as_it_is(
    organisation: Organisation, people: dict[str, Any], provincial_officer: User
) -> None:
    provincial_officer.cadre = people["P-man"]
    repair = repair_plan(provincial_officer, organisation.plan, DAY)
    assert repair.alternatives == ()
    mine = [o for o in repair.problem.options if o.pool_id == organisation.pool.pk]
    assert not any(o.is_open for o in mine)
    assert Pool.objects.filter(plan=organisation.plan).count() >= 1
