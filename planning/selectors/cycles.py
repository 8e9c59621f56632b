"""Cycles, and how far the units asked in one are."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor, scope_paths, unit_scope
from compliance.selectors.figures import figures_of_units
from planning.choices import CycleKind, PlanStatus
from planning.models import Dossier, Holiday, Plan, PlanningCycle
from planning.selectors.stored import Statement, rows_of, scope_condition
from planning.working_days import after_working_days, working_days_between

DEADLINE = "approval.deadline.working_days"
#: A unit that has not begun; beside the statuses of dossiers.
NOT_BEGUN = "none"
#: Characters of one step of a unit's path (django-treebeard).
_STEP = 4


def cycles_visible(actor: Actor) -> QuerySet[PlanningCycle]:
    """Cycles that ask a unit in the actor's scope, the latest first."""
    paths = scope_paths(actor)
    if not paths:
        return PlanningCycle.objects.none()
    where = Q(unit=None)
    for path in paths:
        above = [path[:end] for end in range(_STEP, len(path), _STEP)]
        where |= Q(unit__path__startswith=path) | Q(unit__path__in=above)
    found = PlanningCycle.objects.filter(where).select_related("term", "unit", "opened_by")
    return found.order_by("-opens_on", "-pk")


def all_cycles() -> QuerySet[PlanningCycle]:
    """Every cycle. Unscoped: for jobs."""
    return PlanningCycle.objects.select_related("term", "unit")


def cycle_get(actor: Actor, pk: int) -> PlanningCycle:
    """The cycle. Raises Http404 outside the scope."""
    return get_object_or_404(cycles_visible(actor), pk=pk)


def cycles_open_for(plan: Plan) -> list[PlanningCycle]:
    """Open cycles that ask this plan's unit and in which it has no dossier yet; one query."""
    path = plan.unit.path
    above = [path[:end] for end in range(_STEP, len(path) + 1, _STEP)]
    kind = CycleKind.REVIEW if plan.status == PlanStatus.APPROVED else CycleKind.FIRST
    return list(
        PlanningCycle.objects.filter(
            Q(unit=None) | Q(unit__path__in=above),
            Q(level="") | Q(level=plan.unit.level),
            term=plan.term_id,
            kind=kind,
            closed_on=None,
        )
        .exclude(dossiers__plan=plan)
        .order_by("due_on")
    )


def holidays() -> frozenset[dt.date]:
    """Days off that are no weekend; one query."""
    return frozenset(Holiday.objects.values_list("on_date", flat=True))


def deadlines(dossiers: Sequence[Dossier], days_off: frozenset[dt.date]) -> dict[int, dt.date]:
    """Until when submitted dossiers are to be decided, by id; none where no value says so.

    Law: `approval.deadline.working_days` in force on the day of submission, counted from the day
    after it. One query for each different day.
    """
    found: dict[int, dt.date] = {}
    by_day: dict[dt.date, list[Dossier]] = {}
    for dossier in dossiers:
        if dossier.submitted_on is not None:
            by_day.setdefault(dossier.submitted_on, []).append(dossier)
    for day, rows in by_day.items():
        figures = figures_of_units([row.plan.unit for row in rows], {"days": DEADLINE}, day)
        for row in rows:
            days = figures[row.plan.unit_id]["days"][0]
            if days is not None:
                found[row.pk] = after_working_days(day, days, days_off)
    return found


# ---- The board of a cycle --------------------------------------------------------------------


@dataclass(frozen=True)
class AskedUnit:
    """A unit asked in a cycle and how far it is; `status`: of its dossier, or NOT_BEGUN."""

    unit_id: int
    code: str
    name: str
    level: str
    path: str
    plan_id: int | None
    dossier_id: int | None
    status: str
    submitted_on: dt.date | None
    decision_on: dt.date | None
    decision_no: str
    decide_by: dt.date | None
    days_left: int | None
    is_late: bool


class Board:
    """The units asked in a cycle that the actor may see (None: all, for jobs).

    A fixed number of queries but for one more for each day on which something was submitted.
    """

    def __init__(self, actor: Actor | None, cycle: PlanningCycle, today: dt.date) -> None:
        self._actor, self.cycle, self.today = actor, cycle, today

    @cached_property
    def units(self) -> list[AskedUnit]:
        """Every unit asked, in the order of the tree."""
        rows = rows_of(_asked(self._actor, self.cycle))
        off = holidays()
        until = self._deadlines(rows, off)
        return [self._unit(row, until.get(row["dossier_id"]), off) for row in rows]

    def _deadlines(
        self, rows: Iterable[Mapping[str, Any]], off: frozenset[dt.date]
    ) -> dict[int, dt.date]:
        """Until when those that wait are to be decided, by dossier."""
        waiting = [row["dossier_id"] for row in rows if row["status"] == PlanStatus.SUBMITTED]
        if not waiting:
            return {}
        found = Dossier.objects.filter(pk__in=waiting).select_related("plan__unit")
        return deadlines(list(found), off)

    def _unit(
        self, row: Mapping[str, Any], until: dt.date | None, off: frozenset[dt.date]
    ) -> AskedUnit:
        status = row["status"] or NOT_BEGUN
        left = None if until is None else working_days_between(self.today, until, off)
        still_theirs = status in (NOT_BEGUN, PlanStatus.DRAFT, PlanStatus.RETURNED)
        late = still_theirs and self.cycle.due_on < self.today
        return AskedUnit(
            unit_id=row["unit_id"],
            code=row["code"],
            name=row["name"],
            level=row["level"],
            path=row["path"],
            plan_id=row["plan_id"],
            dossier_id=row["dossier_id"],
            status=status,
            submitted_on=row["submitted_on"],
            decision_on=row["decision_on"],
            decision_no=row["decision_no"] or "",
            decide_by=until,
            days_left=left,
            is_late=late or (left is not None and left < 0),
        )

    @cached_property
    def totals(self) -> Counter[str]:
        """How many units there are of each status, and how many are late (`late`)."""
        counted = Counter(unit.status for unit in self.units)
        counted["late"] = sum(unit.is_late for unit in self.units)
        return counted

    def shown(self, status: str) -> Sequence[AskedUnit]:
        """Those of a status, or the late ones; the late first. "": all."""
        kept = [
            unit
            for unit in self.units
            if not status or unit.status == status or (status == "late" and unit.is_late)
        ]
        return sorted(kept, key=lambda unit: (not unit.is_late, _PLACES[unit.status], unit.path))


_PLACES = {
    PlanStatus.SUBMITTED: 0,
    PlanStatus.RETURNED: 1,
    PlanStatus.DRAFT: 2,
    NOT_BEGUN: 3,
    PlanStatus.APPROVED: 4,
}


def _asked(actor: Actor | None, cycle: PlanningCycle) -> Statement:
    """Units asked: with an approved plan for a review, with positions for a first planning."""
    scope = Statement("true", []) if actor is None else scope_condition(actor)
    where, values = [scope.sql], [*scope.values]
    if cycle.unit is not None:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [cycle.unit.path, cycle.unit.path]
    if cycle.level:
        where.append("u.level = %s")
        values.append(cycle.level)
    if cycle.kind == CycleKind.REVIEW:
        where.append("(p.status = 'approved' OR d.id IS NOT NULL)")
    else:
        where.append(
            "(d.id IS NOT NULL OR coalesce(p.status, '') <> 'approved'"
            " AND EXISTS (SELECT FROM cadres_position s WHERE s.unit_id = u.id)"
            " AND (u.valid_from IS NULL OR u.valid_from <= %s)"
            " AND (u.valid_to IS NULL OR u.valid_to >= %s))"
        )
        values += [cycle.due_on, cycle.due_on]
    return Statement(
        "SELECT u.id AS unit_id, u.code, u.name, u.level, u.path, p.id AS plan_id,"
        " d.id AS dossier_id, d.status, d.submitted_on, d.decision_on, d.decision_no"
        " FROM cadres_unit u"
        " LEFT JOIN planning_plan p ON p.unit_id = u.id AND p.term_id = %s"
        " LEFT JOIN planning_dossier d ON d.plan_id = p.id AND d.cycle_id = %s"
        f" WHERE {' AND '.join(where)} ORDER BY u.path",
        [cycle.term_id, cycle.pk, *values],
    )


def cycle_progress(actor: Actor, cycles: Sequence[PlanningCycle]) -> dict[int, Counter[str]]:
    """How many dossiers of each status there are in each cycle, in the actor's scope; one query."""
    found: dict[int, Counter[str]] = {cycle.pk: Counter() for cycle in cycles}
    rows = (
        Dossier.objects.filter(unit_scope(actor, "plan__unit__path"), cycle__in=list(found))
        .values("cycle_id", "status")
        .annotate(n=Count("pk"))
    )
    for row in rows:
        found[row["cycle_id"]][row["status"]] = row["n"]
    return found
