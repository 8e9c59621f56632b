"""Fixtures of every test: the cast, services, Celery workers, the browser."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import hypothesis
import psycopg2
import pytest
import pytest_django
from django.db import connection, connections
from pytest_django.plugin import blocking_manager_key

from tests.support import standing
from tests.support.database import vacuum

pytest_plugins = ["tests.cast", "tests.samples", "tests.inspections.paper_scene"]

# Playwright's synchronous interface runs an event loop in the thread of the test; Django
# would then refuse the test's own database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# And it would give the thread another connection as long as the loop runs: what is begun before
# the first page could not be ended after the last.
connections._connections = threading.local()  # type: ignore[assignment]

# How long something takes says nothing about it on a machine that does other things as well.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")

# The one without the browser's own windows first: it renders the same for a third less.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Else each new page brings two more for the address bar nobody sees: a third of its cost. The
    # option replaces Playwright's own; what that switches off stays off.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,AimEnabled,"
    "AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "ThirdPartyStoragePartitioning",
]
BROWSER_FIXTURES = {"page", "browser", "context", "new_context"}


def chromium_path() -> str | None:
    """Return the installed Chromium (or the one named by CHROMIUM), never a downloaded one."""
    names = (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES)
    return next((found for name in names if name and (found := shutil.which(name))), None)


# -- Order ----------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring tests together that share something; begin with files that take long.

    Processes take file after file: whoever came to a long one last would work on it alone.
    """
    skip_without_browser(items)
    standing.together(items)
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(ranks.get(item.path, 2), _rank(item))
    items.sort(key=lambda item: (ranks[item.path], item.path))


def _rank(item: pytest.Item) -> int:
    """Return 0 for what takes long, 1 for what starts other programs, 2 for what does neither."""
    if item.get_closest_marker("slow"):
        return 0
    starts = item.get_closest_marker("browser") or "celery_workers" in item.fixturenames
    return 1 if starts else 2


# -- Services -------------------------------------------------------------------------


def _embedded_servers() -> list[Any]:
    from django.conf import settings

    from cadre_portal.embedded.services import embedded_postgres, embedded_valkey

    return [
        server
        for used, server in (
            (settings.EMBEDDED_POSTGRES, embedded_postgres()),
            (settings.EMBEDDED_VALKEY, embedded_valkey()),
        )
        if used
    ]


def pytest_configure(config: pytest.Config) -> None:
    """Note which embedded servers run already: those are not ours to stop."""
    if not hasattr(config, "workerinput"):
        config.stash[_ours] = [s for s in _embedded_servers() if not s.is_running()]


_ours = pytest.StashKey[list[Any]]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the embedded servers that this test run started."""
    from cadre_portal.embedded.postgres import EmbeddedPostgres
    from tests.support.database import give_back_memory

    for server in config.stash.get(_ours, []):
        if isinstance(server, EmbeddedPostgres) and server.is_running():
            # If a process that was left behind still has tables there, the next run uses it.
            with suppress(psycopg2.OperationalError), closing(server._connect("postgres")) as own:
                own.autocommit = True
                give_back_memory(own.cursor())
        server.stop()


# -- Database -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_use_migrations: bool,
    django_db_keepdb: bool,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> None:
    """Make each test database a copy of one that is migrated once (tests/support/database.py)."""
    from django.conf import settings
    from django.db import connection

    from tests.support.database import provide_memory, provide_template

    with django_db_blocker.unblock():
        if settings.EMBEDDED_POSTGRES:
            provide_memory(connection)
        if django_db_use_migrations:
            provide_template(connection, keep=django_db_keepdb)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    """Note what is in the test database before the first test."""
    from django.db import connection

    from tests.support.database import note_standing

    with django_db_blocker.unblock():
        note_standing(connection)


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """Empty the database quickly after tests that commit (tests/support/database.py)."""
    from django.db import connection
    from django.test import TransactionTestCase

    from tests.support.database import empty

    ordinary = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        if not empty(connection):
            ordinary(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: pytest.FixtureRequest) -> None:
    """Tell tests/support/standing.py that the transaction of a test is about to begin."""
    if fixturedef.argname == "_django_db_helper":
        with request.config.stash[blocking_manager_key].unblock():
            standing.begin(request.node)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Tell tests/support/standing.py that the transaction of a test has ended."""
    with item.config.stash[blocking_manager_key].unblock():
        standing.end(nextitem)
        is_last = nextitem is not None and nextitem.path != item.path
        if is_last and connection.connection and connection.get_autocommit():
            vacuum(connection)


# -- Celery ---------------------------------------------------------------------------


@pytest.fixture
def celery_workers(transactional_db: None, tmp_path: Path) -> Iterator[Any]:
    """Start real workers: `celery_workers.start(2)` returns them; see tests/support/workers.py.

    The queue is empty at the start; what is left at the end is thrown away.
    """
    from tests.support.workers import CeleryWorkers, purge_queue

    purge_queue()
    workers = CeleryWorkers(tmp_path)
    yield workers
    workers.stop()
    purge_queue()


# -- Browser --------------------------------------------------------------------------


def skip_without_browser(items: list[pytest.Item]) -> None:
    """Mark browser tests, and skip them where no Chromium is; in CI they fail instead."""
    missing = chromium_path() is None and not os.environ.get("CI")
    for item in items:
        if BROWSER_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            continue
        item.add_marker(pytest.mark.browser)
        if missing:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine (CI unset)"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the installed Chromium, headless, talking to nobody but the test server."""
    path = chromium_path()
    assert path, "no Chromium: install it or name it by CHROMIUM"
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": CHROMIUM_ARGUMENTS,
        "headless": True,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Vietnamese browser in Vietnam, at a common laptop size."""
    return {
        **browser_context_args,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1366, "height": 900},
    }
