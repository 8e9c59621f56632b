"""Dates as people write them: whole, without the day, or only a year.

Nothing is guessed silently. What cannot be a date is a `Fault` with readings to choose from.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from cadres.lists.model import Level, PartialDate, Proposal
from cadres.lists.spelling import fold, tidy

FIRST_YEAR = 1900
_LAST_YEAR = 2100
#: Nobody younger is a cadre: a two-digit year is of the century that makes them older.
_YOUNGEST = 16
#: A two-digit year that would make people older than this is not to be guessed.
_OLDEST = 80
_EPOCH = dt.date(1899, 12, 30)
#: Excel's numbers of days for 1900-03-01 and 2099-12-31; smaller ones are years or nonsense.
_SERIALS = range(3000, 73051)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
    for name in (names,)
}
_AROUND = re.compile(r"^[\s'’‘`\"“”*.,;:]+|[\s'’‘`\"“”*,;:.]+$")
_WORDS = re.compile(
    r"\b(?:ngày|ngay|sinh|năm|nam|tháng|thang|thg|th|t|mùng|mồng)\b\.?|(?<![a-zà-ỹ])t(?=\d)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\s*[(\[].*$")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:[AP]M)?Z?$", re.IGNORECASE)
_UNKNOWN_PART = re.compile(
    r"(?<!\d)(?:0{1,2}|\.{2,}|…+|-{2,}|_+|\?+|x{1,2})(?=\s*[/.\-])", re.IGNORECASE
)
_PARTS = re.compile(r"\s*[/.\-,\\ ]+\s*")
_NAMED_MONTH = re.compile(r"[a-z]{3,9}", re.IGNORECASE)
_LIKE_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "Q": "0", "S": "5", "B": "8"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no date; `proposals` are texts that `read_date` takes."""

    code: str
    message: str
    proposals: tuple[str, ...] = ()
    level: Level = Level.ERROR

    def choices(self) -> tuple[Proposal, ...]:
        """The proposals as a person chooses them."""
        return tuple(Proposal(text=text, label=text) for text in self.proposals)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the dates of one column."""

    today: dt.date
    #: A birth date, so that people are old enough; otherwise any date up to today.
    is_birth: bool = True
    #: Month before day, by the evidence of the whole column.
    is_american: bool = False


@lru_cache(maxsize=100_000, typed=True)
def read_date(
    cell: Any, rules: Rules, precision: str | None = None
) -> tuple[PartialDate | None, Fault | None]:
    """A cell as a date. `precision` is what the cell's format shows of an Excel date."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return _bounded(_shown(cell, precision), rules)
    if isinstance(cell, (bool, dt.time, dt.timedelta)):
        return None, _unreadable(str(cell))
    if isinstance(cell, (int, float)):
        return _of_number(cell, rules) if isfinite(cell) else (None, _unreadable(str(cell)))
    return _of_text(tidy(str(cell)), rules)


def _shown(day: dt.date, precision: str | None) -> PartialDate:
    if precision == "year":
        return PartialDate(day.year)
    if precision == "month":
        return PartialDate(day.year, day.month)
    return PartialDate(day.year, day.month, day.day)


def _of_number(number: float, rules: Rules) -> tuple[PartialDate | None, Fault | None]:
    if number == int(number):
        whole = int(number)
        if FIRST_YEAR - 100 <= whole <= _LAST_YEAR:
            return _bounded(PartialDate(whole), rules)
        if whole in _SERIALS:
            return _bounded(_shown(_EPOCH + dt.timedelta(days=whole), None), rules)
        return _of_text(str(whole), rules)
    if int(number) in _SERIALS:  # a day with a time of day
        return _bounded(_shown(_EPOCH + dt.timedelta(days=int(number)), None), rules)
    return _of_text(f"{number:.4f}", rules)  # 10.1965, or 1.197 for 1.1970


def _of_text(
    text: str, rules: Rules, *, may_repair: bool = True
) -> tuple[PartialDate | None, Fault | None]:
    shown = text
    text = _AROUND.sub("", _CLOCK.sub("", _NOTE.sub("", _AROUND.sub("", text))))
    text = _AROUND.sub("", _WORDS.sub(" ", text))
    text = _UNKNOWN_PART.sub("0", text)
    parts = [part for part in _PARTS.split(text) if part]
    if not parts:
        return None, _unreadable(shown)
    if len(parts) == 1 and parts[0].isdigit():
        return _of_digits(parts[0], shown, rules)
    numbers = _numbers(parts)
    if numbers is None or len(numbers) > 3:
        return None, _unreadable(shown, _repaired(text, rules) if may_repair else ())
    return _of_parts(numbers, [len(part) for part in parts], shown, rules)


def _numbers(parts: list[str]) -> list[int] | None:
    found = []
    for part in parts:
        if part.isascii() and part.isdigit() and len(part) <= 4:
            found.append(int(part))
        elif _NAMED_MONTH.fullmatch(part) and part[:3].lower() in _MONTHS:
            found.append(_MONTHS[part[:3].lower()])
        else:
            return None
    return found


def _of_digits(digits: str, shown: str, rules: Rules) -> tuple[PartialDate | None, Fault | None]:
    """`1965`, `02101965`, `19651002`, `101965`, `65`, or a serial number as text."""
    number = int(digits)
    if len(digits) == 4:
        return _bounded(PartialDate(number), rules) if number else (None, _unreadable(shown))
    if len(digits) in (7, 8):
        eight = digits.zfill(8)
        for day, month, year in (
            (int(eight[:2]), int(eight[2:4]), int(eight[4:])),
            (int(eight[6:]), int(eight[4:6]), int(eight[:4])),
        ):
            if FIRST_YEAR <= year <= _LAST_YEAR and _is_day(year, month, day):
                return _bounded(PartialDate(year, month, day), rules)
    if len(digits) in (5, 6):
        month, year = int(digits[:-4]), int(digits[-4:])
        if 1 <= month <= 12 and FIRST_YEAR <= year <= _LAST_YEAR:
            return _bounded(PartialDate(year, month), rules)
        if number in _SERIALS:
            return _bounded(_shown(_EPOCH + dt.timedelta(days=number), None), rules)
    if len(digits) == 2:
        return _of_parts([number], [2], shown, rules)
    return None, _unreadable(shown)


def _of_parts(
    numbers: list[int], widths: list[int], shown: str, rules: Rules
) -> tuple[PartialDate | None, Fault | None]:
    if widths[0] == 4 and len(numbers) > 1:  # 1965-10-02
        numbers, widths = numbers[::-1], widths[::-1]
        ordered = numbers
    else:
        ordered = _day_first(numbers, rules)
    year = ordered[-1]
    if widths[-1] <= 2:
        year = _century(year, rules)
        too_old = rules.is_birth and rules.today.year - year > _OLDEST
        if too_old or (len(ordered) == 2 and ordered[1] <= 31):
            return None, _ambiguous(shown, ordered, year)
    elif widths[-1] == 3:
        return None, _unreadable(shown)
    if len(ordered) == 1:
        return _bounded(PartialDate(year), rules)
    if len(ordered) == 2:
        return _month_of(year, ordered[0], shown, rules)
    return _day_of(year, ordered[1], ordered[0], shown, rules)


def _day_first(numbers: list[int], rules: Rules) -> list[int]:
    if rules.is_american and len(numbers) == 3:
        return [numbers[1], numbers[0], numbers[2]]
    return numbers


def _month_of(
    year: int, month: int, shown: str, rules: Rules
) -> tuple[PartialDate | None, Fault | None]:
    if month == 0:
        return _bounded(PartialDate(year), rules)
    if month > 12:
        return None, _impossible(shown, [str(year)])
    return _bounded(PartialDate(year, month), rules)


def _day_of(
    year: int, month: int, day: int, shown: str, rules: Rules
) -> tuple[PartialDate | None, Fault | None]:
    if day == 0:
        return _month_of(year, month, shown, rules)
    if month == 0:  # a day without a month says nothing more than the year
        return _bounded(PartialDate(year), rules)
    if _is_day(year, month, day):
        return _bounded(PartialDate(year, month, day), rules)
    proposals = []
    if 1 <= month <= 12:
        last = monthrange(year, month)[1] if 1 <= year <= 9999 else 28
        if day <= 31:
            after = dt.date(year, month, last) + dt.timedelta(days=day - last)
            proposals += [f"{last:02d}/{month:02d}/{year}", f"{after:%d/%m/%Y}"]
        proposals.append(f"{month:02d}/{year}")
    elif _is_day(year, day, month):
        proposals.append(f"{month:02d}/{day:02d}/{year}")
    return None, _impossible(shown, [*proposals, str(year)])


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _century(two_digits: int, rules: Rules) -> int:
    latest = rules.today.year - (_YOUNGEST if rules.is_birth else 0)
    return 2000 + two_digits if 2000 + two_digits <= latest else 1900 + two_digits


def _bounded(found: PartialDate, rules: Rules) -> tuple[PartialDate | None, Fault | None]:
    if found.year < FIRST_YEAR:
        proposals = [_with_year(found, 1900 + found.year % 100)] if found.year >= 1000 else []
        message = _("Ngày “%(text)s” trước năm 1900. Hãy sửa lại.") % {"text": found.shown}
        return None, Fault("before_1900", message, tuple(proposals))
    if found.earliest > rules.today:
        earlier = found.year - 100
        proposals = [_with_year(found, earlier)] if earlier >= FIRST_YEAR else []
        if rules.is_birth:
            message = _("Ngày sinh “%(text)s” ở tương lai. Hãy sửa lại.") % {"text": found.shown}
        else:
            message = _("Ngày “%(text)s” ở tương lai. Hãy sửa lại.") % {"text": found.shown}
        return None, Fault("in_future", message, tuple(proposals))
    if rules.is_birth and rules.today.year - found.year < _YOUNGEST:
        message = _("Theo ngày sinh “%(text)s”, người này chưa đủ %(age)d tuổi. Hãy kiểm tra lại.")
        message %= {"text": found.shown, "age": _YOUNGEST}
        return found, Fault("too_young", message, level=Level.WARNING)
    return found, None


def _with_year(found: PartialDate, year: int) -> str:
    if found.day and not _is_day(year, found.month or 1, found.day):
        return PartialDate(year, found.month).shown
    return PartialDate(year, found.month, found.day).shown


def _impossible(shown: str, proposals: list[str]) -> Fault:
    message = _("“%(text)s” không có trong lịch. Hãy chọn hoặc nhập ngày đúng.") % {"text": shown}
    return Fault("no_such_day", message, tuple(dict.fromkeys(proposals)))


def _ambiguous(shown: str, numbers: list[int], year: int) -> Fault:
    before = [f"{number:02d}" for number in numbers[:-1]]
    is_month = len(before) == 1 and 1 <= numbers[0] <= 12
    proposals = ["/".join([*before, str(year)])] if is_month or len(before) == 2 else []
    message = _("“%(text)s” có thể đọc theo nhiều cách. Hãy nhập đủ năm sinh bốn chữ số.")
    return Fault("ambiguous_date", message % {"text": shown}, (*proposals, str(year)))


def _unreadable(shown: str, proposals: Iterable[str] = ()) -> Fault:
    message = _(
        "Không đọc được ngày “%(text)s”. Hãy nhập theo dạng 31/12/1980, 12/1980 hoặc 1980."
    ) % {"text": shown}
    return Fault("not_a_date", message, tuple(proposals))


def _repaired(text: str, rules: Rules) -> list[str]:
    """Readings of a mistyped date: letters for digits, a forgotten separator."""
    candidates = [text.translate(_LIKE_DIGITS)]
    if match := re.fullmatch(r"(\d{1,2})[/.\-]+(\d{1,2})(\d{4})", text):
        candidates.append("/".join(match.groups()))
    if match := re.fullmatch(r"(\d{1,2})(\d{2})[/.\-]+(\d{4})", text):
        candidates.append("/".join(match.groups()))
    if match := re.search(r"\b(19\d{2}|20[0-2]\d)\b", text):
        candidates.append(match[1])
    found = []
    for candidate in candidates:
        if re.fullmatch(r"[\d/.\-\s]+", candidate) and not re.search(r"\d{5}", candidate):
            value, fault = _of_text(candidate, rules, may_repair=False)
            if value and not fault:
                found.append(value.shown)
    return list(dict.fromkeys(found))


_WHOLE_DATE = re.compile(r"\s*'?(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})\s*")


def may_be_swapped(cells: Iterable[Any]) -> bool:
    """Whether Excel seems to have swapped day and month in a column.

    Where it expects the month first, `05/03/1993` became the 3rd of May, and `15/08/1993` stayed a
    text: then no date of Excel has a day beyond the 12th, and every text has.
    """
    dates = texts = 0
    for cell in cells:
        if isinstance(cell, dt.date):
            if cell.day > 12:
                return False
            dates += 1
        elif isinstance(cell, str) and (match := _WHOLE_DATE.fullmatch(cell)):
            if int(match[1]) <= 12:
                return False
            texts += 1
    return dates >= 6 and texts >= 4


def is_american(cells: Iterable[Any]) -> bool:
    """Whether a column's texts put the month first: some must, and none puts the day first."""
    month_first = day_first = 0
    for cell in cells:
        if not isinstance(cell, str):
            continue
        match = _WHOLE_DATE.fullmatch(cell)
        if match:
            first, second = int(match[1]), int(match[2])
            month_first += first <= 12 < second <= 31
            day_first += second <= 12 < first <= 31
    return month_first >= 2 and day_first == 0


def looks_like_date(cell: Any, today: dt.date) -> bool:
    """Whether a cell may stand in a column of birth dates, right or mistyped."""
    if isinstance(cell, (dt.date, dt.datetime)):
        return True
    if isinstance(cell, str) and not re.search(r"\d", cell):
        return False
    value, fault = read_date(cell, Rules(today))
    return value is not None or (fault is not None and fault.code != "not_a_date")


def folded_is_unknown(text: str) -> bool:
    """Whether a cell only says that there is nothing: `-`, `không rõ`, `chưa rõ`."""
    return fold(text) in {"", "khong", "khong ro", "chua ro", "khong co", "chua co", "k", "chua"}
