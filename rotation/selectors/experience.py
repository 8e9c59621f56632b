"""Nominees whose gap is experience elsewhere (65-QĐ/TW, Điều 4): from their careers on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from cadre_portal.common import clock
from cadres.choices import Level, TitleKind
from cadres.policies import Actor, scope_paths, sees_everything
from planning.selectors.stored import Statement, paths_condition, rows_of
from rotation.choices import NeedReason
from rotation.selectors.places import PLACES

_BASE = f"('{Level.COMMUNE.value}', '{Level.DISTRICT.value}')"
_PROVINCE = f"'{Level.PROVINCE.value}'"
_NOW = 10_000_000
_WORK = f"'{TitleKind.LEADERSHIP.value}'"


class Gap(NamedTuple):
    """A nominee with a gap. `months`: in the present post, None without one.

    `post_id`: the primary appointment on the day, in the unit at `unit_path` ("" without one);
    `nomination_id`: to the highest title. `term`: the nearest one that is not over on the day and
    that they are planned for, "" where all are over.
    """

    cadre_id: int
    reason: NeedReason
    months: int | None
    post_id: int | None
    nomination_id: int
    unit_path: str
    term: str


def gaps_on(actor: Actor, day: dt.date, path: str = "") -> list[Gap]:
    """Nominees with a gap whose files the actor may open; nearest term, then highest titles first.

    Planned in plans that the actor may see; `path`: only who serves below it. A committee is no
    place of work. One query.
    """
    planned = paths_condition(scope_paths(actor), "pu.path")
    visible = _visible(actor)
    below = paths_condition((path,), "x.path") if path else Statement("true", [])
    rows = rows_of(
        Statement(
            f"""
WITH RECURSIVE {PLACES},
 pool AS MATERIALIZED (
     SELECT o.id, t.rank, pu.level = {_PROVINCE} AS for_province,
            CASE WHEN m.ends_on >= %s THEN m.starts_on END AS term_on
       FROM planning_pool o
       JOIN planning_plan p ON p.id = o.plan_id
       JOIN cadres_unit pu ON pu.id = p.unit_id
       JOIN planning_term m ON m.id = p.term_id
       JOIN cadres_position s ON s.id = o.position_id
       JOIN cadres_title t ON t.id = s.title_id
      WHERE {planned.sql}),
 planned AS MATERIALIZED (
     SELECT n.cadre_id, bool_or(o.for_province) AS for_province, max(o.rank) AS rank,
            min(o.term_on) AS term_on
       FROM planning_nomination n JOIN pool o ON o.id = n.pool_id
      WHERE n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)
      GROUP BY n.cadre_id),
 -- `place`: a number, its first digits say what the place is now, its last one whether it stands
 -- above places; the smallest and the greatest of a person tell whether they differ.
 numbered AS MATERIALIZED (
     SELECT unit_id, level IN {_BASE} AS is_base, steps,
            dense_rank() OVER (ORDER BY now) * {_NOW}
            + dense_rank() OVER (ORDER BY place) * 10 + is_whole::int AS place
       FROM place),
 work AS MATERIALIZED (SELECT id AS title_id FROM cadres_title WHERE kind = {_WORK}),
 -- LEFT JOIN: every unit is somewhere; the planner takes the units for few and would look up the
 -- posts of each.
 career AS MATERIALIZED (
     SELECT a.cadre_id, bool_or(l.is_base) AS at_base, bool_and(l.is_base) AS only_base,
            min(l.place) FILTER (WHERE w.title_id IS NOT NULL) AS first,
            max(l.place) FILTER (WHERE w.title_id IS NOT NULL) AS last
       FROM planned
       JOIN cadres_appointment a USING (cadre_id)
       LEFT JOIN numbered l ON l.unit_id = a.unit_id
       LEFT JOIN work w USING (title_id)
      WHERE a.start_on <= %s
      GROUP BY a.cadre_id),
 -- Of the few whose places became one: those whose places were each the heir of the other.
 heirs AS (
     SELECT k.cadre_id
       FROM career k
       JOIN cadres_appointment a USING (cadre_id)
       JOIN work USING (title_id)
       JOIN numbered l ON l.unit_id = a.unit_id
      WHERE a.start_on <= %s AND k.first / {_NOW} = k.last / {_NOW} AND k.first <> k.last
      GROUP BY k.cadre_id
     HAVING count(DISTINCT l.place) = count(DISTINCT l.steps) AND max(l.place %% 10) = 0),
 gap AS MATERIALIZED (
     SELECT * FROM (
         SELECT p.cadre_id, p.rank, p.term_on,
                CASE WHEN k.cadre_id IS NULL THEN '{NeedReason.CAREER_UNKNOWN.value}'
                     WHEN p.for_province AND NOT k.at_base THEN '{NeedReason.BASE.value}'
                     WHEN p.for_province AND k.only_base THEN '{NeedReason.PROVINCE.value}'
                     WHEN k.first = k.last AND k.first %% 10 = 0 OR h.cadre_id IS NOT NULL
                     THEN '{NeedReason.ELSEWHERE.value}' END AS reason
           FROM planned p LEFT JOIN career k USING (cadre_id) LEFT JOIN heirs h USING (cadre_id)) g
      WHERE reason IS NOT NULL),
 post AS (
     SELECT DISTINCT ON (a.cadre_id) a.cadre_id, a.id, a.start_on, u.path
       FROM gap
       JOIN cadres_appointment a USING (cadre_id)
       JOIN cadres_title t ON t.id = a.title_id
       JOIN cadres_unit u ON u.id = a.unit_id
      WHERE a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s)
      ORDER BY a.cadre_id, t.rank DESC, a.start_on DESC, t.code, u.code),
 highest AS (
     SELECT DISTINCT ON (n.cadre_id) n.cadre_id, n.id
       FROM gap
       JOIN planning_nomination n USING (cadre_id)
       JOIN pool o ON o.id = n.pool_id
      WHERE n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)
      ORDER BY n.cadre_id, o.rank DESC, n.nominated_on, n.id)
SELECT g.cadre_id, g.reason, whole_months(x.start_on, %s) AS months, x.id AS post_id,
       y.id AS nomination_id, coalesce(x.path, '') AS unit_path,
       coalesce((SELECT min(code) FROM planning_term m WHERE m.starts_on = g.term_on), '') AS term
  FROM gap g
  JOIN cadres_cadre c ON c.id = g.cadre_id
  JOIN highest y USING (cadre_id)
  LEFT JOIN post x USING (cadre_id)
 WHERE {visible.sql} AND {below.sql}
 ORDER BY g.term_on, g.rank DESC, months DESC NULLS LAST, c.sort_key, c.code""",
            [
                day,
                *planned.values,
                *[day] * 9,
                *visible.values,
                *below.values,
            ],
        )
    )
    return [Gap(**{**row, "reason": NeedReason(row["reason"])}) for row in rows]


def _visible(actor: Actor) -> Statement:
    """SQL of "the actor may open the file of cadre c today"."""
    if sees_everything(actor):
        return Statement("true", [])
    where = paths_condition(scope_paths(actor), "vu.path")
    today = clock.today()
    return Statement(
        "EXISTS (SELECT FROM cadres_appointment v JOIN cadres_unit vu ON vu.id = v.unit_id"
        " WHERE v.cadre_id = c.id AND v.start_on <= %s AND (v.end_on IS NULL OR v.end_on > %s)"
        f" AND {where.sql})",
        [today, today, *where.values],
    )


def told(gaps: Iterable[Gap]) -> dict[int, dict[str, Any]]:
    """Names of the people, of their posts and of what they are planned for, by cadre; one query."""
    wanted = list(gaps)
    if not wanted:
        return {}
    rows = rows_of(
        Statement(
            """
SELECT c.id, c.code, c.full_name, xt.name AS title, xu.name AS unit, xu.code AS unit_code,
       pt.name AS planned_title, pu.name AS planned_unit
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) w (cadre_id, post_id, nomination_id)
  JOIN cadres_cadre c ON c.id = w.cadre_id
  JOIN planning_nomination n ON n.id = w.nomination_id
  JOIN planning_plan p ON p.id = n.plan_id
  JOIN cadres_unit pu ON pu.id = p.unit_id
  JOIN planning_pool o ON o.id = n.pool_id
  JOIN cadres_position s ON s.id = o.position_id
  JOIN cadres_title pt ON pt.id = s.title_id
  LEFT JOIN cadres_appointment x ON x.id = w.post_id
  LEFT JOIN cadres_unit xu ON xu.id = x.unit_id
  LEFT JOIN cadres_title xt ON xt.id = x.title_id""",
            [
                [gap.cadre_id for gap in wanted],
                [gap.post_id for gap in wanted],
                [gap.nomination_id for gap in wanted],
            ],
        )
    )
    return {row["id"]: row for row in rows}
