"""Tours that run on a day and come to their end: overdue, ending, long enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from cadres.policies import Actor, below
from compliance.choices import Outcome
from rotation.choices import NeedReason, RotationKind
from rotation.selectors.flows import under_way
from rotation.selectors.need import SOON_MONTHS, Need
from rotation.selectors.people import after_months
from rotation.selectors.turns import Turn, TurnState, turns_among

#: Moves that one comes back from.
TOURS = (RotationKind.ROTATION, RotationKind.SECONDMENT)


def running_tours(actor: Actor, day: dt.date, path: str = "") -> list[Turn]:
    """Tours that run on the day; `path`: from or to units below it; two queries."""
    where = under_way(day) & Q(kind__in=TOURS)
    if path:
        where &= below(path, "from_unit__path") | below(path, "to_unit__path")
    return turns_among(actor, day, where)


def tour_needs(turns: Iterable[Turn], day: dt.date, within: int = SOON_MONTHS) -> list[Need]:
    """Needs of those among the turns that run: overdue, ending within so many months, or having
    lasted long enough.
    """
    until = after_months(day, within)
    return [
        _need(turn, reason)
        for turn in turns
        if turn.state == TurnState.AWAY
        and turn.kind in TOURS
        and (reason := _reason(turn, day, until)) is not None
    ]


def _reason(turn: Turn, day: dt.date, until: dt.date) -> NeedReason | None:
    end = turn.planned_end_on
    if end is not None and end < day:
        return NeedReason.TOUR_LATE
    if end is not None and end <= until:
        return NeedReason.TOUR_ENDING
    is_enough = turn.minimum is not None and (turn.months or 0) >= turn.minimum
    return NeedReason.TOUR_REACHED if is_enough else None


def _need(turn: Turn, reason: NeedReason) -> Need:
    return Need(
        reason=reason,
        outcome=Outcome.NOT_MET if reason == NeedReason.TOUR_LATE else None,
        code=turn.code,
        name=turn.name,
        title=turn.end.title_name,
        unit=turn.end.unit_name,
        months=turn.months,
        limit=turn.minimum,
        due_on=turn.planned_end_on,
        rotation_id=turn.rotation_id,
        is_open=turn.is_open,
    )
