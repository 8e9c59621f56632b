"""KT3: đề cương báo cáo tự kiểm tra, from the outline that the units answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING, ITEM
from cadres.exports.outline import Each, Lines, Rows, Say
from cadres.exports.papers import word_rows
from cadres.exports.word_fields import Field, rows_field
from inspections.choices import AnswerKind, DocumentKind, TableKind
from inspections.exports import plan
from inspections.exports.parts import (
    TEAM_KEEPS,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    sentence,
    task_words,
)

_OUTLINE = (
    Say(
        "(Kèm theo Quyết định số {{ decision_no }}, ngày {{ decision_day }} của {{ decider }}. Mốc"
        " thời gian báo cáo: từ ngày {{ period_from }} đến ngày {{ period_to }}.)"
    ),
    Say("I- NỘI DUNG BÁO CÁO", HEADING),
    Each(
        "item",
        "items",
        (Say("{{ loop.index }}- {{ item.title }}", ITEM), Lines("item.lines")),
    ),
    Say("II- TỰ NHẬN XÉT VÀ KIẾN NGHỊ", HEADING),
    Say("1- Ưu điểm."),
    Say("2- Hạn chế, khuyết điểm (nêu cụ thể nội dung, địa chỉ)."),
    Say("3- Nguyên nhân của hạn chế, khuyết điểm; trách nhiệm của người đứng đầu."),
    Say("4- Kiến nghị, đề xuất."),
    Say("III- THỜI HẠN GỬI BÁO CÁO", HEADING),
    Rows("due", plan.DUE),
)


def _values(subject: Subject) -> dict[str, Any]:
    return {
        "items": [
            {
                "title": item.title,
                "lines": [sentence(text) for text in (item.help_text, _way(item)) if text],
            }
            for item in subject.source.outline
        ],
        "due": word_rows(plan.due_table(subject)),
    }


def _way(item: Any) -> str:
    """How the question is to be answered."""
    if item.kind == AnswerKind.TABLE:
        return f"Kèm bảng số liệu: {str(TableKind(item.table).label).lower()}"
    if item.kind == AnswerKind.FILES:
        return "Kèm hồ sơ, tài liệu"
    return ""


def _lacks(subject: Subject) -> list[str]:
    return [] if subject.source.outline else [_("đề cương chưa có mục nào")]


FORM = DocumentForm(
    kind=DocumentKind.KT3,
    code="",
    type_name="ĐỀ CƯƠNG",
    issuer=Issuer.TEAM,
    reach=Reach.WHOLE,
    outline=_OUTLINE,
    fields=(
        Field(
            "items",
            gettext_lazy("Các mục của đề cương"),
            is_list=True,
            of=(
                Field("title", gettext_lazy("Câu hỏi, yêu cầu")),
                Field("lines", gettext_lazy("Hướng dẫn, mỗi đoạn một dòng"), is_list=True),
            ),
        ),
        rows_field("due", gettext_lazy("Đơn vị, người đứng đầu, hạn gửi báo cáo"), plan.DUE),
    ),
    about=lambda subject: f"báo cáo tự {task_words(subject.inspection)}",
    values=_values,
    lacks=_lacks,
    recipients=lambda subject: ("- Các đơn vị được kiểm tra,", TEAM_KEEPS),
)
