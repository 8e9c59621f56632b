"""Plans of a unit and below it, for inspections. Unscoped: the mandate is asked for there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cadres.policies import below
from planning.models import Nomination, Plan, Pool
from planning.selectors.form_people import FormPerson, form_people
from planning.selectors.plans import nominated_on

if TYPE_CHECKING:
    from cadres.models import Unit


def plans_below(unit: Unit, as_of: dt.date) -> QuerySet[Plan]:
    """Plans at the unit or below it in which somebody stands on the day, by unit and term."""
    standing = Nomination.objects.filter(nominated_on(as_of), plan=OuterRef("pk"))
    return (
        Plan.objects.filter(Exists(standing), below(unit.path, "unit__path"))
        .select_related("unit", "term")
        .order_by("unit__path", "term__starts_on")
    )


def titles_of(plan: Plan) -> dict[int, tuple[str, str]]:
    """Code and name of the title of each pool of the plan, empty pools too; one query."""
    rows = Pool.objects.filter(plan=plan).values_list(
        "pk", "position__title__code", "position__title__name"
    )
    return {pk: (code, name) for pk, code, name in rows}


def pools_below(plans: QuerySet[Plan]) -> list[Pool]:
    """Pools of these plans with their titles, the most senior title first; one query."""
    return list(
        Pool.objects.filter(plan__in=[plan.pk for plan in plans])
        .select_related("position__title")
        .order_by("plan_id", "-position__title__rank", "position__title__name", "pk")
    )


@dataclass(frozen=True)
class Listed:
    """A nomination on the day with the person as official lists show them."""

    nomination: Nomination
    person: FormPerson


def nominees_below(unit: Unit, as_of: dt.date) -> list[Listed]:
    """Everybody nominated at the unit or below it, by unit, term and title; three queries."""
    rows = list(
        Nomination.objects.filter(nominated_on(as_of), below(unit.path, "plan__unit__path"))
        .select_related("cadre", "plan__unit", "plan__term", "pool__position__title")
        .order_by(
            "plan__unit__path",
            "plan__term__starts_on",
            "-pool__position__title__rank",
            "pool_id",
            "cadre__sort_key",
            "pk",
        )
    )
    people = form_people([row.cadre for row in rows], as_of)
    return [Listed(row, people[row.cadre_id]) for row in rows]


def reviews_below(unit: Unit, since: dt.date, until: dt.date) -> QuerySet[Any]:
    """Plans at the unit or below it with `added` and `removed`, nominations from `since` to
    `until`; one query."""
    span = (since, until)
    return plans_below(unit, until).annotate(
        added=Count("nominations", filter=Q(nominations__nominated_on__range=span)),
        removed=Count("nominations", filter=Q(nominations__removed_on__range=span)),
    )
