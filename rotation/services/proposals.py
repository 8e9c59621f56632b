"""Proposals of the solver become proposals of the portal: all that were chosen, or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadres.policies import Actor, require
from cadres.services.cadres import cadre_lock
from cadres.services.moves import Post, seats_lock
from compliance.selectors.figures import figures_of_units
from rotation.choices import NeedKind, RotationKind
from rotation.models import Rotation
from rotation.policies import can_plan
from rotation.proposals import Pin, Proposal, Row, Wanted, Wish, propose
from rotation.proposals.words import reasons_of
from rotation.selectors.need import KINDS
from rotation.selectors.people import DURATION, after_months
from rotation.services.process import RotationRefused, rotation_propose

NOTE_LENGTH = 1000


@transaction.atomic
def proposals_make(*, actor: Actor, start_on: dt.date, pins: Sequence[Pin]) -> list[Rotation]:
    """Propose every chosen move (ids of person, unit, title) from a day on, in one transaction.

    People and posts are held and the moves judged again by themselves, so that what changed
    meanwhile, or a seat that only somebody frees who was not chosen, is told. Raises
    PermissionDenied, RotationRefused with all reasons.
    """
    require(can_plan(actor))
    if not pins:
        raise RotationRefused([_("Chưa chọn ai. Hãy đánh dấu ở đầu dòng.")])
    for cadre_id in sorted({cadre_id for cadre_id, _unit, _title in pins}):
        cadre_lock(cadre_id)
    seats_lock([Post(unit_id, title_id) for _cadre, unit_id, title_id in pins])
    wish = Wish(start_on=start_on, wanted=Wanted(groups=frozenset()), pins=tuple(pins))
    found = propose(actor, wish)
    reasons = _refusals(found, pins)
    made = []
    for row in found.rows if not reasons else ():
        try:
            made.append(rotation_propose(actor=actor, values=_values(row, found, start_on)))
        except ValidationError as error:
            reasons += [f"{row.person.name}: {text}" for text in error.messages]
        except RotationRefused as refused:
            reasons += [f"{row.person.name}: {text}" for text in refused.reasons]
    if reasons:
        raise RotationRefused(reasons)
    return made


def _refusals(found: Proposal, pins: Sequence[Pin]) -> list[str]:
    """Why not all of the chosen can be proposed."""
    names = {person.cadre_id: person.name for person in found.movable.people}
    names |= {each.person.cadre_id: each.person.name for each in found.stopped}
    reasons = [f"{names.get(each.pin[0], '–')}: {each.why}" for each in found.refused]
    if found.clash:
        people = ", ".join(dict.fromkeys(names.get(pin[0], "–") for pin in found.clash))
        reasons.append(
            _("%(people)s: không cùng làm được, vì tranh nhau một chỗ hoặc một người hai nơi.")
            % {"people": people}
        )
    if not reasons and len(found.rows) != len(set(pins)):
        reasons.append(_("Dữ liệu vừa thay đổi. Hãy tìm lại phương án."))
    return reasons


def _values(row: Row, found: Proposal, start_on: dt.date) -> dict[str, object]:
    person, seat = row.person, row.seat
    minimum, _cited = figures_of_units([seat.unit], DURATION, start_on)[seat.unit.pk][
        "duration_months"
    ]
    return {
        "cadre_id": person.cadre_id,
        "kind": RotationKind.ROTATION,
        "from_unit": person.unit,
        "from_title": person.title,
        "to_unit": seat.unit,
        "to_title": seat.title,
        "start_on": start_on,
        "planned_end_on": after_months(start_on, minimum) if minimum else None,
        "plan": found.plan,
        "need": _need(row),
        "need_note": "; ".join(reasons_of(row))[:NOTE_LENGTH],
    }


def _need(row: Row) -> str:
    """The first reason that the move answers; else that the post lacks somebody."""
    covered = [KINDS[reason] for reason in row.person.reasons if row.answers(reason)]
    if covered:
        return covered[0].value
    return (NeedKind.VACANCY if row.seat.free > 0 else NeedKind.OTHER).value
