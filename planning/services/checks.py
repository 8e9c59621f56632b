"""Checks of single plans, and who has to be checked again after an edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.policies import Actor, require
from compliance.choices import RunKind
from compliance.engine.findings import Finding, Labels, Verdict, expand
from compliance.services import run_start
from planning.facts import PlanningSource
from planning.models import Nomination, Plan, Pool
from planning.policies import can_check_everything, can_check_scope
from planning.selectors import scope_unit
from planning.selectors.drafts import Proposed
from planning.selectors.judging import JudgedPlan, figures_of, judge

if TYPE_CHECKING:
    from compliance.models import ComplianceRun

#: Characters of one step of a unit's path (django-treebeard).
_STEP = 4


# --- one plan, on any day -----------------------------------------------------------------------


def plan_check(
    *,
    plan: Plan,
    as_of: date,
    added: Sequence[tuple[int, int]] = (),
    removed: Sequence[int] = (),
) -> list[Finding]:
    """Every finding on a plan, its pools and nominations on a day, `not_applicable` ones too.

    Computed from the facts of now by the law of `as_of`; nothing is written. `added` proposes
    (pool id, cadre id), `removed` nomination ids: the findings are those after saving, and people
    who are only proposed have the subject ids -1, -2, ... in the order given. Three queries.
    """
    change = Proposed(tuple(added), tuple(removed))
    (found,) = plan_checks(plan=plan, as_of=as_of, changes=[change])
    return found


def plan_checks(*, plan: Plan, as_of: date, changes: Sequence[Proposed]) -> list[list[Finding]]:
    """The findings of `plan_check` after each of some changes; a query a change, and two."""
    figures = figures_of(plan, as_of)
    titles = {
        pk: (code, name)
        for pk, code, name in Pool.objects.filter(plan=plan).values_list(
            "pk", "position__title__code", "position__title__name"
        )
    }
    judged = (judge(plan, as_of, change, figures=figures) for change in changes)
    return [_findings(plan, each, titles) for each in judged]


def _findings(
    plan: Plan, judged: JudgedPlan, titles: Mapping[int, tuple[str, str]]
) -> list[Finding]:
    """Findings with names: the plan's, then those of pools and people by title and person."""
    of_plan = Labels(plan.unit.code, plan.unit.name, plan.term.code)
    of_pool = {
        pk: replace(of_plan, title_code=code, title_name=name)
        for pk, (code, name) in titles.items()
    }
    named = [
        (judged.plan.verdict, of_plan),
        *((pool.verdict, of_pool[pk]) for pk, pool in judged.pools.items()),
        *(
            (
                each.verdict,
                replace(of_pool[each.pool_id], cadre_code=each.code, cadre_name=each.name),
            )
            for each in judged.nominations
        ),
    ]
    named.sort(key=lambda pair: _order(*pair))
    return [finding for verdict, labels in named for finding in expand(verdict, labels)]


def _order(verdict: Verdict, labels: Labels) -> tuple[object, ...]:
    return (verdict.kind, labels.title_code or "", labels.cadre_code or "", verdict.subject_id)


# --- after an edit ------------------------------------------------------------------------------


def plans_recheck_after(
    *, plan_ids: Iterable[int] = (), cadre_ids: Iterable[int] = ()
) -> list[int]:
    """Have every plan checked again whose verdicts an edit may have changed, on commit.

    `plan_ids`: plans whose nominations were edited; `cadre_ids`: the people in question, or people
    whose files were edited. Returns the plans sent.
    """
    plans = sorted(plans_touched(plan_ids=plan_ids, cadre_ids=cadre_ids))
    if plans:
        enqueue("compliance.recheck", source_name=PlanningSource.name, groups=plans)
    return plans


def plans_touched(*, plan_ids: Iterable[int] = (), cadre_ids: Iterable[int] = ()) -> set[int]:
    """The plans themselves, and every plan that any of the people is in.

    A person ties plans together: by the number of titles in one term and level
    (`titles_per_person`), and because a plan of a unit above asks whether its people stand in a
    plan below (`lineage`). Without `cadre_ids` all people of the plans count, and every plan of a
    unit above, since somebody may just have been taken out.
    """
    edited, people = set(plan_ids), set(cadre_ids)
    if not people and edited:
        of_edited = Nomination.objects.filter(plan__in=edited)
        people = set(of_edited.values_list("cadre_id", flat=True))
        paths = Plan.objects.filter(pk__in=edited).values_list("unit__path", flat=True)
        above = {path[:end] for path in paths for end in range(_STEP, len(path), _STEP)}
        edited |= set(Plan.objects.filter(unit__path__in=above).values_list("pk", flat=True))
    shared = Nomination.objects.filter(cadre__in=people).values_list("plan_id", flat=True)
    return edited | set(shared.distinct())


# --- a check asked for on a page ------------------------------------------------------------------


def check_start(*, actor: Actor, as_of: date) -> ComplianceRun:
    """Start a check of a day: the live state today, else a snapshot of what the actor works for.

    Raises PermissionDenied.
    """
    require(can_check_scope(actor))
    if can_check_everything(actor):
        kind = RunKind.LIVE if as_of == clock.today() else RunKind.SNAPSHOT
        return run_start(actor=actor, as_of=as_of, kind=kind)
    return run_start(actor=actor, as_of=as_of, unit=scope_unit(actor), kind=RunKind.SNAPSHOT)
