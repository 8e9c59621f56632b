"""What a list may add beyond the files of people: rooms above enter a handler for it.

The plans of a unit stand above this room, so it only knows that there are handlers: each says what
it would do (into temporary tables, inside the transaction), does it, and tells what stands in the
way of taking it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.backends.utils import CursorWrapper

from cadres.models import ListImport, Unit
from cadres.policies import Actor


@dataclass(frozen=True)
class Term:
    """A term that proposals of a list can be for; `obstacle` says why not, or is empty.

    `notice` is said wherever the list is shown: that an approved plan would change.
    """

    code: str
    label: str
    obstacle: str = ""
    notice: str = ""
    is_proposed: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that writing the list does to a person: what, from what, to what."""

    person_row: int
    label: str
    old: str = ""
    new: str = ""
    note: str = ""


@dataclass
class Written:
    """Rows of one model that were written: new ones by id, changed ones as they were before."""

    model: str
    created: list[int] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)


class Handler(Protocol):
    """What a room above does with a list. `staged_people` is there when `stage` is called."""

    name: str

    def terms(self, actor: Actor, unit: Unit, day: dt.date) -> Sequence[Term]:
        """Terms that a list of the unit can propose people for, the likeliest marked."""
        ...

    def stage(self, cursor: CursorWrapper, list_import: ListImport) -> None:
        """Make temporary tables of what would be done, out of `staged_people`."""
        ...

    def lock(self, cursor: CursorWrapper, list_import: ListImport) -> None:
        """Lock what is going to change, before it is staged."""
        ...

    def fingerprint(self, cursor: CursorWrapper) -> str:
        """The same for the same staged changes."""
        ...

    def counts(self, cursor: CursorWrapper) -> dict[str, int]:
        """Number of staged changes by kind."""
        ...

    def changed_rows(self) -> str:
        """SELECT of `person_row` of people with staged changes."""
        ...

    def lines(self, cursor: CursorWrapper) -> Iterable[Line]:
        """The staged changes in words."""
        ...

    def write(self, cursor: CursorWrapper, list_import: ListImport) -> Sequence[Written]:
        """Write what was staged; the tables of people are written before."""
        ...

    def obstacles(self, list_import: ListImport) -> Iterable[tuple[int, str]]:
        """Why the list cannot be taken back any more: person (0: none in particular), sentence."""
        ...

    def before_undo(self, cursor: CursorWrapper, list_import: ListImport) -> None:
        """Remove what the database itself made beside the written rows."""
        ...

    def after(self, *, cadre_ids: Sequence[int], list_import: ListImport) -> None:
        """Called when files were written or taken back, inside the transaction."""
        ...


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Enter a handler. A name is entered once."""
    if handler.name in _handlers:
        raise ValueError(f"Handler {handler.name} is registered twice.")
    _handlers[handler.name] = handler


def all_handlers() -> list[Handler]:
    """Every handler."""
    return list(_handlers.values())


def terms_of(actor: Actor, unit: Unit, day: dt.date) -> list[Term]:
    """Terms that a list of `unit` can propose people for."""
    return [term for handler in all_handlers() for term in handler.terms(actor, unit, day)]
