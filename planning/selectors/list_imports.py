"""Plans that a list of an office touched."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from cadres.policies import Actor, unit_scope
from planning.models import Plan

#: Plans are judged on the spot, so only so many are.
LIMIT = 8


def plans_touched_by(actor: Actor, list_import: Any) -> list[Plan]:
    """Plans in the actor's scope with people whom the list nominated, else with its people.

    The plan of the list's own unit and term comes first; `people` is how many of the list are in.
    """
    whose = list_import.rows.exclude(cadre=None).values("cadre_id")
    own = Q(unit_id=list_import.unit_id, term__code=list_import.term_code or None)
    plans = Plan.objects.filter(unit_scope(actor)).select_related("unit", "term")
    counted = plans.annotate(
        people=Count(
            "nominations__cadre",
            filter=Q(nominations__cadre__in=whose, nominations__removed_on=None),
            distinct=True,
        ),
        is_own=Count("pk", filter=own),
    )
    return list(counted.filter(Q(people__gt=0) | own).order_by("-is_own", "-people", "pk")[:LIMIT])
