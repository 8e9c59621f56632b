"""Facts of plans, pools and nominations as SQL: the planning source of the engine.

One statement judges all three kinds for a chunk of plans: facts of every nominee once, counts per
plan and per pool from them, verdicts, rows. The same text serves runs, rechecks and what-ifs; only
the relation `nom` (who is nominated) differs.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper

from cadres.choices import Level, TitleKind
from compliance.choices import Outcome, SubjectKind
from compliance.engine import compose
from compliance.engine.figures import stage_figures
from compliance.engine.registry import rules_of
from compliance.engine.rule import Rule
from compliance.engine.source import LAST, Insert, Scope
from planning.choices import BallotDenominator

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION


class PlanningSource:
    """Plans, pools and nominations. Chunks are ranges of plan ids; groups are plans."""

    name = "planning"
    kinds = (PLAN, POOL, NOMINATION)

    def chunks(self, cursor: CursorWrapper, scope: Scope, size: int) -> Sequence[tuple[int, int]]:
        """Ranges of plan ids with about `size` nominations each, two at least.

        Together they cover every id, those of plans that are gone too.
        """
        cursor.execute("SELECT count(*) FROM planning_nomination")
        parts = max(2, -(-cursor.fetchone()[0] // size))
        cursor.execute(
            "SELECT min(id) FROM (SELECT id, ntile(%s) OVER (ORDER BY id) AS part"
            " FROM planning_plan) p GROUP BY part ORDER BY part",
            [parts],
        )
        starts = [row[0] for row in cursor.fetchall()]
        if not starts:
            return []
        return list(zip([0, *starts[1:]], [*(low - 1 for low in starts[1:]), LAST], strict=True))

    def people(self, scope: Scope) -> tuple[str, list[Any]]:
        """Everybody nominated in the plans of the chunk."""
        return (
            f"SELECT cadre_id FROM planning_nomination WHERE {scope.within('plan_id')}",
            [],
        )

    def everybody(self, as_of: date) -> str:
        """Everybody who is nominated on the day, once for each nomination."""
        return (
            f"SELECT cadre_id FROM planning_nomination WHERE nominated_on <= DATE '{as_of}'"
            f" AND (removed_on IS NULL OR removed_on > DATE '{as_of}')"
        )

    def beside(self, kind: SubjectKind) -> tuple[str, ...]:
        """Who was counted where: kept of nominations in complete checks."""
        return ("age", "woman", "minority", "external") if kind == NOMINATION else ()

    groups = "SELECT id AS group_id FROM planning_plan"

    def touched(self, people: str) -> str:
        """The plans with these people, or whose nominations, ballots or terms the days turned."""
        turns = " OR ".join(rule.turns for rule in _rules() if rule.turns)
        return f"""
SELECT plan_id AS group_id FROM planning_nomination WHERE cadre_id IN (
    {people}
    UNION ALL SELECT cadre_id FROM planning_nomination
     WHERE nominated_on > %(since)s AND nominated_on <= %(d)s
        OR removed_on > %(since)s AND removed_on <= %(d)s)
UNION ALL
SELECT l.plan_id FROM planning_ballot b JOIN planning_pool l ON l.id = b.pool_id
 WHERE b.held_on > %(since)s AND b.held_on <= %(d)s
UNION ALL
SELECT p.id FROM planning_plan p JOIN planning_term t ON t.id = p.term_id WHERE {turns}"""

    def basis(self) -> str:
        """The statement that judges, and what it reads of the law."""
        return "\n".join((statement(Scope(date.min)), repr(_cuts()), repr(figures_read())))

    def judge(self, cursor: CursorWrapper, scope: Scope, insert: Insert) -> None:
        """Judge every plan in scope with its pools and nominations."""
        _stage_plans(cursor, scope)
        cursor.execute(
            insert(f"WITH nom AS NOT MATERIALIZED ({_NOMINATED}), {statement(scope)}"),
            [scope.as_of, scope.as_of],
        )
        for table in (
            "pool_scope",
            "plan_scope",
            *(f"figure{part}" for part in FIGURE_TABLES),
        ):
            cursor.execute(f"DROP TABLE {table}")

    def labels(self, kind: SubjectKind, staged: str) -> str:
        """Names of the staged subjects of one kind."""
        return LABELS[kind].format(staged=staged, kind=kind.value)


# Titles are counted within one term and one level: a number for each such pair.
SERIES = (
    "({plan}.term_id * 8 + array_position(" + f"ARRAY{Level.values}::varchar[], " + "{unit}.level))"
)
#: What the share of agreeing ballots is taken of: as the province set it, else who was summoned.
BASE = (
    "(CASE (SELECT ballot_denominator FROM planning_processsetting)"
    + "".join(
        f" WHEN '{each.value}' THEN b.{each.value}"
        for each in BallotDenominator
        if each != BallotDenominator.SUMMONED
    )
    + " ELSE b.summoned END)"
)
FIGURE_TABLES = ("", "_key", "_set", "_day")

# Facts of a plan and of a pool: name -> SQL.
_PLAN = {
    "plan_id": "p.id",
    "unit_id": "p.unit_id",
    "on_date": "%s::date",
    "term_id": "p.term_id",
    "status": "p.status",
    "approved_on": "p.approved_on",
    "last_reviewed_on": "p.last_reviewed_on",
    "starts_on": "t.starts_on",
    "path": "u.path",
    "level": "u.level",
    "series": SERIES.format(plan="p", unit="u"),
    "parent": "u.numchild > 0",
}
_POOL = {
    "pool_id": "l.id",
    "prescribed": "s.prescribed",
    "title_rank": "t.rank",
    "min_degree": "t.min_degree",
    "min_theory": "t.min_theory",
    "committee": f"t.kind = '{TitleKind.COMMITTEE.value}'",
    "leadership": f"t.kind = '{TitleKind.LEADERSHIP.value}'",
}
#: Those that the statement itself reads of a nominee's pool, beside what rules name.
_NOMINEE = "pool_id plan_id unit_id figures_id committee series path"


def _rules() -> list[Rule]:
    return list(
        {rule.code: rule for kind in PlanningSource.kinds for rule in rules_of(kind)}.values()
    )


def figures_read() -> dict[str, str]:
    """Figure -> legal parameter, over everything that is judged here."""
    return compose.figures_of(_rules())


def _cuts() -> dict[str, str]:
    return compose.merged((rule.cuts for rule in _rules()), "cut")


def _columns(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {name}" for name, sql in facts.items())


def plan_subjects(where: str) -> str:
    """SQL of `plan_subject`: plans `p` of units `u` that `where` keeps; its first value is D."""
    return (
        f"SELECT {_columns(_PLAN)} FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id"
        f" JOIN planning_term t ON t.id = p.term_id WHERE {where}"
    )


def plan_scopes() -> str:
    """SQL of `plan_scope` out of `plan_subject` and `figure`."""
    derived = "".join(f", {sql} AS {name}" for name, sql in _cuts().items())
    figures = "".join(f", f.{name}" for name in figures_read())
    return (
        f"SELECT p.*{derived} FROM (SELECT s.*, greatest(s.on_date, s.starts_on) AS serves_from,"
        f" f.figures_id{figures} FROM plan_subject s JOIN figure f ON f.unit_id = s.unit_id) p"
    )


#: SQL of `pool_scope` out of `plan_scope`.
POOL_SCOPES = (
    f"SELECT p.*, {_columns(_POOL)}"
    " FROM plan_scope p JOIN planning_pool l ON l.plan_id = p.plan_id"
    " JOIN cadres_position s ON s.id = l.position_id JOIN cadres_title t ON t.id = s.title_id"
)


def _stage_plans(cursor: CursorWrapper, scope: Scope) -> None:
    """`plan_scope`: a row per plan with its figures and what follows from them once."""
    where = [scope.within("p.id")]
    values: list[Any] = []
    if scope.path is not None:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [scope.path, scope.path]
    cursor.execute(
        f"CREATE TEMP TABLE plan_subject ON COMMIT DROP AS {plan_subjects(' AND '.join(where))}",
        [scope.as_of, *values],
    )
    stage_figures(cursor, figures=figures_read(), subjects="plan_subject")
    cursor.execute(f"CREATE TEMP TABLE plan_scope ON COMMIT DROP AS {plan_scopes()}")
    cursor.execute("DROP TABLE plan_subject")
    cursor.execute(f"CREATE TEMP TABLE pool_scope ON COMMIT DROP AS {POOL_SCOPES}")
    # Statistics of the keys are enough, and those of fifty columns are not free.
    cursor.execute(
        "ANALYZE plan_scope (plan_id, titles_maximum); ANALYZE pool_scope (pool_id, plan_id);"
        " SET LOCAL join_collapse_limit = 1"
    )


#: Who is nominated on a day, given twice.
_NOMINATED = (
    "SELECT id, plan_id, pool_id, cadre_id FROM planning_nomination"
    " WHERE nominated_on <= %s AND (removed_on IS NULL OR removed_on > %s)"
)


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"[a-z_0-9]+", text)}


def _scope_columns() -> list[str]:
    """Every column of `pool_scope`."""
    return [*_PLAN, "serves_from", "figures_id", *figures_read(), *_cuts(), *_POOL]


def _flags() -> dict[str, str]:
    """What is counted per plan and pool, as conditions over nominees."""
    grouped = {rule.code: rule for kind in (PLAN, POOL) for rule in rules_of(kind)}.values()
    return compose.merged((rule.counts for rule in grouped), "count")


def nominees(scope: Scope) -> str:
    """`nominee` with what it needs, after `WITH nom AS (...),`: verdicts on each nomination."""
    flags = _flags()
    flagged = "".join(f", ({sql}) AS {name}" for name, sql in flags.items())
    columns, verdicts = compose.outcome_columns(NOMINATION)
    worst = f"greatest({', '.join(columns)})"
    stored = "true" if scope.complete else f"{worst} >= {Outcome.CANNOT_TELL.value}"
    measured = compose.counts(NOMINATION, complete=scope.complete)
    if scope.complete:
        age, titles = "date_part('year', age(p.on_date, s.birth_date))::int", "t.titles"
    else:
        # How many titles matters only above the maximum, which few people reach.
        age, titles = "NULL::int", "CASE WHEN t.titles > p.titles_maximum THEN t.titles END"
    mine = f"SELECT DISTINCT cadre_id FROM nom WHERE {scope.within('plan_id')}"
    person, voted = "n.cadre_id", ""
    if scope.is_shared:
        # Of a good part of everything: only who is nominated more often than the least that is
        # allowed, which few are, and only the ballots from the first to the last pool.
        mine = (
            f"SELECT cadre_id FROM {scope.standing} s"
            " WHERE named > (SELECT min(titles_maximum) FROM plan_scope)"
        )
        person = "CASE WHEN s.named > p.titles_maximum THEN n.cadre_id END"
        voted = (
            "AND b.pool_id BETWEEN (SELECT min(pool_id) FROM pool_scope)"
            " AND (SELECT max(pool_id) FROM pool_scope)"
        )
    used = _words(flagged, verdicts, measured, age, titles, _NOMINEE)
    scoped = ", ".join(name for name in _scope_columns() if name in used)
    standing = scope.standing
    return f"""
 title_count AS (
    SELECT n.cadre_id, {SERIES.format(plan="q", unit="v")} AS series, count(*)::int AS titles
      FROM ({mine}) m
      CROSS JOIN LATERAL (SELECT cadre_id, plan_id FROM nom
                           WHERE nom.cadre_id = m.cadre_id OFFSET 0) n
      JOIN planning_plan q ON q.id = n.plan_id JOIN cadres_unit v ON v.id = q.unit_id
     GROUP BY 1, 2),
 ballot AS (
    SELECT b.pool_id, b.cadre_id, count(*)::int AS steps,
           count(*) FILTER (WHERE NOT b.agree * 100 > p.ballot_percent * {BASE})::int AS failed
      FROM planning_ballot b JOIN pool_scope p ON p.pool_id = b.pool_id
     WHERE b.held_on <= p.on_date {voted}
     GROUP BY 1, 2),
 nominee AS MATERIALIZED (
    SELECT id, pool_id, plan_id, unit_id, figures_id, committee, first,
           ARRAY[{", ".join(columns)}]::smallint[] AS outcomes,
           CASE WHEN {stored} THEN {measured} END AS counts
           {"".join(f", {name}" for name in flags)}
      FROM (SELECT x.*, {verdicts}
              FROM (SELECT n.id, n.first, p.*, n.cadre_id, s.rank AS current_rank, s.degree,
                           s.theory, s.grade, s.disciplines, s.retires_first, s.retires_last,
                           s.woman::int AS woman, s.minority::int AS minority, {age} AS age,
                           (strpos(s.paths, '|' || p.path) = 0)::int AS external,
                           {titles} AS titles, b.steps, b.failed {flagged}
                      FROM (SELECT id, plan_id, pool_id, cadre_id,
                                   row_number() OVER (PARTITION BY plan_id, cadre_id) = 1 AS first
                              FROM nom WHERE {scope.within("plan_id")}) n
                      LEFT JOIN {standing} s ON s.cadre_id = n.cadre_id
                      LEFT JOIN ballot b ON b.pool_id = n.pool_id AND b.cadre_id = n.cadre_id
                      JOIN (SELECT {scoped} FROM pool_scope) p ON p.pool_id = n.pool_id
                      LEFT JOIN title_count t ON t.cadre_id = {person}
                            AND t.series = p.series) x
            OFFSET 0) y)"""


def statement(scope: Scope) -> str:
    """The one statement, after `WITH nom AS (...),`. Reads `plan_scope`, `pool_scope`."""
    of_pool, of_plan = (
        dict.fromkeys(name for rule in rules_of(kind) for name in rule.counts)
        for kind in (POOL, PLAN)
    )
    # Whoever stands in a plan twice counts once there, where they are `first`.
    counted = "".join(
        f", count(*) FILTER (WHERE {where} AND {name})::int AS {prefix}{name}"
        for names, where, prefix in ((of_pool, "committee", ""), (of_plan, "first", "plan_"))
        for name in names
    )
    summed = "".join(f", sum(plan_{name})::int AS {name}" for name in of_plan)
    pool_zeroed, plan_zeroed = (
        "".join(f", coalesce(c.{name}, 0) AS {name}" for name in names)
        for names in (of_pool, of_plan)
    )
    return f"""{nominees(scope)},
 by_pool AS (
    SELECT plan_id, pool_id, count(*)::int AS total,
           count(*) FILTER (WHERE first)::int AS plan_total {counted}
      FROM nominee GROUP BY plan_id, pool_id),
 by_plan AS (
    SELECT plan_id, sum(plan_total)::int AS total {summed} FROM by_pool GROUP BY plan_id)
 SELECT {PLAN.value}, plan_id, plan_id, unit_id, figures_id, {compose.outcomes(PLAN)},
        {compose.counts(PLAN)}
   FROM (SELECT p.*, coalesce(c.total, 0) AS total {plan_zeroed}
           FROM plan_scope p LEFT JOIN by_plan c ON c.plan_id = p.plan_id) x
 UNION ALL
 SELECT {POOL.value}, plan_id, pool_id, unit_id, figures_id, {compose.outcomes(POOL)},
        {compose.counts(POOL)}
   FROM (SELECT p.*, coalesce(c.total, 0) AS total {pool_zeroed}
           FROM pool_scope p LEFT JOIN by_pool c ON c.pool_id = p.pool_id) x
 UNION ALL
 SELECT {NOMINATION.value}, plan_id, id, unit_id, figures_id, outcomes, counts
   FROM nominee WHERE counts IS NOT NULL"""


_NOBODY = "NULL::varchar AS cadre_code, NULL::varchar AS cadre_name"
_NO_TITLE = "NULL::varchar AS title_code, NULL::varchar AS title_name"
_UNDATED = "NULL::int AS year, NULL::date AS start_on"
_PLAN_JOINS = (
    "FROM {staged} r JOIN planning_plan p ON p.id = r.group_id"
    " JOIN cadres_unit u ON u.id = p.unit_id JOIN planning_term t ON t.id = p.term_id"
)
_PLAN_NAMES = "SELECT r.subject_id, u.code AS unit_code, u.name AS unit_name, t.code AS term"
_TITLE_JOINS = (
    " JOIN cadres_position s ON s.id = l.position_id JOIN cadres_title i ON i.id = s.title_id"
)
_TITLE = "i.code AS title_code, i.name AS title_name"

LABELS = {
    PLAN: f"{_PLAN_NAMES}, {_NO_TITLE}, {_NOBODY}, {_UNDATED} {_PLAN_JOINS}"
    " WHERE r.kind = {kind}",
    POOL: f"{_PLAN_NAMES}, {_TITLE}, {_NOBODY}, {_UNDATED} {_PLAN_JOINS}"
    f" JOIN planning_pool l ON l.id = r.subject_id{_TITLE_JOINS} WHERE r.kind = {{kind}}",
    NOMINATION: f"{_PLAN_NAMES}, {_TITLE}, c.code AS cadre_code, c.full_name AS cadre_name,"
    f" {_UNDATED} {_PLAN_JOINS} JOIN planning_nomination n ON n.id = r.subject_id"
    f" JOIN planning_pool l ON l.id = n.pool_id{_TITLE_JOINS}"
    " JOIN cadres_cadre c ON c.id = n.cadre_id WHERE r.kind = {kind}",
}
