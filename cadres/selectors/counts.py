"""Posts and people of whole subtrees, in one pass over the appointments of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cadres.models import Unit
from cadres.policies import EVERYTHING
from cadres.selectors.unit_facts import FactsOn

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


# `placed` are the units in question with their path on the day. `up` has a row for each of them and
# each unit above it, itself included: what a row counts for. A person with posts in two units below
# counts once.
_SQL = """
WITH placed AS MATERIALIZED (
    SELECT u.id, u.valid_from, u.valid_to, {path} AS path FROM cadres_unit u WHERE {scope}
), up AS MATERIALIZED (
    SELECT u.id AS unit_id, top.id AS top_id
      FROM placed u
     CROSS JOIN generate_series(%(step)s, least(length(u.path), %(deepest)s), %(step)s) AS k
      JOIN placed top ON top.path = left(u.path, k)
     WHERE {within}
), active AS {kept} (
    SELECT a.unit_id, a.title_id, a.cadre_id
      FROM cadres_appointment a
     WHERE a.start_on <= %(day)s AND (a.end_on IS NULL OR a.end_on > %(day)s)
       AND {placed}
), held AS (
    SELECT unit_id, title_id, count(*) AS n FROM active GROUP BY unit_id, title_id
), posts AS (
    SELECT up.top_id, sum(coalesce(at_day.prescribed, p.prescribed)) AS prescribed,
           sum(least(coalesce(h.n, 0), coalesce(at_day.prescribed, p.prescribed))) AS held
      FROM up JOIN placed u ON u.id = up.unit_id
      JOIN cadres_position p ON p.unit_id = u.id
      LEFT JOIN cadres_positionperiod at_day ON at_day.position_id = p.id
       AND daterange(at_day.valid_from, at_day.valid_to, '[]') @> %(day)s::date
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
  FROM posts FULL JOIN people USING (top_id) JOIN placed top ON top.id = top_id
"""


def subtree_counts(
    paths: Sequence[str],
    as_of: dt.date,
    *,
    depth: int | None = None,
    with_people: bool = True,
    facts: FactsOn | None = None,
    within: str | None = None,
) -> dict[str, Counts]:
    """Counts by path of every unit in the subtrees of `paths`; units with nothing have no entry.

    `facts` says where units stood on the day, and the paths of the answer are those of that day;
    `paths` are of today, since rights are. `within`: only what stood below that path of the day.
    With `depth`, only units down to that depth get an entry, still with all that is below them.
    """
    if not paths:
        return {}
    scope, values = _scope(paths)
    path, moved = _path(facts.moved if facts else {})
    values |= moved | {
        "day": as_of,
        "step": Unit.steplen,
        "deepest": depth * Unit.steplen if depth else _PATH_LENGTH,
        "with_people": with_people,
        "within": within,
    }
    narrowed = "TRUE" if within is None else "u.path >= %(within)s AND u.path < %(within)s || '~'"
    is_all = EVERYTHING in paths and within is None
    with connection.cursor() as cursor:
        sql = _SQL.format(
            scope=scope,
            path=path,
            within=narrowed,
            kept="MATERIALIZED" if with_people else "NOT MATERIALIZED",
            placed="TRUE" if is_all else "a.unit_id IN (SELECT unit_id FROM up)",
        )
        cursor.execute(sql, values)
        return {
            path: Counts(int(prescribed), int(held), int(people) if with_people else None)
            for path, prescribed, held, people in cursor.fetchall()
        }


def _path(moved: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """SQL of a unit's path on the day, with its values: the nearest moved unit above decides."""
    cases: list[str] = []
    values: dict[str, Any] = {}
    for number, old in enumerate(sorted(moved, key=len, reverse=True)):
        values |= {f"old{number}": old, f"new{number}": moved[old]}
        cases.append(
            f"WHEN u.path >= %(old{number})s AND u.path < %(old{number})s || '~'"
            f" THEN %(new{number})s || substr(u.path, {len(old) + 1})"
        )
    return (f"CASE {' '.join(cases)} ELSE u.path END" if cases else "u.path"), values


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
