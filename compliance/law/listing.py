"""The catalogue of the law on one day, as records for programs and as rows for readers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from cadres.choices import Level
from compliance.choices import Confidence

from .catalogue import Citation, Law, Value
from .words import GROUP_WORDS, NO_VALUE

HEADINGS = (
    "Tham số", "Nội dung", "Cấp", "Giá trị", "Từ ngày", "Đến ngày", "Căn cứ", "Mức chắc chắn",
)  # fmt: skip


def records(law: Law, on: date) -> list[dict[str, Any]]:
    """Return each value in force on `on` with its citations; dates as ISO text, open ends None."""
    return [_record(law, value) for value in law.in_force_all(on)]


def _record(law: Law, value: Value) -> dict[str, Any]:
    parameter = law.parameters[value.parameter]
    return {
        "parameter": parameter.id,
        "label": parameter.label,
        "level": value.level,
        "value": value.value,
        "unit": parameter.unit,
        "from": value.in_force_from.isoformat(),
        "to": value.in_force_to.isoformat() if value.in_force_to else None,
        "citations": [
            {
                "source": cited.source,
                "number": law.sources[cited.source].number,
                "title": law.sources[cited.source].title,
                "at": cited.at,
                "confidence": cited.confidence,
            }
            for cited in value.citations
        ],
    }


def citation_text(law: Law, citation: Citation) -> str:
    """Write a citation for a reader: `65-QĐ/TW (2022), Điều 5`."""
    reference = law.sources[citation.source].reference
    return f"{reference}, {citation.at}" if citation.at else reference


@dataclass(frozen=True)
class _Answer:
    """What one parameter says at some levels; equal answers share a row."""

    value: str
    in_force_from: str
    in_force_to: str
    citations: str
    confidence: str


def rows(law: Law, on: date) -> Iterator[tuple[str, ...]]:
    """Give one row for each parameter and group of neighbouring levels that have one answer.

    A level that no longer exists on `on` is left out; one without a value says so.
    """
    levels = [level.code for level in law.levels.values() if level.exists(on)]
    groups = list(GROUP_WORDS)
    for parameter in sorted(law.parameters.values(), key=lambda p: groups.index(p.group)):
        answers = ((level, _answer(law, parameter.id, level, on)) for level in levels)
        for answer, group in groupby(answers, key=lambda pair: pair[1]):
            names = ", ".join(str(Level(level).label) for level, _ in group)
            yield (
                parameter.id,
                parameter.short_label,
                names,
                answer.value,
                answer.in_force_from,
                answer.in_force_to,
                answer.citations,
                answer.confidence,
            )


def _answer(law: Law, parameter: str, level: str, on: date) -> _Answer:
    value = law.in_force(parameter, level, on)
    if value is None:
        return _Answer(str(NO_VALUE), "", "", "", "")
    return _Answer(
        value=law.parameters[parameter].text(value.value),
        in_force_from=_day(value.in_force_from),
        in_force_to=_day(value.in_force_to),
        citations="; ".join(citation_text(law, cited) for cited in value.citations),
        confidence=str(Confidence(value.confidence).label),
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def as_table(law: Law, on: date) -> str:
    """Return the rows as aligned plain text."""
    table = [HEADINGS, *rows(law, on)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    table.insert(1, tuple("-" * width for width in widths))
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )
    return "\n".join((f"{_title(on)}\n", *lines))


def as_markdown(law: Law, on: date) -> str:
    """Return the rows as a Markdown table under a heading."""
    table = [HEADINGS, tuple("---" for _ in HEADINGS), *rows(law, on)]
    lines = ("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in table)
    return "\n".join((f"# {_title(on)}\n", *lines))


def _title(on: date) -> str:
    return f"Căn cứ có hiệu lực vào ngày {_day(on)}"
