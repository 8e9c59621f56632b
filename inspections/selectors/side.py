"""What waits for an inspected unit in one inspection, counted."""

from __future__ import annotations

from dataclasses import dataclass

from cadres.policies import Actor, can_see_sensitive
from inspections.choices import RemedyState
from inspections.models import InspectedUnit, Recommendation
from inspections.selectors.findings import shown_to_unit
from inspections.selectors.followup import asked_of
from inspections.selectors.minutes import side_minutes


@dataclass(frozen=True)
class SideCounts:
    """Findings on the unit that it may read, minutes that it is to sign, recommendations left."""

    findings: int
    to_sign: int
    remedies: int


def side_counts(actor: Actor, inspected: InspectedUnit) -> SideCounts:
    """Three queries."""
    findings = shown_to_unit(inspected)
    if not can_see_sensitive(actor, inspected.unit):
        findings = findings.filter(is_sensitive=False)
    left = Recommendation.objects.filter(asked_of(inspected)).exclude(state=RemedyState.CLOSED)
    return SideCounts(
        findings=findings.count(),
        to_sign=side_minutes(inspected).filter(inspected_unit=inspected, is_signed=False).count(),
        remedies=left.count() if inspected.inspection.is_concluded else 0,
    )
