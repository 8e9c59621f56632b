"""Rows of a workbook, cleaned: text in NFC and trimmed, legacy text converted, errors marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import python_calamine

from cadres.workbook import encodings
from cadres.workbook.package import SheetFacts, damaged, inspect

_BATCH = 2_000


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


def clean(cell: Any) -> Any:
    """A cell with its text in NFC and trimmed; anything else as it is."""
    if type(cell) is not str:
        return cell
    if not (cell.isascii() or unicodedata.is_normalized("NFC", cell)):
        cell = unicodedata.normalize("NFC", cell)
    return cell.strip()


class SheetReader:
    """One sheet. `header` is its first row; `conversions` fills up while rows are read."""

    def __init__(self, name: str, sheet: Any, facts: SheetFacts) -> None:
        self.name = name
        self._sheet = sheet
        self._facts = facts
        self.conversions: list[Conversion] = []
        self.encoding = self._recognise() if facts.may_be_legacy else None
        self._rows = self._numbered()
        number, header = next(self._rows, (0, []))
        #: Cells of row 1, cleaned; empty when row 1 is.
        self.header: list[Any] = [clean(cell) for cell in header] if number == 1 else []

    def _recognise(self) -> encodings.Recognised | None:
        """The encoding of the sheet as a whole; fonts speak for their own cells."""
        return encodings.recognise(
            cell for row in self._sheet.iter_rows() for cell in row if type(cell) is str
        )

    def _numbered(self) -> Iterator[tuple[int, list[Any]]]:
        """(row number as Excel shows it, cells); empty rows are left out."""
        before = [""] * (self._sheet.start or (0, 0))[1]  # the reader drops empty first columns
        has_bad = bool(self._facts.errors or self._facts.unsolved)
        may_convert = bool(self.encoding or self._facts.encodings)
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            if before:
                row = before + row
            if has_bad:
                self._mark_bad(number, row)
            if may_convert:
                self._convert_row(number, row)
            if row.count("") < len(row) and any(clean(cell) != "" for cell in row):
                yield number, row

    def batches(self) -> Iterator[tuple[list[int], list[list[Any]]]]:
        """(row numbers, rows) below the header, many at a time; text is not cleaned yet."""
        while batch := list(islice(self._rows, _BATCH)):
            yield [number for number, _row in batch], [row for _number, row in batch]

    def _convert_row(self, number: int, row: list[Any]) -> None:
        fonts = self._facts.encodings
        texts = [i for i, cell in enumerate(row) if type(cell) is str and not cell.isascii()]
        for index in texts:
            if encoding := fonts.get((number, index)):
                self._replace(row, number, index, encodings.convert(row[index], encoding), encoding)
        others = [index for index in texts if (number, index) not in fonts]
        if self.encoding and others:
            converted = encodings.convert_row([row[index] for index in others], self.encoding)
            for index, now in zip(others, converted, strict=True):
                self._replace(row, number, index, now, self.encoding.encoding)

    def _replace(self, row: list[Any], number: int, index: int, now: str, encoding: str) -> None:
        was = row[index]
        if now != was:
            row[index] = now
            header = str(self.header[index]) if index < len(self.header) else ""
            name = encodings.NAMES[encoding]
            self.conversions.append(
                Conversion(number, index, header, was.strip(), now.strip(), name)
            )

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
