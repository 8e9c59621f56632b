"""Minutes that somebody may read, from the team's side and from the unit's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor
from inspections.choices import FindingState, MinutesKind
from inspections.models import (
    Evidence,
    EvidenceTaking,
    Finding,
    InspectedUnit,
    Inspection,
    Minutes,
    OutlineItem,
)
from inspections.policies import reading_scope, side_minutes_scope, told_minutes
from inspections.selectors.findings import seen_by
from inspections.selectors.seen import units_read


def minutes_visible(actor: Actor) -> QuerySet[Minutes]:
    """Minutes of the inspections that the actor reads in, of the units that they look at."""
    return (
        Minutes.objects.filter(reading_scope(actor))
        .select_related(
            "inspection__unit",
            "inspected_unit__unit",
            "written_by",
            "team_signed_by",
            "unit_signed_by",
            "corrects",
        )
        .order_by("-held_on", "-pk")
    )


def minutes_of(actor: Actor, inspection: Inspection) -> list[Minutes]:
    """Minutes of one inspection, the latest first, with `file_count`; one query."""
    rows = minutes_visible(actor).filter(inspection=inspection)
    return list(rows.annotate(file_count=Count("attachments")))


def minutes_get(actor: Actor, inspection: Inspection, pk: int) -> Minutes:
    """One of them with its files, links and corrections. Raises Http404."""
    rows = minutes_visible(actor).filter(inspection=inspection)
    return get_object_or_404(
        rows.prefetch_related("items", "attachments__uploaded_by", "corrected_by"), pk=pk
    )


# ---- What minutes may be about ---------------------------------------------------------------


@dataclass(frozen=True)
class Subjects:
    """Units, questions, findings and evidence that the actor may name in minutes."""

    units: list[InspectedUnit]
    items: list[OutlineItem]
    findings: list[Finding]
    evidence: list[Evidence]


def subjects_of(actor: Actor, inspection: Inspection) -> Subjects:
    """What there is to choose; evidence of the latest taking only."""
    read = units_read(actor, inspection)
    looks = seen_by(actor, inspection)
    findings = (
        Finding.objects.filter(looks.scope, inspection=inspection)
        .exclude(state=FindingState.DROPPED)
        .select_related("inspected_unit__unit")
        .order_by("inspected_unit__place", "place", "pk")
    )
    return Subjects(
        read,
        list(inspection.outline.order_by("number")),
        list(findings),
        list(_latest_evidence(inspection, read)),
    )


def _latest_evidence(inspection: Inspection, units: Iterable[InspectedUnit]) -> QuerySet[Evidence]:
    latest = (
        inspection.takings.filter(state=EvidenceTaking.State.READY).order_by("-pk").values("pk")[:1]
    )
    return (
        Evidence.objects.filter(taking__in=latest, inspected_unit__in=list(units))
        .defer("content")
        .select_related("inspected_unit__unit")
        .order_by("inspected_unit__place", "pk")
    )


def findings_named(actor: Actor, minutes: Minutes) -> list[Finding]:
    """Findings that minutes name, as far as the actor may see them."""
    looks = seen_by(actor, minutes.inspection)
    rows = minutes.findings.filter(looks.scope).select_related("inspected_unit__unit")
    return list(rows.order_by("place", "pk"))


def evidence_named(actor: Actor, minutes: Minutes) -> list[Evidence]:
    """Evidence that minutes name, of units whose data the actor reads."""
    read = units_read(actor, minutes.inspection)
    rows = minutes.evidence.filter(inspected_unit__in=read).defer("content")
    return list(rows.order_by("pk"))


def minutes_naming(finding: Finding, actor: Actor) -> QuerySet[Minutes]:
    """Minutes in which a finding was spoken of."""
    return minutes_visible(actor).filter(findings=finding)


# ---- The unit's side -------------------------------------------------------------------------


def side_minutes(inspected: InspectedUnit) -> QuerySet[Minutes]:
    """What the unit signs or has signed, and how the decision was announced to all."""
    own = Q(inspected_unit=inspected) & told_minutes()
    to_all = Q(inspected_unit=None, kind=MinutesKind.DEPLOY, is_signed=True)
    return (
        Minutes.objects.filter(own | to_all, inspection=inspected.inspection_id)
        .select_related("inspection__unit", "inspected_unit__unit", "team_signed_by", "written_by")
        .order_by("-held_on", "-pk")
    )


def side_minutes_get(inspected: InspectedUnit, pk: int) -> Minutes:
    """One of them with its files and the questions it is about. Raises Http404."""
    files = Prefetch("attachments")
    return get_object_or_404(side_minutes(inspected).prefetch_related(files, "items"), pk=pk)


def minutes_to_sign(actor: Actor) -> QuerySet[Minutes]:
    """Minutes that wait for the actor's units to sign them."""
    return (
        Minutes.objects.filter(side_minutes_scope(actor), is_signed=False)
        .select_related("inspection", "inspected_unit__unit")
        .order_by("team_signed_on", "pk")
    )


def minutes_declined(actor: Actor) -> QuerySet[Minutes]:
    """Minutes that a unit gave back unsigned, of the inspections that the actor reads in."""
    rows = minutes_visible(actor).filter(is_signed=False, team_signed_on=None)
    return rows.exclude(declined_for="")
