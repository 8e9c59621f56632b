"""Grades of one unit as offices keep them: a column of names or codes and one of grades.

From rows of cells, pasted or out of a sheet, to people of the unit with a grade, and a problem for
every cell that does not say enough. Nothing is read from or written to the database here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cadres.choices import Grade
from cadres.lists.source import open_book
from cadres.lists.spelling import fold, tidy
from cadres.models import Cadre
from cadres.workbook.encodings import convert_row, recognise
from cadres.workbook.parsing import column_letters

#: A unit's list is short; more was copied by mistake.
MAX_ROWS = 2_000
_HEADS = {
    "code": re.compile(r"\b(so hieu|ma can bo|ma so|ma cb|shcb|code)\b"),
    "birth": re.compile(r"\b(ngay sinh|nam sinh|ngay thang nam sinh|sinh)\b"),
    "grade": re.compile(r"\b(xep loai|danh gia|muc do hoan thanh|ket qua)\b"),
    "name": re.compile(r"\b(ho va ten|ho ten|ho va ten dem|can bo|ten)\b"),
}
_GRADES = {
    Grade.HTXSNV: ("htxsnv", "htxs", "xuat sac", "hoan thanh xuat sac", "hoan thanh xuat sac nv"),
    Grade.HTTNV: ("httnv", "htt", "tot", "hoan thanh tot", "hoan thanh tot nv"),
    Grade.HTNV: ("htnv", "ht", "hoan thanh", "hoan thanh nv"),
    Grade.KHTNV: ("khtnv", "kht", "khong hoan thanh", "khong hoan thanh nv", "chua hoan thanh"),
}
_WORDS = {word: grade for grade, words in _GRADES.items() for word in words}
_DATE = re.compile(r"^(?:(\d{1,2})[/.\-])?(?:(\d{1,2})[/.\-])?(\d{4})$")


@dataclass(frozen=True)
class GradeProblem:
    """A cell that does not say enough: where (row as Excel shows it, column letter) and why."""

    row: int
    column: str
    text: str
    message: str

    @property
    def ref(self) -> str:
        """`C12`."""
        return f"{self.column}{self.row}"


@dataclass(frozen=True)
class GradeLine:
    """A row that named one person of the unit and a grade."""

    row: int
    cadre_id: int
    grade: Grade


@dataclass
class GradeReading:
    """What a list says. `blank`: rows about a person without a grade; they change nothing."""

    lines: list[GradeLine] = field(default_factory=list)
    problems: list[GradeProblem] = field(default_factory=list)
    blank: int = 0

    @property
    def grades(self) -> dict[int, Grade]:
        """The grade by person."""
        return {line.cadre_id: line.grade for line in self.lines}


def grade_of(text: str) -> Grade | None:
    """`Hoàn thành tốt nhiệm vụ`, `HTTNV`, `tốt` -> the grade; None for anything else."""
    words = fold(text).replace("nhiem vu", "").strip()
    return _WORDS.get(words) or _WORDS.get(fold(text))


def rows_of_text(text: str) -> list[list[str]]:
    """Cells as a spreadsheet copies them: a line a row, tabs between (else semicolons)."""
    lines = text.replace("\r\n", "\n").split("\n")
    sign = "\t" if "\t" in text else ";" if ";" in text else None
    return [[tidy(cell) for cell in (line.split(sign) if sign else [line])] for line in lines]


def rows_of_file(data: bytes) -> list[list[str]]:
    """Cells of the first sheet that is not hidden. Raises ListRefused."""
    book = open_book(data)
    name = next((each for each in book.names if each not in book.hidden), book.names[0])
    rows = [[_cell(value) for value in row] for row in book.load(name).rows[: MAX_ROWS + 1]]
    legacy = recognise(cell for row in rows for cell in row)
    return [convert_row(row, legacy) for row in rows] if legacy else rows


def _cell(value: Any) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return tidy(str(value)) if value is not None else ""


def read_grades(rows: Sequence[Sequence[str]], people: Iterable[Cadre]) -> GradeReading:
    """Match rows with people of a unit: by code, else by name, else by name and birth date."""
    reading = GradeReading()
    if len(rows) > MAX_ROWS:
        message = _("Danh sách dài hơn %(n)d dòng: không thể là của một đơn vị.") % {"n": MAX_ROWS}
        reading.problems.append(GradeProblem(MAX_ROWS + 1, "A", "", message))
        return reading
    known = _People(people)
    first, places = _columns(rows, known)
    if "grade" not in places or not places.keys() & {"code", "name"}:
        reading.problems.append(GradeProblem(1, "A", "", _no_columns()))
        return reading
    seen: dict[int, int] = {}
    for number, row in enumerate(rows[first:], start=first + 1):
        _read_row(number, row, places, known, seen, reading)
    if not reading.lines and not reading.problems:
        reading.problems.append(GradeProblem(1, "A", "", _no_columns()))
    return reading


def _no_columns() -> str:
    return _(
        "Không thấy cột người (số hiệu hoặc họ và tên) và cột xếp loại. "
        "Hãy chép cả hai cột, mỗi người một dòng."
    )


def _read_row(
    number: int,
    row: Sequence[str],
    places: Mapping[str, int],
    known: _People,
    seen: dict[int, int],
    reading: GradeReading,
) -> None:
    cells = {what: row[place] if place < len(row) else "" for what, place in places.items()}
    code, name, grade = cells.get("code", ""), cells.get("name", ""), cells["grade"]
    if not (code or name) or (not grade and not known.may_know(code, name)):
        return  # an empty line, a heading of a group, a signature below the list

    def problem(what: str, message: str) -> None:
        at = places.get(what, places.get("name", places.get("code", 0)))
        reading.problems.append(
            GradeProblem(number, column_letters(at), cells.get(what, ""), message)
        )

    found = known.find(code, name, cells.get("birth", ""))
    if isinstance(found, str):
        problem("code" if code else "name", found)
        return
    if found.pk in seen:
        text = _("%(name)s đã có ở dòng %(row)d.")
        problem("name" if name else "code", text % {"name": found, "row": seen[found.pk]})
        return
    seen[found.pk] = number
    if not grade:
        reading.blank += 1
        return
    read = grade_of(grade)
    if read is None:
        text = _(
            "“%(text)s” không phải một trong bốn mức xếp loại. Ghi HTXSNV, HTTNV, HTNV hoặc KHTNV."
        )
        problem("grade", text % {"text": grade[:40]})
        return
    reading.lines.append(GradeLine(number, found.pk, read))


class _People:
    """The unit's people, to be found by what a list says of them."""

    def __init__(self, people: Iterable[Cadre]) -> None:
        self.by_code: dict[str, Cadre] = {}
        self.by_name: dict[str, list[Cadre]] = defaultdict(list)
        for cadre in people:
            self.by_code[cadre.code.casefold()] = cadre
            self.by_name[fold(cadre.full_name)].append(cadre)

    def may_know(self, code: str, name: str) -> bool:
        return code.casefold() in self.by_code or fold(name) in self.by_name

    def find(self, code: str, name: str, birth: str) -> Cadre | str:
        """The person, or a sentence why it cannot be said who it is."""
        if code:
            by_code = self.by_code.get(code.casefold())
            if by_code is None:
                return _("Số hiệu %(code)s không phải của người nào ở đơn vị trong năm.") % {
                    "code": code
                }
            if name and fold(name) != fold(by_code.full_name):
                return _(
                    "Số hiệu %(code)s là của %(name)s, không phải của người ghi ở dòng này."
                ) % {
                    "code": code,
                    "name": by_code,
                }
            return by_code
        named = self.by_name.get(fold(name), [])
        fitting = [cadre for cadre in named if _born(cadre, birth)] if birth else named
        if len(fitting) == 1:
            return fitting[0]
        if not named:
            return _("%(name)s không công tác ở đơn vị trong năm.") % {"name": name}
        if not fitting:
            return _("Ngày sinh %(birth)s không khớp với hồ sơ của %(name)s.") % {
                "birth": birth,
                "name": name,
            }
        return _("Có %(n)d người tên %(name)s. Hãy ghi thêm ngày sinh hoặc số hiệu.") % {
            "n": len(fitting),
            "name": name,
        }


def _born(cadre: Cadre, text: str) -> bool:
    """Whether the file's birth date says what the list says, as far as both go."""
    match = _DATE.match(text.strip())
    if match is None or cadre.birth_date is None:
        return False
    first, second, year = match.groups()
    day, month = (first, second) if second else (None, first)
    born, precision = cadre.birth_date, cadre.birth_precision
    if int(year) != born.year:
        return False
    if month and precision != "year" and int(month) != born.month:
        return False
    return not (day and precision == "day" and int(day) != born.day)


def _columns(rows: Sequence[Sequence[str]], known: _People) -> tuple[int, dict[str, int]]:
    """First row of people, and which column says what: by its head, else by its content."""
    for number, row in enumerate(rows[:20]):
        places = _heads(row)
        if "grade" in places and places.keys() & {"code", "name"}:
            return number + 1, places
    return 0, _by_content(rows, known)


def _heads(row: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        words = fold(cell)
        what = next((what for what, head in _HEADS.items() if head.search(words)), None)
        if what and what not in places and grade_of(cell) is None:
            places[what] = place
    return places


def _by_content(rows: Sequence[Sequence[str]], known: _People) -> dict[str, int]:
    votes: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        for place, cell in enumerate(row):
            if what := _says(cell, known):
                votes[what, place] += 1
    places: dict[str, int] = {}
    for (what, place), _number in sorted(votes.items(), key=lambda vote: -vote[1]):
        if what not in places and place not in places.values():
            places[what] = place
    if "grade" in places and not places.keys() & {"code", "name"}:
        # Nobody is of this unit: the first other column is taken for names, so that it is said who.
        places["name"] = next((p for p in range(9) if p not in places.values()), 0)
    return places


def _says(cell: str, known: _People) -> str:
    """What a cell is by its content; "" for anything else."""
    if not cell:
        return ""
    if grade_of(cell):
        return "grade"
    if cell.casefold() in known.by_code:
        return "code"
    if fold(cell) in known.by_name:
        return "name"
    return "birth" if _DATE.match(cell) else ""
