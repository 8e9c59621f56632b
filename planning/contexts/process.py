"""Cycles and dossiers as their pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor, can_see_sensitive
from planning.choices import CycleKind, DraftAct, PlanStatus
from planning.contexts import links, review
from planning.forms.process import BALLOT_FIELDS, BallotRows
from planning.models import Dossier, DraftItem, Plan, PlanningCycle, StepBallot, StepRecord
from planning.policies import can_decide_dossier, can_edit_plan, can_open_cycle
from planning.selectors import cycles as cycle_reads
from planning.selectors import dossiers as reads
from planning.selectors.cycles import NOT_BEGUN, AskedUnit, Board

#: A status as an outcome sign and a word: what waits is unclear, what was given back is not met.
STATUS_SIGNS = {
    NOT_BEGUN: "not_applicable",
    PlanStatus.DRAFT: "cannot_tell",
    PlanStatus.SUBMITTED: "cannot_tell",
    PlanStatus.RETURNED: "not_met",
    PlanStatus.APPROVED: "met",
}


def status_word(status: str) -> str:
    """What a dossier's status is called."""
    return _("Chưa lập") if status == NOT_BEGUN else str(PlanStatus(status).label)


# ---- Cycles ----------------------------------------------------------------------------------


def cycle_table(
    page: Any, progress: Mapping[int, Mapping[str, int]], today: dt.date, *, can_open: bool
) -> dict[str, Any]:
    """The list of cycles."""
    return {
        "columns": [
            {"label": _("Đợt"), "name": True},
            {"label": _("Nhiệm kỳ")},
            {"label": _("Phạm vi"), "quiet": True},
            {"label": _("Hạn trình")},
            {"label": _("Đã trình"), "num": True},
            {"label": _("Đã phê duyệt"), "num": True},
            {"label": _("Tình trạng")},
        ],
        "rows": [_cycle_row(cycle, progress[cycle.pk], today) for cycle in page.object_list],
        "page": page,
        "noun": _("đợt"),
        "caption": _("Các đợt quy hoạch"),
        "empty": {
            "title": _("Chưa có đợt quy hoạch nào"),
            "text": _(
                "Một đợt yêu cầu các đơn vị xây dựng quy hoạch, hoặc rà soát, bổ sung, "
                "và trình trước một ngày."
            ),
            "action": {"label": _("Mở đợt"), "url": reverse("planning:cycle-new")}
            if can_open
            else None,
            "icon": "calendar",
        },
    }


def _cycle_row(cycle: PlanningCycle, progress: Mapping[str, int], today: dt.date) -> dict[str, Any]:
    sent = progress[PlanStatus.SUBMITTED] + progress[PlanStatus.APPROVED]
    return {
        "url": reverse("planning:cycle-detail", args=[cycle.pk]),
        "cells": [
            {"text": cycle.name, "under": str(cycle.get_kind_display())},
            str(cycle.term),
            scope_words(cycle),
            formats.date(cycle.due_on),
            sent,
            progress[PlanStatus.APPROVED],
            cycle_state(cycle, today),
        ],
    }


def scope_words(cycle: PlanningCycle) -> str:
    """Which units are asked."""
    where = cycle.unit.name if cycle.unit else _("Tất cả đơn vị")
    return f"{where}, {str(cycle.get_level_display()).lower()}" if cycle.level else where


def cycle_state(cycle: PlanningCycle, today: dt.date) -> dict[str, str]:
    """Whether dossiers are taken, and how many days are left."""
    if not cycle.is_open:
        return {"outcome": "not_applicable", "text": _("Đã kết thúc")}
    left = (cycle.due_on - today).days
    if left < 0:
        return {"outcome": "not_met", "text": _("Quá hạn %(n)s ngày") % {"n": -left}}
    if today < cycle.opens_on:
        day = formats.date(cycle.opens_on)
        return {"outcome": "not_applicable", "text": _("Bắt đầu %(day)s") % {"day": day}}
    words = _("Hạn hôm nay") if left == 0 else _("Còn %(n)s ngày") % {"n": left}
    return {"outcome": "cannot_tell", "text": words}


def board_tiles(board: Board, url: str, shown: str) -> list[dict[str, Any]]:
    """How many units stand where, each leading to them."""
    totals = board.totals
    return [
        {
            "label": label,
            "figure": formats.number(totals[key] if key else len(board.units)),
            "url": f"{url}?tinh-trang={key}" if key else url,
            "outcome": sign if not key or totals[key] else "",
            "here": key == shown,
        }
        for key, label, sign in (
            ("", _("Đơn vị được yêu cầu"), ""),
            (NOT_BEGUN, _("Chưa lập"), ""),
            (PlanStatus.DRAFT, _("Đang soạn"), ""),
            (PlanStatus.SUBMITTED, _("Chờ phê duyệt"), "cannot_tell"),
            (PlanStatus.RETURNED, _("Bị trả lại"), "not_met"),
            (PlanStatus.APPROVED, _("Đã phê duyệt"), "met"),
            ("late", _("Quá hạn"), "not_met"),
        )
    ]


def board_table(page: Any, as_of: dt.date, *, is_filtered: bool, url: str) -> dict[str, Any]:
    """The units of a cycle."""
    empty = {
        "title": _("Không có đơn vị nào ở tình trạng này") if is_filtered else _("Chưa có đơn vị"),
        "text": _("Thử chọn tình trạng khác.")
        if is_filtered
        else _("Không đơn vị nào trong phạm vi của đồng chí được yêu cầu trong đợt này."),
        "action": {"label": _("Xem tất cả"), "url": url} if is_filtered else None,
        "icon": "tree",
    }
    return {
        "columns": [
            {"label": _("Đơn vị"), "name": True},
            {"label": _("Tình trạng")},
            {"label": _("Ngày trình")},
            {"label": _("Hạn phê duyệt")},
            {"label": _("Quyết định"), "quiet": True},
        ],
        "rows": [_board_row(unit, as_of) for unit in page.object_list],
        "page": page,
        "noun": _("đơn vị"),
        "caption": _("Các đơn vị trong đợt"),
        "empty": empty,
    }


def _board_row(unit: AskedUnit, as_of: dt.date) -> dict[str, Any]:
    url = (
        links.plan_url(unit.plan_id, as_of, phan="ho-so")
        if unit.plan_id
        else links.unit_url(unit.code, as_of)
    )
    state = status_word(unit.status)
    if unit.is_late and unit.status != PlanStatus.SUBMITTED:
        state = _("%(state)s, quá hạn") % {"state": state}
    decided = ""
    if unit.status == PlanStatus.APPROVED and unit.decision_on:
        decided = _("%(no)s ngày %(day)s") % {
            "no": unit.decision_no,
            "day": formats.date(unit.decision_on),
        }
    return {
        "url": url,
        "cells": [
            {"text": unit.name},
            {
                "outcome": "not_met" if unit.is_late else STATUS_SIGNS[unit.status],
                "text": state,
            },
            formats.date(unit.submitted_on) if unit.submitted_on else "",
            _deadline(unit),
            decided,
        ],
    }


def _deadline(unit: AskedUnit) -> Any:
    if unit.decide_by is None or unit.days_left is None:
        return ""
    if unit.days_left < 0:
        under = _("quá %(n)s ngày làm việc") % {"n": -unit.days_left}
    else:
        under = _("còn %(n)s ngày làm việc") % {"n": unit.days_left}
    return {"text": formats.date(unit.decide_by), "under": under}


# ---- A dossier on the page of its plan -------------------------------------------------------


def dossier_part(
    actor: Actor,
    dossier: Dossier,
    as_of: dt.date,
    today: dt.date,
    remarks: Mapping[int, str] | None = None,
) -> dict[str, Any]:
    """Steps, what stands in the way, what the draft changes, and who may act."""
    steps = reads.steps_of(dossier)
    items, standing = reads.items_of(dossier), reads.standing_nominations(dossier.plan)
    candidates = reads.candidates_of(dossier, items, standing)
    found = (
        reads.obstacles(dossier, steps=steps, items=items, standing=standing, today=today)
        if dossier.is_open
        else []
    )
    bad = {each.step for each in found}
    edits = can_edit_plan(actor, dossier.plan)
    until = (
        cycle_reads.deadlines([dossier], cycle_reads.holidays()).get(dossier.pk)
        if dossier.status == PlanStatus.SUBMITTED
        else None
    )
    return {
        "dossier": dossier,
        "status": {
            "outcome": STATUS_SIGNS[PlanStatus(dossier.status)],
            "text": status_word(dossier.status),
        },
        "line": _line(dossier, steps, bad),
        "steps": [_step_row(dossier, step, candidates, step.number in bad) for step in steps],
        "obstacles": [_obstacle(each, dossier, as_of) for each in found],
        "changes": draft_groups(
            items, remarks, is_told=can_see_sensitive(actor, dossier.plan.unit)
        ),
        "remarks": remarks,
        "kept": sum(item.act == DraftAct.KEEP for item in items),
        "undecided": len(standing)
        - len({item.nomination_id for item in items if item.nomination_id}),
        "is_review": dossier.cycle.kind == CycleKind.REVIEW,
        "decide_by": until,
        "may_edit": edits and dossier.is_open,
        "may_take_back": edits and dossier.status == PlanStatus.SUBMITTED,
        "may_decide": dossier.status == PlanStatus.SUBMITTED and can_decide_dossier(actor, dossier),
    }


def plan_dossier(actor: Actor, plan: Plan, as_of: dt.date) -> dict[str, Any]:
    """The part about the dossier on the page of a plan; `dossier` None where none is under way."""
    today = clock.today()
    dossier = reads.dossier_open_of(plan)
    past = past_dossiers(reads.dossiers_of(plan))
    if dossier is None:
        return {"past": past, **beginnings(actor, plan)}
    return {
        "past": past,
        **dossier_part(actor, dossier, as_of, today),
        **review.warnings(actor, dossier, today),
    }


def beginnings(actor: Actor, plan: Plan) -> dict[str, Any]:
    """In which open cycles a dossier of the plan can be begun, and by whom."""
    may_open = can_open_cycle(actor)
    return {
        "dossier": None,
        "open_cycles": cycle_reads.cycles_open_for(plan),
        "may_begin": can_edit_plan(actor, plan),
        "none_action": {"label": _("Mở đợt"), "url": reverse("planning:cycle-new")}
        if may_open
        else {"label": _("Xem các đợt"), "url": reverse("planning:cycle-list")},
    }


def _line(
    dossier: Dossier, steps: Sequence[StepRecord], bad: set[int | None]
) -> list[dict[str, Any]]:
    """The steps across the top, then submission and decision; the first one open is current."""
    ends = dossier.status in (PlanStatus.SUBMITTED, PlanStatus.APPROVED)
    words = [
        (_("Bước %(n)s") % {"n": step.number}, bool(step.held_on) and step.number not in bad)
        for step in steps
    ]
    words += [(_("Trình"), ends), (_("Phê duyệt"), dossier.status == PlanStatus.APPROVED)]
    shown, is_current_taken = [], False
    for label, is_done in words:
        state = "done" if is_done else "todo" if is_current_taken else "current"
        is_current_taken = is_current_taken or not is_done
        shown.append({"label": label, "state": state, "url": ""})
    return shown


def _step_row(
    dossier: Dossier, step: StepRecord, candidates: Sequence[reads.Candidate], is_bad: bool
) -> dict[str, Any]:
    ballots = list(step.ballots.all())
    passed = ""
    if step.has_ballot and step.held_on and candidates:
        rule = reads.ballot_rule(dossier.plan, step.held_on)
        elected = sum(rule.passed(ballot) is not False for ballot in ballots)
        passed = _("%(n)s/%(all)s người đạt") % {"n": elected, "all": len(candidates)}
    state = "not_met" if is_bad and step.held_on else "met" if step.held_on else "cannot_tell"
    is_idle = step.has_ballot and not candidates and not step.held_on
    return {
        "number": step.number,
        "name": step.name,
        "body": step.body,
        "held_on": step.held_on,
        "minutes_no": step.minutes_no,
        "attendance": f"{step.present}/{step.summoned}" if step.present is not None else "",
        "passed": passed,
        "outcome": "not_applicable" if is_idle else state,
        "word": _("Không cần")
        if is_idle
        else _("Cần xem lại")
        if is_bad and step.held_on
        else _("Đã xong")
        if step.held_on
        else _("Chưa tổ chức"),
        "url": reverse("planning:dossier-step", args=[dossier.pk, step.number]),
    }


def _obstacle(each: reads.Obstacle, dossier: Dossier, as_of: dt.date) -> dict[str, Any]:
    url = ""
    if each.step is not None:
        url = reverse("planning:dossier-step", args=[dossier.pk, each.step])
    elif each.in_review:
        url = links.plan_url(dossier.plan_id, as_of, phan="ra-soat")
    return {"text": each.text, "url": url}


def draft_groups(
    items: Iterable[DraftItem], remarks: Mapping[int, str] | None = None, *, is_told: bool = True
) -> list[dict[str, Any]]:
    """Who is added and who is taken out, by title; who stays is only counted.

    `is_told`: whether reasons and remarks may be read.
    """
    groups: dict[int, dict[str, Any]] = {}
    for item in items:
        if item.act == DraftAct.KEEP:
            continue
        group = groups.setdefault(
            item.pool_id, {"title": str(item.pool.position.title), "rows": []}
        )
        is_added = item.act == DraftAct.ADD
        reason = "" if is_added else str(item.get_reason_display())
        group["rows"].append(
            {
                "item": item,
                "name": item.cadre.full_name,
                "is_added": is_added,
                "why": ": ".join(filter(None, (reason, item.note))) if is_told else "",
                "remark": item.returned_for if is_told else "",
                "typed": (remarks or {}).get(item.pk, item.returned_for),
            }
        )
    return list(groups.values())


def past_dossiers(dossiers: Iterable[Dossier]) -> list[dict[str, Any]]:
    """Dossiers that ended, the latest first."""
    return [
        {
            "cycle": dossier.cycle.name,
            "decision": _("Quyết định %(no)s ngày %(day)s")
            % {"no": dossier.decision_no, "day": formats.date(dossier.decision_on)},
            "submission": _("Tờ trình %(no)s ngày %(day)s")
            % {"no": dossier.submission_no, "day": formats.date(dossier.submitted_on)},
            "url": reverse("planning:dossier-detail", args=[dossier.pk]),
        }
        for dossier in dossiers
        if dossier.status == PlanStatus.APPROVED
    ]


# ---- A step ----------------------------------------------------------------------------------


def ballot_rows(
    dossier: Dossier,
    step: StepRecord,
    candidates: Sequence[reads.Candidate],
    typed: BallotRows | None,
) -> list[dict[str, Any]]:
    """A row a candidate with what was typed or kept, and whether it passes as kept."""
    kept = {(ballot.pool_id, ballot.cadre_id): ballot for ballot in step.ballots.all()}
    rule = reads.ballot_rule(dossier.plan, step.held_on or dossier.opened_on)
    rows = []
    for each in candidates:
        key = (each.pool_id, each.cadre_id)
        ballot = kept.get(key)
        rows.append(
            {
                "id": f"{each.pool_id}-{each.cadre_id}",
                "name": each.name,
                "title": each.title,
                "cells": [
                    {
                        "name": BallotRows.name(key, count),
                        "value": typed.typed[key][count]
                        if typed
                        else getattr(ballot, count)
                        if ballot
                        else "",
                        "count": count,
                    }
                    for count in BALLOT_FIELDS
                ],
                "error": typed.errors.get(key, "") if typed else "",
                "share": formats.percent(ballot.agree, rule.base(ballot)) if ballot else "",
                "outcome": _elected(rule, ballot),
            }
        )
    return rows


def _elected(rule: reads.BallotRule, ballot: StepBallot | None) -> str:
    passed = rule.passed(ballot) if ballot else None
    return "" if passed is None else "met" if passed else "not_met"


def rule_words(rule: reads.BallotRule) -> str:
    """When somebody is elected."""
    if rule.percent is None:
        return _("Chưa có căn cứ về tỷ lệ phiếu vào ngày này.")
    return _("Đạt khi số phiếu đồng ý nhiều hơn %(percent)s %% %(base)s.") % {
        "percent": rule.percent,
        "base": rule.words,
    }


def asked_words(count: int) -> str:
    """How many people a step is about."""
    return ngettext("%(n)s người được lấy phiếu", "%(n)s người được lấy phiếu", count) % {
        "n": count
    }
