"""What other rooms do when units are reorganised: they register here and are never imported.

A room registers a `Carrier`. Its preview and its act get the same `Carry`, so that what was shown
is what is done; what it did it returns as JSON and takes back from that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Model


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A unit that ends, and the codes of the units that carry on."""

    unit_id: int
    code: str
    name: str
    successors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Carry:
    """A reorganisation as other rooms need to know it.

    `posts`: title ids that each unit of the act will have. `abolished`: positions that are no more
    from the day on, though their unit stays. `homes`: where each person of an ending
    unit goes, by (person, ending unit); nobody else is in it. `carries_plans`: whether plans are
    asked to be carried over.
    """

    effective_on: dt.date
    decision_no: str
    endings: tuple[Ending, ...]
    names: Mapping[str, str]
    ids: Mapping[str, int]
    posts: Mapping[str, frozenset[int]]
    abolished: frozenset[int]
    homes: Mapping[tuple[int, int], str]
    carries_plans: bool


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """One line of a preview; `is_warning`: somebody should look at it before."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a room would do: sentences for the person, and everything that decides the act."""

    title: str
    consequences: Sequence[Consequence] = field(default_factory=tuple)
    #: Compared between the preview and the act: where it differs, the person has to look again.
    state: Any = None


class Carrier(Protocol):
    """A room that carries its data over."""

    name: str

    def preview(self, carry: Carry) -> Preview:
        """What `apply` would do."""

    def apply(self, carry: Carry) -> dict[str, Any]:
        """Do it, inside the caller's transaction; `carry.ids` knows new units too. JSON of it."""

    def made(self, done: dict[str, Any], positions: Sequence[int]) -> dict[type[Model], list[int]]:
        """Rows that may disappear with the units and `positions` of the act: ids by model."""

    def undo_obstacles(self, done: dict[str, Any]) -> list[str]:
        """Why what was done cannot be taken back any more; empty when it can."""

    def undo(self, done: dict[str, Any]) -> None:
        """Take it back exactly, inside the caller's transaction."""


class Observer:
    """A carrier that only tells what people have to do: nothing is written, nothing taken back."""

    def apply(self, carry: Carry) -> dict[str, Any]:
        """Nothing to do."""
        return {}

    def made(self, done: dict[str, Any], positions: Sequence[int]) -> dict[type[Model], list[int]]:
        """Nothing was made."""
        return {}

    def undo_obstacles(self, done: dict[str, Any]) -> list[str]:
        """Nothing stands in the way."""
        return []

    def undo(self, done: dict[str, Any]) -> None:
        """Nothing to take back."""


_carriers: dict[str, Carrier] = {}


def register(carrier: Carrier) -> None:
    """Take part in reorganisations; registering a name again replaces it."""
    _carriers[carrier.name] = carrier


def carriers() -> tuple[Carrier, ...]:
    """Everybody who takes part, by name."""
    return tuple(_carriers[name] for name in sorted(_carriers))


def carrier_named(name: str) -> Carrier | None:
    """The one with this name, if it is still there."""
    return _carriers.get(name)
