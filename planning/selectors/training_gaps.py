"""What nominees lack for the titles they are planned for: the basis of a plan of training.

Degree and theory are judged by the SQL of `planning.qualification` itself, half by half; skills by
what the province's documents ask of the title. One statement over all plans in scope.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cadres.choices import (
    Degree,
    MemberState,
    SkillKind,
    Theory,
    TrainingKind,
    skill_level_label,
)
from cadres.policies import Actor
from cadres.selectors.cadres import visible_ids
from cadres.selectors.trainings import OPEN_STATES, TAUGHT_BY, people_editable
from compliance.choices import Outcome, SubjectKind
from compliance.engine import compose
from compliance.engine.registry import rule_by_code
from planning.selectors.skills import skill_verdict, skills_asked
from planning.selectors.stored import Statement, rows_of, scope_condition

QUALIFICATION = "planning.qualification"
DEGREE, THEORY = "degree", "theory"


@dataclass(frozen=True)
class Need:
    """A course that somebody needs: degree, theory or a skill, up to `level` (None: any)."""

    what: str
    level: int | None

    @property
    def key(self) -> str:
        """As an address says it: `theory-3`, `language`."""
        return self.what if self.level is None else f"{self.what}-{self.level}"

    @property
    def label(self) -> str:
        """What is to be learned, in words."""
        if self.what == DEGREE and self.level is not None:
            return f"{TrainingKind.PROFESSIONAL.label}: {str(Degree(self.level).label).lower()}"
        if self.what == THEORY and self.level is not None:
            return f"{TrainingKind.THEORY.label}: {str(Theory(self.level).label).lower()}"
        return skill_level_label(self.what, self.level)

    @property
    def course_kind(self) -> str:
        """The kind of course that teaches it."""
        if self.what == DEGREE:
            return TrainingKind.PROFESSIONAL
        return TrainingKind.THEORY if self.what == THEORY else TAUGHT_BY[SkillKind(self.what)]


def need_of(key: str) -> Need | None:
    """The need that an address names; None for nonsense."""
    what, _dash, level = key.partition("-")
    if what not in (DEGREE, THEORY, *SkillKind.values) or (level and not level.isdecimal()):
        return None
    return Need(what, int(level) if level else None)


@dataclass(frozen=True)
class GapCount:
    """How many nominees need something: over all units (`unit_code` "") or in one.

    `lacking`: surely; `unclear`: the file does not tell; `sent`: of both, those who are in a course
    of that kind which is not over.
    """

    need: Need
    unit_code: str
    unit_name: str
    lacking: int
    unclear: int
    sent: int


@dataclass(frozen=True)
class GapPerson:
    """Somebody who needs it, with the titles that ask for it. `can_send`: the actor may."""

    cadre_id: int
    code: str
    name: str
    titles: str
    is_unclear: bool
    is_sent: bool
    is_open: bool
    can_send: bool


def gap_counts(actor: Actor, as_of: dt.date, *, path: str = "") -> list[GapCount]:
    """Needs of all nominees, then unit by unit in the order of the tree; one query.

    A person counts once per need, whatever number of titles asks for it, at the highest level.
    """
    base = _gaps(actor, as_of, path)
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT g.what, g.level, coalesce(u.code, '') AS code,"
            " coalesce(u.name, '') AS name, u.path,"
            f" count(DISTINCT g.cadre_id) FILTER (WHERE g.outcome = {_BAD}) AS lacking,"
            f" count(DISTINCT g.cadre_id) FILTER (WHERE g.outcome = {_UNCLEAR}) AS unclear,"
            " count(DISTINCT g.cadre_id) FILTER (WHERE g.sent) AS sent"
            " FROM gap g LEFT JOIN cadres_unit u ON u.id = g.unit_id"
            " GROUP BY GROUPING SETS ((g.what, g.level), (g.what, g.level, u.code, u.name, u.path))"
            " ORDER BY u.path NULLS FIRST, g.what, g.level DESC NULLS LAST",
            base.values,
        )
    )
    return [
        GapCount(
            Need(row["what"], row["level"]),
            row["code"],
            row["name"],
            row["lacking"],
            row["unclear"],
            row["sent"],
        )
        for row in rows
    ]


def gap_people(
    actor: Actor, as_of: dt.date, need: Need, *, path: str = "", unit_id: int | None = None
) -> list[GapPerson]:
    """Who needs it, as Vietnamese lists are sorted; three queries."""
    base = _gaps(actor, as_of, path)
    where, values = "g.what = %s AND g.level IS NOT DISTINCT FROM %s", [need.what, need.level]
    if unit_id is not None:
        where += " AND g.unit_id = %s"
        values.append(unit_id)
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT c.id, c.code, c.full_name, c.sort_key,"
            " string_agg(DISTINCT g.title, ', ') AS titles,"
            f" max(g.outcome) = {_UNCLEAR} AS unclear, bool_or(g.sent) AS sent"
            " FROM gap g JOIN cadres_cadre c ON c.id = g.cadre_id"
            f" WHERE {where} GROUP BY c.id ORDER BY c.sort_key, c.code",
            [*base.values, *values],
        )
    )
    editable = {person.pk for person in people_editable(actor, [row["id"] for row in rows])}
    visible = visible_ids(actor, [row["id"] for row in rows])
    return [
        GapPerson(
            cadre_id=row["id"],
            code=row["code"],
            name=row["full_name"],
            titles=row["titles"],
            is_unclear=row["unclear"],
            is_sent=row["sent"],
            is_open=row["id"] in visible,
            can_send=row["id"] in editable,
        )
        for row in rows
    ]


_BAD, _UNCLEAR = Outcome.NOT_MET.value, Outcome.CANNOT_TELL.value


def _half(silenced: str) -> str:
    """The verdict on the title's standard as if it asked nothing in `silenced`."""
    asked = {"min_degree": "n.min_degree", "min_theory": "n.min_theory"}
    asked[silenced] = "NULL::smallint"
    columns = ", ".join(f"{sql} AS {name}" for name, sql in asked.items())
    verdict = compose.verdict(rule_by_code(QUALIFICATION), SubjectKind.NOMINATION)
    return f"(SELECT {verdict} FROM (SELECT n.degree, n.theory, {columns}) f)"


def _gaps(actor: Actor, as_of: dt.date, path: str) -> Statement:
    """`WITH ... gap`: one row per nominee, unit and need that is not met or not to be told.

    Of several levels of the same thing the highest one stays: one course answers for all.
    """
    scope = scope_condition(actor)
    where, values = [scope.sql], list(scope.values)
    if path:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [path, path]
    taught: list[tuple[str, str]] = [
        (DEGREE, TrainingKind.PROFESSIONAL.value),
        (THEORY, TrainingKind.THEORY.value),
        *((skill.value, kind.value) for skill, kind in TAUGHT_BY.items()),
    ]
    kinds = ", ".join(f"('{what}', '{kind}')" for what, kind in taught)
    states = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
    stays = f"'{MemberState.ABSENT.value}'"
    sql = f"""
WITH nominee AS MATERIALIZED (
    SELECT DISTINCT n.cadre_id, p.unit_id, s.title_id, t.name AS title, t.min_degree,
           t.min_theory, c.degree, c.theory
      FROM planning_nomination n
      JOIN planning_plan p ON p.id = n.plan_id
      JOIN planning_term m ON m.id = p.term_id AND m.ends_on >= %s
      JOIN cadres_unit u ON u.id = p.unit_id
      JOIN planning_pool l ON l.id = n.pool_id
      JOIN cadres_position s ON s.id = l.position_id
      JOIN cadres_title t ON t.id = s.title_id
      JOIN cadres_cadre c ON c.id = n.cadre_id
     WHERE n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)
       AND {" AND ".join(where)}
), every AS (
    SELECT n.cadre_id, n.unit_id, n.title, '{DEGREE}' AS what, n.min_degree AS level,
           {_half("min_theory")} AS outcome FROM nominee n
    UNION ALL
    SELECT n.cadre_id, n.unit_id, n.title, '{THEORY}', n.min_theory, {_half("min_degree")}
      FROM nominee n
    UNION ALL
    SELECT n.cadre_id, n.unit_id, n.title, s.kind, s.level, {skill_verdict("n.cadre_id", "%s")}
      FROM nominee n JOIN cadres_titleskill s ON {skills_asked("n.title_id", "%s")}
), ranked AS (
    SELECT e.*, max(e.level) OVER (PARTITION BY e.cadre_id, e.what) AS highest
      FROM every e WHERE e.outcome IN ({_BAD}, {_UNCLEAR})
), gap AS (
    SELECT r.cadre_id, r.unit_id, r.title, r.what, r.highest AS level,
           max(r.outcome) OVER (PARTITION BY r.cadre_id, r.what) AS outcome,
           EXISTS (SELECT FROM cadres_coursemember m JOIN cadres_course k ON k.id = m.course_id
                    JOIN (VALUES {kinds}) v (what, kind) ON v.kind = k.kind
                    WHERE m.cadre_id = r.cadre_id AND v.what = r.what
                      AND k.state IN ({states}) AND m.state <> {stays}) AS sent
      FROM ranked r
)
"""
    return Statement(sql, [as_of, as_of, as_of, *values, as_of, as_of, as_of, as_of])


# ---- Trained after being planned -----------------------------------------------------------------


@dataclass(frozen=True)
class TrainedShare:
    """Of the nominees of a unit (`unit_code` "": of all) on a day, how many learned after.

    Learned: a course that ended after the day of the first nomination that holds, by the day.
    """

    unit_code: str
    unit_name: str
    day: dt.date
    people: int
    trained: int


def trained_shares(actor: Actor, days: Sequence[dt.date], *, path: str = "") -> list[TrainedShare]:
    """Shares on each day over all, then unit by unit in the order of the tree; one query."""
    base = _nominated(actor, days, path)
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT coalesce(u.code, '') AS code, coalesce(u.name, '') AS name,"
            " u.path, n.day, count(DISTINCT n.cadre_id) AS people,"
            " count(DISTINCT n.cadre_id) FILTER (WHERE n.trained) AS trained"
            " FROM nominee n LEFT JOIN cadres_unit u ON u.id = n.unit_id"
            " GROUP BY GROUPING SETS ((n.day), (n.day, u.code, u.name, u.path))"
            " ORDER BY u.path NULLS FIRST, n.day",
            base.values,
        )
    )
    return [
        TrainedShare(row["code"], row["name"], row["day"], row["people"], row["trained"])
        for row in rows
    ]


@dataclass(frozen=True)
class TrainedPerson:
    """A nominee, and the last course that ended after the nomination ("" for none)."""

    code: str
    name: str
    nominated_on: dt.date
    course: str
    ended_on: dt.date | None
    is_open: bool


def trained_people(
    actor: Actor, day: dt.date, *, path: str = "", unit_id: int | None = None
) -> list[TrainedPerson]:
    """The people behind a share, who learned nothing first; two queries."""
    base = _nominated(actor, [day], path)
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT c.id, c.code, c.full_name, min(n.since) AS since,"
            " (array_agg(g.course ORDER BY g.ended DESC NULLS LAST))[1] AS course,"
            " max(g.ended) AS ended"
            " FROM nominee n JOIN cadres_cadre c ON c.id = n.cadre_id"
            " LEFT JOIN LATERAL (SELECT t.course, coalesce(t.end_on, t.start_on) AS ended"
            " FROM cadres_training t WHERE t.cadre_id = n.cadre_id"
            " AND coalesce(t.end_on, t.start_on) BETWEEN n.since AND n.day) g ON true"
            " WHERE %s::bigint IS NULL OR n.unit_id = %s"
            " GROUP BY c.id ORDER BY max(g.ended) IS NOT NULL, c.sort_key, c.code",
            [*base.values, unit_id, unit_id],
        )
    )
    visible = visible_ids(actor, [row["id"] for row in rows])
    return [
        TrainedPerson(
            code=row["code"],
            name=row["full_name"],
            nominated_on=row["since"],
            course=row["course"] or "",
            ended_on=row["ended"],
            is_open=row["id"] in visible,
        )
        for row in rows
    ]


def _nominated(actor: Actor, days: Sequence[dt.date], path: str) -> Statement:
    """`WITH nominee`: one row per person, unit and day, since when planned, whether trained."""
    scope = scope_condition(actor)
    where, values = [scope.sql], list(scope.values)
    if path:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [path, path]
    sql = f"""
WITH nominee AS MATERIALIZED (
    SELECT d.day, p.unit_id, n.cadre_id, min(n.nominated_on) AS since,
           EXISTS (SELECT FROM cadres_training t WHERE t.cadre_id = n.cadre_id
                    AND coalesce(t.end_on, t.start_on)
                        BETWEEN min(n.nominated_on) AND d.day) AS trained
      FROM unnest(%s::date[]) d (day)
      JOIN planning_nomination n ON n.nominated_on <= d.day
       AND (n.removed_on IS NULL OR n.removed_on > d.day)
      JOIN planning_plan p ON p.id = n.plan_id
      JOIN planning_term m ON m.id = p.term_id AND m.ends_on >= d.day
      JOIN cadres_unit u ON u.id = p.unit_id
     WHERE {" AND ".join(where)}
     GROUP BY d.day, p.unit_id, n.cadre_id
)
"""
    return Statement(sql, [list(days), *values])
