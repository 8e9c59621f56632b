"""From rows of cells to typed values, noting every fault of a cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cadres.workbook.columns import Column, shown
from cadres.workbook.faults import CellFault, Fault, FaultList
from cadres.workbook.reading import BadCell, SheetReader
from cadres.workbook.schema import Sheet

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
        self._rows = reader.rows()
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
        return all(
            key in self._places for key in self.sheet.key if self.sheet.by_key[key].required
        )

    def _fault(self, code: str, message: str, row: int | None, column: str | None) -> None:
        self.faults.add(
            Fault(code=code, message=message, sheet=self.sheet.name, row=row, column=column),
            part=f"cells of {self.sheet.name}",
        )

    def _read_header(self) -> None:
        number, header = next(self._rows, (0, []))
        if number > 1:  # row 1 is empty: no names, so no columns
            header = []
        for index, cell in enumerate(header):
            self._place(cell, index)
        for column in self.sheet.columns:
            if column.required and column.key not in self._places:
                self._fault(
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
            self._fault(
                "unknown_column",
                _("Không có cột “%(column)s” trong trang này. Các cột được dùng: %(known)s.")
                % {"column": shown(name), "known": ", ".join(self.sheet.by_key)},
                1,
                name,
            )
        elif name in self._places:
            self._fault(
                "duplicate_column",
                _("Cột “%(column)s” có hai lần. Hãy bỏ bớt một cột.") % {"column": name},
                1,
                name,
            )
        else:
            self._places[name] = index

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """Parsed rows; a cell with a fault is None and its row is marked as faulty."""
        readers = [
            (self._places[column.key], column, len(column.staged), {}) for column in self.present
        ]
        for number, row in self._rows:
            self.total += 1
            if self._nameless:
                self._look_at_nameless(number, row)
            values: list[Any] = [number, False]
            for place, column, width, known in readers:
                cell = row[place] if place < len(row) else ""
                # 1, 1.0 and True are equal but not the same cell.
                memory = (cell.__class__, cell)
                parsed = known.get(memory, known)
                if parsed is known:
                    parsed, ok = self._parse(column, cell, number)
                    if not ok:
                        values[1] = True
                    elif len(known) < _REMEMBERED:
                        known[memory] = parsed
                if width == 1:
                    values.append(parsed)
                else:
                    values.extend(parsed or (None,) * width)
            yield tuple(values)

    def _parse(self, column: Column, cell: Any, row: int) -> tuple[Any, bool]:
        try:
            return _value(column, cell), True
        except CellFault as fault:
            self._fault(fault.code, str(fault.message), row, column.key)
            return None, False

    def _look_at_nameless(self, number: int, row: list[Any]) -> None:
        """A value under an empty header would be lost without a word: say so, once a column."""
        for index in [i for i in self._nameless if i < len(row) and row[i] != ""]:
            self._nameless.remove(index)
            letter = column_letters(index)
            value = row[index].text if isinstance(row[index], BadCell) else shown(row[index])
            self._fault(
                "unknown_column",
                _("Cột %(letter)s có dữ liệu (“%(value)s”) nhưng dòng 1 không có tên cột.")
                % {"letter": letter, "value": value},
                number,
                letter,
            )


def _value(column: Column, cell: Any) -> Any:
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
