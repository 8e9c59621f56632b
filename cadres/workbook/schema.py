"""Sheets as data, and the registry in which each app enters its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cadres.workbook.columns import Column, Reference

if TYPE_CHECKING:
    from cadres.workbook.staging import Staging


@dataclass(frozen=True, kw_only=True)
class Link:
    """Something that several columns name together, such as a plan by unit and term.

    `columns` are this sheet's columns in the order of the key of `sheet`; a missing one is
    reported at `column`.
    """

    name: str
    sheet: str
    columns: tuple[str, ...]
    column: str
    #: "Không có …": the thing that is missing, with %(…)s for the columns.
    message: Any

    @property
    def resolved(self) -> str:
        """The staging column with the identifier that was found."""
        return f"{self.name}__id"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Two days in order; an open end is fine. Reported at `end`."""

    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class NoOverlap:
    """Periods [start, end) of rows that agree in `same` (staging columns) must not overlap.

    `stored` gives the same columns of a stored row as SQL.
    """

    code: str
    start: str
    end: str
    same: tuple[str, ...]
    stored: tuple[str, ...]
    message: Any


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of the exchange workbook and the table it stands for.

    Stored rows are aliased `t` in every piece of SQL, staged rows `s`.
    """

    name: str
    label: Any
    order: int
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    links: tuple[Link, ...] = ()
    periods: tuple[Period, ...] = ()
    no_overlap: NoOverlap | None = None
    #: Joins that a stored row needs to be found or read back.
    joins: str = ""
    #: Further joins that only reading back needs.
    read_joins: str = ""
    #: SQL of a stored row for key columns that the table does not hold itself.
    match: dict[str, str] = field(default_factory=dict)
    #: Further database columns written, as SQL over `s` (and `write_joins`).
    also: dict[str, str] = field(default_factory=dict)
    #: As `also`, but only for new rows.
    defaults: dict[str, str] = field(default_factory=dict)
    write_joins: str = ""
    #: ORDER BY of the export.
    export_order: str
    #: WHERE of an export of one subtree, over the sets of `scopes.py`.
    export_scope: str
    #: Whether a row in such an export makes its person's discipline and training part of it.
    brings_people: bool = False
    #: Further checks, and what has to be written beside the table itself.
    checks: tuple[Callable[[Staging, Sheet], None], ...] = ()
    write: Callable[[Staging, Sheet], tuple[int, int]] | None = None

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their key."""
        return {column.key: column for column in self.columns}

    @property
    def references(self) -> list[Reference]:
        """The columns that hold a code of another sheet."""
        return [c for c in self.columns if isinstance(c, Reference) and not c.own]

    @property
    def is_anchored(self) -> bool:
        """Whether rows belong to a unit, so that a subtree's export begins with them."""
        return "export_subtree" in self.export_scope

    @property
    def raw_table(self) -> str:
        """Name of the temporary table with the cells as read."""
        return f"import_raw_{self.name}"

    @property
    def staged_table(self) -> str:
        """Name of the temporary table with everything resolved."""
        return f"import_{self.name}"

    def matching(self) -> list[tuple[str, str, bool]]:
        """For each key column: SQL of a stored row, staging column, may it be empty."""
        found = []
        for key in self.key:
            column = self.by_key[key]
            staged = column.resolved if isinstance(column, Reference) else key
            stored = self.match.get(key, f"t.{column.column}")
            found.append((stored, staged, not column.required))
        return found


_sheets: dict[str, Sheet] = {}


def register(*sheets: Sheet) -> None:
    """Enter sheets of an app. A name is entered once."""
    for sheet in sheets:
        if sheet.name in _sheets:
            raise ValueError(f"Sheet {sheet.name} is registered twice.")
        _sheets[sheet.name] = sheet


def all_sheets() -> list[Sheet]:
    """Every sheet, each after those it refers to."""
    return sorted(_sheets.values(), key=lambda sheet: sheet.order)


def get_sheet(name: str) -> Sheet:
    """The sheet of that name. Raises KeyError."""
    return _sheets[name]
