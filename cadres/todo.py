"""What waits for somebody: rooms register what they know of, "Việc của tôi" shows it together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cadres.policies import Actor


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing to do. `group`: the head it stands under; `due_on`: the day it is due, if any.

    `count` > 1: the line stands for several, which `url` leads to.
    """

    group: str
    text: str
    url: str
    under: str = ""
    due_on: dt.date | None = None
    count: int = 1


Provider = Callable[[Actor, dt.date], Iterable[Todo]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Add what a room knows of; the same name again changes nothing."""
    _providers[name] = provider


def todos_of(actor: Actor, today: dt.date) -> list[Todo]:
    """Everything that waits for the actor: the overdue first, then by day, then without a day."""
    found = [todo for provider in _providers.values() for todo in provider(actor, today)]
    return sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or dt.date.max))
