"""The verdict on a unit's grades. The law stands in a room above, which enters its judge here.

So pages of this room show the same words and figures as the check does, and know no rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cadres.models import Unit


@dataclass(frozen=True)
class GradeCounts:
    """How many of a unit have the top grade and the good one in a year."""

    unit: Unit
    year: int
    top: int
    good: int


@dataclass(frozen=True)
class GradeVerdict:
    """What the check says: `outcome` and `message` are its own, `percent` the figure applied."""

    outcome: str
    message: str
    percent: int | None
    citations: Sequence[Any] = field(default_factory=tuple)

    @property
    def applies(self) -> bool:
        """Whether there is anything to judge by."""
        return self.outcome != "not_applicable"


#: (counts, day of the check) -> verdict by the unit's id.
Judge = Callable[[Sequence[GradeCounts], dt.date], dict[int, GradeVerdict]]

_judges: list[Judge] = []


def register_grade_judge(judge: Judge) -> None:
    """Enter the judge; called once, when the room above is ready."""
    _judges[:] = [judge]


def judge_grades(counts: Sequence[GradeCounts], on: dt.date) -> dict[int, GradeVerdict]:
    """The verdict on each unit's counts by the law of a day; at most two queries."""
    return _judges[0](counts, on) if _judges and counts else {}


def judged_on(year: int, as_of: dt.date) -> dt.date:
    """The day whose check is about the grades of `year`: it judges those of the year before.

    The day of view where it lies in the year after; else the first day on which grades still to be
    given will be judged, or the last day on which old ones were.
    """
    if as_of.year == year + 1:
        return as_of
    return dt.date(year + 1, 1, 1) if as_of.year <= year else dt.date(year + 1, 12, 31)
