"""Forecasts as pictures and sentences: what turns when, because of whom, what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.ages import completed_years
from cadres.words import shortened, title_alone
from compliance.choices import Outcome, RunStatus, SubjectKind
from compliance.engine.registry import rule_by_code
from planning.contexts import links, words
from planning.models import ForecastRun, PlanForecast
from planning.selectors.forecasts import Behind, Turned

_STATES = {
    RunStatus.QUEUED: "waiting",
    RunStatus.RUNNING: "running",
    RunStatus.FINISHED: "finished",
    RunStatus.FAILED: "failed",
    RunStatus.CANCELLED: "cancelled",
}
#: Names in one sentence.
NAMED = 4
#: Never by colour alone.
SIGNS = {
    Outcome.MET: "●",
    Outcome.NOT_MET: "▲",
    Outcome.CANNOT_TELL: "◆",
    Outcome.NOT_APPLICABLE: "–",
}
#: A piece of a strip that is narrower, in percent, has no room for its sign.
ROOM = 2.5
#: A year that begins later, in percent, has no room for its name.
LABELLED = 96


def month(day: dt.date) -> str:
    """03/2028."""
    return f"{day:%m/%Y}"


# ---- Strips of one plan ----------------------------------------------------------------------


class Axis:
    """The time of a forecast as a share of the width, in percent."""

    def __init__(self, start: dt.date, end: dt.date) -> None:
        self.start, self.end = start, end
        self.span = max((end - start).days, 1)

    def at(self, day: dt.date) -> float:
        """Where a day lies, 0 to 100."""
        return round(100 * (day - self.start).days / self.span, 2)

    @property
    def years(self) -> list[dict[str, Any]]:
        """Where each year begins."""
        return [
            {"year": year, "x": self.at(dt.date(year, 1, 1))}
            for year in range(self.start.year + 1, self.end.year + 1)
            if self.at(dt.date(year, 1, 1)) < LABELLED
        ]


def strips(forecast: PlanForecast, events: Sequence[Turned]) -> dict[str, Any]:
    """A strip for each rule on the plan and on pools, and for each rule on people how many fail."""
    axis = Axis(forecast.starts_on, forecast.ends_on)
    of_subject: dict[tuple[int, str, int], list[Turned]] = {}
    of_people: dict[str, list[Turned]] = {}
    for each in events:
        event = each.event
        if event.kind == SubjectKind.NOMINATION:
            of_people.setdefault(event.rule, []).append(each)
        else:
            of_subject.setdefault((event.kind, event.rule, event.subject_id), []).append(each)
    rows = [
        _strip(axis, turned)
        for (kind, _rule, _subject), turned in of_subject.items()
        if kind == SubjectKind.PLAN or len(turned) > 1
    ]
    rows.sort(key=lambda row: row["order"])
    return {
        "years": axis.years,
        "rows": rows,
        "people": [_steps(axis, code, turned) for code, turned in of_people.items()],
    }


def _strip(axis: Axis, turned: Sequence[Turned]) -> dict[str, Any]:
    first = turned[0]
    bounds = [axis.at(each.event.month_end) for each in turned] + [100.0]
    pieces = [
        {
            "outcome": Outcome(each.event.after).code,
            "x": left,
            "width": round(right - left, 2),
            "sign": SIGNS[Outcome(each.event.after)] if right - left >= ROOM else "",
        }
        for each, left, right in zip(turned, bounds[:-1], bounds[1:], strict=True)
    ]
    spoken = "; ".join(
        _("từ %(month)s: %(outcome)s")
        % {
            "month": month(each.event.month_end),
            "outcome": str(Outcome(each.event.after).label).lower(),
        }
        for each in turned
    )
    rule = rule_by_code(first.event.rule)
    return {
        "label": rule.title,
        "under": shortened(title_alone(first.title)) if first.title else "",
        "pieces": pieces,
        "spoken": spoken,
        "order": (first.event.kind, first.title),
    }


def _steps(axis: Axis, code: str, turned: Sequence[Turned]) -> dict[str, Any]:
    """How many nominations fail a rule, as steps."""
    counts: list[tuple[dt.date, int]] = []
    number = 0
    for each in turned:
        event = each.event
        number += (event.after == Outcome.NOT_MET) - (event.before == Outcome.NOT_MET)
        if counts and counts[-1][0] == event.month_end:
            counts.pop()
        counts.append((event.month_end, number))
    if counts[0][0] > axis.start:
        counts.insert(0, (axis.start, 0))
    most = max(max(count for _day, count in counts), 1)
    bounds = [axis.at(day) for day, _count in counts] + [100.0]
    return {
        "label": rule_by_code(code).title,
        "pieces": [
            {"x": left, "width": round(right - left, 2), "height": 28 * count / most}
            for (_day, count), left, right in zip(counts, bounds[:-1], bounds[1:], strict=True)
            if count
        ],
        "first": counts[0][1],
        "last": counts[-1][1],
        "most": most,
        "spoken": _("từ %(first)s lên %(last)s lượt người chưa đạt")
        % {"first": counts[0][1], "last": counts[-1][1]},
    }


# ---- Small multiples of many plans -------------------------------------------------------------


def multiples(
    changes: dict[str, list[tuple[dt.date, int]]], start: dt.date, end: dt.date
) -> list[dict[str, Any]]:
    """For each rule on plans: how many fail at the end of each quarter, as bars on one scale."""
    ends = _quarters(start, end)
    charts = []
    for code, turned in changes.items():
        counts = [sum(change for day, change in turned if day <= last) for last in ends]
        if any(counts):
            charts.append((code, counts))
    most = max((max(counts) for _code, counts in charts), default=1)
    width = round(100 / max(len(ends), 1), 3)
    return [
        {
            "label": rule_by_code(code).title,
            "bars": [
                {
                    "x": round(number * width, 2),
                    "y": round(48 - 44 * count / most, 1),
                    "height": round(44 * count / most, 1),
                }
                for number, count in enumerate(counts)
                if count
            ],
            "width": round(width * 0.8, 2),
            "first": counts[0],
            "last": counts[-1],
            "most": max(counts),
            "start": month(ends[0]),
            "end": month(ends[-1]),
            "spoken": _("%(first)s kế hoạch chưa đạt cuối %(a)s, %(last)s cuối %(b)s")
            % {
                "first": counts[0],
                "a": month(ends[0]),
                "last": counts[-1],
                "b": month(ends[-1]),
            },
        }
        for code, counts in charts
    ]


def _quarters(start: dt.date, end: dt.date) -> list[dt.date]:
    ends, year, quarter = [], start.year, (start.month - 1) // 3
    while True:
        following = dt.date(year + quarter // 3, (3 * quarter + 3) % 12 + 1, 1)
        last = following - dt.timedelta(days=1)
        ends.append(min(last, end))
        if last >= end:
            return ends
        year, quarter = (year, quarter + 1) if quarter < 3 else (year + 1, 0)


# ---- Sentences ---------------------------------------------------------------------------------


def rows(turned: Iterable[Turned], *, can_edit: bool = False) -> list[dict[str, Any]]:
    """A row an event: the month, what turns, who and why, what to do."""
    return [_row(each, can_edit=can_edit) for each in turned]


def _row(each: Turned, *, can_edit: bool) -> dict[str, Any]:
    event, day = each.event, each.event.month_end
    rule = rule_by_code(event.rule)
    before = Outcome.NOT_APPLICABLE if event.before is None else Outcome(event.before)
    after = Outcome(event.after)
    message = _message(event, after)
    return {
        "month": month(day),
        "unit": each.plan.unit.name,
        "term": str(each.plan.term),
        "unit_url": links.address(
            "planning:plan-detail", each.plan.pk, as_of=clock.today(), phan="du-bao"
        ),
        "rule": rule.title,
        "subject": _subject(each),
        "before": before.code,
        "after": after.code,
        "why": _why(each),
        "message": message,
        "todo": _todo(event.rule, after, message, day),
        "day_url": links.plan_url(each.plan.pk, day),
        "who_url": _who_url(each, day) if can_edit and after > Outcome.MET else "",
    }


def _message(event: Any, after: Outcome) -> str:
    if after == Outcome.NOT_APPLICABLE:
        return ""
    details = event.details
    rule = rule_by_code(event.rule)
    return formats.unbroken(
        str(rule.sentence(details["measured"], details["required"], after.code))
    )


def _subject(each: Turned) -> str:
    title = shortened(title_alone(each.title)) if each.title else ""
    return f"{each.person} ({title})" if each.person else title


def _why(each: Turned) -> str:
    """Who is behind it: "Đ/c … tròn 40 tuổi"."""
    event = each.event
    if event.kind == SubjectKind.NOMINATION:
        return _OF_PERSON.get(event.rule, lambda _after: "")(Outcome(event.after))
    named = [_named(person, event) for person in each.behind[:NAMED]]
    rest = len(each.behind) - NAMED
    if rest > 0:
        named.append(_("và %(n)s người khác") % {"n": rest})
    if named:
        return "; ".join(named)
    if event.rule == "planning.annual_review":
        return _("Đến hạn rà soát hằng năm")
    return ""


_OF_PERSON = {
    "planning.remaining_service": lambda _after: _("Đến gần tuổi nghỉ hưu"),
    "planning.discipline": lambda after: (
        _("Kỷ luật hết hiệu lực") if after == Outcome.MET else _("Kỷ luật có hiệu lực")
    ),
    "planning.higher_title": lambda _after: _("Thay đổi chức vụ"),
}


def _named(person: Behind, event: Any) -> str:
    required = event.details["required"]
    age = completed_years(person.born, event.month_end)
    passed = {
        required.get("young_below"),
        required.get("age_below"),
        required["middle_to"] + 1 if required.get("middle_to") is not None else None,
    }
    if age is not None and age in passed:
        return _("%(name)s tròn %(age)s tuổi") % {"name": person.name, "age": age}
    return person.name


def _todo(code: str, after: Outcome, message: str, day: dt.date) -> str:
    """What to do until then."""
    if after <= Outcome.MET:
        return _("Đạt trở lại, không phải làm gì.")
    if code == "planning.annual_review":
        return _("Rà soát trước %(month)s.") % {"month": month(day)}
    if code == "planning.remaining_service":
        return _("Xem xét đưa ra ở lần rà soát trước %(month)s; tìm người kế tiếp.") % {
            "month": month(day)
        }
    step = words.last_sentence(message)
    return _("%(step)s, trước %(month)s.") % {"step": step, "month": month(day)}


def _who_url(each: Turned, day: dt.date) -> str:
    """Who could mend it by then: people for the pool, or a proposal for the plan."""
    if each.event.kind == SubjectKind.POOL:
        return links.address("planning:pool-suggestions", each.plan.pk, each.pool_id, as_of=day)
    if each.event.kind == SubjectKind.PLAN and each.event.rule != "planning.annual_review":
        return links.address("planning:plan-repair", each.plan.pk, as_of=day)
    return ""


def job_of(run: ForecastRun) -> dict[str, Any]:
    """A run for `components/progress.html`."""
    return {
        "id": "tien-do",
        "label": _("Lập dự báo: %(status)s") % {"status": run.get_status_display().lower()},
        "done": run.done,
        "total": run.total,
        "noun": _("kế hoạch"),
        "state": _STATES[RunStatus(run.status)],
        "note": run.error,
        "url": reverse("planning:forecast-progress", args=[run.pk]),
    }
