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
_KINDS = (PLAN, POOL, NOMINATION)
#: Stands where a rule's number does, in the row that counts all plans.
_PLANS = -1
#: SQL of a mask of the places that are not met in the outcomes of a row `v`. It asks for nothing
#: else of the row, so that PostgreSQL keeps the answer for the many rows with the same outcomes.
_FAILING = f"""
SELECT bit_or(1 << (place - 1)::int) FILTER (WHERE outcome = {BAD}) AS bad
  FROM unnest(v.outcomes) WITH ORDINALITY r (outcome, place)"""


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

    Only of the live state: snapshots of a day have no history. Plans are those of today. What fails
    now and did not change since the first day failed all the time and is counted once; only what
    changed is looked at day by day, as the spans between its changes.
    """
    if basis is None or not basis.is_live:
        return Trend(())
    days = week_days(basis)
    scope = scope_condition(actor)
    told = told_condition(actor, sensitive_slots("r.kind", "r.slot + 1"), "f.path")
    where, values = ["p.term_id = %s", scope.sql], [term_id, *scope.values]
    if level:
        where.append("u.level = %s")
        values.append(level)
    # NOT IN is hashed; the planner, who cannot tell how long these lists are, would loop otherwise.
    rows = rows_of(
        Statement(
            f"""
WITH subject AS MATERIALIZED (
    SELECT p.id, u.path FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id
     WHERE {" AND ".join(where)}),
changed AS MATERIALIZED (
    SELECT c.*, s.path FROM compliance_change c JOIN subject s ON s.id = c.group_id
     WHERE c.kind BETWEEN {PLAN.value} AND {NOMINATION.value} AND c.changed_on > %s),
span AS (
    SELECT kind, group_id, path, slot, was AS outcome, changed_on AS until,
           lag(changed_on) OVER (PARTITION BY kind, group_id, subject_id, slot
                                 ORDER BY changed_on, id) AS since
      FROM changed
    UNION ALL
    (SELECT DISTINCT ON (kind, group_id, subject_id, slot)
            kind, group_id, path, slot, now, 'infinity'::date, changed_on
       FROM changed ORDER BY kind, group_id, subject_id, slot, changed_on DESC, id DESC)),
rule (kind, slot, rule) AS (VALUES {_rule_rows()}),
steady AS MATERIALIZED (
    SELECT DISTINCT f.group_id, r.rule
      FROM (SELECT v.kind, v.group_id, s.path, bit_or(o.bad & ~coalesce(c.slots, 0)) AS bad
              FROM {basis.table} v JOIN subject s ON s.id = v.group_id
              CROSS JOIN LATERAL ({_FAILING}) o
              LEFT JOIN (SELECT kind, group_id, subject_id, bit_or(1 << slot) AS slots
                           FROM changed GROUP BY kind, group_id, subject_id) c
                USING (kind, group_id, subject_id)
             WHERE {basis.condition} AND v.kind BETWEEN {PLAN.value} AND {NOMINATION.value}
             GROUP BY v.kind, v.group_id, s.path) f
      JOIN rule r ON r.kind = f.kind AND f.bad & (1 << r.slot) <> 0
     WHERE {told.sql}),
moved AS MATERIALIZED (
    SELECT DISTINCT d.day::date AS day, f.group_id, r.rule
      FROM span f JOIN rule r ON r.kind = f.kind AND r.slot = f.slot
      JOIN unnest(%s::date[]) d (day)
        ON d.day < f.until AND (f.since IS NULL OR d.day >= f.since)
     WHERE f.outcome = {BAD} AND {told.sql})
SELECT NULL::date AS day, rule, count(DISTINCT group_id)::int AS plans
  FROM steady GROUP BY GROUPING SETS ((), (rule))
UNION ALL
SELECT day, rule, count(*)::int FROM moved
 WHERE (group_id, rule) NOT IN (SELECT group_id, rule FROM steady)
 GROUP BY day, rule
UNION ALL
SELECT day, NULL, count(DISTINCT group_id)::int FROM moved
 WHERE group_id NOT IN (SELECT group_id FROM steady)
 GROUP BY day
UNION ALL
SELECT NULL, {_PLANS}, count(*)::int FROM subject""",
            [
                *values,
                days[0] if days else basis.as_of,
                *told.values,
                list(days),
                *told.values,
            ],
        )
    )
    return _trend(days, rows)


def _rule_codes() -> list[str]:
    """The codes of all rules on plans, pools and people; SQL tells them by their place here."""
    return list(dict.fromkeys(rule.code for kind in _KINDS for rule in rules_of(kind)))


def _rule_rows() -> str:
    """SQL of every place of an outcome with the rule that stands there."""
    codes = _rule_codes()
    return ", ".join(
        f"({kind.value}, {slot}, {codes.index(rule.code)})"
        for kind in _KINDS
        for slot, rule in enumerate(rules_of(kind))
    )


def _trend(days: tuple[dt.date, ...], rows: list[dict[str, Any]]) -> Trend:
    """Put together what failed all the time (no day) and what else failed on each day."""
    place = {day: number for number, day in enumerate(days)}
    failing = [0] * len(days)
    by_rule: dict[str, list[int]] = {}
    plans, codes = 0, _rule_codes()
    for row in rows:
        if row["rule"] == _PLANS:
            plans = row["plans"]
            continue
        counts = failing
        if row["rule"] is not None:
            counts = by_rule.setdefault(codes[row["rule"]], [0] * len(days))
        places = range(len(days)) if row["day"] is None else (place[row["day"]],)
        for at in places:
            counts[at] += row["plans"]
    return Trend(
        days=days,
        plans=plans,
        failing=tuple(failing),
        by_rule={code: tuple(numbers) for code, numbers in by_rule.items()},
    )
