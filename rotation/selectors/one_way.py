"""Units whose exchange of people goes one way: they only send, or only receive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cadres.policies import Actor, scope_paths
from planning.selectors.stored import Statement, paths_condition, rows_of
from rotation.choices import Flow, RotationKind, RotationStatus
from rotation.selectors.people import after_months
from rotation.selectors.places import PLACES

#: The exchange of so many years is looked at; a setting, no figure of the law.
FLOW_YEARS = 5
#: 65-QĐ/TW, Điều 4: people move in both directions.
FLOW_CITED = ({"source": "qd-65-2022", "at": "Điều 4", "confidence": "read"},)
_WENT = f"('{RotationStatus.IN_PROGRESS.value}', '{RotationStatus.COMPLETED.value}')"


@dataclass(frozen=True, kw_only=True)
class OneWay:
    """A unit, which way, and how many people."""

    code: str
    name: str
    flow: Flow
    people: int


def since(day: dt.date) -> dt.date:
    """The day before which nothing is counted."""
    return after_months(day, -12 * FLOW_YEARS)


def one_way_units(actor: Actor, day: dt.date, path: str = "") -> list[OneWay]:
    """Places of work in the actor's scope that only gave or only received; one query.

    Tours that began within the years before the day; most people first. What lies inside a place
    counts for it, and what it was before a reorganisation.
    """
    scope = paths_condition(scope_paths(actor), "u.path")
    below = paths_condition((path,), "u.path")
    rows = rows_of(
        Statement(
            f"""
WITH RECURSIVE {PLACES},
 move AS (SELECT f.now AS source, t.now AS target
            FROM rotation_rotation r
            JOIN place f ON f.unit_id = r.from_unit_id
            JOIN place t ON t.unit_id = r.to_unit_id
           WHERE r.kind = '{RotationKind.ROTATION.value}' AND r.status IN {_WENT}
             AND r.start_on > %s AND r.start_on <= %s AND f.now <> t.now),
 way AS (SELECT place, sum(gave) AS gave, sum(got) AS got
           FROM (SELECT source AS place, 1 AS gave, 0 AS got FROM move
                  UNION ALL SELECT target, 0, 1 FROM move) m GROUP BY place)
SELECT u.code, u.name, w.gave, w.got
  FROM way w JOIN cadres_unit u ON u.path = w.place
 WHERE (w.gave = 0 OR w.got = 0) AND (u.valid_from IS NULL OR u.valid_from <= %s)
   AND (u.valid_to IS NULL OR u.valid_to >= %s) AND {scope.sql} AND {below.sql}
 ORDER BY w.gave + w.got DESC, u.path""",
            [since(day), day, day, day, *scope.values, *below.values],
        )
    )
    return [
        OneWay(
            code=row["code"],
            name=row["name"],
            flow=Flow.GIVES if row["gave"] else Flow.RECEIVES,
            people=row["gave"] or row["got"],
        )
        for row in rows
    ]
