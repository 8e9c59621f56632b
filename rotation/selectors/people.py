"""Moves of one person, as their file tells them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cadres.selectors.posts import posts_begun
from compliance.selectors.figures import figures_of_units
from compliance.selectors.retirement import whole_months
from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation

if TYPE_CHECKING:
    from cadres.models import Cadre

#: The figure that says how long a tour has to last.
DURATION = {"duration_months": "rotation.duration.minimum_months"}


@dataclass(frozen=True)
class Tour:
    """A move with its length up to the day of view.

    `minimum_months`: how long a tour of duty has to last by the figures of the day of view, None
    where nothing names a figure or the move is no tour; `reached_on`: when it did or will last so
    long.
    """

    rotation: Rotation
    months: int | None
    minimum_months: int | None
    reached_on: dt.date | None
    citations: list[dict[str, Any]]


def tours_of(cadre: Cadre, as_of: dt.date) -> list[Tour]:
    """Moves of a person whom the actor may see, latest first; two queries, one without any.

    They are part of the career, which names all units somebody served in.
    """
    moves = list(
        Rotation.objects.filter(cadre=cadre)
        .select_related("from_unit", "from_title", "to_unit", "to_title")
        .order_by("-start_on", "-pk")
    )
    moves.sort(key=lambda move: move.start_on or dt.date.max, reverse=True)
    judged = [m for m in moves if m.kind == RotationKind.ROTATION and m.start_on]
    figures = figures_of_units({m.to_unit for m in judged}, DURATION, as_of)
    return [_tour(move, figures, as_of) for move in moves]


def tour_of(move: Rotation, as_of: dt.date) -> Tour:
    """One move with its length up to the day of view; two queries."""
    return _tour(move, figures_of_units([move.to_unit], DURATION, as_of), as_of)


def later_posts(move: Rotation, as_of: dt.date) -> list[Any]:
    """What the person became: posts that began when the tour ended or later, up to the day."""
    if move.ended_on is None:
        return []
    return list(posts_begun(move.cadre_id, move.ended_on, as_of))


def _tour(move: Rotation, figures: dict[int, Any], as_of: dt.date) -> Tour:
    start = move.start_on
    done = start is not None and is_done(move)
    months = whole_months(start, min(move.ended_on or as_of, as_of)) if start and done else None
    if start is None or move.kind != RotationKind.ROTATION or not done:
        return Tour(move, months, None, None, [])
    value, citations = figures[move.to_unit_id]["duration_months"]
    reached = after_months(start, value) if value else None
    return Tour(move, months, value, reached, citations)


def is_done(move: Rotation) -> bool:
    """Whether the person went: not only proposed, and neither declined nor cancelled."""
    return move.status in (RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED)


def after_months(start: dt.date, months: int) -> dt.date:
    """The first day on which so many whole months have passed."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return start.replace(year=year, month=month + 1)
    except ValueError:  # the month is shorter: the day after its last one
        return dt.date(year, month + 2, 1)
