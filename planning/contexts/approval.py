"""A plan as it was approved beside what it is on a day, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags import formats
from cadres.choices import Degree, Theory
from cadres.policies import Actor
from cadres.selectors.cadres import cadres_visible
from compliance.engine.registry import rule_by_code
from planning.contexts import links
from planning.models import Plan
from planning.selectors import snapshots
from planning.selectors.snapshots import OutcomeChange, PersonChange
from planning.services.snapshots import findings_json

_LABELS = {
    "post": gettext_lazy("chức vụ"),
    "degree": gettext_lazy("trình độ chuyên môn"),
    "theory": gettext_lazy("lý luận chính trị"),
    "birth_date": gettext_lazy("ngày sinh"),
    "retires_on": gettext_lazy("ngày nghỉ hưu theo quyết định"),
}


def since_approval(actor: Actor, plan: Plan, as_of: dt.date) -> dict[str, Any]:
    """What differs from the latest approval; `snapshot` None where none was kept."""
    snapshot = snapshots.snapshot_of(plan)
    if snapshot is None:
        return {"snapshot": None}
    people = snapshots.people_changes(snapshot.people, snapshots.people_of(plan, as_of))
    codes = [change.code for change in people]
    opened = set(cadres_visible(actor).filter(code__in=codes).values_list("code", flat=True))
    outcomes = snapshots.outcome_changes(actor, plan, snapshot.findings, findings_json(plan, as_of))
    return {
        "snapshot": snapshot,
        "count": len(people) + len(outcomes),
        "people": [person_change_row(change, opened, as_of) for change in people],
        "outcomes": [_outcome(change) for change in outcomes],
        "before_count": len({row["cadre"] for row in snapshot.people}),
    }


def person_change_row(change: PersonChange, opened: set[str], as_of: dt.date) -> dict[str, Any]:
    """Who joined, left, or of whom facts changed: `was` and `now` in words."""
    before, now = change.before, change.now
    if before is None:
        was, is_now = _("không có"), _("được đưa vào")
    elif now is None:
        was, is_now = _("có trong quy hoạch"), _("không còn")
    else:
        was = "; ".join(_fact(before, name) for name in change.facts)
        is_now = "; ".join(_fact(now, name) for name in change.facts)
    return {
        "name": change.name,
        "url": links.cadre_url(change.code, as_of) if change.code in opened else "",
        "title": change.title,
        "was": was,
        "now": is_now,
    }


def _fact(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None or value == "":
        shown = _("chưa có")
    elif name in ("degree", "theory"):
        shown = str((Degree if name == "degree" else Theory)(value).label).lower()
    elif name in ("birth_date", "retires_on"):
        day = dt.date.fromisoformat(value)
        precision = row.get("birth_precision", "day") if name == "birth_date" else "day"
        shown = formats.date(day, precision)
    else:
        shown = str(value)
    return f"{_LABELS[name]}: {shown}"


def _outcome(change: OutcomeChange) -> dict[str, Any]:
    return {
        "rule": rule_by_code(change.rule).title,
        "subject": change.subject,
        "was": change.before["outcome"],
        "now": change.now["outcome"],
        "was_text": change.before["message"],
        "now_text": change.now["message"],
    }
