"""Recommendations as pages show them: cards, rows of the list, what data say, the way of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor
from compliance.choices import Outcome
from inspections.choices import RemedyActKind, RemedyState
from inspections.contexts.links import address
from inspections.models import InspectedUnit, Recommendation
from inspections.policies import can_decide_remedy, can_follow_up, can_report_remedy
from inspections.selectors.followup import (
    RemedyTotals,
    chains_of,
    days_over,
    inspected_units_of,
    is_mended,
    live_of,
)
from planning.selectors.at_units import AtUnit

STATE_SIGNS = {
    RemedyState.OPEN: "not_applicable",
    RemedyState.REPORTED: "cannot_tell",
    RemedyState.CLOSED: "met",
}


@dataclass(frozen=True)
class Told:
    """What is read once for many recommendations."""

    live: Mapping[int, AtUnit]
    chains: Mapping[int, Sequence[Recommendation]]
    inspected: Mapping[int, InspectedUnit]
    today: dt.date


def told_of(actor: Actor, rows: Sequence[Recommendation], today: dt.date) -> Told:
    """Live data, earlier recommendations, inspected units of some; four queries."""
    return Told(
        live=live_of(actor, rows, today),
        chains=chains_of(actor, [row.pk for row in rows]),
        inspected=inspected_units_of(rows),
        today=today,
    )


# ---- Words -----------------------------------------------------------------------------------


def state_of(row: Recommendation, today: dt.date) -> dict[str, str]:
    """Where it stands, as `outcome` and `text`."""
    over = days_over(row, today)
    state = RemedyState(row.state)
    if over and state == RemedyState.OPEN:
        words = ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", over)
        return {"outcome": "not_met", "text": words % {"n": formats.number(over)}}
    return {"outcome": STATE_SIGNS[state], "text": str(state.label)}


def due_words(row: Recommendation, today: dt.date) -> str:
    """The deadline, and how far it is."""
    day = formats.date(row.due_on)
    if row.state == RemedyState.CLOSED:
        return day
    left = (row.due_on - today).days
    if left < 0:
        over = ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", -left)
        return f"{day}, {over % {'n': formats.number(-left)}}"
    words = ngettext("còn %(n)s ngày", "còn %(n)s ngày", left) % {"n": formats.number(left)}
    return f"{day}, {words}"


def live_words(live: AtUnit | None) -> dict[str, Any] | None:
    """What data say now, as `outcome`, `text` and `points`; None where there is no rule to ask."""
    if live is None:
        return None
    title = str(live.rule.title)
    if live.outcome == Outcome.NOT_APPLICABLE:
        return {"outcome": "not_applicable", "text": _("chưa có căn cứ để xét"), "points": []}
    if live.outcome == Outcome.MET:
        return {"outcome": "met", "text": _met_words(live), "points": _points(live), "rule": title}
    words = {"bad": live.not_met, "unclear": live.cannot_tell, "all": live.judged}
    text = (
        _("%(bad)s trong %(all)s kết quả chưa đạt")
        if live.not_met
        else _("%(unclear)s trong %(all)s kết quả chưa rõ")
    )
    if live.judged == 1:
        text = _("vẫn chưa đạt") if live.not_met else _("chưa rõ")
    return {
        "outcome": live.outcome.code,
        "text": text % words,
        "points": _points(live),
        "rule": title,
    }


def _met_words(live: AtUnit) -> str:
    text = (
        _("đã đạt")
        if live.judged == 1
        else _("cả %(n)s kết quả đều đạt") % {"n": formats.number(live.met)}
    )
    if live.since is None:
        return text
    words = _("ít nhất từ ngày %(day)s") if live.is_at_least else _("từ ngày %(day)s")
    return f"{text} {words % {'day': formats.date(live.since)}}"


def _points(live: AtUnit) -> list[str]:
    """Sentences of the worst results; of many that are right one needs none."""
    if live.outcome == Outcome.MET and live.judged > 1:
        return []
    shown = [each for each in live.worst if each.outcome == live.outcome]
    return [f"{_where(each)}: {each.message}" for each in shown]


def _where(finding: Any) -> str:
    parts = (finding.labels.cadre_name, finding.labels.title_name, finding.labels.unit_name)
    return ", ".join(part for part in parts if part)


def times_words(chain: Sequence[Recommendation]) -> dict[str, Any] | None:
    """ "đã kiến nghị lần thứ n", with the earlier ones."""
    if not chain:
        return None
    return {
        "text": _("kiến nghị lần thứ %(n)s") % {"n": len(chain) + 1},
        "earlier": [
            {
                "text": _("%(unit)s, kết luận %(no)s ngày %(day)s")
                % {
                    "unit": row.unit.name,
                    "no": row.finding.inspection.conclusion_no,
                    "day": formats.date(row.finding.inspection.concluded_on),
                },
                "url": address("inspections:recommendation-detail", row.pk, as_of=clock.today()),
                "state": state_of(row, clock.today()),
            }
            for row in chain
        ],
    }


# ---- One recommendation ----------------------------------------------------------------------


def card(actor: Actor, row: Recommendation, told: Told, as_of: dt.date) -> dict[str, Any]:
    """A recommendation on the page of one inspection or unit."""
    live = told.live.get(row.pk)
    mended = is_mended(row, live)
    inspected = told.inspected.get(row.pk)
    return {
        "row": row,
        "url": address("inspections:recommendation-detail", row.pk, as_of=as_of),
        "state": state_of(row, told.today),
        "topic": row.finding.get_topic_display(),
        "text": row.finding.text,
        "unit": row.unit.name,
        "is_below": inspected is not None and inspected.unit_id != row.unit_id,
        "due": due_words(row, told.today),
        "is_late": bool(days_over(row, told.today)),
        "live": live_words(live) if row.state != RemedyState.CLOSED else None,
        "mended": mended,
        "times": times_words(told.chains.get(row.pk, ())),
        "reports": row.report_count if hasattr(row, "report_count") else 0,
        "last_reported_on": getattr(row, "last_reported_on", None),
        "acts": acts_of(actor, row, as_of, mended=mended),
    }


def acts_of(
    actor: Actor, row: Recommendation, as_of: dt.date, *, mended: bool = False
) -> list[dict[str, str]]:
    """What the actor may do with it next; the first is what waits."""

    def act(name: str, label: str) -> dict[str, str]:
        return {
            "label": label,
            "url": address(f"inspections:recommendation-{name}", row.pk, as_of=as_of),
        }

    follows = can_follow_up(actor, row.finding.inspection)
    if row.state == RemedyState.CLOSED:
        return [act("reopen", _("Mở lại"))] if follows else []
    found = []
    if follows:
        is_reported = row.state == RemedyState.REPORTED
        if is_reported or mended:
            found.append(act("close", _("Kết thúc theo dõi")))
        if is_reported:
            found.append(act("more", _("Yêu cầu bổ sung")))
        if not found:
            found.append(act("close", _("Kết thúc theo dõi")))
        if not is_reported and can_report_remedy(actor, row):
            found.append(act("report", _("Ghi báo cáo của đơn vị")))
    elif can_report_remedy(actor, row):
        found.append(act("report", _("Báo cáo kết quả")))
    return found


def close_grounds(row: Recommendation, live: AtUnit | None) -> str:
    """What the form of closing begins with: the live result, or the last report."""
    if live is not None and is_mended(row, live):
        text = _("Số liệu trên hệ thống: %(rule)s %(words)s.")
        return text % {"rule": str(live.rule.title).lower(), "words": _met_words(live)}
    last = row.reports.order_by("-received_at").first()
    if last is None or not last.number:
        return ""
    return _("Báo cáo số %(no)s ngày %(day)s.") % {
        "no": last.number,
        "day": formats.date(last.reported_on),
    }


def way_of(row: Recommendation, as_of: dt.date) -> list[dict[str, Any]]:
    """What happened to it since the conclusion, in order: reports, decisions; three queries."""
    inspection = row.finding.inspection
    found: list[tuple[Any, dict[str, Any]]] = []
    for report in row.reports.select_related("reported_by").prefetch_related("attachments"):
        paper = _("văn bản số %(no)s") % {"no": report.number} if report.number else ""
        found.append(
            (
                report.received_at,
                {
                    "title": _("Đơn vị báo cáo"),
                    "day": report.reported_on,
                    "under": ", ".join(filter(None, (paper, str(report.reported_by)))),
                    "text": report.text,
                    "outcome": "cannot_tell",
                    "files": [
                        {
                            "name": each.file_name,
                            "url": address("inspections:attachment-file", each.pk, as_of=as_of),
                        }
                        for each in report.attachments.all()
                    ],
                },
            )
        )
    signs = {
        RemedyActKind.CLOSED: "met",
        RemedyActKind.ASKED_MORE: "not_met",
        RemedyActKind.REOPENED: "not_met",
    }
    for act in row.acts.select_related("done_by"):
        found.append(
            (
                act.done_at,
                {
                    "title": act.get_kind_display(),
                    "day": act.done_on,
                    "under": str(act.done_by),
                    "text": act.text,
                    "outcome": signs[RemedyActKind(act.kind)],
                    "files": [],
                },
            )
        )
    first: dict[str, Any] = {
        "title": _("Kiến nghị"),
        "day": inspection.concluded_on,
        "under": inspection.conclusion_no,
        "text": "",
        "outcome": "not_applicable",
        "files": [],
    }
    return [first, *(entry for _at, entry in sorted(found, key=lambda each: each[0]))]


def detail(actor: Actor, row: Recommendation, as_of: dt.date) -> dict[str, Any]:
    """Context of one recommendation's page, for both sides."""
    told = told_of(actor, [row], clock.today())
    inspected = told.inspected.get(row.pk)
    follows = can_follow_up(actor, row.finding.inspection)
    blocked = follows and row.state == RemedyState.REPORTED and not can_decide_remedy(actor, row)
    return {
        "card": card(actor, row, told, as_of),
        "recommendation": row,
        "inspection": row.finding.inspection,
        "inspected": inspected,
        "way": way_of(row, as_of),
        "is_own_report": blocked,
        "facts": [
            {"label": _("Đơn vị thực hiện"), "value": row.unit.name},
            {"label": _("Chịu trách nhiệm"), "value": row.head},
            {"label": _("Hạn"), "value": due_words(row, told.today)},
            {"label": _("Chủ đề"), "value": row.finding.get_topic_display()},
        ],
    }


# ---- Many ------------------------------------------------------------------------------------


def summary(totals: RemedyTotals) -> str:
    """One sentence on how many stand how."""
    if not totals.total:
        return ""
    text = ngettext(
        "%(total)s kiến nghị: %(closed)s đã xong, %(reported)s chờ xem xét, "
        "%(open)s đang thực hiện.",
        "%(total)s kiến nghị: %(closed)s đã xong, %(reported)s chờ xem xét, "
        "%(open)s đang thực hiện.",
        totals.total,
    )
    words = {
        name: formats.number(getattr(totals, name))
        for name in ("total", "closed", "reported", "open")
    }
    said = text % words
    if totals.late:
        late = ngettext("%(n)s quá hạn.", "%(n)s quá hạn.", totals.late)
        said += " " + late % {"n": formats.number(totals.late)}
    return said


def tiles(totals: RemedyTotals, as_of: dt.date) -> list[dict[str, str]]:
    """Figures over the list, each with the rows behind it."""
    name = "inspections:recommendation-list"
    figures = (
        (_("Tất cả"), totals.total, ""),
        (_("Đang thực hiện"), totals.open, RemedyState.OPEN.value),
        (_("Chờ xem xét"), totals.reported, RemedyState.REPORTED.value),
        (_("Quá hạn"), totals.late, "late"),
        (_("Đã xong"), totals.closed, RemedyState.CLOSED.value),
    )
    return [
        {
            "label": label,
            "figure": formats.number(number),
            "url": address(name, as_of=as_of, trang_thai=state),
        }
        for label, number, state in figures
    ]


def table(
    rows: Iterable[Recommendation], told: Told, page: Any, as_of: dt.date, *, is_filtered: bool
) -> dict[str, Any]:
    """The list over all inspections."""
    empty = (
        {
            "title": _("Không có kiến nghị nào như vậy"),
            "text": _("Thử bỏ bớt điều kiện lọc."),
            "icon": "filter",
        }
        if is_filtered
        else {
            "title": _("Chưa có kiến nghị nào"),
            "text": _("Kiến nghị hiện ở đây sau khi cuộc kiểm tra có thông báo kết luận."),
            "icon": "inspect",
        }
    )
    return {
        "columns": [
            {"label": _("Kiến nghị"), "name": True},
            {"label": _("Đơn vị"), "key": "don-vi"},
            {"label": _("Cuộc kiểm tra"), "key": "cuoc"},
            {"label": _("Hạn"), "key": "han"},
            {"label": _("Báo cáo gần nhất"), "key": "bao-cao"},
            {"label": _("Trạng thái"), "key": "trang-thai"},
            {"label": _("Số liệu hiện nay")},
        ],
        "rows": [_list_row(row, told, as_of) for row in rows],
        "page": page,
        "noun": _("kiến nghị"),
        "default_sort": "han",
        "caption": _("Kiến nghị sau kiểm tra"),
        "empty": empty,
    }


def _list_row(row: Recommendation, told: Told, as_of: dt.date) -> dict[str, Any]:
    inspection = row.finding.inspection
    url = address("inspections:recommendation-detail", row.pk, as_of=as_of)
    live = live_words(told.live.get(row.pk)) if row.state != RemedyState.CLOSED else None
    chain = told.chains.get(row.pk, ())
    times = times_words(chain)
    under = [str(row.finding.get_topic_display())]
    if times:
        under.append(times["text"])
    return {
        "url": url,
        "cells": [
            {"text": _short(row.finding.text), "under": " · ".join(under), "url": url},
            {"text": row.unit.name, "under": row.head},
            {
                "text": inspection.conclusion_no,
                "under": formats.date(inspection.concluded_on),
                "title": inspection.name,
            },
            formats.date(row.due_on),
            formats.date(row.last_reported_on) if row.last_reported_on else "",  # type: ignore[attr-defined]
            state_of(row, told.today),
            {"outcome": live["outcome"], "text": live["text"]} if live else "",
        ],
    }


def _short(text: str, most: int = 140) -> str:
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
