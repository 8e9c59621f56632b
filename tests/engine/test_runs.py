"""Runs: chunks that may come twice, workers that die, faults that leave nothing half done."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction
from django.db.models import Min
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from compliance import selectors, services
from compliance.choices import RunKind, RunStatus
from compliance.models import ComplianceRun, ComplianceSnapshot, ComplianceState, RunChunk
from planning.models import Nomination
from tests.engine.conftest import SAMPLE_DAY, of_findings
from tests.support.workers import CeleryWorkers

Difference = Callable[[Counter[str], Counter[str]], str]


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return when `condition` holds; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.05)


def status_of(run: ComplianceRun) -> str:
    """The status as committed by whoever works on it."""
    return ComplianceRun.objects.values_list("status", flat=True).get(pk=run.pk)


@contextmanager
def held_up(table: str, mode: str) -> Iterator[None]:
    """Nobody else can use a table inside: a worker stands still in the middle of a chunk."""
    holder = psycopg2.connect(**connection.get_connection_params())
    try:
        with holder.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    finally:
        holder.close()


def results_held_up() -> AbstractContextManager[None]:
    """Nobody can write a snapshot row inside."""
    return held_up("compliance_snapshot", "EXCLUSIVE")


def stored_verdicts() -> set[tuple[Any, ...]]:
    """The live state, without since when."""
    rows = ComplianceState.objects.values_list("kind", "subject_id", "outcomes", "counts")
    return {(kind, pk, tuple(outcomes), tuple(counts)) for kind, pk, outcomes, counts in rows}


def workers_that_wait() -> int:
    """Sessions of others that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


@pytest.mark.stock
def test_a_run_outlives_its_killed_worker(
    committed_sample: None,
    celery_workers: CeleryWorkers,
    expected: Counter[str],
    difference: Difference,
) -> None:
    (victim,) = celery_workers.start()
    with results_held_up():
        run = services.run_start(actor=None, as_of=SAMPLE_DAY, kind=RunKind.SNAPSHOT)
        wait_for(lambda: workers_that_wait() > 0)
        victim.kill()
    assert status_of(run) == RunStatus.RUNNING
    assert RunChunk.objects.filter(run=run, finished_at=None).exists()
    celery_workers.start()
    wait_for(lambda: status_of(run) == RunStatus.FINISHED)
    found = of_findings(selectors.snapshot_findings_unscoped(run=run))
    assert not difference(expected, found)


@pytest.mark.parametrize(
    ("table", "mode", "phase"),
    [
        ("cadres_evaluation", "ACCESS EXCLUSIVE", services.SHARE),
        ("compliance_state", "EXCLUSIVE", services.JUDGE),
    ],
    ids=["shared facts", "verdicts"],
)
def test_a_live_run_outlives_its_killed_worker(
    committed_sample: None, celery_workers: CeleryWorkers, table: str, mode: str, phase: int
) -> None:
    services.run_inline(
        services.run_start(actor=None, as_of=clock.today(), kind=RunKind.LIVE, inline=True)
    )
    undisturbed = stored_verdicts()
    assert undisturbed
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE compliance_state, compliance_change")
    (victim,) = celery_workers.start()
    with held_up(table, mode):
        run = services.run_start(actor=None, as_of=clock.today(), kind=RunKind.LIVE)
        wait_for(lambda: workers_that_wait() > 0)
        assert run.chunks.filter(finished_at=None).aggregate(Min("phase"))["phase__min"] == phase
        victim.kill()
    celery_workers.start()
    wait_for(lambda: status_of(run) == RunStatus.FINISHED)
    assert stored_verdicts() == undisturbed


@pytest.mark.stock
def test_a_run_outlives_a_lost_database_session(
    committed_sample: None,
    celery_workers: CeleryWorkers,
    expected: Counter[str],
    difference: Difference,
) -> None:
    celery_workers.start()
    with results_held_up():
        run = services.run_start(actor=None, as_of=SAMPLE_DAY, kind=RunKind.SNAPSHOT)
        wait_for(lambda: workers_that_wait() > 0)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
    wait_for(lambda: status_of(run) == RunStatus.FINISHED)
    found = of_findings(selectors.snapshot_findings_unscoped(run=run))
    assert not difference(expected, found)


def start_inline(kind: RunKind = RunKind.SNAPSHOT) -> ComplianceRun:
    """A run over the sample whose chunks nobody has done yet."""
    day = SAMPLE_DAY if kind == RunKind.SNAPSHOT else clock.today()
    run = services.run_start(actor=None, as_of=day, kind=kind, inline=True)
    ComplianceRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING)
    return run


def test_a_chunk_that_comes_twice_changes_nothing(sample: None) -> None:
    run = start_inline()
    chunk = run.chunks.order_by("pk").first()
    assert services.chunk_do(chunk_id=chunk.pk) == run.pk
    rows = ComplianceSnapshot.objects.filter(run=run).count()
    assert rows > 0
    assert services.chunk_do(chunk_id=chunk.pk) is None
    assert ComplianceSnapshot.objects.filter(run=run).count() == rows
    run.refresh_from_db()
    assert run.done == 1


def test_a_chunk_in_work_is_left_alone(
    committed_sample: None, celery_workers: CeleryWorkers
) -> None:
    celery_workers.start()
    with results_held_up():
        run = services.run_start(actor=None, as_of=SAMPLE_DAY, kind=RunKind.SNAPSHOT)
        wait_for(lambda: workers_that_wait() > 0)
        with transaction.atomic():
            free = set(
                RunChunk.objects.select_for_update(skip_locked=True)
                .filter(run=run)
                .values_list("pk", flat=True)
            )
        taken = set(run.chunks.values_list("pk", flat=True)) - free
        assert taken
        assert services.chunk_do(chunk_id=taken.pop()) is None
    wait_for(lambda: status_of(run) == RunStatus.FINISHED)


@pytest.mark.stock
def test_a_fault_leaves_a_sentence_and_no_half_results(
    committed_sample: None, celery_workers: CeleryWorkers
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'đĩa hỏng'; END $$;"
            " CREATE TRIGGER fault BEFORE INSERT ON compliance_snapshot FOR EACH ROW"
            " WHEN (NEW.kind = 4) EXECUTE FUNCTION fault()"
        )
    try:
        celery_workers.start()
        run = services.run_start(actor=None, as_of=SAMPLE_DAY, kind=RunKind.SNAPSHOT)
        wait_for(lambda: status_of(run) == RunStatus.FAILED)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION fault CASCADE")
    run.refresh_from_db()
    assert "đĩa hỏng" in run.error
    assert not ComplianceSnapshot.objects.filter(run=run).exists()


def test_a_cancelled_run_begins_no_further_chunk(sample: None, administrator) -> None:
    run = start_inline()
    services.run_cancel(actor=administrator, run=run)
    for chunk in run.chunks.all():
        assert services.chunk_do(chunk_id=chunk.pk) is None
    services.run_advance(run_id=run.pk, resume=True)
    assert status_of(run) == RunStatus.CANCELLED


def test_a_live_run_is_about_today_and_everything(sample: None) -> None:
    with pytest.raises(ValueError, match="today"):
        services.run_start(actor=None, as_of=SAMPLE_DAY.replace(year=2020), kind=RunKind.LIVE)


def test_an_unchanged_province_writes_nothing(sample: None) -> None:
    services.run_inline(services.run_start(actor=None, as_of=clock.today(), inline=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(xmin::text::bigint), count(*) FROM compliance_state")
        before = cursor.fetchone()
        services.run_inline(services.run_start(actor=None, as_of=clock.today(), inline=True))
        cursor.execute("SELECT max(xmin::text::bigint), count(*) FROM compliance_state")
        assert cursor.fetchone() == before
    assert ComplianceState.objects.exists()


def test_statements_do_not_grow_with_rows(sample: None) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert sum(1 for _ in services.evaluate(as_of=SAMPLE_DAY)) > 0
        return len(captured)

    statements()  # the figure sets are known from now on
    everything = statements()
    Nomination.objects.filter(pk__gt=Nomination.objects.order_by("pk")[50].pk).delete()
    assert statements() == everything
