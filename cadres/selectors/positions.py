"""Positions on a day: how many are prescribed, and which posts are there at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cadres.carrying import Carry
from cadres.models import Position, PositionPeriod
from cadres.periods import valid_on


def positions_on(day: dt.date) -> QuerySet[Any]:
    """Positions with the `number` that is prescribed on the day; those that are not there lack."""
    then = PositionPeriod.objects.filter(valid_on(day), position=OuterRef("pk")).order_by()
    number = Coalesce(
        Subquery(then.values("prescribed")[:1]), F("prescribed"), output_field=IntegerField()
    )
    return Position.objects.annotate(number=number).filter(number__gt=0)


def numbers_on_days(
    unit_ids: Iterable[int], days: Iterable[dt.date]
) -> dict[tuple[dt.date, int, int], int]:
    """What is prescribed as `positions_on` has it, by (day, unit id, title id); one query."""
    statement = """
SELECT d.day, p.unit_id, p.title_id, coalesce(n.prescribed, p.prescribed) AS number
  FROM unnest(%s::date[]) d (day)
  JOIN cadres_position p ON p.unit_id = ANY(%s::bigint[])
  LEFT JOIN LATERAL (SELECT prescribed FROM cadres_positionperiod n
                      WHERE n.position_id = p.id
                        AND (n.valid_from IS NULL OR n.valid_from <= d.day)
                        AND (n.valid_to IS NULL OR n.valid_to >= d.day)
                      ORDER BY n.valid_to LIMIT 1) n ON true
 WHERE coalesce(n.prescribed, p.prescribed) > 0"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(set(days)), list(unit_ids)])
        return {(day, unit, title): number for day, unit, title, number in cursor.fetchall()}


def positions_named(ids: Iterable[int]) -> QuerySet[Any]:
    """Positions with unit and title read, in the order of the tree, the highest title first."""
    rows = Position.objects.filter(pk__in=list(ids)).select_related("unit", "title")
    return rows.order_by("unit__path", "-title__rank", "title__code")


def titles_after(carry: Carry, codes: Iterable[str]) -> dict[str, frozenset[int]]:
    """Titles that units of an act will have posts of, by code."""
    found = {code: carry.posts.get(code, frozenset()) for code in codes}
    known = {carry.ids[code]: code for code in found if code in carry.ids}
    for unit_id, titles in _titles(known, carry.effective_on, carry.abolished).items():
        found[known[unit_id]] |= titles
    return found


def _titles(
    unit_ids: Iterable[int], day: dt.date, abolished: frozenset[int]
) -> dict[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = positions_on(day).filter(unit__in=list(unit_ids)).exclude(pk__in=abolished)
    for unit_id, title_id in rows.values_list("unit_id", "title_id"):
        found[unit_id].add(title_id)
    return {unit_id: frozenset(titles) for unit_id, titles in found.items()}


def changed_from(day: dt.date) -> Q:
    """Condition on periods: a number was decided that begins or ends on the day or later."""
    return Q(valid_to__gte=day) | Q(valid_from__gte=day)
