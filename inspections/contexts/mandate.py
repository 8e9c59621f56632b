"""The mandate as its pages show it: what was decided, limits, units, team, outline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor
from cadres.selectors.editing import BETWEEN
from cadres.selectors.units import unit_list
from compliance.citations import citations_shown
from compliance.law import load_law
from inspections.choices import AnswerKind, ReportState, Stage
from inspections.contexts.links import address
from inspections.models import Inspection, OutlineItem, TeamMember
from inspections.selectors.inspections import Limit, last_day_words
from inspections.selectors.overview import units_overview
from inspections.selectors.seen import units_read

#: So many suggestions a page holds; a larger organisation is typed by code.
SUGGESTED = 1_500
_KEPT = {True: "met", False: "not_met", None: "cannot_tell"}


def suggestions(actor: Actor) -> dict[str, list[str]]:
    """What the form of the mandate suggests: units in scope, documents on hand."""
    rows = list(unit_list(actor).values_list("code", "name")[: SUGGESTED + 1])
    units = [] if len(rows) > SUGGESTED else [f"{code}{BETWEEN}{name}" for code, name in rows]
    numbers = {source.number for source in load_law().sources.values() if source.number}
    return {"units": units, "documents": sorted(numbers)}


def limit_rows(limits: Iterable[Limit]) -> list[dict[str, Any]]:
    """Each limit with whether it is kept, and where it is written."""
    return [
        {
            "outcome": _KEPT[limit.is_kept],
            "name": limit.name,
            "text": limit.text,
            "citations": citations_shown(limit.citations),
        }
        for limit in limits
    ]


def mandate_facts(inspection: Inspection) -> list[dict[str, Any]]:
    """What was decided, in the order it is written."""
    period = {
        "start": formats.date(inspection.period_from),
        "end": formats.date(inspection.period_to),
    }
    pairs = [
        (_("Cơ quan kiểm tra"), inspection.unit.name),
        (_("Quyết định"), _numbered(inspection.decision_no, inspection.decision_on)),
        (_("Người, cơ quan ký"), inspection.issuer),
        (_("Nội dung"), inspection.subject),
        (_("Mục đích, yêu cầu"), inspection.purpose),
        (_("Quy định"), inspection.law_examined),
        (_("Mốc thời gian"), _("%(start)s đến %(end)s") % period),
        (_("Bắt đầu"), formats.date(inspection.starts_on)),
        (_("Kết thúc"), last_day_words(inspection)),
        (_("Văn bản gia hạn"), inspection.extension_document),
        (_("Vượt giới hạn"), inspection.limit_reason),
        (_("Ngày chốt số liệu"), formats.date(inspection.evidence_on)),
        (_("Thông báo kết luận"), _numbered(inspection.conclusion_no, inspection.concluded_on)),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def _numbered(number: str, day: dt.date | None) -> str:
    if not number:
        return ""
    words = {"no": number, "day": formats.date(day) if day else ""}
    return _("%(no)s ngày %(day)s") % words if day else number


# ---- Units -----------------------------------------------------------------------------------


def unit_table(actor: Actor, inspection: Inspection, as_of: dt.date) -> dict[str, Any]:
    """The inspected units with what each has come to; those the actor reads are links."""
    seen = {each.pk for each in units_read(actor, inspection)}
    asked = inspection.stage not in (Stage.PREPARING, Stage.DEPLOYING)
    return {
        "caption": _("Đơn vị được kiểm tra"),
        "columns": [
            {"label": _("Đơn vị"), "name": True},
            {"label": _("Người đứng đầu")},
            {"label": _("Báo cáo tự kiểm tra")},
            {"label": _("Biên bản làm việc")},
            {"label": _("Nhận định"), "num": True},
        ],
        "rows": [
            _unit_row(each, as_of, is_read=each.pk in seen, is_asked=asked)
            for each in units_overview(inspection)
        ],
        "empty": {
            "title": _("Chưa chọn đơn vị được kiểm tra"),
            "text": _("Chọn đơn vị, ghi người đứng đầu và hạn nộp báo cáo tự kiểm tra."),
            "icon": "tree",
        },
    }


def _unit_row(each: Any, as_of: dt.date, *, is_read: bool, is_asked: bool) -> dict[str, Any]:
    url = address("inspections:inspection-report", each.pk, as_of=as_of) if is_read else ""
    return {
        "url": url,
        "cells": [
            {"text": each.unit.name},
            {"text": each.head},
            report_cell(each, is_asked=is_asked),
            {"outcome": "met", "text": _("đã ký")} if each.is_heard else {"text": _("chưa có")},
            each.told,
        ],
    }


@dataclass(frozen=True)
class ReportStanding:
    """What tells where a unit's report stands, by the names of `units_overview`."""

    report_due_on: dt.date | None
    report_state: str
    sent_on: dt.date | None
    first_sent_on: dt.date | None
    late_reason: str


def report_cell(each: Any, *, is_asked: bool, with_due: bool = True) -> dict[str, Any]:
    """Where a unit's report stands, told as late where it is; of `units_overview`.

    `with_due`: with the deadline of what is still to come.
    """
    due = each.report_due_on
    over = _sent_late(due, each.first_sent_on)
    if each.report_state == ReportState.SUBMITTED:
        text = _("đã nộp %(day)s") % {"day": formats.date(each.sent_on)}
        return {"outcome": "met", "text": text, "under": over}
    if each.late_reason:
        return {"outcome": "not_applicable", "text": _("không có"), "under": each.late_reason}
    if each.report_state == ReportState.RETURNED:
        return {"outcome": "cannot_tell", "text": _("yêu cầu bổ sung"), "under": over}
    if due and is_asked and due < clock.today():
        days = (clock.today() - due).days
        late = ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", days) % {"n": days}
        return {"outcome": "not_met", "text": late, "under": ""}
    under = _("hạn %(day)s") % {"day": formats.date(due)} if due else _("chưa có hạn")
    return {"outcome": "cannot_tell", "text": _("chưa nộp"), "under": under if with_due else ""}


def _sent_late(due: dt.date | None, sent: dt.date | None) -> str:
    """How late a unit first submitted; "" where it was in time, or cannot be told."""
    if not due or not sent or sent <= due:
        return ""
    days = (sent - due).days
    return ngettext("nộp muộn %(n)s ngày", "nộp muộn %(n)s ngày", days) % {"n": days}


# ---- Team ------------------------------------------------------------------------------------


def team_rows(
    inspection: Inspection, members: Sequence[TeamMember], *, may: bool, as_of: dt.date
) -> list[dict[str, Any]]:
    """The members, in the order of their roles."""
    order = ["lead", "deputy", "secretary", "member"]
    return [
        {
            "name": str(each.user),
            "role": each.get_role_display(),
            "post": each.post,
            "assignment": each.assignment,
            "units": [str(unit) for unit in each.units.all()],
            "from": each.mandate_from,
            "to": each.mandate_to,
            "url": address("inspections:member-edit", inspection.pk, each.pk, as_of=as_of)
            if may
            else "",
            "remove_url": address("inspections:member-remove", inspection.pk, each.pk, as_of=as_of)
            if may
            else "",
        }
        for each in sorted(members, key=lambda one: (order.index(one.role), one.pk))
    ]


# ---- Outline ---------------------------------------------------------------------------------


def outline_rows(items: Iterable[OutlineItem]) -> list[dict[str, Any]]:
    """The questions as they are read."""
    return [
        {
            "number": item.number,
            "title": item.title,
            "topic": item.get_topic_display(),
            "answer": str(
                _("Bảng: %s") % item.get_table_display()
                if item.kind == AnswerKind.TABLE
                else item.get_kind_display()
            ),
            "help": item.help_text,
        }
        for item in items
    ]
