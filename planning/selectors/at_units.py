"""What the live state says of one rule at a unit and below it, for many units and rules at once.

Plans of the term that runs today are looked at, with their titles and people; holders of posts and
yearly grades by unit. Single rotations are left out: what happened stays as it was judged.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cadres.policies import Actor
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding, Labels, finding
from compliance.engine.registry import all_rules, rule_by_code, slot_of
from compliance.engine.rule import Rule
from compliance.engine.store import verdict_of
from planning.selectors.stored import (
    TERM_OF_DAY,
    Statement,
    rows_of,
    scope_condition,
    told_condition,
)

#: So many of the worst are told in words.
SHOWN = 3
#: Kinds that say how things are now; single rotations are history.
_LASTING = (
    SubjectKind.PLAN,
    SubjectKind.POOL,
    SubjectKind.NOMINATION,
    SubjectKind.APPOINTMENT,
    SubjectKind.UNIT_YEAR,
)
_OF_PLANS = (SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION)


class Asked(NamedTuple):
    """A rule at the unit at `path` and below it."""

    path: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class AtUnit:
    """How many subjects the rule finds how; `since`: the day from which all of them are met.

    `since` is None where something is not met or unclear; with `is_at_least` it held already when
    it was judged first. `worst`: some findings, the worst first, with names.
    """

    rule: Rule
    met: int = 0
    not_met: int = 0
    cannot_tell: int = 0
    since: dt.date | None = None
    is_at_least: bool = False
    worst: tuple[Finding, ...] = field(default=())

    @property
    def judged(self) -> int:
        """Subjects with a verdict; of people, only those with something not right are kept."""
        return self.met + self.not_met + self.cannot_tell

    @property
    def outcome(self) -> Outcome:
        """The worst of all; not applicable where nothing was judged."""
        for outcome, number in (
            (Outcome.NOT_MET, self.not_met),
            (Outcome.CANNOT_TELL, self.cannot_tell),
            (Outcome.MET, self.met),
        ):
            if number:
                return outcome
        return Outcome.NOT_APPLICABLE


def rules_at_units(actor: Actor, asked: Iterable[Asked], today: dt.date) -> dict[Asked, AtUnit]:
    """What is known of each; units outside the actor's scope and unknown rules are left out.

    Sensitive rules only where they are for the actor. One query, none for nothing.
    """
    known = {rule.code for rule in all_rules()}
    wanted = [each for each in dict.fromkeys(asked) if each.rule in known]
    places = [
        (number, kind, slot_of(rule_by_code(each.rule), kind) + 1)
        for number, each in enumerate(wanted)
        for kind in rule_by_code(each.rule).kinds
        if kind in _LASTING
    ]
    if not places:
        return {}
    rows = defaultdict(list)
    for row in rows_of(_statement(actor, wanted, places, today)):
        rows[row["n"]].append(row)
    return {
        each: _at_unit(each, rows[number]) for number, each in enumerate(wanted) if rows[number]
    }


def _statement(
    actor: Actor, wanted: list[Asked], places: list[tuple[int, SubjectKind, int]], today: dt.date
) -> Statement:
    scope = scope_condition(actor)
    told = told_condition(actor, "a.is_sensitive")
    of_plans = ", ".join(str(kind.value) for kind in _OF_PLANS)
    nomination, met = SubjectKind.NOMINATION.value, Outcome.MET.value
    return Statement(
        f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::int[], %s::int[], %s::boolean[])
                  AS v (n, path, kind, slot, is_sensitive)),
 -- Groups of verdicts: plans of the running term, and units for everything that has no plan.
 grouped AS (
    SELECT a.n, a.kind, a.slot, u.path, u.name AS unit_name, p.id AS group_id
      FROM asked a JOIN cadres_unit u ON u.path >= a.path AND u.path < a.path || '~'
      JOIN planning_plan p ON p.unit_id = u.id AND p.term_id = ({TERM_OF_DAY})
     WHERE a.kind IN ({of_plans}) AND {scope.sql} AND {told.sql}
    UNION ALL
    SELECT a.n, a.kind, a.slot, u.path, u.name, u.id
      FROM asked a JOIN cadres_unit u ON u.path >= a.path AND u.path < a.path || '~'
     WHERE a.kind NOT IN ({of_plans}) AND {scope.sql} AND {told.sql}),
 verdict AS (
    SELECT g.*, s.subject_id, s.unit_id, s.counts, s.figures_id, s.first_on,
           s.outcomes[g.slot] AS outcome
      FROM grouped g JOIN compliance_state s ON s.kind = g.kind AND s.group_id = g.group_id
     WHERE s.outcomes[g.slot] > 0
       -- People in whose verdict all is right are kept only for another rule's sake.
       AND NOT (s.kind = {nomination} AND s.outcomes[g.slot] = {met})),
 -- Plans in which nobody has anything: those that were judged at all are right.
 clean AS (
    SELECT g.n, g.kind, g.slot, g.path, g.unit_name, g.group_id, s.first_on
      FROM grouped g
      JOIN compliance_state s ON s.kind = {SubjectKind.PLAN.value}
                             AND s.group_id = g.group_id AND s.subject_id = g.group_id
     WHERE g.kind = {nomination}
       AND NOT EXISTS (SELECT FROM verdict v WHERE v.n = g.n AND v.kind = g.kind
                                              AND v.group_id = g.group_id)),
 every AS (
    SELECT n, kind, slot, path, unit_name, group_id, subject_id, unit_id, counts, figures_id,
           first_on, outcome FROM verdict
    UNION ALL
    SELECT n, kind, slot, path, unit_name, group_id, NULL, NULL, NULL, NULL, first_on, {met}
      FROM clean),
 dated AS (
    SELECT e.*, c.changed_on,
           row_number() OVER (PARTITION BY e.n ORDER BY e.outcome DESC, e.kind, e.path,
                                                         e.subject_id) AS place
      FROM every e LEFT JOIN LATERAL (
        SELECT max(c.changed_on) AS changed_on FROM compliance_change c
         WHERE e.outcome = {met} AND c.kind = e.kind AND c.group_id = e.group_id
           AND (e.subject_id IS NULL OR c.subject_id = e.subject_id)
           AND c.slot = e.slot - 1) c ON true),
 summed AS (
    SELECT n, count(*) FILTER (WHERE outcome = {met}) AS met,
           count(*) FILTER (WHERE outcome = {Outcome.NOT_MET.value}) AS not_met,
           count(*) FILTER (WHERE outcome = {Outcome.CANNOT_TELL.value}) AS cannot_tell,
           max(changed_on) AS changed_on, max(coalesce(changed_on, first_on)) AS since
      FROM dated GROUP BY n)
SELECT d.n, d.kind, d.slot, d.group_id, d.subject_id, d.unit_id, d.unit_name, d.counts, d.outcome,
       x.met, x.not_met, x.cannot_tell, x.changed_on, x.since,
       f.figures::text AS figures, f.citations::text AS citations,
       t.name AS title_name, c.full_name AS cadre_name
  FROM dated d JOIN summed x USING (n)
  LEFT JOIN compliance_figureset f ON f.id = d.figures_id
  LEFT JOIN planning_nomination m ON d.kind = {nomination} AND m.id = d.subject_id
  LEFT JOIN planning_pool l
    ON l.id = CASE d.kind WHEN {SubjectKind.POOL.value} THEN d.subject_id ELSE m.pool_id END
  LEFT JOIN cadres_position o ON o.id = l.position_id
  LEFT JOIN cadres_title t ON t.id = o.title_id
  LEFT JOIN cadres_cadre c ON c.id = m.cadre_id
 WHERE d.place <= {SHOWN} ORDER BY d.n, d.place""",
        [
            [number for number, _kind, _slot in places],
            [wanted[number].path for number, _kind, _slot in places],
            [kind.value for _number, kind, _slot in places],
            [slot for _number, _kind, slot in places],
            [rule_by_code(wanted[number].rule).sensitive for number, _kind, _slot in places],
            today,
            today,
            *scope.values,
            *told.values,
            *scope.values,
            *told.values,
        ],
    )


def _at_unit(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> AtUnit:
    rule, first = rule_by_code(asked.rule), rows[0]
    all_met = bool(first["met"] and not first["not_met"] and not first["cannot_tell"])
    since, changed_on = first["since"], first["changed_on"]
    return AtUnit(
        rule=rule,
        met=first["met"],
        not_met=first["not_met"],
        cannot_tell=first["cannot_tell"],
        since=since if all_met else None,
        is_at_least=all_met and (changed_on is None or changed_on < since),
        worst=tuple(_finding(rule, row) for row in rows if row["subject_id"] is not None),
    )


def _finding(rule: Rule, row: Mapping[str, Any]) -> Finding:
    verdict = verdict_of(
        row["kind"],
        row["group_id"],
        row["subject_id"],
        row["unit_id"],
        (),
        row["counts"],
        row["figures"],
        row["citations"],
    )
    labels = Labels(
        unit_name=row["unit_name"], title_name=row["title_name"], cadre_name=row["cadre_name"]
    )
    return finding(verdict, labels, rule, Outcome(row["outcome"]))
