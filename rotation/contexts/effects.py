"""What a rotation does to both units, as its page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor, sees_everything
from cadres.words import post_name
from compliance.choices import Outcome, SubjectKind
from planning.contexts.links import plan_url
from planning.contexts.words import measured_text
from rotation.contexts.links import unit_url
from rotation.services.effects import Change, PlanEffect, RotationEffect, SeatEffect

#: From good to bad.
_ORDER = (Outcome.MET, Outcome.NOT_APPLICABLE, Outcome.CANNOT_TELL, Outcome.NOT_MET)


def effect_context(actor: Actor, effect: RotationEffect | None, as_of: dt.date) -> dict[str, Any]:
    """Context of `rotation/_effect.html`."""
    if effect is None:
        return {"effect": None}
    shown = [(plan, _shown(plan.changes)) for plan in effect.plans]
    return {
        "effect": effect,
        "lede": _lede([change for _plan, changes in shown for change in changes], effect),
        "plans": [
            {
                "label": str(plan.plan),
                "url": plan_url(plan.plan.pk, effect.on),
                "rows": [_row(change) for change in changes],
            }
            for plan, changes in shown
            if changes
        ],
        "same": _same([plan for plan, changes in shown if not changes]),
        "seats": [_seat(seat, as_of) for seat in effect.seats],
        "is_part": not sees_everything(actor),
    }


def _shown(changes: Sequence[Change]) -> list[Change]:
    """Of single people only what turns: their numbers say little beside it."""
    return [c for c in changes if c.turns or c.after.kind != SubjectKind.NOMINATION]


def _lede(changes: Sequence[Change], effect: RotationEffect) -> str:
    steps = [_ORDER.index(c.after.outcome) - _ORDER.index(c.before.outcome) for c in changes]
    worse, better = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    if not effect.plans:
        return _("Không có kế hoạch quy hoạch nào đang thực hiện ở hai nơi.")
    if not worse and not better:
        return _("Không kết quả nào của quy hoạch đổi.")
    said = []
    if better:
        said.append(_("%(n)s kết quả tốt lên") % {"n": better})
    if worse:
        said.append(_("%(n)s kết quả kém đi") % {"n": worse})
    return "; ".join(said) + "."


def _row(change: Change) -> dict[str, Any]:
    finding = change.after
    labels = finding.labels
    who = ", ".join(filter(None, (labels.cadre_name, labels.title_name)))
    before, after = (
        measured_text(each.rule.code, each.measured, unit=True)
        if each.kind != SubjectKind.NOMINATION
        else ""
        for each in (change.before, finding)
    )
    return {
        "title": finding.rule.title,
        "who": who,
        "before": change.before.outcome.code,
        "after": finding.outcome.code,
        "numbers": f"{before} → {after}" if before != after else "",
        "message": finding.message,
        "citations": finding.citations,
        "turns": change.turns,
    }


def _same(plans: Sequence[PlanEffect]) -> str:
    names = "; ".join(str(plan.plan) for plan in plans)
    return _("Không đổi: %(plans)s.") % {"plans": names} if names else ""


def _seat(seat: SeatEffect, as_of: dt.date) -> dict[str, Any]:
    words = {"before": seat.before, "after": seat.after, "n": seat.prescribed}
    outcome, text = "not_applicable", _("chưa có số quy định")
    if seat.prescribed is not None:
        vacant = seat.prescribed - seat.after
        text = _("quy định %(n)s") % words
        outcome = "met" if vacant == 0 else "cannot_tell" if vacant > 0 else "not_met"
        if vacant > 0:
            text += ", " + _("còn trống %(n)s") % {"n": vacant}
        elif vacant < 0:
            text += ", " + _("thừa %(n)s") % {"n": -vacant}
    return {
        "label": post_name(seat.title.name, seat.unit.name),
        "url": unit_url(seat.unit.code, as_of),
        "change": f"{formats.number(seat.before)} → {formats.number(seat.after)}"
        if seat.before != seat.after
        else formats.number(seat.after),
        "outcome": outcome,
        "text": text,
    }
