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
    """`WITH ... score AS (...)`: one row a plan in scope, with the worst that each column sums up.

    Verdicts of sensitive rules count only where they are for the actor. Columns: plan_id, unit_id,
    term_id, status, decision_no, approved_on, code, name, level, path, is_told, people; for each
    key of `KEYS` its outcome; `worst`, NULL without a check; `failing`, `unclear`: how many
    columns. Nothing is counted: a search ends at the first verdict that decides. How many they are
    `with_numbers` says of the plans that are shown.
    """
    subjects = _subjects(actor, wanted)
    failing = " + ".join(f"({key} = {BAD})::int" for key in KEYS)
    unclear = " + ".join(f"({key} = {UNCLEAR})::int" for key in KEYS)
    sql = f"""{subjects.sql},
judged AS MATERIALIZED ({_judged(basis, _told(actor, "s"))}),
score AS (SELECT *, greatest({", ".join(KEYS)}) AS worst, {failing} AS failing,
                 {unclear} AS unclear FROM judged)
"""
    return Statement(sql, subjects.values)


def worst_scores(actor: Actor, basis: Basis | None, wanted: PlanFilter) -> Statement:
    """`WITH ... score AS (...)` with no more than the `path` and the `worst` of `scores`."""
    subjects = _subjects(actor, wanted)
    worst = "NULL::int"
    if basis is not None:
        found = _Search(basis, _told(actor, "s"))
        cases = "".join(
            f" WHEN {' OR '.join(found.has(kind, _places(kind), outcome) for kind in _KINDS)}"
            f" THEN {outcome}"
            for outcome in (BAD, UNCLEAR)
        )
        worst = f"CASE WHEN {found.row(PLAN)} IS NULL THEN NULL{cases} ELSE {GOOD} END"
    return Statement(
        f"{subjects.sql}, score AS MATERIALIZED (SELECT s.path, {worst} AS worst FROM subject s)",
        subjects.values,
    )


def with_numbers(actor: Actor, basis: Basis | None, page: str) -> str:
    """SQL that selects the rows of `page`, some of `score`, with a number `<key>_n` a column.

    How many pools or findings are not right, or else unclear; NULL without a check, and where the
    column shows a measured value.
    """
    told = _told(actor, "page")
    numbers = [f"NULL::int AS {key}_n" for key in KEYS]
    tallies = ""
    if basis is not None:
        numbers = [f"{_number(criterion)} AS {criterion.key}_n" for criterion in CRITERIA]
        numbers.append(f"{_shown(*(_other_number(outcome) for outcome in _WRONG))} AS {OTHER}_n")
        tallies = ", ".join(
            f"(SELECT {_tallies(kind, told)} FROM {basis.table} v WHERE {basis.condition}"
            f" AND v.kind = {kind.value} AND v.group_id = page.plan_id) t{kind.value}"
            for kind in _KINDS
        )
    source = f" FROM {tallies}" if tallies else ""
    return (
        f"SELECT page.*, n.* FROM {page} page"
        f" CROSS JOIN LATERAL (SELECT {', '.join(numbers)}{source}) n"
    )


def _subjects(actor: Actor, wanted: PlanFilter) -> Statement:
    """`WITH subject AS (...)`: the plans; `is_told`: sensitive verdicts are for the actor."""
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
    return Statement(sql, [*told.values, *values])


def _told(actor: Actor, relation: str) -> str:
    """SQL that a sensitive verdict is for the actor, by `is_told`; "" where all of them are."""
    return "" if sensitive_paths(actor) is None else f" AND {relation}.is_told"


# ---- What verdicts say of a column -----------------------------------------------------------

_KINDS = (PLAN, POOL, NOMINATION)
_WRONG = (BAD, UNCLEAR)


def _places(kind: SubjectKind, codes: Iterable[str] | None = None) -> list[tuple[int, bool]]:
    """Places of rules in the outcomes of a kind, from 1, and whether they are sensitive; all."""
    rules = rules_of(kind) if codes is None else [rule_by_code(code) for code in codes]
    return [(slot_of(rule, kind) + 1, rule.sensitive) for rule in rules]


def _other_places(kind: SubjectKind) -> list[tuple[int, bool]]:
    """The places that no column names."""
    named = {code for each in CRITERIA if each.kind == kind for code in each.rules}
    return _places(kind, [rule.code for rule in rules_of(kind) if rule.code not in named])


def _tests(places: Iterable[tuple[int, bool]], outcome: int, told: str, row: str) -> list[str]:
    """SQL of "the outcome at the place is ...", for each place."""
    return [
        f"{row}.outcomes[{place}] = {outcome}{told if is_sensitive else ''}"
        for place, is_sensitive in places
    ]


class _Search(NamedTuple):
    """Looks for verdicts on the plan `s`, its pools and its nominations."""

    basis: Basis
    told: str

    def row(self, kind: SubjectKind, condition: str = "true") -> str:
        """SQL: true where a row `v` of the kind fulfils the condition, else NULL."""
        return (
            f"(SELECT true FROM {self.basis.table} v WHERE {self.basis.condition}"
            f" AND v.kind = {kind.value} AND v.group_id = s.plan_id AND ({condition}) LIMIT 1)"
        )

    def has(self, kind: SubjectKind, places: Iterable[tuple[int, bool]], outcome: int) -> str:
        """SQL: true where one of the places has the outcome, else NULL."""
        return self.row(kind, " OR ".join(_tests(places, outcome, self.told, "v")))


def _judged(basis: Basis | None, told: str) -> str:
    """Plans with the number of people and the outcome of each column; NULL without a check."""
    if basis is None:
        nothing = ", ".join(f"NULL::int AS {key}" for key in KEYS)
        return f"SELECT s.*, NULL::int AS people, {nothing} FROM subject s"
    found = _Search(basis, told)
    outcomes = [f"{_outcome(each, found)} AS {each.key}" for each in CRITERIA]
    cases = "".join(f" WHEN {_other(outcome, found)} THEN {outcome}" for outcome in _WRONG)
    outcomes.append(f"CASE WHEN p.group_id IS NULL THEN NULL{cases} ELSE {GOOD} END AS {OTHER}")
    return (
        f"SELECT s.*, p.people, {', '.join(outcomes)} FROM subject s LEFT JOIN"
        f" (SELECT v.group_id, {basis.count(PLAN, 'total')} AS people, v.outcomes"
        f" FROM {basis.table} v WHERE {basis.condition} AND v.kind = {PLAN.value}"
        " AND v.group_id = ANY(ARRAY(SELECT plan_id FROM subject))) p ON p.group_id = s.plan_id"
    )


def _outcome(criterion: Criterion, found: _Search) -> str:
    places = _places(criterion.kind, criterion.rules)
    if criterion.kind == PLAN:
        ((place, is_sensitive),) = places
        told = found.told if is_sensitive else ""
        return (
            f"CASE WHEN p.group_id IS NOT NULL{told} THEN coalesce(p.outcomes[{place}], 0)"
            " WHEN p.group_id IS NOT NULL THEN 0 END"
        )
    cases = "".join(
        f" WHEN {found.has(criterion.kind, places, outcome)} THEN {outcome}" for outcome in _WRONG
    )
    # Of people the live state keeps only what is not right: nobody there is all in order.
    is_people = criterion.kind == NOMINATION
    is_good = "true" if is_people else found.has(criterion.kind, places, GOOD)
    return f"CASE WHEN p.group_id IS NULL THEN NULL{cases} WHEN {is_good} THEN {GOOD} ELSE 0 END"


def _other(outcome: int, found: _Search) -> str:
    """SQL of "something that no column names has the outcome"."""
    of_plan = _tests(_other_places(PLAN), outcome, found.told, "p")
    below = [found.has(kind, _other_places(kind), outcome) for kind in (POOL, NOMINATION)]
    return f"({' OR '.join([*of_plan, *below])})"


def _tallies(kind: SubjectKind, told: str) -> str:
    """SQL columns over the rows `v` of a kind: how many have an outcome, by column."""
    columns = [
        f"count(*) FILTER (WHERE {' OR '.join(_tests(places, outcome, told, 'v'))})"
        f" AS {each.key}_{outcome}"
        for each in CRITERIA
        if each.kind == kind != PLAN
        for places in [_places(kind, each.rules)]
        for outcome in _WRONG
    ]
    for outcome in _WRONG:
        tests = _tests(_other_places(kind), outcome, told, "v")
        summed = " + ".join(f"coalesce(({test})::int, 0)" for test in tests)
        columns.append(f"coalesce(sum({summed}), 0) AS {OTHER}_{outcome}")
    return ", ".join(columns)


def _number(criterion: Criterion) -> str:
    if criterion.kind == PLAN:
        return "NULL::int"
    return _shown(*(f"t{criterion.kind.value}.{criterion.key}_{outcome}" for outcome in _WRONG))


def _other_number(outcome: int) -> str:
    return " + ".join(f"t{kind.value}.{OTHER}_{outcome}" for kind in _KINDS)


def _shown(bad: str, unclear: str) -> str:
    """SQL of the number that a cell shows."""
    return f"CASE WHEN page.worst IS NOT NULL THEN coalesce(nullif({bad}, 0), {unclear}) END"


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
            f"{base.sql}, chosen AS MATERIALIZED (SELECT score.*, count(*) OVER () AS found"
            f" FROM score WHERE {condition} ORDER BY {order}{limit})"
            f" {with_numbers(actor, basis, 'chosen')} ORDER BY {order}",
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
