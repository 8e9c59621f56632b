"""What a search for moves found, in rows that a page can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rotation.choices import NeedReason
from rotation.models import RotationPlan
from rotation.proposals.problem import Gain
from rotation.proposals.weights import NEEDS
from rotation.selectors.judging import JudgedMove
from rotation.selectors.movable import Movable, Person, Seat, Stopped
from rotation.selectors.plans import UnitProgress

#: Ids of a person, a unit and a title.
Pin = tuple[int, int, int]


@dataclass(frozen=True)
class Row:
    """One proposed move.

    `waits_for`: who has to leave the post first, in the same proposal. `leaves_open`: nobody comes
    to the post that is left, of those that are filled now.
    """

    person: Person
    seat: Seat
    gains: tuple[Gain, ...]
    judged: JudgedMove
    equivalent: str
    waits_for: tuple[Person, ...]
    leaves_open: bool
    is_pinned: bool

    @property
    def points(self) -> int:
        """What it is worth by itself."""
        return sum(gain.points for gain in self.gains)

    def answers(self, reason: NeedReason) -> bool:
        """Whether the move answers a need of the person."""
        return any(
            gain.criterion == NEEDS[reason][0] and gain.about == reason for gain in self.gains
        )


@dataclass(frozen=True)
class Unfilled:
    """Somebody whom the proposal leaves where they are, and why."""

    person: Person
    why: str


@dataclass(frozen=True)
class RefusedPin:
    """A pair that was to stay and cannot: by itself (`why`), or beside the others (`with_pins`)."""

    pin: Pin
    why: str


@dataclass(frozen=True)
class UnitBalance:
    """What the proposal does to a unit; `progress` None: no plan of the year."""

    unit_id: int
    code: str
    name: str
    sent: int
    received: int
    progress: UnitProgress | None


@dataclass(frozen=True)
class Proposal:
    """What was found. `is_best`: no choice is worth more.

    `is_found`: whether the solver gave any answer within its effort. `refused`: pins that cannot be
    met by themselves. `clash`: pins that cannot be met together, of which any one less could;
    `clash_with_limit`: unless more may move. Then `rows` are the closest. `is_trimmed`: of some
    people only the best places were weighed.
    """

    rows: tuple[Row, ...]
    unfilled: tuple[Unfilled, ...]
    movable: Movable
    plan: RotationPlan | None
    is_best: bool
    is_found: bool
    balances: tuple[UnitBalance, ...] = ()
    still_open: tuple[tuple[Seat, int], ...] = ()
    refused: tuple[RefusedPin, ...] = ()
    clash: tuple[Pin, ...] = ()
    clash_with_limit: bool = False
    weighed: int = 0
    is_trimmed: bool = False

    @property
    def stopped(self) -> Sequence[Stopped]:
        """Who cannot be moved on the day at all."""
        return self.movable.stopped
