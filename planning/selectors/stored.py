"""Verdicts that runs left, summed up per plan in SQL: which run a day rests on, and its scores.

The overview and the list of plans read the live state (today) or the snapshot of a day through the
same statement. A plan's score says, for each column of the overview, its outcome and its number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from cadre_portal.common import clock
from cadres.policies import EVERYTHING, Actor, can_see_sensitive, scope_paths, sensitive_paths
from compliance.choices import Outcome, RunKind, RunStatus, SubjectKind
from compliance.engine.compose import count_place
from compliance.engine.registry import rule_by_code, rules_of, slot_of

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION
BAD, UNCLEAR, GOOD = Outcome.NOT_MET.value, Outcome.CANNOT_TELL.value, Outcome.MET.value


# ---- Columns ---------------------------------------------------------------------------------


class Criterion(NamedTuple):
    """A column of the overview: the rules that it sums up, and for which kind of subject.

    One rule on plans shows the measured value; several, or people, show how many are not right.
    """

    key: str
    rules: tuple[str, ...]
    kind: SubjectKind


CRITERIA = (
    Criterion("ages", ("planning.three_age_bands",), PLAN),
    Criterion("young", ("planning.young_share",), PLAN),
    Criterion("women", ("planning.women_share",), PLAN),
    Criterion("minority", ("planning.minority_share",), PLAN),
    Criterion("open", ("planning.openness",), PLAN),
    Criterion("number", ("planning.candidates_per_title", "planning.committee_coefficient"), POOL),
    Criterion("standard", ("planning.qualification",), NOMINATION),
    Criterion("review", ("planning.annual_review",), PLAN),
)
#: Everything that no column names, so that a plan that fails shows why: lineage, the shares of
#: committee pools, and what stands in the way of single people.
OTHER = "other"
KEYS = (*(criterion.key for criterion in CRITERIA), OTHER)


def criterion_of(key: str) -> Criterion | None:
    """The column with this key; None for `OTHER`."""
    return next((each for each in CRITERIA if each.key == key), None)


def keys_shown(actor: Actor) -> tuple[str, ...]:
    """The columns that the actor gets: none of sensitive rules only, without any right to those."""
    if can_see_sensitive(actor):
        return KEYS
    hidden = {
        each.key for each in CRITERIA if all(rule_by_code(code).sensitive for code in each.rules)
    }
    return tuple(key for key in KEYS if key not in hidden)


# ---- Which run -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """What the pages of a day rest on; `run_id` None: the live state."""

    as_of: dt.date
    run_id: int | None
    checked_at: dt.datetime
    first_on: dt.date

    @property
    def is_live(self) -> bool:
        """The live state, which edits keep up to date."""
        return self.run_id is None

    @property
    def table(self) -> str:
        """The table of verdicts."""
        return "compliance_state" if self.is_live else "compliance_snapshot"

    def count(self, kind: SubjectKind, name: str) -> str:
        """SQL of a stored count in a row `v` of a kind."""
        if self.is_live:
            return f"v.counts[{count_place(kind, name)}]"
        return f"(v.counts ->> '{name}')::int"

    @property
    def condition(self) -> str:
        """SQL that keeps this basis' rows of `v`."""
        return "true" if self.is_live else f"v.run_id = {int(self.run_id or 0)}"


@dataclass(frozen=True)
class Checked:
    """What has been checked for a day: the basis, None if nothing; a run that is under way."""

    basis: Basis | None
    open_run_id: int | None


def checked(actor: Actor, as_of: dt.date) -> Checked:
    """The live state for today, else the newest finished snapshot of the day; one query.

    A snapshot of part of the tree serves who sees nothing outside that part.
    """
    is_today = as_of == clock.today()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (r.kind, r.unit_id, r.status) r.id, r.kind, r.as_of, r.status,"
            " r.finished_at, coalesce(u.path, ''),"
            " (SELECT min(as_of) FROM compliance_compliancerun WHERE kind = 'live'"
            " AND status = 'finished')"
            " FROM compliance_compliancerun r LEFT JOIN cadres_unit u ON u.id = r.unit_id"
            " WHERE r.status = ANY(%s)"
            " AND (r.kind = %s AND r.as_of <= %s AND %s OR r.kind = %s AND r.as_of = %s)"
            " ORDER BY r.kind, r.unit_id, r.status, r.id DESC",
            [
                [RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.FINISHED],
                RunKind.LIVE,
                as_of,
                is_today,
                RunKind.SNAPSHOT,
                as_of,
            ],
        )
        rows = cursor.fetchall()
    paths = scope_paths(actor)
    rows = [row for row in rows if all(path.startswith(row[5]) for path in paths)]
    rows.sort(reverse=True)
    under_way = next((row[0] for row in rows if row[3] != RunStatus.FINISHED), None)
    done = [row for row in rows if row[3] == RunStatus.FINISHED]
    live = next((row for row in done if row[1] == RunKind.LIVE), None)
    chosen = live or next(iter(done), None)
    if chosen is None:
        return Checked(None, under_way)
    run_id = None if chosen is live else chosen[0]
    return Checked(Basis(chosen[2], run_id, chosen[4], chosen[6] or chosen[2]), under_way)


# ---- Scores ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PlanFilter:
    """Which plans; None and "" ask nothing.

    `path`: a unit and everything below it; `day`: of its term; `failing`: the key of a column that
    is not met.
    """

    term_id: int | None = None
    path: str = ""
    level: str = ""
    status: str = ""
    outcome: Outcome | None = None
    failing: str = ""
    unit_id: int | None = None
    day: dt.date | None = None


TERM_OF_DAY = """
SELECT id FROM planning_term
 ORDER BY (starts_on <= %s AND ends_on >= %s) DESC, starts_on DESC LIMIT 1
"""


class Statement(NamedTuple):
    """SQL with its parameters."""

    sql: str
    values: list[Any]


def scope_condition(actor: Actor, column: str = "u.path") -> Statement:
    """SQL of "the unit lies where the actor may look today"."""
    return paths_condition(scope_paths(actor), column)


def told_condition(actor: Actor, is_sensitive: str, column: str = "u.path") -> Statement:
    """SQL of "not `is_sensitive`, or the actor may see sensitive data of the unit"."""
    paths = sensitive_paths(actor)
    if paths is None:
        return Statement("true", [])
    where = paths_condition(paths, column)
    return Statement(f"({where.sql} OR NOT {is_sensitive})", where.values)


def paths_condition(paths: tuple[str, ...], column: str) -> Statement:
    """SQL of "`column` lies in the subtree of one of the paths"."""
    if paths == (EVERYTHING,):
        return Statement("true", [])
    if not paths:
        return Statement("false", [])
    parts = " OR ".join(f"({column} >= %s AND {column} < %s || '~')" for _path in paths)
    return Statement(f"({parts})", [value for path in paths for value in (path, path)])


def scores(actor: Actor, basis: Basis | None, wanted: PlanFilter) -> Statement:
    """`WITH ... score AS (...)`: one row a plan in scope, worst things summed up.

    Verdicts of sensitive rules count only where they are for the actor. Columns: plan_id, unit_id,
    term_id, status, decision_no, approved_on, code, name, level, path,
    people; for each key of `KEYS` its outcome `<key>` and number `<key>_n` (how many pools or
    findings are not right; NULL where the column shows a measured value); `worst`, NULL without a
    check; `failing`, `unclear`: how many columns.
    """
    subjects, is_part_told = _subjects(actor, wanted)
    names = [f"c.{key}, c.{key}_n" for key in KEYS]
    outcomes = ", ".join(f"c.{key}" for key in KEYS)
    failing = " + ".join(f"(c.{key} = {BAD})::int" for key in KEYS)
    unclear = " + ".join(f"(c.{key} = {UNCLEAR})::int" for key in KEYS)
    sql = f"""{subjects.sql},
summed AS ({_summed(basis, is_part_told=is_part_told)}),
score AS (
    SELECT s.*, c.people, {", ".join(names)}, greatest({outcomes}) AS worst,
           {failing} AS failing, {unclear} AS unclear
      FROM subject s LEFT JOIN summed c ON c.plan_id = s.plan_id)
"""
    return Statement(sql, subjects.values)


def _subjects(actor: Actor, wanted: PlanFilter) -> tuple[Statement, bool]:
    """`WITH subject AS (...)`: the plans; and whether sensitive verdicts are hidden in some."""
    scope = scope_condition(actor)
    where, values = [scope.sql], list(scope.values)
    for sql, value in (
        ("p.term_id = %s", wanted.term_id),
        ("u.level = %s", wanted.level or None),
        ("p.status = %s", wanted.status or None),
        ("p.unit_id = %s", wanted.unit_id),
    ):
        if value is not None:
            where.append(sql)
            values.append(value)
    if wanted.path:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [wanted.path, wanted.path]
    if wanted.day:
        where.append(f"p.term_id = ({TERM_OF_DAY})")
        values += [wanted.day, wanted.day]
    told = told_condition(actor, "true")
    sql = f"""
WITH subject AS MATERIALIZED (
    SELECT p.id AS plan_id, p.unit_id, p.term_id, p.status, p.decision_no, p.approved_on,
           u.code, u.name, u.level, u.path, {told.sql} AS is_told
      FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id
     WHERE {" AND ".join(where)})"""
    return Statement(sql, [*told.values, *values]), told.sql != "true"


def _summed(basis: Basis | None, *, is_part_told: bool) -> str:
    """Verdicts of a plan, its pools and its nominations in one row.

    Each kind by itself: a plan has one row of verdicts, which nothing needs to sum up, and what
    the many nominations are asked is little. `is_part_told`: sensitive verdicts are not for the
    actor everywhere; they count where they are.
    """
    if basis is None:
        nothing = ", ".join(f"NULL::int AS {key}, NULL::int AS {key}_n" for key in KEYS)
        return f"SELECT NULL::bigint AS plan_id, NULL::int AS people, {nothing} WHERE false"
    verdicts = _told_verdicts(basis) if is_part_told else basis.table

    def of(kind: SubjectKind) -> str:
        return (
            f"FROM {verdicts} v WHERE {basis.condition} AND v.kind = {kind.value}"
            " AND v.group_id = ANY(ARRAY(SELECT plan_id FROM subject))"
        )

    parts = "".join(
        f" LEFT JOIN (SELECT v.group_id, {_tallies(kind)} {of(kind)} GROUP BY v.group_id)"
        f" t{kind.value} ON t{kind.value}.group_id = v.group_id"
        for kind in (POOL, NOMINATION)
    )
    columns = [
        f"{_outcome(each)} AS {each.key}, {_number(each)} AS {each.key}_n" for each in CRITERIA
    ]
    bad, unclear = _others(BAD), _others(UNCLEAR)
    columns.append(
        f"CASE WHEN {bad} > 0 THEN {BAD} WHEN {unclear} > 0 THEN {UNCLEAR} ELSE {GOOD} END"
        f" AS {OTHER}, CASE WHEN {bad} > 0 THEN {bad} ELSE {unclear} END AS {OTHER}_n"
    )
    return (
        f"SELECT v.group_id AS plan_id, {basis.count(PLAN, 'total')} AS people,"
        f" {', '.join(columns)} FROM (SELECT v.group_id, v.counts, v.outcomes {of(PLAN)}) v{parts}"
    )


def worst_scores(actor: Actor, basis: Basis | None, wanted: PlanFilter) -> Statement:
    """`WITH ... score AS (...)` with no more than the `path` and the `worst` of `scores`.

    Nothing is summed up: the search in a plan ends at the first verdict that is bad.
    """
    subjects, is_part_told = _subjects(actor, wanted)
    if basis is None:
        nothing = f"{subjects.sql}, score AS (SELECT path, NULL::int AS worst FROM subject)"
        return Statement(nothing, subjects.values)
    verdicts = _told_verdicts(basis) if is_part_told else basis.table

    def has(kinds: Iterable[SubjectKind], condition: str = "true") -> str:
        numbers = ", ".join(str(kind.value) for kind in kinds)
        return (
            f"(SELECT true FROM {verdicts} v WHERE {basis.condition} AND v.kind IN ({numbers})"
            f" AND v.group_id = s.plan_id AND {condition} LIMIT 1)"
        )

    cases = "".join(
        f" WHEN {has((PLAN, POOL, NOMINATION), f'{outcome} = ANY(v.outcomes)')} THEN {outcome}"
        for outcome in (BAD, UNCLEAR)
    )
    return Statement(
        f"{subjects.sql}, score AS MATERIALIZED (SELECT s.path, CASE WHEN {has((PLAN,))}"
        f" IS NULL THEN NULL{cases} ELSE {GOOD} END AS worst FROM subject s)",
        subjects.values,
    )


def _told_verdicts(basis: Basis) -> str:
    """The table of verdicts, without the sensitive ones where the plan's are not told."""
    run = "" if basis.is_live else "v.run_id, "
    return (
        f"(SELECT {run}v.kind, v.group_id, v.counts, CASE WHEN s.is_told THEN v.outcomes"
        f" ELSE {open_outcomes()} END AS outcomes"
        f" FROM {basis.table} v JOIN subject s ON s.plan_id = v.group_id)"
    )


def open_outcomes() -> str:
    """SQL of the outcomes of a row `v`, in their places, with NULL for those of sensitive rules."""
    return (
        f"ARRAY(SELECT CASE WHEN NOT {sensitive_slots('v.kind', 'o.place')} THEN o.outcome END"
        " FROM unnest(v.outcomes) WITH ORDINALITY o (outcome, place) ORDER BY o.place)"
    )


def worst_of(outcomes: str) -> str:
    """SQL of the worst of some outcomes, as far as it is not all right."""
    return (
        f"CASE WHEN {BAD} = ANY({outcomes}) THEN {BAD}"
        f" WHEN {UNCLEAR} = ANY({outcomes}) THEN {UNCLEAR} END"
    )


def sensitive_slots(kind: str, place: str) -> str:
    """SQL of "the 1-based `place` in the outcomes of a `kind` is that of a sensitive rule"."""
    pairs = [
        f"({each.value}, {number})"
        for each in (PLAN, POOL, NOMINATION)
        for number, rule in enumerate(rules_of(each), start=1)
        if rule.sensitive
    ]
    return f"({kind}, {place}) IN ({', '.join(pairs)})"


def _slots(codes: Iterable[str], kind: SubjectKind) -> list[str]:
    """SQL of each rule's outcome in a row `v` of a kind."""
    return [f"v.outcomes[{slot_of(rule_by_code(code), kind) + 1}]" for code in codes]


def _tallies(kind: SubjectKind) -> str:
    """SQL columns that sum up the rows `v` of a kind: of each criterion, and of `OTHER`."""
    columns = [
        f"count(*) FILTER (WHERE greatest({', '.join(_slots(each.rules, kind))}) = {outcome})"
        f" AS {each.key}_{outcome}"
        for each in CRITERIA
        if each.kind == kind
        for outcome in (BAD, UNCLEAR, GOOD)
        if (kind, outcome) != (NOMINATION, GOOD)
    ]
    columns += [f"sum({_rest(kind, outcome)}) AS {OTHER}_{outcome}" for outcome in (BAD, UNCLEAR)]
    return ", ".join(columns)


def _rest(kind: SubjectKind, outcome: int) -> str:
    """SQL of how many verdicts of `OTHER` in a row `v` of a kind have the outcome."""
    named = [code for each in CRITERIA if each.kind == kind for code in each.rules]
    less = "".join(f" - coalesce(({slot} = {outcome})::int, 0)" for slot in _slots(named, kind))
    return (
        f"CASE WHEN {outcome} = ANY(v.outcomes)"
        f" THEN cardinality(array_positions(v.outcomes, {outcome}::smallint)){less} ELSE 0 END"
    )


def _outcome(criterion: Criterion) -> str:
    if criterion.kind == PLAN:
        (place,) = _slots(criterion.rules, PLAN)
        return f"coalesce({place}, 0)"
    bad, unclear = _tally(criterion, BAD), _tally(criterion, UNCLEAR)
    # Of people the live state keeps only what is not right: nobody there is all in order.
    is_good = "true" if criterion.kind == NOMINATION else f"{_tally(criterion, GOOD)} > 0"
    return (
        f"CASE WHEN {bad} > 0 THEN {BAD} WHEN {unclear} > 0 THEN {UNCLEAR}"
        f" WHEN {is_good} THEN {GOOD} ELSE 0 END"
    )


def _number(criterion: Criterion) -> str:
    if criterion.kind == PLAN:
        return "NULL::int"
    bad, unclear = _tally(criterion, BAD), _tally(criterion, UNCLEAR)
    return f"CASE WHEN {bad} > 0 THEN {bad} ELSE {unclear} END"


def _tally(criterion: Criterion, outcome: int) -> str:
    return f"coalesce(t{criterion.kind.value}.{criterion.key}_{outcome}, 0)"


def _others(outcome: int) -> str:
    """SQL of how many findings of `OTHER` have the outcome."""
    summed = "".join(
        f" + coalesce(t{kind.value}.{OTHER}_{outcome}, 0)" for kind in (POOL, NOMINATION)
    )
    return f"({_rest(PLAN, outcome)}{summed})"


def rows_of(statement: Statement) -> list[dict[str, Any]]:
    """Rows of a query by column."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def score_page(
    actor: Actor,
    basis: Basis | None,
    wanted: PlanFilter,
    *,
    order: str,
    start: int = 0,
    size: int | None = None,
) -> list[dict[str, Any]]:
    """Scores in an order (SQL of our own), some of them."""
    base = scores(actor, basis, wanted)
    condition, values = outcome_condition(wanted)
    limit = f" LIMIT {int(size)} OFFSET {int(start)}" if size is not None else ""
    return rows_of(
        Statement(
            f"{base.sql} SELECT score.*, count(*) OVER () AS found FROM score"
            f" WHERE {condition} ORDER BY {order}{limit}",
            [*base.values, *values],
        )
    )


def outcome_condition(wanted: PlanFilter) -> Statement:
    """What is asked of scores; `NOT_APPLICABLE` stands for "not checked yet"."""
    where, values = ["true"], []
    if wanted.failing in KEYS:
        where.append(f"{wanted.failing} = {BAD}")
    if wanted.outcome == Outcome.NOT_APPLICABLE:
        where.append("worst IS NULL")
    elif wanted.outcome is not None:
        where.append("worst = %s")
        values.append(wanted.outcome.value)
    return Statement(" AND ".join(where), values)


def level_sums() -> str:
    """SQL columns over `score`: plans by outcome, and per key the three numbers."""
    sums = [
        "count(*) AS plans",
        f"count(*) FILTER (WHERE worst = {GOOD}) AS met",
        f"count(*) FILTER (WHERE worst = {BAD}) AS not_met",
        f"count(*) FILTER (WHERE worst = {UNCLEAR}) AS cannot_tell",
        "count(*) FILTER (WHERE worst IS NULL) AS unchecked",
    ]
    for key in KEYS:
        for name, outcome in (("met", GOOD), ("not_met", BAD), ("cannot_tell", UNCLEAR)):
            sums.append(f"count(*) FILTER (WHERE {key} = {outcome}) AS {key}_{name}")
    return ", ".join(sums)


def verdict_rows(basis: Basis, plan_ids: Sequence[int], extra: str) -> Statement:
    """Verdicts of plans and, with names, of the pools and people in them that `extra` keeps."""
    return Statement(
        f"""
SELECT v.kind, v.group_id, v.subject_id, v.unit_id, v.outcomes, v.counts,
       f.figures::text AS figures, '{{}}' AS citations, t.name AS title_name,
       c.full_name AS cadre_name
  FROM {basis.table} v
  JOIN compliance_figureset f ON f.id = v.figures_id
  LEFT JOIN planning_nomination n ON v.kind = {NOMINATION.value} AND n.id = v.subject_id
  LEFT JOIN planning_pool l
    ON l.id = CASE v.kind WHEN {POOL.value} THEN v.subject_id ELSE n.pool_id END
  LEFT JOIN cadres_position s ON s.id = l.position_id
  LEFT JOIN cadres_title t ON t.id = s.title_id
  LEFT JOIN cadres_cadre c ON c.id = n.cadre_id
 WHERE {basis.condition} AND v.group_id = ANY(%s) AND (v.kind = {PLAN.value} OR {extra})""",
        [list(plan_ids)],
    )
