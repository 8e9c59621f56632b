"""Single rotations as their pages show them, and the list of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor, can_see_sensitive
from cadres.words import post_name
from compliance.citations import citations_shown
from compliance.selectors.retirement import whole_months
from rotation.choices import RotationKind, RotationStatus, Side, Stance
from rotation.contexts.links import act_url, cadre_url, list_url, rotation_url
from rotation.models import Rotation, RotationOpinion, TourReport
from rotation.policies import (
    can_decide_rotation,
    can_decide_some,
    can_edit_rotation,
    can_give_opinion,
    can_propose,
    can_report,
)
from rotation.selectors.checks import Check, checks_of
from rotation.selectors.people import is_done, later_posts, tour_of
from rotation.selectors.rotations import obstacles_to_submit, opinions_of, sides_asked
from rotation.services.process import start_on_file

STATUS_SIGNS = {
    RotationStatus.PROPOSED: "cannot_tell",
    RotationStatus.APPROVED: "cannot_tell",
    RotationStatus.DECLINED: "not_met",
    RotationStatus.IN_PROGRESS: "met",
    RotationStatus.COMPLETED: "met",
    RotationStatus.CANCELLED: "not_applicable",
}
STANCE_SIGNS = {
    Stance.AGREE: "met",
    Stance.CONDITIONS: "cannot_tell",
    Stance.DISAGREE: "not_met",
}


def stage_words(rotation: Rotation) -> str:
    """Where a rotation stands, finer than its status."""
    if rotation.is_submitted:
        return _("Chờ quyết định")
    if rotation.is_open:
        return _("Bị trả lại") if rotation.return_reason else _("Đang lấy ý kiến")
    return str(rotation.get_status_display())


def stage_sign(rotation: Rotation) -> str:
    """The outcome sign beside `stage_words`."""
    if rotation.is_open and rotation.return_reason:
        return "not_met"
    return STATUS_SIGNS[RotationStatus(rotation.status)]


def can_see_reasons(actor: Actor, rotation: Rotation) -> bool:
    """Whether reasons of refusal and of an early end may be read."""
    return can_see_sensitive(actor, rotation.from_unit) or can_see_sensitive(
        actor, rotation.to_unit
    )


# ---- The list --------------------------------------------------------------------------------


def rotation_table(
    page: Any, as_of: dt.date, *, is_filtered: bool, is_told: bool, propose_url: str
) -> dict[str, Any]:
    """The list of rotations."""
    empty = (
        {
            "title": _("Không có lượt nào như vậy"),
            "text": _("Thử bỏ bớt điều kiện lọc."),
            "action": None,
            "icon": "swap",
        }
        if is_filtered
        else {
            "title": _("Chưa có lượt luân chuyển, điều động, biệt phái nào"),
            "text": _(
                "Đề xuất từng người, hoặc để portal gợi ý phương án từ nhu cầu; các lượt đã có "
                "cũng có thể nhập từ Excel."
            ),
            "action": {"label": _("Đề xuất luân chuyển"), "url": propose_url}
            if propose_url
            else None,
            "icon": "swap",
        }
    )
    return {
        "columns": [
            {"label": _("Họ và tên"), "name": True},
            {"label": _("Nơi đi")},
            {"label": _("Nơi đến")},
            {"label": _("Từ ngày")},
            {"label": _("Đến ngày")},
            {"label": _("Số tháng"), "num": True},
            {"label": _("Tình trạng")},
        ],
        "rows": [_list_row(each, as_of, is_told=is_told) for each in page.object_list],
        "page": page,
        "noun": _("lượt"),
        "caption": _("Các lượt luân chuyển, điều động, biệt phái"),
        "empty": empty,
    }


def acts_on_many(actor: Actor) -> list[dict[str, str]]:
    """Pages where one paper is about several rotations, for a menu."""
    acts = []
    if can_propose(actor):
        acts += [(_("Ghi ý kiến"), "rotation:hear"), (_("Trình"), "rotation:submit")]
    if can_decide_some(actor):
        acts.append((_("Phê duyệt"), "rotation:decide"))
    return [{"label": label, "url": reverse(name)} for label, name in acts]


def _list_row(rotation: Rotation, as_of: dt.date, *, is_told: bool) -> dict[str, Any]:
    end = rotation.ended_on or rotation.planned_end_on
    state: dict[str, Any] = {"outcome": stage_sign(rotation), "text": stage_words(rotation)}
    if rotation.status == RotationStatus.DECLINED and is_told:
        state["under"] = rotation.decline_reason or rotation.get_decline_kind_display()
    months = (
        whole_months(rotation.start_on, rotation.ended_on or as_of)
        if rotation.start_on and is_done(rotation)
        else None
    )
    return {
        "url": rotation_url(rotation.pk, as_of),
        "cells": [
            {"text": rotation.cadre.full_name, "under": str(rotation.get_kind_display())},
            {"text": rotation.from_unit.name, "under": rotation.from_title.name},
            {"text": rotation.to_unit.name, "under": rotation.to_title.name},
            formats.date(rotation.start_on) if rotation.start_on else "",
            {
                "text": formats.date(end) if end else "",
                "under": _("dự kiến") if end and not rotation.ended_on else "",
            },
            "" if months is None else months,
            state,
        ],
    }


# ---- One rotation ----------------------------------------------------------------------------


def detail_context(actor: Actor, rotation: Rotation, as_of: dt.date) -> dict[str, Any]:
    """Everything about one rotation, and what the actor may do next."""
    today = clock.today()
    opinions = opinions_of(rotation)
    is_told = can_see_reasons(actor, rotation)
    is_proposed = rotation.status == RotationStatus.PROPOSED
    edits = can_edit_rotation(actor, rotation)
    decides = can_decide_rotation(actor, rotation)
    # After the decision its waivers tell what did not hold; new facts do not judge it again.
    checks = checks_of(rotation, today)
    may_waive = is_proposed and (edits if rotation.is_open else decides)
    return {
        "rotation": rotation,
        "title": rotation.cadre.full_name,
        "person_url": cadre_url(rotation.cadre.code, as_of),
        "status": {"outcome": stage_sign(rotation), "text": stage_words(rotation)},
        "line": _line(rotation, opinions),
        "facts": [*_facts(rotation, is_told=is_told), *_extensions(rotation)],
        "checks": [_check_row(rotation, each, may_waive=may_waive) for each in checks],
        "has_failing": any(each.stands_in_the_way for each in checks),
        "opinions": [
            _opinion_row(actor, rotation, side, opinions.get(side), is_told=is_told)
            for side in Side
            if side in opinions or (is_proposed and side in sides_asked(rotation))
        ],
        "obstacles": obstacles_to_submit(rotation) if rotation.is_open else [],
        "tour": _tour(rotation, as_of),
        "reports": [_report_row(each) for each in rotation.reports.all()],
        "later": later_posts(rotation, as_of),
        "start": (start := _start(rotation, edits=edits)),
        "has_effect": is_proposed or rotation.status == RotationStatus.IN_PROGRESS,
        "may": _may(actor, rotation, edits=edits, decides=decides)
        | {"complete": bool(start and start["do"])},
        "is_told": is_told,
    }


def _may(actor: Actor, rotation: Rotation, *, edits: bool, decides: bool) -> dict[str, bool]:
    status = rotation.status
    is_running = status == RotationStatus.IN_PROGRESS
    is_due = rotation.start_on is not None and rotation.start_on <= clock.today()
    return {
        "edit": edits and rotation.is_open,
        "take_back": edits and rotation.is_submitted,
        "decide": decides and rotation.is_submitted,
        "decline": edits and status == RotationStatus.PROPOSED,
        "cancel": (edits and rotation.is_open)
        or (
            decides
            and not rotation.is_open
            and (is_running or rotation.is_submitted or status == RotationStatus.APPROVED)
        ),
        "begin": edits and status == RotationStatus.APPROVED and is_due,
        "end": edits and is_running,
        "undo_end": edits and status == RotationStatus.COMPLETED,
        "report": can_report(actor, rotation)
        and status in (RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED),
    }


def _line(rotation: Rotation, opinions: Mapping[str, RotationOpinion]) -> list[dict[str, Any]]:
    """The way across the top; the first part that is not done is the present one."""
    heard = all(side in opinions for side in sides_asked(rotation))
    decided = rotation.status in (
        RotationStatus.APPROVED,
        RotationStatus.IN_PROGRESS,
        RotationStatus.COMPLETED,
    )
    begun = rotation.status in (RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED)
    parts = (
        (_("Đề xuất"), True),
        (_("Lấy ý kiến"), heard or decided),
        (_("Trình"), rotation.is_submitted or decided),
        (_("Quyết định"), decided),
        (_("Thực hiện"), begun),
        (_("Kết thúc"), rotation.status == RotationStatus.COMPLETED),
    )
    shown, is_taken = [], rotation.status in (RotationStatus.DECLINED, RotationStatus.CANCELLED)
    for label, is_passed in parts:
        state = "done" if is_passed else "todo" if is_taken else "current"
        is_taken = is_taken or not is_passed
        shown.append({"label": label, "state": state, "url": ""})
    return shown


def _facts(rotation: Rotation, *, is_told: bool) -> list[dict[str, Any]]:
    """What is proposed and what was decided, in the order it happened."""
    pairs = [*_proposed(rotation), *_decided(rotation)]
    if is_told:
        pairs += _told(rotation)
    pairs.append((_("Lý do hủy"), rotation.cancel_reason))
    if rotation.after_unit and rotation.after_title:
        after = post_name(rotation.after_title.name, rotation.after_unit.name)
        pairs.append((_("Bố trí sau luân chuyển"), after))
    return [{"label": label, "value": value} for label, value in pairs if value]


def _proposed(rotation: Rotation) -> list[tuple[str, str]]:
    is_open_ended = rotation.kind == RotationKind.TRANSFER and rotation.planned_end_on is None
    return [
        (_("Nơi đi"), post_name(rotation.from_title.name, rotation.from_unit.name)),
        (_("Nơi đến"), post_name(rotation.to_title.name, rotation.to_unit.name)),
        (_("Từ ngày"), _day(rotation.start_on)),
        (_("Dự kiến đến ngày"), "" if is_open_ended else _day(rotation.planned_end_on)),
        (_("Kết thúc ngày"), formats.date(rotation.ended_on)),
        (_("Căn cứ đề xuất"), str(rotation.get_need_display()) if rotation.need else ""),
        (_("Thuyết minh"), rotation.need_note),
        (_("Kế hoạch"), str(rotation.plan or "")),
    ]


def _day(day: dt.date | None) -> str:
    return formats.date(day) if day else _("chưa có")


def _decided(rotation: Rotation) -> list[tuple[str, str]]:
    return [
        (_("Đề xuất ngày"), _by(rotation.proposed_on, rotation.proposed_by)),
        (_("Tờ trình"), _numbered(rotation.submission_no, rotation.submitted_on)),
        (_("Quyết định"), _numbered(rotation.decision_no, rotation.decision_on)),
    ]


def _told(rotation: Rotation) -> list[tuple[str, str]]:
    """Reasons, which may be about health, family or a discipline."""
    pairs = []
    if rotation.status == RotationStatus.DECLINED:
        kind = str(rotation.get_decline_kind_display()) if rotation.decline_kind else ""
        words = ": ".join(filter(None, (kind, rotation.decline_reason)))
        pairs.append((_("Lý do từ chối"), words or _("chưa ghi")))
    kind = str(rotation.get_end_kind_display()) if rotation.end_kind else ""
    words = ": ".join(filter(None, (kind, rotation.end_note)))
    return [*pairs, (_("Lý do kết thúc sớm"), words)]


def _extensions(rotation: Rotation) -> list[dict[str, str]]:
    text = _("từ %(was)s đến %(until)s, %(document)s ngày %(day)s: %(reason)s")
    return [
        {
            "label": _("Đã kéo dài"),
            "value": text
            % {
                "was": formats.date(each.was) if each.was else _("chưa có"),
                "until": formats.date(each.until),
                "document": each.document,
                "day": formats.date(each.document_on),
                "reason": each.reason,
            },
        }
        for each in rotation.extensions.all()
    ]


def _by(day: dt.date | None, who: Any) -> str:
    return f"{formats.date(day)}, {who}" if day and who else formats.date(day)


def _numbered(number: str, day: dt.date | None) -> str:
    if day is None or not number:
        return ""
    return _("%(no)s ngày %(day)s") % {"no": number, "day": formats.date(day)}


def _check_row(rotation: Rotation, check: Check, *, may_waive: bool) -> dict[str, Any]:
    waiver = check.waiver
    return {
        "outcome": check.outcome.code,
        "title": str(check.code.label),
        "message": check.message,
        "citations": citations_shown(check.citations),
        "waiver": {
            "text": _("Cho phép theo %(document)s ngày %(day)s: %(reason)s")
            % {
                "document": waiver.document,
                "day": formats.date(waiver.document_on),
                "reason": waiver.reason,
            },
            "drop_url": act_url("waiver-drop", rotation.pk, check.code.value) if may_waive else "",
        }
        if waiver
        else None,
        "waive_url": act_url("waiver", rotation.pk, check.code.value)
        if may_waive and check.stands_in_the_way
        else "",
    }


def _opinion_row(
    actor: Actor,
    rotation: Rotation,
    side: Side,
    opinion: RotationOpinion | None,
    *,
    is_told: bool,
) -> dict[str, Any]:
    names = {
        Side.PERSON: rotation.cadre.full_name,
        Side.SENDING: rotation.from_unit.name,
        Side.RECEIVING: rotation.to_unit.name,
    }
    may = rotation.is_open and can_give_opinion(actor, rotation, side)
    return {
        "side": str(side.label),
        "name": names[side],
        "outcome": STANCE_SIGNS[Stance(opinion.stance)] if opinion else "cannot_tell",
        "stance": str(opinion.get_stance_display()) if opinion else _("Chưa có ý kiến"),
        "text": opinion.text if opinion and is_told else "",
        "under": " · ".join(filter(None, (opinion.document, formats.date(opinion.given_on))))
        if opinion
        else "",
        "url": act_url("opinion", rotation.pk, side.value) if may else "",
        "do": _("Sửa") if opinion else _("Ghi ý kiến"),
    }


def _tour(rotation: Rotation, as_of: dt.date) -> dict[str, Any] | None:
    """How long it lasts against the minimum, once it has begun."""
    if rotation.status not in (RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED):
        return None
    tour = tour_of(rotation, as_of)
    if tour.months is None:
        return None
    is_over = rotation.ended_on is not None
    late = not is_over and rotation.planned_end_on is not None and rotation.planned_end_on < as_of
    left = (rotation.planned_end_on - as_of).days if rotation.planned_end_on else None
    return {
        "months": tour.months,
        "minimum": tour.minimum_months,
        "reached_on": tour.reached_on,
        "outcome": "cannot_tell"
        if tour.minimum_months is None
        else "met"
        if tour.months >= tour.minimum_months
        else "not_met"
        if is_over
        else "cannot_tell",
        "is_over": is_over,
        "is_late": late,
        "days_left": left,
        "citations": citations_shown(tour.citations),
    }


def _start(rotation: Rotation, *, edits: bool) -> dict[str, Any] | None:
    """What the career has and lacks of a tour that did not begin here; None: nothing to say.

    `do`: the words of the act that writes what lacks, where the actor may.
    """
    is_running = rotation.status == RotationStatus.IN_PROGRESS
    if not is_done(rotation) or rotation.begun is not None:
        return None
    found = start_on_file(rotation)
    if found is None:
        return None
    is_seconded = rotation.kind == RotationKind.SECONDMENT
    words = {
        "from": post_name(rotation.from_title.name, rotation.from_unit.name),
        "to": post_name(rotation.to_title.name, rotation.to_unit.name),
        "day": formats.date(rotation.start_on),
    }
    rows = [("not_met", text) for text in found.problems]
    if found.left is not None:
        rows.append(("met", _("Hồ sơ ghi thôi giữ %(from)s từ ngày %(day)s.") % words))
    if found.running is not None:
        text = _("Hồ sơ còn ghi giữ %(from)s; cần ghi thôi từ ngày %(day)s.")
        rows.append(("not_met", text % words))
    if is_seconded:
        rows.append(("met", _("Biệt phái: vẫn giữ %(from)s.") % words))
    if found.made is not None:
        rows.append(("met", _("Hồ sơ ghi giữ %(to)s từ ngày %(day)s.") % words))
    elif found.other is None:
        rows.append(("not_met", _("Hồ sơ chưa ghi giữ %(to)s từ ngày %(day)s.") % words))
    is_whole = all(outcome == "met" for outcome, _text in rows)
    if not is_running and is_whole:
        return None
    do = _("Gắn với chức vụ trong hồ sơ") if is_whole else _("Ghi phần còn thiếu vào hồ sơ")
    return {
        "rows": [{"outcome": outcome, "text": text} for outcome, text in rows],
        "is_whole": is_whole,
        "is_running": is_running,
        "is_hindered": bool(found.problems),
        "do": do if is_running and edits and not found.problems else "",
    }


def _report_row(report: TourReport) -> dict[str, Any]:
    return {
        "kind": str(report.get_kind_display()),
        "year": report.year,
        "grade": str(report.get_grade_display()) if report.grade else "",
        "text": report.text,
        "under": " · ".join(filter(None, (report.document, formats.date(report.reported_on)))),
    }


def crumbs(rotation: Rotation | None, as_of: dt.date, *more: str) -> Sequence[dict[str, str]]:
    """The way to a page about one rotation."""
    found = [{"label": _("Luân chuyển"), "url": list_url(as_of)}]
    if rotation is not None:
        name = rotation.cadre.full_name
        url = rotation_url(rotation.pk, as_of) if more else ""
        found.append({"label": name, "url": url} if url else {"label": name})
    return [*found, *({"label": label} for label in more)]
