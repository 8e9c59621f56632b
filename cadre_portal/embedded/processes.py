"""Starting a server that outlives its starter, and finding it again by its pid file."""

import errno
import os
import socket
import subprocess
import time
from pathlib import Path

import psutil

#: `sh` leaves the server behind in its own session and goes, so that the server is nobody's
#: child: no zombie, and a Ctrl-C in the terminal does not reach it.
_DETACH = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'

_INHERITED = ("PATH", "LD_LIBRARY_PATH")


def bare_environment() -> dict[str, str]:
    """Return the environment for a server: none of our secrets, no PGPORT of somebody's shell."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def launch_detached(argv: list[str], log: Path, cwd: Path) -> int:
    """Start `argv` in the background, its output appended to `log`; return its pid."""
    result = subprocess.run(
        ["/bin/sh", "-c", _DETACH, "sh", str(log), *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=cwd,
        env=bare_environment(),
        start_new_session=True,
        check=True,
        text=True,
    )
    return int(result.stdout)


def is_alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def server_pid(pid_file: Path, program: str, folder: Path) -> int | None:
    """Return the pid in `pid_file` if that really is `program` working in `folder`.

    After a crash or a reboot the number may belong to anybody, hence the two checks.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != program:
            return None
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None
    try:
        return process.pid if os.path.realpath(process.cwd()) == os.path.realpath(folder) else None
    except psutil.AccessDenied:
        # Another account's process: the name and the number agree, so take it as the server.
        return process.pid
    except psutil.NoSuchProcess:
        return None


def is_listening(path: Path) -> bool:
    """Whether some server accepts connections on the unix socket at `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except TimeoutError:
            return True  # its queue is full: busy, not absent
        except OSError as error:
            return error.errno == errno.EAGAIN
    return True


def wait_for_exit(pid: int, seconds: float) -> bool:
    """Wait until the process has ended; False if it has not within `seconds`."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def log_tail(log: Path, lines: int = 40) -> str:
    """Return the last lines of a log, or "" if there is none."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
