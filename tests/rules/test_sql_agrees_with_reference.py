"""The engine's SQL and the oracle's loops say the same about random provinces and the sample."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from compliance import services
from tests.rules import reference
from tests.rules.compare import difference
from tests.rules.records import Province, read_workbook
from tests.rules.reduce import reduced
from tests.rules.strategies import days_of_check, provinces, random_search
from tests.rules.writer import in_database

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
SAMPLE_DAYS = (
    "2013-06-01",
    "2017-04-15",
    "2019-05-30",
    "2021-12-26",
    "2021-12-27",
    "2025-06-30",
    "2025-07-01",
    "2025-10-07",
    "2025-10-08",
    "2026-11-22",
    "2031-02-28",
)


def engine_findings(as_of: dt.date) -> list[dict]:
    """Return what the engine finds in the database as it is."""
    return [finding.as_json(as_of) for finding in services.evaluate(as_of=as_of)]


def differs(province: Province, *days: dt.date) -> dict[dt.date, str]:
    """Describe how engine and oracle differ on a province, by day; empty when they agree."""
    with in_database(province):
        got = {day: engine_findings(day) for day in days}
    found = {day: difference(got[day], reference.evaluate(province, day)) for day in days}
    return {day: text for day, text in found.items() if text}


def _still(province: Province, as_of: dt.date, rule: str) -> bool:
    try:
        with transaction.atomic():
            return rule in differs(province, as_of).get(as_of, "")
    except DatabaseError:
        return False


def fail(province: Province, as_of: dt.date, first: str) -> None:
    """Fail with the smallest province that shows the first difference."""
    rule = first.split()[0]
    small = reduced(province, lambda candidate: _still(candidate, as_of, rule))
    at_last = differs(small, as_of)[as_of]
    pytest.fail(f"on {as_of}\n{small}\n\n{at_last}\n\nat first:\n{first}", pytrace=False)


@random_search(40)
@given(provinces(), st.data())
def test_random_provinces(drawn, data):
    province, as_of = drawn
    days = [as_of, *data.draw(st.lists(days_of_check(as_of), max_size=2))]
    for day, found in differs(province, *days).items():
        fail(province, day, found)


@pytest.mark.slow
def test_sample_on_days_around_every_change_of_law():
    province = read_workbook(DATA / "province-small.xlsx")
    with in_database(province):
        for text in SAMPLE_DAYS:
            day = dt.date.fromisoformat(text)
            found = difference(engine_findings(day), reference.evaluate(province, day))
            assert not found, f"on {day}\n{found}"
