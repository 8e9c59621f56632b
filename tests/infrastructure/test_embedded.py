"""The embedded services: started twice, at once, after a crash, by anybody, anywhere."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.core.management import call_command

from cadre_portal.embedded import postgres as postgres_module
from cadre_portal.embedded.account import Account
from cadre_portal.embedded.errors import ServiceError
from cadre_portal.embedded.layout import SOCKET_PATH_LIMIT, Layout
from cadre_portal.embedded.postgres import DATABASE, PORT, USER, EmbeddedPostgres
from cadre_portal.embedded.processes import wait_for_exit
from tests.infrastructure.conftest import ROOT, Manage, Portal, clean_environment, query

pytestmark = pytest.mark.slow  # as a whole

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")


# -- starting twice -------------------------------------------------------------------


def test_second_start_attaches_to_the_first(shared_portal: Portal) -> None:
    shared_portal.postgres.ensure_running()
    shared_portal.valkey.ensure_running()
    pids = shared_portal.postgres.pid(), shared_portal.valkey.pid()
    again = Portal(shared_portal.var)
    again.postgres.ensure_running()
    again.valkey.ensure_running()
    assert (again.postgres.pid(), again.valkey.pid()) == pids
    assert None not in pids


def test_concurrent_starts_make_one_server(portal: Portal) -> None:
    """Processes that begin with nothing but the servers' own code: so they do meet."""
    code = (
        "import sys; from pathlib import Path; from tests.infrastructure.conftest import Portal;"
        "servers = (p := Portal(Path(sys.argv[1]))).postgres, p.valkey;"
        "[server.ensure_running() for server in servers];"
        "print(*(server.pid() for server in servers))"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(portal.var)],
            env=clean_environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    said = [start.communicate(timeout=180) for start in starts]
    assert {start.returncode for start in starts} == {0}, said
    assert {out for out, _errors in said} == {f"{portal.postgres.pid()} {portal.valkey.pid()}\n"}


def _services(action: str) -> str:
    out = StringIO()
    call_command("services", action, stdout=out)
    return out.getvalue()


def test_server_outlives_its_starter_and_stops_on_command(
    portal: Portal, manage: Manage, settings: Any
) -> None:
    manage("services", "start", PORTAL_VAR=str(portal.var))
    assert portal.postgres.is_running()
    assert portal.valkey.is_running()
    settings.PORTAL_VAR = portal.var
    settings.EMBEDDED_POSTGRES = settings.EMBEDDED_VALKEY = True
    assert _services("status").count("đang chạy") == 2
    assert _services("stop").count("đã dừng") == 2
    assert not portal.postgres.is_running()
    assert not portal.valkey.is_running()
    assert _services("stop").count("không chạy") == 2


def test_commands_that_read_no_data_start_nothing(portal: Portal) -> None:
    """One after another in a process that imports the portal once."""
    commands = ["--help"], ["check"], ["services", "status"]
    code = (
        "import json, sys, manage\n"
        "for command in json.loads(sys.argv[1]):\n"
        "    sys.argv = ['manage.py', *command]\n"
        "    assert manage.main() == 0\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(commands)],
        env=clean_environment(PORTAL_VAR=str(portal.var)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "không có vấn đề" in done.stdout or "no issues" in done.stdout
    assert done.stdout.count("không chạy") == 2
    assert not portal.layout.postgres.exists()
    assert not portal.layout.valkey.exists()


def test_first_query_of_a_command_starts_the_server(portal: Portal, manage: Manage) -> None:
    shown = manage(
        "shell",
        "-c",
        "from django.db import connection as c; k = c.cursor();"
        " k.execute('SHOW fsync'); print('fsync', k.fetchone()[0])",
        PORTAL_VAR=str(portal.var),
    )
    assert "fsync on" in shown.stdout, shown.stderr
    assert portal.postgres.is_running()
    assert not portal.valkey.is_running()


# -- after a crash --------------------------------------------------------------------


def test_killed_servers_come_back_with_their_data(shared_portal: Portal) -> None:
    server, queue = shared_portal.postgres, shared_portal.valkey
    server.ensure_running()
    queue.ensure_running()
    query(server, "CREATE TABLE IF NOT EXISTS kept (id int)")
    with redis.Redis(unix_socket_path=str(queue.socket)) as client:
        client.lpush("waiting", "job")
    for pid in (server.pid(), queue.pid()):
        assert pid
        os.kill(pid, signal.SIGKILL)
        assert wait_for_exit(pid, 10)
    assert not server.is_running()
    server.ensure_running()
    queue.ensure_running()
    assert query(server, "SELECT count(*) FROM kept") == 0
    with redis.Redis(unix_socket_path=str(queue.socket)) as client:
        assert client.llen("waiting") == 1


def test_pid_files_that_name_a_stranger_are_ignored(shared_portal: Portal) -> None:
    server, queue = shared_portal.postgres, shared_portal.valkey
    server.ensure_running()
    queue.ensure_running()
    server.stop()
    queue.stop()
    stranger = str(os.getpid())
    lines = [stranger, str(server.data), "1", str(PORT), str(server.sockets), "", "1 2", "ready"]
    (server.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    (queue.folder / "valkey.pid").write_text(stranger + "\n")
    server.ensure_running()
    queue.ensure_running()
    assert server.pid() not in {None, os.getpid()}
    assert queue.pid() not in {None, os.getpid()}


def test_lost_socket_is_made_anew(shared_portal: Portal) -> None:
    server, queue = shared_portal.postgres, shared_portal.valkey
    server.ensure_running()
    queue.ensure_running()
    before = queue.pid()
    (server.sockets / f".s.PGSQL.{PORT}").unlink()
    queue.socket.unlink()
    patient = EmbeddedPostgres(shared_portal.layout)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres_module, "_SOCKET_SECONDS", 0.5)
        patient.ensure_running()
    queue.ensure_running()
    assert query(server, "SELECT 1") == 1
    assert queue.pid() != before


def test_busy_server_is_left_alone(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_module, "_REFUSAL_SECONDS", 0.3)
    server = EmbeddedPostgres(portal.layout, max_connections=8)
    server.ensure_running()
    pid = server.pid()
    held = []

    def connect() -> None:
        held.append(
            psycopg2.connect(host=str(server.sockets), port=PORT, user=USER, dbname=DATABASE)
        )

    try:
        for _ in range(8):
            connect()
        with pytest.raises(psycopg2.OperationalError):
            connect()
        with pytest.raises(ServiceError, match="hết chỗ kết nối"):
            server.ensure_running()
        assert server.pid() == pid
    finally:
        for connection in held:
            connection.close()


# -- where and by whom ----------------------------------------------------------------


def test_two_folders_are_two_portals(shared_portal: Portal, portal: Portal) -> None:
    shared_portal.postgres.ensure_running()
    portal.postgres.ensure_running()
    assert shared_portal.postgres.pid() != portal.postgres.pid()
    query(portal.postgres, "CREATE TABLE only_here (id int)")
    found = "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"
    assert query(portal.postgres, found) == 1
    assert query(shared_portal.postgres, found) == 0


def test_long_and_odd_path(tmp_path: Path) -> None:
    var = tmp_path / ("rất dài " * 15) / 'it\'s "odd" $HOME' / "var"
    portal = Portal(var)
    assert len(os.fsencode(portal.layout.valkey_socket)) <= SOCKET_PATH_LIMIT
    try:
        portal.postgres.ensure_running()
        portal.valkey.ensure_running()
        assert query(portal.postgres, "SELECT 1") == 1
    finally:
        portal.stop()


def test_sockets_outside_the_folder_refuse_a_stranger(tmp_path: Path) -> None:
    layout = Layout(tmp_path / ("x" * 120))
    layout.sockets.mkdir()
    try:
        layout.sockets.chmod(0o777)
        with pytest.raises(ServiceError):
            layout.prepare()
    finally:
        layout.sockets.rmdir()


@as_root
def test_ordinary_user(open_folder: Path, manage: Manage, settings: Any) -> None:
    var = {"PORTAL_VAR": str(open_folder / "var"), "HOME": str(open_folder)}
    settings.PORTAL_VAR = open_folder / "var"
    settings.EMBEDDED_POSTGRES = settings.EMBEDDED_VALKEY = True
    started = manage("services", "start", user="nobody", **var)
    try:
        assert started.returncode == 0, started.stderr
        assert (open_folder / "var/postgres").owner() == "nobody"
        assert _services("status").count("đang chạy") == 2  # root joins
    finally:
        assert manage("services", "stop", user="nobody", **var).stdout.count("đã dừng") == 2


@as_root
def test_root_does_not_run_postgres_as_root(shared_portal: Portal) -> None:
    shared_portal.postgres.ensure_running()
    pid = shared_portal.postgres.pid()
    assert Path(f"/proc/{pid}").stat().st_uid != 0


@as_root
def test_dropped_account_keeps_one_capability_and_only_where_needed(
    tmp_path: Path, open_folder: Path
) -> None:
    entry = pwd.getpwnam("nobody")
    account = Account("nobody", entry.pw_uid, entry.pw_gid)

    def capabilities_and_access(folder: Path) -> list[str]:
        """What the account may do, and whether access(2), as PostgreSQL asks it, says yes."""
        program = folder / "program"
        shutil.copy("/bin/true", program)
        script = 'grep -h CapEff /proc/self/status; id -u; test -x "$1" && "$1" && echo runs'
        command = account.command(["/bin/sh", "-c", script, "sh", str(program)], [program])
        result = subprocess.run(command, capture_output=True, text=True, cwd="/", check=True)
        return result.stdout.split()[1:]

    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    uid = str(entry.pw_uid)
    assert capabilities_and_access(closed) == ["0000000000000002", uid, "runs"]
    assert capabilities_and_access(open_folder) == ["0000000000000000", uid, "runs"]


# -- what it says when it cannot ------------------------------------------------------


def test_unusable_folder_is_said_in_one_sentence(manage: Manage) -> None:
    result = manage("migrate", PORTAL_VAR="/proc/portal")
    assert result.returncode == 1
    sentence, technical = result.stderr.strip().splitlines()[-2:]
    assert "PORTAL_VAR" in sentence
    assert technical.startswith("(log: ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("var", ["/proc/portal", "/dev/null/portal"])
@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_what_is_no_folder_is_said_by_its_name(var: str, server: str) -> None:
    with pytest.raises(ServiceError, match="PORTAL_VAR") as refusal:
        getattr(Portal(Path(var)), server).ensure_running()
    assert "\n" not in str(refusal.value)
    assert refusal.value.detail


def _spoil_version(data: Path) -> None:
    (data / "PG_VERSION").write_text("15\n")


def _spoil_control(data: Path) -> None:
    (data / "global" / "pg_control").unlink()


def _spoil_all(data: Path) -> None:
    (data / "PG_VERSION").unlink()


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal folder whose PostgreSQL was started once and stopped."""
    portal = Portal(tmp_path_factory.mktemp("initialised") / "var")
    portal.postgres.ensure_running()
    portal.stop()
    return portal.var


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_spoil_version, "thuộc PostgreSQL 15"),
        (_spoil_control, "khôi phục từ bản sao lưu"),
        (_spoil_all, "không phải dữ liệu PostgreSQL nguyên vẹn"),
    ],
)
def test_damaged_data_is_said_in_one_sentence(
    initialised: Path, tmp_path: Path, spoil, words: str
) -> None:
    var = tmp_path / "var"
    subprocess.run(["cp", "-a", str(initialised), str(var)], check=True)
    portal = Portal(var)
    spoil(portal.postgres.data)
    with pytest.raises(ServiceError, match=words):
        portal.postgres.ensure_running()
    assert portal.postgres.data.exists()  # nothing was thrown away


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("FATAL: could not write: No space left on device", "hết chỗ trống"),
        ("could not create shared memory segment: Invalid argument", "bộ nhớ dùng chung"),
        ("something nobody has seen", "xem nhật ký"),
    ],
)
def test_server_output_becomes_a_sentence(portal: Portal, output: str, words: str) -> None:
    error = portal.postgres._trouble(output, "PostgreSQL không khởi động được")
    assert words in str(error)
    assert output in error.detail


def test_servers_do_not_inherit_our_secrets(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "must not leave")
    monkeypatch.setenv("PGPORT", "1")
    portal.postgres.ensure_running()
    portal.valkey.ensure_running()
    for pid in (portal.postgres.pid(), portal.valkey.pid()):
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"must not leave" not in environment
        assert b"PGPORT" not in environment


def test_data_folder_is_private(shared_portal: Portal) -> None:
    shared_portal.postgres.ensure_running()
    shared_portal.valkey.ensure_running()
    assert shared_portal.postgres.data.stat().st_mode & 0o077 == 0
    assert shared_portal.valkey.folder.stat().st_mode & 0o077 == 0
