"""KT10: thông báo kết luận kiểm tra (1 ưu điểm; 2 hạn chế; 3 yêu cầu, thời hạn báo cáo; nơi nhận).

Each inspected unit may get one with what concerns it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import HEADING, SUB
from cadres.exports.outline import Lines, Say, When
from cadres.exports.word_fields import Field, rows_field
from inspections.choices import DocumentKind, FindingKind
from inspections.exports.findings_told import (
    ASKED,
    LACKING,
    asked_lines,
    asked_rows,
    of_kind,
    tells_sensitive,
    told,
)
from inspections.exports.parts import (
    BLANK,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    day_words,
    kept_by,
    paragraphs,
    task_words,
)
from inspections.models import Finding
from inspections.wording import unit_words

_OUTLINE = (
    Say(
        "Sau khi xem xét Báo cáo số {{ report_no }}, ngày {{ report_day }} của Đoàn kiểm tra theo"
        " Quyết định số {{ decision_no }}, ngày {{ decision_day }}, {{ decider }} thông báo kết"
        " luận{% if unit_name %} đối với {{ unit_name }}{% endif %} như sau:"
    ),
    Say("1- Ưu điểm", HEADING),
    Lines("strengths"),
    Say("2- Hạn chế, khuyết điểm", HEADING),
    Lines("shortcomings"),
    When("causes", (Say("Nguyên nhân", SUB), Lines("causes"))),
    Say("3- Yêu cầu", HEADING),
    Lines("requirements"),
    Say(
        "Các đơn vị báo cáo kết quả thực hiện với {{ decider }} theo thời hạn nêu trên"
        "{% if last_due %}, chậm nhất ngày {{ last_due }}{% endif %}."
    ),
)


def said_of(subject: Subject) -> list[Finding]:
    """The findings that the notice tells: of one unit, those on it and on all."""
    findings = list(subject.source.findings)
    unit = subject.inspected
    if unit is None:
        return findings
    return [
        each
        for each in findings
        if each.inspected_unit_id == unit.pk
        or (each.inspected_unit_id is None and _is_asked_of(each, unit))
    ]


def _is_asked_of(finding: Finding, unit: Any) -> bool:
    asked = getattr(finding, "recommendation", None)
    return asked is None or asked.unit.path.startswith(unit.unit.path)


def _values(subject: Subject) -> dict[str, Any]:
    source, report = subject.source, subject.source.report
    findings = said_of(subject)
    # The synthesis tells of all units; it is for the notice about all, and who may read all.
    synthesis = report if subject.inspected is None and source.is_whole else None
    several = subject.inspected is None and len(source.units) > 1
    strengths, shortcomings = (
        (synthesis.strengths, synthesis.shortcomings) if synthesis else ("", "")
    )
    due = [
        each.recommendation.due_on
        for each in of_kind(findings, FindingKind.RECOMMENDATION)
        if hasattr(each, "recommendation")
    ]
    return {
        "report_no": (report.number if report else "") or BLANK,
        "report_day": day_words(report.signed_on if report else None),
        "strengths": _text_or(strengths, findings, (FindingKind.STRENGTH,), several=several),
        "shortcomings": _text_or(shortcomings, findings, LACKING, several=several),
        "causes": []
        if shortcomings.strip()
        else told(of_kind(findings, FindingKind.CAUSE), with_unit=several),
        "requirements": asked_lines(findings),
        "recommendations": asked_rows(findings),
        "last_due": day_words(max(due)) if due else "",
    }


def _text_or(
    text: str, findings: Sequence[Finding], kinds: Sequence[str], *, several: bool
) -> list[str]:
    if text.strip():
        return paragraphs(text)
    return told(of_kind(findings, *kinds), with_unit=several) or [BLANK]


def _lacks(subject: Subject) -> list[str]:
    if subject.inspection.is_concluded:
        return []
    return [_("chưa kết luận")]


def _about(subject: Subject) -> str:
    task = task_words(subject.inspection)
    of_unit = f" đối với {unit_words(subject.inspected.unit)}" if subject.inspected else ""
    return f"kết luận {task}{of_unit}"


def _recipients(subject: Subject) -> Sequence[str]:
    to = f"- {subject.inspected}," if subject.inspected else "- Các đơn vị được kiểm tra,"
    return (to, "- Đoàn kiểm tra,", kept_by(subject.inspection.unit))


FORM = DocumentForm(
    kind=DocumentKind.KT10,
    code="TB",
    type_name="THÔNG BÁO",
    issuer=Issuer.BODY,
    reach=Reach.WHOLE,
    outline=_OUTLINE,
    fields=(
        Field("report_no", gettext_lazy("Số báo cáo của đoàn")),
        Field("report_day", gettext_lazy("Ngày báo cáo của đoàn")),
        Field("strengths", gettext_lazy("Ưu điểm, mỗi đoạn một dòng"), is_list=True),
        Field("shortcomings", gettext_lazy("Hạn chế, khuyết điểm"), is_list=True),
        Field(
            "causes",
            gettext_lazy("Nguyên nhân; trống nếu đã nêu cùng hạn chế, khuyết điểm"),
            is_list=True,
        ),
        Field("requirements", gettext_lazy("Yêu cầu, mỗi yêu cầu một đoạn"), is_list=True),
        rows_field("recommendations", gettext_lazy("Yêu cầu, dạng bảng"), ASKED),
        Field("last_due", gettext_lazy("Thời hạn muộn nhất; trống nếu không có")),
    ),
    about=_about,
    values=_values,
    lacks=_lacks,
    recipients=_recipients,
    own_number=lambda subject: subject.inspection.conclusion_no,
    own_day=lambda subject: subject.inspection.concluded_on,
    has_unit_copies=True,
    is_told_sensitive=tells_sensitive,
)
