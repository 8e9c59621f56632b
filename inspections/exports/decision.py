"""Quyết định thành lập đoàn kiểm tra."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.letters import MIDDLE
from cadres.exports.outline import Lines, Say
from cadres.exports.word_fields import Field
from cadres.papers import short_day
from compliance.law import load_law
from inspections.choices import DocumentKind
from inspections.exports.parts import (
    BLANK,
    DocumentForm,
    Issuer,
    Reach,
    Subject,
    day_words,
    kept_by,
    known,
    lead_name,
    listed,
    paragraphs,
    person_words,
    task_words,
    team_of,
)

_OUTLINE = (
    Lines("grounds"),
    Say("{{ decider | upper }} QUYẾT ĐỊNH", MIDDLE),
    Say("Điều 1. Thành lập Đoàn {{ task }}, gồm các đồng chí sau:"),
    Lines("team"),
    Say("Điều 2. Đoàn kiểm tra có nhiệm vụ kiểm tra {{ unit_count }} đơn vị: {{ unit_names }}."),
    Say("Nội dung kiểm tra: {{ subject }}. Quy định được kiểm tra việc thực hiện: {{ law }}."),
    Say(
        "Mốc thời gian kiểm tra: từ ngày {{ period_from }} đến ngày {{ period_to }}. Thời gian"
        " kiểm tra: {{ days }} ngày, từ ngày {{ starts_day }} đến ngày {{ ends_day }}."
    ),
    Say(
        "Điều 3. Các đồng chí có tên tại Điều 1, các đơn vị được kiểm tra và các cơ quan, đơn vị"
        " liên quan chịu trách nhiệm thi hành Quyết định này."
    ),
)


def _about(subject: Subject) -> str:
    return f"thành lập Đoàn {task_words(subject.inspection)}"


def _values(subject: Subject) -> dict[str, Any]:
    return {
        "grounds": list(_grounds(subject)),
        "team": listed(person_words(member) for member in team_of(subject.source)),
        "subject": "; ".join(map(known, paragraphs(subject.inspection.subject))),
    }


def _grounds(subject: Subject) -> Iterator[str]:
    """What the limits kept are taken from, the programme of the year; the rest by hand."""
    law = load_law().sources
    cited = dict.fromkeys(c["source"] for limit in subject.source.limits for c in limit.citations)
    for source in (law[key] for key in cited if key in law):
        if source.number:
            day = f", ngày {_issued(source.issued)}" if len(source.issued or "") > 4 else ""
            yield f"- Căn cứ văn bản số {source.number}{day} ({source.title});"
    programme = subject.inspection.programme
    if programme:
        number = programme.decision_no or BLANK
        yield f"- Căn cứ {programme} số {number}, ngày {day_words(programme.decision_on)};"
    yield f"- Căn cứ {BLANK};"
    yield f"- Xét đề nghị của {BLANK},"


def _issued(text: str | None) -> str:
    return short_day(dt.date.fromisoformat(text)) if text else BLANK


def _lacks(subject: Subject) -> list[str]:
    inspection, found = subject.inspection, []
    if not (inspection.decision_no and inspection.decision_on):
        found.append(_("chưa có số, ngày quyết định"))
    if not lead_name(subject.source):
        found.append(_("chưa có trưởng đoàn"))
    if not subject.source.units:
        found.append(_("chưa chọn đơn vị"))
    return found


FORM = DocumentForm(
    kind=DocumentKind.DECISION,
    code="QĐ",
    type_name="QUYẾT ĐỊNH",
    issuer=Issuer.BODY,
    reach=Reach.WHOLE,
    outline=_OUTLINE,
    fields=(
        Field("grounds", gettext_lazy("Các căn cứ, mỗi căn cứ một dòng"), is_list=True),
        Field("team", gettext_lazy("Thành viên đoàn, mỗi người một dòng"), is_list=True),
        Field("subject", gettext_lazy("Nội dung kiểm tra")),
    ),
    about=_about,
    values=_values,
    lacks=_lacks,
    recipients=lambda subject: ("- Như Điều 3,", kept_by(subject.inspection.unit)),
    own_number=lambda subject: subject.inspection.decision_no,
    own_day=lambda subject: subject.inspection.decision_on,
)
