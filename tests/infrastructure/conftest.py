"""Fixtures of the infrastructure tests: portal folders of their own."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from cadre_portal.embedded.account import Account
from cadre_portal.embedded.layout import Layout
from cadre_portal.embedded.postgres import DATABASE, PORT, USER, EmbeddedPostgres
from cadre_portal.embedded.valkey import EmbeddedValkey

ROOT = Path(__file__).resolve().parents[2]

Manage = Callable[..., subprocess.CompletedProcess[str]]


class Portal:
    """A portal folder with its two servers."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.layout = Layout(var)
        self.postgres = EmbeddedPostgres(self.layout)
        self.valkey = EmbeddedValkey(self.layout)

    def stop(self) -> None:
        """Stop both servers and remove sockets that lie outside the folder."""
        self.postgres.stop()
        self.valkey.stop()
        if self.layout.sockets != self.layout.locks:
            shutil.rmtree(self.layout.sockets, ignore_errors=True)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A fresh portal folder; its servers are stopped at the end."""
    portal = Portal(tmp_path / "var")
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def shared_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal folder with data for the tests of a module that do no lasting harm."""
    portal = Portal(tmp_path_factory.mktemp("portal") / "var")
    yield portal
    portal.stop()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter and write."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def query(server: EmbeddedPostgres, statement: str) -> object:
    """Return the first value that a statement gives in the portal's database."""
    connection = psycopg2.connect(
        host=str(server.sockets), port=PORT, user=USER, dbname=DATABASE, connect_timeout=10
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def clean_environment(**extra: str) -> dict[str, str]:
    """Return the environment without any setting of the portal or the tests."""
    keep = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}
    inherited = {key: value for key, value in os.environ.items() if key in keep}
    return {**inherited, "PORTAL_ENV_FILE": os.devnull, **extra}


@pytest.fixture
def manage() -> Manage:
    """Run `manage.py` in a process of its own with nothing but the given variables set.

    With `user`, root becomes that account first (keeping the right to read past closed
    folders only where Python or the project lies in one).
    """

    def run(
        *arguments: str, user: str | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        if user:
            entry = pwd.getpwnam(user)
            account = Account(user, entry.pw_uid, entry.pw_gid)
            command = account.command(command, paths=[Path(sys.executable).resolve(), ROOT])
        return subprocess.run(
            command,
            env=clean_environment(**variables),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run
