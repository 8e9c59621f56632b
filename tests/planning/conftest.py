"""The sample province, checked on its day; and helpers that count queries."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from compliance.choices import RunKind
from compliance.models import ComplianceRun
from compliance.services import run_inline, run_start
from tests.engine.conftest import DATA, SAMPLE_DAY

Queries = Callable[[Client, str], int]


@pytest.fixture
def on_sample_day(db: None) -> Iterator[None]:
    """Today is the day of the sample."""
    with clock.frozen(SAMPLE_DAY):
        yield


@pytest.fixture
def sample(on_sample_day: None) -> None:
    """The small province of the samples, imported as staff would."""
    call_command("import_workbook", str(DATA / "province-small.xlsx"), verbosity=0)


def check_all() -> ComplianceRun:
    """Bring the live state up to today, in this process."""
    run = run_start(actor=None, as_of=clock.today(), kind=RunKind.LIVE, inline=True)
    run_inline(run)
    return run


@pytest.fixture
def checked_sample(sample: None) -> None:
    """The sample with its live state."""
    check_all()


@pytest.fixture
def queries() -> Queries:
    """`queries(client, url)`: how many a page takes once caches of the process are warm."""

    def count(client: Client, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return count
