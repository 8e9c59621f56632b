"""The units of an inspection at one look, and units that may be chosen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cadres.policies import Actor
from cadres.selectors.posts import heads_of_units
from cadres.selectors.text import folded_words
from cadres.selectors.units import unit_list
from inspections.choices import MinutesKind
from inspections.models import Inspection, Minutes
from inspections.selectors.inspections import findings_open
from inspections.selectors.self_reports import first_sent

#: More units than a page can hold: then only the upper levels are offered, or what is looked for.
OFFERED = 400


def units_overview(inspection: Inspection) -> QuerySet[Any]:
    """Inspected units with `report_state`, `sent_on`, `first_sent_on`, `is_heard` (signed working
    minutes) and `told` (findings that are not dropped); one query."""
    heard = Minutes.objects.filter(
        inspected_unit=OuterRef("pk"), kind=MinutesKind.WORKING, is_signed=True
    )
    findings = (
        findings_open(inspection)
        .filter(inspected_unit=OuterRef("pk"))
        .order_by()
        .values("inspected_unit")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        inspection.units.select_related("unit")
        .annotate(
            report_state=Coalesce(F("self_report__state"), Value("")),
            sent_on=F("self_report__submitted_on"),
            first_sent_on=first_sent(),
            is_heard=Exists(heard),
            told=Coalesce(Subquery(findings), 0),
        )
        .order_by("place", "pk")
    )


def units_to_choose(actor: Actor, on: dt.date, text: str = "") -> tuple[list[Any], bool]:
    """Units in scope that are there on the day, in the order of the tree, with `indent`.

    Second: whether some were left out, because they are too many for a page. Two queries at most.
    """
    there = unit_list(actor).filter(
        Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
    )
    if text.strip():
        there = there.filter(folded_words(text) | Q(code__iexact=text.strip()))
    units = list(there[: OFFERED + 1])
    is_cut = len(units) > OFFERED
    if is_cut and not text.strip():
        top = min(unit.depth for unit in units)
        units = list(there.filter(depth__lte=top + 1)[:OFFERED])
    units = units[:OFFERED]
    top = min((unit.depth for unit in units), default=1)
    for unit in units:
        unit.indent = "\u2003" * (unit.depth - top)
    return units, is_cut


def head_words(units: list[Any], on: dt.date) -> dict[int, str]:
    """Title and name of who heads each unit on the day, by the unit's id; one query."""
    heads = heads_of_units([unit.pk for unit in units], on)
    return {pk: f"{row.title.name} {row.cadre.full_name}"[:160] for pk, row in heads.items()}
