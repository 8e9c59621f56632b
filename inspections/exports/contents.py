"""KT12: mục lục và chứng từ kết thúc hồ sơ: every paper of the inspection, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.outline import Rows, Say
from cadres.exports.papers import CENTRED, PaperColumn, PaperRow, PaperTable, word_rows
from cadres.exports.word_fields import rows_field
from inspections.choices import DocumentKind, Stage
from inspections.exports.parts import (
    NUMBER,
    TEAM_KEEPS,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    day_of,
    day_words,
    kept_by,
    number_of,
    subjects_of,
    task_words,
)

ENTRIES = (
    NUMBER,
    PaperColumn(key="number_of", head="Số, ký hiệu", width=26),
    PaperColumn(key="day", head="Ngày", width=22, align=CENTRED),
    PaperColumn(key="title", head="Tên loại và trích yếu", width=76),
    PaperColumn(key="sheets", head="Tờ số", width=16, align=CENTRED),
    PaperColumn(key="note", head="Ghi chú", width=28),
)
_OUTLINE = (
    Say(
        "Hồ sơ {{ task }} theo Quyết định số {{ decision_no }}, ngày {{ decision_day }} của"
        " {{ decider }} gồm các văn bản, chứng từ sau:"
    ),
    Rows("entries", ENTRIES),
)


def _values(others: Sequence[DocumentForm], subject: Subject) -> dict[str, Any]:
    entries = enumerate(_entries(others, subject), start=1)
    rows = [PaperRow((number, *row)) for number, row in entries]
    return {"entries": word_rows(PaperTable(columns=ENTRIES, rows=rows))}


def _entries(
    others: Sequence[DocumentForm], subject: Subject
) -> Iterator[tuple[str, str, str, str, str]]:
    """Papers that there are: registered, or with all that they need; then files put in."""
    source = subject.source
    for form in others:
        for each in subjects_of(form, source):
            line = source.registered(form.kind, each.inspected, each.minutes)
            if line is None and form.lacks(each):
                continue
            title = f"{form.type_name.capitalize()} {form.about(each)}"
            note = str(each.inspected) if each.inspected else ""
            day = day_of(form, each)
            yield number_of(form, each), day_words(day) if day else "", title, "", note
    for file in source.attachments:
        unit = next((str(u) for u in source.units if u.pk == file.inspected_unit_id), "")
        yield "", "", file.file_name, "", unit or "Đoàn kiểm tra"


def _lacks(subject: Subject) -> list[str]:
    return [] if subject.inspection.stage == Stage.CLOSED else [_("hồ sơ chưa kết thúc")]


def contents_form(others: Sequence[DocumentForm]) -> DocumentForm:
    """The form; `others`: those whose papers it lists."""
    return DocumentForm(
        kind=DocumentKind.KT12,
        code="",
        type_name="MỤC LỤC",
        issuer=Issuer.TEAM,
        reach=Reach.WHOLE,
        outline=_OUTLINE,
        fields=(rows_field("entries", gettext_lazy("Các văn bản, chứng từ"), ENTRIES),),
        about=lambda subject: f"hồ sơ {task_words(subject.inspection)}",
        values=partial(_values, others),
        lacks=_lacks,
        recipients=lambda subject: (TEAM_KEEPS, kept_by(subject.inspection.unit)),
        signers=(("NGƯỜI LẬP MỤC LỤC",), ("T/M ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN")),
    )
