"""`manage.py demo` (make demo): the whole portal on this machine, with the demonstration province.

Services, migrations, data, a check by a real Celery worker, then the web server until Ctrl-C.
What this command started, it stops; what ran before goes on running.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from cadre_portal.demo import accounts
from cadre_portal.embedded.postgres import EmbeddedPostgres
from cadre_portal.embedded.processes import log_tail
from cadre_portal.embedded.services import embedded_postgres, embedded_valkey
from cadre_portal.embedded.valkey import EmbeddedValkey
from planning.services.forecasts import forecast_start

HOST = "127.0.0.1"
WORKER_SECONDS = 60.0
STOP_SECONDS = 30.0


class Command(BaseCommand):
    """Set up and serve the demonstration; safe to run again."""

    help = "Chạy thử toàn bộ cổng tại máy này với tỉnh mẫu (DEMO_SERVE=0: làm hết rồi thoát)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port; the next free one is taken when it is busy."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step; on any way out, stop what was started, the last first."""
        self._require_commands("load_demo", "check_compliance")
        # A shell that starts us in the background has had Ctrl-C ignored.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        serve = os.environ.get("DEMO_SERVE", "1") != "0"
        started = time.monotonic()
        try:
            with ExitStack() as stack:
                stack.enter_context(self._services())
                self._migrate()
                self._load()
                worker = stack.enter_context(self._worker())
                self._check(worker)
                self._say(f"Xong sau {time.monotonic() - started:.0f} giây.")
                if serve:
                    # The worker makes it while the first pages are looked at.
                    forecast_start(actor=None)
                    self._serve(options["port"], worker)
                else:
                    self._say("DEMO_SERVE=0: không mở máy chủ web; chạy `make demo` để mở.")
        except KeyboardInterrupt:
            self._say("Đã dừng.")

    # -- steps ------------------------------------------------------------------------

    @contextmanager
    def _services(self) -> Iterator[None]:
        servers: list[EmbeddedPostgres | EmbeddedValkey] = []
        if settings.EMBEDDED_POSTGRES:
            servers.append(embedded_postgres())
        if settings.EMBEDDED_VALKEY:
            servers.append(embedded_valkey())
        ours = [server for server in servers if not server.is_running()]
        try:
            call_command("services", "start", stdout=self.stdout)
            yield
        finally:
            connections.close_all()
            for server in reversed(ours):
                server.stop()

    def _migrate(self) -> None:
        self._say("Cập nhật cơ sở dữ liệu…")
        call_command("migrate", interactive=False, verbosity=0)

    def _load(self) -> None:
        self._say("Nạp tỉnh mẫu (giữ nguyên nếu đã có)…")
        call_command("load_demo", if_empty=True, stdout=self.stdout)
        connections.close_all()

    @contextmanager
    def _worker(self) -> Iterator[subprocess.Popen[bytes]]:
        log = settings.PORTAL_VAR / "log" / "worker.log"
        log.parent.mkdir(exist_ok=True)
        self._say(f"Khởi động tiến trình Celery, nhật ký {log}…")
        command = [sys.executable, "-m", "celery", "-A", "cadre_portal", "worker", "-n", "demo@%h"]
        with _child(command, log) as worker:
            _wait_for_line(worker, log, " ready.")
            yield worker

    def _check(self, worker: subprocess.Popen[bytes]) -> None:
        self._say("Kiểm tra tuân thủ qua Celery…")
        self.stdout.flush()
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "check_compliance"]
        check = subprocess.Popen([*command, "--format", "table"])
        try:
            while check.poll() is None:
                if worker.poll() is not None:
                    raise CommandError("Tiến trình Celery đã dừng giữa chừng: xem nhật ký của nó.")
                time.sleep(0.1)
        finally:
            if check.poll() is None:
                check.kill()
                check.wait()
        if check.returncode:
            raise CommandError("Kiểm tra tuân thủ không hoàn thành.")

    def _serve(self, port: int, worker: subprocess.Popen[bytes]) -> None:
        port = _free_port(port)
        log = settings.PORTAL_VAR / "log" / "web.log"
        command = [sys.executable, "-m", "gunicorn", "cadre_portal.wsgi"]
        options = ["--bind", f"{HOST}:{port}", "--workers", "2", "--threads", "2"]
        with _child([*command, *options], log, DEBUG="0") as web:
            _wait_for_line(web, log, "Listening at")
            self._say(f"\nMở http://{HOST}:{port}/ trong trình duyệt. Ctrl-C để dừng.")
            self._say_logins()
            self.stdout.flush()
            while web.poll() is None and worker.poll() is None:
                time.sleep(0.2)
            raise CommandError(f"Máy chủ web hoặc Celery đã dừng: xem {log.parent}.")

    def _say_logins(self) -> None:
        names = ", ".join(name for name, _role, _scope in accounts.logins())
        if names and accounts.password_file().exists():
            self._say(f"Tài khoản: {names}; mật khẩu chung: {accounts.password()}")

    # -- small tools ------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _require_commands(self, *names: str) -> None:
        missing = [name for name in names if name not in get_commands()]
        if missing:
            raise CommandError(f"Chưa có lệnh {', '.join(missing)}: chưa chạy thử được.")


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


@contextmanager
def _child(command: list[str], log: Path, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process in its own session (Ctrl-C reaches only us) and stop it at the end."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PORTAL_DEMO": "1",
        **extra,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for_line(process: subprocess.Popen[bytes], log: Path, words: str) -> None:
    deadline = time.monotonic() + WORKER_SECONDS
    while words not in log_tail(log, 200):
        if process.poll() is not None or time.monotonic() > deadline:
            raise CommandError(f"Không khởi động được, xem {log}:\n{log_tail(log, 15)}")
        time.sleep(0.05)


def _free_port(wanted: int) -> int:
    """Return the wanted port, or the first free one after it."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise CommandError(f"Không còn cổng mạng trống từ {wanted} đến {wanted + 49}.")
