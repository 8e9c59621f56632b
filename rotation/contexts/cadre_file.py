"""Rotations, transfers and secondments on a person's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadres.file_parts import ROTATION, SIDE, SUMMARY, Block, FilePart, Lane, Subject
from cadres.policies import can_edit_cadre
from cadres.selectors.locals import local_flags_of
from cadres.words import post_name, shortened
from compliance.citations import citations_shown
from rotation.choices import RotationKind, RotationStatus
from rotation.contexts.links import address, propose_url, rotation_url
from rotation.policies import can_propose, can_see_rotation
from rotation.selectors import Tour, tours_of

_STATES = {
    RotationStatus.PROPOSED: "cannot_tell",
    RotationStatus.APPROVED: "cannot_tell",
    RotationStatus.DECLINED: "not_applicable",
    RotationStatus.CANCELLED: "not_applicable",
}


class RotationSource:
    """Moves of a person; two queries."""

    name = "rotation"
    tabs = frozenset({SUMMARY, ROTATION, SIDE})

    def part(self, subject: Subject) -> FilePart:
        """Lane, words under the post that a tour led to, the tab."""
        tours = tours_of(subject.cadre, subject.as_of)
        return FilePart(
            lanes=(_lane(tours, subject.as_of),),
            side=(
                Block(
                    template="rotation/_file_side.html",
                    context={"tours": [_row(tour, subject) for tour in tours[:2]]},
                    order=30,
                ),
            )
            if tours
            else (),
            tab=(Block(template="rotation/_file_tours.html", context=_tab(tours, subject)),)
            if subject.tab == ROTATION
            else (),
        )


def _tab(tours: Sequence[Tour], subject: Subject) -> dict[str, Any]:
    """Moves, where the person counts as a local, and what an officer may do about either."""
    code, as_of = subject.cadre.code, subject.as_of
    may_edit = can_edit_cadre(subject.actor, subject.cadre)
    may_propose = may_edit and can_propose(subject.actor)
    return {
        "tours": [_row(tour, subject) for tour in tours],
        "propose_url": propose_url(code, "", as_of) if may_propose else "",
        "flags": local_flags_of(subject.cadre),
        "native": subject.cadre.native_unit,
        "flags_url": address("cadres:local-flags", code, as_of=as_of) if may_edit else "",
    }


def _lane(tours: Sequence[Tour], as_of: dt.date) -> Lane:
    """Tours that took place or are decided; what is only proposed is dashed."""
    items: list[dict[str, Any]] = []
    for tour in tours:
        move = tour.rotation
        if move.start_on is None or move.status in (
            RotationStatus.DECLINED,
            RotationStatus.CANCELLED,
        ):
            continue
        hoped = move.status in (RotationStatus.PROPOSED, RotationStatus.APPROVED)
        kind = str(RotationKind(move.kind).label)
        end = move.ended_on or (move.planned_end_on if hoped else None)
        items.append(
            {
                "kind": "hope" if hoped else "rotation",
                "start": move.start_on,
                "end": end,
                "text": _bar_text(tour, kind),
                "full": _("%(kind)s: %(from)s đến %(to)s")
                % {"kind": kind, "from": move.from_unit.name, "to": move.to_unit.name},
                "mark": tour.reached_on
                if tour.reached_on and tour.reached_on <= (move.ended_on or as_of)
                else None,
                "beside": _reached(tour, as_of),
                "note": str(RotationStatus(move.status).label),
            }
        )
    return Lane(label=_("Luân chuyển"), items=items, order=20)


def _bar_text(tour: Tour, kind: str) -> str:
    if tour.months is None:
        return kind
    where = shortened(tour.rotation.to_unit.name)
    words = {"kind": kind, "unit": f"{where[:1].lower()}{where[1:]}", "n": tour.months}
    if tour.rotation.kind == RotationKind.ROTATION:  # the row is called so already
        return _("Về %(unit)s, %(n)s tháng") % words
    return _("%(kind)s về %(unit)s, %(n)s tháng") % words


def _reached(tour: Tour, as_of: dt.date) -> str:
    if tour.reached_on is None:
        return ""
    words = {"n": tour.minimum_months, "month": f"{tour.reached_on:%m/%Y}"}
    if tour.reached_on <= (tour.rotation.ended_on or as_of):
        return _("đủ %(n)s tháng từ %(month)s") % words
    if tour.rotation.ended_on:
        return _("chưa đủ %(n)s tháng") % words
    return _("đủ %(n)s tháng vào %(month)s") % words


def _row(tour: Tour, subject: Subject) -> dict[str, Any]:
    move = tour.rotation
    short = tour.minimum_months and move.ended_on and (tour.months or 0) < tour.minimum_months
    return {
        "kind": str(RotationKind(move.kind).label),
        "from": post_name(move.from_title.name, move.from_unit.name),
        "to": post_name(move.to_title.name, move.to_unit.name),
        "start": move.start_on,
        "end": move.ended_on,
        "planned_end": move.planned_end_on,
        "months": tour.months,
        "state": str(RotationStatus(move.status).label),
        "outcome": "not_met" if short else _STATES.get(RotationStatus(move.status), "met"),
        "limit": _("cần ít nhất %(n)s tháng") % {"n": tour.minimum_months}
        if tour.minimum_months
        else "",
        "reason": move.decline_reason if subject.is_sensitive_shown else "",
        "url": rotation_url(move.pk, subject.as_of)
        if can_see_rotation(subject.actor, move)
        else "",
        "citations": citations_shown(tour.citations),
    }
