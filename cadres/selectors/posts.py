"""Who holds a post on a day, and grades, for rooms that ask of many at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cadres.choices import TitleKind
from cadres.models import Appointment, Cadre, Evaluation
from cadres.periods import active_on, valid_on
from cadres.selectors.positions import positions_on


def holders_by_post(where: Q, day: dt.date) -> Counter[tuple[int, int]]:
    """How many hold each title of each unit on the day, by ids of unit and title; one query.

    `where`: a condition on appointments, such as a scope of units.
    """
    rows = Appointment.objects.filter(active_on(day), where).order_by()
    counted = rows.values("unit", "title").annotate(n=Count("pk"))
    return Counter({(row["unit"], row["title"]): row["n"] for row in counted})


def holders_on_days(
    unit_ids: Iterable[int], days: Iterable[dt.date]
) -> Counter[tuple[dt.date, int, int]]:
    """How many hold each title of the units on each day, by (day, unit id, title id); one query."""
    statement = """
SELECT d.day, a.unit_id, a.title_id, count(*)
  FROM unnest(%s::date[]) d (day)
  JOIN cadres_appointment a ON a.unit_id = ANY(%s::bigint[])
   AND a.start_on <= d.day AND (a.end_on IS NULL OR a.end_on > d.day)
 GROUP BY 1, 2, 3"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(set(days)), list(unit_ids)])
        return Counter(
            {(day, unit, title): number for day, unit, title, number in cursor.fetchall()}
        )


def worst_grades(cadre_ids: Iterable[int], year: int) -> dict[int, int]:
    """The worst grade of each person in a year (CONTRACT reading 7); who has none lacks."""
    found = worst_grades_of_years((cadre_id, year) for cadre_id in cadre_ids)
    return {cadre_id: grade for (cadre_id, _year), grade in found.items()}


def worst_grades_of_years(asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The same of people (id) each in a year of their own; one query."""
    wanted = set(asked)
    rows = Evaluation.objects.filter(
        cadre__in={cadre_id for cadre_id, _year in wanted},
        year__in={year for _cadre_id, year in wanted},
    )
    found = rows.values("cadre", "year").annotate(worst=Min("grade"))
    grades = {(row["cadre"], row["year"]): row["worst"] for row in found}
    return {place: grade for place, grade in grades.items() if place in wanted}


def posts_with_holders(where: Q, day: dt.date) -> QuerySet[Any]:
    """Leadership positions on the day with their `number` and how many `holders` they have.

    `where`: a condition on positions, such as a scope of units.
    """
    held = (
        Appointment.objects.filter(active_on(day), unit=OuterRef("unit"), title=OuterRef("title"))
        .order_by()
        .values("unit")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        positions_on(day)
        .filter(where, valid_on(day, "unit__"), title__kind=TitleKind.LEADERSHIP)
        .annotate(holders=Coalesce(Subquery(held), 0))
        .select_related("unit", "title")
        .order_by("unit__path", "-title__rank", "title__code")
    )


def posts_held_by(cadre: Cadre, day: dt.date) -> QuerySet[Appointment]:
    """The posts of one person on the day, the primary one first (CONTRACT section 3)."""
    return (
        Appointment.objects.filter(active_on(day), cadre=cadre)
        .select_related("unit", "title")
        .order_by("-title__rank", "-start_on", "title__code", "unit__code")
    )


def leadership_held(cadre_ids: Iterable[int], day: dt.date) -> QuerySet[Appointment]:
    """Leadership posts of many people on the day in units that are there, each one's primary first.

    Committee seats are none.
    """
    return (
        Appointment.objects.filter(
            active_on(day),
            valid_on(day, "unit__"),
            cadre__in=list(cadre_ids),
            title__kind=TitleKind.LEADERSHIP,
        )
        .select_related("unit", "title")
        .order_by("cadre_id", "-title__rank", "-start_on", "title__code", "unit__code")
    )


def posts_begun(cadre_id: int, first: dt.date, last: dt.date) -> QuerySet[Appointment]:
    """Posts of a person that began between two days, both inside, in their order."""
    return (
        Appointment.objects.filter(cadre=cadre_id, start_on__gte=first, start_on__lte=last)
        .select_related("unit", "title")
        .order_by("start_on", "-title__rank", "pk")
    )


def begun_since(posts: Mapping[tuple[int, int], dt.date], until: dt.date) -> dict[Any, int]:
    """How many took each post (unit id, title id) from its day on, by `until`; one query."""
    found = dict.fromkeys(posts, 0)
    if not posts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.unit_id, k.title_id, count(a.id)"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) k (unit_id, title_id, since)"
            " JOIN cadres_appointment a ON a.unit_id = k.unit_id AND a.title_id = k.title_id"
            " AND a.start_on >= k.since AND a.start_on <= %s GROUP BY 1, 2",
            [
                [unit_id for unit_id, _title in posts],
                [title_id for _unit, title_id in posts],
                list(posts.values()),
                until,
            ],
        )
        for unit_id, title_id, number in cursor.fetchall():
            found[unit_id, title_id] = number
    return found


def heads_of_units(unit_ids: Iterable[int], day: dt.date) -> dict[int, Appointment]:
    """Who heads each unit on the day, of several the most senior; one query. Unscoped."""
    held = (
        Appointment.objects.filter(active_on(day), unit__in=list(unit_ids), title__is_head=True)
        .select_related("cadre", "title")
        .order_by("title__rank", "start_on")
    )
    return {row.unit_id: row for row in held}
