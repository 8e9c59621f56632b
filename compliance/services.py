"""Everything that checks and writes verdicts: runs in chunks, rechecks, checks on any date."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.policies import Actor, can_run_check, require
from compliance.choices import RunKind, RunStatus
from compliance.engine import marks, shared, standing, store
from compliance.engine.findings import Finding, expand
from compliance.engine.registry import source_by_name, sources
from compliance.engine.source import LAST, Insert, MarkedSource, Scope, Source
from compliance.law import load_law
from compliance.models import ComplianceRun, ComplianceSnapshot, ComplianceState, RunChunk

if TYPE_CHECKING:
    from cadres.models import Unit

FIND, SHARE, JUDGE = 1, 2, 3  # phases of a run, one after the other
CHUNK_SIZE = 1_000_000  # nominations: few big chunks are fastest

# Judging takes the lock shared, rechecking one group takes it alone: whoever comes later reads
# what the other committed, so a long run never overwrites the verdict on a fresh edit.
STATE_LOCK = 7_341_001


# --- checks that store nothing ------------------------------------------------------------------


def evaluate(
    *, as_of: date, unit: Unit | None = None, only: Collection[str] = ()
) -> Iterator[Finding]:
    """Every finding on a day, `not_applicable` ones too, by the law of that day.

    Computed here and now, stored nowhere. `unit`: only that unit and those below it; `only`: the
    sources with these names.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for source in sources():
            if only and source.name not in only:
                continue
            store.prepare(cursor)
            scope = Scope(as_of=as_of, path=unit.path if unit else None, complete=True)
            judge(cursor, source, scope, store.into_stage)
            for verdict, labels in store.read_stage(source):
                yield from expand(verdict, labels)


def judge(cursor: CursorWrapper, source: Source, scope: Scope, insert: Insert) -> None:
    """Judge a scope with the facts of its cadres on the day; `insert` says where verdicts go."""
    if not scope.is_shared:
        people, values = source.people(scope)
        standing.derive(
            cursor, people=people, values=values, as_of=scope.as_of, table=scope.standing
        )
    source.judge(cursor, scope, insert)


def _update(cursor: CursorWrapper, source: Source, scope: Scope) -> None:
    """Make the live state of a scope what judging it says."""
    if not store.has_state(cursor, source, scope):
        judge(cursor, source, scope, store.into_state(scope.as_of))
        return
    judge(cursor, source, scope, store.into_stage)
    store.write_state(cursor, source, scope)


# --- runs -------------------------------------------------------------------------------------


def run_start(
    *,
    actor: Actor | None,
    as_of: date,
    unit: Unit | None = None,
    kind: RunKind = RunKind.LIVE,
    inline: bool = False,
) -> ComplianceRun:
    """Write down a run and its chunks, and send them to workers on commit.

    A live run brings the live state up to today and takes no unit; a snapshot keeps everything
    found on its day. `actor` None: the portal itself. Raises PermissionDenied, ValueError.
    """
    if actor is not None:
        require(can_run_check(actor, unit))
    if kind == RunKind.LIVE and (unit is not None or as_of != clock.today()):
        raise ValueError("A live run is about today and everything.")
    with transaction.atomic():
        run = ComplianceRun.objects.create(
            kind=kind,
            as_of=as_of,
            unit=unit,
            law_fingerprint=load_law().fingerprint,
            basis=marks.basis(),
            requested_by_id=actor.pk if actor is not None else None,
        )
        chunks = list(_chunks(run))
        RunChunk.objects.bulk_create(chunks)
        run.total = len(chunks)
        run.save(update_fields=["total"])
        if not inline:
            enqueue("compliance.run_advance", run_id=run.pk)
    return run


def _chunks(run: ComplianceRun) -> Iterator[RunChunk]:
    """The parts of a run: what has to be judged, facts for all, then subjects by group."""
    is_live = run.kind == RunKind.LIVE
    if is_live:
        yield RunChunk(run=run, phase=FIND, source="", low=0, high=0)
    with connection.cursor() as cursor:
        for source in sources():
            if is_live and isinstance(source, MarkedSource):
                for low, high in shared.ranges(cursor):
                    yield RunChunk(run=run, phase=SHARE, source=source.name, low=low, high=high)
            for start, end in source.chunks(cursor, _scope(run), CHUNK_SIZE):
                yield RunChunk(run=run, phase=JUDGE, source=source.name, low=start, high=end)


def _scope(run: ComplianceRun, low: int = 0, high: int = LAST) -> Scope:
    return Scope(
        as_of=run.as_of,
        path=run.unit.path if run.unit else None,
        low=low,
        high=high,
        complete=run.kind == RunKind.SNAPSHOT,
    )


def run_advance(*, run_id: int, resume: bool = False) -> None:
    """Send the next phase's chunks, or finish the run. Safe to call at any time, repeatedly.

    With `resume`, open chunks of the present phase are sent again: one that is being worked on is
    left alone by whoever receives it twice.
    """
    with transaction.atomic():
        run = ComplianceRun.objects.select_for_update().get(pk=run_id)
        if run.is_over:
            return
        open_chunks = RunChunk.objects.filter(run=run, finished_at=None)
        first = open_chunks.order_by("phase").first()
        if first is None:
            _finish(run)
            return
        begun = RunChunk.objects.filter(run=run, phase=first.phase).exclude(finished_at=None)
        if begun.exists() and not resume:
            return  # the rest of this phase is under way
        if run.status == RunStatus.QUEUED:
            run.status, run.started_at = RunStatus.RUNNING, clock.now()
            run.save(update_fields=["status", "started_at"])
        for chunk in open_chunks.filter(phase=first.phase):
            enqueue("compliance.run_chunk", chunk_id=chunk.pk)


def run_inline(run: ComplianceRun) -> None:
    """Do all of a run in this process."""
    ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, started_at=clock.now())
    for chunk in RunChunk.objects.filter(run=run).order_by("phase", "pk"):
        chunk_do(chunk_id=chunk.pk)
    run_advance(run_id=run.pk)


def chunk_do(*, chunk_id: int) -> int | None:
    """Do one chunk in one transaction. Returns the run's id, or None if there was nothing to do.

    The row lock is the claim: a worker that dies loses it with its connection, a second delivery
    finds the row locked or finished.
    """
    started = time.monotonic()
    with transaction.atomic():
        chunk = (
            RunChunk.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("run", "run__unit")
            .filter(pk=chunk_id, finished_at=None, run__status=RunStatus.RUNNING)
            .first()
        )
        if chunk is None:
            return None
        with connection.cursor() as cursor:
            store.prepare(cursor)
            if chunk.phase == FIND:
                shared.clear(cursor)
                marks.find(cursor, since=_judged_on(chunk.run), as_of=chunk.run.as_of)
            elif chunk.phase == SHARE:
                _share(cursor, chunk)
            else:
                _do(cursor, chunk)
        chunk.finished_at = clock.now()
        chunk.seconds = round(time.monotonic() - started, 3)
        chunk.save(update_fields=["finished_at", "seconds"])
        ComplianceRun.objects.filter(pk=chunk.run_id).update(done=F("done") + 1)
    return chunk.run_id


def _judged_on(run: ComplianceRun) -> date | None:
    """The day of the last finished live run, if all since went by the same law and rules.

    None without any state, or where another basis judged some of it.
    """
    before = ComplianceRun.objects.filter(kind=RunKind.LIVE, pk__lt=run.pk)
    last = before.filter(status=RunStatus.FINISHED).order_by("-pk").first()
    if last is None or not ComplianceState.objects.exists():
        return None
    if before.filter(pk__gte=last.pk).exclude(basis=run.basis).exists():
        return None
    return last.as_of


def _share(cursor: CursorWrapper, chunk: RunChunk) -> None:
    source = source_by_name(chunk.source)
    if isinstance(source, MarkedSource) and marks.is_most_marked(cursor, source):
        run = chunk.run
        shared.derive(
            cursor, source, run_id=run.pk, as_of=run.as_of, low=chunk.low, high=chunk.high
        )


def _do(cursor: CursorWrapper, chunk: RunChunk) -> None:
    source = source_by_name(chunk.source)
    scope = _scope(chunk.run, chunk.low, chunk.high)
    if chunk.run.kind == RunKind.SNAPSHOT:
        judge(cursor, source, scope, store.into_stage)
        store.write_snapshot(cursor, source, chunk.run_id)
        return
    cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [STATE_LOCK])
    if isinstance(source, MarkedSource):
        touched = marks.take(cursor, source, chunk.low, chunk.high)
        if not touched:
            return
        if touched < marks.groups_between(cursor, source, chunk.low, chunk.high) // 2:
            scope = replace(scope, groups=marks.TAKEN)
        else:
            scope = _shared(cursor, source, scope, chunk.run)
    _update(cursor, source, scope)


def _shared(cursor: CursorWrapper, source: MarkedSource, scope: Scope, run: ComplianceRun) -> Scope:
    """The scope with the facts that the run's chunks share, if it has them all."""
    parts = run.chunks.filter(phase=SHARE, source=source.name).count()
    facts = shared.facts(cursor, source, run_id=run.pk, as_of=run.as_of, parts=parts)
    return replace(scope, standing=facts, is_shared=True) if facts else scope


def _finish(run: ComplianceRun) -> None:
    is_snapshot = run.kind == RunKind.SNAPSHOT
    store.look_at("compliance_snapshot" if is_snapshot else "compliance_state")
    run.status, run.finished_at = RunStatus.FINISHED, clock.now()
    run.started_at = run.started_at or run.finished_at
    run.summary = store.summary(run.pk if is_snapshot else None)
    run.save(update_fields=["status", "started_at", "finished_at", "summary"])


def run_fail(*, run_id: int, error: str) -> None:
    """Close a run with a sentence about what went wrong; a snapshot leaves no half results."""
    with transaction.atomic():
        run = ComplianceRun.objects.select_for_update().get(pk=run_id)
        if run.is_over:
            return
        run.status, run.finished_at, run.error = RunStatus.FAILED, clock.now(), error
        run.save(update_fields=["status", "finished_at", "error"])
        ComplianceSnapshot.objects.filter(run=run)._raw_delete("default")


def run_cancel(*, actor: Actor, run: ComplianceRun) -> None:
    """Stop a run that is not over. Chunks under way finish, no further one begins."""
    require(can_run_check(actor, run.unit))
    with transaction.atomic():
        run = ComplianceRun.objects.select_for_update().get(pk=run.pk)
        if run.is_over:
            return
        run.status, run.finished_at = RunStatus.CANCELLED, clock.now()
        run.save(update_fields=["status", "finished_at"])
        ComplianceSnapshot.objects.filter(run=run)._raw_delete("default")


def runs_resume() -> int:
    """Send again what a lost worker left open. Returns how many runs were waiting."""
    waiting = ComplianceRun.objects.filter(status__in=[RunStatus.QUEUED, RunStatus.RUNNING])
    for run_id in waiting.values_list("pk", flat=True):
        run_advance(run_id=run_id, resume=True)
    return len(waiting)


# --- after an edit ----------------------------------------------------------------------------


def recheck(*, source_name: str, groups: list[int], as_of: date) -> None:
    """Bring the live state of some groups (plans or units) up to date after an edit."""
    source = source_by_name(source_name)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STATE_LOCK])
        for group in sorted(set(groups)):
            store.prepare(cursor)
            scope = Scope(as_of=as_of, low=group, high=group)
            if isinstance(source, MarkedSource):
                marks.take(cursor, source, group, group)
            _update(cursor, source, scope)
