"""Gắn quy hoạch với bổ nhiệm: from which plan those appointed to a title came (DESIGN 1, row 9).

An appointment comes from a plan when the person stood in a pool on the day before it began: who is
nominated on the very day was planned and proposed at once, which qd-377-2025 does not allow. Of
such nominations the best counts (qd-377-2025 Điều 34): the same title in the same unit; else an
equivalent or a higher title of the same kind, by rank, wherever. A lower title is none.

Counted are appointments to titles that are planned for at all: some plan on file has a pool of the
title. Who is given the post that they already held, without a gap of a month, is not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cadres.choices import TitleKind
from cadres.policies import Actor
from cadres.selectors.cadres import visible_ids
from planning.selectors.paging import Rows
from planning.selectors.stored import Statement, rows_of, scope_condition


class Origin(TextChoices):
    """How an appointment is tied to planning."""

    EXACT = "dung-chuc-danh", _("Đúng chức danh")
    EQUIVALENT = "tuong-duong", _("Chức danh tương đương, cao hơn")
    NONE = "khong-qua", _("Không qua quy hoạch")


@dataclass(frozen=True, kw_only=True)
class OriginFilter:
    """Which appointments: begun from `since` to `until`, to titles of `kind`; "" asks nothing.

    `path`: a unit and everything below it; `unit_code`: that unit alone.
    """

    since: dt.date
    until: dt.date
    kind: str = TitleKind.LEADERSHIP
    path: str = ""
    unit_code: str = ""
    level: str = ""
    year: int | None = None
    origin: str = ""


@dataclass(frozen=True)
class OriginCount:
    """Appointments by origin; `group`: "" (all), "level", "year" or "unit", and its `key`, `name`.

    `level` is that of a unit.
    """

    group: str
    key: str
    name: str
    level: str
    exact: int
    equivalent: int
    none: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.exact + self.equivalent + self.none

    @property
    def planned(self) -> int:
        """Those that came from a plan."""
        return self.exact + self.equivalent

    def of(self, origin: str) -> int:
        """How many are of one origin; "" is all of them."""
        return (
            {
                Origin.EXACT: self.exact,
                Origin.EQUIVALENT: self.equivalent,
                Origin.NONE: self.none,
            }.get(Origin(origin), self.total)
            if origin
            else self.total
        )


@dataclass(frozen=True)
class Appointed:
    """An appointment with where it came from.

    `plan_id` None with an origin other than NONE: from a plan outside the actor's scope, which is
    counted and not named. `lower`: planned for a lower title only.
    """

    code: str
    name: str
    is_open: bool
    title_name: str
    unit_code: str
    unit_name: str
    level: str
    start_on: dt.date
    decision_no: str
    origin: Origin
    plan_id: int | None
    plan_title: str
    plan_unit: str
    plan_term: str
    is_lower: bool


def origin_counts(actor: Actor, wanted: OriginFilter) -> list[OriginCount]:
    """Appointments over all, by level, by year and by unit in the order of the tree; one query.

    `wanted.origin` narrows nothing here: the shares are of all appointments.
    """
    base = _appointed(actor, wanted)
    rows = rows_of(
        Statement(
            f"""{base.sql}
SELECT CASE grouping(level) + 2 * grouping(year) + 4 * grouping(unit_id)
            WHEN 7 THEN '' WHEN 6 THEN 'level' WHEN 5 THEN 'year' ELSE 'unit' END AS part,
       coalesce(level, year::text, min(unit_code)) AS key, min(unit_name) AS name,
       min(level_of) AS level,
       count(*) FILTER (WHERE origin = '{Origin.EXACT.value}') AS exact,
       count(*) FILTER (WHERE origin = '{Origin.EQUIVALENT.value}') AS equivalent,
       count(*) FILTER (WHERE origin = '{Origin.NONE.value}') AS nowhere
  FROM (SELECT *, level AS level_of FROM placed) p
 GROUP BY GROUPING SETS ((), (level), (year), (unit_id))
 ORDER BY part, year, min(path)""",
            base.values,
        )
    )
    return [
        OriginCount(
            row["part"],
            row["key"] if row["part"] else "",
            row["name"] or "",
            row["level"] or "",
            row["exact"],
            row["equivalent"],
            row["nowhere"],
        )
        for row in rows
    ]


def appointed(actor: Actor, wanted: OriginFilter, *, total: int) -> Rows[Appointed]:
    """The appointments themselves (`total` of them), the latest first; two queries a page."""
    base = _appointed(actor, wanted)
    only, values = ("WHERE origin = %s", [wanted.origin]) if wanted.origin else ("", [])
    scope = scope_condition(actor, "w.path")
    sql = f"""{base.sql}
SELECT p.*, c.code, c.full_name, t.name AS title_name, w.name AS plan_unit, i.name AS plan_title,
       m.code AS plan_term, q.id AS plan_id, p.best_id IS NULL AND EXISTS (
           SELECT FROM planning_nomination n WHERE n.cadre_id = p.cadre_id
            AND n.nominated_on < p.start_on
            AND (n.removed_on IS NULL OR n.removed_on >= p.start_on)) AS is_lower
  FROM (SELECT * FROM placed {only} ORDER BY start_on DESC, path, id LIMIT %s OFFSET %s) p
  JOIN cadres_cadre c ON c.id = p.cadre_id
  JOIN cadres_title t ON t.id = p.title_id
  LEFT JOIN planning_nomination n ON n.id = p.best_id
  LEFT JOIN (planning_plan q JOIN cadres_unit w ON w.id = q.unit_id AND {scope.sql})
         ON q.id = n.plan_id
  LEFT JOIN planning_term m ON m.id = q.term_id
  LEFT JOIN planning_pool l ON l.id = n.pool_id AND q.id IS NOT NULL
  LEFT JOIN cadres_position s ON s.id = l.position_id
  LEFT JOIN cadres_title i ON i.id = s.title_id
 ORDER BY p.start_on DESC, p.path, p.id"""

    def read(start: int, size: int) -> list[Appointed]:
        rows = rows_of(Statement(sql, [*base.values, *values, size, start, *scope.values]))
        visible = visible_ids(actor, [row["cadre_id"] for row in rows])
        return [
            Appointed(
                code=row["code"],
                name=row["full_name"],
                is_open=row["cadre_id"] in visible,
                title_name=row["title_name"],
                unit_code=row["unit_code"],
                unit_name=row["unit_name"],
                level=row["level"],
                start_on=row["start_on"],
                decision_no=row["decision_no"],
                origin=Origin(row["origin"]),
                plan_id=row["plan_id"],
                plan_title=row["plan_title"] or "",
                plan_unit=row["plan_unit"] or "",
                plan_term=(row["plan_term"] or "").replace("-", "–"),
                is_lower=row["is_lower"],
            )
            for row in rows
        ]

    return Rows(total, read)


def count_of(counts: Sequence[OriginCount], group: str = "", key: str = "") -> OriginCount:
    """The count of one group; of nothing, zeros."""
    return next(
        (each for each in counts if each.group == group and each.key == key),
        OriginCount(group, key, "", "", 0, 0, 0),
    )


@dataclass(frozen=True)
class AppointedBelow:
    """An appointment at a unit or below it, with its origin."""

    pk: int
    cadre_id: int
    code: str
    name: str
    title: str
    unit: str
    start_on: dt.date
    decision_no: str
    origin: Origin


def appointed_below(path: str, since: dt.date, until: dt.date) -> list[AppointedBelow]:
    """Appointments to leading titles at the unit or below it, oldest first; one query.

    Unscoped, for inspections: the mandate is asked for there.
    """
    base = _statement(Statement("true", []), OriginFilter(since=since, until=until, path=path))
    rows = rows_of(
        Statement(
            f"""{base.sql}
SELECT p.id, p.cadre_id, c.code, c.full_name, t.name AS title, p.unit_name, p.start_on,
       p.decision_no, p.origin
  FROM placed p JOIN cadres_cadre c ON c.id = p.cadre_id
  JOIN cadres_title t ON t.id = p.title_id
 ORDER BY p.start_on, p.path, p.id""",
            base.values,
        )
    )
    return [
        AppointedBelow(
            row["id"],
            row["cadre_id"],
            row["code"],
            row["full_name"],
            row["title"],
            row["unit_name"],
            row["start_on"],
            row["decision_no"],
            Origin(row["origin"]),
        )
        for row in rows
    ]


def _appointed(actor: Actor, wanted: OriginFilter) -> Statement:
    """`WITH ... placed` over what the actor may see."""
    return _statement(scope_condition(actor), wanted)


def _statement(scope: Statement, wanted: OriginFilter) -> Statement:
    """`WITH ... placed`: one row an appointment, with its best nomination and its origin."""
    where = [
        "a.start_on >= %s",
        "a.start_on <= %s",
        "t.kind = %s",
        "t.id IN (SELECT s.title_id FROM planning_pool l"
        " JOIN cadres_position s ON s.id = l.position_id)",
        "NOT EXISTS (SELECT FROM cadres_appointment b WHERE b.cadre_id = a.cadre_id"
        " AND b.unit_id = a.unit_id AND b.title_id = a.title_id AND b.start_on < a.start_on"
        # The gap that does not break a term either (CONTRACT section 3, reading 2).
        " AND a.start_on - b.end_on < 31)",
        scope.sql,
    ]
    values = [wanted.since, wanted.until, wanted.kind, *scope.values]
    for condition, value in (
        ("u.code = %s", wanted.unit_code or None),
        ("u.level = %s", wanted.level or None),
        ("extract(year FROM a.start_on) = %s", wanted.year),
    ):
        if value is not None:
            where.append(condition)
            values.append(value)
    if wanted.path:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [wanted.path, wanted.path]
    return Statement(
        f"""
WITH placed AS (
    SELECT a.id, a.cadre_id, a.title_id, a.unit_id, a.start_on, a.decision_no, u.path, u.level,
           u.code AS unit_code, u.name AS unit_name,
           extract(year FROM a.start_on)::int AS year, best.id AS best_id,
           CASE WHEN best.is_exact THEN '{Origin.EXACT.value}'
                WHEN best.id IS NOT NULL THEN '{Origin.EQUIVALENT.value}'
                ELSE '{Origin.NONE.value}' END AS origin
      FROM cadres_appointment a
      JOIN cadres_title t ON t.id = a.title_id
      JOIN cadres_unit u ON u.id = a.unit_id
      LEFT JOIN LATERAL (
        SELECT n.id, s.unit_id = a.unit_id AND s.title_id = a.title_id AS is_exact
          FROM planning_nomination n
          JOIN planning_pool l ON l.id = n.pool_id
          JOIN cadres_position s ON s.id = l.position_id
          JOIN cadres_title i ON i.id = s.title_id AND i.kind = t.kind AND i.rank >= t.rank
         WHERE n.cadre_id = a.cadre_id AND n.nominated_on < a.start_on
           AND (n.removed_on IS NULL OR n.removed_on >= a.start_on)
         ORDER BY is_exact DESC, i.rank, n.nominated_on, n.id LIMIT 1) best ON true
     WHERE {" AND ".join(where)})
""",
        values,
    )
