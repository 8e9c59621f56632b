"""One target or waiver, and the forms around them, as their templates need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags.formats import date, number
from cadres.contexts.history import history_context
from cadres.selectors.units import heirs_of, units_by_id
from compliance import policies
from compliance.choices import Outcome
from compliance.contexts.law import target_lines, waiver_lines
from compliance.law import load_law

if TYPE_CHECKING:
    from cadres.policies import Actor
    from cadres.selectors.history import Change
    from compliance.models import Target, Waiver
    from compliance.previews import Turn

TARGETS, WAIVERS = "chi-tieu", "mien-ap-dung"


def part_url(part: str) -> str:
    """The part of Căn cứ that lists targets or waivers."""
    return f"{reverse('compliance:law-list')}?muc={part}"


def crumbs(part: str, label: str) -> list[dict[str, str]]:
    """Căn cứ › part › label."""
    named = {TARGETS: _("Chỉ tiêu tỉnh"), WAIVERS: _("Miễn áp dụng")}
    return [
        {"label": _("Căn cứ"), "url": reverse("compliance:law-list")},
        {"label": named[part], "url": part_url(part)},
        {"label": label, "url": ""},
    ]


def target_facts(target: Target) -> list[dict[str, str]]:
    """What a target says, for components/key_values.html."""
    (line,) = target_lines(load_law(), [target], clock.today())
    return _facts(
        (_("Tham số"), line.label),
        (_("Đơn vị và cấp dưới"), target.unit.name),
        (_("Cấp"), target.get_level_display()),
        (_("Giá trị"), line.text),
        (_("Hiệu lực"), _period(target.in_force_from, target.in_force_to)),
        (_("Văn bản"), ", ".join(filter(None, (target.document, target.at)))),
        (_("Ngày ký"), date(target.document_on)),
        (_("Mức chắc chắn"), target.get_confidence_display()),
        (_("Văn bản kết thúc, thay thế"), target.end_document),
    )


def target_context(actor: Actor, target: Target, changes: Sequence[Change]) -> dict[str, Any]:
    """Context of `compliance/law_entry.html` for a target."""
    has_begun, is_over = target.has_begun(clock.today()), _is_over(target)
    actions = []
    if policies.can_set_target(actor, target.unit):
        if not is_over:
            actions.append((_("Thay chỉ tiêu…"), "target-replace", "primary"))
            actions.append((_("Kết thúc…"), "target-end", "quiet"))
        if not has_begun:
            actions.append((_("Xóa…"), "target-drop", "danger"))
    state = {"text": _("chưa đến ngày"), "outcome": "not_applicable"}
    if is_over:
        state["text"] = _("đã kết thúc")
    elif has_begun:
        state = {"text": _("đang áp dụng"), "outcome": "met"}
    (line,) = target_lines(load_law(), [target], clock.today())
    return {
        "title": line.label,
        "state": state,
        "facts": target_facts(target),
        "actions": _actions(actions, target.pk),
        "crumbs": crumbs(TARGETS, line.label),
        "note": " ".join(
            filter(
                None,
                (
                    _ended_note(target),
                    _(
                        "Chỉ tiêu đã có hiệu lực không sửa được, chỉ kết thúc hoặc thay: kết quả "
                        "đã xét theo chỉ tiêu nào thì giữ căn cứ ấy."
                    ),
                ),
            )
        ),
        **_history(changes),
    }


def _ended_note(target: Target) -> str:
    """What a target still means once its unit is no more; "" while it is there.

    Its plans are judged on every day (CONTRACT section 3, reading 1), those of its heirs are not.
    """
    ended = heirs_of([target.unit_id], clock.today()).get(target.unit_id)
    if ended is None:
        return ""
    day, heir_ids = ended
    words = {"day": date(day), "unit": target.unit.name}
    text = _(
        "%(unit)s đã kết thúc ngày %(day)s: chỉ tiêu này chỉ còn dùng khi xét những gì thuộc đơn "
        "vị ấy."
    )
    heirs = "; ".join(unit.name for unit in units_by_id(heir_ids).values())
    if not heirs:
        return text % words
    more = _(
        "Đơn vị kế tục (%(heirs)s) không theo chỉ tiêu này; muốn áp dụng thì đặt chỉ tiêu mới."
    )
    return f"{text % words} {more % {'heirs': heirs}}"


def waiver_facts(waiver: Waiver) -> list[dict[str, str]]:
    """What a waiver says, for components/key_values.html."""
    (line,) = waiver_lines([waiver], clock.today())
    return _facts(
        (_("Tiêu chí"), line.title),
        (_("Đơn vị"), waiver.unit.name),
        (_("Lý do"), waiver.reason),
        (_("Hiệu lực"), _period(waiver.in_force_from, waiver.in_force_to)),
        (_("Văn bản cho phép"), waiver.document),
        (_("Ngày ký"), date(waiver.document_on)),
        (_("Người đề nghị"), str(waiver.asked_by)),
        (_("Người phê duyệt"), str(waiver.approved_by or _("chưa ai phê duyệt"))),
    )


def waiver_context(actor: Actor, waiver: Waiver, changes: Sequence[Change]) -> dict[str, Any]:
    """Context of `compliance/law_entry.html` for a waiver."""
    (line,) = waiver_lines([waiver], clock.today())
    may_write = policies.can_write_waiver(actor, waiver.unit)
    may_approve = policies.can_approve_waiver(actor, waiver)
    actions = []
    if waiver.approved_by is not None:
        if (may_write or may_approve) and not _is_over(waiver):
            actions.append((_("Kết thúc sớm…"), "waiver-end", "quiet"))
    elif may_approve:
        actions.append((_("Phê duyệt…"), "waiver-approve", "primary"))
        actions.append((_("Không phê duyệt…"), "waiver-drop", "quiet"))
    elif may_write:
        actions.append((_("Rút đề nghị…"), "waiver-drop", "quiet"))
    return {
        "title": line.title,
        "state": {"text": line.state, "outcome": line.outcome},
        "facts": waiver_facts(waiver),
        "actions": _actions(actions, waiver.pk),
        "crumbs": crumbs(WAIVERS, line.title),
        "note": _(
            "Miễn áp dụng không đổi kết quả và chỉ có hiệu lực với đơn vị được nêu, không lan "
            "xuống cấp dưới. Một người đề nghị, người khác phê duyệt; hết thời hạn thì tự thôi."
        ),
        **_history(changes),
    }


def _is_over(entry: Target | Waiver) -> bool:
    return entry.in_force_to is not None and entry.in_force_to < clock.today()


def _period(start: Any, end: Any) -> str:
    words = {"start": date(start), "end": date(end)}
    return (_("từ %(start)s đến hết %(end)s") if end else _("từ %(start)s")) % words


def _facts(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in pairs if value]


def _actions(actions: Iterable[tuple[str, str, str]], pk: int) -> list[dict[str, str]]:
    return [
        {"label": label, "url": reverse(f"compliance:{name}", args=[pk]), "kind": kind}
        for label, name, kind in actions
    ]


def _history(changes: Sequence[Change]) -> dict[str, Any]:
    found = history_context(changes, subject="", back_url="")
    return {"changes": found["changes"], "total": found["total"]}


def turn_rows(turns: Iterable[Turn]) -> list[dict[str, Any]]:
    """What a target would change, as sentences with the sign of what comes of it."""
    return [
        {
            "outcome": (turn.now or Outcome.NOT_APPLICABLE).code,
            "text": _said(turn),
            "rule": turn.rule.title,
        }
        for turn in turns
    ]


def _said(turn: Turn) -> str:
    text = ngettext(
        "%(n)s %(what)s: từ “%(was)s” thành “%(now)s”",
        "%(n)s %(what)s: từ “%(was)s” thành “%(now)s”",
        turn.number,
    )
    none = Outcome.NOT_APPLICABLE
    return text % {
        "n": number(turn.number),
        "what": str(turn.kind.label).lower(),
        "was": str((turn.was or none).label).lower(),
        "now": str((turn.now or none).label).lower(),
    }
