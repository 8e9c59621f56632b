"""People as official lists of planning show them: file, post, grades of three years."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cadre_portal.templatetags.formats import NBSP
from cadres.choices import Grade
from cadres.policies import Actor
from cadres.selectors.cadres import posts_of, sensitive_scope
from planning.models import Nomination, Plan
from planning.selectors.plans import nominated_on
from planning.selectors.stored import Statement, rows_of

#: Lists tell the grades of so many years.
YEARS = 3


@dataclass(frozen=True)
class FormPerson:
    """A person on a list; `post`: the primary one on the day; `grades`: year -> the worst."""

    cadre: Any
    post: str
    grades: dict[int, Grade]

    def grade_words(self, as_of: dt.date) -> str:
        """ "2023: HTTNV; 2024: HTXSNV; 2025: HTTNV", the years before that of the day.

        A year without a grade on file is left out; a year and its grade stay on one line.
        """
        years = range(as_of.year - YEARS, as_of.year)
        return "; ".join(
            f"{year}:{NBSP}{self.grades[year].name}" for year in years if year in self.grades
        )


def form_people(cadres: Iterable[Any], as_of: dt.date) -> dict[int, FormPerson]:
    """The people by id; two queries. Unscoped: for who may see the plan they stand in."""
    people = {cadre.pk: cadre for cadre in cadres}
    posts = posts_of(people.values(), as_of)
    grades: dict[int, dict[int, Grade]] = defaultdict(dict)
    for row in rows_of(
        Statement(
            "SELECT cadre_id, year, min(grade) AS grade FROM cadres_evaluation"
            " WHERE cadre_id = ANY(%s) AND year BETWEEN %s AND %s GROUP BY cadre_id, year",
            [list(people), as_of.year - YEARS, as_of.year - 1],
        )
    ):
        grades[row["cadre_id"]][row["year"]] = Grade(row["grade"])
    return {
        pk: FormPerson(
            cadre,
            f"{posts[pk].title}, {posts[pk].unit}" if pk in posts else "",
            grades[pk],
        )
        for pk, cadre in people.items()
    }


def listed_nominations(actor: Actor, plan: Plan, as_of: dt.date) -> list[Any]:
    """Nominations of the day by pool and name, with `is_told`: sensitive fields may be told."""
    return list(
        Nomination.objects.filter(nominated_on(as_of), plan=plan)
        .select_related("cadre", "pool__position__title")
        .annotate(is_told=sensitive_scope(actor, "cadre_id"))
        .order_by("pool_id", "cadre__sort_key", "cadre__code", "pk")
    )
