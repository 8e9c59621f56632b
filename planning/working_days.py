"""Working days: Monday to Friday, less the holidays that the province has entered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container

_SATURDAY = 5


def is_working_day(day: dt.date, holidays: Container[dt.date]) -> bool:
    """Whether a day counts."""
    return day.weekday() < _SATURDAY and day not in holidays


def after_working_days(start: dt.date, days: int, holidays: Container[dt.date]) -> dt.date:
    """The last of `days` working days that follow `start` (the day itself is not counted)."""
    day, left = start, days
    while left > 0:
        day += dt.timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day


def working_days_between(start: dt.date, end: dt.date, holidays: Container[dt.date]) -> int:
    """How many working days follow `start` up to `end`; negative where `end` lies before."""
    if end < start:
        return -working_days_between(end, start, holidays)
    span = (end - start).days
    return sum(is_working_day(start + dt.timedelta(days=n), holidays) for n in range(1, span + 1))
