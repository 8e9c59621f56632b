"""Who could move where, as numbers: pairs that the hard rules allow, seats, and what is wished.

Pure data, so that a solver, a brute force and a test read the same. Nothing that is proposed rests
on it alone: the rules judge every proposal again (ADR 17).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rotation.proposals.weights import MOVE, POINT, SPARE, Criterion


class Post(NamedTuple):
    """A title in a unit, by ids."""

    unit_id: int
    title_id: int


class Gain(NamedTuple):
    """Points for (or, below zero, against) a pair, with what they are for in one word of ours."""

    criterion: Criterion
    points: int
    about: str = ""


@dataclass(frozen=True)
class Pair:
    """Somebody to a post. `gains`: what speaks for it and against it, whatever else is chosen."""

    cadre_id: int
    leaves: Post
    takes: Post
    gains: tuple[Gain, ...] = ()

    @property
    def points(self) -> int:
        """What the pair is worth by itself."""
        return sum(gain.points for gain in self.gains)


@dataclass(frozen=True)
class Seats:
    """A post: how many may still come before anybody moves; below zero there are too many.

    `points`: for each seat that is filled or left open. A post without a number takes nobody and is
    not counted.
    """

    free: int | None
    points: int = 0


@dataclass(frozen=True)
class Balance:
    """What a unit is still asked to send and to receive."""

    send: int
    receive: int


@dataclass(frozen=True)
class Scales:
    """Points of the balance between units; `is_planned`: whether a plan of the year asks."""

    is_planned: bool = False
    within: int = 0
    beyond: int = 0
    loses: int = 0


@dataclass(frozen=True)
class Problem:
    """Pairs by number, seats by post. `pins`: pairs that have to be chosen; `most`: moves."""

    pairs: tuple[Pair, ...]
    seats: Mapping[Post, Seats] = field(default_factory=dict)
    balances: Mapping[int, Balance] = field(default_factory=dict)
    scales: Scales = Scales()
    pins: frozenset[int] = frozenset()
    most: int | None = None

    # ---- Hard conditions

    def is_allowed(self, chosen: Collection[int]) -> bool:
        """Whether nobody goes to two places, no post gets too many, and not too many move."""
        pairs = [self.pairs[number] for number in chosen]
        if len({pair.cadre_id for pair in pairs}) < len(pairs):
            return False
        if self.most is not None and len(pairs) > self.most:
            return False
        gone, come = Counter(p.leaves for p in pairs), Counter(p.takes for p in pairs)
        return all(n <= self.room(post, gone[post]) for post, n in come.items())

    def room(self, post: Post, gone: int) -> int:
        """How many may come to a post when so many leave it."""
        seats = self.seats.get(post)
        return 0 if seats is None or seats.free is None else max(0, seats.free + gone)

    # ---- Wishes

    def worth(self, chosen: Iterable[int]) -> int:
        """What a choice is worth, in hundredths of a point."""
        pairs = [self.pairs[number] for number in chosen]
        points = sum(pair.points for pair in pairs)
        points += self._of_seats(pairs) + self._of_units(pairs)
        return POINT * points - MOVE * len(pairs)

    def _of_seats(self, pairs: Collection[Pair]) -> int:
        gone, come = Counter(p.leaves for p in pairs), Counter(p.takes for p in pairs)
        points = 0
        for post in gone.keys() | come.keys():
            seats = self.seats.get(post)
            if seats is not None and seats.free is not None:
                left = max(0, seats.free + gone[post] - come[post])
                points -= seats.points * (left - max(0, seats.free))
        return points

    def _of_units(self, pairs: Collection[Pair]) -> int:
        sent = Counter(pair.leaves.unit_id for pair in pairs)
        received = Counter(pair.takes.unit_id for pair in pairs)
        points = 0
        for unit_id in sent.keys() | received.keys():
            points += self.of_unit(unit_id, sent[unit_id], received[unit_id])
        return points

    def of_unit(self, unit_id: int, sent: int, received: int) -> int:
        """Points of one unit that sends and receives so many."""
        scales = self.scales
        if not scales.is_planned:
            return -scales.loses * max(0, sent - received - SPARE)
        asked = self.balances.get(unit_id, Balance(0, 0))
        points = 0
        for n, wanted in ((sent, asked.send), (received, asked.receive)):
            points += scales.within * min(n, wanted) - scales.beyond * max(0, n - wanted)
        return points
