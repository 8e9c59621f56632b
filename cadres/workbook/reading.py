"""Rows of a workbook, cleaned: text in NFC and trimmed, legacy text converted, errors marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import python_calamine

from cadres.workbook import encodings
from cadres.workbook.package import SheetFacts, damaged, inspect


@dataclass(frozen=True)
class Conversion:
    """A cell whose text was in a legacy encoding."""

    row: int
    column: int
    name: str
    was: str
    now: str
    encoding: str


@dataclass(frozen=True)
class BadCell:
    """A cell that Excel itself has no value for: `#N/A`, or a formula never calculated."""

    text: str


class SheetReader:
    """One sheet, row by row. `conversions` fills up while rows are read."""

    def __init__(self, name: str, rows: Any, facts: SheetFacts) -> None:
        self.name = name
        self._sheet = rows
        self._facts = facts
        self.conversions: list[Conversion] = []
        #: Names of the columns, once the first row was read.
        self.header: list[Any] = []
        self.encoding = self._recognise()

    def __len__(self) -> int:
        return int(self._sheet.total_height)

    def _recognise(self) -> str | None:
        """The encoding of the sheet as a whole; fonts speak for their own cells."""
        return encodings.recognise(
            cell for row in self._sheet.iter_rows() for cell in row if isinstance(cell, str)
        )

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """(row number as Excel shows it, cells); empty cells are ''. Empty rows are left out."""
        has_bad = bool(self._facts.errors or self._facts.unsolved)
        may_convert = bool(self.encoding or self._facts.encodings)
        normal = unicodedata.is_normalized
        before = [""] * (self._sheet.start or (0, 0))[1]  # the reader drops empty first columns
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            if before:
                row = before + row
            for index, cell in enumerate(row):
                if type(cell) is str and cell:
                    if may_convert and not cell.isascii():
                        cell = self._converted(cell, number, index)
                    if not (cell.isascii() or normal("NFC", cell)):
                        cell = unicodedata.normalize("NFC", cell)
                    row[index] = cell.strip()
            if has_bad:
                self._mark_bad(number, row)
            if any(cell != "" for cell in row):
                self.header = self.header or row
                yield number, row

    def _converted(self, text: str, row: int, column: int) -> str:
        encoding = self._facts.encodings.get((row, column)) or self.encoding
        if encoding is None:
            return text
        now = encodings.convert(text, encoding)
        if now != text:
            name = encodings.NAMES[encoding]
            header = str(self.header[column]) if column < len(self.header) else ""
            self.conversions.append(
                Conversion(row, column, header, text.strip(), now.strip(), name)
            )
        return now

    def _mark_bad(self, number: int, row: list[Any]) -> None:
        for index in range(len(row)):
            if text := self._facts.errors.get((number, index)):
                row[index] = BadCell(text)
            elif (number, index) in self._facts.unsolved and row[index] == "":
                row[index] = BadCell("")


class WorkbookReader:
    """An .xlsx file, inspected before it is opened. Raises WorkbookRefused."""

    def __init__(self, path: Path) -> None:
        self._facts = inspect(path)
        try:
            self._book = python_calamine.CalamineWorkbook.from_path(path)
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise damaged() from error
        self.sheet_names: list[str] = [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]

    def __enter__(self) -> WorkbookReader:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def sheet(self, name: str) -> SheetReader:
        """The sheet of that name."""
        try:
            rows = self._book.get_sheet_by_name(name)
        except (python_calamine.CalamineError, ValueError) as error:
            raise damaged() from error
        return SheetReader(name, rows, self._facts.get(name, SheetFacts()))
