"""Random small provinces that sit on the edges of the rules, for Hypothesis.

A province is drawn around its day of check: birthdays, gaps, reviews and law changes fall on that
day, the day before and the day after far more often than chance would have it. Every province
would pass the import (CONTRACT section 2).
"""

import calendar
import datetime as dt
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.rules.records import (
    DEGREES,
    GRADES,
    THEORIES,
    Appointment,
    Ballot,
    Cadre,
    Discipline,
    Evaluation,
    Nomination,
    PartialDate,
    Plan,
    Position,
    Province,
    Rotation,
    Target,
    Term,
    Title,
    Unit,
)

T = TypeVar("T")

#: First days on which the law is another one.
LAW_CHANGES = tuple(
    map(
        dt.date.fromisoformat,
        (
            "2012-11-05",
            "2017-10-07",
            "2019-05-30",
            "2020-08-20",
            "2021-12-27",
            "2022-04-28",
            "2025-07-01",
            "2025-08-30",
            "2025-10-08",
            "2026-01-01",
        ),
    )
)
OTHER_DAYS = tuple(
    map(
        dt.date.fromisoformat,
        (
            "2013-06-01",
            "2017-04-15",
            "2018-02-28",
            "2020-02-29",
            "2023-03-31",
            "2024-02-29",
            "2025-02-28",
            "2026-11-22",
            "2026-12-31",
            "2028-02-29",
            "2031-02-28",
        ),
    )
)
DAY = dt.timedelta(days=1)
DAYS_OF_CHECK = (*LAW_CHANGES, *(day - DAY for day in LAW_CHANGES), *OTHER_DAYS)

#: Codes whose order by letter differs from the order in which they are made, and by collation.
UNIT_CODES = ("T", "B-1", "b1", "A", "B1", "Đ", "a_2")
TITLE_CODES = ("C", "a", "B", "B-1", "_", "Đ")

#: Values worth trying for a target, by parameter.
TARGET_VALUES: dict[str, tuple[int, ...]] = {
    "planning.age_bands.young_below": (35, 40, 42, 46, 52),
    "planning.age_bands.middle_to": (45, 50, 55),
    "planning.young_share.minimum": (10, 15, 20, 25, 50),
    "planning.young_share.age_below": (35, 40, 45),
    "planning.women_share.minimum": (20, 25, 26, 33, 34, 50, 66, 67, 100),
    "planning.minority_share.minimum": (20, 25, 33, 34, 50, 66, 67, 100),
    "planning.openness.minimum_external": (0, 1, 2, 3),
    "planning.candidates_per_title.minimum": (1, 2, 3),
    "planning.candidates_per_title.maximum": (1, 2, 3, 5),
    "planning.committee_coefficient.minimum": (34, 67, 67, 100, 134, 150),
    "planning.committee_coefficient.maximum": (33, 33, 33, 100, 133, 150),
    "planning.titles_per_person.maximum": (1, 2, 3, 4),
    "planning.remaining_service.minimum_months": (48, 60, 72, 120, 121),
    "planning.annual_review.maximum_months": (6, 11, 12, 18),
    "planning.ballot.minimum_share": (40, 50, 55, 60),
    "planning.lineage.maximum": (0, 0, 1, 2),
    "rotation.remaining_service.minimum_months": (60, 120, 121),
    "rotation.duration.minimum_months": (24, 36, 37),
    "rotation.head_terms.maximum": (1, 2, 3),
    "evaluation.top_grade.maximum_share": (20, 25, 33, 33, 50, 100),
}

#: Parameters that need a target more often: the law is silent, or its value is hard to hit.
OFTEN = (
    "planning.age_bands.young_below",
    "planning.age_bands.middle_to",
    "planning.minority_share.minimum",
    "planning.openness.minimum_external",
    "planning.lineage.maximum",
    "planning.annual_review.maximum_months",
    "planning.committee_coefficient.minimum",
    "planning.committee_coefficient.maximum",
    "evaluation.top_grade.maximum_share",
)


def add_months(day: dt.date, months: int) -> dt.date:
    """Same day of the month `months` later (earlier when negative), or the month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Luck:
    """Short words for drawing.

    Not one choice of Hypothesis each: nothing is shrunk, and a province takes hundreds.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def upto(self, most: int, least: int = 0) -> int:
        """Draw a whole number, both ends included."""
        return self._random.randint(least, most)

    def one(self, options: Sequence[T]) -> T:
        """Draw one of the options."""
        return options[self.upto(len(options) - 1)]

    def chance(self, percent: int) -> bool:
        """Draw True in about `percent` of 100 draws."""
        return self.upto(99) >= 100 - percent

    def maybe(self, percent: int, make: Callable[[], T]) -> T | None:
        """Draw what `make` gives, or None."""
        return make() if self.chance(percent) else None

    def some(self, options: Iterable[T], percent: int) -> list[T]:
        """Keep each option with that chance."""
        return [option for option in options if self.chance(percent)]


class Maker:
    """Makes one province around `as_of`, sheet by sheet."""

    def __init__(self, luck: Luck, as_of: dt.date) -> None:
        self.luck = luck
        self.as_of = as_of
        self.made = Province()
        self.near = [as_of, as_of - DAY, as_of + DAY]
        self.law_days = [change + step * DAY for change in LAW_CHANGES for step in (-1, 0)]

    def make(self) -> Province:
        """Make everything, parents first."""
        for sheet in (
            self.terms,
            self.units,
            self.titles,
            self.positions,
            self.cadres,
            self.appointments,
            self.evaluations,
            self.disciplines,
            self.plans,
            self.nominations,
            self.ballots,
            self.rotations,
            self.targets,
        ):
            sheet()
        return self.made

    # Days

    def months_away(self, *months: int) -> dt.date:
        """Draw a day that lies one of these numbers of months after the check, or a day off."""
        day = add_months(self.as_of, self.luck.one(months))
        return day + self.luck.one((0, 0, -1, 1)) * DAY

    def past(self) -> dt.date:
        """Draw a day in the last years, often just on a law change."""
        if self.luck.chance(30):
            return min(self.luck.one(self.law_days), self.as_of)
        return self.months_away(-6, -11, -12, -13, -24, -36, -60, -1, 0)

    def around(self) -> dt.date:
        """Draw a day close to the check, before or after."""
        return self.luck.one(self.near) if self.luck.chance(60) else self.months_away(-1, 1, 12)

    def periods(self, most: int) -> list[tuple[dt.date, dt.date | None]]:
        """Draw up to `most` half-open periods that do not overlap; some touch, some are empty."""
        days = sorted(
            self.past() if self.luck.chance(60) else self.around()
            for _ in range(self.luck.upto(2 * most, 1))
        )
        found: list[tuple[dt.date, dt.date | None]] = []
        for first in range(0, len(days), 2):
            start = days[first]
            if not found or found[-1][0] != start:
                found.append((start, days[first + 1] if first + 1 < len(days) else None))
        return found

    # The organisation

    def terms(self) -> None:
        starts = {
            "2020-2025": dt.date(2020, 10, 1),
            "2025-2030": dt.date(2025, 10, 1),
            "nay": self.luck.one((*self.near, add_months(self.as_of, 7))),
        }
        kept = self.luck.some(starts, 60) or ["2025-2030"]
        self.made.terms = [Term(code, starts[code], add_months(starts[code], 60)) for code in kept]

    def units(self) -> None:
        for code in UNIT_CODES[: self.luck.upto(len(UNIT_CODES), 1)]:
            above = self.made.units
            parent = self.luck.one(above).code if above and self.luck.chance(80) else None
            level = self.luck.one(("province", "province", "commune", "commune", "district"))
            closed = self.luck.maybe(10, lambda: dt.date(2025, 6, 30))
            level = "central" if self.luck.chance(6) else level
            above.append(Unit(code, level, parent, valid_to=closed))

    def titles(self) -> None:
        luck = self.luck
        for code in TITLE_CODES[: luck.upto(len(TITLE_CODES), 2)]:
            self.made.titles.append(
                Title(
                    code,
                    kind=luck.one(("leadership", "leadership", "committee")),
                    rank=luck.one((10, 20, 20, 30)),
                    is_head=luck.chance(50),
                    min_degree=luck.maybe(50, lambda: luck.one(DEGREES)),
                    min_theory=luck.maybe(50, lambda: luck.one(THEORIES)),
                    non_local_required=luck.chance(40),
                )
            )

    def positions(self) -> None:
        self.made.positions = [
            Position(unit.code, title.code, self.luck.one((1, 1, 2, 3, 3)))
            for unit in self.made.units
            for title in self.luck.some(self.made.titles, 50)
        ]

    # People

    def cadres(self) -> None:
        luck = self.luck
        for number in range(luck.upto(9, 1)):
            cadre = Cadre(
                f"CB{number:02}",
                sex=luck.maybe(85, lambda: luck.one(("female", "male"))),
                birth_date=luck.maybe(90, self._birth),
                ethnicity_code=luck.maybe(85, lambda: luck.one(("01", "02", "54"))),
                native_unit_code=luck.maybe(80, lambda: luck.one(self.made.units).code),
                degree=luck.maybe(80, lambda: luck.one(DEGREES)),
                theory=luck.maybe(80, lambda: luck.one(THEORIES)),
                retires_on=luck.maybe(
                    10, lambda: self.months_away(-1, 0, 48, 59, 60, 61, 119, 120, 121, 200)
                ),
            )
            self.made.cadres.append(cadre)

    def _birth(self) -> dt.date:
        luck = self.luck
        way = luck.upto(9)
        if way < 5:  # a birthday around the check
            return self.months_away(*(-12 * age for age in (34, 35, 40, 42, 45, 50, 51, 56)))
        if way < 8:  # retirement around the minimum
            left = luck.one((-1, 0, 48, 60, 72, 120, 120, 121)) - luck.upto(1)
            ages = (660, 664, 680, 684, 688, 696, 700, 720, 735, 738, 741, 744)
            born = add_months(self.as_of, left - luck.one(ages)).replace(day=1)
            return luck.one((born, born + 14 * DAY, PartialDate.of(born.year, born.month)))
        if way < 9:
            return dt.date(luck.one((1972, 1976, 1980, 1984, 1988)), 2, 29)
        return PartialDate.of(self.as_of.year - luck.one((35, 40, 45, 51)))

    def appointments(self) -> None:
        taken = set()
        for cadre in self.made.cadres:
            for _ in range(self.luck.one((0, 1, 1, 2, 3))):
                post = (self.luck.one(self.made.units).code, self.luck.one(self.made.titles).code)
                if (cadre.code, post) not in taken:
                    taken.add((cadre.code, post))
                    chain = self._chain() if self.luck.chance(70) else self.periods(2)
                    self.made.appointments += [
                        Appointment(cadre.code, *post, start, end) for start, end in chain
                    ]

    def _chain(self) -> list[tuple[dt.date, dt.date | None]]:
        """Draw the time in one post with up to three short gaps in it."""
        start = self.months_away(-120, -120, -60, -180, -119, -121, -30, -3)
        chain: list[tuple[dt.date, dt.date | None]] = []
        for _ in range(self.luck.one((0, 0, 1, 1, 2, 3))):
            end = start + self.luck.one((0, 20, 200, 400)) * DAY
            chain.append((start, end))
            # A gap of no day after an empty period would be the same start twice.
            gaps = (1, 29, 30, 31, 32) if end == start else (0, 29, 30, 31, 32)
            start = end + self.luck.one(gaps) * DAY
        end = self.luck.maybe(30, self.around)
        return [*chain, (start, max(start, end) if end else None)]

    def evaluations(self) -> None:
        luck, year = self.luck, self.as_of.year
        grades = luck.one((GRADES, ("HTTNV", "HTTNV", "HTTNV", "HTXSNV")))
        usual = luck.one(self.made.units).code
        for cadre in luck.some(self.made.cadres, 80):
            unit = usual if luck.chance(80) else luck.one(self.made.units).code
            self.made.evaluations.append(Evaluation(cadre.code, year - 1, luck.one(grades), unit))
            for other in (year - 2, year):
                if luck.chance(20):
                    self.made.evaluations.append(
                        Evaluation(cadre.code, other, luck.one(GRADES), unit)
                    )
            second = luck.one(self.made.units).code
            if second != unit and luck.chance(30):
                self.made.evaluations.append(
                    Evaluation(cadre.code, year - 1, luck.one(GRADES), second)
                )

    def disciplines(self) -> None:
        kinds = ("reprimand", "warning", "removal", "expulsion")
        for cadre in self.luck.some(self.made.cadres, 30):
            for kind in self.luck.some(kinds, 40):
                decided = self.past() if self.luck.chance(60) else self.around()
                until = self.luck.maybe(60, self.around)
                until = max(until, decided) if until else None
                self.made.disciplines.append(Discipline(cadre.code, kind, decided, until))

    # Planning

    def plans(self) -> None:
        luck = self.luck
        keys = [(unit.code, term.code) for unit in self.made.units for term in self.made.terms]
        for unit, term in luck.some(keys, 60):
            self.made.plans.append(
                Plan(
                    unit,
                    term,
                    status=luck.one(("approved", "approved", "approved", "draft", "submitted")),
                    approved_on=luck.maybe(75, self._review),
                    last_reviewed_on=luck.maybe(50, self._review),
                )
            )

    def _review(self) -> dt.date:
        return self.around() if self.luck.chance(30) else self.past()

    def pools(self) -> list[tuple[str, str, str]]:
        """List (unit, term, title) of the pools that exist."""
        return [
            (plan.unit_code, plan.term, position.title_code)
            for plan in self.made.plans
            for position in self.made.positions
            if position.unit_code == plan.unit_code
        ]

    def nominations(self) -> None:
        crowd = self.luck.one((15, 30, 60))
        for pool in self.pools():
            for cadre in self.luck.some(self.made.cadres, crowd):
                often = 2 if self.luck.chance(20) else 1
                self.made.nominations += [
                    Nomination(*pool, cadre.code, start, end)
                    for start, end in (
                        self.periods(often) if self.luck.chance(50) else [(self.past(), None)]
                    )
                ]

    def ballots(self) -> None:
        luck = self.luck
        people = {(n.unit_code, n.term, n.title_code, n.cadre_code) for n in self.made.nominations}
        for key in luck.some(sorted(people), 25):
            for step in luck.some(range(1, 6), 40):
                counts = [luck.one((2, 11, 20, 101))]
                for _ in range(4):
                    counts.append(max(counts[-1] - luck.one((0, 0, 0, 1, 2)), 0))
                share = luck.one((40, 50, 50, 55, 60, 100))
                agree = counts[0] * share // 100 + luck.one((0, 0, 1))
                held = self.around() if luck.chance(40) else self.past()
                self.made.ballots.append(Ballot(*key, step, held, *counts, min(agree, counts[-1])))

    # Rotations and targets

    def rotations(self) -> None:
        luck = self.luck
        statuses = ("proposed", "approved", "declined", "in_progress", "completed", "cancelled")
        keys = set()
        for cadre in luck.some(self.made.cadres, 50):
            start = luck.maybe(90, self._rotation_start)
            ended = luck.maybe(70, lambda start=start: self._rotation_end(start))
            rotation = Rotation(
                cadre.code,
                luck.one(self.made.units).code,
                luck.one(self.made.titles).code,
                luck.one(self.made.units).code,
                luck.one(self.made.titles).code,
                status="completed" if luck.chance(40) else luck.one(statuses),
                kind=luck.one(("rotation", "rotation", "rotation", "transfer", "secondment")),
                start_on=start,
                planned_end_on=start and add_months(start, 36),
                ended_on=ended,
            )
            key = replace(rotation, status="", planned_end_on=None, ended_on=None)
            if key not in keys:
                keys.add(key)
                self.made.rotations.append(rotation)

    def _rotation_start(self) -> dt.date:
        dates = [n.nominated_on for n in self.made.nominations]
        dates += [n.removed_on for n in self.made.nominations if n.removed_on]
        if dates and self.luck.chance(30):
            return self.luck.one(dates) + self.luck.one((-1, 0)) * DAY
        return self.luck.one(self.law_days) if self.luck.chance(40) else self.past()

    def _rotation_end(self, start: dt.date | None) -> dt.date:
        if start is None:
            return self.around()
        if self.luck.chance(40):
            return max(start, self.luck.one(self.law_days))
        return add_months(start, self.luck.one((24, 36, 37))) + self.luck.one((-1, 0, 1)) * DAY

    def targets(self) -> None:
        luck = self.luck
        levels = sorted({unit.level for unit in self.made.units})
        keys = set()
        names = luck.some(TARGET_VALUES, luck.one((10, 40, 80)))
        for parameter in [*names, *luck.some(OFTEN, 50)]:
            for _ in range(luck.one((1, 1, 2, 3))):
                level = luck.one(levels)
                start, end = self._target_period()
                unit = luck.one(self.made.units).code
                key = (unit, parameter, level, start)
                if key not in keys:
                    keys.add(key)
                    value = luck.one(TARGET_VALUES[parameter])
                    document = luck.one(("12-NQ/TU", "08-HD/BTCTU", "03-KH/BTC"))
                    self.made.targets.append(
                        Target(unit, parameter, level, value, start, document, end)
                    )

    def _target_period(self) -> tuple[dt.date, dt.date | None]:
        start = self.luck.one((dt.date(2011, 1, 1), dt.date(2012, 1, 1), None)) or self.around()
        end = self.luck.maybe(25, self.around)
        return start, max(start, end) if end else None


def luck() -> st.SearchStrategy[Luck]:
    """Draw something to draw from."""
    return st.integers(0, 2**64 - 1).map(Luck)


@st.composite
def provinces(draw: st.DrawFn) -> tuple[Province, dt.date]:
    """Draw a province and the day of check that it was made around."""
    as_of = draw(st.sampled_from(DAYS_OF_CHECK))
    return Maker(draw(luck()), as_of).make(), as_of


def days_of_check(around: dt.date) -> st.SearchStrategy[dt.date]:
    """Draw another day: one near `around`, or one of the days on which law changes."""
    near: list[Any] = [around + step * DAY for step in (-31, -1, 0, 1, 31, 365)]
    return st.sampled_from([*near, *DAYS_OF_CHECK])


def random_search(examples: int) -> settings:
    """Settings of a test on random provinces: as many every time, the same every time.

    With ORACLE_TIMES=50 it looks at 50 times as many, and at others in each run. Hypothesis does
    not shrink: `reduce` knows which records belong together and is done in seconds.
    """
    times = int(os.environ.get("ORACLE_TIMES", "0"))
    return settings(
        max_examples=examples * max(times, 1),
        derandomize=not times,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
