"""Legacy text of a sheet turned into Unicode: by the font of a cell, its column, or the sheet.

An office that types names in `.VnTime` and the rest in Unicode gives a sheet of both. So beside
the sheet as a whole each column is looked at: where legacy words stand in it and no Unicode ones,
its doubtful cells are legacy too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from cadres.lists.model import Conversion
from cadres.lists.source import RawSheet
from cadres.workbook import encodings
from cadres.workbook.encodings import Kind
from cadres.workbook.parsing import column_letters

_CAPITALS = re.compile("[A-Z]{2}|[A-Z][^\\W\\d_A-Za-z][A-Z]")
_SMALL = re.compile("[a-z]")
_MOST_TOLD = 1_000
# Enough rows to know a column by.
_LOOKED_AT = 5_000


def convert_sheet(sheet: RawSheet) -> tuple[list[Conversion], int]:
    """Convert the sheet's texts in place; the first conversions, and how many there were."""
    found = encodings.recognise(_foreign_texts(sheet.rows[:_LOOKED_AT]))
    if found is None and not sheet.fonts:
        return [], 0
    encoding = found.encoding if found else None
    columns = _trusted_columns(sheet, found)
    told: list[Conversion] = []
    count = 0
    for number, row in enumerate(sheet.rows, start=1):
        for index, now, by in _converted(sheet, number, row, encoding, columns):
            was, row[index] = row[index], now
            count += 1
            if len(told) < _MOST_TOLD:
                letter, name = column_letters(index), encodings.NAMES[by]
                told.append(Conversion(number, letter, was.strip(), now.strip(), name))
    return told, count


def _foreign_texts(rows: list[list[Any]]) -> Iterable[str]:
    return (cell for row in rows for cell in row if type(cell) is str and not cell.isascii())


def _trusted_columns(sheet: RawSheet, found: encodings.Recognised | None) -> dict[int, bool]:
    """Column -> whether all that is doubtful in it is legacy."""
    legacy: Counter[int] = Counter()
    unicode: Counter[int] = Counter()
    for number, row in enumerate(sheet.rows[:_LOOKED_AT], start=1):
        for index, cell in enumerate(row):
            if type(cell) is not str or cell.isascii():
                continue
            encoding = sheet.fonts.get((number, index)) or (found.encoding if found else None)
            kind = encodings.kind_of(cell, encoding) if encoding else Kind.UNICODE
            legacy[index] += kind is Kind.LEGACY
            unicode[index] += kind is Kind.UNICODE
    is_pure = found is not None and not found.is_mixed
    width = max(map(len, sheet.rows), default=0)
    return {
        index: is_pure or legacy[index] > 3 * unicode[index] or legacy[index] == unicode[index] == 0
        for index in range(width)
    }


def _converted(
    sheet: RawSheet,
    number: int,
    row: list[Any],
    encoding: str | None,
    columns: dict[int, bool],
) -> Iterable[tuple[int, str, str]]:
    """(column, text, encoding) of the cells of a row that change."""
    for index, cell in enumerate(row):
        if type(cell) is not str or not cell.strip():
            continue
        font = sheet.fonts.get((number, index))
        by = font or encoding
        if by is None or (cell.isascii() and font != "tcvn3h"):
            continue
        if font:
            now = _by_font(cell, font, is_trusted=columns[index])
        else:
            now = _by_column(cell, by, is_trusted=columns[index])
        if now != cell:
            yield index, (now.upper() if _is_capitals(now) else now), by


def _is_capitals(text: str) -> bool:
    """Whether capitals were meant: TCVN3 has none with a tone, so `GIÁM` came as `GIáM`."""
    return bool(_CAPITALS.search(text)) and not _SMALL.search(text)


def _by_font(text: str, font: str, *, is_trusted: bool) -> str:
    """A cell in a legacy font, unless its text is Unicode that the font cannot show."""
    if text.isascii():
        return text.upper()
    kind = encodings.kind_of(text, font)
    if kind is Kind.UNICODE or (kind is Kind.DOUBTFUL and not is_trusted):
        return text
    return encodings.convert(text, font)


def _by_column(text: str, encoding: str, *, is_trusted: bool) -> str:
    kind = encodings.kind_of(text, encoding)
    if kind is Kind.LEGACY or (kind in {Kind.DOUBTFUL, Kind.FOREIGN} and is_trusted):
        return encodings.convert(text, encoding)
    return text
