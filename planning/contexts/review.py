"""The yearly review of a plan: everybody in it stays or leaves; and what a draft leads to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor, can_see_sensitive
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding
from planning.choices import CycleKind, DraftAct, RemovalReason
from planning.contexts import links
from planning.models import Dossier, DraftItem, Nomination, Plan
from planning.policies import can_edit_plan, pools_of_own
from planning.selectors import dossiers as reads
from planning.selectors.drafts import draft_change
from planning.selectors.review import ReviewFacts, review_facts
from planning.services import plan_check

#: So many sentences stand beside a dossier; the rest is counted.
_SHOWN = 8

#: The reason that a finding speaks for, by rule. Law: qd-50-2021, qd-377-2025.
_REASONS = {
    "planning.discipline": RemovalReason.DISCIPLINE,
    "planning.evaluation": RemovalReason.TASKS,
    "planning.remaining_service": RemovalReason.OVER_AGE,
    "planning.qualification": RemovalReason.STANDARDS,
}


def warnings(actor: Actor, dossier: Dossier, as_of: dt.date) -> dict[str, Any]:
    """What the engine finds once the draft is applied: numbers, and the first sentences."""
    change = draft_change(dossier, as_of)
    tells = can_see_sensitive(actor, dossier.plan.unit)
    findings = [
        finding
        for finding in plan_check(
            plan=dossier.plan, as_of=as_of, added=change.added, removed=change.removed
        )
        if tells or not finding.rule.sensitive
    ]
    counted = {
        outcome: sum(finding.outcome == outcome for finding in findings)
        for outcome in (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET)
    }
    bad = [finding for finding in findings if finding.outcome == Outcome.NOT_MET]
    return {
        "warnings": {
            "not_met": counted[Outcome.NOT_MET],
            "cannot_tell": counted[Outcome.CANNOT_TELL],
            "met": counted[Outcome.MET],
            "lines": [
                {
                    "title": finding.rule.title,
                    "subject": finding.labels.cadre_name or finding.labels.title_name or "",
                    "message": finding.message,
                }
                for finding in bad[:_SHOWN]
            ],
            "more": max(len(bad) - _SHOWN, 0),
        }
    }


def plan_review(actor: Actor, plan: Plan, as_of: dt.date) -> dict[str, Any]:
    """The review on the page of a plan; `dossier` None where no review is under way."""
    dossier = reads.dossier_open_of(plan)
    if dossier is None or dossier.cycle.kind != CycleKind.REVIEW:
        return {"dossier": None}
    return {
        "acts": acts(),
        **review_part(
            actor,
            dossier,
            standing=reads.standing_nominations(plan),
            items=reads.items_of(dossier),
            as_of=as_of,
            may_edit=can_edit_plan(actor, plan) and dossier.is_open,
        ),
    }


def review_part(
    actor: Actor,
    dossier: Dossier,
    *,
    standing: Sequence[Nomination],
    items: Sequence[DraftItem],
    as_of: dt.date,
    may_edit: bool,
    typed: Mapping[int, Mapping[str, str]] | None = None,
    errors: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """Everybody in the plan by title, with what speaks for leaving; `typed`: by nomination id."""
    decided = {item.nomination_id: item for item in items if item.nomination_id}
    facts = review_facts(actor, dossier.plan, standing, as_of)
    own = pools_of_own(actor, dossier.plan)
    findings = in_the_way(actor, dossier, as_of)
    is_told = can_see_sensitive(actor, dossier.plan.unit)
    groups: dict[int, dict[str, Any]] = {}
    for row in standing:
        group = groups.setdefault(
            row.pool_id,
            {
                "title": str(row.pool.position.title),
                "is_own": may_edit and row.pool_id in own,
                "rows": [],
            },
        )
        found = findings.get(row.pk, [])
        group["rows"].append(
            {
                "nomination": row,
                "name": row.cadre.full_name,
                "url": links.cadre_url(row.cadre.code, as_of) if facts[row.pk].is_open else "",
                "facts": _facts(facts[row.pk]),
                "grades": facts[row.pk].grades,
                "notes": [{"outcome": f.outcome.code, "text": f.message} for f in found],
                "error": (errors or {}).get(row.pk, ""),
                "locked": not may_edit or row.pool_id in own,
                **_choice(
                    row, decided.get(row.pk), found, (typed or {}).get(row.pk), is_told=is_told
                ),
            }
        )
    return {
        "dossier": dossier,
        "groups": list(groups.values()),
        "reasons": RemovalReason.choices,
        "may_edit": may_edit,
        "left": len(standing) - len(decided),
        "total": len(standing),
    }


def in_the_way(actor: Actor, dossier: Dossier, as_of: dt.date) -> dict[int, list[Finding]]:
    """What is not in order with each nomination that stands; one check."""
    tells = can_see_sensitive(actor, dossier.plan.unit)
    found: dict[int, list[Finding]] = {}
    for finding in plan_check(plan=dossier.plan, as_of=as_of):
        is_told = tells or not finding.rule.sensitive
        is_open = finding.outcome >= Outcome.CANNOT_TELL
        if finding.kind == SubjectKind.NOMINATION and is_open and is_told:
            found.setdefault(finding.subject_id, []).append(finding)
    return found


def _facts(facts: ReviewFacts) -> str:
    parts = [facts.post]
    if facts.birth:
        parts.append(_("sinh %(day)s") % {"day": facts.birth})
    parts.append(_("quy hoạch từ %(day)s") % {"day": formats.date(facts.nominated_on)})
    return " · ".join(filter(None, parts))


def _choice(
    row: Nomination,
    item: DraftItem | None,
    found: Sequence[Finding],
    typed: Mapping[str, str] | None,
    *,
    is_told: bool,
) -> dict[str, str]:
    """What is chosen: as typed, else as saved, else nothing with a reason proposed."""
    if typed is not None:
        return {"act": typed["act"], "reason": typed["reason"], "note": typed["note"]}
    if item is not None:
        reason, note = (item.reason, item.note) if is_told else ("", "")
        return {"act": item.act, "reason": reason, "note": note}
    failed = [f for f in found if f.outcome == Outcome.NOT_MET]
    proposed = next((_REASONS[f.rule.code] for f in failed if f.rule.code in _REASONS), "")
    return {"act": "", "reason": proposed, "note": ""}


def acts() -> list[tuple[str, str]]:
    """What can be chosen for somebody in the plan."""
    return [
        (DraftAct.KEEP, str(DraftAct.KEEP.label)),
        (DraftAct.REMOVE, str(DraftAct.REMOVE.label)),
    ]
