"""The figures that hold for a few units on a day, read without writing anything."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection

from compliance.engine.figures import TargetValue, resolve
from compliance.law import load_law

if TYPE_CHECKING:
    from cadres.models import Unit

#: Name of a figure -> its value (None: nothing is in force) and where that stands.
Figures = dict[str, tuple[int | None, list[dict[str, Any]]]]

# The nearest target up the tree, of two of one unit the later one (CONTRACT section 3, reading 3).
_NEAREST = """
SELECT DISTINCT ON (u.id, t.parameter)
       u.id, t.id, t.parameter, t.value, t.document, t.at, t.confidence
  FROM cadres_unit u
  JOIN compliance_target t ON t.level = u.level AND t.parameter = ANY(%s)
   AND %s >= t.in_force_from AND (t.in_force_to IS NULL OR %s <= t.in_force_to)
  JOIN cadres_unit a ON a.id = t.unit_id AND u.path >= a.path AND u.path < a.path || '~'
 WHERE u.id = ANY(%s)
 ORDER BY u.id, t.parameter, length(a.path) DESC, t.in_force_from DESC
"""


def figures_of_units(
    units: Iterable[Unit], figures: Mapping[str, str], on: dt.date
) -> dict[int, Figures]:
    """What is applied to each unit on a day, by its id; `figures`: name -> parameter. One query.

    The same resolution as that of a check, for pages that look at one person or unit.
    """
    levels = {unit.pk: unit.level for unit in units}
    if not levels:
        return {}
    law, targets = load_law(), _targets(levels, sorted(set(figures.values())), on)
    return {
        unit_id: {
            name: resolve(law, parameter, level, on, targets[unit_id].get(parameter))
            for name, parameter in figures.items()
        }
        for unit_id, level in levels.items()
    }


def _targets(
    unit_ids: Iterable[int], parameters: list[str], on: dt.date
) -> defaultdict[int, dict[str, TargetValue]]:
    found: defaultdict[int, dict[str, TargetValue]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [parameters, on, on, sorted(unit_ids)])
        for unit_id, *target in cursor.fetchall():
            found[unit_id][target[1]] = TargetValue(*target)
    return found
