"""Every error code, each from one change to a valid workbook; all at once; nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from cadre_portal.common import clock
from cadres.workbook.loading import Report
from tests.workbook.conftest import Book, everything, places

A, B = ("nominations", 0), ("ballots", 0)


def _again(sheet: str, **changes: Any) -> Callable[[Book], None]:
    """Repeat the first row of a sheet with changes."""
    return lambda book: book[sheet].append({**book[sheet][0], **changes})


def _set(sheet: str, row: int = 0, **changes: Any) -> Callable[[Book], None]:
    return lambda book: book[sheet][row].update(changes)


def _drop(sheet: str, column: str) -> Callable[[Book], None]:
    def drop(book: Book) -> None:
        for row in book[sheet]:
            row.pop(column, None)

    return drop


def _cycle(book: Book) -> None:
    book["units"][0]["parent_code"] = "SNV"


def _tomorrow() -> dt.date:
    return clock.today() + dt.timedelta(days=1)


CASES = [
    ("unknown_sheet", lambda b: b.update(people=[{"code": "x"}]), ("people", None, None)),
    ("unknown_column", _set("cadres", nickname="A"), ("cadres", 1, "nickname")),
    ("missing_column", _drop("cadres", "full_name"), ("cadres", 1, "full_name")),
    ("required", _set("cadres", full_name="  "), ("cadres", 2, "full_name")),
    ("too_long", _set("cadres", full_name="A" * 121), ("cadres", 2, "full_name")),
    ("bad_character", _set("cadres", full_name="A\x02B"), ("cadres", 2, "full_name")),
    ("not_text", _set("cadres", full_name=dt.date(2020, 1, 1)), ("cadres", 2, "full_name")),
    ("not_a_date", _set("appointments", start_on="31/02/2020"), ("appointments", 2, "start_on")),
    ("not_a_date", _set("appointments", start_on="2020"), ("appointments", 2, "start_on")),
    ("not_a_date", _set("cadres", birth_date="13/1980"), ("cadres", 2, "birth_date")),
    ("not_a_flag", _set("titles", is_head=2), ("titles", 2, "is_head")),
    ("not_a_whole_number", _set("ballots", valid=17.5), ("ballots", 2, "valid")),
    ("out_of_range", _set("positions", prescribed=0), ("positions", 2, "prescribed")),
    ("not_listed", _set("cadres", sex="Nữ"), ("cadres", 2, "sex")),
    ("not_listed", _set("cadres", ethnicity_code="55"), ("cadres", 2, "ethnicity_code")),
    ("not_listed", _set("units", level="village"), ("units", 2, "level")),
    ("not_listed", _set("ballots", step=6), ("ballots", 2, "step")),
    (
        "birth_in_future",
        lambda b: b["cadres"][0].update(birth_date=_tomorrow()),
        ("cadres", 2, "birth_date"),
    ),
    ("birth_before_1900", _set("cadres", birth_date="31/12/1899"), ("cadres", 2, "birth_date")),
    ("birth_before_1900", _set("cadres", birth_date=1899), ("cadres", 2, "birth_date")),
    ("duplicate_key", _again("cadres", code=" C1 "), ("cadres", 4, "code")),
    ("duplicate_key", _again("terms"), ("terms", 3, "code")),
    ("duplicate_key", _again("trainings", result="Khá"), ("trainings", 3, None)),
    ("duplicate_key", _again("nominations", removed_on="2026-01-01"), ("nominations", 3, None)),
    ("duplicate_key", _again("rotations", status="completed"), ("rotations", 3, None)),
    ("unknown_reference", _set("appointments", unit_code="ZZ"), ("appointments", 2, "unit_code")),
    ("unknown_reference", _set("cadres", native_unit_code="ZZ"), ("cadres", 2, "native_unit_code")),
    ("unknown_reference", _set("units", 1, parent_code="ZZ"), ("units", 3, "parent_code")),
    (
        "unknown_reference",
        _set("units", successor_codes="SNV; ZZ"),
        ("units", 2, "successor_codes"),
    ),
    ("unknown_reference", _set("nominations", unit_code="CB"), ("nominations", 2, "term")),
    ("unknown_reference", lambda b: b["positions"].pop(), ("nominations", 2, "title_code")),
    ("unknown_reference", _set("plans", term="2030-2035"), ("plans", 2, "term")),
    ("successor_is_itself", _set("units", successor_codes="CB"), ("units", 2, "successor_codes")),
    ("unit_cycle", _cycle, ("units", 2, "parent_code")),
    ("unit_cycle", _set("units", parent_code="CB"), ("units", 2, "parent_code")),
    ("end_before_start", _set("terms", ends_on="2025-09-30"), ("terms", 2, "ends_on")),
    (
        "end_before_start",
        _set("units", valid_from="2025-07-01", valid_to="2025-06-30"),
        ("units", 2, "valid_to"),
    ),
    ("end_before_start", _set("appointments", end_on="2019-12-31"), ("appointments", 2, "end_on")),
    (
        "end_before_start",
        _set("disciplines", effective_to="2024-02-29"),
        ("disciplines", 2, "effective_to"),
    ),
    (
        "end_before_start",
        _set("trainings", start_on="2020-02-02", end_on="2020-02-01"),
        ("trainings", 2, "end_on"),
    ),
    (
        "end_before_start",
        _set("nominations", removed_on="2025-04-30"),
        ("nominations", 2, "removed_on"),
    ),
    (
        "end_before_start",
        _set("rotations", planned_end_on="2023-12-31"),
        ("rotations", 2, "planned_end_on"),
    ),
    ("end_before_start", _set("rotations", ended_on="2023-12-31"), ("rotations", 2, "ended_on")),
    ("end_before_start", _set("targets", to="2023-12-31"), ("targets", 2, "to")),
    (
        "overlapping_appointments",
        _again("appointments", start_on="2021-01-01"),
        ("appointments", 3, "start_on"),
    ),
    (
        "overlapping_appointments",
        _again("appointments", start_on="2019-01-01", end_on="2020-01-02"),
        ("appointments", 2, "start_on"),
    ),
    (
        "overlapping_nominations",
        _again("nominations", nominated_on="2026-05-01"),
        ("nominations", 3, "nominated_on"),
    ),
    ("ballot_counts", _set("ballots", agree=19), ("ballots", 2, "agree")),
    ("ballot_counts", _set("ballots", valid=19), ("ballots", 2, "valid")),
    ("ballot_counts", _set("ballots", collected=20), ("ballots", 2, "collected")),
    ("ballot_counts", _set("ballots", issued=20), ("ballots", 2, "issued")),
    ("ballot_counts", _set("ballots", present=21), ("ballots", 2, "present")),
]


@pytest.mark.parametrize(("code", "spoil", "place"), CASES)
def test_refusal(
    code: str,
    spoil: Callable[[Book], None],
    place: tuple[Any, ...],
    book: Book,
    load: Callable[..., Report],
) -> None:
    before = everything()
    spoil(book)
    report = load(book)
    assert not report.ok
    assert (*place, code) in places(report)
    fault = next(f for f in report.faults if (f.sheet, f.row, f.column) == place and f.code == code)
    assert fault.message.endswith(".")
    assert everything() == before
    assert {w.created for w in report.rows.values()} == {0}


def test_the_workbook_that_is_spoiled_is_valid(book: Book, load: Callable[..., Report]) -> None:
    report = load(book)
    assert report.ok, report.faults
    assert {w.created for w in report.rows.values()} == {1, 2}


def test_one_mistake_makes_one_error(book: Book, load: Callable[..., Report]) -> None:
    """A cadre with a wrong sex still exists for those that refer to it."""
    book["cadres"][0]["sex"] = "x"
    assert len(load(book).faults) == 1


def test_a_sheet_without_its_key_blames_no_reference(
    book: Book, load: Callable[..., Report]
) -> None:
    for row in book["cadres"]:
        row["ma_so"] = row.pop("code")
    assert {code for *_place, code in places(load(book))} == {"missing_column", "unknown_column"}


def test_touching_periods_do_not_overlap(book: Book, load: Callable[..., Report]) -> None:
    book["appointments"][0]["end_on"] = "2022-01-01"
    book["appointments"].append(
        {**book["appointments"][0], "start_on": "2022-01-01", "end_on": None}
    )
    # A period of no days stands in nobody's way.
    book["appointments"].append(
        {**book["appointments"][0], "start_on": "2021-01-01", "end_on": "2021-01-01"}
    )
    report = load(book)
    assert report.ok, report.faults


def test_overlap_with_what_is_stored(book: Book, load: Callable[..., Report]) -> None:
    assert load(book).ok
    new = {**book["appointments"][0], "start_on": "2021-05-01"}
    report = load({"appointments": [new]})
    assert places(report) == {("appointments", 2, "start_on", "overlapping_appointments")}
    assert "dữ liệu đang có" in report.faults[0].message
    # The stored one ends in the same file: then both fit.
    ended = {**book["appointments"][0], "end_on": dt.date(2021, 5, 1)}
    assert load({"appointments": [new, ended]}).ok


def test_an_earlier_open_period_meets_a_later_stored_one(
    book: Book, load: Callable[..., Report]
) -> None:
    assert load(book).ok
    report = load({"appointments": [{**book["appointments"][0], "start_on": "2019-05-01"}]})
    assert places(report) == {("appointments", 2, "start_on", "overlapping_appointments")}


def test_references_may_be_in_the_portal(book: Book, load: Callable[..., Report]) -> None:
    assert load(book).ok
    rest = {name: rows for name, rows in book.items() if name in {"nominations", "evaluations"}}
    rest["nominations"][0]["cadre_code"] = "C2"
    rest["evaluations"][0]["year"] = 2024
    report = load(rest)
    assert report.ok, report.faults
    assert {n: w.created for n, w in report.rows.items()} == {"nominations": 1, "evaluations": 1}


def test_all_errors_at_once_the_first_thousand(book: Book, load: Callable[..., Report]) -> None:
    book["evaluations"] = [
        {"cadre_code": f"Z{number}", "year": 2025, "grade": "A", "unit_code": "SNV"}
        for number in range(700)
    ]
    report = load(book)
    told = report.as_json()
    assert len(told["errors"]) == 1000
    assert told["more"] == 400
    rows = [error["row"] for error in told["errors"]]
    assert rows == sorted(rows)
    assert rows[:4] == [2, 2, 3, 3]


def test_empty_rows_are_skipped_and_rows_numbered_as_in_excel(
    book: Book, load: Callable[..., Report]
) -> None:
    book["cadres"][1:1] = [{}, {"full_name": "   "}]
    book["cadres"][3]["sex"] = "x"
    assert places(load(book)) == {("cadres", 5, "sex", "not_listed")}


def test_missing_optional_sheets_are_fine(book: Book, load: Callable[..., Report]) -> None:
    report = load({"units": book["units"]})
    assert report.ok
    assert list(report.rows) == ["units"]


def test_columns_in_any_order(book: Book, load: Callable[..., Report]) -> None:
    book["cadres"] = [dict(reversed(row.items())) for row in book["cadres"]]
    assert load(book).ok
