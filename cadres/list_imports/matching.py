"""Whose row it is: sure only where code, or name and whole birth date, leave no other choice.

Pure functions. They see only people whom the person at the list may look at; nobody else is ever
compared, so an answer says nothing about files elsewhere.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_PRECISION = {"": 0, "year": 1, "month": 2, "day": 3}
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


@dataclass(slots=True)
class Who:
    """What a row says about a person."""

    row: int
    name: str
    birth: dt.date | None = None
    precision: str = ""
    sex: str = ""
    code: str = ""


@dataclass(frozen=True)
class Candidate:
    """A file that the row may be about; visible to the person at the list."""

    pk: int
    code: str
    name: str
    birth: dt.date | None
    precision: str
    sex: str
    is_editable: bool = True
    is_in_office: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Outcome:
    """The match: a candidate, nobody, or a choice between candidates."""

    found: Candidate | None = None
    choices: tuple[Candidate, ...] = ()
    #: Found by less than the whole birth date: to be looked at.
    is_likely: bool = False


def name_key(name: str) -> str:
    """The same for "Hoà" and "Hòa": words in lower case, each with its letters, then its tone."""
    words = []
    for word in name.lower().split():
        parts = unicodedata.normalize("NFD", word)
        tone = "".join(c for c in parts if c in _TONES)
        words.append("".join(c for c in parts if c not in _TONES) + tone)
    return " ".join(words)


def agree(who: Who, other: Candidate) -> bool | None:
    """Whether the birth dates can be the same day; None where one is missing."""
    if who.birth is None or other.birth is None:
        return None
    known = min(_PRECISION[who.precision], _PRECISION[other.precision])
    return _parts(who.birth, known) == _parts(other.birth, known)


def _parts(day: dt.date, known: int) -> tuple[int, ...]:
    return (day.year, day.month, day.day)[:known]


def _near(who: Who, other: Candidate) -> bool:
    """A slip of the pen away: the same year, or the same day and month."""
    if who.birth is None or other.birth is None:
        return True
    one, two = who.birth, other.birth
    both_days = who.precision == other.precision == "day"
    return one.year == two.year or (both_days and (one.day, one.month) == (two.day, two.month))


def match(who: Who, candidates: Sequence[Candidate]) -> Outcome:
    """Find the person of a row among files with the same name, diacritics aside."""
    key = name_key(who.name)
    fitting = [c for c in candidates if agree(who, c) is not False]
    exact = [c for c in fitting if name_key(c.name) == key and not _contradicts(who, c)]
    whole = [c for c in exact if agree(who, c) and who.precision == c.precision == "day"]
    if len(whole) == 1 and len(fitting) == 1:
        return Outcome(found=whole[0])
    likely = [c for c in exact if agree(who, c) and c.is_in_office]
    # A namesake nearby who would be a slip of the pen away makes even this unsure.
    nearby = [c for c in candidates if c.is_in_office and (c in fitting or _near(who, c))]
    if len(likely) == 1 and len(fitting) == 1 and nearby == likely:
        return Outcome(found=likely[0], is_likely=True)
    choices = [c for c in candidates if c in fitting or (c.is_in_office and _near(who, c))]
    return Outcome(choices=tuple(sorted(choices, key=lambda c: (not c.is_in_office, c.code))))


def _contradicts(who: Who, other: Candidate) -> bool:
    return bool(who.sex and other.sex and who.sex != other.sex)


def differences(who: Who, other: Candidate) -> list[str]:
    """Which of name, birth, sex the file gives otherwise than the row."""
    found = []
    if name_key(who.name) != name_key(other.name):
        found.append("name")
    if (who.birth, who.precision) != (other.birth, other.precision):
        found.append("birth")
    if _contradicts(who, other):
        found.append("sex")
    return found
