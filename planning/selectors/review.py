"""What a review shows of each person in a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from cadres.selectors.cadres import cadre_scope, posts_of
from cadres.selectors.evaluations import grades_of
from planning.models import Nomination, Plan

#: The years of evaluation that the form of a review asks for.
YEARS = 3


@dataclass(frozen=True)
class ReviewFacts:
    """A person in a review; `grades`: of the last three years, the latest first; "" unknown."""

    post: str
    birth: str
    nominated_on: dt.date
    grades: tuple[str, ...]
    is_open: bool


def review_facts(
    actor: Actor, plan: Plan, standing: Sequence[Nomination], as_of: dt.date
) -> dict[int, ReviewFacts]:
    """Facts by nomination id; three queries."""
    cadres = [row.cadre for row in standing]
    posts = posts_of(cadres, as_of)
    years = [as_of.year - n for n in range(1, YEARS + 1)]
    grades = grades_of([cadre.pk for cadre in cadres], years)
    opened = set(
        Nomination.objects.filter(pk__in=[row.pk for row in standing])
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
        .filter(is_open=True)
        .values_list("pk", flat=True)
    )
    return {
        row.pk: ReviewFacts(
            post=_post_words(posts.get(row.cadre_id), plan),
            birth=formats.date(row.cadre.birth_date, row.cadre.birth_precision)
            if row.cadre.birth_date
            else "",
            nominated_on=row.nominated_on,
            grades=tuple(grades.get((row.cadre_id, year), "") for year in years),
            is_open=row.pk in opened,
        )
        for row in standing
    }


def _post_words(post: object, plan: Plan) -> str:
    if post is None:
        return ""
    title, unit = post.title, post.unit  # type: ignore[attr-defined]
    return str(title.name) if unit.pk == plan.unit_id else f"{title.name}, {unit.name}"
