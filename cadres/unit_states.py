"""How a unit's plans stand: counted by a room above, which registers here and is never imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cadres.policies import Actor


@dataclass(frozen=True)
class PlanState:
    """How many plans meet everything, fail somewhere, cannot be judged, were not judged."""

    met: int = 0
    not_met: int = 0
    cannot_tell: int = 0
    unchecked: int = 0

    @property
    def total(self) -> int:
        """All plans."""
        return self.met + self.not_met + self.cannot_tell + self.unchecked

    @property
    def outcome(self) -> str:
        """The worst of them; "" without any that was judged."""
        if self.not_met:
            return "not_met"
        if self.cannot_tell:
            return "cannot_tell"
        return "met" if self.met else ""

    def __add__(self, other: PlanState) -> PlanState:
        return PlanState(
            self.met + other.met,
            self.not_met + other.not_met,
            self.cannot_tell + other.cannot_tell,
            self.unchecked + other.unchecked,
        )


#: Takes the actor, the day and the paths of today's subtrees; gives the state of each unit's own
#: plans by path.
Counter = Callable[[Actor, dt.date, Sequence[str]], dict[str, PlanState]]
_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """Let `counter` say how plans stand."""
    _counters[:] = [counter]


def plan_states(actor: Actor, day: dt.date, paths: Sequence[str]) -> dict[str, PlanState]:
    """State of the own plans of units in subtrees, by path of today."""
    return _counters[0](actor, day, paths) if _counters and paths else {}
