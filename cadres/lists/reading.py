"""From a file to a `Reading`."""

from __future__ import annotations

import datetime as dt
import gc
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.common.clock import today as clock_today
from cadres.lists import legacy
from cadres.lists import mapping as mapper
from cadres.lists.dates import looks_like_date
from cadres.lists.layout import Grid, Header, find_header, header_at, make_header
from cadres.lists.model import (
    Column,
    Conversion,
    Field,
    Level,
    ListRefused,
    Person,
    Problem,
    Reading,
    Row,
    RowKind,
    SheetInfo,
    Value,
)
from cadres.lists.people import Parser
from cadres.lists.rows import Places, RowReader, names_planned_title
from cadres.lists.shown import show_all
from cadres.lists.source import RawBook, RawSheet, open_book
from cadres.lists.spelling import fold
from cadres.workbook.package import column_number
from cadres.workbook.parsing import column_letters

#: Texts of a column that planning must not keep are shown as this.
WITHHELD = "•••"
_NAME_HEADING = re.compile(r"\bh[ọo](?:\s+(?:và|va))?,?\s+(?:tên|ten)\b|\bhọ đệm\b")
_LOOKED_AT = 200
_PLANNING = re.compile(r"\b(?:quy hoach|qui hoach|qh)\b")


@dataclass
class _Sheet:
    """A sheet made ready: converted, shown, its header looked for."""

    raw: RawSheet
    grid: Grid
    header: Header | None
    conversions: list[Conversion]
    conversion_count: int

    @property
    def has_list(self) -> bool:
        return self.header is not None and self.header.has_names

    def people_rows(self) -> int:
        """Roughly how many people: rows below the header with a good part of it filled."""
        if self.header is None:
            return 0
        below = self.grid.texts[self.header.last + 1 :]
        return sum(1 for texts in below if sum(map(bool, texts)) > 2)


def read(
    source: Path | bytes,
    name: str,
    *,
    sheet: str | None = None,
    header: tuple[int, int] | None = None,
    mapping: Mapping[str, str | None] | None = None,
    edits: Mapping[tuple[int, str], str] | None = None,
    today: dt.date | None = None,
    only: Collection[int] | None = None,
) -> Reading:
    """Read a list (.xlsx, .xls, .xlsb, .ods, .csv, .txt). Raises ListRefused.

    `name` is the file's name as the person knows it. `sheet`, `header` (first and last row) and
    `mapping` (column letter -> `Field` or None) are decisions of a person and override what would
    be proposed; columns that `mapping` does not name keep their proposal. `edits` are cells of
    `sheet` as a person corrected them, by row and column letter; the file stays as it is. `today`
    bounds birth dates and two-digit years; default: the clock's day. With `only`, of the people
    those in these rows are read, and nothing is said of the list as a whole.
    """
    with without_collecting():
        decided = _Decided(sheet, header, mapping or {}, edits or {}, only)
        return _read(source, name, decided, today or clock_today())


@dataclass(frozen=True)
class _Decided:
    """What a person decided about the file."""

    sheet: str | None
    header: tuple[int, int] | None
    mapping: Mapping[str, str | None]
    edits: Mapping[tuple[int, str], str]
    only: Collection[int] | None


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the collector off while hundreds of thousands of small lasting objects are made."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(source: Path | bytes, name: str, decided: _Decided, today: dt.date) -> Reading:
    chosen, made, infos = _choose_sheet(open_book(source), decided.sheet, decided.edits)
    if decided.header:
        first, last = sorted(max(row, 1) for row in decided.header)
        made.header = make_header(made.grid, first - 1, min(last, len(made.grid.texts)) - 1)
    work = _Reading(name, chosen, made, infos, dict(decided.mapping), today, decided.only)
    return work.result(is_decided=decided.header is not None)


def _choose_sheet(
    book: RawBook, wanted: str | None, edits: Mapping[tuple[int, str], str]
) -> tuple[str, _Sheet, tuple[SheetInfo, ...]]:
    if wanted is not None and wanted not in book.names:
        message = _("Tệp không có trang “%(sheet)s”.") % {"sheet": wanted}
        raise ListRefused("no_such_sheet", message)
    infos: list[SheetInfo] = []
    best: tuple[tuple[bool, bool, int], str, _Sheet] | None = None
    for name in book.names:
        one = _make(book.load(name), edits if name == wanted else {})
        is_hidden = name in book.hidden
        infos.append(SheetInfo(name, is_hidden, one.has_list, len(one.grid.texts)))
        rank = (one.has_list, not is_hidden, one.people_rows())
        if wanted == name:
            rank = (True, True, 1 << 60)
        if best is None or rank > best[0]:
            best = (rank, name, one)
    if best is None or not any(any(texts) for texts in best[2].grid.texts):
        raise ListRefused("is_empty", _("Tệp không có dữ liệu. Hãy chọn lại tệp có danh sách."))
    return best[1], best[2], tuple(infos)


def _make(raw: RawSheet, edits: Mapping[tuple[int, str], str]) -> _Sheet:
    conversions, count = legacy.convert_sheet(raw)
    for (row, letter), text in edits.items():
        _correct(raw, row, column_number(letter.encode()), text)
    while raw.rows and not any(cell != "" for cell in raw.rows[-1]):
        raw.rows.pop()
    width = max(map(len, raw.rows), default=0)
    for cells in raw.rows:
        if len(cells) < width:  # lines of a text file end where they please
            cells += [""] * (width - len(cells))
    grid = Grid(show_all(raw), raw.merges)
    return _Sheet(raw, grid, find_header(grid), conversions, count)


def _correct(raw: RawSheet, row: int, index: int, text: str) -> None:
    """Put a person's text into a cell; what the file says about the cell no longer holds."""
    if not 1 <= row <= len(raw.rows):
        return
    cells = raw.rows[row - 1]
    cells += [""] * (index + 1 - len(cells))
    cells[index] = text
    for told in (raw.fonts, raw.precisions, raw.errors):
        told.pop((row, index), None)


@dataclass
class _Section:
    """A list within the sheet; nearly always there is one."""

    header: Header
    columns: tuple[Column, ...]
    parser: Parser
    judge: RowReader


class _Reading:
    """The work on one sheet."""

    def __init__(
        self,
        name: str,
        sheet_name: str,
        sheet: _Sheet,
        infos: tuple[SheetInfo, ...],
        decided: dict[str, str | None],
        today: dt.date,
        only: Collection[int] | None = None,
    ) -> None:
        self._only = only
        self._name = name
        self._sheet_name = sheet_name
        self._sheet = sheet
        self._infos = infos
        self._decided = decided
        self._today = today
        self._notes: list[Problem] = []

    def result(self, *, is_decided: bool) -> Reading:
        """The reading; with a fault where there is no header or no column of names."""
        header = self._sheet.header
        if header is None:
            return self._without_header()
        rows, texts = self._sheet.raw.rows, self._sheet.grid.texts
        below = header.last + 1
        columns = mapper.propose(header, rows[below:], texts[below:], self._decided, self._today)
        has_names = any(c.field in {Field.FULL_NAME, Field.FAMILY_NAME} for c in columns)
        if not has_names and not is_decided and not self._decided and header.score < 3:
            return self._without_header()
        if not has_names:
            message = _(
                "Không tìm thấy cột họ và tên trong bảng có tiêu đề ở dòng %(row)d. "
                "Hãy chỉ ra cột có họ tên."
            ) % {"row": header.first + 1}
            fault = Problem("no_name_column", message, row=header.first + 1)
            return self._grid_only(columns, header, fault)
        return self._with_people(header, columns)

    def _without_header(self) -> Reading:
        message = _(
            "Không tìm thấy dòng tiêu đề của danh sách (dòng có “Họ và tên”, “Ngày sinh”…). "
            "Hãy chỉ ra dòng tiêu đề, hoặc kiểm tra lại tệp."
        )
        columns = tuple(
            Column(column_letters(index), index, (), None, 0.0)
            for index in range(self._sheet.grid.width)
        )
        return self._grid_only(columns, None, Problem("no_header", message))

    def _grid_only(
        self, columns: tuple[Column, ...], header: Header | None, fault: Problem
    ) -> Reading:
        kinds = []
        for number, texts in enumerate(self._sheet.grid.texts):
            kind = RowKind.NOTE if any(texts) else RowKind.BLANK
            if header:
                kind = _kind_above(number, header) or kind
            kinds.append(kind)
        return self._reading(header, columns, kinds, (), fault=fault)

    def _with_people(self, header: Header, columns: tuple[Column, ...]) -> Reading:
        raw, texts = self._sheet.raw, self._sheet.grid.texts
        section = self._section(header, columns, len(texts))
        births = Places.of(columns).births
        sections = [section]
        kinds: list[RowKind] = []
        people: list[Person] = []
        born_cells = _BornCells(self._today)
        for index, shown in enumerate(texts):
            if index > section.header.last and (more := self._further_list(index, section)):
                section = more
                births = Places.of(section.columns).births
                sections.append(section)
            kind = _kind_above(index, section.header)
            if kind is None:
                born = born_cells.any_of(raw.rows[index], shown, births)
                kind = section.judge.judge(index, shown, born)
                if kind is RowKind.PERSON and (self._only is None or index + 1 in self._only):
                    cells, groups = raw.rows[index], section.judge.context
                    people.append(section.parser.person(index + 1, cells, shown, groups))
            kinds.append(RowKind.BLANK if kind is RowKind.CAPTION and not any(shown) else kind)
        _close(kinds)
        if self._only is None:
            self._tell(sections, people)
        found = self._reading(header, columns, kinds, tuple(people))
        return replace(found, groups=tuple(g for one in sections for g in one.judge.groups))

    def _section(self, header: Header, columns: tuple[Column, ...], end: int) -> _Section:
        raw = self._sheet.raw
        self._fill_down(header, columns)
        parser = Parser(
            columns,
            today=self._today,
            precisions=raw.precisions,
            errors=raw.errors,
            is_plan=self._is_plan(header, columns),
        )
        parser.learn(raw.rows[header.last + 1 : end])
        return _Section(header, columns, parser, RowReader(self._sheet.grid, header, columns))

    def _further_list(self, index: int, section: _Section) -> _Section | None:
        """The list that begins in this row with other headings than the one above it."""
        grid = self._sheet.grid
        texts = grid.texts[index]
        if texts[0].isdigit() or not _NAME_HEADING.search(" ".join(texts).lower()):
            return None
        header = header_at(grid, index)
        if header is None or header.first <= section.header.last:
            return None
        if mapper.signature(header) == mapper.signature(section.header):
            return None
        below = header.last + 1
        rows, shown = self._sheet.raw.rows[below:], grid.texts[below:]
        columns = mapper.propose(header, rows, shown, {}, self._today)
        if {c.field: c.index for c in columns} == {c.field: c.index for c in section.columns}:
            return None
        return self._section(header, columns, len(grid.texts))

    def _is_plan(self, header: Header, columns: tuple[Column, ...]) -> bool:
        """Whether the list is about planning, so that groups of titles are those planned for."""
        above = (text for texts in self._sheet.grid.texts[: header.first] for text in texts)
        headings = (column.title for column in columns)
        if _PLANNING.search(fold(" ".join([*above, *headings]))):
            return True
        below = self._sheet.grid.texts[header.last + 1 : header.last + _LOOKED_AT]
        return any(names_planned_title(text) for texts in below for text in texts[:2] if text)

    def _fill_down(self, header: Header, columns: tuple[Column, ...]) -> None:
        """A text merged over several people belongs to each of them."""
        shared = {
            c.index for c in columns if c.field in {Field.UNIT, Field.TITLE, Field.PLANNED_TITLE}
        }
        rows, texts = self._sheet.raw.rows, self._sheet.grid.texts
        for (top, left), (bottom, right) in self._sheet.raw.merges:
            if left in shared and left == right and top > header.last and bottom > top:
                cell, text = rows[top][left], texts[top][left]
                for row in range(top + 1, min(bottom + 1, len(rows))):
                    rows[row][left] = cell
                    texts[row] = (*texts[row][:left], text, *texts[row][left + 1 :])

    def _tell(self, sections: list[_Section], people: list[Person]) -> None:
        """Problems of the list as a whole."""
        header = sections[0].header
        for section in sections[1:]:
            message = _("Từ dòng %(row)d là một bảng có tiêu đề khác; đã đọc theo tiêu đề ấy.")
            row = section.header.first + 1
            self._notes.append(
                Problem("further_list", message % {"row": row}, row=row, level=Level.WARNING)
            )
        if not people:
            message = _("Không thấy người nào dưới dòng tiêu đề %(row)d.") % {
                "row": header.last + 1
            }
            self._notes.append(Problem("no_people", message, row=header.last + 1))
        for row in [row for section in sections for row in section.judge.nameless][:200]:
            message = _("Dòng %(row)d có ngày sinh nhưng không có họ tên nên không được đọc.")
            self._notes.append(Problem("no_name", message % {"row": row}, row=row))
        for column in (column for section in sections for column in section.parser.american):
            message = _(
                "Cột %(column)s ghi tháng trước ngày (tháng/ngày/năm); đã đọc theo cách đó."
            )
            self._notes.append(
                Problem(
                    "american_dates",
                    message % {"column": column.letter},
                    column=column.letter,
                    field=column.field,
                    level=Level.WARNING,
                )
            )
        for column in (column for section in sections for column in section.parser.swapped):
            message = _(
                "Cột %(column)s: có thể Excel đã đảo ngày và tháng (ô kiểu ngày chỉ có ngày 1–12, "
                "ô kiểu chữ thì không). Hãy đối chiếu với hồ sơ gốc."
            ) % {"column": column.letter}
            self._notes.append(
                Problem(
                    "swapped_dates",
                    message,
                    column=column.letter,
                    field=column.field,
                    level=Level.WARNING,
                )
            )
        others = [i.name for i in self._infos if i.has_list and i.name != self._sheet_name]
        if others:
            message = _("Tệp còn danh sách ở trang khác: %(names)s. Hãy nhập lần lượt từng trang.")
            message %= {"names": ", ".join(others)}
            self._notes.append(Problem("other_sheets", message, level=Level.INFO))
        if self._sheet.conversion_count:
            self._tell_conversions()
        self._tell_twins(people)

    def _tell_conversions(self) -> None:
        names = " và ".join(sorted({c.encoding for c in self._sheet.conversions}))
        message = _("Đã chuyển %(number)d ô từ bảng mã %(names)s sang Unicode.")
        message %= {"number": self._sheet.conversion_count, "names": names}
        self._notes.append(Problem("converted", message, level=Level.INFO))

    def _tell_twins(self, people: list[Person]) -> None:
        seen: dict[tuple[str, str], int] = {}
        for person in people:
            born = person.get(Field.BIRTH_DATE)
            if born is None:
                continue
            first = seen.setdefault((str(person.get(Field.FULL_NAME)), str(born)), person.row)
            if first != person.row:
                message = _("Dòng %(row)d trùng họ tên và ngày sinh với dòng %(first)d.")
                message %= {"row": person.row, "first": first}
                column = person.values[Field.FULL_NAME].column
                self._notes.append(
                    Problem("twin", message, person.row, column, "full_name", Level.WARNING)
                )

    def _reading(
        self,
        header: Header | None,
        columns: tuple[Column, ...],
        kinds: list[RowKind],
        people: tuple[Person, ...],
        fault: Problem | None = None,
    ) -> Reading:
        grid, width = self._sheet.grid, len(columns)
        withheld = [column.index for column in columns if column.is_withheld]
        rows = tuple(
            Row(number, kind, _fitted(texts, width, withheld if kind != RowKind.HEADER else []))
            for number, (kind, texts) in enumerate(zip(kinds, grid.texts, strict=True), start=1)
        )
        above = grid.texts[: header.first] if header else []
        return Reading(
            name=self._name,
            sheets=self._infos,
            sheet=self._sheet_name,
            header=(header.first + 1, header.last + 1) if header else None,
            columns=columns,
            rows=rows,
            people=people,
            notes=tuple(self._notes),
            conversions=tuple(self._sheet.conversions),
            conversion_count=self._sheet.conversion_count,
            caption=tuple(text for texts in above for text in texts if text),
            signature=mapper.signature(header) if header else "",
            fault=fault,
        )


class _BornCells(dict[str, bool]):
    """Texts in columns of birth dates -> whether each may be one; every spelling is tried once."""

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self._today = today

    def __missing__(self, cell: str) -> bool:
        found = self[cell] = looks_like_date(cell, self._today)
        return found

    def any_of(self, cells: list[Any], texts: tuple[str, ...], births: tuple[int, ...]) -> bool:
        """Whether a birth date stands in one of these columns."""
        for index in births:
            if index < len(texts) and texts[index]:
                cell = cells[index]
                if self[cell] if type(cell) is str else looks_like_date(cell, self._today):
                    return True
        return False


def _kind_above(index: int, header: Header) -> RowKind | None:
    """The kind of a row above or in the header, None below it."""
    if index < header.first:
        return RowKind.CAPTION
    return RowKind.HEADER if index <= header.last else None


def _fitted(texts: tuple[str, ...], width: int, withheld: list[int]) -> tuple[str, ...]:
    if len(texts) != width:
        texts = (*texts, *[""] * (width - len(texts)))[:width]
    for index in withheld:
        if texts[index]:
            texts = (*texts[:index], WITHHELD, *texts[index + 1 :])
    return texts


def _close(kinds: list[RowKind]) -> None:
    """Rows after the last person that looked like groups are signatures."""
    for index in range(len(kinds) - 1, -1, -1):
        if kinds[index] is RowKind.PERSON:
            return
        if kinds[index] in {RowKind.GROUP, RowKind.NOTE} and RowKind.FOOTER in kinds[index:]:
            kinds[index] = RowKind.FOOTER


def parse_value(
    field: str,
    text: str,
    *,
    row: int = 0,
    column: str = "",
    today: dt.date | None = None,
) -> Value:
    """Read one cell as a person typed it, with the same rules as `read`.

    For `sex`, `birth_date`, `full_name` and every other field that a `Person` may have, and
    `degree`, `theory` (text such as "Thạc sĩ Luật", or the number of the choice).
    An empty text gives a `Value` of None without problems.
    """
    name = {"degree": Field.DEGREE, "theory": Field.THEORY}.get(field, field)
    one = Column(column, 0, (), Field(name), 1.0)
    parser = Parser([one], today=today or clock_today(), precisions={}, errors={}, is_plan=False)
    person = parser.person(row, [text], (" ".join(text.split()),), ())
    found = person.values.get(field)
    return found or Value(field, None, text, row, column)
