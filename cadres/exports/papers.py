"""Official tables on paper: one content as Excel, Word and PDF in the layout of Party papers.

REGULATIONS section 10: A4, margins 20, 20, 30 and 15 mm, Times New Roman, the page's number on top
from the second page on.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import fontpkg_noto_serif
import typst
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from cadre_portal.templatetags import formats
from cadres.exports.tables import guarded
from cadres.exports.word import CONTENT_TYPE, DOCX, render_word, template_path
from cadres.papers import PARTY, STAR, PaperHead

XLSX, PDF = "xlsx", "pdf"
CONTENT_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    DOCX: CONTENT_TYPE,
    PDF: "application/pdf",
}
#: Millimetres: of the page lying, and its margins.
WIDTH, TOP, BOTTOM, LEFT, RIGHT = 297, 20, 20, 30, 15
FONT, TITLE_SIZE, TABLE_SIZE = "Times New Roman", 14, 10
LEFT_ALIGNED, CENTRED, RIGHT_ALIGNED = "left", "center", "right"


@dataclass(frozen=True, kw_only=True)
class PaperColumn:
    """A column: the name of its cells in a Word template, its head, its width in millimetres.

    `over`: the head above this one and its neighbours of the same `over`.
    """

    key: str
    head: str
    width: float
    over: str = ""
    align: str = LEFT_ALIGNED


@dataclass(frozen=True)
class PaperRow:
    """A row: one text over the whole width (`text`), or a cell for each column; `is_total`: bold.

    A cell is a text or a whole number; None leaves it empty.
    """

    cells: tuple[str | int | None, ...] = ()
    text: str = ""
    is_total: bool = False


@dataclass(frozen=True, kw_only=True)
class PaperTable:
    """A table with its rows; `caption` stands above it."""

    columns: Sequence[PaperColumn]
    rows: Sequence[PaperRow]
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper with its tables. `template`: the Word file it fills, without the ending.

    `under_title`: lines below the title; `before`: what is said before the tables; `signature`:
    the lines above the signature; `is_sensitive`: it tells of ethnic groups, disciplines or other
    sensitive things; `people`: how many persons it tells of, None where it only counts them.
    """

    template: str
    head: PaperHead
    title: str
    under_title: Sequence[str]
    tables: Sequence[PaperTable]
    notes: Sequence[str]
    signature: Sequence[str]
    recipients: Sequence[str]
    is_sensitive: bool = False
    people: int | None = None
    before: Sequence[str] = ()

    @property
    def row_count(self) -> int:
        """How many rows tell of something."""
        return sum(bool(row.cells) for table in self.tables for row in table.rows)


class HeadCell(NamedTuple):
    """A cell of the head of a table: where it begins and how far it reaches."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


def head_cells(columns: Sequence[PaperColumn]) -> list[HeadCell]:
    """The head in one row, or in two with merged cells where columns stand under a common head."""
    deep = 2 if any(column.over for column in columns) else 1
    cells: list[HeadCell] = []
    for place, column in enumerate(columns):
        if not column.over:
            cells.append(HeadCell(column.head, 0, place, deep, 1))
            continue
        if place == 0 or columns[place - 1].over != column.over:
            span = 0
            while place + span < len(columns) and columns[place + span].over == column.over:
                span += 1
            cells.append(HeadCell(column.over, 0, place, 1, span))
        cells.append(HeadCell(column.head, 1, place, 1, 1))
    return cells


def make_paper(paper: Paper, file_format: str) -> bytes:
    """The paper as XLSX, DOCX or PDF."""
    return _MAKERS[file_format](paper)


# ---- Word ------------------------------------------------------------------------------------


def word_fields(paper: Paper) -> dict[str, Any]:
    """What a Word template may name: `rows` (of the first table) and `tables`, all cells by key."""
    tables = [word_rows(table) for table in paper.tables]
    return {
        "superior": paper.head.superior,
        "body": paper.head.body,
        "place_and_day": paper.head.place_and_day,
        "title": paper.title,
        "under_title": list(paper.under_title),
        "before": list(paper.before),
        "rows": tables[0],
        "tables": tables,
        "notes": list(paper.notes),
        "signature": list(paper.signature),
        "recipients": list(paper.recipients),
    }


def word_rows(table: PaperTable) -> list[dict[str, Any]]:
    """The rows of a table as a Word template reads them."""
    return [_word_row(table.columns, row) for row in table.rows]


def _word_row(columns: Sequence[PaperColumn], row: PaperRow) -> dict[str, Any]:
    cells = {
        column.key: "" if cell is None else cell
        for column, cell in zip(columns, row.cells, strict=False)
    }
    return {"text": row.text, "is_total": row.is_total, **cells}


def _make_docx(paper: Paper) -> bytes:
    return render_word(f"{paper.template}.docx", word_fields(paper))


# ---- PDF -------------------------------------------------------------------------------------


def typst_table(table: PaperTable) -> dict[str, Any]:
    """A table as the templates of Typst read it."""
    return {
        "caption": table.caption,
        "widths": [column.width for column in table.columns],
        "aligns": [column.align for column in table.columns],
        "heads": [cell._asdict() for cell in head_cells(table.columns)],
        "rows": [
            {
                "text": row.text,
                "is_total": row.is_total,
                "cells": ["" if cell is None else str(cell) for cell in row.cells],
            }
            for row in table.rows
        ],
    }


def _make_pdf(paper: Paper) -> bytes:
    data = {
        "head": asdict(paper.head),
        "title": paper.title,
        "under_title": list(paper.under_title),
        "before": list(paper.before),
        "tables": [typst_table(table) for table in paper.tables],
        "notes": list(paper.notes),
        "signature": list(paper.signature),
        "recipients": list(paper.recipients),
    }
    return compile_pdf("paper.typ", data)


def compile_pdf(name: str, data: Mapping[str, Any]) -> bytes:
    """A PDF by a template of Typst, with the portal's own fonts."""
    return typst.compile(
        str(template_path(name)),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": formats.unbroken(json.dumps(data, ensure_ascii=False))},
    )


@cache
def _fonts() -> typst.Fonts:
    """Read once: they take as long as a short paper."""
    folder = str(Path(fontpkg_noto_serif.__file__).parent)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


# ---- Excel -----------------------------------------------------------------------------------


class _Sheet(Worksheet):
    """A sheet whose first page has no header: XlsxWriter has no word for it."""

    def _xml_start_tag(self, tag: str, attributes: Iterable[tuple[str, Any]] = ()) -> None:
        extra = [("differentFirst", 1)] if tag == "headerFooter" else []
        super()._xml_start_tag(tag, [*attributes, *extra])


def _make_xlsx(paper: Paper) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        for number, table in enumerate(paper.tables):
            sheet = book.add_worksheet(_sheet_name(table.caption or paper.title), _Sheet)
            _write_sheet(book, sheet, paper, number)
    return out.getvalue()


def _sheet_name(text: str) -> str:
    """Words that fit on a tab: 31 letters at most. "Phụ lục 1. BẢNG …" is "Phụ lục 1"."""
    words = text.split(". ")[0] if text.startswith("Phụ lục") else text
    name = words.capitalize() if words.isupper() else words
    return name if len(name) <= 31 else name[:32].rsplit(" ", 1)[0].rstrip(",;")


class _Formats:
    """The looks of cells, made once each."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, dict[tuple[Any, ...], Any]()

    def of(self, **look: Any) -> Any:
        """The format of this look, in the font of the paper."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": TABLE_SIZE, "valign": "vcenter"}
            self._made[key] = self._book.add_format(base | look)
        return self._made[key]


def _write_sheet(book: Any, sheet: Any, paper: Paper, number: int) -> None:
    table, is_last = paper.tables[number], number == len(paper.tables) - 1
    looks = _Formats(book)
    last = len(table.columns) - 1
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(*(side / 25.4 for side in (LEFT, RIGHT, TOP, BOTTOM)))
    sheet.set_header("&C&P")
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines()
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width / 2.05, looks.of())
    row = _write_heading(sheet, looks, paper, last)
    if number == 0:
        row = _write_before(sheet, looks, paper, table, row)
    if table.caption:
        _merged(sheet, row, 0, last, table.caption, looks.of(bold=True, font_size=12))
        row += 1
    first = row
    row = _write_heads(sheet, looks, table.columns, row)
    sheet.repeat_rows(first, row - 1)
    sheet.freeze_panes(row, 0)
    for line in table.rows:
        _write_row(sheet, looks, table.columns, row, line)
        row += 1
    if is_last:
        _write_end(sheet, looks, paper, row + 1, last)


def _merged(
    sheet: Any, row: int, first: int, last: int, text: str, look: Any, *, is_ours: bool = False
) -> None:
    """A text over several cells; `is_ours`: a word of the form itself, which needs no guard."""
    if first < last:  # one cell alone cannot be merged
        sheet.merge_range(row, first, row, last, "", look)
    sheet.write_string(row, first, text if is_ours else guarded(text), look)


def _write_heading(sheet: Any, looks: _Formats, paper: Paper, last: int) -> int:
    """The head, the title and what stands under it; answers the next free row."""
    half = _half(last)
    big = {"align": CENTRED, "font_size": 13}
    lines = (
        (paper.head.superior, looks.of(**big), PARTY, looks.of(**big, bold=True, underline=1)),
        (paper.head.body, looks.of(**big, bold=True), "", looks.of(**big)),
        (STAR, looks.of(**big), paper.head.place_and_day, looks.of(**big, italic=True)),
    )
    for row, (left, left_look, right, right_look) in enumerate(lines):
        _merged(sheet, row, 0, half, left, left_look)
        _merged(sheet, row, half + 1, last, right, right_look)
    row = len(lines) + 1
    title = looks.of(bold=True, align=CENTRED, font_size=TITLE_SIZE, text_wrap=True)
    _merged(sheet, row, 0, last, paper.title, title)
    for line in paper.under_title:
        row += 1
        _merged(sheet, row, 0, last, line, looks.of(italic=True, align=CENTRED, font_size=13))
    return row + 2


def _write_before(sheet: Any, looks: _Formats, paper: Paper, table: PaperTable, row: int) -> int:
    """What is said before the tables; answers the next free row."""
    width = sum(column.width for column in table.columns)
    for line in paper.before:
        # The letters are larger than those of tables, and a merged cell does not grow.
        sheet.set_row(row, 18 * _lines(line, width * TABLE_SIZE / 13))
        look = looks.of(text_wrap=True, valign="top", font_size=13)
        _merged(sheet, row, 0, len(table.columns) - 1, line, look)
        row += 1
    return row + bool(paper.before)


def _half(last: int) -> int:
    return max(last // 2 - 1, 0)


def _write_heads(sheet: Any, looks: _Formats, columns: Sequence[PaperColumn], row: int) -> int:
    look = looks.of(bold=True, align=CENTRED, text_wrap=True, border=1)
    cells = head_cells(columns)
    for cell in cells:
        top, bottom = row + cell.row, row + cell.row + cell.rows - 1
        right = cell.column + cell.columns - 1
        if (top, cell.column) != (bottom, right):
            sheet.merge_range(top, cell.column, bottom, right, "", look)
        sheet.write_string(top, cell.column, cell.text, look)
    deep = max(cell.row + cell.rows for cell in cells)
    # A merged cell does not make its row grow.
    sheet.set_row(row + deep - 1, 34)
    return row + deep


def _write_row(
    sheet: Any, looks: _Formats, columns: Sequence[PaperColumn], row: int, line: PaperRow
) -> None:
    if not line.cells:
        _merged(sheet, row, 0, len(columns) - 1, line.text, looks.of(bold=True, border=1))
        return
    lines = max(
        _lines(cell, column.width) for cell, column in zip(line.cells, columns, strict=True)
    )
    sheet.set_row(row, _LINE * lines + 4)
    for place, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        look = looks.of(align=column.align, text_wrap=True, border=1, bold=line.is_total)
        if cell is None or cell == "":
            sheet.write_blank(row, place, None, look)
        elif isinstance(cell, int):
            sheet.write_number(row, place, cell, look)
        else:
            sheet.write_string(row, place, guarded(cell), look)


#: Height of a line in points; about the width of a letter in millimetres.
_LINE, _LETTER = 13, 1.55


def _lines(cell: str | int | None, width: float) -> int:
    """About how many lines a text takes: programs do not all make rows grow by themselves."""
    lines, room = 1, max(int(width / _LETTER), 1)
    used = 0
    for word in str("" if cell is None else cell).split():
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
    return lines


def _write_end(sheet: Any, looks: _Formats, paper: Paper, row: int, last: int) -> None:
    """Notes, then who gets the paper at the left and who signs at the right."""
    for note in paper.notes:
        look = looks.of(italic=True, text_wrap=True, valign="top")
        _merged(sheet, row, 0, last, note, look)
        row += 1
    half = _half(last)
    row += 1
    left = ("Nơi nhận:", *paper.recipients) if paper.recipients else ()
    for number, text in enumerate(left):
        look = looks.of(underline=1) if number == 0 else looks.of()
        _merged(sheet, row + number, 0, half, text, look, is_ours=True)
    for number, text in enumerate(paper.signature):
        look = looks.of(bold=True, align=CENTRED, font_size=13)
        _merged(sheet, row + number, half + 1, last, text, look)


_MAKERS: dict[str, Callable[[Paper], bytes]] = {
    XLSX: _make_xlsx,
    DOCX: _make_docx,
    PDF: _make_pdf,
}
