"""Persons out of rows: each field read with its own rules, each problem with its cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadres.choices import Degree, Theory
from cadres.lists import dates
from cadres.lists.model import (
    Column,
    Field,
    Group,
    Level,
    Person,
    Problem,
    Proposal,
    Value,
)
from cadres.lists.names import Name, clean_name, looks_like_name
from cadres.lists.spelling import fold, tidy
from cadres.lists.values import (
    heading_years,
    is_mark,
    read_degree,
    read_ethnicity,
    read_grades,
    read_proposal,
    read_sex,
    read_theory,
)

_TEXTS = (Field.CODE, Field.NATIVE_PLACE, Field.TITLE, Field.UNIT, Field.PLANNED_TITLE)
_SAYS_NOTHING = re.compile(r"^[\W_]*$")
_AFTER_NAME = re.compile(r"[\n;,]|\s[-–]\s")
_LONGEST_NAME = 120
_X = ("x", "X")
_OF_THEORY = re.compile(r"\b(?:llct|ly luan|chinh tri|ccct|cnct|tcct|cao cap)\b")


class Parser:
    """Reads persons of one list. `by_field` gives the columns of each field."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        today: dt.date,
        precisions: dict[tuple[int, int], str],
        errors: dict[tuple[int, int], str],
        is_plan: bool,
    ) -> None:
        self._today = today
        self.is_plan = is_plan
        self._precisions = precisions
        self._errors = errors
        self._columns = {column.index: column for column in columns}
        self.by_field: dict[str, list[Column]] = {}
        for column in columns:
            if column.field:
                self.by_field.setdefault(column.field, []).append(column)
        #: The first column of each field.
        self.first = {name: found[0] for name, found in self.by_field.items()}
        self.text_columns = [(name, self.first[name]) for name in _TEXTS if name in self.first]
        self.grade_columns = [
            (column, (int(column.detail),) if column.detail else heading_years(column.title))
            for column in self.by_field.get(Field.GRADES, [])
        ]
        #: Rows in which a cell is more than its value: its format or its error says something.
        self._odd_rows = {row for row, _place in (*precisions, *errors)}
        self._steps = self._needed_steps()
        self._american: dict[int, bool] = {}
        #: Columns in which Excel seems to have swapped day and month.
        self.swapped: list[Column] = []
        self._rules: dict[tuple[int, bool], dates.Rules] = {}
        self.births_by_sex = [
            (sex, self.first[name])
            for sex, name in (("male", Field.BIRTH_MALE), ("female", Field.BIRTH_FEMALE))
            if name in self.first
        ]
        self._has_address = False
        self._marks_women_only = (
            Field.SEX_FEMALE in self.by_field and Field.SEX_MALE not in self.by_field
        )

    def _needed_steps(self) -> list[_Step]:
        """What has to be done for each person, given the columns that the list has."""
        names = (Field.FULL_NAME,) if Field.FULL_NAME in self.by_field else _NAME_PARTS
        steps = [
            self._step(_OnePerson.read_name, names),
            self._step(_OnePerson.read_sex, _SEX_FIELDS, is_needed=False),
            self._step(_OnePerson.read_birth, (*_DATE_FIELDS, *_BIRTH_PARTS)),
            _Step(_OnePerson.sex_by_name, ()),
            _Step(_OnePerson.read_texts, ()),
            self._step(_OnePerson.read_levels, _LEVEL_FIELDS, is_needed=False),
            self._step(_OnePerson.read_ethnicity, (Field.ETHNICITY,), is_needed=False),
            self._step(_OnePerson.read_party_date, (Field.PARTY_JOINED_ON,), is_needed=False),
            self._step(_OnePerson.read_grades, (Field.GRADES,), is_needed=False),
            self._step(_OnePerson.read_proposal, (Field.PROPOSAL,), is_needed=False),
            self._step(_OnePerson.read_notes, (Field.NOTE,), is_needed=False),
        ]
        return [step for step in steps if step]

    def _step(
        self, read: Callable[[_OnePerson], None], fields: Sequence[str], *, is_needed: bool = True
    ) -> _Step | None:
        """A step over the columns of these fields; None where the list has none of them."""
        places = tuple(c.index for name in fields for c in self.by_field.get(name, []))
        return _Step(read, places) if places or is_needed else None

    def learn(self, rows: Sequence[Sequence[Any]]) -> None:
        """Look at whole columns: which puts the month first, whether names have `Ông`, `Bà`."""
        for name in (*_DATE_FIELDS, Field.PARTY_JOINED_ON):
            for column in self.by_field.get(name, []):
                cells = [row[column.index] for row in rows if column.index < len(row)]
                self._american[column.index] = dates.is_american(cells)
                if dates.may_be_swapped(cells):
                    self.swapped.append(column)
        for column in self.by_field.get(Field.FULL_NAME, []):
            starts = [
                str(row[column.index]).lstrip()[:3].lower()
                for row in rows
                if column.index < len(row)
            ]
            addressed = sum(start in {"ông", "bà ", "bà:", "ông:"} for start in starts)
            women = any(start.startswith("bà") and start[2:3] in " :." for start in starts)
            self._has_address = women or addressed > 2

    @property
    def american(self) -> list[Column]:
        """Columns whose dates put the month first."""
        return [self._columns[index] for index, found in self._american.items() if found]

    def person(
        self, row: int, cells: Sequence[Any], texts: tuple[str, ...], groups: tuple[Group, ...]
    ) -> Person:
        """The person in a row (numbered as Excel does)."""
        one = _OnePerson(self, row, cells, texts)
        is_odd = row in self._odd_rows
        for step in self._steps:
            if is_odd or not step.places:
                step.read(one)
            else:
                step.recall(one)
        if groups:
            one.read_groups(groups)
        return Person(row, one.values, groups, tuple(one.problems))

    def date(
        self, row: int, column: Column, cell: Any, raw: str, *, is_birth: bool = True
    ) -> Value:
        """A cell as a date, with its problem."""
        place = column.index
        rules = self._rules.get((place, is_birth))
        if rules is None:
            is_american = self._american.get(place, False)
            rules = self._rules[place, is_birth] = dates.Rules(self._today, is_birth, is_american)
        precision = self._precisions.get((row, place)) if self._precisions else None
        found, fault = dates.read_date(cell, rules, precision)
        name = Field.BIRTH_DATE if is_birth else Field.PARTY_JOINED_ON
        if fault is None:
            return Value(name, found, raw, row, column.letter)
        problem = Problem(
            fault.code, fault.message, row, column.letter, name, fault.level, fault.choices()
        )
        return Value(name, found, raw, row, column.letter, (problem,))

    def error_at(self, row: int, column: Column) -> str | None:
        """What Excel shows in a cell that has no value, or None."""
        return self._errors.get((row, column.index)) if self._errors else None


_DATE_FIELDS = (Field.BIRTH_DATE, Field.BIRTH_MALE, Field.BIRTH_FEMALE)
_BIRTH_PARTS = (Field.BIRTH_DAY, Field.BIRTH_MONTH, Field.BIRTH_YEAR)
_NAME_PARTS = (Field.FAMILY_NAME, Field.GIVEN_NAME)
_SEX_FIELDS = (Field.SEX, Field.SEX_MALE, Field.SEX_FEMALE)
_LEVEL_FIELDS = (Field.DEGREE, Field.DEGREE_MARK, Field.THEORY, Field.THEORY_MARK)


class _Step:
    """One thing read of each person, from the cells in `places`; what they said is remembered.

    Cells repeat: a list of thousands has few titles, degrees and years. What was read without a
    problem is the same wherever the same cells stand; a problem names its row, and is found anew.
    """

    def __init__(self, read: Callable[[_OnePerson], None], places: tuple[int, ...]) -> None:
        self.read = read
        self.places = places
        self._known: dict[Any, tuple[tuple[Value, ...], Name | None]] = {}

    def recall(self, one: _OnePerson) -> None:
        """Fill in what these cells said before, or read them."""
        key = one.key_of(self.places)
        known = self._known.get(key)
        if known is None:
            self._read_new(one, key)
            return
        row, values, make = one.row, one.values, Value._make
        for name, value, raw, _row, letter, problems, is_inferred in known[0]:
            values[name] = make((name, value, raw, row, letter, problems, is_inferred))
        if known[1] is not None:
            one.name = known[1]

    def _read_new(self, one: _OnePerson, key: Any) -> None:
        before, name, faults = dict(one.values), one.name, len(one.problems)
        self.read(one)
        new = tuple(value for field, value in one.values.items() if before.get(field) is not value)
        if len(one.problems) == faults and not any(value.problems for value in new):
            self._known[key] = new, one.name if one.name is not name else None


def _says_something(text: str) -> bool:
    """Whether a cell has more than a dash or dots."""
    return text[0].isalnum() or not _SAYS_NOTHING.match(text)


class _OnePerson:
    """The fields of one row as they are found."""

    def __init__(
        self, parser: Parser, row: int, cells: Sequence[Any], texts: tuple[str, ...]
    ) -> None:
        self._parser = parser
        self.row = row
        self._cells = cells
        self._texts = texts
        self._by_field = parser.by_field
        self.values: dict[str, Value] = {}
        self.problems: list[Problem] = []
        self.name = Name("")

    def key_of(self, places: tuple[int, ...]) -> Any:
        """The same where these cells are the same, and what is known besides says the same."""
        if len(places) == 1:
            cell = self._cells[places[0]]
            key: Any = cell if type(cell) is str else (type(cell), cell)
        else:
            key = tuple(
                [
                    cell if type(cell) is str else (type(cell), cell)
                    for cell in [self._cells[place] for place in places]
                ]
            )
        return (key, Field.SEX in self.values, self.name.remark)

    def _column(self, name: str) -> Column | None:
        return self._parser.first.get(name)

    def _text(self, name: str) -> tuple[str, Column | None]:
        column = self._parser.first.get(name)
        return (self._texts[column.index], column) if column else ("", None)

    def _cell(self, column: Column) -> Any:
        return self._cells[column.index] if column.index < len(self._cells) else ""

    def _put(
        self,
        name: str,
        value: Any,
        raw: str,
        column: Column | None,
        *problems: Problem,
        **more: Any,
    ) -> None:
        letter = column.letter if column else ""
        self.values[name] = Value(name, value, raw, self.row, letter, problems, **more)

    def _problem(
        self,
        code: str,
        message: str,
        column: Column | None,
        name: str,
        level: Level = Level.ERROR,
        proposals: tuple[Proposal, ...] = (),
    ) -> Problem:
        letter = column.letter if column else None
        return Problem(code, message, self.row, letter, name, level, proposals)

    # Names

    def read_name(self) -> None:
        """`full_name`, from one column or two; what stood behind it is kept for later."""
        text, column = self._text(Field.FULL_NAME)
        if column is None:
            family, column = self._text(Field.FAMILY_NAME)
            text = tidy(f"{family} {self._text(Field.GIVEN_NAME)[0]}")
        if column is None:
            return
        self.name = self._clean(text, column)
        problems = []
        if not looks_like_name(text) and not looks_like_name(self.name.text):
            message = _("“%(text)s” không giống họ tên người. Hãy kiểm tra lại dòng này.")
            problem = message % {"text": text}
            problems.append(
                self._problem("odd_name", problem, column, Field.FULL_NAME, Level.WARNING)
            )
        name = self.name.text[:_LONGEST_NAME] or text
        self._put(Field.FULL_NAME, name, text, column, *problems)

    def _clean(self, text: str, column: Column) -> Name:
        has_address = self._parser._has_address
        name = clean_name(text, has_address=has_address)
        if looks_like_name(text):
            return name
        cell = self._cell(column) if column.field == Field.FULL_NAME else text
        first, *rest = _AFTER_NAME.split(str(cell), maxsplit=1)
        if rest and looks_like_name(tidy(first)) and " " in tidy(first):
            short = clean_name(tidy(first), has_address=has_address)
            remark = "; ".join(part for part in (short.remark, tidy(rest[0])) if part)
            return Name(short.text, short.sex, remark)
        return name

    # Sex

    def read_sex(self) -> None:
        """`sex` from its column or from marks."""
        text, column = self._text(Field.SEX)
        if text:
            self._read_sex_word(text, column)
            return
        self._read_sex_marks()

    def sex_by_name(self) -> None:
        """`Bà` or `(nữ)` beside the name, where no column tells the sex."""
        if self.name.sex and Field.SEX not in self.values:
            name = self._column(Field.FULL_NAME)
            raw = self.values[Field.FULL_NAME].raw
            self._put(Field.SEX, self.name.sex, raw, name, is_inferred=True)

    def _read_sex_word(self, text: str, column: Column | None) -> None:
        sex = read_sex(text)
        if sex or not _says_something(text):
            if sex:
                self._put(Field.SEX, sex, text, column)
            return
        message = _("“%(text)s” không phải là Nam hay Nữ.") % {"text": text}
        choices = (Proposal("Nam", _("Nam")), Proposal("Nữ", _("Nữ")))
        problem = self._problem("not_a_sex", message, column, Field.SEX, proposals=choices)
        self._put(Field.SEX, None, text, column, problem)

    def _read_sex_marks(self) -> None:
        male, male_column = self._text(Field.SEX_MALE)
        female, female_column = self._text(Field.SEX_FEMALE)
        is_male, is_female = is_mark(male), is_mark(female)
        if is_male and is_female:
            problem = self._both(female_column)
            self._put(Field.SEX, None, f"{male} {female}", female_column, problem)
        elif is_male:
            self._put(Field.SEX, "male", male, male_column)
        elif is_female:
            self._put(Field.SEX, "female", female, female_column)
        elif self._parser._marks_women_only and is_female is False:
            # Contract, reading 11: in a list that marks women, an empty cell is a man.
            self._put(Field.SEX, "male", female, female_column, is_inferred=True)
        elif is_female is None:
            self._read_sex_word(female, female_column)
        elif is_male is None:
            self._read_sex_word(male, male_column)

    def _both(self, column: Column | None) -> Problem:
        message = _("Cả cột Nam và cột Nữ đều có dữ liệu. Hãy chọn giới tính đúng.")
        choices = (Proposal("Nam", _("Nam")), Proposal("Nữ", _("Nữ")))
        return self._problem("both_sexes", message, column, Field.SEX, proposals=choices)

    # Birth date

    def read_birth(self) -> None:
        """`birth_date` from one column, from the columns of men and women, or from its parts."""
        column = self._column(Field.BIRTH_DATE)
        if column and self._says(column):
            self._put_date(column, is_birth=True)
        elif self._parser.births_by_sex:
            self._read_birth_by_sex()
        elif Field.BIRTH_YEAR in self._by_field:
            self._read_birth_parts()
        if Field.BIRTH_DATE not in self.values and column is None:
            self._birth_behind_name()

    def _says(self, column: Column | None) -> bool:
        if column is None:
            return False
        if (error := self._parser.error_at(self.row, column)) is not None:
            message = _("Ô của Excel không có giá trị (%(error)s). Hãy nhập lại.")
            name = column.field or ""
            self.problems.append(
                self._problem("cell_error", message % {"error": error or "=…"}, column, name)
            )
            return False
        text = self._texts[column.index]
        return bool(text) and not dates.folded_is_unknown(text)

    def _put_date(self, column: Column, *, is_birth: bool) -> None:
        index = column.index
        value = self._parser.date(
            self.row, column, self._cells[index], self._texts[index], is_birth=is_birth
        )
        self.values[value.field] = value

    def _read_birth_by_sex(self) -> None:
        filled = {sex: column for sex, column in self._parser.births_by_sex if self._says(column)}
        marked = [sex for sex, column in filled.items() if self._texts[column.index] in _X]
        if len(filled) == 2 and not marked:
            self._read_both(filled)
            return
        for sex, column in filled.items():
            if sex not in marked:
                self._put_date(column, is_birth=True)
            if Field.SEX not in self.values and (sex in marked or not marked):
                text = self._texts[column.index]
                self.values[Field.SEX] = Value(Field.SEX, sex, text, self.row, column.letter)

    def _read_both(self, filled: dict[str, Column]) -> None:
        for column in filled.values():
            self._put_date(column, is_birth=True)
        male, female = (self._texts[column.index] for column in filled.values())
        if Field.SEX not in self.values:
            problem = self._both(filled["female"])
            self._put(Field.SEX, None, f"{male} {female}", filled["female"], problem)
        if male != female:
            born = self.values[Field.BIRTH_DATE]
            message = _("Có hai ngày sinh khác nhau: “%(male)s” và “%(female)s”. Hãy chọn một.")
            message %= {"male": male, "female": female}
            choices = tuple(Proposal(text, text) for text in (male, female))
            problem = self._problem(
                "two_births", message, filled["female"], Field.BIRTH_DATE, proposals=choices
            )
            self.values[Field.BIRTH_DATE] = born._replace(value=None, problems=(problem,))

    def _read_birth_parts(self) -> None:
        year, year_column = self._text(Field.BIRTH_YEAR)
        parts = [self._text(name)[0] for name in (Field.BIRTH_DAY, Field.BIRTH_MONTH)]
        if not year or year_column is None:
            return
        if re.search(r"[/.\-]", year):
            text = year
        else:
            day, month = (re.sub(r"\D", "", part) for part in parts)
            text = "/".join(
                [day, month, year] if day and month else [month, year] if month else [year]
            )
        value = self._parser.date(self.row, year_column, text, text)
        self.values[Field.BIRTH_DATE] = value

    def _birth_behind_name(self) -> None:
        match = re.search(r"\d[\d/.\-]{2,9}\d", self.name.remark)
        column = self._column(Field.FULL_NAME)
        if match and column and not self._birth_columns():
            value = self._parser.date(self.row, column, match[0], match[0])
            if value.value is not None:
                self.values[Field.BIRTH_DATE] = value._replace(is_inferred=True)

    def _birth_columns(self) -> bool:
        return any(name in self._by_field for name in (*_DATE_FIELDS, Field.BIRTH_YEAR))

    # The rest

    def read_texts(self) -> None:
        """Texts as they are; a title that stood behind the name."""
        for name, column in self._parser.text_columns:
            text = self._texts[column.index]
            if text and _says_something(text):
                self.values[name] = Value(name, text, text, self.row, column.letter)
        remark = self.name.remark
        if remark and Field.TITLE not in self._by_field and _is_title(remark):
            name_column = self._parser.first.get(Field.FULL_NAME)
            self._put(Field.TITLE, remark, remark, name_column, is_inferred=True)

    def _read_text(self, name: str) -> None:
        text, column = self._text(name)
        if text and column and _says_something(text):
            self.values[name] = Value(name, text, text, self.row, column.letter)

    def read_levels(self) -> None:
        """Degree and theory: the texts, and the level that each is."""
        self._split_levels()
        self._read_level(Field.DEGREE, Field.DEGREE_MARK, "degree", read_degree)
        self._read_level(Field.THEORY, Field.THEORY_MARK, "theory", read_theory)

    def _split_levels(self) -> None:
        """One column for both: the parts that speak of theory are told apart."""
        text, column = self._text(Field.DEGREE)
        if column is None or column.detail != Field.THEORY or Field.THEORY in self._by_field:
            return
        parts = [tidy(part) for part in re.split(r"[;,\n]", str(self._cell(column)))]
        theory = [part for part in parts if _OF_THEORY.search(fold(part))]
        degree = [part for part in parts if part and part not in theory]
        if theory and degree:
            self._put(Field.DEGREE, "; ".join(degree), text, column)
            self._put(Field.THEORY, "; ".join(theory), text, column)

    def _read_level(
        self, name: Field, marks: Field, level: str, read: Callable[[str], Any]
    ) -> None:
        if name not in self.values:
            self._read_text(name)
        if name not in self.values and marks in self._by_field:
            self._read_level_marks(name, marks, read)
        found = self.values.get(name)
        if found is None:
            return
        value = read(found.value)
        problems: tuple[Problem, ...] = ()
        if value is None:
            problems = (self._unknown_level(found, level),)
        self.values[level] = Value(
            level, value, found.raw, found.row, found.column, problems, found.is_inferred
        )

    def _read_level_marks(self, name: Field, marks: Field, read: Callable[[str], Any]) -> None:
        """The highest marked column; a text in it instead of a mark says of what."""
        best: tuple[int, str, Column] | None = None
        for column in self._by_field[marks]:
            text = self._texts[column.index]
            marked = is_mark(text)
            if not text or marked is False:
                continue
            full = column.detail if marked else f"{column.detail} {text}"
            rank = read(column.detail)
            if best is None or (rank or 0) > best[0]:
                best = (rank or 0, full, column)
        if best:
            self._put(name, best[1], self._texts[best[2].index], best[2])

    def _unknown_level(self, found: Value, level: str) -> Problem:
        if level == "degree":
            message = _("Chưa hiểu trình độ chuyên môn “%(text)s”. Hãy chọn mức phù hợp.")
            choices: Any = Degree.choices
        else:
            message = _("Chưa hiểu trình độ lý luận chính trị “%(text)s”. Hãy chọn mức phù hợp.")
            choices = Theory.choices
        proposals = tuple(Proposal(str(number), str(label)) for number, label in choices)
        return Problem(
            f"unknown_{level}",
            message % {"text": found.raw},
            self.row,
            found.column,
            level,
            Level.WARNING,
            proposals,
        )

    def read_party_date(self) -> None:
        """`party_joined_on`."""
        column = self._column(Field.PARTY_JOINED_ON)
        if column and self._says(column):
            self._put_date(column, is_birth=False)

    def read_ethnicity(self) -> None:
        """`ethnicity`."""
        text, column = self._text(Field.ETHNICITY)
        if not text or not _says_something(text):
            return
        code = read_ethnicity(text)
        problems = []
        if code is None:
            message = _("“%(text)s” không có trong danh mục 54 dân tộc.") % {"text": text}
            problems.append(
                self._problem("unknown_ethnicity", message, column, Field.ETHNICITY, Level.WARNING)
            )
        self._put(Field.ETHNICITY, code, text, column, *problems)

    def read_grades(self) -> None:
        """`grades`, of one column or of a column a year."""
        found: tuple[Any, ...] = ()
        raw = ""
        first: Column | None = None
        for column, years in self._parser.grade_columns:
            text = self._texts[column.index]
            if text and _says_something(text):
                first = first or column
                raw = f"{raw}; {text}" if raw else text
                found += read_grades(text, years)
        if first is None:
            return
        problems: tuple[Problem, ...] = ()
        for grade in found:
            if grade.grade is None:
                message = _("Chưa hiểu xếp loại “%(text)s”. Dùng HTXSNV, HTTNV, HTNV hoặc KHTNV.")
                message %= {"text": grade.text}
                problems = (
                    self._problem("unknown_grade", message, first, Field.GRADES, Level.WARNING),
                )
                break
        self.values[Field.GRADES] = Value(
            Field.GRADES, found, raw, self.row, first.letter, problems
        )

    def read_proposal(self) -> None:
        """`proposal`."""
        text, column = self._text(Field.PROPOSAL)
        if text and _says_something(text):
            self._put(Field.PROPOSAL, read_proposal(text), text, column)

    def read_notes(self) -> None:
        """`note`."""
        columns = [c for c in self._by_field.get(Field.NOTE, []) if self._texts[c.index]]
        texts = [self._texts[column.index] for column in columns]
        if texts:
            self._put(Field.NOTE, "; ".join(texts), "; ".join(texts), columns[0])

    def read_groups(self, groups: tuple[Group, ...]) -> None:
        """What the rows above say of the person: the unit, the title planned for."""
        for kind, name in (("unit", Field.UNIT), ("title", Field.PLANNED_TITLE)):
            found = [group for group in groups if group.kind == kind]
            if found and name not in self.values and (kind == "unit" or self._parser.is_plan):
                group = found[-1]
                self.values[name] = Value(
                    name, group.text, group.text, group.row, "", is_inferred=True
                )


def _is_title(text: str) -> bool:
    return not re.search(r"\d", text) and len(text) > 3 and read_sex(text) is None
