"""Sửa giúp: the smallest changes of a plan after which every rule holds, for a person to choose.

Nothing is applied. Every proposal has been judged by the engine; where it disagrees with the
solver, the proposal is not shown.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from cadres.policies import SENSITIVE_ROLES, Actor
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding
from planning.models import Plan
from planning.repair.problem import BEYOND, TITLES, Demand, Option, Problem, problem_of
from planning.repair.solving import Choice, alternatives, closest, conflict
from planning.selectors.candidates import Field, candidates, own_cadre
from planning.selectors.drafts import Proposed
from planning.selectors.judging import NOTHING, JudgedPlan, judge
from planning.services import plan_check

logger = logging.getLogger(__name__)

ALTERNATIVES = 3
#: Of each kind of people at least so many for each pool; more where a pool lacks more.
PER_CELL, PER_CELL_MOST = 3, 12


@dataclass(frozen=True)
class Wish:
    """What the user asks of proposals: nominations that stay, people not to be proposed."""

    keep: frozenset[int] = frozenset()
    avoid: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Step:
    """One change. `helps`: what would not hold without it."""

    option: Option
    is_addition: bool
    helps: tuple[Demand, ...]


@dataclass(frozen=True)
class Turn:
    """A rule on the plan or a pool before and after all steps."""

    rule: str
    pool_id: int | None
    before: Outcome
    after: Outcome


@dataclass(frozen=True)
class Alternative:
    """Changes that the engine has confirmed, beside what is proposed already.

    `added`: (pool id, cadre id); `removed`: nominations; `dropped`: additions that are
    taken back, of the draft or unsaved.
    `unmet`: what still does not hold; empty but for the closest one.
    """

    steps: tuple[Step, ...]
    added: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    dropped: tuple[tuple[int, int], ...]
    turns: tuple[Turn, ...]
    is_least: bool
    unmet: tuple[Demand, ...] = ()


@dataclass(frozen=True)
class Repair:
    """What can be done for a plan.

    `is_whole`: every rule holds already. `alternatives` empty: no choice makes all hold; then
    `clash` says which demands cannot be met, alone or (`is_together`) beside each other, and
    `closest` comes nearest. `beyond`:
    findings that no choice of people mends. `age_limits`: the ages `a` and `b` between the bands.
    """

    problem: Problem
    is_whole: bool
    alternatives: tuple[Alternative, ...] = ()
    closest: Alternative | None = None
    clash: tuple[Demand, ...] = ()
    beyond: tuple[Finding, ...] = ()
    is_together: bool = False
    age_limits: dict[str, int | None] = field(default_factory=dict)


def repair_plan(
    actor: Actor, plan: Plan, as_of: dt.date, proposed: Proposed = NOTHING, wish: Wish | None = None
) -> Repair:
    """Proposals for the plan as it is proposed now, out of people whom the actor may see.

    Only such whose discipline and ethnic group the actor may know too: a proposal tells of both.
    Pools that the actor is in stay as they are.
    """
    wish = wish or Wish()
    problem, judged = _problem(actor, plan, as_of, proposed, wish)
    beyond = tuple(
        found
        for code, found in judged.plan.findings.items()
        if code in BEYOND and found.outcome >= Outcome.CANNOT_TELL
    )
    if not problem.unmet(problem.present):
        return Repair(problem, is_whole=True, beyond=beyond)
    confirm = _Confirm(plan, as_of, proposed, problem, judged)
    choices = alternatives(problem, ALTERNATIVES)
    if choices:
        found = tuple(filter(None, map(confirm, choices)))
        return Repair(problem, is_whole=False, alternatives=found, beyond=beyond)
    nearest, clash = closest(problem), tuple(conflict(problem))
    return Repair(
        problem,
        is_whole=False,
        closest=confirm(nearest) if nearest and nearest.changed else None,
        clash=clash,
        is_together=bool(clash) and not conflict(replace(problem, demands=clash[:1])),
        beyond=beyond,
        age_limits={"a": judged.figure("young_below"), "b": judged.figure("middle_to")},
    )


def _problem(
    actor: Actor, plan: Plan, as_of: dt.date, proposed: Proposed, wish: Wish
) -> tuple[Problem, JudgedPlan]:
    now = judge(plan, as_of, proposed)
    own = own_cadre(actor)
    closed = {each.pool_id for each in now.nominations if each.cadre_id == own}
    field = candidates(
        actor,
        plan,
        [pool_id for pool_id in now.pools if pool_id not in closed],
        as_of,
        figures=now.figures,
        changes=proposed,
        per_cell=_per_cell(now),
        roles=SENSITIVE_ROLES,
    )
    judged = judge(plan, as_of, proposed, [(o.pool_id, o.cadre_id) for o in field.people])
    problem = problem_of(
        judged,
        {(each.pool_id, each.cadre_id): each.source for each in field.people},
        fixed={
            (each.pool_id, each.cadre_id)
            for each in judged.nominations
            if each.nomination_id in wish.keep
        },
        banned=_avoided(field, wish.avoid),
        closed=closed,
    )
    return problem, judged


def _per_cell(now: JudgedPlan) -> int:
    """So many that a pool can be filled from one kind of people, within reason."""
    lacking = 0
    for pool in now.pools.values():
        for code, found in pool.findings.items():
            total, seats = pool.counts["total"], pool.counts["prescribed"]
            if code == "planning.candidates_per_title":
                lacking = max(lacking, (found.required["minimum"] or 0) - total)
            elif code == "planning.committee_coefficient":
                percent = found.required["minimum_percent"] or 0
                lacking = max(lacking, -(-percent * seats // 100) - total)
    return min(max(PER_CELL, lacking), PER_CELL_MOST)


def _avoided(field: Field, avoid: Collection[int]) -> set[tuple[int, int]]:
    return {(o.pool_id, o.cadre_id) for o in field.people if o.cadre_id in avoid}


class _Confirm:
    """Turns a choice into an alternative, if the engine finds what the solver says."""

    def __init__(
        self, plan: Plan, as_of: dt.date, proposed: Proposed, problem: Problem, judged: JudgedPlan
    ) -> None:
        self.plan, self.as_of, self.proposed = plan, as_of, proposed
        self.problem, self.judged = problem, judged

    def __call__(self, choice: Choice) -> Alternative | None:
        options = self.problem.options
        moved = [options[number] for number in sorted(choice.changed)]
        added = tuple(option.key for option in moved if not option.is_present)
        gone = [option for option in moved if option.is_present]
        removed = tuple(option.nomination_id for option in gone if option.nomination_id > 0)
        dropped = tuple(option.key for option in gone if option.nomination_id < 0)
        findings = plan_check(
            plan=self.plan,
            as_of=self.as_of,
            added=[*(key for key in self.proposed.added if key not in dropped), *added],
            removed=[*self.proposed.removed, *removed],
        )
        if wrong := _contradicting(findings, choice.unmet):
            codes = sorted({each.rule.code for each in wrong})
            logger.error("repair_disputed", extra={"plan": self.plan.pk, "rules": codes})
            return None
        return Alternative(
            steps=tuple(self._step(choice, number) for number in sorted(choice.changed)),
            added=added,
            removed=removed,
            dropped=dropped,
            turns=tuple(self._turns(findings)),
            is_least=choice.is_least,
            unmet=choice.unmet,
        )

    def _step(self, choice: Choice, number: int) -> Step:
        """A change with what it is for: what fails when it alone is left out."""
        option = self.problem.options[number]
        without = self.problem.unmet(choice.chosen ^ {number})
        helps = tuple(demand for demand in without if demand not in choice.unmet)
        return Step(option, not option.is_present, helps)

    def _turns(self, findings: Iterable[Finding]) -> Iterable[Turn]:
        for each in findings:
            if each.kind == SubjectKind.NOMINATION:
                continue
            pool_id = each.subject_id if each.kind == SubjectKind.POOL else None
            subject = self.judged.plan if pool_id is None else self.judged.pools[pool_id]
            before = subject.outcomes[each.rule.code]
            if before != each.outcome:
                yield Turn(each.rule.code, pool_id, before, each.outcome)


def _contradicting(findings: Iterable[Finding], unmet: Iterable[Demand]) -> list[Finding]:
    """Findings that do not hold, though the solver thinks that they do."""
    known = {(each.rule, each.pool_id) for each in unmet}
    wrong = []
    for each in findings:
        code = each.rule.code
        if each.kind == SubjectKind.NOMINATION:
            fails = each.outcome == Outcome.NOT_MET
            place: tuple[str, int | None] = (code, None)
        else:
            fails = each.outcome >= Outcome.CANNOT_TELL and code not in BEYOND
            place = (code, each.subject_id if each.kind == SubjectKind.POOL else None)
        if fails and place not in known:
            wrong.append(each)
    return wrong


__all__ = [
    "TITLES",
    "Alternative",
    "Demand",
    "Option",
    "Repair",
    "Step",
    "Turn",
    "Wish",
    "repair_plan",
]
