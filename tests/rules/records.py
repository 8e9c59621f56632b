"""A province as plain records: one class a sheet of the exchange workbook (CONTRACT section 2).

Nothing here or in `reference` imports the portal: what the oracle says must not depend on it.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

import openpyxl

DEGREES = ("none", "intermediate", "college", "bachelor", "master", "doctor")
THEORIES = ("none", "elementary", "intermediate", "advanced", "bachelor")
GRADES = ("KHTNV", "HTNV", "HTTNV", "HTXSNV")  # worst to best
LEVELS = ("central", "province", "district", "commune")


class PartialDate(dt.date):
    """The earliest day of a date of which only the year or the month is known."""

    precision = "day"

    @classmethod
    def of(cls, year: int, month: int | None = None) -> "PartialDate":
        """Build the date for a year, or for a month of it."""
        made = cls(year, month or 1, 1)
        made.precision = "month" if month else "year"
        return made


@dataclass(frozen=True)
class Term:
    code: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class Unit:
    code: str
    level: str
    parent_code: str | None = None
    name: str = "Đơn vị"
    kind: str = "other"
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successor_codes: str | None = None


@dataclass(frozen=True)
class Title:
    code: str
    kind: str
    rank: int
    is_head: bool = False
    min_degree: str | None = None
    min_theory: str | None = None
    non_local_required: bool = False
    name: str = "Chức danh"


@dataclass(frozen=True)
class Position:
    unit_code: str
    title_code: str
    prescribed: int = 1


@dataclass(frozen=True)
class Cadre:
    code: str
    full_name: str = "Cán bộ"
    sex: str | None = None
    birth_date: dt.date | None = None
    ethnicity_code: str | None = None
    native_unit_code: str | None = None
    party_joined_on: dt.date | None = None
    degree: str | None = None
    theory: str | None = None
    retires_on: dt.date | None = None


@dataclass(frozen=True)
class Appointment:
    cadre_code: str
    unit_code: str
    title_code: str
    start_on: dt.date
    end_on: dt.date | None = None
    decision_no: str | None = None


@dataclass(frozen=True)
class Evaluation:
    cadre_code: str
    year: int
    grade: str
    unit_code: str


@dataclass(frozen=True)
class Discipline:
    cadre_code: str
    kind: str
    decided_on: dt.date
    effective_to: dt.date | None = None


@dataclass(frozen=True)
class Training:
    cadre_code: str
    course: str
    kind: str
    start_on: dt.date | None = None
    end_on: dt.date | None = None
    result: str | None = None


@dataclass(frozen=True)
class Plan:
    unit_code: str
    term: str
    status: str = "draft"
    approved_on: dt.date | None = None
    decision_no: str | None = None
    last_reviewed_on: dt.date | None = None


@dataclass(frozen=True)
class Nomination:
    unit_code: str
    term: str
    title_code: str
    cadre_code: str
    nominated_on: dt.date
    removed_on: dt.date | None = None
    removal_reason: str | None = None


@dataclass(frozen=True)
class Ballot:
    unit_code: str
    term: str
    title_code: str
    cadre_code: str
    step: int
    held_on: dt.date
    summoned: int
    present: int
    issued: int
    collected: int
    valid: int
    agree: int


@dataclass(frozen=True)
class Rotation:
    cadre_code: str
    from_unit_code: str
    from_title_code: str
    to_unit_code: str
    to_title_code: str
    status: str
    kind: str = "rotation"
    start_on: dt.date | None = None
    planned_end_on: dt.date | None = None
    ended_on: dt.date | None = None
    decline_reason: str | None = None


@dataclass(frozen=True)
class Target:
    unit_code: str
    parameter: str
    level: str
    value: int
    from_: dt.date
    document: str
    to: dt.date | None = None


@dataclass(repr=False)
class Province:
    """All records of a province, a list a sheet."""

    terms: list[Term] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    cadres: list[Cadre] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    disciplines: list[Discipline] = field(default_factory=list)
    trainings: list[Training] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    nominations: list[Nomination] = field(default_factory=list)
    ballots: list[Ballot] = field(default_factory=list)
    rotations: list[Rotation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[str, Any]]:
        """Yield (sheet, record) for every record."""
        for sheet in fields(self):
            for record in getattr(self, sheet.name):
                yield sheet.name, record

    def __str__(self) -> str:
        """Show each record on a line, without the fields left at their default."""
        return "\n".join(_short(record) for _, record in self.rows())

    __repr__ = __str__

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show the same where Hypothesis prints an example."""
        printer.text(f"Province:\n{self}\n")


def _short(record: Any) -> str:
    given = (
        f"{f.name.rstrip('_')}={_plain(getattr(record, f.name))}"
        for f in fields(record)
        if getattr(record, f.name) != f.default
    )
    return f"{type(record).__name__}({', '.join(given)})"


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else repr(value)


# -- Reading a workbook ----------------------------------------------------------------


def _text(value: Any) -> str:
    return unicodedata.normalize("NFC", str(value)).strip()


def _date(value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    text = _text(value)
    parts = [int(part) for part in text.replace("/", "-").split("-")]
    if "/" in text:
        parts.reverse()
    return dt.date(*parts) if len(parts) == 3 else PartialDate.of(*parts)


def _flag(value: Any) -> bool:
    return _text(value).upper() in {"1", "TRUE"}


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    str | None: _text,
    int: int,
    bool: _flag,
    dt.date: _date,
    dt.date | None: _date,
}


def read_workbook(path: Path) -> Province:
    """Read an exchange workbook that is known to be in order; nothing is checked."""
    book = openpyxl.load_workbook(path, read_only=True)
    province = Province()
    for name, record in _record_classes().items():
        if name in book.sheetnames:
            getattr(province, name).extend(_read_sheet(book[name], record))
    return province


def _record_classes() -> dict[str, type]:
    """Return sheet name -> record class, from the annotations of Province (`list[Cadre]`)."""
    return {name: hint.__args__[0] for name, hint in get_type_hints(Province).items()}


def _read_sheet(sheet: Any, record: type) -> Iterator[Any]:
    readers = {name: _READERS[hint] for name, hint in get_type_hints(record).items()}
    rows = sheet.iter_rows(values_only=True)
    columns = ["from_" if key == "from" else key for key in next(rows)]
    for row in rows:
        given = {
            key: readers[key](value)
            for key, value in zip(columns, row, strict=True)
            if value is not None and _text(value)
        }
        if given:
            yield record(**given)
