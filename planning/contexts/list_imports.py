"""Plans beside the result of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cadres.policies import Actor, can_see_sensitive
from compliance.choices import Outcome
from planning.contexts import links, words
from planning.models import Plan
from planning.services import plan_check


def plan_lines(actor: Actor, plans: Iterable[Plan], as_of: dt.date) -> list[dict[str, Any]]:
    """Each plan with what it fails, those that fail first."""
    found = [_line(actor, plan, as_of) for plan in plans]
    return sorted(found, key=lambda line: not line["is_failing"])


def _line(actor: Actor, plan: Plan, as_of: dt.date) -> dict[str, Any]:
    findings = [
        finding
        for finding in plan_check(plan=plan, as_of=as_of)
        if finding.outcome == Outcome.NOT_MET
        and (not finding.rule.sensitive or can_see_sensitive(actor, plan.unit))
    ]
    outcome = Outcome.NOT_MET if findings else Outcome.MET
    titles = list(dict.fromkeys(str(finding.rule.title) for finding in findings))
    return {
        "unit": str(plan.unit),
        "term": str(plan.term),
        "url": links.plan_url(plan.pk, as_of),
        "status": plan.get_status_display(),
        "outcome": outcome.code,
        "text": words.outcome_sentence(outcome)
        if not findings
        else _("%(n)d chỗ chưa đạt") % {"n": len(findings)},
        "failing": ", ".join(titles[:4]),
        "is_failing": bool(findings),
    }
