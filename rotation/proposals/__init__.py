"""Phương án luân chuyển: whom to move where from a day on, for a person to choose.

Nothing is applied. Every pair that is proposed has been judged by the rules again; where they
disagree it is not shown (ADR 17).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cadres.policies import Actor
from rotation.proposals.answer import Pin, Proposal, RefusedPin, Row, Unfilled, UnitBalance
from rotation.proposals.finding import Finding
from rotation.proposals.pairs import Bans, Ground
from rotation.proposals.problem import Balance, Gain
from rotation.proposals.weights import Criterion, Emphasis, Weights
from rotation.selectors.movable import Wanted, movable_on
from rotation.selectors.plans import RECEIVE, SEND, UnitProgress, plan_of_year, progress_of


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the user asks: when, whom and where, what matters, what stays and what is ruled out."""

    start_on: dt.date
    wanted: Wanted = field(default_factory=Wanted)
    weights: Weights = field(default_factory=Weights)
    pins: tuple[Pin, ...] = ()
    bans: Bans = field(default_factory=Bans)
    most: int | None = None


def propose(actor: Actor, wish: Wish) -> Proposal:
    """The best moves that begin on a day, out of everybody whom the actor may see.

    The caller has asked whether the actor may plan. Law: that of the day on which tours begin.
    """
    always = frozenset(cadre_id for cadre_id, _unit, _title in wish.pins)
    wanted = replace(wish.wanted, always=wish.wanted.always | always)
    movable = movable_on(actor, wish.start_on, wanted)
    plan = plan_of_year(wish.start_on.year)
    progress = progress_of(actor, plan) if plan else []
    ground = Ground(
        start_on=wish.start_on,
        movable=movable,
        weights=wish.weights,
        bans=wish.bans,
        pins=frozenset(wish.pins),
        receiving=wanted.receiving,
        asked=_asked(progress) if plan else None,
        most=wish.most,
    )
    return Finding(ground, plan, progress).proposal(wish.pins)


def _asked(progress: Sequence[UnitProgress]) -> dict[int, Balance]:
    return {each.unit.pk: Balance(each.missing(SEND), each.missing(RECEIVE)) for each in progress}


__all__ = [
    "Bans",
    "Criterion",
    "Emphasis",
    "Gain",
    "Pin",
    "Proposal",
    "RefusedPin",
    "Row",
    "Unfilled",
    "UnitBalance",
    "Wanted",
    "Weights",
    "Wish",
    "propose",
]
