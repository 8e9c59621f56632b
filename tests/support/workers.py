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
import time
import uuid
from pathlib import Path
from typing import Self

import psutil
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]

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
        "C_FORCE_ROOT": "1",
        **extra,
    }


def run_manage(
    *arguments: str, timeout: float = 120, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run `manage.py <arguments>` as its own process on this test's database; never raises."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=subprocess_environment(**extra),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


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
    """One worker process; `concurrency` pool children of its own."""

    def __init__(self, folder: Path, *, concurrency: int = 1, **environment: str) -> None:
        """Start the process; its log goes to a file in `folder`. Does not wait."""
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        self.log = folder / f"{self.name}.log"
        command = [sys.executable, "-m", "celery", "-A", "cadre_portal", "worker"]
        options = ["-n", f"{self.name}@%h", "-c", str(concurrency), "--without-gossip"]
        options += ["-I", "tests.support.tasks"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *options],
                env=subprocess_environment(**environment),
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
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the worker did not become ready:\n{self.output}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """SIGKILL the worker and all its children at once, as a power cut would.

        Returns when all are gone: a child that still dies holds the worker's connection to
        the broker open, and would swallow the next job with it.
        """
        family = self._family()
        self._signal_group(signal.SIGKILL)
        self.process.wait(STOP_SECONDS)
        psutil.wait_procs(family, timeout=STOP_SECONDS)

    def _family(self) -> list[psutil.Process]:
        try:
            worker = psutil.Process(self.process.pid)
            return [worker, *worker.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def stop(self) -> None:
        """Stop warmly: running jobs finish first; kill it if that takes too long."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class CeleryWorkers:
    """Starts workers for one test and stops those that are left at its end."""

    def __init__(self, folder: Path) -> None:
        """Logs go to `folder`."""
        self._folder = folder
        self.all: list[CeleryWorker] = []

    def start(
        self, count: int = 1, *, concurrency: int = 1, **environment: str
    ) -> list[CeleryWorker]:
        """Start `count` worker processes and return them when all take jobs."""
        fresh = [
            CeleryWorker(self._folder, concurrency=concurrency, **environment) for _ in range(count)
        ]
        self.all.extend(fresh)
        return [worker.wait_until_ready() for worker in fresh]

    def stop(self) -> None:
        """End every worker that still runs; pytest shows their logs if the test failed.

        Not warmly: what a test wants of its workers it has seen, and seconds add up.
        """
        for worker in self.all:
            worker.kill()
            print(f"-- {worker.name}\n{worker.output[-6000:]}")
