"""The command `law_catalogue`: three formats, one day, no database."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cadre_portal.common import clock
from compliance.law import LawError, load_law

DAY = "2026-11-22"


def catalogue(*arguments: str) -> str:
    """Run the command; pytest-django fails the test if it asks the database anything."""
    out, err = StringIO(), StringIO()
    call_command("law_catalogue", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def records(as_of: str) -> list[dict[str, Any]]:
    """Return what the command prints as JSON."""
    found: list[dict[str, Any]] = json.loads(catalogue("--as-of", as_of, "--format", "json"))
    return found


def test_json_lists_every_value_in_force() -> None:
    want = [
        (value.parameter, value.level, value.value)
        for value in load_law().in_force_all(dt.date(2026, 11, 22))
    ]
    assert [(row["parameter"], row["level"], row["value"]) for row in records(DAY)] == want


def test_json_has_the_agreed_keys() -> None:
    (row,) = (
        row
        for row in records(DAY)
        if row["parameter"] == "rotation.remaining_service.minimum_months"
        and row["level"] == "commune"
    )
    assert row == {
        "parameter": "rotation.remaining_service.minimum_months",
        "label": "Thời gian công tác còn lại tối thiểu khi luân chuyển",
        "level": "commune",
        "value": 120,
        "unit": "months",
        "from": "2022-04-28",
        "to": None,
        "citations": [
            {
                "source": "qd-65-2022",
                "number": "65-QĐ/TW",
                "title": "Luân chuyển cán bộ",
                "at": "Điều 5",
                "confidence": "read",
            }
        ],
    }


@pytest.mark.parametrize(
    ("as_of", "figures"),
    [
        ("2021-12-26", {"province": 15, "district": 15, "commune": 15}),
        ("2021-12-27", {"central": 25, "province": 25, "district": 25}),
        ("2025-07-01", {"central": 25, "province": 25}),
        ("2025-10-08", {}),
    ],
)
def test_the_day_decides(as_of: str, figures: dict[str, int]) -> None:
    found = {
        row["level"]: row["value"]
        for row in records(as_of)
        if row["parameter"] == "planning.women_share.minimum"
    }
    assert found == figures


def test_table_says_value_citation_confidence_and_lack() -> None:
    lines = catalogue("--as-of", DAY).splitlines()
    assert lines[0] == "Căn cứ có hiệu lực vào ngày 22/11/2026"
    assert lines[2].split()[:2] == ["Tham", "số"]
    service = next(line for line in lines if "planning.remaining_service" in line)
    assert "Trung ương, Cấp tỉnh, Cấp xã" in service
    assert "≥ 120 tháng" in service
    assert "377-QĐ/TW (2025)" in service
    assert service.endswith("chưa đối chiếu văn bản gốc")
    assert next(line for line in lines if "women_share" in line).endswith("chưa có căn cứ")
    assert all(any(name in line for line in lines) for name in load_law().parameters)
    assert "Cấp huyện" not in "\n".join(lines)


def test_table_keeps_the_district_while_it_existed() -> None:
    assert "Cấp huyện" in catalogue("--as-of", "2025-06-30")


def test_markdown_is_one_table_with_equal_columns() -> None:
    title, _, *table = catalogue("--as-of", DAY, "--format", "md").splitlines()
    assert title == "# Căn cứ có hiệu lực vào ngày 22/11/2026"
    assert len({line.count("|") for line in table}) == 1
    assert any("chưa có căn cứ" in line for line in table)


def test_without_a_day_it_asks_the_clock() -> None:
    with clock.frozen(dt.date(2020, 1, 2)):
        assert "02/01/2020" in catalogue()


def test_a_day_before_all_law_gives_an_empty_list() -> None:
    assert records("2000-01-01") == []
    assert "chưa có căn cứ" in catalogue("--as-of", "2000-01-01")


@pytest.mark.parametrize("day", ["22/11/2026", "2026-02-30", "hôm nay"])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        catalogue("--as-of", day)


def test_broken_law_is_said_and_not_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise LawError("planning/x.yaml: wrong")

    monkeypatch.setattr("compliance.management.commands.law_catalogue.load_law", broken)
    with pytest.raises(CommandError, match=r"planning/x\.yaml"):
        catalogue()
