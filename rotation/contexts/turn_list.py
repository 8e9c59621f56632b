"""The people behind the figures: turns as rows of a table, and what they were chosen by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import date
from cadres.words import post_name, shortened
from rotation.choices import DeclineReason, EndReason, RotationKind
from rotation.contexts.links import cadre_url, rotation_url
from rotation.selectors.statistics import GRADE, GROUP, LEFT, MISSED, OTHERS, Turns
from rotation.selectors.turns import Step, Turn, TurnState

#: What dimensions are called where they are filters.
FILTERS = {
    "trang-thai": gettext_lazy("Tình trạng"),
    "da-di": gettext_lazy("Tình trạng"),
    "theo-ke-hoach": gettext_lazy("Kế hoạch"),
    "ke-hoach": gettext_lazy("Kế hoạch năm"),
    "cu": gettext_lazy("Cử đi"),
    "nhan": gettext_lazy("Nhận về"),
    "hinh-thuc": gettext_lazy("Hình thức"),
    "nam": gettext_lazy("Năm"),
    "cap": gettext_lazy("Cấp của nơi đến"),
    "cap-di": gettext_lazy("Cấp của nơi đi"),
    "gioi-tinh": gettext_lazy("Giới tính"),
    "tuoi": gettext_lazy("Tuổi"),
    GROUP: gettext_lazy("Dân tộc"),
    "ly-do": gettext_lazy("Lý do từ chối"),
    "do-dai": gettext_lazy("Thời gian"),
    "thoi-han": gettext_lazy("So với mức tối thiểu"),
    "ket-thuc-som": gettext_lazy("Kết thúc sớm vì"),
    "sau": gettext_lazy("Chức vụ sau đó"),
    "o-dau": gettext_lazy("Sau đó"),
    GRADE: gettext_lazy("Xếp loại năm sau"),
    "di": gettext_lazy("Nơi đi"),
    "den": gettext_lazy("Nơi đến"),
    MISSED: gettext_lazy("Vắng trong quy hoạch của"),
    LEFT: gettext_lazy("Để trống chỗ ở"),
}


def chips(
    asked: Mapping[str, str],
    turns: Turns,
    label_of: Callable[[str, str], str],
    page: Callable[..., str],
) -> list[dict[str, Any]]:
    """What the list is narrowed to, each with the address without it."""
    names = {
        post.unit_code: post.unit_name
        for turn in (*turns.counted, *turns.running)
        for post in (turn.start, turn.end)
    }

    def value(name: str, key: str) -> str:
        if name == GROUP:
            # The name stands in the table above; here the place in it is enough.
            return _("nhóm thứ %(n)s") % {"n": key}
        if name in ("di", "den", MISSED, LEFT):
            return _("đơn vị khác") if key == OTHERS else names.get(key, key)
        return label_of(name, key)

    return [
        {
            "label": str(FILTERS[name]),
            "value": value(name, key),
            "remove_url": page(**{other: each for other, each in asked.items() if other != name})
            + "#danh-sach",
        }
        for name, key in asked.items()
    ]


def turn_table(page: Page[Turn], as_of: dt.date) -> dict[str, Any]:
    """Turns as a plain list."""
    return {
        "columns": [
            {"label": _("Họ và tên"), "name": True},
            {"label": _("Từ")},
            {"label": _("Đến")},
            {"label": _("Thời gian")},
            {"label": _("Tháng"), "num": True},
            {"label": _("Tình trạng")},
        ],
        "rows": [_row(turn, as_of) for turn in page.object_list],
        "page": page,
        "noun": _("lượt"),
        "caption": _("Từng lượt đã đi hoặc từ chối"),
        "empty": {
            "title": _("Không có lượt nào"),
            "text": _("Thử chọn thời gian dài hơn, hoặc bỏ bớt điều kiện."),
            "icon": "filter",
        },
    }


def _row(turn: Turn, as_of: dt.date) -> dict[str, Any]:
    return {
        "url": rotation_url(turn.rotation_id, as_of),
        "cells": [
            {
                "text": turn.name,
                "url": cadre_url(turn.code, as_of) if turn.is_open else "",
                "under": str(RotationKind(turn.kind).label),
            },
            shortened(post_name(turn.start.title_name, turn.start.unit_name)),
            shortened(post_name(turn.end.title_name, turn.end.unit_name)),
            _time(turn),
            {
                "text": "" if turn.months is None else turn.months,
                "sign": "" if turn.is_short is None else "not_met" if turn.is_short else "met",
            },
            {"text": str(turn.state.label), "under": _planned(turn, as_of) or _note(turn)},
        ],
    }


def _time(turn: Turn) -> str:
    if turn.day is None:
        return _("chưa rõ ngày")
    if not turn.is_done:
        return date(turn.day)
    end = date(turn.ended_on) if turn.ended_on else _("nay")
    return f"{date(turn.day)} – {end}"


def _planned(turn: Turn, as_of: dt.date) -> str:
    if turn.state != TurnState.AWAY or turn.planned_end_on is None:
        return ""
    words = {"day": date(turn.planned_end_on)}
    late = turn.planned_end_on < as_of
    return (_("quá hạn %(day)s") if late else _("dự kiến đến %(day)s")) % words


def _note(turn: Turn) -> str:
    """Why somebody declined or came back early, else what came after."""
    if not turn.is_done:
        kind = str(DeclineReason(turn.decline_kind).label) if turn.decline_kind else ""
        return ": ".join(filter(None, (kind, turn.decline_reason)))
    said = []
    if turn.is_short and turn.end_kind:
        said.append(str(EndReason(turn.end_kind).label))
    if turn.after and turn.after.step != Step.NONE:
        said.append(
            _("sau đó: %(post)s") % {"post": post_name(turn.after.title_name, turn.after.unit_name)}
        )
    return "; ".join(said)
