"""Where verdicts go: compared with the live state, or kept whole as a snapshot."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from compliance.choices import Outcome, SubjectKind
from compliance.engine.compose import count_names, named_counts
from compliance.engine.findings import Labels, Verdict
from compliance.engine.registry import rules_of
from compliance.engine.source import Insert, Scope, Source

STAGE = "verdict_stage"
ROW = "kind, group_id, subject_id, unit_id, figures_id, outcomes, counts"


def prepare(cursor: CursorWrapper) -> None:
    """Session settings and the empty stage table of one transaction.

    The settings are the engine's own so that a stock server serves as well as a tuned one.
    """
    cursor.execute(
        "SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1;"
        f" DROP TABLE IF EXISTS {STAGE};"
        f" CREATE TEMP TABLE {STAGE} (kind smallint, group_id bigint, subject_id bigint,"
        " unit_id bigint, figures_id bigint, outcomes smallint[], counts integer[]) ON COMMIT DROP"
    )


def into_stage(rows: str) -> str:
    """The statement that puts rows of verdicts on the stage."""
    return f"INSERT INTO {STAGE} ({ROW}) {rows}"


def into_state(as_of: date) -> Insert:
    """Makes the statement that puts rows straight into the live state, where none were before."""
    return lambda rows: (
        f"INSERT INTO compliance_state ({ROW}, first_on) SELECT q.*, DATE '{as_of}' FROM ({rows}) q"
    )


def has_state(cursor: CursorWrapper, source: Source, scope: Scope) -> bool:
    """Is anything of the groups in scope in the live state?"""
    cursor.execute(
        f"SELECT EXISTS (SELECT FROM compliance_state WHERE {_chunk(scope)})", [_kinds(source)]
    )
    return bool(cursor.fetchone()[0])


def _chunk(scope: Scope) -> str:
    return f"kind = ANY(%s) AND {scope.within('group_id')}"


def _kinds(source: Source) -> list[int]:
    return [kind.value for kind in source.kinds]


def write_state(cursor: CursorWrapper, source: Source, scope: Scope) -> None:
    """Make the live state of the groups in scope what the stage says; note what changed.

    Rows that are the same are not written.
    """
    cursor.execute(f"ANALYZE {STAGE} (kind, group_id, subject_id)")
    cursor.execute(
        "CREATE TEMP TABLE verdict_diff ON COMMIT DROP AS"
        " SELECT coalesce(s.kind, n.kind) AS kind, coalesce(s.group_id, n.group_id) AS group_id,"
        " coalesce(s.subject_id, n.subject_id) AS subject_id, n.unit_id, n.figures_id, n.outcomes,"
        " n.counts, s.unit_id AS old_unit, s.figures_id AS old_figures,"
        " s.outcomes AS old_outcomes, s.counts AS old_counts"
        f" FROM (SELECT * FROM compliance_state WHERE {_chunk(scope)}) s"
        f" FULL JOIN {STAGE} n USING (kind, group_id, subject_id)"
        " WHERE s.outcomes IS DISTINCT FROM n.outcomes OR s.counts IS DISTINCT FROM n.counts"
        " OR s.figures_id IS DISTINCT FROM n.figures_id OR s.unit_id IS DISTINCT FROM n.unit_id",
        [_kinds(source)],
    )
    key = "t.kind = d.kind AND t.group_id = d.group_id AND t.subject_id = d.subject_id"
    cursor.execute(
        "INSERT INTO compliance_change (kind, group_id, subject_id, unit_id, slot, was, now,"
        " counts_was, counts_now, figures_was_id, figures_now_id, changed_on)"
        " SELECT d.kind, d.group_id, d.subject_id, coalesce(d.unit_id, d.old_unit), v.slot - 1,"
        f" v.was, v.now, {named_counts('d.kind', 'd.old_counts', source.kinds)},"
        f" {named_counts('d.kind', 'd.counts', source.kinds)}, d.old_figures, d.figures_id, %s"
        " FROM verdict_diff d CROSS JOIN LATERAL"
        " unnest(d.old_outcomes, d.outcomes) WITH ORDINALITY AS v (was, now, slot)"
        " WHERE v.was IS DISTINCT FROM v.now AND CASE"
        " WHEN d.outcomes IS NULL THEN d.kind = %s AND v.was >= %s"
        " WHEN d.old_outcomes IS NULL THEN d.kind = %s AND v.now >= %s ELSE true END",
        [scope.as_of, *(2 * [SubjectKind.NOMINATION.value, Outcome.CANNOT_TELL.value])],
    )
    cursor.execute(
        f"DELETE FROM compliance_state t USING verdict_diff d WHERE {key} AND d.outcomes IS NULL;"
        " UPDATE compliance_state t SET unit_id = d.unit_id, figures_id = d.figures_id,"
        f" outcomes = d.outcomes, counts = d.counts FROM verdict_diff d WHERE {key}"
        " AND d.outcomes IS NOT NULL AND d.old_outcomes IS NOT NULL;"
        f" INSERT INTO compliance_state ({ROW}, first_on)"
        f" SELECT {ROW}, %s FROM verdict_diff d WHERE d.old_outcomes IS NULL;"
        " DROP TABLE verdict_diff",
        [scope.as_of],
    )


def write_snapshot(cursor: CursorWrapper, source: Source, run_id: int) -> None:
    """Keep everything staged with the names of the day; a repeat writes nothing twice."""
    cursor.execute(f"ANALYZE {STAGE}")
    for kind in source.kinds:
        names = source.labels(kind, STAGE)
        counts = named_counts("s.kind", "s.counts", [kind])
        cursor.execute(
            f"INSERT INTO compliance_snapshot (run_id, {ROW}, labels) SELECT %s, kind, group_id,"
            f" subject_id, unit_id, figures_id, outcomes, {counts}, to_jsonb(l) - 'subject_id'"
            f" FROM {STAGE} s"
            f" JOIN ({names}) l USING (subject_id) WHERE s.kind = %s ON CONFLICT DO NOTHING",
            [run_id, kind.value],
        )


def read_stage(source: Source) -> Iterator[tuple[Verdict, Labels]]:
    """Everything staged, with figures and names, through a server-side cursor."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {STAGE}")
    for kind in source.kinds:
        names = source.labels(kind, STAGE)
        sql = (
            "SELECT s.group_id, s.subject_id, s.unit_id, s.outcomes, s.counts, f.figures,"
            " f.citations, l.unit_code, l.unit_name, l.term, l.title_code, l.title_name,"
            f" l.cadre_code, l.cadre_name, l.year, l.start_on FROM {STAGE} s"
            " JOIN compliance_figureset f ON f.id = s.figures_id"
            f" JOIN ({names}) l USING (subject_id) WHERE s.kind = %s"
            " ORDER BY l.unit_code, l.term, l.title_code, l.cadre_code, l.start_on, s.subject_id"
        )
        for row in stream(sql, [kind.value]):
            yield verdict_of(kind, *row[:7]), Labels(*row[7:])


def verdict_of(
    kind: int,
    group_id: int,
    subject_id: int,
    unit_id: int,
    outcomes: Sequence[int | None],
    counts: Sequence[int | None] | str,
    figures: str,
    citations: str,
) -> Verdict:
    """A row as the database drivers give it: JSON still as text, counts as JSON or by place."""
    return Verdict(
        SubjectKind(kind),
        group_id,
        subject_id,
        unit_id,
        outcomes,
        json.loads(counts)
        if isinstance(counts, str)
        else dict(zip(count_names(SubjectKind(kind)), counts, strict=False)),
        _shared(figures),
        _shared(citations),
    )


@lru_cache(maxsize=512)
def _shared(text: str) -> Any:
    """JSON of a set of figures, read once: thousands of rows share a few. Never change it."""
    return json.loads(text)


def stream(sql: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of a query in bounded memory, JSON as text. Needs a transaction."""
    connection.ensure_connection()
    with connection.connection.cursor(name="portal_stream") as cursor:
        cursor.itersize = 5000
        cursor.execute(sql, parameters)
        yield from cursor


def look_at(table: str) -> None:
    """Have PostgreSQL look at a table of verdicts of which it knows nothing yet.

    Autovacuum does within a minute; until then the run's summary and pages over the first verdicts
    would be planned blindly, and take several times as long.
    """
    with connection.cursor() as cursor:
        # Of an empty table it would remember that there is nothing in it.
        cursor.execute(
            f"SELECT reltuples < 0 AND EXISTS (SELECT FROM {table}) FROM pg_class"
            " WHERE oid = %s::regclass",
            [table],
        )
        if cursor.fetchone()[0]:
            cursor.execute(f"ANALYZE {table}")


def summary(run_id: int | None) -> dict[str, dict[str, int]]:
    """How many of each outcome by rule: of a snapshot, or (None) of the live state.

    The live state does not keep nominations in order, so their `met` are not counted there.
    """
    table, where = (
        ("compliance_snapshot", "run_id = %s")
        if run_id
        else ("compliance_state", "%s::int IS NULL")
    )
    result: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            # Few different arrays exist: count those first, then look into them.
            "SELECT kind, slot, outcome, sum(number)::bigint FROM (SELECT kind, outcomes,"
            f" count(*) AS number FROM {table} WHERE {where} GROUP BY 1, 2) q"
            " CROSS JOIN LATERAL unnest(outcomes) WITH ORDINALITY AS v (outcome, slot)"
            " WHERE outcome IS NOT NULL GROUP BY 1, 2, 3",
            [run_id],
        )
        for kind, slot, outcome, number in cursor.fetchall():
            code = rules_of(SubjectKind(kind))[slot - 1].code
            by_outcome = result.setdefault(code, {})
            word = Outcome(outcome).code
            by_outcome[word] = by_outcome.get(word, 0) + number
    return result
