"""Completed years, as CONTRACT section 3 reads them."""

from __future__ import annotations

import datetime as dt


def completed_years(born: dt.date | None, on: dt.date) -> int | None:
    """Age on a day; who is born on 29 February grows older on 1 March. None when not known."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def born_by(on: dt.date, years: int) -> dt.date:
    """Latest birth date of who has completed `years` on the day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February of a leap year
        return on.replace(year=on.year - years, day=28)
