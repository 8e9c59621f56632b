"""Keeps a plan as it was approved: who was in it, by which facts, and what was found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cadre_portal.common import clock
from compliance.choices import SubjectKind
from compliance.law import load_law
from planning.models import Dossier, Plan, PlanSnapshot
from planning.selectors.snapshots import people_of
from planning.services.checks import plan_check


def snapshot_take(*, dossier: Dossier) -> PlanSnapshot:
    """The snapshot of a dossier that was just approved, as of its decision's day."""
    as_of = dossier.decision_on or clock.today()
    return PlanSnapshot.objects.create(
        plan=dossier.plan,
        dossier=dossier,
        as_of=as_of,
        law_fingerprint=load_law().fingerprint,
        people=people_of(dossier.plan, as_of),
        findings=findings_json(dossier.plan, as_of),
        taken_at=clock.now(),
    )


def findings_json(plan: Plan, as_of: dt.date) -> list[dict[str, Any]]:
    """Findings on a plan and its titles and people on a day, in the shape of CONTRACT section 3.

    `is_sensitive`: the rule tells of data that only some roles may see.
    """
    return [
        {**finding.as_json(as_of), "is_sensitive": finding.rule.sensitive}
        for finding in plan_check(plan=plan, as_of=as_of)
        if finding.kind != SubjectKind.NOMINATION or finding.outcome.code != "not_applicable"
    ]
