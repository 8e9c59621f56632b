"""The list of inspections: those one works in, and those of one's own unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from inspections.choices import Stage
from inspections.contexts.links import address
from inspections.contexts.mandate import report_cell
from inspections.contexts.workspace import deadline

_STAGE_SIGNS = {Stage.FOLLOWING: "met", Stage.CLOSED: "met"}


def inspection_table(
    page: Any, as_of: dt.date, *, is_filtered: bool, open_url: str
) -> dict[str, Any]:
    """Inspections with step, units, days left, and what waits."""
    empty = (
        {
            "title": _("Không có cuộc kiểm tra nào như vậy"),
            "text": _("Thử bỏ bớt điều kiện lọc."),
            "icon": "inspect",
        }
        if is_filtered
        else {
            "title": _("Chưa có cuộc kiểm tra nào"),
            "text": _(
                "Một cuộc kiểm tra đi từ quyết định, đoàn và đề cương, qua báo cáo tự kiểm tra, "
                "bằng chứng và nhận định, đến thông báo kết luận và kiến nghị được thực hiện xong."
            ),
            "action": {"label": _("Lập cuộc kiểm tra"), "url": open_url} if open_url else None,
            "icon": "inspect",
        }
    )
    return {
        "caption": _("Các cuộc kiểm tra"),
        "columns": [
            {"label": _("Cuộc kiểm tra"), "name": True},
            {"label": _("Bước")},
            {"label": _("Đơn vị"), "num": True},
            {"label": _("Thời hạn")},
            {"label": _("Đang chờ")},
        ],
        "rows": [_row(each, as_of) for each in page.object_list],
        "page": page,
        "noun": _("cuộc"),
        "empty": empty,
    }


def _row(each: Any, as_of: dt.date) -> dict[str, Any]:
    decided = each.decision_no or _("chưa có quyết định")
    under = " · ".join(filter(None, (decided, each.lead)))
    left = deadline(each)
    stage: dict[str, Any] = {"text": each.get_stage_display()}
    if sign := _STAGE_SIGNS.get(Stage(each.stage)):
        stage["outcome"] = sign
    return {
        "url": address("inspections:inspection-detail", each.pk, as_of=as_of),
        "cells": [
            {"text": each.name, "under": under},
            stage,
            each.unit_count,
            left if left["outcome"] else {"text": left["text"]},
            {"text": waiting_words(each)},
        ],
    }


def waiting_words(each: Any) -> str:
    """What waits at the present step of an inspection of `inspection_list`."""
    stage = Stage(each.stage)
    if stage == Stage.PREPARING:
        return _("chuẩn bị quyết định, đoàn, đề cương")
    if stage == Stage.DEPLOYING:
        return _("biên bản triển khai")
    found = []
    if stage in (Stage.SELF_REPORTING, Stage.VERIFYING) and each.missing:
        text = ngettext("%(n)s báo cáo chưa nộp", "%(n)s báo cáo chưa nộp", each.missing)
        found.append(text % {"n": each.missing})
    if stage in (Stage.VERIFYING, Stage.REPORTING):
        if each.unread:
            text = ngettext("%(n)s nhận định chưa duyệt", "%(n)s nhận định chưa duyệt", each.unread)
            found.append(text % {"n": each.unread})
        if each.unanswered:
            text = ngettext(
                "%(n)s ý kiến chưa trả lời", "%(n)s ý kiến chưa trả lời", each.unanswered
            )
            found.append(text % {"n": each.unanswered})
    if stage == Stage.CONCLUDING:
        found.append(_("thông báo kết luận"))
    if stage == Stage.FOLLOWING and each.left:
        text = ngettext(
            "%(n)s kiến nghị chưa thực hiện xong",
            "%(n)s kiến nghị chưa thực hiện xong",
            each.left,
        )
        found.append(text % {"n": each.left})
    return "; ".join(found)


def own_table(rows: Iterable[Any], as_of: dt.date) -> dict[str, Any]:
    """Inspections of the units that somebody answers for."""
    return {
        "caption": _("Đơn vị của đồng chí được kiểm tra"),
        "columns": [
            {"label": _("Đơn vị"), "name": True},
            {"label": _("Cuộc kiểm tra")},
            {"label": _("Bước")},
            {"label": _("Báo cáo tự kiểm tra")},
        ],
        "rows": [_own_row(each, as_of) for each in rows],
        "empty": None,
    }


def _own_row(each: Any, as_of: dt.date) -> dict[str, Any]:
    inspection = each.inspection
    asked = inspection.stage != Stage.DEPLOYING
    decided = _("%(no)s ngày %(day)s") % {
        "no": inspection.decision_no,
        "day": formats.date(inspection.decision_on),
    }
    return {
        "url": address("inspections:inspected-detail", each.pk, as_of=as_of),
        "cells": [
            {"text": each.unit.name},
            {"text": inspection.name, "under": decided},
            {"text": inspection.get_stage_display()},
            report_cell(each, is_asked=asked),
        ],
    }
