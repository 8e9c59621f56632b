"""Pages of courses and skills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import date, number
from cadres.choices import CourseState, MemberState, Theory, skill_level_label
from cadres.contexts.links import Links
from cadres.models import Cadre, CadreSkill, Course, CourseMember, TitleSkill, Training
from cadres.policies import (
    Actor,
    can_edit_cadre,
    can_edit_course,
    can_enter_admin,
    can_export_people,
)
from cadres.selectors.trainings import Members
from cadres.services.trainings import Finish

PAGE_SIZE = 50
#: Parts of the page, some in rooms above: known here by the names of their addresses.
PARTS = (
    ("cadres:training-list", gettext_lazy("Khóa học")),
    ("planning:training-gaps", gettext_lazy("Nhu cầu từ quy hoạch")),
    ("planning:training-results", gettext_lazy("Đào tạo sau quy hoạch")),
    ("cadres:training-skills", gettext_lazy("Kỹ năng theo chức danh")),
    ("planning:nominee-sources", gettext_lazy("Nguồn quy hoạch")),
)


def parts(here: str, links: Links) -> list[dict[str, Any]]:
    """The parts whose addresses exist."""
    found = []
    for name, label in PARTS:
        try:
            found.append({"label": label, "url": links.to(name), "here": name == here})
        except NoReverseMatch:
            continue
    return found


def list_context(
    *,
    page: Page[Course],
    form: Any,
    can_add: bool,
    can_export: bool,
    query: QueryDict,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `cadres/trainings/training_list.html`."""
    links = Links(as_of)
    return {
        "tabs": parts("cadres:training-list", links),
        "form": form,
        "page": page,
        "add_url": links.to("cadres:training-add") if can_add else "",
        "export_url": links.to("cadres:training-export", **query.dict()) if can_export else "",
        "table": {
            "columns": [
                {"label": _("Khóa học"), "name": True},
                {"label": _("Loại")},
                {"label": _("Thời gian")},
                {"label": _("Trạng thái")},
                {"label": _("Cử đi"), "num": True},
                {"label": _("Hoàn thành"), "num": True},
                {"label": _("Không học"), "num": True},
            ],
            "rows": [_course_row(course, links) for course in page],
            "page": page,
            "noun": _("khóa học"),
            "caption": _("Khóa đào tạo, bồi dưỡng"),
            "empty": {
                "title": _("Chưa có khóa học nào"),
                "text": _("Lập khóa học mới, hoặc chọn người ở phần Nhu cầu từ quy hoạch."),
                "action": {"label": _("Lập khóa học"), "url": links.to("cadres:training-add")}
                if can_add
                else None,
            },
        },
    }


def _course_row(course: Any, links: Links) -> dict[str, Any]:
    return {
        "url": links.to("cadres:training-detail", course.pk),
        "cells": [
            {"text": course.name, "under": course.organiser or course.unit.name},
            course.get_kind_display(),
            period(course),
            course.get_state_display(),
            f"{course.people}/{course.places}" if course.places else course.people,
            course.completed,
            course.absent,
        ],
    }


def period(course: Course) -> str:
    """From when to when, as far as it is known."""
    if not course.start_on and not course.end_on:
        return _("chưa định ngày")
    return f"{date(course.start_on) or '…'} – {date(course.end_on) or '…'}"


# ---- One course ------------------------------------------------------------------------------


def course_context(
    *, actor: Actor, course: Course, members: Members, add_form: Any, as_of: dt.date
) -> dict[str, Any]:
    """Context of `cadres/trainings/training_detail.html`."""
    links = Links(as_of)
    is_open = course.state in (CourseState.PLANNED, CourseState.OPEN)
    can_edit = can_edit_course(actor, course.unit)
    return {
        "course": course,
        "crumbs": [
            {"label": _("Đào tạo, bồi dưỡng"), "url": links.to("cadres:training-list")},
            {"label": course.name, "url": ""},
        ],
        "facts": _course_facts(course),
        "members": members,
        "rows": [_member_row(row, links) for row in members.rows],
        "is_edited": can_edit and is_open,
        "states": MemberState.choices,
        "add_form": add_form,
        "urls": {
            name: links.to(f"cadres:training-{name.replace('_', '-')}", course.pk)
            for name in ("edit", "open", "cancel", "finish", "members", "add_members")
        },
        "export_url": links.to("cadres:training-members-export", course.pk)
        if can_export_people(actor)
        else "",
        "can_open": can_edit and course.state == CourseState.PLANNED,
        "counts": [
            {"label": label, "figure": number(members.count(state))}
            for state, label in MemberState.choices
        ],
    }


def _course_facts(course: Course) -> list[dict[str, Any]]:
    items = [
        {"label": _("Trạng thái"), "value": course.get_state_display()},
        {"label": _("Loại"), "value": course.get_kind_display()},
        {"label": _("Thời gian"), "value": period(course)},
        {"label": _("Đơn vị lập"), "value": course.unit.name},
        {"label": _("Cơ sở"), "value": course.organiser},
        {"label": _("Số chỗ"), "value": number(course.places) if course.places else ""},
        {"label": _("Văn bản"), "value": course.decision_no},
        {
            "label": _("Đạt được"),
            "value": ", ".join(gained(course)),
        },
        {"label": _("Lý do hủy"), "value": course.cancel_reason},
    ]
    return [item for item in items if item["value"]]


def gained(course: Course) -> list[str]:
    """What who completes the course has afterwards."""
    words = []
    if course.gives_theory is not None:
        theory = str(Theory(course.gives_theory).label).lower()
        words.append(_("lý luận chính trị: %s") % theory)
    if course.skill:
        words.append(skill_level_label(course.skill, course.skill_level))
    return words


def _member_row(row: Any, links: Links) -> dict[str, Any]:
    return {
        "row": row,
        "cadre": row.cadre,
        "url": links.to("cadres:cadre-detail", row.cadre.code),
        "state": f"s{row.pk}",
        "reason": f"r{row.pk}",
        "result": f"k{row.pk}",
        "word": row.get_state_display(),
    }


def form_context(
    *, form: Any, people: Sequence[Cadre], course: Course | None, as_of: dt.date
) -> dict[str, Any]:
    """Context of `cadres/trainings/training_form.html`."""
    links = Links(as_of)
    back = (
        links.to("cadres:training-detail", course.pk)
        if course
        else links.to("cadres:training-list")
    )
    return {
        "form": form,
        "people": people,
        "course": course,
        "back_url": back,
        "crumbs": [
            {"label": _("Đào tạo, bồi dưỡng"), "url": links.to("cadres:training-list")},
            *([{"label": course.name, "url": back}] if course else []),
            {"label": _("Sửa") if course else _("Khóa học mới"), "url": ""},
        ],
    }


def finish_context(*, plan: Finish, faults: Iterable[str], as_of: dt.date) -> dict[str, Any]:
    """Context of `cadres/trainings/training_finish.html`."""
    links, course = Links(as_of), plan.course
    back = links.to("cadres:training-detail", course.pk)
    given = course.gives_theory
    return {
        "plan": plan,
        "course": course,
        "faults": list(faults),
        "theory": str(Theory(given).label).lower() if given is not None else "",
        "skill": skill_level_label(course.skill, course.skill_level) if course.skill else "",
        "back_url": back,
        "crumbs": [
            {"label": _("Đào tạo, bồi dưỡng"), "url": links.to("cadres:training-list")},
            {"label": course.name, "url": back},
            {"label": _("Kết thúc"), "url": ""},
        ],
    }


# ---- Skills ----------------------------------------------------------------------------------


def skills_context(*, actor: Actor, asked: Sequence[TitleSkill], as_of: dt.date) -> dict[str, Any]:
    """Context of `cadres/trainings/training_skills.html`."""
    links = Links(as_of)
    return {
        "tabs": parts("cadres:training-skills", links),
        "table": {
            "columns": [
                {"label": _("Chức danh"), "name": True},
                {"label": _("Kỹ năng")},
                {"label": _("Văn bản")},
                {"label": _("Áp dụng")},
            ],
            "rows": [
                {
                    "cells": [
                        each.title.name,
                        each.words,
                        f"{each.document}, {each.at}" if each.at else each.document,
                        _("từ %(start)s") % {"start": date(each.in_force_from)}
                        + (
                            " " + _("đến hết %(end)s") % {"end": date(each.in_force_to)}
                            if each.in_force_to
                            else ""
                        ),
                    ]
                }
                for each in asked
            ],
            "caption": _("Kỹ năng theo chức danh"),
            "empty": {
                "title": _("Chưa có văn bản nào quy định kỹ năng theo chức danh"),
                "text": _(
                    "Ngoài chuyên môn và lý luận chính trị, chức danh có thể đòi hỏi kỹ năng theo"
                    " văn bản của tỉnh. Quản trị viên nhập ở trang Quản trị."
                ),
            },
        },
        "can_admin": can_enter_admin(actor),
    }


def cadre_context(
    *,
    actor: Actor,
    cadre: Cadre,
    skills: Sequence[CadreSkill],
    trainings: Sequence[Training],
    courses: Sequence[CourseMember],
    form: Any,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `cadres/trainings/training_cadre.html`."""
    links = Links(as_of)
    return {
        "cadre": cadre,
        "skills": [
            {
                "skill": skill,
                "is_over": skill.valid_to is not None and skill.valid_to < as_of,
                "remove_url": links.to("cadres:training-skill-remove", cadre.code, skill.pk),
            }
            for skill in skills
        ],
        "trainings": trainings,
        "courses": [
            {"row": row, "url": links.to("cadres:training-detail", row.course_id)}
            for row in courses
        ],
        "form": form,
        "can_edit": can_edit_cadre(actor, cadre),
        "file_url": links.to("cadres:cadre-detail", cadre.code),
        "crumbs": [
            {"label": _("Đào tạo, bồi dưỡng"), "url": links.to("cadres:training-list")},
            {"label": cadre.full_name, "url": ""},
        ],
    }
