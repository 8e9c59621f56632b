"""Plans of a unit and below it, for inspections. Unscoped: the mandate is asked for there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from cadres.policies import below
from planning.models import Nomination, Plan, Pool
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
