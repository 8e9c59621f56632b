"""The team's report, and what a conclusion rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from inspections.choices import FindingState, SignState, TeamRole
from inspections.models import Finding, Inspection, Objection, Recommendation, TeamReport


def report_of(inspection: Inspection) -> TeamReport | None:
    """The report with who signed it; None before anybody wrote."""
    rows = TeamReport.objects.select_related("synthesised_by", "reviewed_by", "signed_by")
    found: TeamReport | None = rows.filter(inspection=inspection).first()
    return found


@dataclass(frozen=True)
class ConclusionCounts:
    """Approved findings by kind, all by state, and what hangs on them."""

    by_kind: dict[str, int]
    by_state: dict[str, int]
    recommendations: int
    objections: int


def conclusion_counts(inspection: Inspection) -> ConclusionCounts:
    """What the conclusion freezes, counted; three queries."""
    rows = (
        Finding.objects.filter(inspection=inspection)
        .order_by()
        .values_list("state", "kind")
        .annotate(number=Count("pk"))
    )
    by_kind: dict[str, int] = {}
    by_state: dict[str, int] = {}
    for state, kind, count in rows:
        by_state[state] = by_state.get(state, 0) + count
        if state == FindingState.APPROVED:
            by_kind[kind] = by_kind.get(kind, 0) + count
    asked = Recommendation.objects.filter(
        finding__inspection=inspection, finding__state=FindingState.APPROVED
    )
    said = Objection.objects.filter(finding__inspection=inspection)
    return ConclusionCounts(by_kind, by_state, asked.count(), said.count())


# ---- Whose turn it is to sign ----------------------------------------------------------------


def signing_order(inspection: Inspection) -> list[tuple[SignState, tuple[TeamRole, ...]]]:
    """The signatures that this team owes, in their order, and who gives each.

    Without a secretary the deputy or the lead says that the synthesis is done.
    """
    roles = set(inspection.team.values_list("role", flat=True))
    writers: tuple[TeamRole, ...] = (TeamRole.SECRETARY,)
    if TeamRole.SECRETARY not in roles:
        writers = (TeamRole.DEPUTY, TeamRole.LEAD)
    order = [(SignState.SYNTHESISED, writers)]
    if TeamRole.DEPUTY in roles:
        order.append((SignState.REVIEWED, (TeamRole.DEPUTY,)))
    order.append((SignState.SIGNED, (TeamRole.LEAD,)))
    return order


def next_signature(
    inspection: Inspection, report: TeamReport | None
) -> tuple[SignState, tuple[TeamRole, ...]] | None:
    """The signature that is owed next; None once the lead has signed."""
    order = signing_order(inspection)
    states = [SignState.DRAFT, *(state for state, _roles in order)]
    present = SignState(report.state) if report else SignState.DRAFT
    # A deputy who joined or left meanwhile: what stands below still counts.
    ranks = list(SignState)
    for state, roles in order:
        if ranks.index(state) > ranks.index(present):
            return state, roles
    return None if present in states else order[-1]
