"""Rotations of a unit and of those below it, for inspections.

Unscoped: the mandate is asked for there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadres.policies import below
from rotation.choices import RotationKind
from rotation.models import Rotation
from rotation.selectors.flows import took_place

if TYPE_CHECKING:
    from cadres.models import Unit


@dataclass(frozen=True)
class TourSeen:
    """A move of the unit that took place; `way`: "out", "in", or "inside" it."""

    pk: int
    code: str
    name: str
    from_post: str
    to_post: str
    start_on: dt.date
    ended_on: dt.date | None
    way: str
    kind: str
    cadre_id: int


def tours_below(unit: Unit, as_of: dt.date) -> list[TourSeen]:
    """Rotations from or to the unit or below it, begun by the day, oldest first; one query."""
    return _moves(unit, as_of, (RotationKind.ROTATION,))


def moves_below(unit: Unit, since: dt.date, until: dt.date) -> list[TourSeen]:
    """As `tours_below` with transfers and secondments, of those that a period touches."""
    return [
        move
        for move in _moves(unit, until, tuple(RotationKind))
        if move.ended_on is None or move.ended_on >= since
    ]


def _moves(unit: Unit, as_of: dt.date, kinds: tuple[RotationKind, ...]) -> list[TourSeen]:
    leaves, comes = below(unit.path, "from_unit__path"), below(unit.path, "to_unit__path")
    rows = (
        Rotation.objects.filter(took_place(as_of), leaves | comes)
        .filter(kind__in=kinds)
        .select_related("cadre", "from_unit", "from_title", "to_unit", "to_title")
        .order_by("start_on", "pk")
    )
    found = []
    for row in rows:
        if row.start_on is None:
            continue
        goes = row.from_unit.path.startswith(unit.path)
        arrives = row.to_unit.path.startswith(unit.path)
        ended = row.ended_on if row.ended_on and row.ended_on <= as_of else None
        found.append(
            TourSeen(
                pk=row.pk,
                code=row.cadre.code,
                name=row.cadre.full_name,
                from_post=f"{row.from_title.name}, {row.from_unit.name}",
                to_post=f"{row.to_title.name}, {row.to_unit.name}",
                start_on=row.start_on,
                ended_on=ended,
                way="inside" if goes and arrives else "out" if goes else "in",
                kind=row.kind,
                cadre_id=row.cadre_id,
            )
        )
    return found
