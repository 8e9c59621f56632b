"""Units that a body may inspect: when each was inspected last, what is planned, how they look."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from cadres.policies import Actor, below
from cadres.selectors.evaluations import YearFilter, grade_year
from cadres.selectors.positions import positions_on
from cadres.selectors.units import units_by_id
from inspections.choices import RemedyState, Stage
from inspections.models import (
    InspectedUnit,
    Inspection,
    Programme,
    ProgrammeItem,
    Recommendation,
)
from inspections.policies import inspected_scope, issuing_scope
from inspections.risk import UnitFacts
from inspections.selectors.followup import late, remedies_scope
from planning.selectors.stored import Basis
from planning.selectors.unit_verdicts import verdicts_by_unit
from rotation.choices import RotationKind
from rotation.selectors.flows import flows

#: Unless chosen otherwise, a unit that was not inspected for so many years stands out.
YEARS, MOST_YEARS = 3, 20
#: Rotations of so many years are looked at.
MOVE_YEARS = 5


@dataclass(frozen=True, kw_only=True)
class Inspected:
    """An inspection of a unit, by itself or with the unit above it."""

    inspection_id: int
    name: str
    stage: str
    on: dt.date
    programme_id: int | None


@dataclass(frozen=True, kw_only=True)
class Covered:
    """A unit with its last inspection begun by the day, and what a programme plans for it.

    `in_year`: its inspections that begin in the programme's year.
    """

    unit: Any
    last: Inspected | None
    in_year: tuple[Inspected, ...]
    items: tuple[ProgrammeItem, ...]

    def is_long_ago(self, day: dt.date, years: int) -> bool:
        """Whether it was not inspected for the years before the day, though it was there."""
        start = _years_before(day, years)
        if self.last is not None:
            return self.last.on < start
        return self.unit.valid_from is None or self.unit.valid_from < start


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def coverage(actor: Actor, programme: Programme, day: dt.date, level: str = "") -> list[Covered]:
    """Units below the programme's body that have posts on the day, in the order of the tree.

    A department's inspection covers what is below it; one of the body itself covers only the body.
    Four queries. The units are the body's; inspections are those that the actor may know of.
    """
    path = programme.unit.path
    units = _units(path, day, level)
    inspections = _inspections(actor, path)
    items: defaultdict[int, list[ProgrammeItem]] = defaultdict(list)
    for item in programme.items.select_related("unit").order_by("quarter", "pk"):
        items[item.unit_id].append(item)
    return [_covered(unit, inspections, items[unit.pk], programme.year, day) for unit in units]


def _units(path: str, day: dt.date, level: str) -> Sequence[Any]:
    """Units strictly below the path that have posts on the day."""
    held = positions_on(day).filter(below(path, "unit__path")).exclude(unit__path=path)
    if level:
        held = held.filter(unit__level=level)
    ids = held.order_by().values_list("unit", flat=True).distinct()
    found = units_by_id(ids).values()
    return sorted(
        (
            unit
            for unit in found
            if (unit.valid_from is None or unit.valid_from <= day)
            and (unit.valid_to is None or unit.valid_to >= day)
        ),
        key=lambda unit: unit.path,
    )


def _inspections(actor: Actor, path: str) -> dict[str, list[Inspected]]:
    """Decided inspections by the path of the unit inspected, the latest first."""
    asked = inspected_scope(actor)
    issued = Inspection.objects.filter(issuing_scope(actor)).values("pk")
    known = Q(inspection__in=issued) | asked if asked else asked
    rows = (
        InspectedUnit.objects.filter(known, below(path, "unit__path"))
        .exclude(unit__path=path)
        .exclude(inspection__stage=Stage.PREPARING)
        .select_related("inspection", "unit")
        .order_by("-inspection__starts_on", "-inspection__pk")
    )
    found: defaultdict[str, list[Inspected]] = defaultdict(list)
    for row in rows:
        found[row.unit.path].append(
            Inspected(
                inspection_id=row.inspection_id,
                name=row.inspection.name,
                stage=row.inspection.stage,
                on=row.inspection.starts_on,
                programme_id=row.inspection.programme_id,
            )
        )
    return dict(found)


def _covered(
    unit: Any,
    inspections: Mapping[str, list[Inspected]],
    items: Iterable[ProgrammeItem],
    year: int,
    day: dt.date,
) -> Covered:
    paths = (unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen))
    own = sorted(
        (each for path in paths for each in inspections.get(path, ())),
        key=lambda each: (each.on, each.inspection_id),
        reverse=True,
    )
    return Covered(
        unit=unit,
        last=next((each for each in own if each.on <= day), None),
        in_year=tuple(each for each in own if each.on.year == year),
        items=tuple(items),
    )


# ---- How units look --------------------------------------------------------------------------


def facts_of(
    actor: Actor,
    programme: Programme,
    rows: Sequence[Covered],
    basis: Basis | None,
    day: dt.date,
    years: int,
) -> dict[int, UnitFacts]:
    """What the signs of `inspections.risk` are measured on, by unit; a fixed number of queries."""
    verdicts = verdicts_by_unit(actor, basis, programme.unit.path, day) if basis else {}
    graded = grade_year(actor, day.year - 1, day, YearFilter(unit=programme.unit))
    grades = {row.unit.pk: row for row in graded.every}
    moves = _moves(actor, day)
    remedies = _remedies(actor, programme.unit.path, day)
    found = {}
    for row in rows:
        unit = row.unit
        given = grades.get(unit.pk)
        open_ones, overdue = remedies.get(unit.pk, (0, 0))
        found[unit.pk] = UnitFacts(
            day=day,
            years=years,
            verdicts=verdicts.get(unit.pk),
            graded=given.graded if given else 0,
            grades=sum(1 for number in given.grades.values() if number) if given else 0,
            moves=moves[unit.pk],
            move_years=MOVE_YEARS,
            last_on=row.last.on if row.last else None,
            since=unit.valid_from,
            open_remedies=open_ones,
            late_remedies=overdue,
        )
    return found


def _moves(actor: Actor, day: dt.date) -> Counter[int]:
    """By unit, how many came or went by rotation in the last years."""
    found = flows(actor, day, range(day.year - MOVE_YEARS + 1, day.year + 1), RotationKind.ROTATION)
    return found.out + found.into


def _remedies(actor: Actor, path: str, day: dt.date) -> dict[int, tuple[int, int]]:
    """By unit, how many recommendations are open, and how many of them overdue."""
    rows = (
        Recommendation.objects.filter(remedies_scope(actor), below(path, "unit__path"))
        .exclude(state=RemedyState.CLOSED)
        .order_by()
        .values_list("unit")
        .annotate(number=Count("pk"), overdue=Count("pk", filter=late(day)))
    )
    return {unit_id: (number, overdue) for unit_id, number, overdue in rows}
