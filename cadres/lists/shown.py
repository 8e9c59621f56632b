"""Cells as texts: what a person sees in the sheet."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from cadres.lists.source import RawSheet
from cadres.lists.spelling import tidy


def show(cell: Any, precision: str | None = None) -> str:
    """A cell's text, tidied; dates as Vietnamese people write them."""
    if type(cell) is str:
        text = cell if cell.isalnum() else tidy(cell)
        # Programs leave in the text the sign that told Excel it is one.
        return text[1:].lstrip() if text[:1] == "'" else text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else f"{cell:.10g}"
    if isinstance(cell, (dt.date, dt.datetime)):
        if isinstance(cell, dt.datetime) and (cell.hour or cell.minute):
            return f"{cell:%d/%m/%Y %H:%M}"
        if precision:
            return f"{cell:%Y}" if precision == "year" else f"{cell:%m/%Y}"
        return f"{cell:%d/%m/}{cell.year:04d}"
    return "" if cell is None else tidy(str(cell))


def show_all(sheet: RawSheet) -> list[tuple[str, ...]]:
    """The texts of every row."""
    precisions = sheet.precisions
    texts, of = _Texts(), show
    shown = [
        tuple([texts[cell] if type(cell) is str else of(cell) for cell in row])
        for row in sheet.rows
    ]
    for place, precision in precisions.items():
        _replace(shown, place, show(_cell(sheet, place), precision))
    for place, text in sheet.errors.items():
        if text:
            _replace(shown, place, text)
    return shown


class _Texts(dict[str, str]):
    """Cells of text as shown: a list writes the same few texts thousands of times."""

    def __missing__(self, cell: str) -> str:
        text = self[cell] = show(cell)
        return text


def _cell(sheet: RawSheet, place: tuple[int, int]) -> Any:
    row, column = place[0] - 1, place[1]
    cells = sheet.rows[row] if row < len(sheet.rows) else []
    return cells[column] if column < len(cells) else ""


def _replace(shown: list[tuple[str, ...]], place: tuple[int, int], text: str) -> None:
    row, column = place[0] - 1, place[1]
    if row < len(shown) and column < len(shown[row]):
        shown[row] = (*shown[row][:column], text, *shown[row][column + 1 :])
