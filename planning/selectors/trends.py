"""How many plans failed, week by week: the live state walked back through its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from cadres.policies import Actor
from compliance.engine.registry import rules_of
from planning.selectors.stored import (
    BAD,
    NOMINATION,
    PLAN,
    POOL,
    Basis,
    Statement,
    rows_of,
    scope_condition,
    sensitive_slots,
    told_condition,
)

WEEKS = 12


@dataclass(frozen=True)
class Trend:
    """Plans that are not met on each of `days`, the oldest first; the last is the day itself.

    `failing`: plans with anything not met. `by_rule`: rule code -> plans in which it is not met, in
    the plan itself, in one of its pools or for a person in it; rules that never failed are not
    there. Days before the first check are not there either: nobody knows what held then.
    """

    days: tuple[dt.date, ...]
    plans: int = 0
    failing: tuple[int, ...] = ()
    by_rule: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def is_short(self) -> bool:
        """Whether the checks do not reach back all the weeks."""
        return len(self.days) <= WEEKS


def week_days(basis: Basis) -> tuple[dt.date, ...]:
    """The day of the state and the same weekday of the weeks before, as far as checks reach."""
    days = (basis.as_of - dt.timedelta(weeks=back) for back in range(WEEKS, -1, -1))
    return tuple(day for day in days if day >= basis.first_on)


def trend(actor: Actor, basis: Basis | None, term_id: int, level: str = "") -> Trend:
    """The trend of the plans of a term in scope, of one level if given; one query.

    Only of the live state: snapshots of a day have no history. Plans are those of today; a verdict
    that changed stands in the history with what it was before, so on a day it was the `was` of the
    first change after, and without any it is what it is now.
    """
    if basis is None or not basis.is_live:
        return Trend(())
    days = week_days(basis)
    scope = scope_condition(actor)
    told = told_condition(actor, sensitive_slots("k.kind", "k.slot + 1"))
    where, values = ["p.term_id = %s", scope.sql], [term_id, *scope.values]
    if level:
        where.append("u.level = %s")
        values.append(level)
    rows = rows_of(
        Statement(
            f"""
WITH subject AS MATERIALIZED (
    SELECT p.id, u.path FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id
     WHERE {" AND ".join(where)}),
changed AS MATERIALIZED (
    SELECT c.* FROM compliance_change c JOIN subject s ON s.id = c.group_id
     WHERE c.kind BETWEEN {PLAN.value} AND {NOMINATION.value} AND c.changed_on > %s),
present AS MATERIALIZED (
    SELECT v.kind, v.group_id, v.subject_id, (o.place - 1)::smallint AS slot
      FROM {basis.table} v JOIN subject s ON s.id = v.group_id
      CROSS JOIN LATERAL unnest(v.outcomes) WITH ORDINALITY o (outcome, place)
     WHERE {basis.condition} AND v.kind BETWEEN {PLAN.value} AND {NOMINATION.value}
       AND o.outcome = {BAD}),
day AS (SELECT day::date FROM unnest(%s::date[]) day),
rule (kind, slot, code) AS (VALUES {_rule_rows()}),
failing AS (
    SELECT d.day, k.kind, k.group_id, k.slot
      FROM day d CROSS JOIN LATERAL (
        SELECT DISTINCT ON (c.kind, c.group_id, c.subject_id, c.slot)
               c.kind, c.group_id, c.slot, c.was
          FROM changed c WHERE c.changed_on > d.day
         ORDER BY c.kind, c.group_id, c.subject_id, c.slot, c.changed_on, c.id) k
     WHERE k.was = {BAD}
    UNION ALL
    SELECT d.day, n.kind, n.group_id, n.slot
      FROM day d CROSS JOIN present n
     WHERE NOT EXISTS (
        SELECT FROM changed c WHERE c.changed_on > d.day AND c.kind = n.kind
           AND c.group_id = n.group_id AND c.subject_id = n.subject_id AND c.slot = n.slot)),
told AS (
    SELECT k.day, k.group_id, r.code FROM failing k JOIN subject u ON u.id = k.group_id
      JOIN rule r ON r.kind = k.kind AND r.slot = k.slot
     WHERE {told.sql})
SELECT d.day, t.code, count(DISTINCT t.group_id)::int AS plans,
       grouping(t.code) = 1 AS is_whole, (SELECT count(*) FROM subject)::int AS whole
  FROM day d LEFT JOIN told t ON t.day = d.day
 GROUP BY GROUPING SETS ((d.day), (d.day, t.code))""",
            [*values, days[0] if days else basis.as_of, list(days), *told.values],
        )
    )
    return _trend(days, rows)


def _rule_rows() -> str:
    """SQL of every place of an outcome with the rule that stands there."""
    return ", ".join(
        f"({kind.value}, {slot}, '{rule.code}')"
        for kind in (PLAN, POOL, NOMINATION)
        for slot, rule in enumerate(rules_of(kind))
    )


def _trend(days: tuple[dt.date, ...], rows: list[dict[str, Any]]) -> Trend:
    place = {day: number for number, day in enumerate(days)}
    failing = [0] * len(days)
    by_rule: dict[str, list[int]] = {}
    for row in rows:
        if row["is_whole"]:
            failing[place[row["day"]]] = row["plans"]
        elif row["code"] is not None:
            counts = by_rule.setdefault(row["code"], [0] * len(days))
            counts[place[row["day"]]] = row["plans"]
    return Trend(
        days=days,
        plans=rows[0]["whole"] if rows else 0,
        failing=tuple(failing),
        by_rule={code: tuple(counts) for code, counts in by_rule.items()},
    )
