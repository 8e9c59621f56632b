"""Tables out of HTML and sheets of “XML Spreadsheet 2003”: both travel under the name `.xls`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_START = re.compile(
    rb"\s*(?:<\?xml|<!doctype html|<html|<table|<head|<meta|<div|<style)", re.IGNORECASE
)
_MOST_ROWS = 200_000
_WIDEST = 500


@dataclass
class Table:
    """One table; merged cells have their text in the first place, as in a workbook."""

    name: str = ""
    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


def is_markup(data: bytes) -> bool:
    """Whether the bytes begin like HTML or XML."""
    return bool(_START.match(data.removeprefix(b"\xef\xbb\xbf")[:400])) or (
        data[:2]
        in (
            b"\xff\xfe",
            b"\xfe\xff",
        )
        and b"<\0" in data[:200]
    )


def tables(data: bytes) -> list[Table]:
    """Every table that is not inside another one, those without rows left out."""
    parser = _Tables()
    parser.feed(_text(data))
    parser.close()
    return [table for table in parser.tables if table.rows]


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    told = _ENCODING.search(data[:200]) or _CHARSET.search(data[:4000])
    try:
        return data.decode(told[1].decode("ascii") if told else "utf-8-sig", "replace")
    except LookupError:
        return data.decode("utf-8-sig", "replace")


def _number(text: str | None) -> int:
    return min(int(text), _WIDEST) if text and text.strip().isdigit() else 0


class _Tables(HTMLParser):
    """HTML tables and the `<Row>`, `<Cell>`, `<Data>` of SpreadsheetML (tags in lower case)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self._depth = 0
        self._name = ""
        self._taken: set[tuple[int, int]] = set()
        self._place: tuple[int, int] | None = None
        self._row = self._column = -1
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, row or cell."""
        tag = tag.removeprefix("ss:")
        given = {name.removeprefix("ss:"): value for name, value in attrs}
        if tag == "worksheet":
            self._name = given.get("name") or ""
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(Table(self._name))
                self._taken, self._row = set(), -1
        elif self._depth == 1 and tag in {"tr", "row"}:
            self._row = max(self._row + 1, min(_number(given.get("index")) - 1, _MOST_ROWS))
            self._column = -1
        elif self._depth == 1 and tag in {"td", "th", "cell"}:
            self._begin_cell(given)
        elif tag == "br":
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a table or cell."""
        tag = tag.removeprefix("ss:")
        if tag == "table":
            self._end_cell()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in {"td", "th", "cell", "tr", "row"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text of the open cell."""
        if self._place:
            self._text.append(data)

    def _begin_cell(self, given: dict[str, str | None]) -> None:
        self._end_cell()
        self._row = max(self._row, 0)
        self._column = max(self._column + 1, _number(given.get("index")) - 1)
        while (self._row, self._column) in self._taken:
            self._column += 1
        across = max(_number(given.get("colspan")) - 1, _number(given.get("mergeacross")))
        down = max(_number(given.get("rowspan")) - 1, _number(given.get("mergedown")))
        self._place, self._text = (self._row, self._column), []
        if across > 0 or down > 0:
            last = (self._row + max(down, 0), self._column + max(across, 0))
            self.tables[-1].merges.append((self._place, last))
            self._taken.update(
                (row, column)
                for row in range(self._row, last[0] + 1)
                for column in range(self._column, last[1] + 1)
            )
            self._column = last[1]

    def _end_cell(self) -> None:
        if self._place is None:
            return
        row, column = self._place
        self._place = None
        text = "\n".join(" ".join(line.split()) for line in "".join(self._text).split("\n")).strip()
        rows = self.tables[-1].rows
        if row >= _MOST_ROWS or column >= _WIDEST:
            return
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text
