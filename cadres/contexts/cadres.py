"""Pages of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, number
from cadres.ages import completed_years
from cadres.choices import BirthPrecision, Grade
from cadres.contexts.links import CADRE_PANELS, RETIREMENT_PANEL, Links, panels_of
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import Appointment, Cadre, Evaluation
from cadres.policies import Actor, scope_paths
from cadres.selectors import CadreProfile

PAGE_SIZE = 50
_GRADES = {
    Grade.KHTNV: ("grade", "KHTNV"),
    Grade.HTNV: ("grade", "HTNV"),
    Grade.HTTNV: ("grade", "Tốt"),
    Grade.HTXSNV: ("grade-top", "Xuất sắc"),
}

# ---- The list --------------------------------------------------------------------------------


def cadre_list_context(
    *,
    form: Form,
    chosen: list[tuple[str, Any, str]],
    page: Page[Cadre],
    posts: dict[int, Appointment],
    query: QueryDict,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `cadres/cadre_list.html` and of its list alone.

    `chosen`: name, label and words of each filter that is on.
    """
    links = Links(as_of)
    return {
        "form": form,
        "page": page,
        "chips": _chips(chosen, query),
        "clear_url": links.to("cadres:cadre-list"),
        "table": _table(page, posts, links, is_filtered=bool(chosen)),
        "crumbs": [],
    }


def _chips(chosen: list[tuple[str, Any, str]], query: QueryDict) -> list[dict[str, Any]]:
    chips = []
    for name, label, words in chosen:
        rest = query.copy()
        for gone in (name, "trang"):
            rest.pop(gone, None)
        chips.append({"label": label, "value": words, "remove_url": f"?{rest.urlencode()}"})
    return chips


def _table(
    page: Page[Cadre], posts: dict[int, Appointment], links: Links, *, is_filtered: bool
) -> dict[str, Any]:
    with_ethnicity = any(getattr(cadre, "is_sensitive_shown", False) for cadre in page)
    columns: list[dict[str, Any]] = [
        {"label": _("Họ và tên"), "key": "ten", "name": True},
        {"label": _("Số hiệu"), "key": "ma", "quiet": True},
        {"label": _("Ngày sinh"), "key": "sinh", "num": True},
        {"label": _("Tuổi"), "num": True},
        {"label": _("Giới")},
        *([{"label": _("Dân tộc")}] if with_ethnicity else []),
        {"label": _("Chức vụ, đơn vị")},
        {"label": _("Chuyên môn")},
        {"label": _("LLCT")},
    ]
    return {
        "columns": columns,
        "rows": [_row(cadre, posts, links, with_ethnicity=with_ethnicity) for cadre in page],
        "page": page,
        "noun": _("người"),
        "default_sort": "ten",
        "caption": _("Hồ sơ cán bộ"),
        "empty": _nobody(links, is_filtered=is_filtered),
    }


def _row(
    cadre: Cadre, posts: dict[int, Appointment], links: Links, *, with_ethnicity: bool
) -> dict[str, Any]:
    post = posts.get(cadre.pk)
    shown = getattr(cadre, "is_sensitive_shown", False)
    ethnicity = [ethnic_group(cadre) if shown else ""] if with_ethnicity else []
    return {
        "url": links.to("cadres:cadre-detail", cadre.code),
        "cells": [
            cadre.full_name,
            cadre.code,
            birth_text(cadre),
            age_text(cadre, links.as_of),
            cadre.get_sex_display(),
            *ethnicity,
            {"text": post.title.name, "under": post.unit.name} if post else "",
            cadre.get_degree_display() or "",
            cadre.get_theory_display() or "",
        ],
    }


def _nobody(links: Links, *, is_filtered: bool) -> dict[str, Any]:
    if is_filtered:
        return {
            "title": _("Không có ai khớp bộ lọc"),
            "text": _("Thử bớt một điều kiện, hoặc tìm bằng một phần của tên."),
            "action": {"label": _("Bỏ lọc"), "url": links.to("cadres:cadre-list")},
        }
    return {
        "title": _("Chưa có hồ sơ nào trong phạm vi của tài khoản"),
        "text": _("Hồ sơ có ở đây sau khi nhập dữ liệu và khi người đó đang giữ chức vụ."),
    }


# ---- One person ------------------------------------------------------------------------------


def cadre_detail_context(actor: Actor, profile: CadreProfile) -> dict[str, Any]:
    """Context of `cadres/cadre_detail.html`."""
    links, cadre = Links(profile.as_of), profile.cadre
    return {
        "profile": profile,
        "cadre": cadre,
        "crumbs": [
            {"label": _("Hồ sơ"), "url": links.to("cadres:cadre-list")},
            {"label": cadre.full_name, "url": ""},
        ],
        "summary": _summary(profile),
        "identity": _identity(actor, profile, links),
        "line": _line(profile),
        "career": [{"post": post, "url": _unit_url(actor, post, links)} for post in profile.career],
        "retirement": panels_of((RETIREMENT_PANEL,), cadre.code, links),
        "panels": panels_of(CADRE_PANELS, cadre.code, links),
        "history_url": links.to("cadres:cadre-history", cadre.code),
    }


def birth_text(cadre: Cadre) -> str:
    """The birth date with no more than is known of it."""
    return date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY)


def age_text(cadre: Cadre, as_of: dt.date) -> str:
    """Completed years; a star where only month or year of birth are known."""
    age = completed_years(cadre.birth_date, as_of)
    if age is None:
        return ""
    return f"{age}" if cadre.birth_precision == BirthPrecision.DAY else f"{age}*"


def ethnic_group(cadre: Cadre) -> str:
    """The name of the ethnic group, "" when it is not known."""
    return ETHNIC_GROUPS.get(cadre.ethnicity_code, "")


def _summary(profile: CadreProfile) -> str:
    cadre = profile.cadre
    age = completed_years(cadre.birth_date, profile.as_of)
    parts = [
        f"{profile.post.title.name}, {profile.post.unit.name}"
        if profile.post
        else _("không giữ chức vụ vào ngày này"),
        cadre.get_sex_display().lower(),
        _("dân tộc %s") % ethnic_group(cadre)
        if profile.is_sensitive_shown and ethnic_group(cadre)
        else "",
        _("%(age)s tuổi") % {"age": number(age)} if age is not None else _("chưa rõ tuổi"),
    ]
    return " · ".join(part for part in parts if part)


def _identity(actor: Actor, profile: CadreProfile, links: Links) -> list[dict[str, Any]]:
    cadre = profile.cadre
    unknown = _("chưa ghi")
    items = [
        {"label": _("Số hiệu"), "value": cadre.code},
        {"label": _("Ngày sinh"), "value": birth_text(cadre) or unknown},
        {"label": _("Giới tính"), "value": cadre.get_sex_display() or unknown},
        {"label": _("Quê quán"), "value": str(cadre.native_unit or unknown)},
        {"label": _("Vào Đảng"), "value": date(cadre.party_joined_on) or unknown},
        {"label": _("Chuyên môn"), "value": cadre.get_degree_display() or unknown},
        {"label": _("Lý luận chính trị"), "value": cadre.get_theory_display() or unknown},
    ]
    if profile.is_sensitive_shown:
        items.insert(3, {"label": _("Dân tộc"), "value": ethnic_group(cadre) or unknown})
    if cadre.retires_on:
        items.append({"label": _("Nghỉ hưu theo quyết định"), "value": date(cadre.retires_on)})
    return items


def _unit_url(actor: Actor, post: Appointment, links: Links) -> str:
    """The page of the unit, "" where the actor may not look."""
    if not any(post.unit.path.startswith(path) for path in scope_paths(actor)):
        return ""
    return links.to("cadres:unit-detail", post.unit.code)


# ---- The time line ---------------------------------------------------------------------------


def _line(profile: CadreProfile) -> dict[str, Any] | None:
    """Posts, trainings and grades on one axis; None for an empty file."""
    starts = [post.start_on for post in profile.career]
    starts += [day for t in profile.trainings if (day := t.start_on or t.end_on)]
    starts += [dt.date(grade.year, 1, 1) for grade in profile.evaluations]
    if not starts:
        return None
    lanes = [
        {"label": _("Chức vụ"), "items": _post_items(profile.career)},
        {"label": _("Đào tạo"), "items": _training_items(profile)},
        {"label": _("Xếp loại"), "items": _grade_items(profile.evaluations)},
    ]
    return {
        "start": min(starts).year,
        "end": max(profile.as_of.year, max(starts).year) + 2,
        "as_of": profile.as_of,
        "lanes": [lane for lane in lanes if lane["items"]],
    }


def _post_items(career: Iterable[Appointment]) -> list[dict[str, Any]]:
    """Posts held at the same time stand below each other."""
    items: list[dict[str, Any]] = []
    row_ends: list[dt.date] = []
    for post in sorted(career, key=lambda post: post.start_on):
        end = post.end_on or dt.date.max
        row = next((i for i, until in enumerate(row_ends) if until <= post.start_on), None)
        if row is None:
            row = len(row_ends)
            row_ends.append(end)
        row_ends[row] = end
        items.append(
            {
                "kind": "post",
                "start": post.start_on,
                "end": post.end_on,
                "text": post.title.name,
                "sub": post.unit.name,
                "row": row,
            }
        )
    return items


def _training_items(profile: CadreProfile) -> list[dict[str, Any]]:
    dated = [(t.end_on or t.start_on, t.course) for t in profile.trainings]
    return [
        {"kind": "point", "start": day, "end": day, "text": course, "row": row % 2}
        for row, (day, course) in enumerate(sorted((d, c) for d, c in dated if d))
    ]


def _grade_items(evaluations: Iterable[Evaluation]) -> list[dict[str, Any]]:
    """One grade a year: of several the worst, as the rules read them."""
    worst: dict[int, int] = {}
    for evaluation in evaluations:
        worst[evaluation.year] = min(worst.get(evaluation.year, 9), evaluation.grade)
    return [
        {
            "kind": _GRADES[Grade(grade)][0],
            "start": dt.date(year, 1, 1),
            "end": dt.date(year, 12, 31),
            "text": _GRADES[Grade(grade)][1],
        }
        for year, grade in sorted(worst.items())
    ]
