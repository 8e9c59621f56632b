"""Courses and who attended them as sheets: exactly what the pages show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from cadres.contexts.trainings import gained, period
from cadres.exports.sending import made_by, table_response
from cadres.exports.tables import Head, Table
from cadres.models import Course
from cadres.policies import Actor, can_export_people, require
from cadres.selectors.trainings import Members

WHAT = "trainings"


def courses_file(
    *,
    actor: Actor,
    courses: Iterable[Any],
    chosen: Iterable[tuple[str, str]],
    filters: Mapping[str, Any],
    as_of: dt.date,
) -> FileResponse:
    """Courses with their numbers, with the record already written. Raises PermissionDenied."""
    require(can_export_people(actor))
    heads = [
        Head(text=_("Khóa học"), width=48),
        Head(text=_("Loại"), width=26),
        Head(text=_("Cơ sở"), width=36),
        Head(text=_("Đơn vị lập"), width=30),
        Head(text=_("Từ ngày"), width=12),
        Head(text=_("Đến ngày"), width=12),
        Head(text=_("Trạng thái"), width=16),
        Head(text=_("Văn bản"), width=24),
        Head(text=_("Số chỗ"), width=10),
        Head(text=_("Được cử"), width=10),
        Head(text=_("Hoàn thành"), width=12),
        Head(text=_("Không học"), width=12),
    ]
    about = [(_("Nội dung"), _("Khóa đào tạo, bồi dưỡng")), *chosen, *made_by(actor)]
    table = Table(title=_("Khóa học"), heads=heads, rows=_courses(courses), about=about)
    return table_response(
        actor,
        table,
        f"khoa-hoc-{as_of.isoformat()}",
        what=WHAT,
        people=None,
        filters=filters,
        as_of=as_of,
    )


def _courses(courses: Iterable[Any]) -> Iterator[list[Any]]:
    for course in courses:
        yield [
            course.name,
            str(course.get_kind_display()),
            course.organiser,
            course.unit.name,
            course.start_on,
            course.end_on,
            str(course.get_state_display()),
            course.decision_no,
            course.places,
            course.people,
            course.completed,
            course.absent,
        ]


def attendance_file(
    *, actor: Actor, course: Course, members: Members, as_of: dt.date
) -> FileResponse:
    """Who attended a course, as far as the actor sees them."""
    require(can_export_people(actor))
    heads = [
        Head(text=_("Số hiệu"), width=14),
        Head(text=_("Họ và tên"), width=28),
        Head(text=_("Tham gia"), width=14),
        Head(text=_("Kết quả"), width=20),
        Head(text=_("Lý do không học"), width=40),
    ]
    about = [
        (_("Nội dung"), _("Người học: %(course)s") % {"course": course.name}),
        (_("Thời gian"), period(course)),
        (_("Cơ sở"), course.organiser),
        (_("Văn bản"), course.decision_no),
        (_("Đạt được"), ", ".join(gained(course))),
        *([(_("Người ngoài phạm vi"), members.hidden)] if members.hidden else []),
        *made_by(actor),
    ]
    rows = (
        [row.cadre.code, row.cadre.full_name, str(row.get_state_display()), row.result, row.reason]
        for row in members.rows
    )
    table = Table(title=_("Người học"), heads=heads, rows=rows, about=about)
    return table_response(
        actor,
        table,
        f"khoa-hoc-{course.pk}-{as_of.isoformat()}",
        what=WHAT,
        people=len(members.rows),
        filters={"khoa": course.name},
        as_of=as_of,
        unit=course.unit,
    )
