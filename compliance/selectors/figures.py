"""The figures that hold for a few units on a day, read without writing anything."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from compliance.engine.figures import TargetValue, resolve
from compliance.law import load_law

if TYPE_CHECKING:
    from cadres.models import Unit

#: Name of a figure -> its value (None: nothing is in force) and where that stands.
Figures = dict[str, tuple[int | None, list[dict[str, Any]]]]

# The nearest target up the tree, of two of one unit the later one (CONTRACT section 3, reading 3).
_NEAREST = """
SELECT DISTINCT ON (k.unit_id, k.day, t.parameter)
       k.unit_id, k.day, t.id, t.parameter, t.value, t.document, t.at, t.confidence
  FROM unnest(%s::bigint[], %s::date[]) k (unit_id, day)
  JOIN cadres_unit u ON u.id = k.unit_id
  JOIN compliance_target t ON t.level = u.level AND t.parameter = ANY(%s)
   AND k.day >= t.in_force_from AND (t.in_force_to IS NULL OR k.day <= t.in_force_to)
  JOIN cadres_unit a ON a.id = t.unit_id AND u.path >= a.path AND u.path < a.path || '~'
 ORDER BY k.unit_id, k.day, t.parameter, length(a.path) DESC, t.in_force_from DESC
"""


class UnitDay(NamedTuple):
    """A unit with its level on a day."""

    unit_id: int
    level: str
    day: dt.date


def figures_of_units(
    units: Iterable[Unit], figures: Mapping[str, str], on: dt.date
) -> dict[int, Figures]:
    """What is applied to each unit on a day, by its id; `figures`: name -> parameter. One query.

    The same resolution as that of a check, for pages that look at one person or unit.
    """
    found = figures_of_days((UnitDay(unit.pk, unit.level, on) for unit in units), figures)
    return {asked.unit_id: figures_found for asked, figures_found in found.items()}


def figures_of_days(asked: Iterable[UnitDay], figures: Mapping[str, str]) -> dict[UnitDay, Figures]:
    """What is applied to units on days of their own; one query however many, none for none."""
    days = set(asked)
    if not days:
        return {}
    law, targets = load_law(), _targets(days, sorted(set(figures.values())))
    return {
        each: {
            name: resolve(
                law, parameter, each.level, each.day, targets[each.unit_id, each.day].get(parameter)
            )
            for name, parameter in figures.items()
        }
        for each in days
    }


# As _NEAREST, for every unit below some paths; units without a target stand there once.
_BELOW = """
SELECT DISTINCT ON (u.id, t.parameter)
       u.id, u.level, t.id, t.parameter, t.value, t.document, t.at, t.confidence
  FROM cadres_unit u
  LEFT JOIN (SELECT t.*, a.path AS path FROM compliance_target t
               JOIN cadres_unit a ON a.id = t.unit_id
              WHERE t.parameter = ANY(%(parameters)s) AND t.in_force_from <= %(day)s
                AND (t.in_force_to IS NULL OR t.in_force_to >= %(day)s)) t
    ON t.level = u.level AND u.path >= t.path AND u.path < t.path || '~'
 WHERE EXISTS (SELECT FROM unnest(%(paths)s::text[]) p (path)
                WHERE u.path >= p.path AND u.path < p.path || '~')
 ORDER BY u.id, t.parameter, length(t.path) DESC, t.in_force_from DESC
"""


def figures_below(
    paths: Iterable[str], figures: Mapping[str, str], on: dt.date
) -> dict[int, Figures]:
    """What is applied on a day to each unit below the paths, by its id; one query."""
    levels: dict[int, str] = {}
    targets: defaultdict[int, dict[str, TargetValue]] = defaultdict(dict)
    asked: dict[str, Any] = {
        "parameters": sorted(set(figures.values())),
        "day": on,
        "paths": list(paths),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, asked)
        for unit_id, level, *target in cursor.fetchall():
            levels[unit_id] = level
            if target[0] is not None:
                targets[unit_id][target[1]] = TargetValue(*target)
    law = load_law()
    return {
        unit_id: {
            name: resolve(law, parameter, level, on, targets[unit_id].get(parameter))
            for name, parameter in figures.items()
        }
        for unit_id, level in levels.items()
    }


def _targets(
    days: Iterable[UnitDay], parameters: list[str]
) -> defaultdict[tuple[int, dt.date], dict[str, TargetValue]]:
    found: defaultdict[tuple[int, dt.date], dict[str, TargetValue]] = defaultdict(dict)
    pairs = sorted({(each.unit_id, each.day) for each in days})
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAREST, [[pair[0] for pair in pairs], [pair[1] for pair in pairs], parameters]
        )
        for unit_id, day, *target in cursor.fetchall():
            found[unit_id, day][target[1]] = TargetValue(*target)
    return found
