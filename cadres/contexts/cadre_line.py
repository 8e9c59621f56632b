"""The time line of one person: what this room draws on it, and all lanes on one axis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.common import clock
from cadres.choices import Grade
from cadres.file_parts import Lane
from cadres.models import Appointment, Discipline, Evaluation, Training
from cadres.words import post_name, shortened, title_alone

_GRADES = {
    Grade.KHTNV: ("grade-low", "KHTNV"),
    Grade.HTNV: ("grade-low", "HTNV"),
    Grade.HTTNV: ("grade", gettext_lazy("Tốt")),
    Grade.HTXSNV: ("grade-top", gettext_lazy("Xuất sắc")),
}
#: Years of the axis after the last thing that is drawn, so that its words have room.
_ROOM_AFTER = 2


def line_of(lanes: Iterable[Lane], as_of: dt.date) -> dict[str, Any] | None:
    """All lanes on one axis, as `{% time_line %}` takes it; None when there is nothing to draw."""
    drawn = [lane for lane in sorted(lanes, key=lambda lane: lane.order) if lane.items]
    if not drawn:
        return None
    today = max(as_of, clock.today())
    items = [item for lane in drawn for item in lane.items]
    first = min(item["start"] for item in items).year
    last = max(max(item["end"] or today for item in items), as_of).year
    return {
        "start": min(first, as_of.year),
        "end": max(last + 1, as_of.year + 1 + _ROOM_AFTER),
        "as_of": as_of,
        # What lasts is drawn to the later of today and the day of view.
        "until": today,
        "lanes": [{"label": lane.label, "items": lane.items} for lane in drawn],
    }


def post_lane(career: Iterable[Appointment]) -> Lane:
    """Posts held."""
    return Lane(
        label=_("Chức vụ"),
        order=10,
        items=[
            {
                "kind": "post",
                "start": post.start_on,
                "end": post.end_on,
                "text": shortened(title_alone(post.title.name)),
                "sub": shortened(post.unit.name),
                "full": post_name(post.title.name, post.unit.name),
            }
            for post in career
        ],
    )


def training_lane(trainings: Iterable[Training]) -> Lane:
    """Courses, on the day they ended or else began."""
    dated = [(course.end_on or course.start_on, course) for course in trainings]
    return Lane(
        label=_("Đào tạo"),
        order=40,
        items=[
            {
                "kind": "point",
                "start": day,
                "end": day,
                "text": _short_course(course.course),
                "full": course.course,
                "note": course.result,
            }
            for day, course in dated
            if day
        ],
    )


def _short_course(name: str) -> str:
    name = shortened(name)
    return name if len(name) <= 32 else f"{name[:31].rstrip()}…"


def discipline_lane(disciplines: Iterable[Discipline] | None) -> Lane:
    """Disciplines over the days on which they are in force, both inside."""
    return Lane(
        label=_("Kỷ luật"),
        order=60,
        items=[
            {
                "kind": "discipline",
                "start": each.decided_on,
                "end": each.effective_to,
                "text": each.get_kind_display(),
            }
            for each in disciplines or ()
        ],
    )


def worst_grades(evaluations: Iterable[Evaluation]) -> dict[int, int]:
    """One grade a year: of several the worst, as the rules read them."""
    worst: dict[int, int] = {}
    for evaluation in evaluations:
        worst[evaluation.year] = min(worst.get(evaluation.year, 9), evaluation.grade)
    return worst


def missing_years(
    career: Sequence[Appointment], evaluations: Iterable[Evaluation], as_of: dt.date
) -> list[int]:
    """Years before the day of view without a grade, latest first.

    Counted from the first grade on file, and the year before in any case; only years in which a
    post was held from the middle of the year to its end, since less than half a year is not graded.
    """
    known = set(worst_grades(evaluations))
    last = as_of.year - 1
    first = min([*known, last])
    return [
        year
        for year in range(last, first - 1, -1)
        if year not in known
        and any(
            post.start_on <= dt.date(year, 7, 1)
            and (post.end_on is None or post.end_on > dt.date(year, 12, 31))
            for post in career
        )
    ]


def grade_lane(evaluations: Iterable[Evaluation], missing: Iterable[int]) -> Lane:
    """A grade a year; years that should have one and do not say so."""
    items = [
        _year_item(year, *_graded(Grade(grade)))
        for year, grade in worst_grades(evaluations).items()
    ]
    items += [_year_item(year, "unknown", _("chưa rõ")) for year in missing]
    return Lane(label=_("Xếp loại"), order=50, items=sorted(items, key=lambda i: i["start"]))


def _graded(grade: Grade) -> tuple[str, str, str]:
    """How a grade is drawn: its kind, a short word, the whole."""
    kind, word = _GRADES[grade]
    return kind, str(word), str(grade.label)


def _year_item(year: int, kind: str, text: str, full: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "start": dt.date(year, 1, 1),
        "end": dt.date(year, 12, 31),
        "text": text,
        "full": full or text,
        "period": str(year),
    }
