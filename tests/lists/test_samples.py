"""The sample lists come out exactly as expected."""

from __future__ import annotations

import json

import pytest

from cadres.lists import read
from tests.lists.builders import TODAY
from tests.workbook.conftest import DATA

SAMPLES = sorted((DATA / "lists").glob("*.xls*"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sample(path) -> None:
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text(encoding="utf-8"))
    found = read(path, path.name, today=TODAY)
    assert found.as_json()["people"] == expected["people"]
    assert found.as_json()["problems"] == []


def test_there_are_three() -> None:
    assert len(SAMPLES) == 3
