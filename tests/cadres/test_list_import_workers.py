"""Lists written by real workers: progress, two at once, a worker's death."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from cadre_portal.common import clock
from cadres.models import Cadre, ListImport, User
from cadres.selectors.list_imports import list_import_is_held
from cadres.services import list_imports as services
from tests.cast import Organisation
from tests.support.workers import CeleryWorkers

Status = ListImport.Status
ROWS = "TT,Họ và tên,Ngày sinh,Chức vụ\n" + "".join(
    f"{n},Vi Văn {chr(64 + n)},0{n}/03/1980,Phó Giám đốc\n" for n in range(1, 6)
)


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def status_of(found: ListImport) -> str:
    found.refresh_from_db()
    return found.status


@contextmanager
def other_connection() -> Iterator[Any]:
    """A cursor of another person's connection."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def previewed(actor: User, office: Organisation) -> ListImport:
    """A list ready to be written."""
    found = services.list_upload(
        actor=actor,
        upload=SimpleUploadedFile("ds.csv", ROWS.encode()),
        unit=office.department,
        as_of=clock.today(),
    )
    services.list_preview(actor=actor, list_import=found, version=found.version)
    return found


def written() -> int:
    return Cadre.objects.filter(full_name__startswith="Vi Văn").count()


def test_a_killed_worker_leaves_nothing_half_written(
    celery_workers: CeleryWorkers,
    organisation: Organisation,
    unit_officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(services, "SMALL_PEOPLE", 0)  # even this one goes to a worker
    found = previewed(unit_officer, organisation)
    worker = celery_workers.start()[0]
    with other_connection() as cursor:  # the write waits at the last table
        cursor.execute("BEGIN; LOCK TABLE cadres_appointment IN SHARE MODE")
        services.list_apply_ask(actor=unit_officer, list_import=found, version=found.version)
        until(lambda: status_of(found) == Status.APPLYING and found.stage == "Ghi vào hồ sơ")
        assert list_import_is_held(found)
        worker.kill()
        cursor.execute("ROLLBACK")
    until(lambda: not list_import_is_held(found))
    assert (status_of(found), written()) == (Status.APPLYING, 0)  # the page says "interrupted"

    celery_workers.start()
    services.list_retry(actor=unit_officer, list_import=found)
    until(lambda: status_of(found) == Status.APPLIED)
    assert written() == 5
    services.list_apply(list_import_id=found.pk)  # delivered once more
    assert written() == 5
    Path(found.file.path).unlink()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once(
    organisation: Organisation, unit_officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same list twice: one is written, the other is shown anew with everybody on file."""
    monkeypatch.setattr("cadre_portal.common.jobs._send", lambda *_args: None)
    lists = [previewed(unit_officer, organisation) for _ in range(2)]
    gate = threading.Barrier(2)

    def write(found: ListImport) -> None:
        gate.wait()
        try:
            services.list_apply_ask(actor=unit_officer, list_import=found, version=found.version)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(found,)) for found in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status_of(found) for found in lists) == [Status.APPLIED, Status.PREVIEW]
    assert written() == 5
    late = next(found for found in lists if found.status == Status.PREVIEW)
    assert late.counts["moved"]
    assert late.counts["effects"] == {"unchanged": 5}
    for found in lists:
        Path(found.file.path).unlink()
