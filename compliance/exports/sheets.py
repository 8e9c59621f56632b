"""The writer of XLSX sheets: typed cells, nothing in a cell is ever a formula, bounded memory."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _

#: What makes a spreadsheet program take a text for a formula or a command.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "\t", "\r")
#: Rows of a sheet, by the format's own limit, less the head.
MOST_ROWS = 1_048_575


@dataclass(frozen=True)
class Column:
    """A column: its Vietnamese head and its width in characters."""

    head: str | Promise
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file. Rows are read once, as they are written."""

    title: str | Promise
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True)
class WrittenFile:
    """A finished file, open at its beginning; it vanishes when closed."""

    file: IO[bytes]
    rows: int
    sha256: str


def guarded(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet program might execute it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_file(sheet: Sheet, about: Sequence[tuple[str, Any]]) -> WrittenFile:
    """Write the sheet, then a sheet "Thông tin" that says what it is (`about`: name, value)."""
    # Closed by whoever sends it: FileResponse does.
    file = TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    formats = _Formats(book)
    number = _write_rows(book, formats, sheet)
    _write_about(book, formats, [*about, (_("Số dòng"), number)])
    book.close()
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return WrittenFile(file=file, rows=number, sha256=digest)


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.date = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = book.add_format({"num_format": "hh:mm dd/mm/yyyy", "align": "left"})


def _write_rows(book: xlsxwriter.Workbook, formats: _Formats, sheet: Sheet) -> int:
    page = book.add_worksheet(str(sheet.title))
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, str(column.head), formats.head)
    number = 0
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, formats, number, place, value)
    page.autofilter(0, 0, number, len(sheet.columns) - 1)
    return number


def _write_about(
    book: xlsxwriter.Workbook, formats: _Formats, about: Sequence[tuple[str, Any]]
) -> None:
    page = book.add_worksheet(_("Thông tin"))
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 80)
    for row, (name, value) in enumerate(about):
        page.write_string(row, 0, name, formats.head)
        _write_cell(page, formats, row, 1, value)


def _write_cell(page: Any, formats: _Formats, row: int, place: int, value: Any) -> None:
    """Write by type; None and "" leave the cell empty."""
    if value is None or value == "":
        return
    if isinstance(value, dt.datetime):
        page.write_datetime(row, place, value.replace(tzinfo=None), formats.moment)
    elif isinstance(value, dt.date):
        page.write_datetime(row, place, value, formats.date)
    elif isinstance(value, int | float):
        page.write_number(row, place, value)
    else:
        page.write_string(row, place, guarded(str(value)))
