"""Inspections in numbers, for the inspecting side: what was inspected, found, asked and done.

Everything is counted over rows that can be listed, so that every figure leads to its rows. Findings
and recommendations count from the conclusion on: before, they are drafts of the team.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from django.db.models import Q
from django.db.models.functions import Left

from cadre_portal.common import clock
from cadres.policies import Actor
from inspections.choices import FindingKind, FindingState, RemedyState, Stage
from inspections.models import Finding, InspectedUnit, Inspection, Recommendation
from inspections.policies import body_scope
from inspections.selectors.followup import CONCLUDED

#: Kinds of rows.
INSPECTIONS, UNITS, FINDINGS, REMEDIES = "cuoc", "don-vi", "nhan-dinh", "kien-nghi"
#: What is told of a finding in a list.
_TEXT = 240
#: Days that a recommendation took, by the first day of each band.
BANDS = (0, 31, 91, 181, 366)
UNSAID = "khong"
YES = "co"
#: What a finding criticises.
_CRITICAL = (FindingKind.SHORTCOMING, FindingKind.VIOLATION)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Something counted: `values` by dimension, and what a list says of it.

    `pk`: the inspection's, or of a recommendation its own.
    """

    pk: int
    text: str
    unit: str
    inspection: str
    values: Mapping[str, str]
    days: int | None = None


@dataclass(frozen=True)
class Numbers:
    """Rows by kind."""

    rows: Mapping[str, Sequence[Row]]

    def tally(self, kind: str, *dimensions: str) -> Counter[tuple[str, ...]]:
        """How many rows of a kind have which values; rows without one of them do not count."""
        return Counter(
            tuple(row.values[name] for name in dimensions)
            for row in self.rows[kind]
            if all(name in row.values for name in dimensions)
        )

    def select(self, kind: str, asked: Mapping[str, str]) -> list[Row]:
        """Rows of a kind with these values."""
        return [
            row
            for row in self.rows[kind]
            if all(row.values.get(name) == value for name, value in asked.items())
        ]

    @cached_property
    def different_units(self) -> int:
        """Units inspected once or more often."""
        return len({row.values["ma"] for row in self.rows[UNITS]})

    @cached_property
    def middle_days(self) -> int | None:
        """Days that half of the closed recommendations took at most; None without any."""
        days = [row.days for row in self.rows[REMEDIES] if row.days is not None]
        return round(median(days)) if days else None


def numbers_of(actor: Actor, years: range) -> Numbers:
    """Inspections begun in these years by bodies on whose side the actor stands; four queries."""
    where = Q(starts_on__year__gte=years.start, starts_on__year__lt=years.stop)
    inspections = list(
        Inspection.objects.filter(body_scope(actor), where)
        .exclude(stage=Stage.PREPARING)
        .select_related("unit")
    )
    concluded = [each for each in inspections if each.stage in CONCLUDED]
    return Numbers(
        {
            INSPECTIONS: [_inspection(each) for each in inspections],
            UNITS: list(_units(inspections)),
            FINDINGS: _findings(concluded),
            REMEDIES: list(_remedies(concluded)),
        }
    )


def _inspection(each: Inspection) -> Row:
    return Row(
        pk=each.pk,
        text=each.name,
        unit=each.unit.name,
        inspection=each.decision_no,
        values={"nam": str(each.starts_on.year), "buoc": str(each.stage), **_is_over(each)},
    )


def _is_over(each: Inspection) -> dict[str, str]:
    return {"ket-luan": YES} if each.stage in CONCLUDED else {}


def _units(inspections: Sequence[Inspection]) -> Iterable[Row]:
    by_id = {each.pk: each for each in inspections}
    for row in InspectedUnit.objects.filter(inspection__in=by_id).select_related("unit"):
        each = by_id[row.inspection_id]
        yield Row(
            pk=each.pk,
            text=row.unit.name,
            unit=row.unit.name,
            inspection=each.decision_no,
            values={
                "nam": str(each.starts_on.year),
                "ma": row.unit.code,
                "cap": str(row.unit.level),
            },
        )


def _findings(inspections: Sequence[Inspection]) -> list[Row]:
    """Findings but recommendations; `lap`: the unit was told so of the same topic elsewhere too."""
    by_id = {each.pk: each for each in inspections}
    found = list(
        Finding.objects.filter(inspection__in=by_id)
        .exclude(state=FindingState.DROPPED)
        .exclude(kind=FindingKind.RECOMMENDATION)
        .order_by("inspection", "inspected_unit", "place", "pk")
        .values(
            *("inspection", "kind", "topic", "severity", "inspected_unit__unit"),
            "inspected_unit__unit__name",
            said=Left("text", _TEXT),
        )
    )
    told: defaultdict[tuple[Any, str], set[int]] = defaultdict(set)
    for row in found:
        if row["kind"] in _CRITICAL:
            told[row["inspected_unit__unit"], row["topic"]].add(row["inspection"])
    return [_finding(row, by_id[row["inspection"]], told) for row in found]


def _finding(
    row: Mapping[str, Any], each: Inspection, told: Mapping[tuple[Any, str], set[int]]
) -> Row:
    values = {
        "nam": str(each.starts_on.year),
        "loai": row["kind"],
        "chu-de": row["topic"],
        "muc": str(row["severity"]) if row["severity"] else UNSAID,
    }
    if row["kind"] in _CRITICAL:
        values["han-che"] = YES
        if len(told[row["inspected_unit__unit"], row["topic"]]) > 1:
            values["lap"] = YES
    return Row(
        pk=each.pk,
        text=row["said"],
        unit=row["inspected_unit__unit__name"] or "",
        inspection=each.conclusion_no,
        values=values,
    )


def _remedies(inspections: Sequence[Inspection]) -> Iterable[Row]:
    by_id = {each.pk: each for each in inspections}
    today = clock.today()
    rows = Recommendation.objects.filter(finding__inspection__in=by_id).select_related(
        "finding", "unit"
    )
    for row in rows.order_by("due_on", "pk"):
        each = by_id[row.finding.inspection_id]
        values = {
            "nam": str(each.starts_on.year),
            "chu-de": str(row.finding.topic),
            "trang-thai": str(row.state),
        }
        days = None
        if row.state == RemedyState.CLOSED and row.closed_on and each.concluded_on:
            days = max((row.closed_on - each.concluded_on).days, 0)
            values["lau"] = str(max(first for first in BANDS if first <= days))
            values["tre"] = YES if row.closed_on > row.due_on else UNSAID
        elif row.due_on < today:
            values["qua-han"] = YES
        if row.repeats_id:
            values["lap"] = YES
        yield Row(
            pk=row.pk,
            text=row.finding.text[:_TEXT],
            unit=row.unit.name,
            inspection=each.conclusion_no,
            values=values,
            days=days,
        )
