"""The overview of rotation as its template wants it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number, percent
from cadres.choices import Level
from compliance.citations import ShownCitation, citations_shown
from compliance.law import load_law
from rotation.choices import DeclineReason, NeedReason
from rotation.contexts.links import address
from rotation.contexts.needs import DUE_WORD, due_lede, need_rows, needs_url
from rotation.contexts.parts import parts
from rotation.contexts.statistics import LIST
from rotation.contexts.timeline import chart
from rotation.selectors.answers import Answers
from rotation.selectors.need import SOON_MONTHS, Need
from rotation.selectors.needs import people
from rotation.selectors.people import DURATION
from rotation.selectors.statistics import Fulfilment
from rotation.selectors.tour_ends import TOURS
from rotation.selectors.turns import Turn, TurnState, in_years

NAME = "rotation:rotation-list"
#: So many people who are due, and so many tours: those that end next, the last that ended.
DUE_SHOWN, RUNNING_SHOWN, ENDED_SHOWN = 8, 6, 2
_BASE = (Level.COMMUNE, Level.DISTRICT)


def overview_context(
    *,
    due: Sequence[Need],
    turns: Sequence[Turn],
    years: range,
    plan: Fulfilment | None,
    answers: Answers,
    open_codes: set[str],
    may_propose: bool,
    may_plan: bool,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `rotation/rotation_list.html`, without the matrix.

    `turns`: of the years and all that run; `plan`: tours done beside targets of the year.
    """
    shown = sample(due)
    recent = _recent(turns)
    tiles = [
        _plan_tile(plan, as_of),
        _running_tile(turns, as_of),
        _declined_tile(turns, as_of),
        _short_tile(turns, years, as_of),
    ]
    return {
        "year": as_of.year,
        "parts": parts(NAME, as_of),
        "lede": due_lede(due, SOON_MONTHS),
        "tiles": tiles,
        "due": need_rows(shown, as_of, open_codes, may_propose),
        "due_count": people(due),
        "due_url": needs_url(as_of, loai=DUE_WORD),
        "due_more": len(due) > len(shown),
        "needs_url": needs_url(as_of),
        "grounds": _grounds(shown, as_of),
        "chart": chart(
            recent, answers, as_of, first=_first(recent, as_of), last=_last(recent, as_of)
        )
        if recent
        else None,
        "ways": [
            {"label": _("%(n)s gần đây") % {"n": len(recent)}, "url": "#cac-dot", "here": True},
            {
                "label": _("Tất cả"),
                "url": address("rotation:timeline", as_of=as_of),
                "here": False,
            },
        ],
        "propose_url": address("rotation:rotation-propose", as_of=as_of) if may_propose else "",
        "solve_url": address("rotation:proposals", as_of=as_of) if may_plan else "",
    }


# ---- Tiles -----------------------------------------------------------------------------------


def _figures(as_of: dt.date, first: int, **dimensions: str) -> str:
    """The turns behind a number, from a year on."""
    return (
        address(
            "rotation:statistics",
            as_of=as_of,
            tu_nam=first,
            den_nam=as_of.year,
            **dimensions,
        )
        + LIST
    )


def _plan_tile(plan: Fulfilment | None, as_of: dt.date) -> dict[str, Any]:
    sent, wanted = (plan.sent, plan.send) if plan else (0, None)
    words = {"year": as_of.year}
    return {
        "label": _("Kế hoạch năm %(year)s") % words,
        "figure": f"{number(sent)}/{number(wanted)}" if wanted is not None else number(sent),
        "note": _("lượt đã thực hiện")
        if wanted is not None
        else _("lượt đã đi, chưa có kế hoạch được duyệt"),
        "url": address("rotation:plan-detail", as_of.year, as_of=as_of)
        if wanted is not None
        else _figures(as_of, as_of.year, cu="co", ke_hoach=str(as_of.year)),
    }


def _running_tile(turns: Sequence[Turn], as_of: dt.date) -> dict[str, Any]:
    running = [turn for turn in turns if turn.state == TurnState.AWAY and turn.kind in TOURS]
    up = sum(turn.start.level in _BASE and turn.end.level == Level.PROVINCE for turn in running)
    down = sum(turn.start.level == Level.PROVINCE and turn.end.level in _BASE for turn in running)
    notes = [
        text % {"n": number(count)}
        for text, count in ((_("%(n)s về cơ sở"), down), (_("%(n)s về cấp tỉnh"), up))
        if count
    ]
    return {
        "label": _("Đang luân chuyển"),
        "figure": number(len(running)),
        "note": ", ".join([_("người"), *notes]),
        "url": address("rotation:timeline", as_of=as_of, trang_thai="dang"),
    }


def _declined_tile(turns: Sequence[Turn], as_of: dt.date) -> dict[str, Any]:
    year = range(as_of.year, as_of.year + 1)
    declined = [t for t in turns if t.state == TurnState.DECLINED and in_years(t, year)]
    # Only reasons that are for the actor are there at all.
    reasons = Counter(turn.decline_kind for turn in declined if turn.decline_kind)
    return {
        "label": _("Từ chối năm %(year)s") % {"year": as_of.year},
        "figure": number(len(declined)),
        "note": ", ".join(
            _("%(n)s vì %(reason)s")
            % {"n": number(count), "reason": str(DeclineReason(kind).label).lower()}
            for kind, count in reasons.most_common(2)
        ),
        "url": _figures(as_of, as_of.year, trang_thai=TurnState.DECLINED.value),
    }


def _short_tile(turns: Sequence[Turn], years: range, as_of: dt.date) -> dict[str, Any]:
    ended = [turn for turn in turns if in_years(turn, years) and turn.is_short is not None]
    short = [turn for turn in ended if turn.is_short]
    minimum = load_law().in_force(DURATION["duration_months"], Level.PROVINCE, as_of)
    words = {"n": minimum.value if minimum else None, "year": years.start}
    notes = [percent(len(short), len(ended))] if short else []
    told = [turn for turn in short if turn.is_told]
    without = sum(not turn.end_kind for turn in told)
    if told:
        notes.append(
            _("%(n)s chưa ghi lý do") % {"n": number(without)} if without else _("đều có lý do")
        )
    return {
        "label": _("Kết thúc trước %(n)s tháng, từ %(year)s") % words
        if minimum
        else _("Kết thúc sớm, từ %(year)s") % words,
        "figure": f"{number(len(short))}/{number(len(ended))}",
        "note": ", ".join(notes),
        "url": _figures(as_of, years.start, thoi_han="chua-du"),
    }


# ---- Who is due ------------------------------------------------------------------------------


def sample(due: Sequence[Need]) -> list[Need]:
    """Some of those who are due, of every reason, in the order given."""
    ranks: Counter[NeedReason] = Counter()
    ranked = []
    for place, need in enumerate(due):
        ranked.append((ranks[need.reason], place))
        ranks[need.reason] += 1
    return [due[place] for place in sorted(place for _rank, place in sorted(ranked)[:DUE_SHOWN])]


def _grounds(due: Sequence[Need], as_of: dt.date) -> list[dict[str, Any]]:
    """What the rows shown rest on, each document once, as small print."""
    tours = load_law().in_force(DURATION["duration_months"], Level.PROVINCE, as_of)
    cited: dict[str, list[Mapping[str, Any]]] = {}
    for need in due:
        citations = need.citations or (
            [citation.as_dict() for citation in tours.citations] if tours else []
        )
        cited.setdefault(_ground(need), []).extend(citations)
    return [{"label": label, "citations": _once(found)} for label, found in cited.items()]


def _ground(need: Need) -> str:
    return str(
        {
            NeedReason.LOCAL: _("Người địa phương"),
            NeedReason.TERMS_OVER: _("Số nhiệm kỳ"),
            NeedReason.TERMS_SOON: _("Số nhiệm kỳ"),
        }.get(need.reason, _("Thời gian luân chuyển"))
    )


def _once(citations: Sequence[Mapping[str, Any]]) -> list[ShownCitation]:
    return list(dict.fromkeys(citations_shown(citations)))


# ---- Tours -----------------------------------------------------------------------------------


def _recent(turns: Sequence[Turn]) -> list[Turn]:
    """Tours that end next, then those that ended last."""
    tours = [turn for turn in turns if turn.kind in TOURS]
    running = sorted(
        (turn for turn in tours if turn.state == TurnState.AWAY),
        key=lambda turn: (turn.planned_end_on or dt.date.max, turn.rotation_id),
    )
    ended = sorted(
        (turn for turn in tours if turn.state == TurnState.ENDED and turn.ended_on),
        key=lambda turn: (turn.ended_on or dt.date.min, turn.rotation_id),
        reverse=True,
    )
    return [*running[:RUNNING_SHOWN], *ended[:ENDED_SHOWN]]


def _first(turns: Sequence[Turn], as_of: dt.date) -> int:
    return min((turn.day.year for turn in turns if turn.day), default=as_of.year)


def _last(turns: Sequence[Turn], as_of: dt.date) -> int:
    return max([as_of.year, *(t.planned_end_on.year for t in turns if t.planned_end_on)])
