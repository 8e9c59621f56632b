"""Grades of a unit and of those below it, for inspections. Unscoped: the mandate is asked there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from cadres.choices import Grade
from cadres.models import Evaluation, Unit
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
