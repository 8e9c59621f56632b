"""The database as an exchange workbook, streamed: neither rows nor cells are kept in memory.

Text cells hold exactly the stored text. They are written as strings, never as formulas, so that a
name that begins with `=` stays a name; a round trip through the file changes nothing.
"""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import xlsxwriter
from django.db import connection, transaction

from cadres.policies import SENSITIVE, WHOLE
from cadres.workbook.columns import BirthDate, Choice, Column, Date, Flag, Reference, Whole
from cadres.workbook.schema import Sheet, all_sheets, get_sheet
from cadres.workbook.scopes import make_sets

#: Excel counts days from here; the two months before 1 March 1900 are wrong in it by one day.
_EPOCH = dt.date(1899, 12, 30)
_FIRST_SAFE_SERIAL = 61
_ROWS_AT_ONCE = 5_000
_WIDTHS = {Date: 12, BirthDate: 12, Flag: 10, Whole: 10, Choice: 16, Reference: 14}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

#: Writes one value of the query into (row, column) of the sheet.
CellWriter = Callable[[int, int, Any], Any]


def export_workbook(path: Path, *, subtrees: Sequence[str] | None = None) -> dict[str, int]:
    """Write everything, or what belongs to `subtrees` (tree paths of units): rows by sheet.

    The file appears under its name only when it is complete.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=".export-", delete=False) as stream:
        unfinished = Path(stream.name)
    try:
        with unfinished.open("wb") as stream:
            rows = write_workbook(stream, subtrees=subtrees)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def write_workbook(
    stream: IO[bytes],
    *,
    subtrees: Sequence[str] | None = None,
    told_on: dt.date | None = None,
) -> dict[str, int]:
    """As `export_workbook`, into an open file.

    With `told_on`, sensitive data only of people who hold a title in the subtrees on that day: an
    account takes no more out than its pages show.
    """
    counts = {}
    is_part_told = subtrees is not None and told_on is not None
    with _snapshot():
        if subtrees is not None:
            with connection.cursor() as cursor:
                make_sets(cursor, subtrees, told_on)
        with closing(xlsxwriter.Workbook(stream, _OPTIONS)) as book:
            for sheet in all_sheets():
                query = _query(sheet, is_scoped=subtrees is not None, is_part_told=is_part_told)
                counts[sheet.name] = _write_sheet(book, sheet, query)
    return counts


@contextmanager
def _snapshot() -> Iterator[None]:
    """One transaction that sees one state of the data, whatever is written meanwhile."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet, query: str) -> int:
    page = add_page(book, sheet)
    dates = book.add_format({"num_format": "dd/mm/yyyy"})
    writers = [_writer(page, column, dates) for column in sheet.columns]
    number = 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                number += 1
                for index, value in enumerate(row):
                    if value is not None:
                        writers[index](number, index, value)
    return number


def add_page(book: xlsxwriter.Workbook, sheet: Sheet) -> Any:
    """A worksheet with the column keys in row 1."""
    page = book.add_worksheet(sheet.name)
    required = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3E9DC"})
    optional = book.add_format({"bottom": 1, "bg_color": "#F3E9DC"})
    page.freeze_panes(1, 0)
    for index, column in enumerate(sheet.columns):
        width = next((w for kind, w in _WIDTHS.items() if isinstance(column, kind)), 24)
        page.set_column(index, index, max(width, len(column.key) + 2))
    for index, column in enumerate(sheet.columns):
        page.write_string(0, index, column.key, required if column.required else optional)
    return page


#: Whether the person of a row, or of a row about a person, may be told about.
_IS_TOLD = "EXISTS (SELECT FROM export_told o WHERE o.id = {person})"


def _query(sheet: Sheet, *, is_scoped: bool, is_part_told: bool) -> str:
    sensitive = _sensitive_columns(sheet) if is_part_told else frozenset()
    joins = " ".join(
        f"LEFT JOIN {get_sheet(c.sheet).table} {c.key} ON {c.key}.id = t.{c.column}"
        for c in sheet.references
        if not c.read
    )
    where = f" WHERE {sheet.export_scope}" if is_scoped else ""
    if sensitive == WHOLE:
        where += f" AND {_IS_TOLD.format(person='t.cadre_id')}"
    cells = [
        f"CASE WHEN {_IS_TOLD.format(person='t.id')} THEN {_read(column)} END"
        if column.column in sensitive
        else _read(column)
        for column in sheet.columns
    ]
    return (
        f"SELECT {', '.join(cells)}"
        f" FROM {sheet.table} t {sheet.joins} {sheet.read_joins} {joins}{where}"
        f" ORDER BY {sheet.export_order}"
    )


def _sensitive_columns(sheet: Sheet) -> frozenset[str]:
    """What the declaration of sensitive data says about the sheet's table."""
    return SENSITIVE.get(sheet.table.replace("_", ".", 1), frozenset())


def _read(column: Column) -> str:
    """SQL of what goes into a cell; NULL is an empty one. Dates come as day numbers."""
    if column.read:
        return f"nullif({column.read}, '')"
    if isinstance(column, Reference):
        return f"{column.key}.code"
    stored = f"t.{column.column}"
    if isinstance(column, BirthDate):
        day = f"({stored} - DATE '{_EPOCH}')::text"
        return (
            f"CASE t.{column.precision} WHEN 'year' THEN to_char({stored}, 'YYYY')"
            f" WHEN 'month' THEN to_char({stored}, 'YYYY-MM') ELSE '#' || {day} END"
        )
    if isinstance(column, Date):
        return f"{stored} - DATE '{_EPOCH}'"
    if isinstance(column, Flag):
        return f"{stored}::int"
    if isinstance(column, Whole) or "smallint" in column.staged.values():
        return stored
    return f"nullif({stored}, '')"


def _writer(page: Any, column: Column, dates: Any) -> CellWriter:
    text, number = page.write_string, page.write_number

    def date(row: int, index: int, serial: int) -> None:
        if serial < _FIRST_SAFE_SERIAL:
            text(row, index, (_EPOCH + dt.timedelta(days=serial)).isoformat())
        else:
            number(row, index, serial, dates)

    def birth_date(row: int, index: int, value: str) -> None:
        if value.startswith("#"):
            date(row, index, int(value[1:]))
        else:
            text(row, index, value)

    if isinstance(column, BirthDate):
        return birth_date
    if isinstance(column, Date):
        return date
    if isinstance(column, Flag | Whole):
        return number
    if isinstance(column, Choice):
        words = {stored: word for word, stored in column.values.items()}
        return lambda row, index, value: text(row, index, words[value])
    return text
