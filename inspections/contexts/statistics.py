"""Page of statistics: inspections by year, findings by topic, recommendations and their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import number, percent
from cadres.choices import Level
from inspections.choices import FindingKind, RemedyState, Severity, Stage, Topic
from inspections.contexts.links import address
from inspections.selectors.statistics import (
    BANDS,
    FINDINGS,
    INSPECTIONS,
    REMEDIES,
    UNITS,
    UNSAID,
    YES,
    Numbers,
    Row,
)

NAME = "inspections:inspection-statistics"
LIST = "#danh-sach"
#: Kinds of findings in the table by topic, in their order.
_KINDS = (
    FindingKind.STRENGTH,
    FindingKind.SHORTCOMING,
    FindingKind.VIOLATION,
    FindingKind.CAUSE,
)
KINDS = {
    INSPECTIONS: gettext_lazy("Từng cuộc kiểm tra"),
    UNITS: gettext_lazy("Từng đơn vị được kiểm tra"),
    FINDINGS: gettext_lazy("Từng nhận định"),
    REMEDIES: gettext_lazy("Từng kiến nghị"),
}
#: Dimensions as filters, with the words of their values.
LABELS: dict[str, tuple[Any, dict[str, Any]]] = {
    "nam": (gettext_lazy("Năm"), {}),
    "buoc": (gettext_lazy("Bước"), dict(Stage.choices)),
    "ket-luan": (gettext_lazy("Tình trạng"), {YES: gettext_lazy("đã kết luận")}),
    "cap": (gettext_lazy("Cấp"), dict(Level.choices)),
    "loai": (gettext_lazy("Loại"), dict(FindingKind.choices)),
    "chu-de": (gettext_lazy("Chủ đề"), dict(Topic.choices)),
    "muc": (
        gettext_lazy("Mức độ"),
        {
            **{str(value): label for value, label in Severity.choices},
            UNSAID: gettext_lazy("Chưa ghi mức độ"),
        },
    ),
    "han-che": (gettext_lazy("Loại"), {YES: gettext_lazy("hạn chế, khuyết điểm")}),
    "lap": (gettext_lazy("Lặp lại"), {YES: gettext_lazy("có")}),
    "trang-thai": (gettext_lazy("Trạng thái"), dict(RemedyState.choices)),
    "qua-han": (gettext_lazy("Trạng thái"), {YES: gettext_lazy("quá hạn")}),
    "lau": (gettext_lazy("Thời gian thực hiện"), {}),
    "tre": (
        gettext_lazy("So với hạn"),
        {YES: gettext_lazy("sau hạn"), UNSAID: gettext_lazy("đúng hạn")},
    ),
}


def label_of(dimension: str, value: str) -> str:
    """What a value of a dimension is called."""
    if dimension == "lau":
        return _band(int(value)) if value.isdecimal() and int(value) in BANDS else value
    return str(LABELS[dimension][1].get(value, value))


def _band(first: int) -> str:
    place = BANDS.index(first)
    if place == len(BANDS) - 1:
        return _("hơn %(n)s ngày") % {"n": number(first - 1)}
    most = BANDS[place + 1] - 1
    if not first:
        return _("trong %(n)s ngày") % {"n": number(most)}
    return _("%(first)s–%(most)s ngày") % {"first": number(first), "most": number(most)}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the years, which kind of rows to list, and which of them."""

    as_of: dt.date
    years: range
    kind: str
    values: Mapping[str, str]

    def page(self, **query: Any) -> str:
        """The page of the same years."""
        return address(
            NAME, as_of=self.as_of, tu_nam=self.years.start, den_nam=self.years[-1], **query
        )

    def to(self, kind: str, **values: str) -> str:
        """The list of rows of a kind with these values."""
        return self.page(xem=kind, **values) + LIST


def context(numbers: Numbers, asked: Asked, page: Page[Row], form: Any) -> dict[str, Any]:
    """Context of `inspections/statistics.html`; `page`: the rows listed below."""
    return {
        "form": form,
        "period": f"{asked.years.start}–{asked.years[-1]}"
        if len(asked.years) > 1
        else str(asked.years.start),
        "lede": _lede(numbers),
        "tiles": _tiles(numbers, asked),
        "years": _years(numbers, asked),
        "topics": _topics(numbers, asked),
        "severities": _list(numbers, FINDINGS, "muc", asked, {"han-che": YES}),
        "remedies": _remedies(numbers, asked),
        "bands": _list(numbers, REMEDIES, "lau", asked),
        "recurring": _recurring(numbers, asked),
        "kinds": [
            {
                "label": str(label),
                "url": asked.to(kind),
                "here": kind == asked.kind,
                "count": number(len(numbers.rows[kind])),
            }
            for kind, label in KINDS.items()
        ],
        "chips": [
            {
                "label": str(LABELS[name][0]),
                "value": label_of(name, value),
                "remove_url": asked.to(
                    asked.kind, **{key: each for key, each in asked.values.items() if key != name}
                ),
            }
            for name, value in asked.values.items()
        ],
        "clear_url": asked.to(asked.kind),
        "table": _table(page, asked),
    }


def figure(count: int, url: str) -> dict[str, Any]:
    """A number that leads to its rows, unless there are none."""
    return {"text": number(count), "url": url if count else ""}


def _lede(numbers: Numbers) -> str:
    inspections = len(numbers.rows[INSPECTIONS])
    if not inspections:
        return _("Không có cuộc kiểm tra nào bắt đầu trong thời gian này.")
    states = numbers.tally(REMEDIES, "trang-thai")
    text = _(
        "%(n)s cuộc kiểm tra tại %(units)s đơn vị; %(findings)s hạn chế, khuyết điểm; "
        "%(closed)s trong %(remedies)s kiến nghị đã thực hiện xong."
    )
    return text % {
        "n": number(inspections),
        "units": number(numbers.different_units),
        "findings": number(numbers.tally(FINDINGS, "han-che")[(YES,)]),
        "closed": number(states[(RemedyState.CLOSED.value,)]),
        "remedies": number(len(numbers.rows[REMEDIES])),
    }


def _tiles(numbers: Numbers, asked: Asked) -> list[dict[str, str]]:
    remedies = len(numbers.rows[REMEDIES])
    repeated = numbers.tally(REMEDIES, "lap")[(YES,)]
    middle = numbers.middle_days
    tiles = (
        (_("Cuộc kiểm tra"), number(len(numbers.rows[INSPECTIONS])), "", asked.to(INSPECTIONS)),
        (
            _("Lượt đơn vị"),
            number(len(numbers.rows[UNITS])),
            _("%(n)s đơn vị khác nhau") % {"n": number(numbers.different_units)},
            asked.to(UNITS),
        ),
        (
            _("Hạn chế, khuyết điểm"),
            number(numbers.tally(FINDINGS, "han-che")[(YES,)]),
            "",
            asked.to(FINDINGS, han_che=YES),
        ),
        (
            _("Kiến nghị quá hạn"),
            number(numbers.tally(REMEDIES, "qua-han")[(YES,)]),
            f"/{number(remedies)}",
            asked.to(REMEDIES, qua_han=YES),
        ),
        (
            _("Kiến nghị lặp lại"),
            number(repeated),
            percent(repeated, remedies) if remedies else "",
            asked.to(REMEDIES, lap=YES),
        ),
        (
            _("Một nửa xong trong"),
            _("%(n)s ngày") % {"n": number(middle)} if middle is not None else "–",
            "",
            asked.to(REMEDIES, trang_thai=RemedyState.CLOSED.value),
        ),
    )
    return [
        {"label": label, "figure": text, "note": note, "url": url}
        for label, text, note, url in tiles
    ]


def _years(numbers: Numbers, asked: Asked) -> list[dict[str, Any]]:
    inspections = numbers.tally(INSPECTIONS, "nam")
    concluded = numbers.tally(INSPECTIONS, "nam", "ket-luan")
    units = numbers.tally(UNITS, "nam")
    found = numbers.tally(FINDINGS, "nam", "han-che")
    asked_for = numbers.tally(REMEDIES, "nam")
    states = numbers.tally(REMEDIES, "nam", "trang-thai")
    closed = RemedyState.CLOSED.value
    return [
        {
            "label": year,
            "cells": [
                {**figure(inspections[(year,)], asked.to(INSPECTIONS, nam=year))},
                {**figure(concluded[year, YES], asked.to(INSPECTIONS, nam=year, ket_luan=YES))},
                {**figure(units[(year,)], asked.to(UNITS, nam=year))},
                {**figure(found[year, YES], asked.to(FINDINGS, nam=year, han_che=YES))},
                {**figure(asked_for[(year,)], asked.to(REMEDIES, nam=year))},
                {**figure(states[year, closed], asked.to(REMEDIES, nam=year, trang_thai=closed))},
            ],
        }
        for year in sorted({key[0] for key in inspections}, reverse=True)
    ]


def _topics(numbers: Numbers, asked: Asked) -> dict[str, Any]:
    """Findings by topic and kind, the most criticised first."""
    counts = numbers.tally(FINDINGS, "chu-de", "loai")
    critical = numbers.tally(FINDINGS, "chu-de", "han-che")
    topics = [topic for topic in Topic.values if any(counts[topic, kind.value] for kind in _KINDS)]
    topics.sort(key=lambda topic: -critical[topic, YES])
    most = max((critical[topic, YES] for topic in topics), default=0)
    return {
        "heads": [str(kind.label) for kind in _KINDS],
        "rows": [
            {
                "label": label_of("chu-de", topic),
                "cells": [
                    {
                        **figure(
                            counts[topic, kind.value],
                            asked.to(FINDINGS, chu_de=topic, loai=kind.value),
                        ),
                        "label": kind.label,
                    }
                    for kind in _KINDS
                ],
                "sum": figure(critical[topic, YES], asked.to(FINDINGS, chu_de=topic, han_che=YES)),
                "share": round(100 * critical[topic, YES] / most) if most else 0,
            }
            for topic in topics
        ],
    }


def _remedies(numbers: Numbers, asked: Asked) -> dict[str, Any]:
    """Recommendations by topic and state, with what is overdue and what was asked before."""
    states = numbers.tally(REMEDIES, "chu-de", "trang-thai")
    late = numbers.tally(REMEDIES, "chu-de", "qua-han")
    again = numbers.tally(REMEDIES, "chu-de", "lap")
    sums = numbers.tally(REMEDIES, "chu-de")
    topics = sorted((topic for (topic,) in sums), key=lambda topic: -sums[(topic,)])
    return {
        "heads": [str(label) for _value, label in RemedyState.choices],
        "rows": [
            {
                "label": label_of("chu-de", topic),
                "sum": figure(sums[(topic,)], asked.to(REMEDIES, chu_de=topic)),
                "cells": [
                    {
                        **figure(
                            states[topic, state],
                            asked.to(REMEDIES, chu_de=topic, trang_thai=state),
                        ),
                        "label": RemedyState(state).label,
                    }
                    for state in RemedyState.values
                ],
                "late": figure(late[topic, YES], asked.to(REMEDIES, chu_de=topic, qua_han=YES)),
                "again": figure(again[topic, YES], asked.to(REMEDIES, chu_de=topic, lap=YES)),
            }
            for topic in topics
        ],
    }


def _recurring(numbers: Numbers, asked: Asked) -> list[dict[str, Any]]:
    """Topics on which the same unit was criticised in more than one inspection."""
    counts = numbers.tally(FINDINGS, "chu-de", "lap")
    topics = sorted((topic for topic, _again in counts), key=lambda topic: -counts[topic, YES])
    return [
        {
            "label": label_of("chu-de", topic),
            **figure(counts[topic, YES], asked.to(FINDINGS, chu_de=topic, lap=YES)),
        }
        for topic in topics
    ]


def _list(
    numbers: Numbers,
    kind: str,
    dimension: str,
    asked: Asked,
    within: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Rows of one dimension with their shares; `within`: of those with these values alone."""
    within = within or {}
    rows = numbers.select(kind, within)
    counts = Numbers({kind: rows}).tally(kind, dimension)
    total = sum(counts.values())
    known = [str(first) for first in BANDS] if dimension == "lau" else LABELS[dimension][1]
    return [
        {
            "label": capfirst(label_of(dimension, value)),
            **figure(counts[(value,)], asked.to(kind, **within, **{dimension: value})),
            "share": percent(counts[(value,)], total),
        }
        for value in known
        if counts[(value,)]
    ]


def _table(page: Page[Row], asked: Asked) -> dict[str, Any]:
    heads = {
        INSPECTIONS: (_("Cuộc kiểm tra"), _("Cơ quan kiểm tra"), _("Quyết định"), _("Bước")),
        UNITS: (_("Đơn vị"), _("Cấp"), _("Quyết định"), _("Năm")),
        FINDINGS: (_("Nhận định"), _("Đơn vị"), _("Kết luận"), _("Loại, chủ đề")),
        REMEDIES: (_("Kiến nghị"), _("Đơn vị"), _("Kết luận"), _("Trạng thái")),
    }[asked.kind]
    return {
        "columns": [
            {"label": heads[0], "name": True},
            *({"label": head} for head in heads[1:]),
        ],
        "rows": [_list_row(row, asked) for row in page.object_list],
        "page": page,
        "noun": "",
        "caption": str(KINDS[asked.kind]),
        "empty": {
            "title": _("Không có gì trong thời gian này"),
            "text": _("Thử chọn thời gian dài hơn, hoặc bỏ bớt điều kiện."),
            "icon": "filter",
        },
    }


def _list_row(row: Row, asked: Asked) -> dict[str, Any]:
    values = row.values
    names = {REMEDIES: "recommendation-detail", FINDINGS: "inspection-findings"}
    url = address(
        f"inspections:{names.get(asked.kind, 'inspection-detail')}", row.pk, as_of=asked.as_of
    ) or address("inspections:inspection-detail", row.pk, as_of=asked.as_of)
    second, last = row.unit, ""
    if asked.kind == INSPECTIONS:
        last = label_of("buoc", values["buoc"])
    elif asked.kind == UNITS:
        second, last = label_of("cap", values["cap"]), values["nam"]
    elif asked.kind == FINDINGS:
        second = row.unit or _("Chung")
        last = f"{label_of('loai', values['loai'])} · {label_of('chu-de', values['chu-de'])}"
    else:
        last = label_of("trang-thai", values["trang-thai"])
        if row.days is not None:
            last += ", " + _("%(n)s ngày") % {"n": number(row.days)}
        elif values.get("qua-han"):
            last = _("Quá hạn")
    return {
        "url": url,
        "cells": [{"text": row.text, "url": url}, second, row.inspection, last],
    }


def narrowed(kind: str, query: Mapping[str, str]) -> dict[str, str]:
    """What the address narrows the list of a kind to; what is no dimension is left out."""
    found = {name: query[name] for name in LABELS if query.get(name)}
    return {name: value for name, value in found.items() if name in _DIMENSIONS[kind]}


_DIMENSIONS: dict[str, Sequence[str]] = {
    INSPECTIONS: ("nam", "buoc", "ket-luan"),
    UNITS: ("nam", "cap"),
    FINDINGS: ("nam", "loai", "chu-de", "muc", "han-che", "lap"),
    REMEDIES: ("nam", "chu-de", "trang-thai", "qua-han", "lau", "tre", "lap"),
}
