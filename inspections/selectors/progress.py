"""How far each step of an inspection has come, counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from inspections.choices import (
    FindingKind,
    MinutesKind,
    RemedyState,
    ReportState,
    SignState,
    TeamRole,
)
from inspections.models import (
    FindingEvidence,
    Inspection,
    Minutes,
    Recommendation,
    TeamMember,
    TeamReport,
)
from inspections.selectors.inspections import findings_open


@dataclass(frozen=True)
class Progress:
    """What is done of what; None: that step has not begun."""

    lead: str
    deployed_on: dt.date | None
    units: int
    reports: int
    findings: int
    proven: int
    report: SignState | None
    remedies: int
    remedied: int


def progress_of(inspection: Inspection) -> Progress:
    """Counts for the step bar. Six queries, whatever the size."""
    lead = (
        TeamMember.objects.filter(inspection=inspection, role=TeamRole.LEAD)
        .select_related("user")
        .first()
    )
    units = inspection.units.aggregate(
        total=Count("pk"),
        sent=Count("pk", filter=Q(self_report__state=ReportState.SUBMITTED)),
    )
    rested = FindingEvidence.objects.filter(finding__inspection=inspection).values("finding")
    findings = (
        findings_open(inspection)
        .exclude(kind__in=(FindingKind.RECOMMENDATION, FindingKind.CAUSE))
        .aggregate(total=Count("pk"), proven=Count("pk", filter=Q(pk__in=rested)))
    )
    deployed = Minutes.objects.filter(
        inspection=inspection, kind=MinutesKind.DEPLOY, is_signed=True
    ).aggregate(day=Max("held_on"))
    remedies = Recommendation.objects.filter(finding__inspection=inspection).aggregate(
        total=Count("pk"), closed=Count("pk", filter=Q(state=RemedyState.CLOSED))
    )
    report = TeamReport.objects.filter(inspection=inspection).values_list("state", flat=True)
    state = report.first()
    return Progress(
        lead=str(lead.user) if lead else "",
        deployed_on=deployed["day"],
        units=units["total"],
        reports=units["sent"],
        findings=findings["total"],
        proven=findings["proven"],
        report=SignState(state) if state else None,
        remedies=remedies["total"],
        remedied=remedies["closed"],
    )
