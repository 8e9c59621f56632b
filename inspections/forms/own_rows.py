"""Rows that a unit adds to a table of its self-report: what the data of the portal do not know."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from inspections.selectors.prefill import OWN, computed_cell

#: So many rows of its own a table takes, so many empty ones a form offers.
MOST, OFFERED = 30, 2
LONGEST = 300
_MOST_DIGITS = 9
#: The key of each row that a form sends; "" for one that is new.
FIELD = "rieng"
_DAY = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})")
Rows = dict[str, list[Any]]


def cell_name(row: int, place: int) -> str:
    """What the form calls a cell."""
    return f"r-{row}-{place}"


def drop_name(row: int) -> str:
    """What the form calls the tick that takes a row away."""
    return f"bo-rieng-{row}"


def is_asked(column: Mapping[str, Any]) -> bool:
    """Whether a cell is typed into: what is not computed."""
    return not column.get("of")


def own_given(
    data: Any, columns: Sequence[Mapping[str, Any]], kept: Rows
) -> tuple[Rows, dict[tuple[str, int], str]]:
    """Own rows as they were typed, and what is wrong by (key, place of the column).

    Rows without anything typed are none; a form that sends no own rows changes none.
    """
    if FIELD not in data:
        return dict(kept), {}
    rows: Rows = {}
    wrong: dict[tuple[str, int], str] = {}
    new = _new_keys(kept)
    for number, sent in enumerate(data.getlist(FIELD)):
        typed = [
            " ".join(data.get(cell_name(number, place), "").split())
            for place in range(len(columns))
        ]
        if drop_name(number) in data or not any(typed):
            continue
        key = sent if sent in kept and sent not in rows else next(new)
        cells: list[Any] = [None] * len(columns)
        for place, column in enumerate(columns):
            if is_asked(column):
                cells[place], error = _cell(column, typed[place], is_name=place == 0)
                if error:
                    wrong[key, place] = error
        for place, column in enumerate(columns):
            if column.get("of"):
                cells[place] = computed_cell(column["of"], cells)
        rows[key] = cells
    if len(rows) > MOST:
        last = list(rows)[-1]
        wrong[last, 0] = _("Nhiều nhất %(n)s dòng; hãy gửi phần còn lại bằng tệp.") % {"n": MOST}
    return rows, wrong


def _new_keys(kept: Rows) -> Iterator[str]:
    number = max((int(key.removeprefix(OWN)) for key in kept), default=0)
    while True:
        number += 1
        yield f"{OWN}{number}"


def _cell(column: Mapping[str, Any], typed: str, *, is_name: bool) -> tuple[Any, str]:
    """What a cell says, and what is wrong with it; wrong ones stay as typed."""
    if not typed:
        return (None if column.get("num") else ""), _("Chưa ghi.") if is_name else ""
    if column.get("num"):
        digits = typed.replace(".", "")
        if digits.isdecimal() and len(digits) <= _MOST_DIGITS:
            return int(digits), ""
        return typed, _("Ghi số nguyên.")
    if column.get("day") and not _is_day(typed):
        return typed, _("Ghi ngày/tháng/năm, ví dụ 05/9/2026; chưa rõ ngày thì ghi tháng/năm.")
    if len(typed) > LONGEST:
        return typed, _("Ghi không quá %(n)s ký tự.") % {"n": LONGEST}
    return typed, ""


def _is_day(text: str) -> bool:
    """Whether it is a date, a month or a year that there is."""
    match = _DAY.fullmatch(text)
    if match is None:
        return False
    day, month, year = (int(part or 1) for part in match.groups())
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
