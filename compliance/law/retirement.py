"""The day a person reaches retirement age (Bộ luật Lao động 2019, Điều 169; 135/2020/NĐ-CP)."""

from calendar import monthrange
from datetime import date

from .catalogue import Law
from .loader import load_law


def retirement_date(sex: str, birth_year: int, birth_month: int, *, law: Law | None = None) -> date:
    """Return the last day of the month in which the retirement age is reached.

    `sex` is `male` or `female` (KeyError otherwise). The age depends on the year in which it is
    reached, so the earliest year that agrees with itself is taken; two may, at least one does.
    Raises ValueError for a month outside 1-12.
    """
    if not 1 <= birth_month <= 12:
        raise ValueError(f"birth month {birth_month} is not in 1-12")
    steps = (law or load_law()).retirement_months(sex)
    born = birth_year * 12 + birth_month - 1
    first_year, last_year = ((born + age(steps.values())) // 12 for age in (min, max))
    for year in range(first_year, last_year + 1):
        reached = born + _age_in(steps, year)
        if reached // 12 == year:
            month = reached % 12 + 1
            return date(year, month, monthrange(year, month)[1])
    raise ValueError(f"no retirement year for a birth in {birth_year}-{birth_month:02}")


def _age_in(steps: dict[int, int], year: int) -> int:
    """Return the age in months that holds in a year; the first step serves all earlier years."""
    return steps[max((start for start in steps if start <= year), default=min(steps))]
