"""Grades and trainings of a unit and of those below it, for inspections.

Unscoped: the mandate is asked there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from cadres.choices import Grade
from cadres.models import Appointment, Evaluation, Training, Unit
from cadres.policies import below
from cadres.selectors.evaluations import alike_from


@dataclass(frozen=True)
class GradesGiven:
    """How many people a unit gave each grade in a year, by the exchange word of the grade."""

    unit_code: str
    unit_name: str
    year: int
    grades: dict[str, int]

    @property
    def total(self) -> int:
        """People with a grade."""
        return sum(self.grades.values())

    @property
    def is_telling(self) -> bool:
        """Whether there are enough people for a difference to be expected."""
        return self.total >= alike_from()

    @property
    def is_alike(self) -> bool:
        """Whether everybody has the same grade, so that the grades say nothing."""
        return self.is_telling and len(self.grades) == 1


def grades_below(unit: Unit, years: Iterable[int]) -> list[GradesGiven]:
    """Grades by unit and year at the unit or below it, in the order of the tree; one query."""
    rows = (
        Evaluation.objects.filter(below(unit.path, "unit__path"), year__in=list(years))
        .order_by("year", "unit__path", "-grade")
        .values_list("year", "unit__code", "unit__name", "grade")
        .annotate(people=Count("cadre", distinct=True))
    )
    found: dict[tuple[int, str], GradesGiven] = {}
    for year, code, name, grade, people in rows:
        given = found.setdefault((year, code), GradesGiven(code, name, year, {}))
        given.grades[Grade(grade).name] = people
    return list(found.values())


@dataclass(frozen=True)
class CourseTaken:
    """A course that people of a unit attended."""

    course: str
    kind: str
    start_on: dt.date | None
    end_on: dt.date | None
    people: int


def courses_below(unit: Unit, since: dt.date, until: dt.date) -> list[CourseTaken]:
    """Courses of a period with how many attended who served at the unit or below it when the
    course began, oldest first; one query. A course without dates is not of any period."""
    begun = Q(start_on__lte=OuterRef("start_on")) | Q(start_on__lte=OuterRef("end_on"))
    served = Appointment.objects.filter(
        begun, below(unit.path, "unit__path"), cadre=OuterRef("cadre")
    ).filter(Q(end_on=None) | Q(end_on__gt=OuterRef("start_on")) | Q(end_on__gt=OuterRef("end_on")))
    rows = (
        Training.objects.filter(
            Q(start_on__lte=until) | Q(start_on=None, end_on__lte=until),
            Q(end_on__gte=since) | Q(end_on=None, start_on__gte=since),
        )
        .filter(Exists(served))
        .order_by("start_on", "course", "kind", "end_on")
        .values_list("course", "kind", "start_on", "end_on")
        .annotate(people=Count("cadre", distinct=True))
    )
    return [CourseTaken(*row) for row in rows]
