"""One plan with proposed changes, and many people each judged as if they alone joined it.

The engine's own statement over nominations that exist, that are proposed, and that are only tried
out, in one query; nothing is written. What adding one person does to the plan and to the pool is
worked out from the counts without that person, by the same verdicts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from compliance.choices import Outcome, SubjectKind
from compliance.engine import compose
from compliance.engine.findings import Finding, Labels, Verdict, finding
from compliance.engine.registry import rules_of
from compliance.engine.source import Scope
from compliance.engine.standing import facts_of
from compliance.engine.store import verdict_of
from compliance.selectors.figures import Figures, figures_of_units
from planning import facts
from planning.models import Plan
from planning.selectors.drafts import Proposed
from planning.selectors.stored import Statement, rows_of

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION


#: Nothing is proposed.
NOTHING = Proposed()


@dataclass(frozen=True)
class Subject:
    """A plan, pool or nomination with its verdicts; findings are made when they are looked at."""

    verdict: Verdict

    @property
    def counts(self) -> Mapping[str, Any]:
        """What was measured, by name."""
        return self.verdict.counts

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """Outcome by the code of each rule that judges the subject."""
        return by_rule(self.verdict.kind, self.verdict.outcomes)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Finding by the code of the rule."""
        return {
            rule.code: finding(self.verdict, Labels(), rule, Outcome(outcome))
            for rule, outcome in zip(
                rules_of(self.verdict.kind), self.verdict.outcomes, strict=True
            )
            if outcome is not None
        }


@dataclass(frozen=True)
class Nominated(Subject):
    """Somebody in a pool, or tried out there.

    `flags`: under which of the engine's counts the person falls. `nomination_id` is negative where
    nothing is saved. `plan_after`, `pool_after`: outcome by rule with this person added; only for
    who is tried out.
    """

    nomination_id: int
    pool_id: int
    cadre_id: int
    code: str
    name: str
    flags: frozenset[str]
    plan_after: dict[str, Outcome] = field(default_factory=dict)
    pool_after: dict[str, Outcome] = field(default_factory=dict)

    @property
    def titles(self) -> int:
        """How many titles the person is planned for in this series, everything proposed counted."""
        return self.counts["titles"] or 0


@dataclass(frozen=True)
class JudgedPlan:
    """A plan with changes applied; `tried` are not part of it."""

    figures: Figures
    plan: Subject
    pools: dict[int, Subject]
    nominations: list[Nominated]
    tried: list[Nominated]

    def figure(self, name: str) -> int | None:
        """The value of a figure of the law or of a target; None: nothing is in force."""
        return self.figures[name][0]


def by_rule(kind: SubjectKind, outcomes: Sequence[int | None]) -> dict[str, Outcome]:
    """A row of outcomes by code of the rule, without the rules that are not the subject's."""
    return {
        rule.code: Outcome(outcome)
        for rule, outcome in zip(rules_of(kind), outcomes, strict=True)
        if outcome is not None
    }


def judge(
    plan: Plan,
    as_of: dt.date,
    changes: Proposed = NOTHING,
    tried: Sequence[tuple[int, int]] = (),
    figures: Figures | None = None,
) -> JudgedPlan:
    """The plan after the changes, and each (pool id, cadre id) of `tried` as if it were added.

    `plan` has its unit and term read. Two queries, one where the `figures` are known. Titles of a
    person count every pool in which the same person is tried out, so who is tried in several is to
    be read with that in mind.
    """
    figures = figures_of(plan, as_of) if figures is None else figures
    rows = rows_of(_statement(plan, as_of, figures, changes, tried))
    names = _flags()
    plan_row = next(row for row in rows if row["kind"] == PLAN)
    found = [_nominated(row, names, plan, figures) for row in rows if row["kind"] == NOMINATION]
    limit = -len(changes.added)
    return JudgedPlan(
        figures=figures,
        plan=Subject(_verdict(PLAN, plan_row, plan, figures)),
        pools={
            row["subject_id"]: Subject(_verdict(POOL, row, plan, figures))
            for row in rows
            if row["kind"] == POOL
        },
        nominations=[each for each in found if each.nomination_id >= limit],
        tried=[each for each in found if each.nomination_id < limit],
    )


def figures_of(plan: Plan, as_of: dt.date) -> Figures:
    """Every figure that plans are judged by, as it is applied to this plan's unit; one query."""
    return figures_of_units([plan.unit], facts.figures_read(), as_of)[plan.unit_id]


def scope_tables(plan: Plan, as_of: dt.date, figures: Figures) -> Statement:
    """`plan_scope` and `pool_scope` of one plan as common table expressions, after `WITH`."""
    names = list(facts.figures_read())
    return Statement(
        f"""plan_subject AS ({facts.plan_subjects("p.id = %s")}),
 figure (unit_id, figures_id{"".join(f", {name}" for name in names)})
     AS (VALUES (%s::bigint, 0::bigint{", %s::int" * len(names)})),
 plan_scope AS ({facts.plan_scopes()}),
 pool_scope AS ({facts.POOL_SCOPES})""",
        [as_of, plan.pk, plan.unit_id, *(figures[name][0] for name in names)],
    )


def _flags() -> list[str]:
    """Names of everything that is counted over nominees."""
    grouped = {rule.code: rule for kind in (PLAN, POOL) for rule in rules_of(kind)}
    return list(compose.merged((rule.counts for rule in grouped.values()), "count"))


def _statement(
    plan: Plan,
    as_of: dt.date,
    figures: Figures,
    changes: Proposed,
    tried: Sequence[tuple[int, int]],
) -> Statement:
    names = _flags()
    tables = scope_tables(plan, as_of, figures)
    proposed = [*changes.added, *tried]
    standing = facts_of("wanted") % {"d": f"DATE '{as_of}'", "year": as_of.year}
    scope = Scope(as_of=as_of, low=plan.pk, high=plan.pk, standing="person", complete=True)
    held = "nominated_on <= %s AND (removed_on IS NULL OR removed_on > %s)"
    counted = "".join(f", count(*) FILTER (WHERE {name})::int AS {name}" for name in names)
    # As in a run: of a pool only committees are asked who is in it.
    pooled = "".join(
        f", count(*) FILTER (WHERE committee AND {name})::int AS {name}" for name in names
    )
    return Statement(
        f"""
WITH {tables.sql},
 proposed AS (SELECT -place AS id, pool_id, cadre_id FROM unnest(%s::bigint[], %s::bigint[])
                     WITH ORDINALITY AS v (pool_id, cadre_id, place)),
 wanted AS (SELECT cadre_id FROM planning_nomination WHERE plan_id = %s AND {held}
            UNION SELECT cadre_id FROM proposed),
 person AS ({standing}),
 nom AS NOT MATERIALIZED (
    SELECT id, plan_id, pool_id, cadre_id FROM planning_nomination
     WHERE {held} AND id <> ALL(%s::bigint[])
    UNION ALL SELECT id, {plan.pk:d}::bigint, pool_id, cadre_id FROM proposed),
 {facts.nominees(scope)},
 seen AS MATERIALIZED (
    SELECT n.*, h.cadre_id, c.code, c.full_name, n.id < %s AS tried
      FROM nominee n JOIN (SELECT id, cadre_id FROM nom WHERE plan_id = {plan.pk:d}) h USING (id)
      JOIN cadres_cadre c ON c.id = h.cadre_id),
 -- What a person counts as in the plan is the same in every pool; a break of lineage is noted once.
 someone AS (
    SELECT cadre_id, bool_or(NOT tried) AS present
           {"".join(f", bool_or({name}) AS {name}" for name in names)}
      FROM seen GROUP BY cadre_id),
 plan_count AS (SELECT count(*)::int AS total{counted} FROM someone WHERE present),
 pool_count AS (
    SELECT pool_id, count(*)::int AS total{pooled} FROM seen WHERE NOT tried GROUP BY pool_id)
SELECT {PLAN.value} AS kind, plan_id AS subject_id, NULL::bigint AS pool_id,
       NULL::bigint AS cadre_id, NULL AS code, NULL AS full_name,
       {compose.outcomes(PLAN)} AS outcomes,
       {compose.counts(PLAN)} AS counts, NULL::boolean[] AS flags,
       NULL::smallint[] AS plan_after, NULL::smallint[] AS pool_after
  FROM (SELECT p.*, c.* FROM plan_scope p CROSS JOIN plan_count c) x
UNION ALL
SELECT {POOL.value}, pool_id, NULL, NULL, NULL, NULL, {compose.outcomes(POOL)},
       {compose.counts(POOL)}, NULL, NULL, NULL
  FROM (SELECT p.*, coalesce(c.total, 0) AS total
               {"".join(f", coalesce(c.{name}, 0) AS {name}" for name in names)}
          FROM pool_scope p LEFT JOIN pool_count c USING (pool_id)) x
UNION ALL
SELECT {NOMINATION.value}, s.id, s.pool_id, s.cadre_id, s.code, s.full_name, s.outcomes,
       s.counts, ARRAY[{", ".join(f"s.{name}" for name in names)}],
       {_after_joining(names) if tried else "NULL, NULL"}
  FROM seen s JOIN someone o USING (cadre_id)""",
        [
            *tables.values,
            [pool_id for pool_id, _ in proposed],
            [cadre_id for _, cadre_id in proposed],
            plan.pk,
            as_of,
            as_of,
            as_of,
            as_of,
            list(changes.removed),
            -len(changes.added),
        ],
    )


def _after_joining(names: Sequence[str]) -> str:
    """SQL of the outcomes of the plan and of the pool with somebody more who is tried out."""
    return f"""
       CASE WHEN s.tried THEN (SELECT {compose.outcomes(PLAN)} FROM (
           SELECT p.*, c.total + (NOT o.present)::int AS total
                  {"".join(_with("c", name, "NOT o.present AND o") for name in names)}
             FROM plan_scope p CROSS JOIN plan_count c) x) END,
       CASE WHEN s.tried THEN (SELECT {compose.outcomes(POOL)} FROM (
           SELECT p.*, coalesce(c.total, 0) + 1 AS total
                  {"".join(_with("c", name, "s") for name in names)}
             FROM pool_scope p LEFT JOIN pool_count c USING (pool_id)
            WHERE p.pool_id = s.pool_id) x) END"""


def _with(counts: str, name: str, whom: str) -> str:
    """A count with one person more."""
    return f", coalesce({counts}.{name}, 0) + coalesce(({whom}.{name})::int, 0) AS {name}"


def _nominated(
    row: dict[str, Any], names: Sequence[str], plan: Plan, figures: Figures
) -> Nominated:
    flags = zip(names, row["flags"], strict=True)
    return Nominated(
        verdict=_verdict(NOMINATION, row, plan, figures),
        nomination_id=row["subject_id"],
        pool_id=row["pool_id"],
        cadre_id=row["cadre_id"],
        code=row["code"],
        name=row["full_name"],
        flags=frozenset(name for name, is_set in flags if is_set),
        plan_after=by_rule(PLAN, row["plan_after"]) if row["plan_after"] else {},
        pool_after=by_rule(POOL, row["pool_after"]) if row["pool_after"] else {},
    )


def _verdict(kind: SubjectKind, row: dict[str, Any], plan: Plan, figures: Figures) -> Verdict:
    place = (kind, plan.pk, row["subject_id"], plan.unit_id)
    read = verdict_of(*place, row["outcomes"], row["counts"], "{}", "{}")
    return Verdict(
        **{
            **read.__dict__,
            "figures": {name: value for name, (value, _) in figures.items()},
            "citations": {name: cited for name, (_, cited) in figures.items()},
        }
    )
