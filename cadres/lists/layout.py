"""Where the header is, which rows it has, and the whole heading of each column."""

# ruff: noqa: SIM905 - a list of words is read as words

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cadres.lists.headings import Guess, guesses, is_withheld
from cadres.lists.model import Field
from cadres.lists.source import Range
from cadres.lists.spelling import fold

#: A header further down than this is none.
_SEARCHED = 300
#: So many rows after a header that is well understood no better one is looked for.
_NEAR = 12
_TALLEST = 5
_LONGEST = 140
#: A header understood so far begins a list of its own.
_OWN_LIST = 1.9
_NAMES = {Field.FULL_NAME, Field.FAMILY_NAME}
_COLUMN_NUMBER = re.compile(r"^[(\[]?\s*(\d{1,2}|[A-Ea-e])\s*[)\]]?(?:\s*=.*)?$")


@dataclass(frozen=True)
class Header:
    """Rows `first` to `last` (from 0) and the heading of every column, parents first."""

    first: int
    last: int
    headings: tuple[tuple[str, ...], ...]
    score: float
    has_names: bool


class Grid:
    """The shown texts of a sheet with its merged ranges."""

    def __init__(self, texts: list[tuple[str, ...]], merges: list[Range]) -> None:
        self.texts = texts
        self.width = max(map(len, texts), default=0)
        self._starts = {first: last for first, last in merges if last[0] - first[0] <= 60}

    def text(self, row: int, column: int) -> str:
        """The text of a cell, "" beyond the edges."""
        cells = self.texts[row] if 0 <= row < len(self.texts) else ()
        return cells[column] if column < len(cells) else ""

    def last_of(self, row: int, column: int) -> tuple[int, int]:
        """Last row and column of the merged range that begins here; the cell itself if none."""
        return self._starts.get((row, column), (row, column))

    def is_merged_from_above(self, row: int, column: int) -> bool:
        """Whether the cell belongs to a range that begins in a row above."""
        return any(
            self.last_of(above, column)[0] >= row for above in range(max(0, row - _TALLEST), row)
        )

    def filled(self, row: int) -> list[int]:
        """Columns with text in a row."""
        return [index for index, text in enumerate(self.texts[row]) if text]


def find_header(grid: Grid) -> Header | None:
    """The likeliest header, or the first of several lists; None when no row looks like one."""
    found: list[Header] = []
    last = min(len(grid.texts), _SEARCHED)
    row = 0
    while row < last:
        if _may_begin(grid, row):
            around = _around(grid, row)
            found += around
            if any(header.has_names and header.score >= 3 for header in around):
                last = min(last, row + _NEAR)
        row += 1
    best = _best_of(found)
    if best is None or best.score < 1.5:
        return _only_names(grid, best)
    while best.has_names:
        above = [
            header
            for header in found
            if header.last + 1 < best.first and header.has_names and _is_as_good(header, best)
        ]
        if not above:
            break
        best = _best_of(above) or best
    return best


def header_at(grid: Grid, row: int) -> Header | None:
    """The header of a further list that has this row in it, or None."""
    best = _best_of(_around(grid, row))
    return best if best and best.has_names and best.score >= _OWN_LIST else None


def _around(grid: Grid, row: int) -> list[Header]:
    return [make_header(grid, first, _bottom(grid, first, row)) for first in _tops(grid, row)]


def _best_of(found: list[Header]) -> Header | None:
    """The best understood, the upper one of equals."""
    return max(found, key=lambda header: (header.has_names, header.score), default=None)


def _is_as_good(header: Header, best: Header) -> bool:
    return header.score >= max(_OWN_LIST, 0.6 * best.score)


def _only_names(grid: Grid, best: Header | None) -> Header | None:
    """A list of names and nothing else: the heading has to be beyond doubt."""
    if best and best.has_names and best.score >= 0.95:
        own = [heading[-1] for heading in best.headings if heading]
        if any(len(text) < 40 for text in own) and len(grid.texts) > best.last + 1:
            return best
    return None


def _may_begin(grid: Grid, row: int) -> bool:
    """Whether a row has a heading of its own that says something."""
    for column in grid.filled(row):
        text = grid.text(row, column)
        if len(text) <= _LONGEST and any(g.confidence >= 0.5 for g in guesses((text,))):
            return True
    return False


def _tops(grid: Grid, row: int) -> list[int]:
    """Rows where a header may begin that has this one: itself, or parents just above."""
    found = [row]
    while len(found) < 3 and found[-1] > 0 and _is_parent_row(grid, found[-1] - 1):
        found.append(found[-1] - 1)
    return found


def _is_parent_row(grid: Grid, row: int) -> bool:
    filled = grid.filled(row)
    if not filled or any(len(grid.text(row, column)) > 80 for column in filled):
        return False
    if len(filled) == 1:
        first, last = filled[0], grid.last_of(row, filled[0])[1]
        return 0 < last - first < grid.width - 2 and not _is_title(grid.text(row, first))
    return any(
        guess.confidence >= 0.5
        for column in filled
        for guess in guesses((grid.text(row, column),))
        if guess.field is not Field.NOTE
    ) or any(grid.last_of(row, column)[1] > column for column in filled if column > 1)


def _is_title(text: str) -> bool:
    return bool(re.match(r"(?:danh sach|bieu|bang|phu luc|tong hop|kem theo|don vi)\b", fold(text)))


def _bottom(grid: Grid, first: int, row: int) -> int:
    """The last row of the header that has `row` in it."""
    last = row
    for column in grid.filled(row):
        if grid.text(row, column) and len(grid.text(row, column)) <= _LONGEST:
            last = max(last, min(grid.last_of(row, column)[0], first + _TALLEST - 1))
    while last - first < _TALLEST - 1 and _continues(grid, first, last + 1):
        last += 1
    return last


def _continues(grid: Grid, first: int, row: int) -> bool:
    """Whether a row holds sub-headings of the header above it."""
    if row >= len(grid.texts):
        return False
    filled = grid.filled(row)
    if not filled or is_number_row([grid.text(row, column) for column in filled]):
        return False
    texts = [grid.text(row, column) for column in filled]
    if any(len(text) > 60 or re.search(r"\d{1,2}[/.]\d", text) for text in texts):
        return False
    header = make_header(grid, first, row)
    before = make_header(grid, first, row - 1)
    if _is_under_names(grid, before, row):
        return False
    children = [column for column in filled if before.headings[column] != header.headings[column]]
    known = [column for column in filled if _says_more(header.headings[column], column, header)]
    under = [c for c in filled if not grid.text(row - 1, c) or before.headings[c]]
    return bool(children) and len(under) == len(filled) and len(known) * 2 > len(filled)


def _is_under_names(grid: Grid, before: Header, row: int) -> bool:
    """Whether the row has something under the heading of names: then it is a row of the list."""
    for column, heading in enumerate(before.headings):
        text = grid.text(row, column)
        found = _best(heading, before)
        if found and found.field in {*_NAMES, Field.NUMBER} and text:
            own = guesses((text,))
            if not own or own[0].field not in {Field.FAMILY_NAME, Field.GIVEN_NAME, *_NAMES}:
                return True
    return False


def _says_more(heading: tuple[str, ...], column: int, header: Header) -> bool:
    """Whether the last part of a heading is a known sub-heading."""
    if not heading:
        return False
    own = fold(heading[-1])
    if own in _SUBHEADINGS or re.fullmatch(r"(?:nam )?20\d\d", own) or is_withheld(heading[-1:]):
        return True
    return any(guess.confidence >= 0.5 for guess in guesses(heading[-1:])) or (
        len(heading) > 1 and bool(_best(heading, header)) and len(own) <= 30 and column > 1
    )


#: Words under a heading that make the row a part of the header.
_SUBHEADINGS = frozenset(
    word.strip()
    for word in """
    nam, nu, ngay, thang, du bi, chinh thuc, qlnn, quan ly nha nuoc, ngoai ngu, tin hoc,
    van hoa, gdpt, dang, chinh quyen, doan the, chuyen nganh, truong, truong dao tao,
    he dao tao, hinh thuc dao tao, so, nam 1, nam 2, nam 3, tu, den, xa, huyen, tinh, tien si,
    thac si, dai hoc, cao dang, trung cap, so cap, cao cap, cu nhan, hoc ham, hoc vi, tong so,
    chuc danh, nhiem ky, giai doan, hien tai, quy hoach, ths, ts, dh, cd, tc, sc, cc, cn,
    anh van, quan ly, bo sung, dua ra, chuyen tiep, dan toc, ton giao, xuat sac, tot, noi dung,
    nguyen quan, tieng dan toc, quoc phong, qpan, co so, so phieu, ty le, so luong, khac
    """.split(",")
)


def make_header(grid: Grid, first: int, last: int) -> Header:
    """The header of these rows, with a score: how much of it is understood."""
    headings = _headings(grid, first, last)
    header = Header(first, last, headings, 0.0, False)
    best: dict[Field, float] = {}
    for heading in headings:
        found = _best(heading, header)
        if found and len(heading[-1]) <= _LONGEST:
            best[found.field] = max(best.get(found.field, 0.0), found.confidence)
    has_names = bool(best.keys() & _NAMES)
    # A taller header has to understand more than a lower one.
    score = sum(best.values()) - 0.05 * (last - first)
    return Header(first, last, headings, score, has_names)


def own_headings(header: Header) -> tuple[str, ...]:
    """The last part of each heading: what `guesses` takes as siblings."""
    return tuple(heading[-1] for heading in header.headings if heading)


def _best(heading: tuple[str, ...], header: Header) -> Guess | None:
    found = guesses(heading, own_headings(header)) if heading else ()
    return found[0] if found else None


def _headings(grid: Grid, first: int, last: int) -> tuple[tuple[str, ...], ...]:
    lines = [_spread(grid, row, last) for row in range(first, last + 1)]
    found = []
    for column in range(grid.width):
        parts: list[str] = []
        for line in lines:
            text = line[column] if column < len(line) else ""
            if text and (not parts or fold(parts[-1]) != fold(text)):
                parts.append(text)
        found.append(tuple(parts))
    return tuple(found)


def _spread(grid: Grid, row: int, last: int) -> list[str]:
    """Texts of a header row, each over all the columns that it is the heading of."""
    texts = [grid.text(row, column) for column in range(grid.width)]
    spread = list(texts)
    for column, text in enumerate(texts):
        if text:
            end = grid.last_of(row, column)[1]
            if end > column:
                spread[column : end + 1] = [text] * (end - column + 1)
            elif row < last:
                _spread_over_blanks(grid, row, column, texts, spread)
    return spread


def _spread_over_blanks(
    grid: Grid, row: int, column: int, texts: list[str], spread: list[str]
) -> None:
    """Without merged ranges: a parent goes on over blank cells that have a child below."""
    if not grid.text(row + 1, column):
        return
    for right in range(column + 1, grid.width):
        if texts[right] or not grid.text(row + 1, right) or grid.is_merged_from_above(row, right):
            break
        spread[right] = texts[column]


def is_number_row(texts: Sequence[str]) -> bool:
    """Whether the filled cells are the numbers of columns: `1 2 3`, `(1) (2)`, `A B 1 2`."""
    filled = [text for text in texts if text]
    if len(filled) < 3:
        return False
    matches = [_COLUMN_NUMBER.match(text) for text in filled]
    if not all(matches):
        return False
    numbers = [int(m[1]) for m in matches if m and m[1].isdigit()]
    return len(numbers) >= len(filled) - 3 and all(
        0 <= after - before <= 3 for before, after in itertools.pairwise(numbers)
    )
