"""Commands and workers as processes of their own that need not import everything first.

Importing the portal takes a process seconds. Each pytest process therefore has a fork server
(multiprocessing's) that has done so, on this test's database and queue; its children are whole
processes with sessions and memory of their own, ready at once. What happens before, from the
command line to the settings, is tested in tests/infrastructure with programs that really start.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest


def born(
    act: Callable[[], object],
    arguments: list[str],
    *,
    environment: dict[str, str],
    output: Path,
    errors: Path,
) -> ForkServerProcess:
    """Return a process that does `act` with the command line `arguments`.

    It writes to the files `output` and `errors` (which may be one) and leads a process group of
    its own. All children live in the `environment` of the first.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.imported"])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        forkserver.ensure_running()
    process = context.Process(target=_live, args=[act, arguments, output, errors])
    process.start()
    return process


def _live(act: Callable[[], object], arguments: list[str], output: Path, errors: Path) -> None:
    os.setsid()
    for path, stream in ((output, sys.stdout), (errors, sys.stderr)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = arguments
    sys.exit(act())
