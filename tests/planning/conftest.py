"""The sample province, checked on its day; and helpers that count queries."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cadre_portal.common import clock
from tests.samples import SAMPLE_DAY, check_all

__all__ = ["Queries", "check_all"]

Queries = Callable[[Client, str], int]


@pytest.fixture
def on_sample_day(db: None) -> Iterator[None]:
    """Today is the day of the sample."""
    with clock.frozen(SAMPLE_DAY):
        yield


@pytest.fixture
def sample(on_sample_day: None, province_on_file: None) -> None:
    """The small province of the samples on its day."""


@pytest.fixture
def checked_sample(on_sample_day: None, province_checked: None) -> None:
    """The sample with its live state."""


@pytest.fixture
def queries() -> Queries:
    """`queries(client, url)`: how many a page takes once caches of the process are warm."""

    def count(client: Client, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return count
