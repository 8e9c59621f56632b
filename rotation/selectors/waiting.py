"""What waits for somebody in rotation: decisions, opinions, ends of tours, reports, needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.policies import EDITING_ROLES, EVERYTHING, Actor, scope_paths, unit_scope
from cadres.todo import Todo
from rotation.choices import RotationStatus
from rotation.models import Rotation
from rotation.policies import can_decide_rotation, can_propose, own_cadre
from rotation.selectors.answers import Answers, answers_on
from rotation.selectors.needs import due_needs, is_due, people
from rotation.selectors.rotations import rotations_visible
from rotation.selectors.together import sides_lacking
from rotation.selectors.tour_ends import running_tours
from rotation.selectors.tours import END_DAYS, reports_due
from rotation.selectors.turns import Turn

#: More of one thing than this stand as one line.
_SINGLY = 5


def rotation_todos(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Everything of rotation that waits for the actor; a fixed number of queries."""
    under_way = rotations_visible(actor).filter(
        status__in=(RotationStatus.PROPOSED, RotationStatus.APPROVED)
    )
    rows = list(under_way.prefetch_related("opinions").order_by("proposed_on", "pk"))
    yield from _to_decide(actor, rows)
    yield from _to_hear(actor, rows)
    if not can_propose(actor):
        return
    answers = answers_on(actor, today)
    tours = running_tours(actor, today)
    paths = scope_paths(actor, *EDITING_ROLES)
    yield from _not_begun(rows, paths, today)
    edited = [t for t in tours if t.start.path.startswith(paths) or t.end.path.startswith(paths)]
    yield from _ending(edited, answers, today)
    yield from _reports(actor, today)
    yield from _needs(actor, tours, answers, today)


class _Line(NamedTuple):
    text: str
    under: str
    url: str
    due_on: dt.date | None = None


def _lines(group: str, lines: Sequence[_Line], many: str, url: str) -> Iterator[Todo]:
    """Each by itself, or all as one line that leads to the list of them."""
    if len(lines) > _SINGLY:
        first = min((line.due_on for line in lines if line.due_on), default=None)
        text = many % {"n": formats.number(len(lines))}
        yield Todo(group=group, text=text, url=url, due_on=first, count=len(lines))
        return
    for line in lines:
        yield Todo(group=group, text=line.text, under=line.under, url=line.url, due_on=line.due_on)


def _url(rotation_id: int) -> str:
    return reverse("rotation:rotation-detail", args=[rotation_id])


def _list_url(name: str, **query: str) -> str:
    words = {key.replace("_", "-"): value for key, value in query.items()}
    return f"{reverse(name)}?{urlencode(words)}"


def _who_where(rotation: Rotation) -> str:
    return _("%(who)s: %(from)s đến %(to)s") % {
        "who": rotation.cadre.full_name,
        "from": rotation.from_unit.name,
        "to": rotation.to_unit.name,
    }


# ---- Decisions and opinions ------------------------------------------------------------------


def _to_decide(actor: Actor, rows: Sequence[Rotation]) -> Iterator[Todo]:
    """Submitted rotations that the actor may decide on, the longest submitted first."""
    lines = [
        _Line(
            _who_where(each),
            _("Tờ trình %(no)s ngày %(day)s")
            % {"no": each.submission_no, "day": formats.date(each.submitted_on)},
            _url(each.pk),
        )
        for each in sorted(rows, key=lambda each: each.submitted_on or dt.date.max)
        if each.is_submitted and can_decide_rotation(actor, each)
    ]
    yield from _lines(
        _("Chờ quyết định luân chuyển"),
        lines,
        _("%(n)s hồ sơ luân chuyển chờ quyết định"),
        reverse("rotation:decide"),
    )


def _to_hear(actor: Actor, rows: Sequence[Rotation]) -> Iterator[Todo]:
    """Open proposals on which the actor's unit, or the actor, has said nothing yet.

    Who works for all units speaks for none of them: what lacks stands in each proposal.
    """
    own, paths = own_cadre(actor), scope_paths(actor, *EDITING_ROLES)
    of_units = () if paths == (EVERYTHING,) else paths
    lines = []
    for rotation in rows:
        if not rotation.is_open or not (rotation.cadre_id == own or _is_below(rotation, of_units)):
            continue
        sides = sides_lacking(actor, rotation)
        if sides:
            named = ", ".join(str(side.label).lower() for side in sides)
            under = _("Cần ý kiến: %(sides)s") % {"sides": named}
            lines.append(_Line(_who_where(rotation), under, _url(rotation.pk)))
    yield from _lines(
        _("Cho ý kiến về luân chuyển"),
        lines,
        _("%(n)s đề xuất luân chuyển cần cho ý kiến"),
        _list_url("rotation:rotation-table", trang_thai=RotationStatus.PROPOSED.value),
    )


def _is_below(rotation: Rotation, paths: tuple[str, ...]) -> bool:
    ends = (rotation.from_unit.path, rotation.to_unit.path)
    return any(path.startswith(paths) for path in ends)


# ---- Tours -----------------------------------------------------------------------------------


def _not_begun(rows: Sequence[Rotation], paths: tuple[str, ...], today: dt.date) -> Iterator[Todo]:
    """Decided rotations whose day has come without having begun."""
    lines = [
        _Line(
            _who_where(each),
            _("Quyết định chưa thực hiện được: cần xem lại chức vụ hai nơi"),
            _url(each.pk),
            each.start_on,
        )
        for each in sorted(rows, key=lambda each: each.start_on or dt.date.max)
        if each.status == RotationStatus.APPROVED
        and (each.start_on or today) < today
        and _is_below(each, paths)
    ]
    yield from _lines(
        _("Luân chuyển chưa thực hiện"),
        lines,
        _("%(n)s quyết định luân chuyển chưa thực hiện được"),
        _list_url("rotation:rotation-table", trang_thai=RotationStatus.APPROVED.value),
    )


def _ending(tours: Sequence[Turn], answers: Answers, today: dt.date) -> Iterator[Todo]:
    """Tours that end soon or are overdue, and nobody knows what follows."""
    until = today + dt.timedelta(days=END_DAYS)
    ending = [
        tour
        for tour in tours
        if tour.planned_end_on is not None
        and tour.planned_end_on <= until
        and tour.code not in answers.by_code
    ]
    lines = [
        _Line(
            _("%(who)s tại %(unit)s") % {"who": tour.name, "unit": tour.end.unit_name},
            _("Cần phương án bố trí"),
            _url(tour.rotation_id),
            tour.planned_end_on,
        )
        for tour in sorted(ending, key=lambda tour: (tour.planned_end_on or today, tour.code))
    ]
    yield from _lines(
        _("Hết hạn luân chuyển"),
        lines,
        _("%(n)s đợt luân chuyển hết hạn, quá hạn chưa có phương án"),
        _list_url("rotation:need-list", loai="tour_end", phuong_an="chua", trong="3"),
    )


def _reports(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Tours to the actor's units that lack the report of the year."""
    where = unit_scope(actor, "to_unit__path", roles=EDITING_ROLES)
    lines = [
        _Line(
            _("%(who)s tại %(unit)s")
            % {"who": rotation.cadre.full_name, "unit": rotation.to_unit.name},
            _("Cần nhận xét năm %(year)s") % {"year": year},
            _url(rotation.pk),
        )
        for rotation, year in reports_due(today, where)
        if rotation.cadre_id != own_cadre(actor)
    ]
    yield from _lines(
        _("Nhận xét hằng năm"),
        lines,
        _("%(n)s người đang luân chuyển chưa có nhận xét hằng năm"),
        _list_url("rotation:rotation-table", trang_thai=RotationStatus.IN_PROGRESS.value),
    )


def _needs(actor: Actor, tours: Sequence[Turn], answers: Answers, today: dt.date) -> Iterator[Todo]:
    """How many people are due without a proposal, as the page of needs counts them."""
    due = [n for n in due_needs(today, scope_paths(actor), tours, answers) if is_due(n)]
    waiting = people(need for need in due if need.answer is None)
    if waiting:
        text = ngettext(
            "%(n)s người đến hạn luân chuyển chưa có phương án",
            "%(n)s người đến hạn luân chuyển chưa có phương án",
            waiting,
        )
        yield Todo(
            group=_("Nhu cầu luân chuyển"),
            text=text % {"n": formats.number(waiting)},
            url=_list_url("rotation:need-list", loai="den-han", phuong_an="chua"),
            count=waiting,
        )
