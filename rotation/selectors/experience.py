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


class Gap(NamedTuple):
    """A nominee with a gap. `months`: in the present post, None without one.

    `post_id`: the primary appointment on the day; `nomination_id`: to the highest title.
    """

    cadre_id: int
    reason: NeedReason
    months: int | None
    post_id: int | None
    nomination_id: int


def gaps_on(actor: Actor, day: dt.date, path: str = "") -> list[Gap]:
    """Nominees with a gap whose files the actor may open; planned for the highest titles first.

    Planned in plans that the actor may see; `path`: only who serves below it. A committee is no
    place of work. One query.
    """
    planned = paths_condition(scope_paths(actor), "pu.path")
    visible = _visible(actor)
    below = paths_condition((path,), "xu.path") if path else Statement("true", [])
    rows = rows_of(
        Statement(
            f"""
WITH RECURSIVE {PLACES},
 planned AS (SELECT n.cadre_id, bool_or(pu.level = {_PROVINCE}) AS for_province,
                    max(t.rank) AS rank,
                    (array_agg(n.id ORDER BY t.rank DESC, n.nominated_on, n.id))[1] AS nomination_id
               FROM planning_nomination n
               JOIN planning_plan p ON p.id = n.plan_id
               JOIN cadres_unit pu ON pu.id = p.unit_id
               JOIN planning_pool o ON o.id = n.pool_id
               JOIN cadres_position s ON s.id = o.position_id
               JOIN cadres_title t ON t.id = s.title_id
              WHERE n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)
                AND {planned.sql}
              GROUP BY n.cadre_id),
 career AS (SELECT a.cadre_id,
                   bool_or(l.level IN {_BASE}) AS at_base,
                   bool_or(l.level NOT IN {_BASE}) AS at_province,
                   count(DISTINCT l.now) FILTER (WHERE w.works) AS places,
                   count(DISTINCT l.place) FILTER (WHERE w.works) AS places_then,
                   count(DISTINCT l.steps) FILTER (WHERE w.works) AS steps,
                   bool_or(l.is_whole) FILTER (WHERE w.works) AS is_whole,
                   (array_agg(a.id ORDER BY t.rank DESC, a.start_on DESC, t.code, u.code)
                     FILTER (WHERE a.end_on IS NULL OR a.end_on > %s))[1] AS post_id
              FROM cadres_appointment a
              JOIN planned USING (cadre_id)
              JOIN place l ON l.unit_id = a.unit_id
              JOIN cadres_unit u ON u.id = a.unit_id
              JOIN cadres_title t ON t.id = a.title_id
              CROSS JOIN LATERAL (SELECT t.kind = '{TitleKind.LEADERSHIP.value}' AS works) w
             WHERE a.start_on <= %s
             GROUP BY a.cadre_id),
 gap AS (SELECT p.cadre_id, p.nomination_id, p.rank, k.post_id,
                CASE WHEN k.cadre_id IS NULL THEN '{NeedReason.CAREER_UNKNOWN.value}'
                     WHEN p.for_province AND NOT k.at_base THEN '{NeedReason.BASE.value}'
                     WHEN p.for_province AND NOT k.at_province THEN '{NeedReason.PROVINCE.value}'
                     WHEN k.places = 1 AND k.places_then = k.steps AND NOT k.is_whole
                     THEN '{NeedReason.ELSEWHERE.value}' END AS reason
           FROM planned p LEFT JOIN career k USING (cadre_id))
SELECT g.cadre_id, g.reason, whole_months(x.start_on, %s) AS months, g.post_id, g.nomination_id
  FROM gap g
  JOIN cadres_cadre c ON c.id = g.cadre_id
  LEFT JOIN cadres_appointment x ON x.id = g.post_id
  LEFT JOIN cadres_unit xu ON xu.id = x.unit_id
 WHERE g.reason IS NOT NULL AND {visible.sql} AND {below.sql}
 ORDER BY g.rank DESC, months DESC NULLS LAST, c.sort_key, c.code""",
            [day, day, *planned.values, day, day, day, *visible.values, *below.values],
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
