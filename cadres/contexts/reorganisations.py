"""Pages of reorganisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, date_time, number
from cadres.choices import ReorganisationStatus, StepKind
from cadres.contexts.links import Links
from cadres.models import Appointment, Reorganisation, ReorganisationStep, Title
from cadres.policies import Actor, can_reorganise
from cadres.selectors.act_effects import Effects, PersonEffect

Row = dict[str, Any]

_STATUS = {
    ReorganisationStatus.DRAFT: "cannot_tell",
    ReorganisationStatus.APPLIED: "met",
    ReorganisationStatus.UNDONE: "not_applicable",
}
#: An applied act lists so many people; their files have the rest.
PEOPLE_SHOWN = 300


def crumbs(act: Reorganisation | None = None, last: str = "") -> list[dict[str, str]]:
    """Tổ chức › Sắp xếp tổ chức › act › last."""
    way = [
        {"label": _("Tổ chức"), "url": reverse("cadres:unit-list")},
        {"label": _("Sắp xếp tổ chức"), "url": reverse("cadres:reorganisation-list")},
    ]
    if act:
        way.append({"label": act.name, "url": _url("detail", act)})
    if last:
        way.append({"label": last, "url": ""})
    return way


def _url(name: str, act: Reorganisation, *args: Any) -> str:
    return reverse(f"cadres:reorganisation-{name}", args=[act.pk, *args])


def list_context(actor: Actor, acts: Iterable[Reorganisation]) -> Row:
    """Context of `cadres/reorganisation/list.html`."""
    return {
        "crumbs": [
            {"label": _("Tổ chức"), "url": reverse("cadres:unit-list")},
            {"label": _("Sắp xếp tổ chức"), "url": ""},
        ],
        "may_add": can_reorganise(actor),
        "table": {
            "caption": _("Các đợt sắp xếp tổ chức"),
            "columns": [
                {"label": _("Nội dung"), "name": True},
                {"label": _("Hiệu lực")},
                {"label": _("Quyết định, nghị quyết")},
                {"label": _("Số bước"), "num": True},
                {"label": _("Trạng thái")},
            ],
            "rows": [
                {
                    "url": _url("detail", act),
                    "cells": [
                        {"text": act.name, "url": _url("detail", act)},
                        date(act.effective_on),
                        act.decision_no,
                        number(act.step_count),  # type: ignore[attr-defined]
                        {
                            "text": act.get_status_display(),
                            "outcome": _STATUS[ReorganisationStatus(act.status)],
                        },
                    ],
                }
                for act in acts
            ],
            "empty": {
                "title": _("Chưa có đợt sắp xếp nào"),
                "text": _("Sáp nhập, chia tách, đổi tên, chuyển, kết thúc đơn vị được làm ở đây."),
                "action": None,
            },
        },
    }


# ---- One act ---------------------------------------------------------------------------------


def step_words(step: ReorganisationStep, names: Mapping[str, str]) -> str:
    """A step in one sentence."""
    others = ", ".join(names.get(code, code) for code in step.other_codes)
    words = {
        "unit": names.get(step.unit_code, step.name or step.unit_code),
        "others": others,
        "name": step.name,
        "parent": names.get(step.parent_code, step.parent_code),
        "code": step.unit_code,
        "level": step.get_level_display(),
    }
    return _sentence(step) % words


def _sentence(step: ReorganisationStep) -> str:
    below = bool(step.parent_code)
    return {
        StepKind.CREATE: _("Lập %(name)s (mã %(code)s), trực thuộc %(parent)s")
        if below
        else _("Lập %(name)s (mã %(code)s)"),
        StepKind.MERGE: _("Nhập %(others)s vào %(unit)s"),
        StepKind.SPLIT: _("Tách một phần %(unit)s sang %(others)s; %(unit)s vẫn hoạt động")
        if step.keeps_source
        else _("Chia %(unit)s thành %(others)s"),
        StepKind.RENAME: _("Đổi tên %(unit)s thành %(name)s")
        if step.name
        else _("Đổi loại hoặc cấp của %(unit)s"),
        StepKind.MOVE: _("Chuyển %(unit)s về trực thuộc %(parent)s")
        if below
        else _("Chuyển %(unit)s ra khỏi đơn vị cấp trên"),
        StepKind.CLOSE: _("Kết thúc %(unit)s; kế tục: %(others)s")
        if step.other_codes
        else _("Kết thúc %(unit)s"),
    }[StepKind(step.kind)]


def named_with_created(act: Reorganisation, names: Mapping[str, str]) -> dict[str, str]:
    """Names of units that exist and of those that the act makes."""
    made = {s.unit_code: s.name for s in act.steps.all() if s.kind == StepKind.CREATE}
    return {**made, **names}


def detail_context(
    actor: Actor,
    act: Reorganisation,
    names: Mapping[str, str],
    effects: Effects | None,
    moved: Sequence[tuple[Appointment, Appointment | None]],
    obstacles: Sequence[str],
) -> Row:
    """Context of `cadres/reorganisation/detail.html`; `effects` only for a draft."""
    names = named_with_created(act, names)
    is_draft = act.status == ReorganisationStatus.DRAFT
    may = can_reorganise(actor)
    problems: dict[int | None, list[str]] = {}
    for problem in effects.problems if effects else ():
        problems.setdefault(problem.step, []).append(problem.text)
    return {
        "act": act,
        "crumbs": [*crumbs(act)[:-1], {"label": act.name, "url": ""}],
        "status": _STATUS[ReorganisationStatus(act.status)],
        "is_draft": is_draft,
        "may_edit": may and is_draft,
        "facts": _facts(act),
        "steps": [
            {
                "number": step.number,
                "kind": step.get_kind_display(),
                "text": step_words(step, names),
                "problems": problems.get(step.number, []),
            }
            for step in act.steps.all()
        ],
        "step_kinds": [
            {"label": label, "url": _url("step-add", act, value)}
            for value, label in StepKind.choices
        ],
        "problems": problems.get(None, []),
        "problem_count": sum(len(texts) for texts in problems.values()),
        "effects": effects_rows(act, effects) if effects else None,
        "summary": _summary(act),
        "moved": [_moved_row(act, before, after) for before, after in moved],
        "urls": {
            name.replace("-", "_"): _url(name, act)
            for name in ("edit", "step-remove", "people", "posts", "apply", "undo", "drop")
        },
        "structure_urls": _structure_urls(act),
        "can_apply": bool(may and effects and effects.is_ready and act.decision_no),
        "can_undo": may and act.status == ReorganisationStatus.APPLIED and not obstacles,
        "obstacles": obstacles,
        "digest": effects.digest if effects else "",
    }


def _facts(act: Reorganisation) -> list[Row]:
    rows = [
        {"label": _("Ngày hiệu lực"), "value": date(act.effective_on)},
        {"label": _("Quyết định, nghị quyết"), "value": act.decision_no or _("chưa có")},
    ]
    if act.decided_on:
        rows.append({"label": _("Ngày ký"), "value": date(act.decided_on)})
    if act.created_by:
        rows.append({"label": _("Người lập"), "value": str(act.created_by)})
    if act.applied_at:
        words = _("%(when)s, %(who)s") if act.applied_by else "%(when)s"
        said = words % {"when": date_time(act.applied_at), "who": act.applied_by}
        rows.append({"label": _("Áp dụng"), "value": said})
    if act.undone_at:
        said = _("%(when)s, %(who)s") % {"when": date_time(act.undone_at), "who": act.undone_by}
        rows.append({"label": _("Hoàn tác"), "value": said})
    rows.append(
        {
            "label": _("Quy hoạch"),
            "value": _("chuyển sang bản dự thảo của đơn vị kế tục")
            if act.carries_plans
            else _("giữ ở đơn vị cũ để đọc"),
        }
    )
    return rows


def _structure_urls(act: Reorganisation) -> list[Row]:
    eve = act.effective_on - dt.timedelta(days=1)
    return [
        {
            "label": _("Tổ chức ngày %(day)s") % {"day": date(day)},
            "url": Links(day).to("cadres:unit-list"),
        }
        for day in (eve, act.effective_on)
    ]


def _summary(act: Reorganisation) -> list[Row]:
    told = act.record.get("summary") or {}
    labels = {
        "created": _("Đơn vị lập mới"),
        "ended": _("Đơn vị kết thúc"),
        "renamed": _("Đổi tên"),
        "moved": _("Chuyển cấp trên"),
        "people": _("Người được bố trí"),
        "without_post": _("Thôi giữ chức vụ"),
        "grants": _("Phân quyền"),
    }
    return [
        {"label": label, "figure": number(told[key])}
        for key, label in labels.items()
        if told.get(key)
    ]


def _moved_row(act: Reorganisation, before: Appointment, after: Appointment | None) -> Row:
    return {
        "name": before.cadre.full_name,
        "url": Links(act.effective_on).to("cadres:cadre-detail", before.cadre.code),
        "before": f"{before.title.name}, {before.unit.name}",
        "after": f"{after.title.name}, {after.unit.name}" if after else "",
    }


# ---- Effects ---------------------------------------------------------------------------------


def effects_rows(act: Reorganisation, effects: Effects) -> Row:
    """What a preview shows, in words."""
    structure = effects.structure
    name = structure.name_of
    day, eve = structure.effective_on, _eve(act)
    units = []
    for code in structure.created:
        place = structure.places[code]
        above = name(place.parent) if place.parent else ""
        units.append(_unit_row(_("Lập mới"), place.name, _("từ %s") % date(day), above))
    for code in structure.ended:
        place = structure.places[code]
        heirs = ", ".join(name(each) for each in place.successors)
        said = _("kế tục: %s") % heirs if heirs else _("không có đơn vị kế tục")
        units.append(_unit_row(_("Kết thúc"), place.name, _("hết %s") % eve, said))
    for place in structure.renamed:
        was = place.unit.name if place.unit else ""
        units.append(
            _unit_row(
                _("Đổi tên"),
                place.name,
                _("từ %s") % date(day),
                _("trước là %s") % was if was != place.name else "",
            )
        )
    for place in structure.moved:
        said = _("đi theo đơn vị cấp trên kết thúc") if place.follows else ""
        where = name(place.parent) if place.parent else _("không có cấp trên")
        units.append(_unit_row(_("Chuyển"), place.name, _("về %s") % where, said))
    return {
        "units": units,
        "posts": [
            {
                "unit": name(post.code),
                "title": post.title.name,
                "before": number(post.before) if post.before else "–",
                "after": number(post.after),
                "is_change": post.is_change,
            }
            for post in effects.posts
        ],
        "people": [
            _person_row(each, name, each.appointment.pk in effects.disputed)
            for each in effects.people
        ],
        "staying": len(effects.staying),
        "without_post": len(effects.without_post),
        "grants": [
            {
                "user": str(each.grant.user),
                "role": each.grant.get_role_display(),
                "before": str(each.grant.unit),
                "after": name(each.to_code),
            }
            for each in effects.grants
        ],
        "others": [
            {
                "title": preview.title,
                "lines": [
                    {"text": line.text, "is_warning": line.is_warning}
                    for line in preview.consequences
                ],
            }
            for _name, preview in effects.previews
            if preview.consequences
        ],
        "warnings": effects.warnings,
    }


def _eve(act: Reorganisation) -> str:
    return date(act.effective_on - dt.timedelta(days=1))


def _unit_row(what: str, name: str, when: str, said: str) -> Row:
    return {"what": what, "name": name, "when": when, "said": said}


def _person_row(each: PersonEffect, name: Any, is_disputed: bool) -> Row:
    held = each.appointment
    if not each.to_code:
        after, outcome = _("chưa bố trí: thôi giữ chức vụ"), "cannot_tell"
    elif each.is_held:
        after = _("%(title)s, %(unit)s (đang giữ)") % {
            "title": each.to_title,
            "unit": name(each.to_code),
        }
        outcome = "met"
    else:
        after = f"{each.to_title}, {name(each.to_code)}"
        outcome = "not_met" if is_disputed else "met"
    return {
        "name": held.cadre.full_name,
        "code": held.cadre.code,
        "before": f"{held.title.name}, {held.unit.name}",
        "after": after,
        "outcome": outcome,
        "is_chosen": each.is_chosen,
    }


# ---- People and posts as forms ---------------------------------------------------------------


def people_context(
    act: Reorganisation, effects: Effects, titles: Mapping[int, Title], wrong: Iterable[int] = ()
) -> Row:
    """Context of `cadres/reorganisation/people.html`."""
    structure = effects.structure
    chosen = {choice.appointment_id: choice for choice in act.choices.all()}
    failed = set(wrong)
    units = [(code, structure.name_of(code)) for code in destinations(effects)]
    proposed = {each.appointment.pk: each for each in effects.people}
    rows = []
    holders = [each.appointment for each in effects.people] + effects.staying
    for held in sorted(holders, key=lambda h: (h.unit.path, -h.title.rank, h.cadre.sort_key)):
        choice, effect = chosen.get(held.pk), proposed.get(held.pk)
        rows.append(
            {
                "pk": held.pk,
                "name": held.cadre.full_name,
                "before": f"{held.title.name}, {held.unit.name}",
                "proposal": _proposal(effect, structure.name_of),
                "unit": ("-" if not choice.unit_code else choice.unit_code) if choice else "",
                "title": (choice.title_id if choice and choice.title_id else held.title_id),
                "is_wrong": held.pk in failed,
            }
        )
    return {
        "act": act,
        "crumbs": crumbs(act, _("Người")),
        "rows": rows,
        "units": units,
        "titles": [(pk, title.name) for pk, title in titles.items()],
        "back_url": _url("detail", act),
    }


def _proposal(effect: PersonEffect | None, name: Any) -> str:
    if effect is None:
        return _("ở lại đơn vị")
    if effect.is_chosen or not effect.to_code:
        return _("chưa có đề xuất")
    return f"{effect.to_title}, {name(effect.to_code)}"


def destinations(effects: Effects) -> list[str]:
    """Codes of the units of the act that people may go to."""
    structure = effects.structure
    heirs = [heir for _code, heir in structure.successions]
    found = dict.fromkeys([*heirs, *structure.created])
    return [code for code in found if structure.is_open(code)]


def destination_titles(effects: Effects) -> dict[int, Title]:
    """Titles that people may get: those of the posts of the act, and those they hold."""
    found = {post.title.pk: post.title for post in effects.posts if post.after}
    for held in [*(each.appointment for each in effects.people), *effects.staying]:
        found.setdefault(held.title_id, held.title)
    ordered = sorted(found.values(), key=lambda title: (-title.rank, title.code))
    return {title.pk: title for title in ordered}


def posts_context(
    act: Reorganisation,
    effects: Effects,
    titles: Iterable[Title],
    wrong: Iterable[tuple[str, int]] = (),
) -> Row:
    """Context of `cadres/reorganisation/posts.html`."""
    asked = {(post.unit_code, post.title_id): post.prescribed for post in act.posts.all()}
    failed = set(wrong)
    groups: dict[str, list[Row]] = {code: [] for code in destinations(effects)}
    for post in effects.posts:
        key = (post.code, post.title.pk)
        groups.setdefault(post.code, []).append(
            {
                "field": f"so_{post.title.pk}_{post.code}",
                "title": post.title.name,
                "before": number(post.before) if post.before else "–",
                "proposal": number(post.after) if key not in asked else "",
                "value": asked.get(key, ""),
                "is_wrong": key in failed,
            }
        )
    return {
        "act": act,
        "crumbs": crumbs(act, _("Vị trí")),
        "groups": [
            {"code": code, "name": effects.structure.name_of(code), "rows": rows}
            for code, rows in groups.items()
        ],
        "titles": [(title.pk, title.name) for title in titles],
        "back_url": _url("detail", act),
    }


def apply_points(effects: Effects) -> list[str]:
    """What applying does, for the question before it."""
    structure = effects.structure
    moved = sum(1 for each in effects.people if each.begins)
    told = (
        (len(structure.created), _("lập %(n)d đơn vị")),
        (len(structure.ended), _("kết thúc %(n)d đơn vị")),
        (len(structure.renamed), _("đổi tên %(n)d đơn vị")),
        (len(structure.moved), _("chuyển %(n)d đơn vị")),
        (moved, _("bố trí %(n)d lượt giữ chức vụ")),
        (
            len(effects.without_post),
            _("%(n)d lượt thôi giữ chức vụ mà chưa được bố trí"),
        ),
        (len(effects.grants), _("thêm %(n)d phân quyền")),
    )
    return [text % {"n": count} for count, text in told if count]
