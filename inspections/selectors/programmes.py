"""Yearly programmes of inspections, for the inspecting side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor, unit_scope
from cadres.selectors.units import unit_list
from inspections.choices import Stage
from inspections.models import InspectedUnit, Inspection, Programme, ProgrammeItem
from inspections.policies import OFFICES, body_scope


def programmes_visible(actor: Actor) -> QuerySet[Programme]:
    """Programmes of bodies on whose side the actor stands, the latest first."""
    return Programme.objects.filter(body_scope(actor)).select_related("unit")


def programme_list(actor: Actor) -> QuerySet[Programme]:
    """As above, with `item_count`, `begun`: items of which an inspection was decided."""
    begun = (
        InspectedUnit.objects.filter(
            inspection__programme=OuterRef("programme"), unit=OuterRef("unit")
        )
        .exclude(inspection__stage=Stage.PREPARING)
        .order_by()
    )
    done = ProgrammeItem.objects.filter(Exists(begun), programme=OuterRef("pk")).order_by()
    return programmes_visible(actor).annotate(
        item_count=Count("items", distinct=True),
        begun=_counted(done),
    )


def _counted(rows: QuerySet[Any]) -> Any:
    from django.db.models import IntegerField, Subquery
    from django.db.models.functions import Coalesce

    number = rows.values("programme").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def programme_get(actor: Actor, pk: int) -> Programme:
    """One of them. Raises Http404."""
    return get_object_or_404(programmes_visible(actor), pk=pk)


def item_get(programme: Programme, pk: int) -> ProgrammeItem:
    """One item of a programme. Raises Http404."""
    return get_object_or_404(programme.items.select_related("unit", "programme__unit"), pk=pk)


def bodies_of(actor: Actor) -> Sequence[Any]:
    """Units whose programme the actor may write, in the order of the tree: with units below."""
    return list(unit_list(actor).filter(unit_scope(actor, "path", roles=OFFICES), numchild__gt=0))


def inspections_of(programme: Programme) -> dict[int, list[Inspection]]:
    """Inspections opened from a programme by inspected unit; one query."""
    found: defaultdict[int, list[Inspection]] = defaultdict(list)
    rows = InspectedUnit.objects.filter(inspection__programme=programme)
    for row in rows.select_related("inspection").order_by("inspection__starts_on", "pk"):
        found[row.unit_id].append(row.inspection)
    return dict(found)
