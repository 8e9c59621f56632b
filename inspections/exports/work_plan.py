"""KT2: kế hoạch chi tiết của đoàn: who does what, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING
from cadres.exports.outline import Rows, Say
from cadres.exports.papers import CENTRED, PaperColumn, PaperRow, PaperTable, word_rows
from cadres.exports.word_fields import rows_field
from inspections.choices import DocumentKind, MinutesKind, TeamRole
from inspections.exports.parts import (
    BLANK,
    NUMBER,
    TEAM_KEEPS,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    body_name,
    day_words,
    task_words,
    team_of,
)
from inspections.wording import unit_words

MEMBERS = (
    NUMBER,
    PaperColumn(key="name", head="Họ và tên", width=36),
    PaperColumn(key="role", head="Vai trò", width=24),
    PaperColumn(key="post", head="Chức vụ, cơ quan", width=36),
    PaperColumn(key="units", head="Đơn vị phụ trách", width=36),
    PaperColumn(key="assignment", head="Nhiệm vụ", width=40),
)
CALENDAR = (
    NUMBER,
    PaperColumn(key="time", head="Thời gian", width=38, align=CENTRED),
    PaperColumn(key="work", head="Công việc", width=70),
    PaperColumn(key="who", head="Thực hiện", width=48),
)
_OUTLINE = (
    Say(
        "Thực hiện Quyết định số {{ decision_no }}, ngày {{ decision_day }} của {{ decider }},"
        " Đoàn kiểm tra phân công nhiệm vụ và lịch làm việc như sau:"
    ),
    Say("I- PHÂN CÔNG NHIỆM VỤ", HEADING),
    Rows("members", MEMBERS),
    Say("II- LỊCH LÀM VIỆC", HEADING),
    Rows("calendar", CALENDAR),
    Say("III- TỔ CHỨC THỰC HIỆN", HEADING),
    Say(
        "Thành viên đoàn chịu trách nhiệm trước Trưởng đoàn về nội dung, đơn vị được phân công;"
        " thư ký theo dõi tiến độ, tổng hợp báo cáo của đoàn."
    ),
)
_EVERYBODY = "Cả đoàn"


def _values(subject: Subject) -> dict[str, Any]:
    members = [
        PaperRow(
            (
                number,
                str(member.user),
                str(TeamRole(member.role).label),
                member.post or BLANK,
                ", ".join(str(unit) for unit in member.units.all()) or "Các đơn vị",
                member.assignment or BLANK,
            )
        )
        for number, member in enumerate(team_of(subject.source), start=1)
    ]
    calendar = [PaperRow((number, *row)) for number, row in enumerate(_calendar(subject), start=1)]
    return {
        "members": word_rows(PaperTable(columns=MEMBERS, rows=members)),
        "calendar": word_rows(PaperTable(columns=CALENDAR, rows=calendar)),
    }


def _calendar(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """The way of an inspection; days that are not set yet are dots."""
    inspection, source = subject.inspection, subject.source
    held: dict[str, dict[int | None, list[date]]] = defaultdict(lambda: defaultdict(list))
    for each in source.minutes:
        held[each.kind][each.inspected_unit_id].append(each.held_on)
    deployed = [day for days in held[MinutesKind.DEPLOY].values() for day in days]
    yield _days(deployed), "Triển khai quyết định kiểm tra, thống nhất lịch làm việc", _EVERYBODY
    due: dict[date | None, list[str]] = defaultdict(list)
    for unit in source.units:
        due[unit.report_due_on].append(unit_words(unit.unit))
    for day, units in due.items():
        text = f"Gửi báo cáo tự kiểm tra: {', '.join(units)}"
        yield (f"trước ngày {day_words(day)}" if day else BLANK), text, "Đơn vị được kiểm tra"
    for unit in source.units:
        days = held[MinutesKind.WORKING][unit.pk]
        who = _looked_after(subject, unit.pk)
        yield _days(days), f"Thẩm tra, xác minh, làm việc với {unit_words(unit.unit)}", who
    ends = day_words(inspection.last_day)
    yield f"trước ngày {ends}", "Tổng hợp, thông qua báo cáo kết quả kiểm tra", _EVERYBODY


def _days(days: list[date]) -> str:
    return ", ".join(day_words(day) for day in sorted(set(days))) or BLANK


def _looked_after(subject: Subject, unit_id: int) -> str:
    """Members to whom the unit is assigned; the whole team where it is nobody's in particular."""
    names = [
        str(member.user)
        for member in team_of(subject.source)
        if any(unit.pk == unit_id for unit in member.units.all())
    ]
    return ", ".join(names) or _EVERYBODY


def _lacks(subject: Subject) -> list[str]:
    team = subject.source.team
    found = []
    if not team:
        found.append(_("đoàn chưa có ai"))
    if any(not member.assignment.strip() for member in team):
        found.append(_("có thành viên chưa được phân công"))
    return found


FORM = DocumentForm(
    kind=DocumentKind.KT2,
    code="KH",
    type_name="KẾ HOẠCH",
    issuer=Issuer.TEAM,
    reach=Reach.WHOLE,
    outline=_OUTLINE,
    fields=(
        rows_field("members", gettext_lazy("Phân công từng thành viên"), MEMBERS),
        rows_field("calendar", gettext_lazy("Lịch làm việc"), CALENDAR),
    ),
    about=lambda subject: f"chi tiết {task_words(subject.inspection)}",
    values=_values,
    lacks=_lacks,
    recipients=lambda subject: (
        f"- {body_name(subject)} (báo cáo),",
        "- Thành viên Đoàn kiểm tra,",
        TEAM_KEEPS,
    ),
)
