"""Tables as XLSX and CSV: typed cells, nothing is ever a formula, memory bounded at any length."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

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
    """The head of a column and its width in characters. `wraps`: its texts go over several lines,
    so that the sheet can be read in print."""

    text: str
    width: int = 16
    wraps: bool = False


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

#: Texts that are not written as they are: what XML, XlsxWriter's notation of control characters or
#: blanks at an end ask for.
_NOT_PLAIN = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\s|\s\Z")
#: As many characters as a cell may hold.
_LONGEST = 32_767
#: How many texts a sheet keeps ready.
_TEXTS_KEPT = 4_096
#: The height of a line in points.
_LINE = 15
#: Day 0 of a spreadsheet.
_EPOCH = dt.date(1899, 12, 30).toordinal()


class _LongSheet(Worksheet):
    """A sheet that writes plain rows itself, in the way that XlsxWriter does in constant memory.

    A list has texts, numbers and days only; to ask of each cell whether it is one of the other
    dozen kinds takes most of the time.
    """

    def __init__(self) -> None:
        super().__init__()
        # Most texts of a list stand in it many times: units, titles, grades.
        self._known: dict[Any, str] = {}
        #: How texts of each column look, as it is written in a cell, and how many characters a
        #: line of it takes, 0: it is not wrapped; empty: all plainly.
        self.looks: Sequence[tuple[str, int]] = ()

    def write_plain(self, row: int, cells: Sequence[Any], day: Any) -> None:
        """Write a whole row, below all that were written. None and "" leave a cell empty."""
        self._write_single_row(row)  # ends the row before
        self._check_dimensions(row, len(cells) - 1)
        style = day._get_xf_index()
        known, looks = self._known, self.looks
        parts = [f'<row r="{row + 1}"{self._height(cells)}>']
        for place, value in enumerate(cells):
            if value is None or value == "":
                continue
            where = f'<c r="{_letters(place)}{row + 1}"'
            if isinstance(value, dt.date):
                parts.append(f'{where} s="{style}"><v>{value.toordinal() - _EPOCH}</v></c>')
            elif isinstance(value, int | float):
                parts.append(f"{where}><v>{value:.16G}</v></c>")
            else:
                text = known.get(value)
                if text is None:
                    text = self._text(str(value))
                    if len(known) < _TEXTS_KEPT:
                        known[value] = text
                look = looks[place][0] if looks else ""
                parts.append(f'{where}{look} t="inlineStr"><is>{text}</is></c>')
        self.fh.write("".join([*parts, "</row>"]))

    def _height(self, cells: Sequence[Any]) -> str:
        """How tall a row is, for programs that do not work it out: a guess, rather too tall."""
        if not self.looks:
            return ""
        texts = zip(cells, self.looks, strict=True)
        return f' ht="{_LINE * max(_line_count(cell, width) for cell, (_look, width) in texts)}"'

    def _text(self, value: str) -> str:
        shown = guarded(value)[:_LONGEST]
        if not _NOT_PLAIN.search(shown):
            return f"<t>{shown}</t>"
        kept = ' xml:space="preserve"' if shown != shown.strip() else ""
        return f"<t{kept}>{self._escape_data(self._escape_control_characters(shown))}</t>"


def _line_count(cell: Any, width: int) -> int:
    """Lines that a text takes in a column, those that end early counted."""
    return 1 if not width or cell is None else max(1, -(-len(str(cell)) * 11 // (width * 10)))


@cache
def _letters(place: int) -> str:
    return str(xl_col_to_name(place))


_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Book:
    """Several tables in one file, each row written as it comes, into whichever table it belongs.

    Memory is bounded by one row of each table. `file` is whatever can be written to.
    """

    def __init__(self, file: IO[bytes], tables: Sequence[tuple[str, Sequence[Head]]]) -> None:
        self._book = xlsxwriter.Workbook(file, _OPTIONS)
        self._head = self._book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self._above = self._book.add_format({"valign": "top"})
        self._wrapped = self._book.add_format({"valign": "top", "text_wrap": True})
        self._day = self._book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self._pages = [self._begin(title, heads) for title, heads in tables]
        self._widths = [len(heads) for _title, heads in tables]
        self.rows = [0] * len(tables)

    def _begin(self, title: str, heads: Sequence[Head]) -> Any:
        page = self._book.add_worksheet(title, worksheet_class=_LongSheet)
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.repeat_rows(0)
        page.fit_to_pages(1, 0)
        if any(column.wraps for column in heads):
            forms = (self._wrapped if column.wraps else self._above for column in heads)
            page.looks = [
                (f' s="{form._get_xf_index()}"', column.width if column.wraps else 0)
                for form, column in zip(forms, heads, strict=True)
            ]
            page.set_row(0, _LINE * max(_line_count(each.text, each.width) for each in heads))
        for place, column in enumerate(heads):
            page.set_column(place, place, column.width)
            page.write_string(0, place, column.text, self._head)
        return page

    def write(self, table: int, row: Sequence[Any]) -> None:
        """The next row of a table."""
        self.rows[table] += 1
        self._pages[table].write_plain(self.rows[table], row, self._day)

    def close(self, about: Sequence[tuple[str, Any]] = ()) -> None:
        """Finish the file; `about`: what it is about, on a last sheet of its own."""
        for page, rows, width in zip(self._pages, self.rows, self._widths, strict=True):
            page.autofilter(0, 0, rows, width - 1)
        if about:
            page = self._book.add_worksheet(_("Thông tin"))
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.set_column(0, 0, 24)
            page.set_column(1, 1, 80)
            for number, (name, value) in enumerate([*about, (_("Số dòng"), sum(self.rows))]):
                page.write_string(number, 0, name, self._head)
                _write_cell(page, number, 1, value, self._day)
        self._book.close()


def _write_xlsx(table: Table, file: IO[bytes]) -> int:
    book = Book(file, [(table.title, table.heads)])
    for row in table.rows:
        book.write(0, row)
    book.close(table.about)
    return book.rows[0]


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
