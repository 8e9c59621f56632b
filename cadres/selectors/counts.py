"""Posts and people of whole subtrees, in one pass over the appointments of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cadres.models import Unit
from cadres.policies import EVERYTHING

_PATH_LENGTH = 255


@dataclass
class Counts:
    """Posts and people of a unit with everything below it, on one day.

    `held` counts prescribed posts that are filled; `people` are different persons, None where it
    was not counted.
    """

    prescribed: int = 0
    held: int = 0
    people: int | None = None

    @property
    def vacant(self) -> int:
        """Prescribed posts without a holder."""
        return self.prescribed - self.held


# `up` has a row for each unit and each unit above it, itself included: what a row counts for. A
# person with posts in two units below counts once.
_SQL = """
WITH up AS MATERIALIZED (
    SELECT u.id AS unit_id, top.id AS top_id
      FROM cadres_unit u
     CROSS JOIN generate_series(%(step)s, least(length(u.path), %(deepest)s), %(step)s) AS k
      JOIN cadres_unit top ON top.path = left(u.path, k)
     WHERE {scope}
), active AS MATERIALIZED (
    SELECT a.unit_id, a.title_id, a.cadre_id
      FROM cadres_appointment a
     WHERE a.start_on <= %(day)s AND (a.end_on IS NULL OR a.end_on > %(day)s)
       AND a.unit_id IN (SELECT unit_id FROM up)
), held AS (
    SELECT unit_id, title_id, count(*) AS n FROM active GROUP BY unit_id, title_id
), posts AS (
    SELECT up.top_id, sum(p.prescribed) AS prescribed,
           sum(least(coalesce(h.n, 0), p.prescribed)) AS held
      FROM up JOIN cadres_unit u ON u.id = up.unit_id
      JOIN cadres_position p ON p.unit_id = u.id
      LEFT JOIN held h ON h.unit_id = p.unit_id AND h.title_id = p.title_id
     WHERE (u.valid_from IS NULL OR u.valid_from <= %(day)s)
       AND (u.valid_to IS NULL OR u.valid_to >= %(day)s)
     GROUP BY up.top_id
), people AS (
    SELECT top_id, count(*) AS n
      FROM (SELECT DISTINCT top_id, cadre_id FROM active JOIN up USING (unit_id)
             WHERE %(with_people)s) AS once
     GROUP BY top_id
)
SELECT top.path, coalesce(posts.prescribed, 0), coalesce(posts.held, 0), coalesce(people.n, 0)
  FROM posts FULL JOIN people USING (top_id) JOIN cadres_unit top ON top.id = top_id
"""


def subtree_counts(
    paths: Sequence[str], as_of: dt.date, *, depth: int | None = None, with_people: bool = True
) -> dict[str, Counts]:
    """Counts by path of every unit in the subtrees of `paths`; units with nothing have no entry.

    With `depth`, only units down to that depth get an entry, still with all that is below them.
    """
    if not paths:
        return {}
    scope, values = _scope(paths)
    values |= {
        "day": as_of,
        "step": Unit.steplen,
        "deepest": depth * Unit.steplen if depth else _PATH_LENGTH,
        "with_people": with_people,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(scope=scope), values)
        return {
            path: Counts(int(prescribed), int(held), int(people) if with_people else None)
            for path, prescribed, held, people in cursor.fetchall()
        }


def _scope(paths: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """Condition on `u.path`, with its values."""
    if EVERYTHING in paths:
        return "TRUE", {}
    values: dict[str, Any] = {}
    ranges = []
    for number, path in enumerate(paths):
        values |= {f"from{number}": path, f"to{number}": f"{path}~"}
        ranges.append(f"u.path >= %(from{number})s AND u.path < %(to{number})s")
    return f"({' OR '.join(ranges)})", values
