"""The list of findings as a sheet: exactly what is filtered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import Level
from compliance.choices import Confidence, Outcome, SubjectKind
from compliance.citations import citations_shown
from compliance.exports.sheets import Column, Sheet
from compliance.selectors import FindingSet, FoundFinding

KEY = "findings"
TITLE = gettext_lazy("Kết quả kiểm tra")

COLUMNS = (
    Column(gettext_lazy("Kết quả"), 12),
    Column(gettext_lazy("Tiêu chí"), 32),
    Column(gettext_lazy("Mã tiêu chí"), 28),
    Column(gettext_lazy("Đối tượng"), 22),
    Column(gettext_lazy("Mã đơn vị"), 12),
    Column(gettext_lazy("Đơn vị"), 34),
    Column(gettext_lazy("Cấp"), 10),
    Column(gettext_lazy("Nhiệm kỳ"), 12),
    Column(gettext_lazy("Mã chức danh"), 14),
    Column(gettext_lazy("Chức danh"), 28),
    Column(gettext_lazy("Mã cán bộ"), 14),
    Column(gettext_lazy("Họ và tên"), 26),
    Column(gettext_lazy("Năm xếp loại"), 10),
    Column(gettext_lazy("Bắt đầu từ"), 12),
    Column(gettext_lazy("Số đo, yêu cầu, việc cần làm"), 80),
    Column(gettext_lazy("Căn cứ"), 40),
    Column(gettext_lazy("Mức chắc chắn"), 24),
    Column(gettext_lazy("Chưa đạt, chưa rõ từ ngày"), 14),
    Column(gettext_lazy("Miễn áp dụng theo"), 24),
    Column(gettext_lazy("Miễn đến hết ngày"), 14),
)


@dataclass
class Taken:
    """What a file turned out to hold, for its record: whom it names, and anything sensitive."""

    people: set[str] = field(default_factory=set)
    is_sensitive: bool = False

    def note(self, found: FoundFinding) -> None:
        """Count one finding in."""
        self.is_sensitive |= found.finding.rule.sensitive
        if code := found.finding.labels.cadre_code:
            self.people.add(code)


def sheet(found: FindingSet, taken: Taken) -> Sheet:
    """The sheet of these findings; rows are read, and noted in `taken`, as they are written."""
    return Sheet(title=_("Kết quả"), columns=COLUMNS, rows=rows(found, taken))


def rows(found: FindingSet, taken: Taken) -> Iterator[tuple[Any, ...]]:
    """One row a finding, in the order of the page."""
    words = _Words()
    for row in found.stream():
        taken.note(row)
        yield _row(row, words)


class _Words:
    """Labels of the closed lists, translated once a file and not once a cell."""

    def __init__(self) -> None:
        self.outcomes = {outcome: str(outcome.label) for outcome in Outcome}
        self.kinds = {kind: str(kind.label) for kind in SubjectKind}
        self.levels = {level.value: str(level.label) for level in Level}
        self.confidences = {each.value: str(each.label) for each in Confidence}


def _row(row: FoundFinding, words: _Words) -> tuple[Any, ...]:
    finding, labels = row.finding, row.finding.labels
    citations = citations_shown(finding.citations)
    return (
        words.outcomes[finding.outcome],
        finding.rule.title,
        finding.rule.code,
        words.kinds[finding.kind],
        labels.unit_code,
        labels.unit_name,
        words.levels[row.level],
        labels.term,
        labels.title_code,
        labels.title_name,
        labels.cadre_code,
        labels.cadre_name,
        labels.year,
        labels.start_on,
        finding.message,
        "; ".join(cited.text for cited in citations),
        "; ".join(dict.fromkeys(words.confidences[cited.confidence] for cited in citations)),
        finding.since,
        row.waiver.document if row.waiver else None,
        row.waiver.until if row.waiver else None,
    )
