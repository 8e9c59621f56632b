"""`make demo`'s command from an empty folder to a served page, and out again by Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from cadre_portal.demo import accounts
from tests.infrastructure.conftest import ROOT, Manage, Portal, clean_environment, query

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _serve(portal: Portal, port: int, output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as stream:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)],
            env=clean_environment(PORTAL_VAR=str(portal.var)),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _address(process: subprocess.Popen[bytes], output: Path) -> str:
    deadline = time.monotonic() + 300
    while not (found := re.search(r"http://\S+/", output.read_text(encoding="utf-8"))):
        assert process.poll() is None, output.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, output.read_text(encoding="utf-8")
        time.sleep(0.2)
    return found[0]


def test_demo_from_nothing_to_ctrl_c(portal: Portal, manage: Manage, tmp_path: Path) -> None:
    output = tmp_path / "demo.log"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        process = _serve(portal, busy, output)
        try:
            address = _address(process, output)
            assert str(busy) not in address  # the next free port instead
            with urllib.request.urlopen(f"{address}healthz/?format=json") as response:
                assert response.status == 200
            with urllib.request.urlopen(f"{address}tai-khoan/login/") as response:
                assert "Bản trình diễn" in response.read().decode()
        finally:
            os.kill(process.pid, signal.SIGINT)
            process.wait(60)
    said = output.read_text(encoding="utf-8")
    assert process.returncode == 0, said
    assert "Cơ cấu ba độ tuổi" in said
    assert "giả định" in said
    assert re.search(r"Cán bộ +3\.000\n", said)
    assert "mật khẩu chung" in said
    assert [user.username for user in accounts.USERS if user.username not in said] == []
    assert said.rstrip().endswith("Đã dừng.")
    assert not portal.postgres.is_running()
    assert not portal.valkey.is_running()

    # Again: keeps what is there, and leaves alone what ran before it.
    portal.postgres.ensure_running()
    before = query(portal.postgres, "SELECT array_agg(code ORDER BY code) FROM cadres_cadre")
    again = manage("demo", DEMO_SERVE="0", PORTAL_VAR=str(portal.var))
    assert again.returncode == 0, again.stderr
    after = query(portal.postgres, "SELECT array_agg(code ORDER BY code) FROM cadres_cadre")
    assert after == before
    assert portal.postgres.is_running()
    assert not portal.valkey.is_running()
