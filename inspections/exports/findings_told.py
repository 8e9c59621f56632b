"""Findings as sentences of papers: by kind, by topic, with the unit they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cadres.exports.papers import CENTRED, PaperColumn, PaperRow, PaperTable, word_rows
from inspections.choices import FindingKind, Topic
from inspections.exports.parts import BLANK, NUMBER, Subject, day_words, paragraphs, sentence
from inspections.models import Finding
from inspections.selectors.papers import by_topic
from inspections.wording import unit_words

LACKING = (FindingKind.SHORTCOMING, FindingKind.VIOLATION)
ASKED = (
    NUMBER,
    PaperColumn(key="asked", head="Yêu cầu, kiến nghị", width=74),
    PaperColumn(key="unit", head="Đơn vị thực hiện", width=32),
    PaperColumn(key="head", head="Người đứng đầu chịu trách nhiệm", width=32),
    PaperColumn(key="due", head="Thời hạn", width=18, align=CENTRED),
)


def of_kind(findings: Iterable[Finding], *kinds: str) -> list[Finding]:
    """Those of these kinds, in their order."""
    return [each for each in findings if each.kind in kinds]


def told(findings: Iterable[Finding], *, with_unit: bool = True) -> list[str]:
    """A sentence each, after a dash; with a correction, what holds since.

    What is said of several units in the same words stands once, with all of them.
    """
    units: dict[tuple[str, bool], list[Any]] = {}
    for each in findings:
        is_named = with_unit and each.inspected_unit is not None
        named = units.setdefault((_said(each), is_named), [])
        if is_named and each.inspected_unit not in named:
            named.append(each.inspected_unit)
    return [
        f"- {_named(named)}: {said}" if is_named else f"- {said}"
        for (said, is_named), named in units.items()
    ]


def _named(units: Sequence[Any]) -> str:
    """Units at the beginning of a sentence: "Xã Bảo Lâm, xã Quảng Uyên"."""
    return ", ".join([str(units[0]), *(unit_words(each.unit) for each in units[1:])])


def _said(finding: Finding) -> str:
    said = sentence(" ".join(paragraphs(finding.text)))
    for correction in finding.corrections.all():
        said += f" (Đính chính tại {correction.document}: {sentence(correction.after)})"
    return said


def topics_told(findings: Sequence[Finding], *, with_unit: bool) -> list[dict[str, Any]]:
    """Findings under each topic: what is good, what is not, why; lettered as they occur."""
    found = []
    grouped = by_topic(of_kind(findings, FindingKind.STRENGTH, *LACKING, FindingKind.CAUSE))
    for topic in sorted(grouped, key=Topic.values.index):
        parts = [
            ("Ưu điểm", of_kind(grouped[topic], FindingKind.STRENGTH)),
            ("Hạn chế, khuyết điểm", of_kind(grouped[topic], *LACKING)),
            ("Nguyên nhân", of_kind(grouped[topic], FindingKind.CAUSE)),
        ]
        kept = [(title, rows) for title, rows in parts if rows]
        found.append(
            {
                "title": str(Topic(topic).label),
                "parts": [
                    {"title": f"{letter}) {title}", "lines": told(rows, with_unit=with_unit)}
                    for letter, (title, rows) in zip("abc", kept, strict=False)
                ],
            }
        )
    return found


def asked_lines(findings: Iterable[Finding]) -> list[str]:
    """Each recommendation with who carries it out, who answers for it, and by when."""
    lines = []
    for each in of_kind(findings, FindingKind.RECOMMENDATION):
        asked = getattr(each, "recommendation", None)
        said = _said(each)
        if asked:
            said = (
                f"{said} Đơn vị thực hiện: {asked.unit}; người chịu trách nhiệm: {asked.head}; hoàn"
                f" thành trước ngày {day_words(asked.due_on)}."
            )
        lines.append(f"- {said}")
    return lines or [BLANK]


def asked_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The same as rows of a table."""
    rows = []
    for number, each in enumerate(of_kind(findings, FindingKind.RECOMMENDATION), start=1):
        asked = getattr(each, "recommendation", None)
        cells = (
            (str(asked.unit), asked.head, day_words(asked.due_on))
            if asked
            else (str(each.inspected_unit or BLANK), BLANK, BLANK)
        )
        rows.append(PaperRow((number, _said(each), *cells)))
    return word_rows(PaperTable(columns=ASKED, rows=rows))


def tells_sensitive(subject: Subject) -> bool:
    """Whether sensitive findings are in it."""
    return any(each.is_sensitive for each in subject.source.findings)
