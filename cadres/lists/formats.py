"""What formats and fonts say that values do not.

A person who types `10/1965` gets from Excel the 1st of October, shown as `Oct-65`: the day was
never known. So the formats of dates are looked at; a cell whose format shows no day is a month.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

from cadres.workbook.encodings import font_encoding
from cadres.workbook.package import SheetFacts, column_number, read_xml, sheet_parts

#: Built-in number formats without a day: `mmm-yy`.
_BUILT_IN = {17: "month"}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_REF = re.compile(rb'\br="([A-Z]+)(\d+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
Precisions = dict[tuple[int, int], str]


def shown_precision(code: str) -> str | None:
    """`month` or `year` where a date format shows no more than that."""
    bare = _QUOTED.sub("", code.split(";")[0]).lower()
    if "d" in bare or "h" in bare or "s" in bare or "y" not in bare:
        return None
    return "month" if "m" in bare else "year"


class XlsxDates:
    """Dates without a day in an .xlsx; the sheets are searched only where a style shows such."""

    def __init__(self, data: bytes) -> None:
        self._package = zipfile.ZipFile(io.BytesIO(data))
        self._styles = self._read_styles()
        self._parts = sheet_parts(self._package) if self._styles else {}

    def _read_styles(self) -> dict[int, str]:
        if "xl/styles.xml" not in self._package.namelist():
            return {}
        known: dict[int, str | None] = dict(_BUILT_IN)
        styles: dict[int, str] = {}
        for group in read_xml(self._package, "xl/styles.xml"):
            tag = group.tag.rpartition("}")[2]
            if tag == "numFmts":
                for one in group:
                    number = int(one.get("numFmtId", "0"))
                    known[number] = shown_precision(one.get("formatCode", ""))
            elif tag == "cellXfs":
                for number, style in enumerate(group):
                    if precision := known.get(int(style.get("numFmtId", "0"))):
                        styles[number] = precision
        return styles

    def of_sheet(self, name: str) -> Precisions:
        """Cells of a sheet with such a style."""
        if not self._styles or name not in self._parts:
            return {}
        found: Precisions = {}
        rest = b""
        with self._package.open(self._parts[name]) as stream:
            while piece := stream.read(1 << 20):
                piece = rest + piece
                cut = piece.rfind(b"<")
                self._note(piece[:cut], found)
                rest = piece[cut:]
        return found

    def _note(self, piece: bytes, found: Precisions) -> None:
        for match in _CELL.finditer(piece):
            style, ref = _STYLE.search(match[1]), _REF.search(match[1])
            if style and ref and (precision := self._styles.get(int(style[1]))):
                found[int(ref[2]), column_number(ref[1])] = precision


def ods_content_size(data: bytes) -> int:
    """Unpacked bytes of an .ods file's content."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.getinfo("content.xml").file_size


class OdsDates:
    """Dates without a day in an .ods: the file keeps beside each value the text that is shown."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._sheets: dict[str, Precisions] | None = None

    def of_sheet(self, name: str) -> Precisions:
        """Cells of a sheet whose shown text has no day."""
        if self._sheets is None:
            try:
                self._sheets = self._scan()
            except (ElementTree.ParseError, KeyError, ValueError):
                self._sheets = {}
        return self._sheets.get(name, {})

    def _scan(self) -> dict[str, Precisions]:
        with zipfile.ZipFile(io.BytesIO(self._data)) as package:
            content = package.read("content.xml")
        if b"<!DOCTYPE" in content or b'value-type="date"' not in content:
            return {}
        sheets: dict[str, Precisions] = {}
        found: Precisions = {}
        row = column = 0
        events = ElementTree.iterparse(io.BytesIO(content), ("start", "end"))  # noqa: S314
        for event, element in events:
            tag = element.tag.rpartition("}")[2]
            if event == "start" and tag == "table":
                found = sheets.setdefault(_attribute(element, "name"), {})
                row = 0
            elif event == "start" and tag == "table-row":
                row, column = row + 1, 0
            elif event == "end" and tag in {"table-cell", "covered-table-cell"}:
                if precision := _ods_precision(element):
                    found[row, column] = precision
                column += int(_attribute(element, "number-columns-repeated") or 1)
            elif event == "end" and tag == "table-row":
                row += int(_attribute(element, "number-rows-repeated") or 1) - 1
                element.clear()
        return sheets


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _ods_precision(cell: ElementTree.Element) -> str | None:
    if _attribute(cell, "value-type") != "date":
        return None
    parts = re.findall(r"\w+", "".join(cell.itertext()))
    return {1: "year", 2: "month"}.get(len(parts))


def old_facts(data: bytes) -> tuple[dict[str, SheetFacts], dict[str, Precisions]]:
    """Legacy fonts and dates without a day of an .xls; empty where the file is too odd to tell."""
    import xlrd  # slow to load, and rarely needed

    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
        fonts, dates = _old_styles(book)
        if not fonts and not dates:
            return {}, {}
        facts: dict[str, SheetFacts] = {}
        precisions: dict[str, Precisions] = {}
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            facts[name] = SheetFacts(encodings=_old_cells(sheet, fonts, xlrd.XL_CELL_TEXT))
            precisions[name] = _old_cells(sheet, dates, xlrd.XL_CELL_DATE)
            book.unload_sheet(name)
    except Exception:  # a courtesy only: calamine is the reader, and says what is broken
        return {}, {}
    return facts, precisions


def _old_styles(book: Any) -> tuple[dict[int, str], dict[int, str]]:
    fonts: dict[int, str] = {}
    dates: dict[int, str] = {}
    for number, style in enumerate(book.xf_list):
        if encoding := font_encoding(book.font_list[style.font_index].name):
            fonts[number] = encoding
        if precision := shown_precision(book.format_map[style.format_key].format_str):
            dates[number] = precision
    return fonts, dates


def _old_cells(sheet: Any, styles: dict[int, str], cell_type: int) -> dict[tuple[int, int], str]:
    if not styles:
        return {}
    return {
        (row + 1, column): styles[style]
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == cell_type and (style := sheet.cell_xf_index(row, column)) in styles
    }
