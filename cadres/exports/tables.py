"""Tables as XLSX and CSV: typed cells, nothing is ever a formula, memory bounded at any length."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats

#: What makes a spreadsheet program take a text for a formula or a command.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "\t", "\r")
XLSX, CSV = "xlsx", "csv"
CONTENT_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of a column and its width in characters."""

    text: str
    width: int = 16


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with what it is about (name, value). Rows are read once, as they are written."""

    title: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Any]]
    about: Sequence[tuple[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class MadeFile:
    """A finished file, open at its beginning; it vanishes when closed."""

    file: IO[bytes]
    rows: int
    sha256: str


def guarded(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet program might execute it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def make_file(table: Table, file_format: str) -> MadeFile:
    """Write the table as XLSX or CSV. Whoever sends the file closes it: FileResponse does."""
    file = TemporaryFile(suffix=f".{file_format}")  # noqa: SIM115
    rows = {XLSX: _write_xlsx, CSV: _write_csv}[file_format](table, file)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return MadeFile(file=file, rows=rows, sha256=digest)


# ---- CSV -------------------------------------------------------------------------------------


def _write_csv(table: Table, file: IO[bytes]) -> int:
    # The mark at the beginning tells Excel that it is UTF-8.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([guarded(head.text) for head in table.heads])
    number = 0
    for row in table.rows:
        writer.writerow([_csv_cell(value) for value in row])
        number += 1
    text.detach()
    return number


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return formats.date(value)
    return value if isinstance(value, int | float) else guarded(str(value))


# ---- XLSX ------------------------------------------------------------------------------------


def _write_xlsx(table: Table, file: IO[bytes]) -> int:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(file, options)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    number = _write_rows(book.add_worksheet(table.title), table, head, day)
    if table.about:
        _write_about(book.add_worksheet(_("Thông tin")), table, number, head, day)
    book.close()
    return number


def _write_rows(page: Any, table: Table, head: Any, day: Any) -> int:
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    for place, column in enumerate(table.heads):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.text, head)
    number = 0
    for number, row in enumerate(table.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, number, place, value, day)
    page.autofilter(0, 0, number, len(table.heads) - 1)
    return number


def _write_about(page: Any, table: Table, number: int, head: Any, day: Any) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 80)
    for row, (name, value) in enumerate([*table.about, (_("Số dòng"), number)]):
        page.write_string(row, 0, name, head)
        _write_cell(page, row, 1, value, day)


def _write_cell(page: Any, row: int, place: int, value: Any, day: Any) -> None:
    """Write by type; None and "" leave the cell empty."""
    if value is None or value == "":
        return
    if isinstance(value, dt.date):
        page.write_datetime(row, place, value, day)
    elif isinstance(value, int | float):
        page.write_number(row, place, value)
    else:
        page.write_string(row, place, guarded(str(value)))
