"""What rooms above add to a person's file: registered when they start, never imported here.

A source reads its own data for one person and answers with a part: words for the head, bands,
lanes of the time line, blocks of the page, the content of a tab. Templates get blocks by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from cadres.models import Appointment, Cadre
    from cadres.policies import Actor

#: Parts of a file by the value of `phan=`; "" is the first. SIDE is the panel beside a list.
SUMMARY, CAREER, TRAINING, EVALUATION = "", "qua-trinh", "dao-tao", "danh-gia"
PLANNING, ROTATION, HISTORY, SIDE = "quy-hoach", "luan-chuyen", "lich-su", "tom-tat"
EVERYWHERE = frozenset({SUMMARY, CAREER, TRAINING, EVALUATION, PLANNING, ROTATION, HISTORY, SIDE})


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose file is looked at, by whom, on which day and in which part (`tab`)."""

    actor: Actor
    cadre: Cadre
    as_of: dt.date
    post: Appointment | None
    is_sensitive_shown: bool
    tab: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a page: a template with its context; `order` among its neighbours.

    `is_wide`: it needs the whole width of the page.
    """

    template: str
    context: Mapping[str, Any]
    order: int = 50
    is_wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A band above the content: what is wrong, and what to do."""

    outcome: str
    title: str
    text: str = ""
    action: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Something the file needs; `field` is the name in the form that mends it, "" for none."""

    text: str
    field: str = ""
    section: str = ""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A row of the time line; items as `{% time_line %}` takes them."""

    label: str | Promise
    items: list[dict[str, Any]]
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class FilePart:
    """What a source adds. `head`: words for the line under the name."""

    head: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    lanes: tuple[Lane, ...] = ()
    main: tuple[Block, ...] = ()
    aside: tuple[Block, ...] = ()
    side: tuple[Block, ...] = ()
    todos: tuple[Todo, ...] = ()
    tab: tuple[Block, ...] = ()
    career_notes: Mapping[int, str] = field(default_factory=dict)
    """Words under an appointment, by its id."""


class FileSource(Protocol):
    """Reads one room's share of a file, in a fixed number of queries."""

    @property
    def name(self) -> str:
        """What the source is called; registering the name again replaces it."""

    @property
    def tabs(self) -> frozenset[str]:
        """In which parts of a file it has something to say."""

    def part(self, subject: Subject) -> FilePart:
        """Its share of the part that is looked at."""


_sources: dict[str, FileSource] = {}


def register(source: FileSource) -> None:
    """Add a source, when a room starts."""
    _sources[source.name] = source


def parts_of(subject: Subject) -> list[FilePart]:
    """What all sources add to the part that is looked at."""
    return [source.part(subject) for source in _sources.values() if subject.tab in source.tabs]


def offers(tab: str) -> bool:
    """Whether some source fills a part that has nothing of this room."""
    return any(tab in source.tabs and source.tabs != EVERYWHERE for source in _sources.values())
