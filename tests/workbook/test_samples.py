"""The samples: broken workbooks are refused in the right place; the province makes a round trip."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from python_calamine import CalamineWorkbook

from cadres.models import Unit
from cadres.workbook.exporting import export_workbook
from cadres.workbook.loading import Report
from cadres.workbook.schema import all_sheets
from tests.workbook.conftest import DATA, PROVINCE, empty_tables, everything

EXPECTED = json.loads((DATA / "broken" / "expected.json").read_text(encoding="utf-8"))


def _fits(error: dict[str, Any], wanted: dict[str, Any]) -> bool:
    for key, value in wanted.items():
        allowed = value if isinstance(value, list) else [value]
        if value is not None and error[key] not in allowed:
            return False
    return True


@pytest.mark.parametrize("name", EXPECTED)
def test_broken_workbook_is_refused_at_the_right_place(
    name: str, load: Callable[..., Report]
) -> None:
    before = everything()
    told = load(DATA / "broken" / name).as_json()
    assert told["ok"] is EXPECTED[name]["ok"]
    for wanted in EXPECTED[name]["errors"]:
        assert any(_fits(error, wanted) for error in told["errors"]), wanted
    assert everything() == before


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Sheet -> rows as (column, value) pairs, empty cells left out."""
    found = {}
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        header, *rows = book.get_sheet_by_name(name).to_python()
        found[name] = [
            tuple((k, v) for k, v in zip(header, row, strict=False) if v != "") for row in rows
        ]
    return found


def test_round_trip(load: Callable[..., Report], tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    assert load(PROVINCE).ok
    export_workbook(first)
    empty_tables()
    assert load(first).ok
    export_workbook(second)
    exported = rows_of(first)
    assert exported == rows_of(second)
    assert {k: len(v) for k, v in exported.items()} == {
        k: len(v) for k, v in rows_of(PROVINCE).items()
    }


def test_export_says_what_the_file_said(load: Callable[..., Report], tmp_path: Path) -> None:
    assert load(PROVINCE).ok
    export_workbook(tmp_path / "out.xlsx")
    given, got = rows_of(PROVINCE), rows_of(tmp_path / "out.xlsx")
    for sheet in ("evaluations", "positions", "titles"):
        assert {frozenset(row) for row in given[sheet]} == {frozenset(row) for row in got[sheet]}
    names = {dict(row)["code"]: dict(row)["full_name"] for row in got["cadres"]}
    assert names["CB00001"] == "Hoàng A Huy"
    born = {dict(row)["code"]: dict(row).get("birth_date") for row in got["cadres"]}
    assert born["CB00001"] == dt.date(1978, 11, 9)
    assert any(isinstance(value, str) for value in born.values())  # a month or a year alone


def test_second_import_changes_nothing(load: Callable[..., Report]) -> None:
    first = load(PROVINCE)
    before = everything()
    again = load(PROVINCE)
    assert again.ok
    assert {w.created + w.updated for w in again.rows.values()} == {0}
    assert {n: w.unchanged for n, w in again.rows.items()} == {
        n: w.created for n, w in first.rows.items()
    }
    assert everything() == before  # history too


def test_dry_run_tells_the_same_and_writes_nothing(load: Callable[..., Report]) -> None:
    before = everything()
    dry = load(PROVINCE, dry_run=True)
    assert everything() == before
    assert dry.as_json() == load(PROVINCE).as_json()


def test_tree_is_sound(load: Callable[..., Report]) -> None:
    assert load(PROVINCE).ok
    assert not any(Unit.objects.find_problems())
    assert set(Unit.objects.get(code="H042").successors.values_list("code", flat=True)) == {
        "X01290",
        "X01294",
        "X01297",
        "X01304",
        "X01318",
    }


def test_every_sheet_of_the_contract_is_registered() -> None:
    assert [sheet.name for sheet in all_sheets()] == [
        "terms",
        "units",
        "titles",
        "positions",
        "cadres",
        "appointments",
        "evaluations",
        "disciplines",
        "trainings",
        "plans",
        "nominations",
        "ballots",
        "rotations",
        "targets",
    ]
    tables = {model._meta.db_table for model in apps.get_models()}
    assert {sheet.table for sheet in all_sheets()} <= tables
