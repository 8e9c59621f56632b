"""Page of "gắn quy hoạch với bổ nhiệm": shares by level, year and unit, and the appointments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import date, number, percent
from cadres.choices import TitleKind
from planning.contexts import links, words
from planning.contexts.parts import parts
from planning.selectors.origins import Appointed, Origin, OriginCount, OriginFilter, count_of

NAME = "planning:origins"
LIST = "#danh-sach"
#: What the kinds of titles stand for here.
KINDS = {
    TitleKind.LEADERSHIP.value: gettext_lazy("Bổ nhiệm lãnh đạo, quản lý"),
    TitleKind.COMMITTEE.value: gettext_lazy("Vào cấp ủy"),
}
#: Short words of the columns.
_HEADS = {
    Origin.EXACT: gettext_lazy("Đúng chức danh"),
    Origin.EQUIVALENT: gettext_lazy("Tương đương, cao hơn"),
    Origin.NONE: gettext_lazy("Không qua quy hoạch"),
}


class Addresses:
    """Addresses of the page with its filters, some changed; a name given "" is taken off."""

    def __init__(self, asked: dict[str, str], as_of: dt.date) -> None:
        self._asked, self._as_of = asked, as_of

    def to(self, name: str = NAME, **changes: str) -> str:
        """The address with these changes."""
        return links.address(name, as_of=self._as_of, **{**self._asked, **changes})


def origins_context(
    *,
    wanted: OriginFilter,
    counts: Sequence[OriginCount],
    page: Page[Appointed],
    form: Any,
    asked: dict[str, str],
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `planning/origins.html`; `asked`: the filters as they stand in the address."""
    to = Addresses(asked, as_of)
    whole = count_of(counts)
    return {
        "parts": parts(NAME, as_of),
        "form": form,
        "wanted": wanted,
        "whole": whole,
        "is_committee": wanted.kind == TitleKind.COMMITTEE,
        "kinds": [
            {"label": label, "url": to.to(loai=kind, nguon=""), "here": kind == wanted.kind}
            for kind, label in KINDS.items()
        ],
        "lede": _lede(whole),
        "tiles": _tiles(whole, to),
        "heads": list(_HEADS.values()),
        "groups": [
            group
            for group in (
                _group(_("Theo cấp"), [c for c in counts if c.group == "level"], to, "cap"),
                _group(_("Theo năm"), [c for c in counts if c.group == "year"], to, "nam"),
                _group(_("Theo đơn vị"), [c for c in counts if c.group == "unit"], to, "tai"),
            )
            if group["rows"]
        ],
        "chips": _chips(wanted, counts, to),
        "clear_url": links.address(NAME, as_of=as_of, loai=asked.get("loai")),
        "table": _table(page, as_of),
        "found": page.paginator.count,
        "export_url": to.to("planning:origins-export"),
    }


def _lede(whole: OriginCount) -> str:
    if not whole.total:
        return ""
    return _("%(share)s bổ nhiệm đi từ quy hoạch: %(planned)s trong %(total)s.") % {
        "share": percent(whole.planned, whole.total),
        "planned": number(whole.planned),
        "total": number(whole.total),
    }


def _tiles(whole: OriginCount, to: Addresses) -> list[dict[str, Any]]:
    tiles: list[dict[str, Any]] = [
        {"label": _("Tất cả"), "figure": number(whole.total), "url": to.to(nguon="") + LIST}
    ]
    tiles += [
        {
            "label": _HEADS[origin],
            "figure": number(whole.of(origin)),
            "note": percent(whole.of(origin), whole.total),
            "url": to.to(nguon=origin) + LIST,
        }
        for origin in Origin
    ]
    return tiles


def _group(
    label: str, counts: Sequence[OriginCount], to: Addresses, parameter: str
) -> dict[str, Any]:
    rows = []
    for count in counts:
        place = {parameter: count.key}
        rows.append(
            {
                "label": _label(count),
                "total": {"text": number(count.total), "url": to.to(**place, nguon="") + LIST},
                "cells": [
                    {
                        "text": number(count.of(origin)),
                        "url": to.to(**place, nguon=origin) + LIST if count.of(origin) else "",
                    }
                    for origin in Origin
                ],
                "share": percent(count.planned, count.total),
                "bar": [(_HEADS[origin], count.of(origin)) for origin in Origin],
            }
        )
    return {"label": label, "rows": rows}


def _label(count: OriginCount) -> str:
    if count.group == "level":
        return str(words.LEVELS[count.key][0])
    return count.name if count.group == "unit" else count.key


def _chips(
    wanted: OriginFilter, counts: Sequence[OriginCount], to: Addresses
) -> list[dict[str, Any]]:
    """What the list below is narrowed to beside the form."""
    chips = []
    if wanted.origin:
        chips.append((_("Nguồn"), str(Origin(wanted.origin).label), "nguon"))
    if wanted.year:
        chips.append((_("Năm"), str(wanted.year), "nam"))
    if wanted.unit_code:
        unit = next((c.name for c in counts if c.group == "unit"), wanted.unit_code)
        chips.append((_("Tại"), unit, "tai"))
    return [
        {"label": label, "value": value, "remove_url": to.to(**{parameter: ""})}
        for label, value, parameter in chips
    ]


def _table(page: Page[Appointed], as_of: dt.date) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Họ và tên"), "name": True},
            {"label": _("Chức danh")},
            {"label": _("Từ ngày")},
            {"label": _("Nguồn")},
            {"label": _("Quy hoạch trước đó")},
        ],
        "rows": [_row(each, as_of) for each in page.object_list],
        "page": page,
        "noun": _("bổ nhiệm"),
        "caption": _("Từng bổ nhiệm và quy hoạch mà người đó có mặt trước ngày bổ nhiệm"),
        "empty": {
            "title": _("Không có bổ nhiệm nào"),
            "text": _("Thử lùi ngày bắt đầu, hoặc bỏ bớt điều kiện."),
            "icon": "filter",
        },
    }


def _row(each: Appointed, as_of: dt.date) -> dict[str, Any]:
    source: dict[str, Any] = {"text": source_words(each)}
    if each.plan_id is not None:
        source = {
            "text": each.plan_title,
            "url": links.plan_url(each.plan_id, as_of),
            "under": f"{each.plan_unit} · {each.plan_term}",
        }
    return {
        "url": "",
        "cells": [
            {
                "text": each.name,
                "url": links.cadre_url(each.code, as_of) if each.is_open else "",
            },
            {"text": each.title_name, "under": each.unit_name},
            {"text": date(each.start_on), "under": each.decision_no},
            str(each.origin.label),
            source,
        ],
    }


def source_words(each: Appointed) -> str:
    """What is said of an appointment whose plan is not named."""
    if each.origin != Origin.NONE:
        return _("trong kế hoạch ngoài phạm vi")
    return _("chỉ cho chức danh thấp hơn hoặc loại khác") if each.is_lower else ""
