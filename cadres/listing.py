"""What the list of people and the search box show: columns, filters, kinds of things found.

Rooms above know facts about people that this one may not import (who is in a plan, when one
retires). They enter their columns, filters and kinds here when the portal starts, as they enter
their sheets of the exchange workbook. Everything is a piece of the one statement that reads a
page: an annotation, a condition, an order. So the number of queries does not depend on who enters
what, and a file of 50,000 people is one statement as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.utils.functional import Promise

from cadres.policies import Actor

Text = str | Promise
#: Names of annotations with their expressions.
Annotations = Mapping[str, Any]


class Cell(NamedTuple):
    """What a column says of one person.

    `value` goes into a file instead of the text where it is a number or a date. `title` is said on
    pointing. `sign` is an outcome; `is_partial` marks what rests on a date not wholly known.
    """

    text: str = ""
    value: int | dt.date | None = None
    title: str = ""
    sign: str = ""
    is_partial: bool = False


def _nothing(_actor: Actor, _as_of: dt.date) -> Annotations:
    return {}


def _no_signs(_cadre: Any, _as_of: dt.date) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the list of people, on the screen and in a file alike.

    `annotations` are read with each person (`Cadre`), `cell` makes of them what is shown. `order`
    makes the expression to sort by. `signs` are outcomes put before the
    text of other columns, by their keys; `sign_note` says below the list what they mean.
    """

    key: str
    label: Text
    cell: Callable[[Any, dt.date], Cell]
    annotations: Callable[[Actor, dt.date], Annotations] = _nothing
    order: Callable[[], Any] | None = None
    signs: Callable[[Any, dt.date], Mapping[str, str]] = _no_signs
    sign_note: Text = ""
    hint: Text = ""
    is_number: bool = False
    is_sensitive: bool = False
    is_default: bool = False
    #: Characters, in a sheet.
    width: int = 16


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter of the list that a room above understands.

    `field` makes the form field (its choices may be read lazily), `condition` says which people
    pass, `chip` gives the label and the words of a value that is on.
    """

    name: str
    field: Callable[[Actor, dt.date], forms.Field]
    condition: Callable[[Actor, dt.date, Any], Q]
    chip: Callable[[Any, dt.date], tuple[Text, Text]]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """Something that the search box found, and the named address where it is."""

    name: str
    note: str
    url_name: str
    url_args: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class SearchKind:
    """A kind of things that the search box finds, scoped to the actor; one query each."""

    key: str
    label: Text
    find: Callable[[Actor, str, dt.date, int], Sequence[Hit]]


@dataclass
class _Entered:
    columns: dict[str, Column] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)
    kinds: dict[str, SearchKind] = field(default_factory=dict)


_entered = _Entered()


def enter(
    *,
    columns: Sequence[Column] = (),
    filters: Sequence[Filter] = (),
    kinds: Sequence[SearchKind] = (),
) -> None:
    """Enter what a room above adds; to be called once, from its `AppConfig.ready`."""
    _entered.columns |= {column.key: column for column in columns}
    _entered.filters |= {each.name: each for each in filters}
    _entered.kinds |= {kind.key: kind for kind in kinds}


def entered_columns() -> Sequence[Column]:
    """Columns of the rooms above, in the order in which they were entered."""
    return tuple(_entered.columns.values())


def entered_filters() -> Mapping[str, Filter]:
    """Filters of the rooms above by the name that they have in the address."""
    return _entered.filters


def entered_kinds() -> Sequence[SearchKind]:
    """Kinds of things that the rooms above let the search box find."""
    return tuple(_entered.kinds.values())
