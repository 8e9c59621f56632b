"""Tours as lines of one drawing, in words as well: for the time line and the overview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _

from cadre_portal.templatetags.drawings import span_axis, spans
from cadre_portal.templatetags.formats import date, number
from cadres.words import post_name, shortened
from compliance.citations import citations_shown
from compliance.law import load_law
from rotation.choices import EndReason
from rotation.contexts.links import address, cadre_url, rotation_url
from rotation.contexts.needs import overdue
from rotation.contexts.parts import crumbs, parts
from rotation.forms.timeline import TimelineForm
from rotation.selectors.answers import Answers
from rotation.selectors.need import SOON_MONTHS
from rotation.selectors.people import DURATION, after_months
from rotation.selectors.timeline import Along, TimelineSums
from rotation.selectors.turns import Post, Turn, TurnState, Where

NAME = "rotation:timeline"


def timeline_context(
    *,
    sums: TimelineSums,
    page: Page[Turn],
    answers: Answers,
    form: TimelineForm,
    asked: Mapping[str, str],
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `rotation/timeline.html`; `asked`: the filters that are on."""
    along = form.along
    return {
        "crumbs": crumbs(_("Thời gian"), as_of),
        "parts": parts(NAME, as_of),
        "form": form,
        "lede": _lede(sums),
        "ways": [
            {
                "label": way.label,
                "url": address(NAME, as_of=as_of, **{**asked, "theo": way.value}),
                "here": way == along,
            }
            for way in Along
        ],
        "chart": chart(
            page.object_list,
            answers,
            as_of,
            first=form.first or (sums.first_on or as_of).year,
            last=form.last or max(as_of, sums.last_on or as_of).year,
            along=along,
        ),
        "page": page,
        "is_filtered": bool(asked),
        "clear_url": address(NAME, as_of=as_of, theo=along.value),
        "theo": along.value,
    }


def _lede(sums: TimelineSums) -> str:
    if not sums.running:
        return _("%(n)s đợt đã kết thúc.") % {"n": number(sums.ended)} if sums.ended else ""
    words = {"n": number(sums.running), "late": number(sums.late), "soon": number(sums.ending)}
    if sums.late and sums.ending:
        return (
            _("%(n)s đợt đang thực hiện: %(late)s quá hạn, %(soon)s hết hạn trong 12 tháng tới.")
            % words
        )
    if sums.late:
        return _("%(n)s đợt đang thực hiện: %(late)s quá hạn.") % words
    if sums.ending:
        return _("%(n)s đợt đang thực hiện: %(soon)s hết hạn trong 12 tháng tới.") % words
    return _("%(n)s đợt đang thực hiện, không đợt nào hết hạn trong 12 tháng tới.") % words


def chart(
    turns: Iterable[Turn],
    answers: Answers,
    as_of: dt.date,
    *,
    first: int,
    last: int,
    along: Along = Along.PERSON,
) -> dict[str, Any]:
    """Context of `rotation/_tours.html`: years from `first` to `last`, both inside."""
    last = max(first, last) + 1
    told = [_told(turn, answers, as_of) for turn in turns]
    rows = spans(told, first=first, last=last)
    groups = [
        {"label": label, "rows": list(members)}
        for label, members in groupby(rows, key=lambda row: _group(row["turn"], along))
    ]
    minimum = load_law().in_force(DURATION["duration_months"], "province", as_of)
    return {
        "axis": span_axis(first, last, as_of),
        "groups": groups,
        "minimum": minimum.value if minimum else None,
        "citations": citations_shown(citation.as_dict() for citation in minimum.citations)
        if minimum
        else [],
    }


def _group(turn: Turn, along: Along) -> str:
    if along == Along.PERSON:
        return ""
    return turn.end.unit_name if along == Along.RECEIVING else turn.start.unit_name


def _told(turn: Turn, answers: Answers, as_of: dt.date) -> dict[str, Any]:
    start = turn.day or as_of
    is_running = turn.state == TurnState.AWAY
    # Of an ended tour without a day, what was planned is all that is known.
    end = as_of if is_running else turn.ended_on or turn.planned_end_on or start
    sign, words = _running(turn, answers, as_of) if is_running else _ended(turn)
    return {
        "turn": turn,
        "start": start,
        "end": end,
        "until": turn.planned_end_on if is_running else None,
        "mark": after_months(start, turn.minimum) if turn.minimum else None,
        "text": _("%(n)s tháng") % {"n": turn.months} if turn.months is not None else "",
        "is_running": is_running,
        "name": turn.name,
        "name_url": cadre_url(turn.code, as_of) if turn.is_open else "",
        "route": f"{_short(turn.start)} → {_short(turn.end)}",
        "route_full": _("%(from)s đến %(to)s")
        % {
            "from": post_name(turn.start.title_name, turn.start.unit_name),
            "to": post_name(turn.end.title_name, turn.end.unit_name),
        },
        "url": rotation_url(turn.rotation_id, as_of),
        "sign": sign,
        "words": words,
        "said": _said(turn, start, end, is_running=is_running),
    }


def _short(post: Post) -> str:
    return shortened(post.unit_name)


def _said(turn: Turn, start: dt.date, end: dt.date, *, is_running: bool) -> str:
    """What the drawing shows, in words."""
    words = {"start": date(start), "end": date(end), "n": turn.months}
    if is_running:
        text = _("từ %(start)s, %(n)s tháng") % words
    elif turn.months is None:
        text = _("từ %(start)s") % words
    else:
        text = _("%(start)s – %(end)s, %(n)s tháng") % words
    if turn.minimum:
        reached = after_months(start, turn.minimum)
        text += "; " + _("mốc %(n)s tháng: %(day)s") % {"n": turn.minimum, "day": date(reached)}
    return text


def _running(turn: Turn, answers: Answers, as_of: dt.date) -> tuple[str, str]:
    """Sign and words of a tour that runs."""
    end = turn.planned_end_on
    if end is None:
        return "", _("chưa có ngày kết thúc")
    if end > after_months(as_of, SOON_MONTHS):
        return "", _("dự kiến đến %(day)s") % {"day": date(end)}
    answer = answers.by_code.get(turn.code)
    then = (
        _("phương án: %(unit)s") % {"unit": shortened(answer.unit_name)}
        if answer
        else _("chưa có phương án")
    )
    words = {"day": date(end), "over": overdue(end, as_of), "then": then}
    if end < as_of:
        return "not_met", _("quá hạn %(over)s (hạn %(day)s), %(then)s") % words
    return "", _("hết hạn %(day)s, %(then)s") % words


def _ended(turn: Turn) -> tuple[str, str]:
    """Sign and words of a tour that is over: whether it lasted, why not, what came then."""
    if turn.is_short and turn.months is not None and turn.minimum is not None:
        words = [_("kết thúc sớm %(n)s tháng") % {"n": turn.minimum - turn.months}]
        if turn.end_kind:
            reason = str(EndReason(turn.end_kind).label).lower()
            words.append(_("lý do: %(reason)s") % {"reason": reason})
        return "not_met", ", ".join([*words, *_afterwards(turn)])
    done = _("đã kết thúc") if turn.is_short is None else _("hoàn thành")
    return "" if turn.is_short is None else "met", ", ".join([done, *_afterwards(turn)])


def _afterwards(turn: Turn) -> Sequence[str]:
    after = turn.after
    if after is None or after.where is None:
        return []
    unit = {"unit": shortened(after.unit_name)}
    return [
        {
            Where.BACK: _("về lại %(unit)s"),
            Where.STAYED: _("ở lại %(unit)s"),
            Where.ELSEWHERE: _("sang %(unit)s"),
        }[after.where]
        % unit
    ]


__all__ = ["NAME", "chart", "timeline_context"]
