"""Evidence taken by real workers: whole, after a worker's death, and not at all with a sentence."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from inspections.choices import Stage
from inspections.models import Evidence, EvidenceTaking
from inspections.services.evidence import evidence_fail, evidence_resume, evidence_take
from tests.inspections.conftest import Scene, advance
from tests.support.workers import CeleryWorkers


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def state_of(taking: EvidenceTaking) -> tuple[str, int]:
    taking.refresh_from_db()
    return taking.state, taking.done


@contextmanager
def held(statement: str) -> Iterator[Any]:
    """Something locked by another connection."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"BEGIN; {statement}")
            yield cursor
    finally:
        other.close()


@pytest.mark.stock
def test_a_worker_freezes_every_unit(celery_workers: CeleryWorkers, scene: Scene) -> None:
    advance(scene, Stage.SELF_REPORTING)
    celery_workers.start()
    taking = evidence_take(actor=scene.lead, inspection=scene.inspection)
    until(lambda: state_of(taking) == ("ready", 2))
    assert Evidence.objects.filter(taking=taking).count() == 4  # two units, two plans


@pytest.mark.stock
def test_what_a_killed_worker_left_is_taken_up_and_frozen_once(
    celery_workers: CeleryWorkers, scene: Scene
) -> None:
    advance(scene, Stage.SELF_REPORTING)
    worker = celery_workers.start()[0]
    with held("LOCK TABLE inspections_evidence IN SHARE MODE"):
        taking = evidence_take(actor=scene.lead, inspection=scene.inspection)
        until(lambda: _waits_for_a_lock('INSERT INTO "inspections_evidence"'))
        worker.kill()
    until(lambda: not _waits_for_a_lock('INSERT INTO "inspections_evidence"'))
    assert state_of(taking) == ("running", 0)
    assert not Evidence.objects.exists()  # a unit is frozen whole or not at all
    celery_workers.start()
    evidence_resume(actor=scene.lead, taking=taking)
    until(lambda: state_of(taking) == ("ready", 2))
    assert Evidence.objects.filter(taking=taking).count() == 4


def _waits_for_a_lock(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE %s AND datname = current_database())",
            [f"%{statement}%"],
        )
        return bool(cursor.fetchone()[0])


def test_a_failure_ends_it_with_a_sentence(scene: Scene) -> None:
    advance(scene, Stage.SELF_REPORTING)
    taking = evidence_take(actor=scene.lead, inspection=scene.inspection)
    evidence_fail(taking_id=taking.pk, error="hết bộ nhớ.")
    assert state_of(taking)[0] == "failed"
    assert taking.error == "Lần chốt số liệu bị gián đoạn: hết bộ nhớ. Hãy chốt lại."
    assert evidence_take(actor=scene.lead, inspection=scene.inspection).state == "running"
