"""Findings of an inspection, as far as the actor looks; and those on one's own unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from cadres.policies import Actor, can_see_sensitive
from inspections.choices import FindingKind, FindingState
from inspections.models import (
    Correction,
    Finding,
    FindingEvidence,
    InspectedUnit,
    Inspection,
    Objection,
    SelfReport,
)
from inspections.policies import SHOWN_TO_UNITS
from inspections.selectors.seen import sensitive_hidden, told_of, units_seen

#: Findings that are still to be read by somebody.
WAITING = (FindingState.DRAFTED, FindingState.EDITED)
#: Order in which kinds stand in lists and reports.
KIND_ORDER = (
    FindingKind.VIOLATION,
    FindingKind.SHORTCOMING,
    FindingKind.STRENGTH,
    FindingKind.CAUSE,
    FindingKind.RECOMMENDATION,
)


@dataclass(frozen=True, kw_only=True)
class FindingFilter:
    """Which findings; "" asks nothing. `unit`: an inspected unit, 0 for what concerns all."""

    unit: int | None = None
    kind: str = ""
    topic: str = ""
    state: str = ""


@dataclass(frozen=True)
class UnitCount:
    """How many findings a unit has that count, and how many of them wait."""

    inspected: InspectedUnit | None
    total: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Seen:
    """What the actor looks at in an inspection, read once for a page."""

    inspection: Inspection
    units: Sequence[InspectedUnit]
    told: frozenset[int] = field(default=frozenset())
    is_told_of_all: bool = False

    @property
    def scope(self) -> Q:
        """Condition on findings."""
        within = Q(inspected_unit__in=[each.pk for each in self.units]) | Q(inspected_unit=None)
        hidden = sensitive_hidden(self.told)
        if self.is_told_of_all:
            hidden |= Q(inspected_unit=None)
        return within & hidden


def seen_by(actor: Actor, inspection: Inspection) -> Seen:
    """What the actor looks at; at most three queries."""
    units = units_seen(actor, inspection)
    return Seen(
        inspection,
        units,
        frozenset(told_of(actor, units)),
        can_see_sensitive(actor, inspection.unit),
    )


def findings_visible(actor: Actor, inspection: Inspection) -> QuerySet[Finding]:
    """Findings on units that the actor looks at, and on all together; nothing that is hidden."""
    return _of(seen_by(actor, inspection))


def _of(seen: Seen) -> QuerySet[Finding]:
    return (
        Finding.objects.filter(seen.scope, inspection=seen.inspection)
        .select_related("inspected_unit__unit", "author", "approved_by", "recommendation")
        .order_by("inspected_unit__place", "place", "pk")
    )


def finding_get(actor: Actor, inspection: Inspection, pk: int) -> Finding:
    """One of them, with everything that stands beside it. Raises Http404."""
    found: Finding = get_object_or_404(_with_all(findings_visible(actor, inspection)), pk=pk)
    return found


def finding_list(seen: Seen, wanted: FindingFilter) -> list[Finding]:
    """Findings that were asked for, with what they rest on; dropped ones only when asked for."""
    rows = _of(seen)
    if wanted.unit is not None:
        rows = rows.filter(inspected_unit=wanted.unit or None)
    for name in ("kind", "topic", "state"):
        value = getattr(wanted, name)
        if value:
            rows = rows.filter(**{name: value})
    if not wanted.state:
        rows = rows.exclude(state=FindingState.DROPPED)
    return list(_with_all(rows))


def _with_all(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    proofs = FindingEvidence.objects.select_related("evidence", "attachment").defer(
        "evidence__content"
    )
    return rows.prefetch_related(
        Prefetch("proofs", proofs.order_by("pk")),
        Prefetch("objections", Objection.objects.select_related("raised_by", "answered_by")),
        Prefetch("corrections", Correction.objects.select_related("corrected_by").order_by("pk")),
    )


def unit_counts(seen: Seen) -> list[UnitCount]:
    """Findings that count by unit, those that the actor sees; one query."""
    rows = (
        Finding.objects.filter(seen.scope, inspection=seen.inspection)
        .exclude(state=FindingState.DROPPED)
        .order_by()
        .values_list("inspected_unit")
        .annotate(total=Count("pk"), waiting=Count("pk", filter=Q(state__in=WAITING)))
    )
    counts = {pk: (total, waiting) for pk, total, waiting in rows}
    found = [UnitCount(each, *counts.get(each.pk, (0, 0))) for each in seen.units]
    return [*found, *([UnitCount(None, *counts[None])] if None in counts else [])]


def used_values(seen: Seen) -> dict[str, set[str]]:
    """Kinds, topics and states that occur, for the filters; one query."""
    rows = Finding.objects.filter(seen.scope, inspection=seen.inspection).order_by()
    found: dict[str, set[str]] = {"kind": set(), "topic": set(), "state": set()}
    for kind, topic, state in rows.values_list("kind", "topic", "state").distinct():
        found["kind"].add(kind)
        found["topic"].add(topic)
        found["state"].add(state)
    return found


def approved_findings(actor: Actor, inspection: Inspection) -> list[Finding]:
    """What was approved, by unit in its order; for the report, documents and the conclusion."""
    rows = findings_visible(actor, inspection).filter(state=FindingState.APPROVED)
    return list(rows)


# ---- Of one's own unit -----------------------------------------------------------------------


def shown_to_unit(inspected: InspectedUnit) -> QuerySet[Finding]:
    """What officers of an inspected unit see: approved findings on it, from verification on."""
    if inspected.inspection.stage not in SHOWN_TO_UNITS:
        return Finding.objects.none()
    return Finding.objects.filter(inspected_unit=inspected, state=FindingState.APPROVED)


def unit_findings(actor: Actor, inspected: InspectedUnit) -> list[Finding]:
    """Those the actor may see, with objections; also what they objected to and is being revised.

    Of the latter only the objection is shown: look at `state`.
    """
    if inspected.inspection.stage not in SHOWN_TO_UNITS:
        return []
    rows = Finding.objects.filter(inspected_unit=inspected).filter(
        Q(state=FindingState.APPROVED) | Q(objections__isnull=False)
    )
    if not can_see_sensitive(actor, inspected.unit):
        rows = rows.filter(is_sensitive=False)
    order = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(KIND_ORDER)),
        output_field=IntegerField(),
    )
    rows = rows.distinct().select_related("inspected_unit__unit", "recommendation")
    return list(_with_all(rows.annotate(kind_place=order).order_by("kind_place", "place", "pk")))


def unit_finding_get(actor: Actor, inspected: InspectedUnit, pk: int) -> Finding:
    """An approved finding on the unit. Raises Http404."""
    rows = shown_to_unit(inspected)
    if not can_see_sensitive(actor, inspected.unit):
        rows = rows.filter(is_sensitive=False)
    found: Finding = get_object_or_404(rows.select_related("inspection__unit"), pk=pk)
    return found


def objection_get(actor: Actor, inspection: Inspection, pk: int) -> Objection:
    """An objection to a finding that the actor sees. Raises Http404."""
    rows = Objection.objects.filter(finding__in=findings_visible(actor, inspection))
    found: Objection = get_object_or_404(rows.select_related("finding__inspection"), pk=pk)
    return found


def self_reports_of(inspection: Inspection) -> dict[int, SelfReport]:
    """The self-report of each inspected unit that has one; one query."""
    rows = SelfReport.objects.filter(inspected_unit__inspection=inspection)
    return {row.inspected_unit_id: row for row in rows}
