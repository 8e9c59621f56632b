"""The worker helper: a real process, the test's database, the test's queue."""

import time

import pytest
from django.contrib.auth import get_user_model

from cadre_portal.celery import app
from tests.support.workers import CeleryWorkers, broker_client, run_manage


def _wait_for(condition, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing happened in time"
        time.sleep(0.05)


@pytest.mark.stock
def test_worker_takes_jobs_and_sees_the_test_database(celery_workers: CeleryWorkers) -> None:
    get_user_model().objects.create_user("worker-test", password="x")
    (worker,) = celery_workers.start(imported=False)
    app.send_task("tests.count_users", kwargs={"note": "first"})
    _wait_for(lambda: "first: users=1" in worker.output)


@pytest.mark.stock
def test_killed_worker_loses_no_waiting_job(celery_workers: CeleryWorkers) -> None:
    (first,) = celery_workers.start()
    first.kill()
    with broker_client() as client:
        # What a worker asks for at its start may still wait there.
        waiting = client.llen("cadre_portal")
        app.send_task("tests.count_users", kwargs={"note": "second"})
        assert client.llen("cadre_portal") == waiting + 1
    (second,) = celery_workers.start()
    _wait_for(lambda: "second: users=0" in second.output)


def test_command_sees_the_test_database(transactional_db: None) -> None:
    get_user_model().objects.create_user("command-test", password="x")
    result = run_manage(
        "shell",
        "-c",
        "from django.contrib.auth import get_user_model as u; print(u().objects.get())",
    )
    assert "command-test" in result.stdout, result.stderr
