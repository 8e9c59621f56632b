"""From rows of cells to typed values, noting every fault of a cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cadres.workbook.columns import Column, shown
from cadres.workbook.faults import CellFault, Fault, FaultList
from cadres.workbook.reading import BadCell, SheetReader, clean
from cadres.workbook.schema import Sheet

_NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
#: Different values of a column are remembered up to this number: dates and codes repeat a lot.
_REMEMBERED = 20_000


class SheetParser:
    """Reads the header of a sheet, then gives one tuple a row for the staging table.

    A tuple is `(row, faulty, *values)` with `present` columns in the order of the declaration.
    """

    def __init__(self, sheet: Sheet, reader: SheetReader, faults: FaultList) -> None:
        self.sheet = sheet
        self.faults = faults
        self.total = 0
        self._reader = reader
        self._batches = reader.batches()
        self._nameless: list[int] = []
        self._places: dict[str, int] = {}
        self._read_header()

    @property
    def present(self) -> list[Column]:
        """The columns that the file has."""
        return [column for column in self.sheet.columns if column.key in self._places]

    @property
    def is_usable(self) -> bool:
        """Whether rows can be told apart: every required key column is there."""
        return all(key in self._places for key in self.sheet.key if self.sheet.by_key[key].required)

    def note(self, code: str, message: str, row: int | None, column: str | None) -> None:
        """Note a fault of this sheet."""
        self.faults.add(
            Fault(code=code, message=message, sheet=self.sheet.name, row=row, column=column),
            part=f"cells of {self.sheet.name}",
        )

    def _read_header(self) -> None:
        header = self._reader.header
        for index, cell in enumerate(header):
            self._place(cell, index)
        for column in self.sheet.columns:
            if column.required and column.key not in self._places:
                self.note(
                    "missing_column",
                    _("Thiếu cột bắt buộc “%(column)s” ở dòng 1. Hãy thêm cột này.")
                    % {"column": column.key},
                    1,
                    column.key,
                )

    def _place(self, cell: Any, index: int) -> None:
        if cell == "":
            self._nameless.append(index)
            return
        name = cell if isinstance(cell, str) else shown(cell)
        if name not in self.sheet.by_key:
            self.note(
                "unknown_column",
                _("Không có cột “%(column)s” trong trang này. Các cột được dùng: %(known)s.")
                % {"column": shown(name), "known": ", ".join(self.sheet.by_key)},
                1,
                name,
            )
        elif name in self._places:
            self.note(
                "duplicate_column",
                _("Cột “%(column)s” có hai lần. Hãy bỏ bớt một cột.") % {"column": name},
                1,
                name,
            )
        else:
            self._places[name] = index

    def batches(self) -> Iterator[str]:
        """The rows as text for COPY, many at a time: row, faulty, then the present columns.

        A cell with a fault is empty in it, and its row is marked as faulty. The same value comes
        again and again in a column, so each is cleaned, judged and written out once.
        """
        readers = [(self._places[c.key], _ColumnReader(self, c)) for c in self.present]
        for numbers, rows in self._batches:
            self.total += len(rows)
            if self._nameless:
                for number, row in zip(numbers, rows, strict=True):
                    self._look_at_nameless(number, row)
            faulty: set[int] = set()
            columns = [
                reader.read([row[place] for row in rows], numbers, faulty)
                for place, reader in readers
            ]
            marks = ["t" if number in faulty else "f" for number in numbers]
            lines = zip(map(str, numbers), marks, *columns, strict=True)
            yield "\n".join(["\t".join(line) for line in lines]) + "\n"

    def _look_at_nameless(self, number: int, row: list[Any]) -> None:
        """A value under an empty header would be lost without a word: say so, once a column."""
        for index in [i for i in self._nameless if clean(row[i]) != ""]:
            self._nameless.remove(index)
            letter = column_letters(index)
            value = shown(getattr(row[index], "text", row[index]))
            self.note(
                "unknown_column",
                _("Cột %(letter)s có dữ liệu (“%(value)s”) nhưng dòng 1 không có tên cột.")
                % {"letter": letter, "value": value},
                number,
                letter,
            )


class _ColumnReader:
    """Cells of one column as the text of COPY."""

    def __init__(self, parser: SheetParser, column: Column) -> None:
        self._parser = parser
        self._column = column
        self._known: dict[Any, str] = {}
        self._empty = "\t".join([_NULL] * len(column.staged))

    def read(self, cells: list[Any], numbers: list[int], faulty: set[int]) -> list[str]:
        """The texts of `cells`; rows with a fault are added to `faulty`."""
        known = self._known
        if bool in set(map(type, cells)):  # TRUE, 1 and 1.0 are one key of a dictionary
            known = {}
        try:
            return [known[cell] for cell in cells]
        except KeyError:
            return [
                known[cell] if cell in known else self._judge(cell, number, known, faulty)
                for cell, number in zip(cells, numbers, strict=True)
            ]

    def _judge(self, cell: Any, row: int, known: dict[Any, str], faulty: set[int]) -> str:
        try:
            value = _value(self._column, cell)
        except CellFault as fault:
            self._parser.note(fault.code, str(fault.message), row, self._column.key)
            faulty.add(row)
            return self._empty
        if value is None:
            text = self._empty
        else:
            text = "\t".join(map(copied, value)) if type(value) is tuple else copied(value)
        if len(known) < _REMEMBERED and type(cell) is not bool:
            known[cell] = text
        return text


def copied(value: Any) -> str:
    """A value as the text that COPY reads."""
    if value is None:
        return _NULL
    if type(value) is str:
        return value if value.isalnum() else value.translate(_ESCAPES)
    if type(value) is bool:
        return "t" if value else "f"
    return str(value)  # a number, or a date in ISO


def _value(column: Column, cell: Any) -> Any:
    """The value of a cell for the database; None when it is empty. Raises CellFault."""
    cell = clean(cell)
    if cell == "":
        if column.required:
            raise CellFault(
                "required",
                _("Thiếu %(label)s. Ô này bắt buộc, hãy điền vào.") % {"label": column.label},
            )
        return None
    if isinstance(cell, BadCell):
        if cell.text:
            raise CellFault(
                "cell_error",
                _("Ô báo lỗi %(value)s của Excel. Hãy sửa công thức hoặc nhập giá trị.")
                % {"value": cell.text},
            )
        raise CellFault(
            "formula_without_value",
            _("Ô có công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi thử lại."),
        )
    return column.parse(cell)


def column_letters(index: int) -> str:
    """0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
