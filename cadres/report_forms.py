"""What can be taken away as a file: rooms register their forms, the page "Báo cáo" lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cadres.policies import Actor


@dataclass(frozen=True, kw_only=True)
class ReportForm:
    """A form: what it is called and about, its formats, and where it is made (`do`: the link)."""

    title: str
    about: str
    formats: str
    url: str
    do: str


@dataclass(frozen=True)
class ReportGroup:
    """Forms under one head."""

    label: str
    forms: Sequence[ReportForm]


Provider = Callable[[Actor, dt.date], ReportGroup]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Add the forms of a room; the same name again changes nothing."""
    _providers[name] = provider


def report_groups(actor: Actor, as_of: dt.date) -> list[Any]:
    """The forms of the rooms that registered some, in the order of their names."""
    found = (_providers[name](actor, as_of) for name in sorted(_providers))
    return [group for group in found if group.forms]
