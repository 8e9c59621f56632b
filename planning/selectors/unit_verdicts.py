"""Verdicts on the plans of units, summed up by unit: how many fail, are unclear, were judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cadres.policies import Actor
from compliance.choices import Outcome
from compliance.engine.registry import rule_by_code, slot_of
from planning.selectors.stored import (
    BAD,
    NOMINATION,
    PLAN,
    POOL,
    TERM_OF_DAY,
    UNCLEAR,
    Basis,
    Statement,
    open_outcomes,
    rows_of,
    scope_condition,
    told_condition,
)
from planning.selectors.waiting import REVIEW_RULE


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Results of one kind: verdicts on plans or titles, or people with the worst of theirs."""

    judged: int = 0
    not_met: int = 0
    cannot_tell: int = 0


@dataclass(frozen=True, kw_only=True)
class UnitVerdicts:
    """The plan of a unit for the term that runs on the day.

    `people`: those nominated on the day, each title of a person by itself. `external`, `unknown`:
    of `nominees` different people, who comes from elsewhere and of whom that is not known.
    """

    plan_id: int
    plan: Tally
    pools: Tally
    people: Tally
    nominees: int
    external: int
    unknown: int
    review: Outcome
    review_months: int | None


def verdicts_by_unit(
    actor: Actor, basis: Basis, path: str, day: dt.date
) -> dict[int, UnitVerdicts]:
    """By unit at `path` or below, in the actor's scope, those with a judged plan; one query.

    Verdicts of sensitive rules count where they are for the actor.
    """
    return {row["unit_id"]: _verdicts(row) for row in rows_of(_statement(actor, basis, path, day))}


def _statement(actor: Actor, basis: Basis, path: str, day: dt.date) -> Statement:
    scope = scope_condition(actor)
    told = told_condition(actor, "true")
    review = slot_of(rule_by_code(REVIEW_RULE), PLAN) + 1
    outcomes = "v.outcomes"
    if told.sql != "true":
        outcomes = f"CASE WHEN s.is_told THEN v.outcomes ELSE {open_outcomes()} END"
    sums = ", ".join(
        f"(sum({what}) FILTER (WHERE kind = {kind.value}))::int AS {name}_{what}"
        for kind, name in ((PLAN, "plan"), (POOL, "pool"))
        for what in ("judged", "bad", "unclear")
    )
    return Statement(
        f"""
WITH subject AS MATERIALIZED (
    SELECT p.id AS plan_id, p.unit_id, {told.sql} AS is_told
      FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id
     WHERE p.term_id = ({TERM_OF_DAY}) AND u.path >= %s AND u.path < %s || '~' AND {scope.sql}),
 verdict AS (
    SELECT s.plan_id, v.kind, v.subject_id, {outcomes} AS outcomes
      FROM subject s JOIN {basis.table} v ON v.group_id = s.plan_id
     WHERE {basis.condition} AND v.kind IN ({PLAN.value}, {POOL.value}, {NOMINATION.value})),
 counted AS (
    SELECT v.plan_id, v.kind, v.subject_id, o.* FROM verdict v CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE o > 0) AS judged, count(*) FILTER (WHERE o = {BAD}) AS bad,
               count(*) FILTER (WHERE o = {UNCLEAR}) AS unclear FROM unnest(v.outcomes) o) o),
 summed AS (
    SELECT plan_id, {sums},
           count(*) FILTER (WHERE kind = {NOMINATION.value} AND bad > 0) AS people_bad,
           count(*) FILTER (WHERE kind = {NOMINATION.value} AND bad = 0 AND unclear > 0)
               AS people_unclear
      FROM counted GROUP BY plan_id),
 standing AS (
    SELECT n.plan_id, count(*) AS people
      FROM planning_nomination n JOIN subject s USING (plan_id)
     WHERE n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)
     GROUP BY n.plan_id)
SELECT s.unit_id, s.plan_id, x.*, coalesce(t.people, 0) AS people,
       {basis.count(PLAN, "total")} AS nominees,
       {basis.count(PLAN, "external_people")} AS external,
       {basis.count(PLAN, "post_unknown")} AS unknown,
       v.outcomes[{review}] AS review, {basis.count(PLAN, "seen_months")} AS review_months
  FROM subject s JOIN summed x USING (plan_id)
  JOIN {basis.table} v ON v.kind = {PLAN.value} AND v.group_id = s.plan_id
                      AND v.subject_id = s.plan_id AND {basis.condition}
  LEFT JOIN standing t USING (plan_id)""",
        [*told.values, day, day, path, path, *scope.values, day, day],
    )


def _verdicts(row: dict[str, int | None]) -> UnitVerdicts:
    def tally(name: str) -> Tally:
        return Tally(
            judged=row[f"{name}_judged"] or 0,
            not_met=row[f"{name}_bad"] or 0,
            cannot_tell=row[f"{name}_unclear"] or 0,
        )

    return UnitVerdicts(
        plan_id=row["plan_id"] or 0,
        plan=tally("plan"),
        pools=tally("pool"),
        people=Tally(
            judged=row["people"] or 0,
            not_met=row["people_bad"] or 0,
            cannot_tell=row["people_unclear"] or 0,
        ),
        nominees=row["nominees"] or 0,
        external=row["external"] or 0,
        unknown=row["unknown"] or 0,
        review=Outcome(row["review"] or 0),
        review_months=row["review_months"],
    )
