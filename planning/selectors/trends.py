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
#: Stands where a rule's code does, in the row that counts all plans.
_PLANS = "plans"


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
    told = told_condition(actor, sensitive_slots("f.kind", "f.slot + 1"), "f.path")
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
rule (kind, slot, code) AS (VALUES {_rule_rows()}),
failing AS (
    SELECT v.kind, v.group_id, s.path, (o.place - 1)::smallint AS slot, NULL::date AS since,
           'infinity'::date AS until
      FROM {basis.table} v JOIN subject s ON s.id = v.group_id
      CROSS JOIN LATERAL unnest(v.outcomes) WITH ORDINALITY o (outcome, place)
     WHERE {basis.condition} AND v.kind BETWEEN {PLAN.value} AND {NOMINATION.value}
       AND {BAD} = ANY(v.outcomes) AND o.outcome = {BAD} AND NOT EXISTS (
        SELECT FROM changed c WHERE c.kind = v.kind AND c.group_id = v.group_id
           AND c.subject_id = v.subject_id AND c.slot = o.place - 1)
    UNION ALL
    SELECT kind, group_id, path, slot, since, until FROM span WHERE outcome = {BAD}),
told AS (
    SELECT DISTINCT f.group_id, r.code, f.since, f.until
      FROM failing f JOIN rule r ON r.kind = f.kind AND r.slot = f.slot
     WHERE {told.sql}),
steady AS MATERIALIZED (
    SELECT group_id, code FROM told WHERE since IS NULL AND until = 'infinity'),
moved AS MATERIALIZED (
    SELECT DISTINCT d.day::date AS day, t.group_id, t.code
      FROM told t JOIN unnest(%s::date[]) d (day)
        ON d.day < t.until AND (t.since IS NULL OR d.day >= t.since)
     WHERE t.since IS NOT NULL OR t.until < 'infinity')
SELECT NULL::date AS day, code, count(DISTINCT group_id)::int AS plans
  FROM steady GROUP BY GROUPING SETS ((), (code))
UNION ALL
SELECT day, code, count(*)::int FROM moved
 WHERE (group_id, code) NOT IN (SELECT group_id, code FROM steady)
 GROUP BY day, code
UNION ALL
SELECT day, NULL, count(DISTINCT group_id)::int FROM moved
 WHERE group_id NOT IN (SELECT group_id FROM steady)
 GROUP BY day
UNION ALL
SELECT NULL, '{_PLANS}', count(*)::int FROM subject""",
            [*values, days[0] if days else basis.as_of, *told.values, list(days)],
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
    """Put together what failed all the time (no day) and what else failed on each day."""
    place = {day: number for number, day in enumerate(days)}
    counts: dict[str | None, list[int]] = {None: [0] * len(days)}
    plans = 0
    for row in rows:
        if row["code"] == _PLANS:
            plans = row["plans"]
            continue
        of_code = counts.setdefault(row["code"], [0] * len(days))
        places = range(len(days)) if row["day"] is None else (place[row["day"]],)
        for at in places:
            of_code[at] += row["plans"]
    return Trend(
        days=days,
        plans=plans,
        failing=tuple(counts.pop(None)),
        by_rule={str(code): tuple(numbers) for code, numbers in counts.items()},
    )
