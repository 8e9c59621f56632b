"""What criteria without a figure rest on: dated, cited, and refused where it cannot be right."""

import datetime as dt
from pathlib import Path

import pytest

from compliance.engine.registry import all_rules
from compliance.law import LawError
from compliance.law.grounds import grounds_of, load_grounds, read_grounds

ENTRY = (
    "  - {{rule: r.a, from: {start}{end}, citations: [{{source: {source}, confidence: read}}]}}\n"
)


def test_each_is_of_a_rule_that_exists() -> None:
    assert set(load_grounds()) <= {rule.code for rule in all_rules()}


@pytest.mark.parametrize(
    ("day", "sources"),
    [
        (dt.date(2021, 12, 26), []),
        (dt.date(2021, 12, 27), ["qd-50-2021"]),
        (dt.date(2025, 10, 7), ["qd-50-2021"]),
        (dt.date(2025, 10, 8), ["qd-377-2025"]),
    ],
)
def test_the_day_decides(day: dt.date, sources: list[str]) -> None:
    assert [cited.source for cited in grounds_of("planning.discipline", day)] == sources


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("2020-01-01", "", "qd-50-2021")], "was not in force"),
        ([("2022-01-01", "", "qd-50-2021")], "ended on 2025-10-07"),
        ([("2025-10-08", "", "qd-377-2025"), ("2026-01-01", "", "qd-377-2025")], "overlap"),
        ([("2026-01-01", ", to: 2025-12-01", "qd-377-2025")], "before it starts"),
        ([("2026-01-01", "", "qd-0-1900")], "not listed"),
    ],
)
def test_what_is_refused(tmp_path: Path, entries: list[tuple[str, str, str]], words: str) -> None:
    text = "".join(ENTRY.format(start=s, end=e, source=source) for s, e, source in entries)
    (tmp_path / "grounds.yaml").write_text(f"grounds:\n{text}", encoding="utf-8")
    with pytest.raises(LawError, match=words):
        read_grounds(tmp_path)
