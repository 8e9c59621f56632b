"""Real `celery -A cadre_portal worker` processes on the test's database and own queue.

The worker is another process: it sees only what is committed. A test that uses it must
therefore take `transactional_db` (or `django_db(transaction=True)`); the fixture
`celery_workers` in tests/conftest.py does.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Self

import psutil
import redis
from django.conf import settings
from django.db import connection

from cadre_portal.embedded.processes import wait_for_exit
from tests.support import offspring

ROOT = Path(__file__).resolve().parents[2]

#: How sessions of other processes are told apart from those of the test itself.
APPLICATION = "tests: other process"

START_SECONDS = 60.0
STOP_SECONDS = 30.0


def subprocess_environment(**extra: str) -> dict[str, str]:
    """Return the environment for a process that shall share this test's database and queue."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cadre_portal.settings.test",
        "PORTAL_VAR": str(settings.PORTAL_VAR),
        "PORTAL_TEST_DATABASE": connection.settings_dict["NAME"],
        "PORTAL_TEST_BROKER_DATABASE": str(settings.TEST_BROKER_DATABASE),
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "INFO",
        "PGAPPNAME": APPLICATION,
        "C_FORCE_ROOT": "1",
        **extra,
    }


def run_manage(*arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run `manage.py <arguments>` as its own process on this test's database; never raises."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "output"), Path(folder, "errors")
        process = offspring.born(
            _manage,
            ["manage.py", *arguments],
            environment=subprocess_environment(),
            output=output,
            errors=errors,
        )
        process.join(timeout)
        if process.is_alive():
            process.kill()
            process.join()
        said, complained = output.read_text("utf-8"), errors.read_text("utf-8")
    return subprocess.CompletedProcess(arguments, process.exitcode or 0, said, complained)


def _manage() -> int:
    import manage

    return manage.main()


def _celery() -> None:
    from celery.bin.celery import main

    main()


def broker_client() -> redis.Redis:
    """Return a client of the queue's numbered database."""
    if settings.EMBEDDED_VALKEY:
        from cadre_portal.embedded.services import embedded_valkey

        server = embedded_valkey()
        server.ensure_running()
        return redis.Redis(unix_socket_path=str(server.socket), db=settings.TEST_BROKER_DATABASE)
    return redis.Redis.from_url(settings.CELERY_BROKER_URL)


def purge_queue() -> None:
    """Empty the queue of this pytest process, unacknowledged jobs too."""
    with broker_client() as client:
        client.flushdb()


class CeleryWorker:
    """One worker process with one pool child."""

    def __init__(self, folder: Path, *, imported: bool = True) -> None:
        """Start the process; its log goes to a file in `folder`. Does not wait.

        It starts from what is `imported` already, or from the command line.
        """
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        self.log = folder / f"{self.name}.log"
        self.log.touch()
        options = ["-A", "cadre_portal", "worker", "-n", f"{self.name}@%h", "-c", "1"]
        # Nobody else is on this queue: greeting others is a second of waiting.
        options += ["--without-gossip", "--without-mingle", "-I", "tests.support.tasks"]
        start = self._start if imported else self._start_from_nothing
        self.process = start(options)

    def _start(self, options: list[str]) -> psutil.Process:
        process = offspring.born(
            _celery,
            ["celery", *options],
            environment=subprocess_environment(),
            output=self.log,
            errors=self.log,
        )
        return psutil.Process(process.pid)

    def _start_from_nothing(self, options: list[str]) -> psutil.Process:
        with self.log.open("wb") as log:
            return psutil.Popen(
                [sys.executable, "-m", "celery", *options],
                env=subprocess_environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What the worker has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self) -> Self:
        """Return once the worker takes jobs; fail with its log if it ends or hangs."""
        deadline = time.monotonic() + START_SECONDS
        while " ready." not in self.output:
            if not self.process.is_running() or time.monotonic() > deadline:
                raise AssertionError(f"the worker did not become ready:\n{self.output}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """SIGKILL the worker and all its children at once, as a power cut would.

        Returns when all are gone: a child that still dies holds the worker's connection to
        the broker open, and would swallow the next job with it.
        """
        with contextlib.suppress(psutil.NoSuchProcess):
            family = [self.process, *self.process.children(recursive=True)]
            os.killpg(self.process.pid, signal.SIGKILL)
            # Whose parent has gone as well may stay a zombie for seconds.
            assert all(wait_for_exit(process.pid, STOP_SECONDS) for process in family)
            self.process.wait(STOP_SECONDS)


class CeleryWorkers:
    """Starts workers for one test and stops those that are left at its end."""

    def __init__(self, folder: Path) -> None:
        """Logs go to `folder`."""
        self._folder = folder
        self.all: list[CeleryWorker] = []

    def start(self, count: int = 1, *, imported: bool = True) -> list[CeleryWorker]:
        """Start `count` worker processes and return them when all take jobs."""
        fresh = [CeleryWorker(self._folder, imported=imported) for _ in range(count)]
        self.all.extend(fresh)
        return [worker.wait_until_ready() for worker in fresh]

    def stop(self) -> None:
        """End every worker that still runs; pytest shows their logs if the test failed.

        Not warmly: what a test wants of its workers it has seen, and seconds add up. Nor is
        their last statement let finish: a server notices late that a client has gone.
        """
        for worker in self.all:
            worker.kill()
            print(f"-- {worker.name}\n{worker.output[-6000:]}")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                [int(STOP_SECONDS) * 1000, APPLICATION],
            )
