"""Which column holds which field: by headings, checked against what stands in the cells."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cadres.lists.dates import looks_like_date
from cadres.lists.headings import Guess, guesses, is_withheld
from cadres.lists.layout import Header, own_headings
from cadres.lists.model import SHARED, Column, Field
from cadres.lists.names import looks_like_name
from cadres.lists.spelling import fold
from cadres.lists.values import is_mark, read_degree, read_sex, read_theory
from cadres.workbook.parsing import column_letters

_LOOKED_AT = 400
_SAMPLES = 4
#: A guess below this is offered, never taken by itself.
_TAKEN = 0.5


@dataclass(frozen=True)
class _Content:
    """The cells of a column below the header, as they are and as shown."""

    cells: tuple[Any, ...]
    texts: tuple[str, ...]

    def share(self, fits: Any) -> float:
        """The share of filled cells that fit; 0 for none."""
        return sum(map(bool, map(fits, self.texts))) / len(self.texts) if self.texts else 0.0


def propose(
    header: Header,
    rows: Sequence[Sequence[Any]],
    texts: Sequence[tuple[str, ...]],
    decided: Mapping[str, str | None],
    today: dt.date,
) -> tuple[Column, ...]:
    """The columns with their fields; `decided` (letter -> field) is a person's word."""
    contents = [_content(index, rows, texts) for index in range(len(header.headings))]
    siblings = own_headings(header)
    found = [
        _weighed(guesses(heading, siblings), heading, contents[index], today)
        for index, heading in enumerate(header.headings)
    ]
    _split_names(header, contents, found)
    taken = _choose(found, decided)
    return tuple(
        _column(index, heading, taken.get(index), found[index], contents[index], decided)
        for index, heading in enumerate(header.headings)
    )


def _content(
    index: int, rows: Sequence[Sequence[Any]], texts: Sequence[tuple[str, ...]]
) -> _Content:
    filled = [
        (row[index], shown[index])
        for row, shown in zip(rows[:_LOOKED_AT], texts[:_LOOKED_AT], strict=False)
        if index < len(row) and shown[index] and sum(map(bool, shown)) > 2
    ]
    return _Content(tuple(cell for cell, _text in filled), tuple(text for _cell, text in filled))


def _weighed(
    found: tuple[Guess, ...], heading: tuple[str, ...], content: _Content, today: dt.date
) -> list[Guess]:
    """Guesses by heading, once the cells have been looked at."""
    if not found:
        return []
    best = found[0].field
    if best in _SEXES and content.texts:
        return _of_sexes(found, content, today)
    if best is Field.SEX and content.share(is_mark) > 0.8 and content.share(read_sex) < 0.2:
        key = fold(heading[-1])
        if "nu" in key.split() and "nam" not in key.split():
            return [Guess(Field.SEX_FEMALE, 0.8)]
    return [_checked(guess, content) for guess in found]


_SEXES = {Field.SEX_MALE, Field.SEX_FEMALE, Field.BIRTH_MALE, Field.BIRTH_FEMALE}


def _of_sexes(found: tuple[Guess, ...], content: _Content, today: dt.date) -> list[Guess]:
    """Columns `Nam` and `Nữ`: birth dates or marks, as the cells say."""
    is_male = found[0].field in {Field.SEX_MALE, Field.BIRTH_MALE}
    birth = Field.BIRTH_MALE if is_male else Field.BIRTH_FEMALE
    mark = Field.SEX_MALE if is_male else Field.SEX_FEMALE
    dates = sum(looks_like_date(cell, today) for cell in content.cells)
    marks = sum(is_mark(text) is True for text in content.texts)
    words = {read_sex(text) for text in content.texts}
    if {"male", "female"} <= words:
        return [Guess(Field.SEX, 0.9)]
    if dates > marks:
        return [Guess(birth, 0.95), Guess(mark, 0.2)]
    if marks > dates:
        return [Guess(mark, 0.95), Guess(birth, 0.2)]
    return list(found)


def _checked(guess: Guess, content: _Content) -> Guess:
    """A weak guess is believed or dropped by what stands in the cells."""
    if guess.confidence >= 0.8 or not content.texts:
        return guess
    fits = _FITS.get(guess.field)
    if fits is None:
        return guess
    share = content.share(fits)
    if share >= 0.5:
        return replace(guess, confidence=max(guess.confidence, 0.6 + 0.2 * share))
    return replace(guess, confidence=guess.confidence * 0.5)


_FITS: dict[Field, Any] = {
    Field.FULL_NAME: looks_like_name,
    Field.FAMILY_NAME: looks_like_name,
    Field.GIVEN_NAME: looks_like_name,
    Field.DEGREE: lambda text: read_degree(text) is not None,
    Field.THEORY: lambda text: read_theory(text) is not None,
}


def _split_names(header: Header, contents: list[_Content], found: list[list[Guess]]) -> None:
    """A name over two columns: a heading merged over both, or `Họ đệm` beside `Tên`."""
    for index, guessed in enumerate(found):
        if not guessed or guessed[0].field not in {Field.FULL_NAME, Field.FAMILY_NAME}:
            continue
        right = index + 1
        if right >= len(found) or not _is_given_name(contents[right], contents[index]):
            continue
        own = header.headings[right]
        is_same = own == header.headings[index] or not own
        is_given = bool(own) and fold(own[-1]) in {"ten", "ten goi", "ten rieng"}
        if is_same or is_given:
            found[index] = [Guess(Field.FAMILY_NAME, 0.95), Guess(Field.FULL_NAME, 0.4)]
            found[right] = [Guess(Field.GIVEN_NAME, 0.95)]
            return


def _is_given_name(right: _Content, left: _Content) -> bool:
    """Whether cells hold one word each and stand beside nearly every cell to their left."""
    if not right.texts or len(right.texts) * 10 < len(left.texts) * 6:
        return False
    return right.share(lambda text: " " not in text and looks_like_name(text)) > 0.8


def _choose(found: list[list[Guess]], decided: Mapping[str, str | None]) -> dict[int, Guess]:
    """One column for a field, the surest first; a person's word before all."""
    taken: dict[int, Guess] = {}
    used: set[Field] = set()
    for index in range(len(found)):
        letter = column_letters(index)
        if letter in decided:
            field = decided[letter]
            if field:
                detail = next((g.detail for g in found[index] if g.field == field), "")
                taken[index] = Guess(Field(field), 1.0, detail)
                used.add(Field(field))
    pairs = (
        sorted(
            (-guess.confidence, index, guess)
            for index, guessed in enumerate(found)
            for guess in guessed
            if column_letters(index) not in decided and guess.confidence >= _TAKEN
        )
        if found
        else []
    )
    for _sure, index, guess in pairs:
        if index not in taken and (guess.field not in used or guess.field in SHARED):
            taken[index] = guess
            used.add(guess.field)
    return {index: guess for index, guess in taken.items() if not _is_lost(guess, used)}


def _is_lost(guess: Guess, used: set[Field]) -> bool:
    """A given name without the family name, or marks beside the field itself, say nothing."""
    if guess.field is Field.GIVEN_NAME:
        return Field.FAMILY_NAME not in used
    return guess.field is Field.FAMILY_NAME and Field.FULL_NAME in used


def _column(
    index: int,
    heading: tuple[str, ...],
    guess: Guess | None,
    found: list[Guess],
    content: _Content,
    decided: Mapping[str, str | None],
) -> Column:
    letter = column_letters(index)
    withheld = is_withheld(heading)
    if withheld:
        guess = None
    others = [g.field.value for g in found if not guess or g.field is not guess.field]
    sure = 1.0 if letter in decided else (guess.confidence if guess else 0.0)
    return Column(
        letter=letter,
        index=index,
        heading=heading,
        field=guess.field.value if guess else None,
        confidence=round(sure, 2),
        alternatives=tuple(others),
        samples=() if withheld else tuple(dict.fromkeys(content.texts))[:_SAMPLES],
        is_withheld=withheld,
        detail=guess.detail if guess else "",
    )


def signature(header: Header) -> str:
    """The same for headers with the same headings in the same order, however they are typed."""
    keys = ["/".join(map(fold, heading)) for heading in header.headings]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256("|".join(keys).encode()).hexdigest()[:24]
