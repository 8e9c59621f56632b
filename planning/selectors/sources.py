"""Where nominees come from (DESIGN section 1, row 15): the own unit, below it, elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cadres.policies import Actor
from planning.selectors.stored import Statement, rows_of, scope_condition


@dataclass(frozen=True)
class SourceCount:
    """Nominees of a unit (`unit_code` "": of all) on a day by where they serve.

    Somebody in the plans of two units may be of one and from elsewhere for the other; so over all
    units the parts may be more than the people.

    `own`: a post in the unit; `below`: only below it; `elsewhere`: neither; `unknown`: no post at
    all. `recruits`: of all of them, those whose first post ever began before the age asked about
    and not longer ago than the years asked about.
    """

    unit_code: str
    unit_name: str
    people: int
    own: int
    below: int
    elsewhere: int
    unknown: int
    recruits: int


def nominee_sources(
    actor: Actor, as_of: dt.date, *, age: int, years: int, path: str = ""
) -> list[SourceCount]:
    """Sources over all units, then unit by unit in the order of the tree; one query."""
    scope = scope_condition(actor)
    where, values = [scope.sql], list(scope.values)
    if path:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [path, path]
    rows = rows_of(
        Statement(
            f"""
WITH nominee AS MATERIALIZED (
    SELECT DISTINCT p.unit_id, u.path, n.cadre_id, c.birth_date
      FROM planning_nomination n
      JOIN planning_plan p ON p.id = n.plan_id
      JOIN planning_term m ON m.id = p.term_id AND m.ends_on >= %s
      JOIN cadres_unit u ON u.id = p.unit_id
      JOIN cadres_cadre c ON c.id = n.cadre_id
     WHERE n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)
       AND {" AND ".join(where)}
), placed AS (
    SELECT n.unit_id, n.cadre_id, count(*) FILTER (WHERE a.active) AS posts,
           bool_or(a.active AND a.unit_id = n.unit_id) AS own,
           bool_or(a.active AND v.path > n.path AND v.path < n.path || '~') AS below,
           min(a.start_on) > %s - make_interval(years => %s)
           AND min(a.start_on) < min(n.birth_date) + make_interval(years => %s) AS recruit
      FROM nominee n
      LEFT JOIN (SELECT cadre_id, unit_id, start_on,
                        start_on <= %s AND (end_on IS NULL OR end_on > %s) AS active
                   FROM cadres_appointment) a ON a.cadre_id = n.cadre_id
      LEFT JOIN cadres_unit v ON v.id = a.unit_id
     GROUP BY n.unit_id, n.cadre_id
)
SELECT coalesce(u.code, '') AS code, coalesce(u.name, '') AS name, u.path,
       count(DISTINCT cadre_id) AS people,
       count(DISTINCT cadre_id) FILTER (WHERE own) AS own,
       count(DISTINCT cadre_id) FILTER (WHERE NOT own AND below) AS below,
       count(DISTINCT cadre_id) FILTER (WHERE posts > 0 AND NOT own AND NOT below) AS elsewhere,
       count(DISTINCT cadre_id) FILTER (WHERE posts = 0) AS unknown,
       count(DISTINCT cadre_id) FILTER (WHERE recruit) AS recruits
  FROM placed LEFT JOIN cadres_unit u ON u.id = placed.unit_id
 GROUP BY GROUPING SETS ((), (u.code, u.name, u.path))
 ORDER BY u.path NULLS FIRST""",
            [as_of, as_of, as_of, *values, as_of, years, age, as_of, as_of],
        )
    )
    return [
        SourceCount(
            row["code"],
            row["name"],
            row["people"],
            row["own"],
            row["below"],
            row["elsewhere"],
            row["unknown"],
            row["recruits"],
        )
        for row in rows
    ]
