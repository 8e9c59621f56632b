"""What is wrong with a workbook: one `Fault` for a person, all of them in a `FaultList`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: So many errors are told in full; the rest is a number.
FAULT_LIMIT = 1000


class CellFault(Exception):  # noqa: N818 - a fault of the file, not of the program
    """A cell cannot be taken. `code` is stable, `message` is one Vietnamese sentence."""

    def __init__(self, code: str, message: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class WorkbookRefused(Exception):  # noqa: N818 - a fault of the file, not of the program
    """The file as a whole cannot be read."""

    def __init__(self, code: str, message: object) -> None:
        super().__init__(code)
        self.fault = Fault(code=code, message=str(message))


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One error. `row` is the number that Excel shows; None where it is about more than a row."""

    code: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT section 2."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }


class FaultList:
    """Faults of a whole workbook in bounded memory: the first ones of each check, and how many."""

    def __init__(self, order: dict[str, int] | None = None) -> None:
        self._order = order or {}
        self._kept: list[Fault] = []
        self._kept_in_part: dict[str, int] = {}
        self.total = 0

    def __bool__(self) -> bool:
        return self.total > 0

    def add(self, fault: Fault, *, part: str) -> None:
        """Note one fault. Of each `part` (a sheet's cells, one check) the first ones are kept."""
        self.total += 1
        kept = self._kept_in_part.get(part, 0)
        if kept < FAULT_LIMIT:
            self._kept_in_part[part] = kept + 1
            self._kept.append(fault)

    def count_more(self, number: int) -> None:
        """Note `number` further faults that nobody will read in full."""
        self.total += number

    def first(self) -> list[Fault]:
        """At most `FAULT_LIMIT` faults, by sheet, row and column."""
        last = len(self._order)
        ordered = sorted(
            self._kept,
            key=lambda fault: (
                self._order.get(fault.sheet or "", -1 if fault.sheet is None else last),
                fault.sheet or "",
                fault.row or 0,
                fault.column or "",
            ),
        )
        return ordered[:FAULT_LIMIT]

    @property
    def more(self) -> int:
        """How many faults `first` leaves out."""
        return self.total - len(self.first())
