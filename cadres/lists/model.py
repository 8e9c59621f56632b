"""What a reading of an office's list consists of: plain frozen data, no database behind it.

`Reading` is the whole; `Row` and `Column` show the sheet as it is, `Person` and `Value` what was
understood, `Problem` what a person has to look at. Every place is named as Excel names it: row
numbers from 1, columns by letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Field(StrEnum):
    """What a column may hold. The value is the name used in mappings and in JSON."""

    NUMBER = "number"
    CODE = "code"
    FULL_NAME = "full_name"
    #: The name in two columns: family name with middle names, then the given name.
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    SEX = "sex"
    #: A mark (x, 1, v) in this column means male, female.
    SEX_MALE = "sex_male"
    SEX_FEMALE = "sex_female"
    BIRTH_DATE = "birth_date"
    #: The birth date stands in one of two columns, which tells the sex as well.
    BIRTH_MALE = "birth_date_male"
    BIRTH_FEMALE = "birth_date_female"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    ETHNICITY = "ethnicity"
    NATIVE_PLACE = "native_place"
    PARTY_JOINED_ON = "party_joined_on"
    TITLE = "title_text"
    UNIT = "unit_text"
    PLANNED_TITLE = "planned_title_text"
    DEGREE = "degree_text"
    THEORY = "theory_text"
    #: A mark in this column means the level that its heading names (`Column.detail`).
    DEGREE_MARK = "degree_mark"
    THEORY_MARK = "theory_mark"
    GRADES = "grades"
    PROPOSAL = "proposal"
    NOTE = "note"

    @property
    def label(self) -> Promise:
        """The field's name for people."""
        return _LABELS[self]


_LABELS: dict[Field, Promise] = {
    Field.NUMBER: _("Số thứ tự"),
    Field.CODE: _("Số hiệu cán bộ"),
    Field.FULL_NAME: _("Họ và tên"),
    Field.FAMILY_NAME: _("Họ, chữ đệm"),
    Field.GIVEN_NAME: _("Tên"),
    Field.SEX: _("Giới tính"),
    Field.SEX_MALE: _("Đánh dấu nam"),
    Field.SEX_FEMALE: _("Đánh dấu nữ"),
    Field.BIRTH_DATE: _("Ngày sinh"),
    Field.BIRTH_MALE: _("Ngày sinh (nam)"),
    Field.BIRTH_FEMALE: _("Ngày sinh (nữ)"),
    Field.BIRTH_DAY: _("Ngày của ngày sinh"),
    Field.BIRTH_MONTH: _("Tháng của ngày sinh"),
    Field.BIRTH_YEAR: _("Năm của ngày sinh"),
    Field.ETHNICITY: _("Dân tộc"),
    Field.NATIVE_PLACE: _("Quê quán"),
    Field.PARTY_JOINED_ON: _("Ngày vào Đảng"),
    Field.TITLE: _("Chức vụ hiện tại"),
    Field.UNIT: _("Đơn vị công tác"),
    Field.PLANNED_TITLE: _("Chức danh quy hoạch"),
    Field.DEGREE: _("Trình độ chuyên môn"),
    Field.THEORY: _("Lý luận chính trị"),
    Field.DEGREE_MARK: _("Đánh dấu trình độ chuyên môn"),
    Field.THEORY_MARK: _("Đánh dấu lý luận chính trị"),
    Field.GRADES: _("Kết quả xếp loại"),
    Field.PROPOSAL: _("Đề xuất"),
    Field.NOTE: _("Ghi chú"),
}

#: Fields that only help to read others; a `Person` never has them.
HELPERS = frozenset(
    {
        Field.FAMILY_NAME,
        Field.GIVEN_NAME,
        Field.SEX_MALE,
        Field.SEX_FEMALE,
        Field.BIRTH_MALE,
        Field.BIRTH_FEMALE,
        Field.BIRTH_DAY,
        Field.BIRTH_MONTH,
        Field.BIRTH_YEAR,
        Field.DEGREE_MARK,
        Field.THEORY_MARK,
    }
)
#: Fields that several columns may have at once.
SHARED = frozenset({Field.GRADES, Field.NOTE, Field.DEGREE_MARK, Field.THEORY_MARK})


class RowKind(StrEnum):
    """What a row of the sheet is."""

    CAPTION = "caption"  # above the header
    HEADER = "header"  # the header, also where it is printed again, and rows of column numbers
    GROUP = "group"  # a unit or title that the people below belong to
    PERSON = "person"
    TOTAL = "total"
    NOTE = "note"
    FOOTER = "footer"  # signatures, recipients and everything below them
    BLANK = "blank"


class Level(StrEnum):
    """How much a problem matters."""

    ERROR = "error"  # the value was not taken
    WARNING = "warning"  # the value was taken, but looks wrong
    INFO = "info"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which only the year, or month and year, may be known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> dt.date:
        """The first day it may be: what calculations take."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def precision(self) -> str:
        """`day`, `month` or `year`, as in `cadres.choices.BirthPrecision`."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    def __str__(self) -> str:
        """`1965`, `1965-10` or `1965-10-02`."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def shown(self) -> str:
        """As people write it: `1965`, `10/1965` or `02/10/1965`."""
        return "/".join(reversed(str(self).split("-")))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reading that a person may choose: `text` goes back into `parse_value`."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person has to look at. `row`/`column` are None where it is about the whole."""

    code: str
    message: str
    row: int | None = None
    column: str | None = None
    field: str | None = None
    level: Level = Level.ERROR
    proposals: tuple[Proposal, ...] = ()

    @property
    def cell(self) -> str | None:
        """`C12`, or None."""
        return f"{self.column}{self.row}" if self.column and self.row else None

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT section 1."""
        return {"row": self.row, "column": self.column, "message": self.message}


@dataclass(frozen=True, slots=True)
class Grade:
    """One yearly evaluation. `grade` is a `cadres.choices.Grade` or None where unreadable."""

    text: str
    grade: int | None
    year: int | None


class Value(NamedTuple):
    """One field of one person (a named tuple: a long list has hundreds of thousands).

    `value` by field: text (`str`) for names, texts and notes; `male`/`female` for `sex`;
    `PartialDate` for `birth_date` and `party_joined_on`; a code `01`–`54` for `ethnicity`; a number
    of `cadres.choices.Degree`/`Theory` for `degree`/`theory` (read from `degree_text` and
    `theory_text`); a tuple of `Grade` for `grades`; `supplement`, `removal` or `carry_over` for
    `proposal`. None where there is text that could not be understood: `problems` says why.
    """

    field: str
    value: Any
    #: The cell as shown (several cells joined by a blank).
    raw: str
    #: Where it stands; a value from a group row has the row of the group.
    row: int
    column: str
    problems: tuple[Problem, ...] = ()
    #: Not written in a cell of its own: from a group row, a form of address, an empty mark.
    is_inferred: bool = False

    @property
    def cell(self) -> str:
        """`C12`."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True, slots=True)
class Group:
    """A row such as “I. Giám đốc” or “Sở Nội vụ”, without its numbering."""

    row: int
    #: 1 for the outermost.
    depth: int
    text: str
    #: `unit`, `title` or `other`.
    kind: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the list. `values` has a field only where the list says something."""

    row: int
    values: Mapping[str, Value]
    #: The groups it stands in, outermost first.
    groups: tuple[Group, ...] = ()
    #: About the row as a whole; those of a cell are with its `Value`.
    own_problems: tuple[Problem, ...] = ()

    def get(self, name: str) -> Any:
        """The understood value of a field, or None."""
        found = self.values.get(name)
        return None if found is None else found.value

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of this person."""
        found = [problem for value in self.values.values() for problem in value.problems]
        return (*self.own_problems, *found)

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT section 1; what the list does not say is None."""
        born = self.get("birth_date")
        return {
            "row": self.row,
            "full_name": self.get("full_name"),
            "sex": self.get("sex"),
            "birth_date": None if born is None else str(born),
            "title_text": self.get("title_text"),
            "degree_text": self.get("degree_text"),
            "theory_text": self.get("theory_text"),
        }


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list with the field that it was taken for."""

    letter: str
    #: From 0.
    index: int
    #: The heading with its parents, outermost first: `("Ngày sinh", "Nam")`; may be empty.
    heading: tuple[str, ...]
    #: A `Field`, or None when the column is not read.
    field: str | None
    #: 0 to 1; 1 where a person decided.
    confidence: float
    #: Other fields it might be, likeliest first.
    alternatives: tuple[str, ...] = ()
    #: A few cells, as shown; none of a withheld column.
    samples: tuple[str, ...] = ()
    #: Identity numbers, telephone numbers and the like: never read, never shown.
    is_withheld: bool = False
    #: The year of a column of grades, the level of a column of marks.
    detail: str = ""

    @property
    def title(self) -> str:
        """The heading in one line."""
        return " – ".join(self.heading)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the page shows it."""

    column: Column
    row: int
    text: str

    @property
    def name(self) -> str:
        """`C12`."""
        return f"{self.column.letter}{self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet. `texts` has one text for each of `Reading.columns`."""

    number: int
    kind: RowKind
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """A cell whose text was in a legacy encoding (`TCVN3`, `VNI`)."""

    row: int
    column: str
    was: str
    now: str
    encoding: str


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of the file."""

    name: str
    is_hidden: bool
    #: Whether a header with names was found in it.
    has_list: bool
    rows: int


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that was read from one sheet of a file.

    `fault` is None for a list that was understood. Otherwise (no header, no column of names, an
    empty sheet) there are no people, but `rows` and `columns` still show the sheet, so that a
    person can point at the header or at the names.
    """

    name: str
    sheets: tuple[SheetInfo, ...]
    sheet: str
    #: First and last row of the header; None when none was found.
    header: tuple[int, int] | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    people: tuple[Person, ...]
    #: About the list as a whole; those of cells are with their people.
    notes: tuple[Problem, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    #: How many cells were converted; `conversions` tells the first thousand.
    conversion_count: int = 0
    #: The lines above the header: office, title of the list, term.
    caption: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    #: The same for every list with the same headings: what to remember a mapping by.
    signature: str = ""
    fault: Problem | None = None
    _by_number: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def mapping(self) -> dict[str, str]:
        """Column letter -> field, for the columns that are read."""
        return {column.letter: column.field for column in self.columns if column.field}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem: the list's own first, then those of people by row."""
        found = list(self.notes)
        if self.fault:
            found.insert(0, self.fault)
        for person in self.people:
            found += person.problems
        return tuple(found)

    def cells(self, row: Row) -> tuple[Cell, ...]:
        """The cells of a row, for the grid of the page."""
        return tuple(
            Cell(column=column, row=row.number, text=text)
            for column, text in zip(self.columns, row.texts, strict=True)
        )

    def person_at(self, number: int) -> Person | None:
        """The person in that row, or None."""
        if not self._by_number and self.people:
            self._by_number.update({p.row: i for i, p in enumerate(self.people)})
        place = self._by_number.get(number)
        return None if place is None else self.people[place]

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT section 1."""
        return {
            "people": [person.as_json() for person in self.people],
            "mapping": self.mapping,
            "problems": [p.as_json() for p in self.problems if p.level is not Level.INFO],
            "sheet": self.sheet,
            "header": self.header,
            "converted": self.conversion_count,
        }


class ListRefused(Exception):  # noqa: N818 - a fault of the file, not of the program
    """The file cannot be read at all. `code` is stable, `message` one Vietnamese sentence.

    Codes: `not_a_sheet`, `has_password`, `is_empty`, `too_large`, `no_such_sheet`, `is_document`.
    """

    def __init__(self, code: str, message: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = str(message)

    def __str__(self) -> str:
        """The sentence."""
        return self.message
