"""Who might be tried in a pool: people in scope, narrowed in SQL before the engine judges them.

Everybody who serves is looked at once. What is surely in the way (rank, service, standard,
discipline, grade, number of titles) is known without judging; of the others, the best of each
cell are taken (source × age band × sex × minority × lineage), so that somebody of every kind that
a rule may ask for is among them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadres.choices import Grade
from cadres.policies import EVERYTHING, Actor, scope_paths
from compliance.selectors.figures import Figures
from planning.models import Plan
from planning.selectors.drafts import Proposed
from planning.selectors.judging import scope_tables
from planning.selectors.stored import Statement, paths_condition, rows_of


class Source(IntegerChoices):
    """Where somebody serves, seen from the plan's unit."""

    OWN = 0, _("Trong đơn vị")
    BELOW = 1, _("Đơn vị cấp dưới (liên thông)")
    ELSEWHERE = 2, _("Nơi khác (mở)")


@dataclass(frozen=True)
class Found:
    """Somebody worth judging for a pool. `is_fit`: nothing is known to be in the way."""

    pool_id: int
    cadre_id: int
    source: Source
    is_fit: bool


@dataclass(frozen=True)
class Field:
    """The people found, and how many fit ones stand behind each pool and source."""

    people: list[Found]
    fit: dict[tuple[int, Source], int]


def candidates(
    actor: Actor,
    plan: Plan,
    pools: Sequence[int],
    as_of: dt.date,
    *,
    figures: Figures,
    changes: Proposed,
    per_cell: int,
    unfit: int = 0,
    roles: tuple[str, ...] = (),
) -> Field:
    """The best people for each of the pools whom the actor may see today; one query.

    `per_cell`: how many of each cell. `unfit`: how many of those who serve in the unit or below it
    and for whom something is in the way. Nobody who is in the pool or was just taken out, and
    never the actor's own file. `roles`: only people seen by these roles.
    """
    if not pools:
        return Field([], {})
    rows = rows_of(_statement(actor, plan, pools, as_of, figures, changes, per_cell, unfit, roles))
    people = [
        Found(row["pool_id"], row["cadre_id"], Source(row["source"]), not row["unfit"])
        for row in rows
    ]
    fit = {
        (row["pool_id"], Source(row["source"])): row["number"] for row in rows if not row["unfit"]
    }
    return Field(people, fit)


def _statement(
    actor: Actor,
    plan: Plan,
    pools: Sequence[int],
    as_of: dt.date,
    figures: Figures,
    changes: Proposed,
    per_cell: int,
    unfit: int,
    roles: tuple[str, ...],
) -> Statement:
    tables = scope_tables(plan, as_of, figures)
    visible = visible_condition(actor, "s.cadre_id", roles)
    held = "start_on <= %s AND (end_on IS NULL OR end_on > %s)"
    day = "nominated_on <= %s AND (removed_on IS NULL OR removed_on > %s)"
    return Statement(
        f"""
WITH {tables.sql},
 serving AS MATERIALIZED (
    SELECT a.cadre_id, max(t.rank) AS rank, bool_or(a.unit_id = p.unit_id) AS own,
           bool_or(u.path >= p.path AND u.path < p.path || '~') AS inside
      FROM cadres_appointment a JOIN cadres_title t ON t.id = a.title_id
      JOIN cadres_unit u ON u.id = a.unit_id CROSS JOIN plan_scope p
     WHERE {held} GROUP BY 1),
 crowded AS (
    SELECT n.cadre_id FROM planning_nomination n JOIN planning_plan q ON q.id = n.plan_id
      JOIN cadres_unit v ON v.id = q.unit_id JOIN plan_scope p ON p.term_id = q.term_id
       AND p.level = v.level
     WHERE {day} GROUP BY 1 HAVING count(*) >= min(p.titles_maximum)),
 linked AS (
    SELECT DISTINCT n.cadre_id FROM planning_nomination n JOIN planning_plan q ON q.id = n.plan_id
      JOIN cadres_unit v ON v.id = q.unit_id
      JOIN plan_scope p ON v.path > p.path AND v.path < p.path || '~'
     WHERE p.lineage_maximum IS NOT NULL AND {day}),
 failed AS (
    SELECT cadre_id FROM cadres_evaluation WHERE year = %s AND grade = {Grade.KHTNV.value}
    UNION SELECT cadre_id FROM cadres_discipline
           WHERE decided_on <= %s AND (effective_to IS NULL OR effective_to >= %s)),
 person AS MATERIALIZED (
    SELECT s.cadre_id, s.rank, c.degree, c.theory, c.sex, c.birth_date,
           CASE WHEN s.own THEN 0 WHEN s.inside THEN 1 ELSE 2 END AS source,
           nullif(c.ethnicity_code, '') <> '01' AS minority,
           c.birth_date > p.young_cut AS young, c.birth_date <= p.senior_cut AS senior,
           c.birth_date > p.young_share_cut AS young_share,
           s.inside AND NOT EXISTS (SELECT FROM linked k WHERE k.cadre_id = s.cadre_id) AS breaks,
           coalesce(coalesce(c.retires_on, CASE c.sex WHEN 'male' THEN r.male
                WHEN 'female' THEN r.female ELSE greatest(r.male, r.female) END)
                < p.service_cut, false)
           OR EXISTS (SELECT FROM failed f WHERE f.cadre_id = s.cadre_id)
           OR EXISTS (SELECT FROM crowded k WHERE k.cadre_id = s.cadre_id) AS barred
      FROM serving s JOIN cadres_cadre c ON c.id = s.cadre_id
      LEFT JOIN compliance_retirement_date r ON r.born = c.birth_date
     CROSS JOIN plan_scope p
     WHERE {visible.sql} AND s.cadre_id <> %s),
 fit AS (
    SELECT l.pool_id, x.*, l.title_rank,
           x.barred OR coalesce(x.degree < l.min_degree, false)
           OR coalesce(x.theory < l.min_theory, false)
           -- A committee may have anybody, but not those whom the unit itself would look up to.
           OR CASE WHEN l.leadership THEN x.rank >= l.title_rank
                   ELSE x.rank > (SELECT max(title_rank) FROM pool_scope) END AS unfit
      FROM pool_scope l CROSS JOIN person x
     WHERE l.pool_id = ANY(%s) AND NOT EXISTS (
           SELECT FROM planning_nomination n
            WHERE n.pool_id = l.pool_id AND n.cadre_id = x.cadre_id AND {day})
       AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) v (pool_id, cadre_id)
            WHERE v.pool_id = l.pool_id AND v.cadre_id = x.cadre_id)),
 graded AS (
    SELECT f.*, e.grade FROM fit f
      LEFT JOIN (SELECT cadre_id, min(grade) AS grade FROM cadres_evaluation
                  WHERE year = %s GROUP BY 1) e USING (cadre_id)
     WHERE NOT f.unfit OR f.source < 2),
 ranked AS (
    SELECT pool_id, cadre_id, source, unfit,
           count(*) OVER (PARTITION BY pool_id, source, unfit)::int AS number,
           row_number() OVER (
               PARTITION BY pool_id, source, unfit,
                    CASE WHEN NOT unfit THEN row(sex, minority, young, senior, young_share, breaks)
                         END
               -- Who outranks the title is the least interesting of those who may not be planned.
               ORDER BY rank >= title_rank AND unfit, grade DESC NULLS LAST, rank DESC,
                    birth_date DESC NULLS LAST, cadre_id) AS place
      FROM graded)
SELECT pool_id, cadre_id, source, unfit, number FROM ranked
 WHERE place <= CASE WHEN unfit THEN %s ELSE %s END
 ORDER BY pool_id, source, unfit, place, cadre_id""",
        [
            *tables.values,
            *(as_of, as_of) * 3,
            as_of.year - 1,
            as_of,
            as_of,
            *visible.values,
            own_cadre(actor),
            list(pools),
            as_of,
            as_of,
            [pool_id for pool_id, _cadre in changes.added],
            [cadre_id for _pool, cadre_id in changes.added],
            as_of.year - 1,
            unfit,
            per_cell,
        ],
    )


def own_cadre(actor: Actor) -> int:
    """The actor's own file; 0 without one."""
    return getattr(actor, "cadre_id", None) or 0


def visible_condition(actor: Actor, column: str, roles: tuple[str, ...]) -> Statement:
    """SQL of "the person serves today where the actor may look", with one of `roles` if given."""
    paths = scope_paths(actor, *roles)
    if paths == (EVERYTHING,):
        return Statement("true", [])
    scope = paths_condition(paths, "u.path")
    today: list[Any] = [clock.today(), clock.today()]
    return Statement(
        f"{column} IN (SELECT a.cadre_id FROM cadres_appointment a"
        " JOIN cadres_unit u ON u.id = a.unit_id"
        f" WHERE a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s) AND {scope.sql})",
        [*today, *scope.values],
    )
