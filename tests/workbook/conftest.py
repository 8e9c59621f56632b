"""Small exchange workbooks for tests, and a look at everything that the database holds."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connection

from cadres.workbook.loading import Report, import_workbook
from cadres.workbook.schema import all_sheets

DATA = Path(__file__).resolve().parents[1] / "data"
PROVINCE = DATA / "province-small.xlsx"

Rows = list[dict[str, Any]]
Book = dict[str, Rows]

#: One of each; tests change a copy.
BASE: Book = {
    "terms": [{"code": "2025-2030", "starts_on": dt.date(2025, 10, 1), "ends_on": "2030-09-30"}],
    "units": [
        {"code": "CB", "name": "Tỉnh ủy", "kind": "party_committee", "level": "province"},
        {
            "code": "SNV",
            "name": "Sở Nội vụ",
            "kind": "department",
            "level": "province",
            "parent_code": "CB",
        },
    ],
    "titles": [
        {"code": "GD", "name": "Giám đốc", "kind": "leadership", "rank": 80, "is_head": 1},
        {"code": "BCH", "name": "Ủy viên Ban Chấp hành", "kind": "committee", "rank": 50},
    ],
    "positions": [
        {"unit_code": "SNV", "title_code": "GD", "prescribed": 1},
        {"unit_code": "SNV", "title_code": "BCH", "prescribed": 9},
    ],
    "cadres": [
        {
            "code": "C1",
            "full_name": "Nông Thị Ánh",
            "sex": "female",
            "birth_date": dt.date(1980, 5, 2),
            "ethnicity_code": "02",
            "native_unit_code": "CB",
            "degree": "master",
            "theory": "advanced",
        },
        {"code": "C2", "full_name": "Hoàng Văn Bé", "birth_date": "10/1975"},
    ],
    "appointments": [
        {
            "cadre_code": "C1",
            "unit_code": "SNV",
            "title_code": "GD",
            "start_on": dt.date(2020, 1, 1),
            "decision_no": "12-QĐ/TU",
        }
    ],
    "evaluations": [{"cadre_code": "C1", "year": 2025, "grade": "HTTNV", "unit_code": "SNV"}],
    "disciplines": [{"cadre_code": "C2", "kind": "warning", "decided_on": "2024-03-01"}],
    "trainings": [{"cadre_code": "C1", "course": "Cao cấp lý luận", "kind": "theory"}],
    "plans": [{"unit_code": "SNV", "term": "2025-2030", "status": "approved"}],
    "nominations": [
        {
            "unit_code": "SNV",
            "term": "2025-2030",
            "title_code": "BCH",
            "cadre_code": "C1",
            "nominated_on": "2025-05-01",
        }
    ],
    "ballots": [
        {
            "unit_code": "SNV",
            "term": "2025-2030",
            "title_code": "BCH",
            "cadre_code": "C1",
            "step": 1,
            "held_on": "2025-04-01",
            "summoned": 20,
            "present": 19,
            "issued": 19,
            "collected": 18,
            "valid": 18,
            "agree": 17,
        }
    ],
    "rotations": [
        {
            "cadre_code": "C2",
            "kind": "rotation",
            "from_unit_code": "SNV",
            "from_title_code": "BCH",
            "to_unit_code": "CB",
            "to_title_code": "BCH",
            "start_on": "2024-01-01",
            "planned_end_on": "2027-01-01",
            "status": "in_progress",
        }
    ],
    "targets": [
        {
            "unit_code": "CB",
            "parameter": "planning.women_share.minimum",
            "level": "province",
            "value": 25,
            "from": "2024-01-01",
            "document": "12-NQ/TU",
        }
    ],
}


@pytest.fixture
def book() -> Book:
    """A valid workbook to change."""
    return copy.deepcopy(BASE)


def write_book(path: Path, book: Book, columns: dict[str, list[str]] | None = None) -> Path:
    """Write `book`; the columns of a sheet are all that its rows mention (or `columns`)."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as made:
        date = made.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in book.items():
            keys = list(dict.fromkeys(key for row in rows for key in row))
            keys = (columns or {}).get(name, keys)
            page = made.add_worksheet(name)
            page.write_row(0, 0, keys)
            for number, row in enumerate(rows, start=1):
                for index, key in enumerate(keys):
                    _write(page, number, index, row.get(key), date)
    return path


def _write(page: Any, row: int, column: int, value: Any, date: Any) -> None:
    if isinstance(value, dt.date):
        page.write_datetime(row, column, value, date)
    elif isinstance(value, str):
        page.write_string(row, column, value)
    elif value is not None:
        page.write(row, column, value)


@pytest.fixture
def load(tmp_path: Path, db: None) -> Callable[..., Report]:
    """`load(book)` writes the workbook to a file and imports it."""

    def load_book(
        book: Book | Path, *, columns: dict[str, list[str]] | None = None, dry_run: bool = False
    ) -> Report:
        if isinstance(book, Path):
            return import_workbook(book, dry_run=dry_run)
        path = write_book(tmp_path / "book.xlsx", book, columns)
        return import_workbook(path, dry_run=dry_run)

    return load_book


def everything() -> dict[str, int]:
    """Number of rows of every table of ours, history included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(cadres|planning|rotation|compliance)_'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)
        )
        return dict(cursor.fetchall())


def empty_tables() -> None:
    """Remove every row that a workbook can bring."""
    tables = [sheet.table for sheet in all_sheets()]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def places(report: Report) -> set[tuple[str | None, int | None, str | None, str]]:
    """Sheet, row, column and code of every error."""
    return {(f.sheet, f.row, f.column, f.code) for f in report.faults}
