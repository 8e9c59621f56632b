"""Imports by real workers: from upload to the files, through a worker's death."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cadres.choices import Role
from cadres.models import Cadre, ImportJob, User
from cadres.selectors.imports import import_is_held
from cadres.services import imports as services
from tests import factories
from tests.support.workers import CeleryWorkers
from tests.workbook.conftest import PROVINCE

Status = ImportJob.Status
LAST_STAGE = "Ghi trang targets"


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def status_of(job: ImportJob) -> str:
    job.refresh_from_db()
    return job.status


@pytest.fixture
def officer(celery_workers: CeleryWorkers) -> User:
    """An account with the right to import, committed."""
    user = factories.UserFactory()
    factories.RoleGrantFactory(user=user, role=Role.PROVINCIAL_OFFICER)
    return user


@pytest.fixture
def uploaded(officer: User) -> Iterator[ImportJob]:
    """The province, uploaded and given to the queue."""
    upload = SimpleUploadedFile("province.xlsx", PROVINCE.read_bytes())
    job = services.import_upload(actor=officer, upload=upload)
    yield job
    Path(job.file.path).unlink()  # under the portal folder, where the workers look for it


def test_from_upload_to_the_files(
    celery_workers: CeleryWorkers, officer: User, uploaded: ImportJob
) -> None:
    celery_workers.start()
    until(lambda: status_of(uploaded) == Status.READY)
    assert not Cadre.objects.exists()
    assert uploaded.result["rows"]["cadres"]["created"] == 307
    services.import_apply_ask(actor=officer, job=uploaded)
    until(lambda: status_of(uploaded) == Status.APPLIED)
    assert Cadre.objects.count() == 307
    assert uploaded.total


def test_a_killed_worker_leaves_nothing_half_written(
    celery_workers: CeleryWorkers, officer: User, uploaded: ImportJob
) -> None:
    worker = celery_workers.start()[0]
    until(lambda: status_of(uploaded) == Status.READY)
    with other_connection() as cursor:  # the write waits at the last sheet, all else is done
        cursor.execute("BEGIN; LOCK TABLE compliance_target IN SHARE MODE")
        services.import_apply_ask(actor=officer, job=uploaded)
        until(lambda: (status_of(uploaded), uploaded.stage) == (Status.APPLYING, LAST_STAGE))
        assert import_is_held(uploaded)
        worker.kill()
        cursor.execute("ROLLBACK")
    until(lambda: not import_is_held(uploaded))
    assert status_of(uploaded) == Status.APPLYING  # the page calls this interrupted
    assert not Cadre.objects.exists()

    celery_workers.start()
    services.import_retry(actor=officer, job=uploaded)
    until(lambda: status_of(uploaded) == Status.APPLIED)
    assert Cadre.objects.count() == 307


@contextmanager
def other_connection() -> Iterator[Any]:
    """A cursor of another person's connection."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()
