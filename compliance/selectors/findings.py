"""Findings one by one, out of the stored rows of verdicts: of today, or of a snapshot run.

A stored row holds the verdicts of all rules on one subject; here each verdict becomes a row, in
SQL, so that a page costs the same whatever their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from cadres.policies import EVERYTHING, Actor, scope_paths, sensitive_paths
from compliance.choices import Outcome, SubjectKind
from compliance.engine import store
from compliance.engine.findings import Finding, Labels, finding
from compliance.engine.registry import all_rules, rules_of, source_of
from compliance.engine.rule import Rule

if TYPE_CHECKING:
    from cadres.models import Unit
    from compliance.models import ComplianceRun

JUDGED = (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET)
#: Kinds whose subject is one person.
PERSONAL = (SubjectKind.NOMINATION, SubjectKind.ROTATION, SubjectKind.APPOINTMENT)
#: A longer text is no name; cut, so that a pasted page does not become a hundred conditions.
MAX_WORDS = 8

ORDERS = {
    "muc-do": "outcome DESC, path, kind, group_id, subject_id, place",
    "don-vi": "path, outcome DESC, kind, group_id, subject_id, place",
    "tieu-chi": "rule, outcome DESC, path, kind, group_id, subject_id",
}


@dataclass(frozen=True, kw_only=True)
class FindingFilters:
    """What a list of findings is narrowed to; None and "" ask nothing.

    `unit` means the unit and everything below it; `text` is looked for in names of units and
    people.
    """

    outcomes: tuple[Outcome, ...] = (Outcome.NOT_MET,)
    rule: Rule | None = None
    unit: Unit | None = None
    term: str = ""
    level: str = ""
    kind: SubjectKind | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class WaiverBeside:
    """The waiver in force beside a finding, which stays what it is."""

    document: str
    reason: str
    until: date


@dataclass(frozen=True, kw_only=True)
class FoundFinding:
    """A finding in a list. `finding.since` is known for the live state only."""

    finding: Finding
    level: str
    waiver: WaiverBeside | None


#: How many of each outcome, by kind and code of the rule.
Totals = dict[tuple[SubjectKind, str], dict[Outcome, int]]


class FindingSet:
    """The findings that an actor may see and that pass the filters, worst first.

    `run`: a snapshot; None: the live state, where `as_of` is today. Slices and `count()` are what
    a paginator asks for. In the live state nominations are kept only for what is not in order, so
    their `met` are in no list and in no number there.
    """

    def __init__(
        self,
        *,
        actor: Actor,
        as_of: date,
        filters: FindingFilters,
        run: ComplianceRun | None = None,
        order: str = "muc-do",
    ) -> None:
        self.actor, self.as_of, self.filters, self.run = actor, as_of, filters, run
        self._order = ORDERS.get(order, ORDERS["muc-do"])

    # -- numbers --

    @cached_property
    def totals(self) -> Totals:
        """Numbers of all rules, kinds and outcomes under the other filters; one query.

        Few rows of outcomes differ, so the database counts whole rows.
        """
        where, values = self._about()
        told, paths = ("true", list[str]()) if self._told is None else scope_sql(self._told)
        sql = (
            f"SELECT s.kind, s.outcomes, {told}, count(*) FROM {self._table} s"
            f"{_OF_UNIT} WHERE {' AND '.join(where)} GROUP BY 1, 2, 3"
        )
        if "u." not in told + "".join(where):
            sql = sql.replace(_OF_UNIT, "")
        with connection.cursor() as cursor:
            cursor.execute(sql, [*paths, *values])
            rows = cursor.fetchall()
        numbers: Counter[tuple[int, bool, int, int]] = Counter()
        for kind, outcomes, is_told, number in rows:
            for place, outcome in enumerate(outcomes, start=1):
                if outcome:
                    numbers[kind, is_told, place, outcome] += number
        result: Totals = {}
        for (kind, is_told, place, outcome), number in numbers.items():
            rule = rule_at(kind, place)
            if outcome in self._counted(kind) and (is_told or not rule.sensitive):
                by_outcome = result.setdefault((SubjectKind(kind), rule.code), {})
                by_outcome[Outcome(outcome)] = by_outcome.get(Outcome(outcome), 0) + number
        return result

    def _counted(self, kind: int) -> tuple[Outcome, ...]:
        """The outcomes that are in lists and numbers: of people in the live state not `met`."""
        is_partly_kept = self.run is None and kind == SubjectKind.NOMINATION
        return JUDGED[:2] if is_partly_kept else JUDGED

    def number(
        self, *outcomes: Outcome, rule: Rule | None = None, kind: SubjectKind | None = None
    ) -> int:
        """How many findings have one of the outcomes; of one rule or kind if given."""
        return sum(
            by_outcome.get(outcome, 0)
            for (its_kind, code), by_outcome in self.totals.items()
            if (rule is None or code == rule.code) and kind in (None, its_kind)
            for outcome in outcomes
        )

    def count(self) -> int:
        """How many findings the list has."""
        wanted = self.filters
        return self.number(*wanted.outcomes, rule=wanted.rule, kind=wanted.kind)

    # -- rows --

    def __getitem__(self, wanted: slice) -> list[FoundFinding]:
        start, stop = wanted.start or 0, wanted.stop
        sql, values = self._statement("LIMIT %s OFFSET %s", [stop - start, start])
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [self._found(row) for row in cursor.fetchall()]

    def stream(self) -> Iterator[FoundFinding]:
        """Every finding, in bounded memory."""
        sql, values = self._statement("", [])
        with transaction.atomic():
            with connection.cursor() as cursor:
                # How many rows pass is guessed far too low; nested loops over them take for ever.
                cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
            for row in store.stream(sql, values):
                yield self._found(row)

    # -- SQL --

    def _statement(self, limit: str, limits: list[Any]) -> tuple[str, list[Any]]:
        sql, values = self._judged(last=sum(limits))
        kept = "figures_id, counts" + (", labels" if self.run else ", first_on")
        names, joined = self._names(_kinds(self.filters.rule, self.filters.kind))
        since = "NULL::date" if self.run else "coalesce(c.changed_on, p.first_on)"
        changed = "" if self.run else _CHANGED
        statement = (
            f"WITH page AS MATERIALIZED (SELECT kind, group_id, subject_id, unit_id, outcome,"
            f" place, rule, path, level, {kept} FROM ({sql}) j ORDER BY {self._order} {limit})"
            f"{joined} SELECT p.kind, p.group_id, p.subject_id, p.unit_id, p.outcome, p.place,"
            f" p.level, p.counts, f.figures, f.citations, {since}, w.document, w.reason,"
            f" w.in_force_to, {names} FROM page p"
            " JOIN compliance_figureset f ON f.id = p.figures_id"
            f"{' LEFT JOIN named l USING (kind, subject_id)' if joined else ''}{changed}{_WAIVED}"
            f" ORDER BY {self._order}"
        )
        codes = [rule.code for rule in all_rules()]
        return statement, [*values, *limits, codes, self.as_of]

    def _names(self, kinds: Iterable[int]) -> tuple[str, str]:
        """What selects the names of a row, and the relation that delivers them."""
        if self.run:
            return _SNAPSHOT_NAMES, ""
        parts = [
            f"SELECT {kind} AS kind, q.* FROM ({_labels(kind, 'subject')}) q"
            for kind in sorted(kinds)
        ]
        if not parts:
            return _NO_NAMES, ""
        return _LIVE_NAMES, (
            ", subject AS (SELECT DISTINCT kind, group_id, subject_id, counts FROM page)"
            f", named AS MATERIALIZED ({' UNION ALL '.join(parts)})"
        )

    @property
    def _table(self) -> str:
        return "compliance_snapshot" if self.run else "compliance_state"

    def _judged(self, *, last: int = 0) -> tuple[str, list[Any]]:
        """One row a verdict: the stored rows joined with the wanted places of their outcomes.

        With `last` at least the first so many in the order of the list, as a rule not many more.
        """
        where, values = self._about()
        told, hidden = self._verdicts_told()
        if last and self._is_by_tree:
            where.append(f"u.path <= {_LAST_PATH.format(where=' AND '.join(where))}")
            values += [self.filters.outcomes[0].value, *values, last]
        places = wanted_places(self.filters.rule, self.filters.kind)
        return (
            f"SELECT s.*, w.place, w.rule, s.outcomes[w.place] AS outcome, u.path, u.level"
            f" FROM {self._table} s{_OF_UNIT}"
            f" JOIN (VALUES {places}) w (kind, place, rule) ON w.kind = s.kind"
            f" WHERE {' AND '.join(where)} AND s.outcomes[w.place] = ANY(%s) AND {told}",
            [*values, [outcome.value for outcome in self.filters.outcomes], *hidden],
        )

    @property
    def _is_by_tree(self) -> bool:
        """Whether the list follows the tree, and shows each subject in it whatever the rule."""
        asked = self.filters
        return (
            self._order in (ORDERS["muc-do"], ORDERS["don-vi"])
            and len(asked.outcomes) == 1
            and Outcome.MET not in asked.outcomes
            and asked == FindingFilters(outcomes=asked.outcomes, unit=asked.unit, level=asked.level)
            and self.run is None
            and self._told is None
        )

    @cached_property
    def _told(self) -> tuple[str, ...] | None:
        """Paths below which sensitive verdicts are for the actor; None: everywhere."""
        return sensitive_paths(self.actor)

    def _verdicts_told(self) -> tuple[str, list[Any]]:
        """SQL of what is in lists of the verdicts `w` in a row `s` of a unit `u`."""
        told, values = told_sql(self.actor)
        if self.run is None:
            nomination, met = SubjectKind.NOMINATION.value, Outcome.MET.value
            told += f" AND NOT (s.kind = {nomination} AND s.outcomes[w.place] = {met})"
        return told, values

    def _about(self) -> tuple[list[str], list[Any]]:
        """Conditions on rows `s` of units `u`: whatever is asked but outcome, rule and kind."""
        asked = self.filters
        scope, paths = scope_sql(scope_paths(self.actor))
        where: list[str] = [scope]
        values: list[Any] = [*paths]
        if self.run:
            where.append("s.run_id = %s")
            values.append(self.run.pk)
        if asked.unit:
            where.append("u.path >= %s AND u.path < %s || '~'")
            values += [asked.unit.path, asked.unit.path]
        if asked.level:
            where.append("u.level = %s")
            values.append(asked.level)
        if asked.term:
            self._add_term(where, values, asked.term)
        if asked.text.strip():
            self._add_text(where, values, asked.text)
        return where, values

    def _add_term(self, where: list[str], values: list[Any], term: str) -> None:
        if self.run:
            where.append("s.labels ->> 'term' = %s")
            values.append(term)
            return
        # Plans, pools and nominations are grouped by plan; nothing else belongs to a term.
        source = source_of(SubjectKind.PLAN)
        plans = source.labels(SubjectKind.PLAN, "compliance_state")
        where.append(
            "s.kind = ANY(%s) AND s.group_id IN"
            f" (SELECT l.subject_id FROM ({plans}) l WHERE l.term = %s)"
        )
        values += [[kind.value for kind in source.kinds], term]

    def _add_text(self, where: list[str], values: list[Any], text: str) -> None:
        """Every word in the unit's name, or every word in the person's; or the code of one."""
        words = [_pattern(word) for word in text.split()[:MAX_WORDS]]
        unit = " AND ".join("u.search_key LIKE vi_fold(%s)" for _ in words)
        code = text.strip()
        if self.run:
            person = " AND ".join(
                "vi_fold(s.labels ->> 'cadre_name') LIKE vi_fold(%s)" for _ in words
            )
            found = f"({person}) OR s.labels ->> 'cadre_code' = %s"
            values += [*words, code, *words, code]
        else:
            person = " AND ".join("c.search_key LIKE vi_fold(%s)" for _ in words)
            people = f"SELECT code FROM cadres_cadre c WHERE ({person}) OR c.code = %s"
            found = f"(s.kind, s.subject_id) IN ({_named_where(f'l.cadre_code IN ({people})')})"
            values += [*words, code, *[*words, code] * len(PERSONAL)]
        where.append(f"(({unit}) OR u.code = %s OR {found})")

    # -- rows of SQL --

    def _found(self, row: tuple[Any, ...]) -> FoundFinding:
        kind, group_id, subject_id, unit_id, outcome, place, level, counts, *rest = row
        figures, citations, since, document, reason, until, *names = rest
        verdict = store.verdict_of(
            kind, group_id, subject_id, unit_id, (), counts, figures, citations
        )
        rule = rule_at(kind, place)
        return FoundFinding(
            finding=replace(finding(verdict, Labels(*names), rule, Outcome(outcome)), since=since),
            level=level,
            waiver=WaiverBeside(document=document, reason=reason, until=until)
            if document is not None
            else None,
        )


def _kinds(rule: Rule | None, kind: SubjectKind | None) -> list[SubjectKind]:
    """Kinds of subjects that are asked for and that the rule judges."""
    kinds = SubjectKind if rule is None else rule.kinds
    return [each for each in kinds if kind in (None, each)]


def wanted_places(rule: Rule | None, kind: SubjectKind | None) -> str:
    """SQL rows (kind, 1-based place in the stored outcomes, number of the rule) asked for."""
    numbers = {each.code: number for number, each in enumerate(all_rules())}
    rows = [
        f"({each.value}, {place}, {numbers[judged.code]})"
        for each in _kinds(rule, kind)
        for place, judged in enumerate(rules_of(each), start=1)
        if rule is None or judged.code == rule.code
    ]
    return ", ".join(rows) or "(0, 0, 0)"  # a rule that judges no such kind: nothing


def rule_at(kind: int, place: int) -> Rule:
    """The rule whose verdict stands at a 1-based place in the outcomes of a kind."""
    return rules_of(SubjectKind(kind))[place - 1]


def _labels(kind: int, staged: str) -> str:
    return source_of(SubjectKind(kind)).labels(SubjectKind(kind), staged)


def _named_where(condition: str) -> str:
    """SQL for (kind, subject) of the live state about people whose names fulfil a condition."""
    return " UNION ALL ".join(
        f"SELECT {kind.value}, l.subject_id FROM ({_labels(kind, 'compliance_state')}) l"
        f" WHERE {condition}"
        for kind in PERSONAL
    )


def _pattern(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"


def add_scope(where: list[str], values: list[Any], actor: Actor) -> None:
    """Only units in the actor's scope, and of sensitive rules only where those may be read."""
    for sql, parameters in (scope_sql(scope_paths(actor)), told_sql(actor)):
        where.append(sql)
        values += parameters


def told_sql(actor: Actor) -> tuple[str, list[Any]]:
    """SQL "the verdict of rule `w.rule` on something of unit `u` is for the actor"."""
    paths = sensitive_paths(actor)
    if paths is None:
        return "true", []
    hidden = [number for number, rule in enumerate(all_rules()) if rule.sensitive]
    sql, parameters = scope_sql(paths)
    return f"(w.rule <> ALL(%s) OR {sql})", [hidden, *parameters]


def scope_sql(paths: Iterable[str], field: str = "u.path") -> tuple[str, list[str]]:
    """SQL "`field` lies in one of these subtrees", with its parameters."""
    paths = list(paths)
    if EVERYTHING in paths:
        return "true", []
    if not paths:
        return "false", []
    parts = [f"({field} >= %s AND {field} < %s || '~')" for _ in paths]
    return f"({' OR '.join(parts)})", [path for path in paths for _ in range(2)]


_OF_UNIT = " JOIN cadres_unit u ON u.id = s.unit_id"
#: Where in the tree a number of subjects with an outcome is reached. Each has a verdict at least.
_LAST_PATH = """coalesce((SELECT min(path) FROM (
    SELECT u.path, sum(s.number) OVER (ORDER BY u.path) AS so_far
      FROM (SELECT unit_id, count(*) AS number FROM compliance_state
             WHERE %s = ANY(outcomes) GROUP BY unit_id) s JOIN cadres_unit u ON u.id = s.unit_id
     WHERE {where}) reached WHERE so_far >= %s), '~')"""
_NAMES = ("unit_code", "unit_name", "term", "title_code", "title_name", "cadre_code", "cadre_name")
_LIVE_NAMES = ", ".join(f"l.{name}" for name in (*_NAMES, "year", "start_on"))
_SNAPSHOT_NAMES = ", ".join(f"p.labels ->> '{name}'" for name in _NAMES) + (
    ", (p.labels ->> 'year')::int, (p.labels ->> 'start_on')::date"
)
_NO_NAMES = ", ".join("NULL" for _ in range(len(_NAMES) + 2))

_CHANGED = """
 LEFT JOIN LATERAL (
    SELECT changed_on FROM compliance_change c
     WHERE c.kind = p.kind AND c.group_id = p.group_id AND c.subject_id = p.subject_id
       AND c.slot = p.place - 1 AND c.now = p.outcome
     ORDER BY changed_on DESC LIMIT 1) c ON true"""

# A waiver is about one unit, not about those below it; what is met needs none.
_WAIVED = f"""
 LEFT JOIN LATERAL (
    SELECT document, reason, in_force_to FROM compliance_waiver w
     WHERE p.outcome <> {Outcome.MET.value} AND w.unit_id = p.unit_id
       AND w.rule = (%s::varchar[])[p.rule + 1]
       AND w.approved_by_id IS NOT NULL AND %s BETWEEN w.in_force_from AND w.in_force_to
       AND (w.subject_kind IS NULL OR (w.subject_kind = p.kind AND w.subject_id = p.subject_id))
     ORDER BY w.in_force_to DESC LIMIT 1) w ON true"""


def term_codes(*, run: ComplianceRun | None = None) -> list[str]:
    """Terms that plans in the live state or in a snapshot are made for, oldest first."""
    if run:
        sql = (
            "SELECT DISTINCT labels ->> 'term' FROM compliance_snapshot"
            " WHERE run_id = %s AND kind = %s"
        )
        values = [run.pk, SubjectKind.PLAN.value]
    else:
        sql = f"SELECT DISTINCT term FROM ({_labels(SubjectKind.PLAN, 'compliance_state')}) l"
        values = []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(term for (term,) in cursor.fetchall() if term)
