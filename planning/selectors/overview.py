"""The overview of a day: how many plans hold, which fail first, what changed and what is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cadres.choices import Level
from cadres.policies import EVERYTHING, Actor, can_see_sensitive, scope_paths, sensitive_paths
from cadres.unit_states import PlanState
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding, Labels, expand
from compliance.engine.registry import rule_by_code, rules_of
from compliance.engine.rule import Rule
from compliance.engine.store import verdict_of
from planning.choices import PlanStatus
from planning.models import Term
from planning.policies import Place
from planning.selectors import stored
from planning.selectors.stored import (
    CRITERIA,
    KEYS,
    NOMINATION,
    OTHER,
    PLAN,
    POOL,
    Basis,
    PlanFilter,
    Statement,
)
from planning.selectors.terms import TermChoice, term_choice
from planning.selectors.trends import Trend, trend

#: Rows of each level when the worst stand first, and of all levels along the tree.
ROWS_PER_LEVEL, ROWS_OF_TREE = 10, 300
#: "Đến hạn" looks this far ahead; "Thay đổi" this far back.
AHEAD, BACK = dt.timedelta(days=30), dt.timedelta(days=7)
SHOWN_CHANGES, SHOWN_DUE = 12, 8

_LEVELS = list(Level.values)


@dataclass(frozen=True)
class Cell:
    """A plan under one criterion: a measured value in `finding`, or how many are not right."""

    outcome: Outcome
    number: int | None
    finding: Finding | None


@dataclass(frozen=True)
class PlanRow:
    """A plan with its cells by key; `next` is the finding to mend first, if one may be shown."""

    plan_id: int
    unit_code: str
    unit_name: str
    level: str
    path: str
    status: str
    worst: Outcome | None
    people: int | None
    cells: Mapping[str, Cell]
    next: Finding | None


@dataclass
class LevelRow:
    """A level of units: plans by outcome, by criterion, and the rows that are shown."""

    level: str
    tally: PlanState
    by_key: dict[str, PlanState]
    rows: list[PlanRow] = field(default_factory=list)

    @property
    def rest(self) -> int:
        """Plans that are not shown."""
        return self.tally.total - len(self.rows)


@dataclass(frozen=True)
class Change:
    """A verdict on a plan or one of its pools that differs from a week ago."""

    plan_id: int
    unit_name: str
    title_name: str | None
    rule: Rule
    was: Outcome
    now: Outcome
    measured_was: Mapping[str, Any]
    measured_now: Mapping[str, Any]

    @property
    def is_worse(self) -> bool:
        """Whether it got worse."""
        return self.now > self.was


@dataclass(frozen=True)
class Changes:
    """What changed since `since`; `worse`, `better`: numbers of plans, one plan may be in both."""

    since: dt.date
    is_whole_week: bool
    worse: int = 0
    better: int = 0
    total: int = 0
    shown: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Due:
    """A plan whose annual review is overdue or due soon."""

    plan_id: int
    unit_name: str
    due_on: dt.date
    months_since: int
    months_over: int
    head_name: str | None
    head_title: str | None


@dataclass(frozen=True)
class Overview:
    """Everything the page shows; without `basis` nothing has been checked for the day.

    `keys`: the columns; `is_part_told`: sensitive rules do not count everywhere for this actor.
    """

    as_of: dt.date
    basis: Basis | None
    open_run_id: int | None
    keys: tuple[str, ...]
    is_part_told: bool
    terms: TermChoice
    scope_name: str
    levels: list[LevelRow]
    changes: Changes | None
    trend: Trend
    due: list[Due]
    due_total: int

    @property
    def tally(self) -> PlanState:
        """Plans by outcome over all levels."""
        return sum((level.tally for level in self.levels), PlanState())

    @property
    def worst_spots(self) -> list[tuple[str, str, int]]:
        """(level, key, number of plans that fail) where most fail, most first."""
        spots = [
            (level.level, key, tally.not_met)
            for level in self.levels
            for key, tally in level.by_key.items()
            if tally.not_met and key != OTHER
        ]
        return sorted(spots, key=lambda spot: -spot[2])


def overview(*, actor: Actor, as_of: dt.date, term: str = "", along_tree: bool = False) -> Overview:
    """The state of all plans of a term in the actor's scope on a day; at most eight queries."""
    state = stored.checked(actor, as_of)
    terms = term_choice(actor, as_of, term)
    basis, chosen = state.basis, terms.chosen
    levels: list[LevelRow] = []
    changes: Changes | None = None
    due: tuple[list[Due], int] = ([], 0)
    if basis and chosen:
        wanted = PlanFilter(term_id=chosen.pk)
        levels = _levels(actor, basis, wanted, along_tree=along_tree)
        if basis.is_live:
            changes = _changes(actor, basis, chosen)
        due = _due(actor, basis, chosen, as_of)
    return Overview(
        as_of=as_of,
        basis=basis,
        open_run_id=state.open_run_id,
        keys=stored.keys_shown(actor),
        is_part_told=sensitive_paths(actor) is not None,
        terms=terms,
        scope_name=_scope_name(actor),
        levels=levels,
        changes=changes,
        trend=trend(actor, basis, chosen.pk) if chosen else Trend(()),
        due=due[0],
        due_total=due[1],
    )


def _scope_name(actor: Actor) -> str:
    """The unit that the page is about: the one on top of what the actor may see, if it is one."""
    paths = scope_paths(actor)
    everything = paths == (EVERYTHING,)
    rows = stored.rows_of(
        Statement(
            "SELECT name FROM cadres_unit WHERE"
            " CASE WHEN %s THEN depth = 1 ELSE path = ANY(%s) END ORDER BY path LIMIT 2",
            [everything, list(paths)],
        )
    )
    return rows[0]["name"] if len(rows) == 1 else ""


# ---- Levels and rows -------------------------------------------------------------------------


#: Worst first: the outcome, then how many columns fail or are unclear, then the tree.
WORST_FIRST = "worst DESC NULLS LAST, failing DESC, unclear DESC, path"


def _levels(actor: Actor, basis: Basis, wanted: PlanFilter, *, along_tree: bool) -> list[LevelRow]:
    """Each level with its sums and its first rows; two queries."""
    base = stored.scores(actor, basis, wanted)
    order = "path" if along_tree else WORST_FIRST
    per_level = ROWS_OF_TREE if along_tree else ROWS_PER_LEVEL
    scored = stored.rows_of(
        Statement(
            f"{base.sql}, sums AS (SELECT level, {stored.level_sums()} FROM score GROUP BY level),"
            " ranked AS (SELECT score.*,"
            f" row_number() OVER (PARTITION BY level ORDER BY {order}) AS place FROM score),"
            " shown AS MATERIALIZED (SELECT * FROM ranked JOIN sums USING (level)"
            f" WHERE place <= {per_level})"
            f" {stored.with_numbers(actor, basis, 'shown')} ORDER BY place",
            base.values,
        )
    )
    levels = {row["level"]: _level(row) for row in scored}
    for plan in plan_rows(actor, basis, scored):
        levels[plan.level].rows.append(plan)
    return sorted(levels.values(), key=lambda level: _LEVELS.index(level.level))


def _level(row: Mapping[str, Any]) -> LevelRow:
    return LevelRow(
        level=row["level"],
        tally=PlanState(row["met"], row["not_met"], row["cannot_tell"], row["unchecked"]),
        by_key={
            key: PlanState(row[f"{key}_met"], row[f"{key}_not_met"], row[f"{key}_cannot_tell"])
            for key in KEYS
        },
    )


def plan_rows(
    actor: Actor, basis: Basis | None, scored: Iterable[Mapping[str, Any]]
) -> list[PlanRow]:
    """Scores with measured values and what to mend first; one query, whatever their number."""
    scored = list(scored)
    told = {row["plan_id"] for row in scored if _is_told(actor, row["path"])}
    verdicts = _verdicts(basis, [row["plan_id"] for row in scored], told) if basis else {}
    return [_plan_row(row, verdicts.get(row["plan_id"], [])) for row in scored]


def _is_told(actor: Actor, path: str) -> bool:
    """Whether findings of sensitive rules on a plan of the unit at `path` are for the actor."""
    return can_see_sensitive(actor, Place(path))  # type: ignore[arg-type]


def _verdicts(basis: Basis, plan_ids: list[int], told: set[int]) -> dict[int, list[Finding]]:
    """Of each plan its own verdict, and that of the worst pool and the worst person in it.

    Sensitive verdicts count, and are there at all, only in the plans that are `told`.
    """
    outcomes = "v.outcomes"
    values: list[Any] = []
    if told != set(plan_ids):
        outcomes = (
            f"CASE WHEN v.group_id = ANY(%s) THEN v.outcomes ELSE {stored.open_outcomes()} END"
        )
        values.append(sorted(told))
    worst = (
        "(v.kind, v.group_id, v.subject_id) IN ("
        "SELECT DISTINCT ON (w.group_id, w.kind) w.kind, w.group_id, w.subject_id FROM ("
        f" SELECT v.kind, v.group_id, v.subject_id, {outcomes} AS outcomes"
        f" FROM {basis.table} v WHERE {basis.condition} AND v.group_id = ANY(%s)"
        f" AND v.kind IN ({POOL.value}, {NOMINATION.value}) OFFSET 0) w"
        f" CROSS JOIN LATERAL (SELECT {stored.worst_of('w.outcomes')} AS worst) o"
        " WHERE worst IS NOT NULL ORDER BY w.group_id, w.kind, worst DESC, w.subject_id)"
    )
    statement = stored.verdict_rows(basis, plan_ids, worst)
    found: dict[int, list[Finding]] = {}
    for row in stored.rows_of(Statement(statement.sql, [*statement.values, *values, plan_ids])):
        labels = Labels(title_name=row["title_name"], cadre_name=row["cadre_name"])
        if row["kind"] != PLAN:
            row["outcomes"] = [_if_to_mend(outcome) for outcome in row["outcomes"]]
        findings = expand(verdict_of(*(row[name] for name in VERDICT_COLUMNS)), labels)
        found.setdefault(row["group_id"], []).extend(
            each for each in findings if row["group_id"] in told or not each.rule.sensitive
        )
    return found


def _if_to_mend(outcome: int | None) -> int | None:
    """Of pools and people a row tells nothing but what to mend first."""
    return outcome if outcome and outcome >= Outcome.CANNOT_TELL.value else None


VERDICT_COLUMNS = (
    "kind",
    "group_id",
    "subject_id",
    "unit_id",
    "outcomes",
    "counts",
    "figures",
    "citations",
)


def _plan_row(row: Mapping[str, Any], findings: list[Finding]) -> PlanRow:
    of_plan = {finding.rule.code: finding for finding in findings if finding.kind == PLAN}
    cells = {
        each.key: Cell(
            Outcome(row[each.key] or 0),
            row[f"{each.key}_n"],
            of_plan.get(each.rules[0]) if each.kind == PLAN else None,
        )
        for each in CRITERIA
    }
    cells[OTHER] = Cell(Outcome(row[OTHER] or 0), row[f"{OTHER}_n"], None)
    return PlanRow(
        plan_id=row["plan_id"],
        unit_code=row["code"],
        unit_name=row["name"],
        level=row["level"],
        path=row["path"],
        status=row["status"],
        worst=None if row["worst"] is None else Outcome(row["worst"]),
        people=row["people"],
        cells=cells,
        next=first_to_mend(findings),
    )


_URGENCY = {
    code: place
    for place, code in enumerate(code for criterion in CRITERIA for code in criterion.rules)
}


def first_to_mend(findings: Iterable[Finding]) -> Finding | None:
    """The finding that a plan's row names: not met before unclear, plans before people."""
    return min(
        (finding for finding in findings if finding.outcome >= Outcome.CANNOT_TELL),
        key=lambda f: (-f.outcome, f.kind, _URGENCY.get(f.rule.code, len(_URGENCY))),
        default=None,
    )


# ---- Changes ---------------------------------------------------------------------------------


def _changes(actor: Actor, basis: Basis, term: Term) -> Changes:
    """Verdicts on plans and pools that are not what they were a week ago, and how many plans."""
    since = basis.as_of - BACK
    scope = stored.scope_condition(actor)
    told = stored.told_condition(actor, stored.sensitive_slots("c.kind", "c.slot + 1"))
    rows = stored.rows_of(
        Statement(
            f"""
WITH raw AS (
    SELECT c.*, u.name, u.path FROM compliance_change c
      JOIN planning_plan p ON p.id = c.group_id JOIN cadres_unit u ON u.id = p.unit_id
     WHERE c.changed_on > %s AND c.kind IN ({PLAN.value}, {POOL.value})
       AND p.term_id = %s AND {scope.sql} AND {told.sql}),
net AS (
    SELECT kind, group_id, subject_id, slot, min(name) AS name, min(path) AS path,
           (array_agg(was ORDER BY changed_on, id))[1] AS was,
           (array_agg(now ORDER BY changed_on DESC, id DESC))[1] AS now,
           (array_agg(counts_was::text ORDER BY changed_on, id))[1] AS counts_was,
           (array_agg(counts_now::text ORDER BY changed_on DESC, id DESC))[1] AS counts_now
      FROM raw GROUP BY kind, group_id, subject_id, slot),
told AS (SELECT *, now > was AS is_worse FROM net WHERE was > 0 AND now > 0 AND was <> now),
placed AS (SELECT *, row_number() OVER (PARTITION BY is_worse ORDER BY kind, path, slot) AS place
             FROM told)
SELECT placed.*, t.name AS title_name,
       (SELECT count(DISTINCT group_id) FROM told WHERE is_worse) AS worse,
       (SELECT count(DISTINCT group_id) FROM told WHERE NOT is_worse) AS better,
       (SELECT count(*) FROM told) AS total
  FROM placed
  LEFT JOIN planning_pool l ON placed.kind = {POOL.value} AND l.id = placed.subject_id
  LEFT JOIN cadres_position s ON s.id = l.position_id
  LEFT JOIN cadres_title t ON t.id = s.title_id
 WHERE place <= {SHOWN_CHANGES // 2} ORDER BY is_worse DESC, place""",
            [since, term.pk, *scope.values, *told.values],
        )
    )
    is_whole_week = basis.first_on <= since
    start = since if is_whole_week else basis.first_on
    if not rows:
        return Changes(start, is_whole_week)
    return Changes(
        since=start,
        is_whole_week=is_whole_week,
        worse=rows[0]["worse"],
        better=rows[0]["better"],
        total=rows[0]["total"],
        shown=tuple(_change(row) for row in rows),
    )


def _change(row: Mapping[str, Any]) -> Change:
    kind = SubjectKind(row["kind"])
    rule = rules_of(kind)[row["slot"]]
    before, after = (
        next(expand_one(row, kind, rule, row[name])) for name in ("counts_was", "counts_now")
    )
    return Change(
        plan_id=row["group_id"],
        unit_name=row["name"],
        title_name=row["title_name"],
        rule=rule,
        was=Outcome(row["was"]),
        now=Outcome(row["now"]),
        measured_was=before.measured,
        measured_now=after.measured,
    )


def expand_one(row: Mapping[str, Any], kind: SubjectKind, rule: Rule, counts: str) -> Any:
    """The finding of one rule out of a row of changes; figures are not told there."""
    outcomes = [Outcome.MET.value if each is rule else None for each in rules_of(kind)]
    place = (kind, row["group_id"], row["subject_id"], 0)
    return expand(verdict_of(*place, outcomes, counts or "{}", "{}", "{}"), Labels())


# ---- Due -------------------------------------------------------------------------------------


def _due(actor: Actor, basis: Basis, term: Term, as_of: dt.date) -> tuple[list[Due], int]:
    """Approved plans whose review is overdue or due within `AHEAD`, the oldest first."""
    scope = stored.scope_condition(actor)
    (figure,) = rule_by_code("planning.annual_review").figures
    rows = stored.rows_of(
        Statement(
            f"""
WITH seen AS (
    SELECT p.id AS plan_id, p.unit_id, u.name, u.path,
           greatest(CASE WHEN p.approved_on <= %s THEN p.approved_on END,
                    CASE WHEN p.last_reviewed_on <= %s THEN p.last_reviewed_on END) AS seen_on,
           (f.figures ->> %s)::int AS most
      FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id
      JOIN {basis.table} v ON {basis.condition} AND v.kind = {PLAN.value} AND v.group_id = p.id
      JOIN compliance_figureset f ON f.id = v.figures_id
     WHERE p.term_id = %s AND p.status = %s AND {scope.sql}),
due AS (
    SELECT *, after_months(seen_on, most + 1) AS due_on, whole_months(seen_on, %s) AS months
      FROM seen WHERE seen_on IS NOT NULL AND most IS NOT NULL),
shown AS MATERIALIZED (
    SELECT due.*, count(*) OVER () AS found FROM due WHERE due_on <= %s
     ORDER BY due_on, path LIMIT {SHOWN_DUE})
SELECT shown.*, h.full_name, h.title_name
  FROM shown LEFT JOIN LATERAL (
    SELECT c.full_name, t.name AS title_name FROM cadres_appointment a
      JOIN cadres_title t ON t.id = a.title_id AND t.is_head
      JOIN cadres_cadre c ON c.id = a.cadre_id
     WHERE a.unit_id = shown.unit_id AND a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s)
     ORDER BY t.rank DESC, a.start_on DESC, c.code LIMIT 1) h ON true
 ORDER BY due_on, path""",
            [
                as_of,
                as_of,
                figure,
                term.pk,
                PlanStatus.APPROVED,
                *scope.values,
                as_of,
                as_of + AHEAD,
                as_of,
                as_of,
            ],
        )
    )
    return [
        Due(
            plan_id=row["plan_id"],
            unit_name=row["name"],
            due_on=row["due_on"],
            months_since=row["months"],
            months_over=max(row["months"] - row["most"], 0),
            head_name=row["full_name"],
            head_title=row["title_name"],
        )
        for row in rows
    ], (rows[0]["found"] if rows else 0)
