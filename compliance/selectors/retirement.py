"""When a person retires, and what that follows from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cadres.choices import Sex
from compliance.citations import ShownCitation, citations_shown
from compliance.law import load_law, retirement_date

if TYPE_CHECKING:
    from cadres.models import Cadre

#: The age is the same at every level; the law keeps it under each.
_LEVEL = "province"


@dataclass(frozen=True)
class Retirement:
    """The last day of work; two dates when the sex is not known.

    `first` is None when neither a decision nor a birth date is on file. `is_decided`: the day was
    set by the authority. `is_exact`: the month of birth is known.
    """

    first: dt.date | None
    last: dt.date | None
    is_decided: bool
    is_exact: bool
    months_left: int
    citations: list[ShownCitation]

    @property
    def is_sure(self) -> bool:
        """Whether there is one date."""
        return self.first is not None and self.first == self.last


def retirement_of(cadre: Cadre, as_of: dt.date) -> Retirement:
    """Retirement of a person, with whole months left from `as_of` to the earlier date.

    CONTRACT section 3: the decision, else the end of the month in which the age is reached.
    """
    if cadre.retires_on:
        left = whole_months(as_of, cadre.retires_on)
        return Retirement(cadre.retires_on, cadre.retires_on, True, True, left, [])
    if cadre.birth_date is None:
        return Retirement(None, None, False, False, 0, [])
    sexes = [cadre.sex] if cadre.sex else list(Sex.values)
    born = cadre.birth_date
    dates = {sex: retirement_date(sex, born.year, born.month) for sex in sexes}
    first, last = min(dates.values()), max(dates.values())
    return Retirement(
        first=first,
        last=last,
        is_decided=False,
        is_exact=cadre.birth_precision != "year",
        months_left=whole_months(as_of, first),
        citations=_citations(dates),
    )


def whole_months(start: dt.date, end: dt.date) -> int:
    """Whole months from one day to another, 0 when it is past; the day of the month is reached."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def _citations(dates: dict[str, dt.date]) -> list[ShownCitation]:
    """What the age rests on in the years of retirement, each document once."""
    law, cited = load_law(), {}
    for sex, day in dates.items():
        value = law.in_force(f"retirement.age_months.{sex}", _LEVEL, day)
        for citation in value.citations if value else ():
            cited[citation.source, citation.at] = citation.as_dict()
    return citations_shown(cited.values())
