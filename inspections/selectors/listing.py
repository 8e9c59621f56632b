"""The inspections one works in, narrowed and counted for a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, ExtractYear

from cadres.policies import Actor, below
from cadres.selectors.units import path_of_unit
from inspections.choices import FindingState, RemedyState, ReportState
from inspections.models import (
    Finding,
    InspectedUnit,
    Inspection,
    Objection,
    Recommendation,
    SelfReport,
    TeamMember,
)
from inspections.policies import issuing_scope
from inspections.selectors.inspections import inspected_visible, inspections_visible
from inspections.selectors.self_reports import first_sent


@dataclass(frozen=True, kw_only=True)
class InspectionFilter:
    """What a list is narrowed to; None and "" ask nothing.

    `unit`: the code of a unit that is inspected, itself or something below it, or that issues.
    """

    text: str = ""
    stage: str = ""
    year: int | None = None
    unit: str = ""

    @property
    def is_on(self) -> bool:
        """Whether anything is asked."""
        return bool(self.text or self.stage or self.year or self.unit)


def inspection_list(actor: Actor, wanted: InspectionFilter) -> QuerySet[Any]:
    """Inspections with what waits in each: `unit_count`, `missing` (reports), `unread` and
    `unanswered` (findings, objections), `left` (recommendations), `lead`; one query."""
    found: QuerySet[Any] = inspections_visible(actor)
    if wanted.text.strip():
        text = wanted.text.strip()
        found = found.filter(Q(name__icontains=text) | Q(decision_no__icontains=text))
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.year:
        found = found.filter(starts_on__year=wanted.year)
    if wanted.unit:
        path = path_of_unit(wanted.unit)
        touched = InspectedUnit.objects.filter(inspection=OuterRef("pk"))
        found = (
            found.filter(
                Exists(touched.filter(below(path, "unit__path"))) | Q(unit__code=wanted.unit)
            )
            if path
            else found.none()
        )
    return found.annotate(**_counts()).order_by("-starts_on", "-pk")


def _counts() -> dict[str, Any]:
    sent = SelfReport.objects.filter(inspected_unit=OuterRef("pk"), state=ReportState.SUBMITTED)
    units = InspectedUnit.objects.filter(inspection=OuterRef("pk"))
    kept = Finding.objects.exclude(state=FindingState.DROPPED)
    lead = TeamMember.objects.filter(inspection=OuterRef("pk"), role="lead")
    return {
        "unit_count": _number(units),
        "missing": _number(units.filter(~Exists(sent), late_reason="")),
        "unread": _number(
            kept.filter(inspection=OuterRef("pk")).exclude(state=FindingState.APPROVED)
        ),
        "unanswered": _number(
            Objection.objects.filter(finding__inspection=OuterRef("pk"), answered_on=None),
            "finding__inspection",
        ),
        "left": _number(
            Recommendation.objects.filter(finding__inspection=OuterRef("pk")).exclude(
                state=RemedyState.CLOSED
            ),
            "finding__inspection",
        ),
        "lead": Coalesce(Subquery(lead.values("user__full_name")[:1]), Subquery(_bare(lead))),
    }


def _bare(lead: QuerySet[TeamMember]) -> Any:
    return lead.values("user__username")[:1]


def _number(rows: QuerySet[Any], group: str = "inspection") -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def inspection_years(actor: Actor) -> list[int]:
    """Years in which inspections began that the actor sees, the latest first; one query."""
    years = inspections_visible(actor).order_by().annotate(y=ExtractYear("starts_on"))
    return sorted(set(years.values_list("y", flat=True)), reverse=True)


def own_units_inspected(actor: Actor) -> QuerySet[Any]:
    """Inspected units that the actor answers for without standing on the issuing side, with
    `report_state`, `sent_on` and `first_sent_on`; the latest inspections first."""
    issuing = Inspection.objects.filter(issuing_scope(actor), pk=OuterRef("inspection"))
    return (
        inspected_visible(actor)
        .filter(~Exists(issuing))
        .annotate(
            report_state=Coalesce(F("self_report__state"), Value("")),
            sent_on=F("self_report__submitted_on"),
            first_sent_on=first_sent(),
        )
    )
