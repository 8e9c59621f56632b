"""KT1: kế hoạch kiểm tra: mục đích, yêu cầu; nội dung; tổ chức thực hiện (REGULATIONS 8)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING, ITEM
from cadres.exports.outline import Lines, Rows, Say
from cadres.exports.papers import CENTRED, PaperColumn, PaperRow, PaperTable, word_rows
from cadres.exports.word_fields import Field, rows_field
from inspections.choices import DocumentKind
from inspections.exports.parts import (
    BLANK,
    NUMBER,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    day_words,
    kept_by,
    lead_name,
    listed,
    paragraphs,
    person_words,
    sentence,
    task_words,
    team_of,
)

DUE = (
    NUMBER,
    PaperColumn(key="unit", head="Đơn vị được kiểm tra", width=66),
    PaperColumn(key="head", head="Người đứng đầu chịu trách nhiệm", width=56),
    PaperColumn(key="due", head="Hạn gửi báo cáo", width=34, align=CENTRED),
)
_OUTLINE = (
    Say(
        "Thực hiện Quyết định số {{ decision_no }}, ngày {{ decision_day }} của {{ decider }} về"
        " thành lập Đoàn {{ task }}, {{ decider }} ban hành kế hoạch kiểm tra như sau:"
    ),
    Say("I- MỤC ĐÍCH, YÊU CẦU", HEADING),
    Lines("purpose"),
    Say("II- NỘI DUNG", HEADING),
    Say("1- Thành phần đoàn kiểm tra", ITEM),
    Lines("team"),
    Say("2- Nhiệm vụ, quyền hạn", ITEM),
    Say(
        "Đoàn kiểm tra làm việc với các đơn vị được kiểm tra; nghiên cứu báo cáo tự kiểm tra, hồ"
        " sơ, tài liệu; thẩm tra, xác minh; báo cáo kết quả kiểm tra với {{ decider }}."
    ),
    Say(
        "Thành viên đoàn được đọc dữ liệu của các đơn vị được kiểm tra từ ngày {{ mandate_from }}"
        " đến ngày {{ mandate_to }}, chỉ để phục vụ cuộc kiểm tra."
    ),
    Say("3- Nội dung kiểm tra", ITEM),
    Lines("subject"),
    Say("Quy định được kiểm tra việc thực hiện: {{ law }}."),
    Say("4- Đối tượng, mốc thời gian, thời gian, địa điểm", ITEM),
    Say("Đơn vị được kiểm tra: {{ unit_names }}."),
    Say("Mốc thời gian kiểm tra: từ ngày {{ period_from }} đến ngày {{ period_to }}."),
    Say(
        "Thời gian kiểm tra: {{ days }} ngày, từ ngày {{ starts_day }} đến ngày {{ ends_day }}."
        " Địa điểm: " + BLANK + "."
    ),
    Say("5- Phương pháp kiểm tra", ITEM),
    Say(
        "Nghiên cứu báo cáo tự kiểm tra và hồ sơ, tài liệu của đơn vị; đối chiếu với số liệu chốt"
        " đến hết ngày {{ evidence_day }}; làm việc với đơn vị; thẩm tra, xác minh những nội dung"
        " cần làm rõ."
    ),
    Say("III- TỔ CHỨC THỰC HIỆN", HEADING),
    Say(
        "1- Các đơn vị được kiểm tra xây dựng báo cáo tự kiểm tra theo đề cương, chuẩn bị hồ sơ,"
        " tài liệu và gửi Đoàn kiểm tra đúng hạn:"
    ),
    Rows("due", DUE),
    Say(
        "2- Đoàn kiểm tra phân công nhiệm vụ cho thành viên, lập kế hoạch chi tiết, báo cáo kết"
        " quả kiểm tra trong thời gian nêu trên."
    ),
    Say(
        "3- Các cơ quan, đơn vị liên quan phối hợp, tạo điều kiện để Đoàn kiểm tra hoàn thành"
        " nhiệm vụ."
    ),
)


def due_table(subject: Subject) -> PaperTable:
    """When each unit has to send its self-report, and who answers for it."""
    rows = [
        PaperRow((number, str(each), each.head or BLANK, day_words(each.report_due_on)))
        for number, each in enumerate(subject.source.units, start=1)
    ]
    return PaperTable(columns=DUE, rows=rows)


def _values(subject: Subject) -> dict[str, Any]:
    source = subject.source
    team = source.team
    return {
        "purpose": [sentence(line) for line in paragraphs(subject.inspection.purpose)],
        "team": listed(person_words(member) for member in team_of(source)),
        "subject": [sentence(line) for line in paragraphs(subject.inspection.subject)],
        "mandate_from": day_words(min((m.mandate_from for m in team), default=None)),
        "mandate_to": day_words(max((m.mandate_to for m in team), default=None)),
        "due": word_rows(due_table(subject)),
    }


def _lacks(subject: Subject) -> list[str]:
    inspection, found = subject.inspection, []
    if not inspection.purpose.strip():
        found.append(_("chưa có mục đích, yêu cầu"))
    if not lead_name(subject.source):
        found.append(_("chưa có trưởng đoàn"))
    if any(each.report_due_on is None for each in subject.source.units):
        found.append(_("có đơn vị chưa có hạn nộp báo cáo"))
    return found


FORM = DocumentForm(
    kind=DocumentKind.KT1,
    code="KH",
    type_name="KẾ HOẠCH",
    issuer=Issuer.BODY,
    reach=Reach.WHOLE,
    outline=_OUTLINE,
    fields=(
        Field("purpose", gettext_lazy("Mục đích, yêu cầu, mỗi đoạn một dòng"), is_list=True),
        Field("team", gettext_lazy("Thành viên đoàn, mỗi người một dòng"), is_list=True),
        Field("subject", gettext_lazy("Nội dung kiểm tra, mỗi đoạn một dòng"), is_list=True),
        Field("mandate_from", gettext_lazy("Đoàn được đọc dữ liệu từ ngày")),
        Field("mandate_to", gettext_lazy("Đoàn được đọc dữ liệu đến ngày")),
        rows_field("due", gettext_lazy("Đơn vị, người đứng đầu, hạn gửi báo cáo"), DUE),
    ),
    about=lambda subject: task_words(subject.inspection),
    values=_values,
    lacks=_lacks,
    recipients=lambda subject: (
        "- Các đơn vị được kiểm tra,",
        "- Thành viên Đoàn kiểm tra,",
        kept_by(subject.inspection.unit),
    ),
)
