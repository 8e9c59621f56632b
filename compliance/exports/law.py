"""The catalogue of legal parameters on a day as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import Level
from compliance.applied import applied_on
from compliance.choices import Confidence
from compliance.contexts.law import Question
from compliance.exports.sheets import Column, Sheet
from compliance.law.words import GROUP_WORDS, NO_VALUE, UNIT_WORDS

KEY = "law"
TITLE = gettext_lazy("Căn cứ có hiệu lực")

COLUMNS = (
    Column(gettext_lazy("Nhóm"), 14),
    Column(gettext_lazy("Mã tham số"), 42),
    Column(gettext_lazy("Tham số"), 60),
    Column(gettext_lazy("Cấp"), 12),
    Column(gettext_lazy("Giá trị"), 10),
    Column(gettext_lazy("Đơn vị tính"), 14),
    Column(gettext_lazy("Đọc là"), 28),
    Column(gettext_lazy("Từ ngày"), 12),
    Column(gettext_lazy("Đến hết ngày"), 12),
    Column(gettext_lazy("Nguồn"), 14),
    Column(gettext_lazy("Căn cứ"), 50),
    Column(gettext_lazy("Mức chắc chắn"), 26),
    Column(gettext_lazy("Ghi chú"), 60),
)


def sheet(question: Question) -> Sheet:
    """One row for each parameter and level of the question's day."""
    return Sheet(title=_("Căn cứ"), columns=COLUMNS, rows=rows(question))


def rows(question: Question) -> Iterator[tuple[Any, ...]]:
    """Rows by group, parameter, level; without a figure it says so."""
    groups = list(GROUP_WORDS)
    law = question.law
    for parameter in sorted(law.parameters.values(), key=lambda each: groups.index(each.group)):
        for level in question.levels:
            now = applied_on(law, question.targets, parameter.id, level, question.on)
            has_value = now.value is not None
            yield (
                str(GROUP_WORDS[parameter.group]),
                parameter.id,
                parameter.label,
                str(Level(level).label),
                now.value,
                str(UNIT_WORDS[parameter.unit]) if has_value else None,
                parameter.text(now.value) if now.value is not None else str(NO_VALUE),
                now.start if has_value else None,
                now.end if has_value else None,
                (_("chỉ tiêu tỉnh") if now.is_target else _("văn bản chung"))
                if has_value
                else None,
                "; ".join(cited.text for cited in now.citations),
                str(Confidence(now.confidence).label) if now.confidence else None,
                now.note,
            )
