"""KT5: báo cáo tự kiểm tra of one unit: its answers, the tables as they were when it submitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING, ITEM
from cadres.exports.outline import Each, Lines, Say, Sheet, When
from cadres.exports.papers import CENTRED, LEFT_ALIGNED, PaperColumn, PaperRow, PaperTable
from cadres.exports.word_fields import Field
from cadres.exports.word_parts import WordTable
from inspections.choices import DocumentKind, ReportState
from inspections.exports.parts import (
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    body_name,
    kept_by,
    paragraphs,
    sentence,
    task_words,
)
from inspections.selectors.papers import ReportTold
from inspections.selectors.prefill import OWN_WORDS, is_own
from inspections.selectors.self_reports import ASSESSMENT

_OUTLINE = (
    Say(
        "Thực hiện Quyết định số {{ decision_no }}, ngày {{ decision_day }} của {{ decider }} và đề"
        " cương của Đoàn kiểm tra, {{ unit_name }} báo cáo kết quả tự kiểm tra như sau:"
    ),
    Say("I- NỘI DUNG BÁO CÁO", HEADING),
    Each(
        "answer",
        "answers",
        (
            Say("{{ loop.index }}- {{ answer.title }}", ITEM),
            Lines("answer.lines"),
            When("answer.table", (Sheet("answer.table"),)),
            When("answer.files", (Say("Hồ sơ, tài liệu kèm theo: {{ answer.files }}."),)),
        ),
    ),
    Say("II- TỰ NHẬN XÉT VÀ KIẾN NGHỊ", HEADING),
    Say("1- Ưu điểm", ITEM),
    Lines("strengths"),
    Say("2- Hạn chế, khuyết điểm", ITEM),
    Lines("shortcomings"),
    Say("3- Nguyên nhân", ITEM),
    Lines("causes"),
    Say("4- Kiến nghị", ITEM),
    Lines("proposals"),
)


#: What a table without rows says.
_NOTHING = "Không có số liệu trong kỳ."


def report_of(subject: Subject) -> ReportTold | None:
    """The unit's self-report, None while there is none to be read."""
    return subject.source.reports.get(subject.inspected.pk) if subject.inspected else None


def _values(subject: Subject) -> dict[str, Any]:
    report = report_of(subject)
    given = report.answers if report else {}
    files: dict[int | None, list[str]] = {}
    for each in subject.source.attachments:
        if subject.inspected and each.inspected_unit_id == subject.inspected.pk:
            files.setdefault(each.item_id, []).append(each.file_name)
    answers = []
    for item in subject.source.outline:
        answer = given.get(item.pk)
        names = files.get(item.pk, [])
        table = WordTable(table_of(answer["table"] if answer else None))
        text = answer["text"] if answer else ""
        if not text.strip() and answer and answer["table"] and not table and not names:
            text = _NOTHING
        # A table or files answer by themselves.
        silent = not text.strip() and (bool(table) or bool(names))
        answers.append(
            {
                "title": item.title,
                "lines": [] if silent else [sentence(line) for line in paragraphs(text)],
                "table": table,
                "files": "; ".join(names),
            }
        )
    return {
        "answers": answers,
        **{name: paragraphs(report.assessment[name] if report else "") for name in ASSESSMENT},
    }


def table_of(kept: Mapping[str, Any] | None) -> PaperTable:
    """The table of an answer as it is kept: `columns` [{label, num}], `rows` [[cell]]."""
    if not kept or not kept.get("columns"):
        return PaperTable(columns=(), rows=())
    columns = []
    for number, column in enumerate(kept["columns"]):
        told = column if isinstance(column, Mapping) else {"label": column}
        align = CENTRED if told.get("num") else LEFT_ALIGNED
        columns.append(
            PaperColumn(
                key=f"c{number}",
                head=str(told["label"]),
                width=told.get("width") or (16 if told.get("num") else 34),
                align=align,
            )
        )
    rows = [PaperRow(tuple(_cell(cell) for cell in row)) for row in _marked(kept)]
    return PaperTable(columns=columns, rows=rows, caption=str(kept.get("caption", "")))


def _marked(kept: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """The rows; of those that the unit has added it is said."""
    rows = kept.get("rows", ())
    for key, row in zip(kept.get("keys") or [""] * len(rows), rows, strict=True):
        yield [f"{row[0]} ({OWN_WORDS})", *row[1:]] if is_own(key) else row


def _cell(cell: Any) -> str | int | None:
    return cell if cell is None or isinstance(cell, int) else str(cell)


def _lacks(subject: Subject) -> list[str]:
    report = report_of(subject)
    if report is None or report.state == ReportState.DRAFT:
        return [_("đơn vị chưa nộp báo cáo")]
    if report.state == ReportState.RETURNED:
        return [_("đang chờ đơn vị bổ sung")]
    return []


def _kept(subject: Subject) -> str:
    return kept_by(subject.inspected.unit if subject.inspected else subject.inspection.unit)


FORM = DocumentForm(
    kind=DocumentKind.KT5,
    code="BC",
    type_name="BÁO CÁO",
    issuer=Issuer.UNIT,
    reach=Reach.UNIT,
    outline=_OUTLINE,
    fields=(
        Field(
            "answers",
            gettext_lazy("Trả lời từng mục của đề cương"),
            is_list=True,
            of=(
                Field("title", gettext_lazy("Câu hỏi, yêu cầu")),
                Field("lines", gettext_lazy("Trả lời, mỗi đoạn một dòng"), is_list=True),
                Field("table", gettext_lazy("Bảng số liệu"), is_table=True),
                Field("files", gettext_lazy("Tên các tệp kèm theo; trống nếu không có")),
            ),
        ),
        Field("strengths", gettext_lazy("Ưu điểm, mỗi đoạn một dòng"), is_list=True),
        Field("shortcomings", gettext_lazy("Hạn chế, khuyết điểm"), is_list=True),
        Field("causes", gettext_lazy("Nguyên nhân"), is_list=True),
        Field("proposals", gettext_lazy("Kiến nghị"), is_list=True),
    ),
    about=lambda subject: f"tự {task_words(subject.inspection)}",
    values=_values,
    lacks=_lacks,
    to=lambda subject: f"Kính gửi: Đoàn kiểm tra của {body_name(subject)},",
    recipients=lambda subject: ("- Như trên,", _kept(subject)),
    own_number=lambda subject: getattr(report_of(subject), "number", ""),
    own_day=lambda subject: getattr(report_of(subject), "submitted_on", None),
)
