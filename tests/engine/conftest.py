"""The sample province in the database, and its findings in a form that compares."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from compliance.choices import Outcome
from compliance.engine.findings import Finding
from tests.samples import DATA, SAMPLE_DAY, import_province


@pytest.fixture
def sample(province_on_file: None) -> None:
    """The small province of the samples."""


@pytest.fixture
def committed_sample(transactional_db: None) -> None:
    """The same where other processes see it."""
    import_province()


def comparable(found: Iterable[dict[str, Any]]) -> Counter[str]:
    """Findings as a multiset, without sentences, of citations only the source."""
    lines: Counter[str] = Counter()
    for finding in found:
        shown = {key: value for key, value in finding.items() if key != "message"}
        shown["citations"] = [{"source": each["source"]} for each in finding["citations"]]
        lines[json.dumps(shown, sort_keys=True, ensure_ascii=False)] += 1
    return lines


def of_findings(findings: Iterable[Finding], as_of: date = SAMPLE_DAY) -> Counter[str]:
    """`comparable` of what the engine yields, without what does not apply."""
    return comparable(
        each.as_json(as_of) for each in findings if each.outcome != Outcome.NOT_APPLICABLE
    )


def of_lines(text: str) -> Counter[str]:
    """`comparable` of printed JSON lines."""
    return comparable(json.loads(line) for line in text.splitlines())


@pytest.fixture
def expected() -> Counter[str]:
    """What the sample must give on its day."""
    return of_lines((DATA / "province-small.expected.jsonl").read_text(encoding="utf-8"))


@pytest.fixture
def difference() -> Callable[[Counter[str], Counter[str]], str]:
    """A few lines that say how two multisets differ; empty if they do not."""

    def tell(want: Counter[str], got: Counter[str]) -> str:
        missing, extra = want - got, got - want
        lines = [f"- {line}" for line in list(missing)[:5]] + [
            f"+ {line}" for line in list(extra)[:5]
        ]
        return "\n".join(lines)

    return tell
