"""The oracle itself: against the hand-checked findings of the sample, and rule by rule."""

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.rules import reference
from tests.rules.compare import applicable, difference
from tests.rules.records import read_workbook

DATA = Path(__file__).parent.parent / "data"


def expected_findings() -> list[dict]:
    """Return the findings of the sample on 2026-11-22, without those not applicable."""
    lines = (DATA / "province-small.expected.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_oracle_gives_the_expected_findings_of_the_sample():
    province = read_workbook(DATA / "province-small.xlsx")
    found = applicable(reference.evaluate(province, dt.date(2026, 11, 22)))
    assert not difference(found, expected_findings(), names=("oracle", "expected"))
    assert len(found) == 8105


@pytest.mark.parametrize(
    ("sex", "born", "retires"),
    [
        ("male", "1960-12", "2020-12-31"),
        ("male", "1961-01", "2021-04-30"),
        ("male", "1961-09", "2021-12-31"),
        ("male", "1965-04", "2026-10-31"),
        ("male", "1966-07", "2028-07-31"),
        ("female", "1966-08", "2021-12-31"),
        ("female", "1966-09", "2022-05-31"),
        ("female", "1969-12", "2026-12-31"),
        ("female", "1970-01", "2027-05-31"),
    ],
)
def test_retirement_dates_of_the_regulations(sex, born, retires):
    birth = dt.date.fromisoformat(f"{born}-15")
    assert reference.retirement_date(birth, sex) == dt.date.fromisoformat(retires)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-01-31", "2025-02-28", 0),
        ("2025-01-31", "2025-03-31", 2),
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("2025-05-10", "2025-06-09", 0),
        ("2025-05-10", "2025-06-10", 1),
        ("2025-05-10", "2020-01-01", 0),
    ],
)
def test_whole_months_ask_that_the_day_is_reached(start, end, months):
    assert reference.whole_months(*map(dt.date.fromisoformat, (start, end))) == months
