"""The plan of a year as its pages show it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags.formats import date, number
from cadres.choices import Level
from cadres.policies import Actor
from cadres.words import title_alone
from rotation.choices import PlanState, RotationStatus, Stage
from rotation.contexts.links import address, rotation_url, unit_url
from rotation.contexts.parts import parts
from rotation.forms.plans import (
    CELLS,
    COUNTS,
    NOTE_LENGTH,
    PURPOSE,
    PURPOSE_LENGTH,
    PURPOSE_SHOWN,
    TargetGrid,
    cell_name,
    shown_name,
)
from rotation.models import Rotation, RotationPlan, RotationPlanDecision
from rotation.policies import can_decide_plan, can_plan
from rotation.selectors import plans as reads
from rotation.selectors.plans import RECEIVE, SEND, Numbers, PlanTotals, TargetRow, UnitProgress
from rotation.services.plans import TargetConflict, TargetsChanged

if TYPE_CHECKING:
    from cadres.models import Unit

LIST = "rotation:plan-list"
DETAIL = "rotation:plan-detail"
_STATE_SIGNS = {
    PlanState.DRAFT: "not_applicable",
    PlanState.SUBMITTED: "cannot_tell",
    PlanState.APPROVED: "met",
}
MOVE_SIGNS = {
    RotationStatus.PROPOSED: "cannot_tell",
    RotationStatus.APPROVED: "cannot_tell",
    RotationStatus.IN_PROGRESS: "met",
    RotationStatus.COMPLETED: "met",
    RotationStatus.DECLINED: "not_applicable",
    RotationStatus.CANCELLED: "not_applicable",
}
_UNDER_WAY = (Stage.DONE, Stage.DECIDED, Stage.PROPOSED)


@dataclass(frozen=True)
class Chosen:
    """What the list of rotations on a plan's page is narrowed to."""

    unit: Unit | None = None
    side: str = ""
    stage: str = ""


def crumbs(today: dt.date, plan: RotationPlan | None = None, label: str = "") -> list[Any]:
    """Where a page of plans stands."""
    way = [
        {"label": _("Luân chuyển"), "url": address("rotation:rotation-list", as_of=today)},
        {"label": _("Kế hoạch năm"), "url": address(LIST, as_of=today)},
    ]
    if plan is not None:
        url = address(DETAIL, plan.year, as_of=today) if label else ""
        way.append({"label": str(plan.year), "url": url})
    return [*way, {"label": label, "url": ""}] if label else way


def state_of(plan: RotationPlan, *, is_adjusted: bool = False) -> dict[str, str]:
    """Where it stands, as a sign and words."""
    state = PlanState(plan.status)
    text = str(state.label)
    if is_adjusted and state != PlanState.APPROVED:
        text = _("Đang điều chỉnh") if state == PlanState.DRAFT else _("Đã trình điều chỉnh")
    elif plan.return_reason and state == PlanState.DRAFT:
        return {"outcome": "not_met", "text": _("Bị trả lại")}
    return {"outcome": _STATE_SIGNS[state], "text": text}


# ---- All years -------------------------------------------------------------------------------


def list_context(
    plans: Sequence[RotationPlan],
    totals: Mapping[int, PlanTotals],
    as_of: dt.date,
    *,
    may_plan: bool,
) -> dict[str, Any]:
    """Context of `rotation/plan_list.html`."""
    open_url = address("rotation:plan-open", as_of=as_of)
    action = {"label": _("Mở kế hoạch năm"), "url": open_url} if may_plan else None
    return {
        "parts": parts(LIST, as_of),
        "crumbs": crumbs(as_of)[:1],
        "open_url": open_url if may_plan else "",
        "table": {
            "columns": [
                {"label": _("Năm"), "name": True},
                {"label": _("Tình trạng")},
                {"label": _("Văn bản")},
                {"label": _("Đơn vị có chỉ tiêu"), "num": True},
                {"label": _("Cử đi"), "num": True},
                {"label": _("Tiếp nhận"), "num": True},
                {"label": _("Lượt đã thực hiện"), "num": True},
            ],
            "rows": [_plan_row(plan, totals[plan.pk], as_of) for plan in plans],
            "caption": _("Kế hoạch luân chuyển các năm"),
            "empty": {
                "title": _("Chưa có kế hoạch luân chuyển năm nào"),
                "text": _("Kế hoạch năm giao chỉ tiêu cử đi, tiếp nhận cho từng đơn vị."),
                "action": action,
                "icon": "calendar",
            },
        },
    }


def _plan_row(plan: RotationPlan, totals: PlanTotals, as_of: dt.date) -> dict[str, Any]:
    paper = ""
    if plan.status == PlanState.APPROVED:
        paper = _dated(plan.decision_no, plan.decision_on)
    elif plan.status == PlanState.SUBMITTED:
        paper = _("Tờ trình %(no)s") % {"no": _dated(plan.submission_no, plan.submitted_on)}
    return {
        "url": address(DETAIL, plan.year, as_of=as_of),
        "cells": [
            {"text": str(plan.year), "url": address(DETAIL, plan.year, as_of=as_of)},
            state_of(plan),
            paper,
            number(totals.units),
            number(totals.send),
            number(totals.receive),
            number(totals.done),
        ],
    }


def _dated(no: str, day: dt.date | None) -> str:
    return _("%(no)s ngày %(day)s") % {"no": no, "day": date(day)}


def open_context(form: Any, today: dt.date) -> dict[str, Any]:
    """Context of `rotation/plan_act.html` for a new plan."""
    return {
        "crumbs": crumbs(today, None, _("Mở kế hoạch")),
        "title": _("Mở kế hoạch luân chuyển năm"),
        "sub": "",
        "form": form,
        "submit": _("Mở kế hoạch"),
        "intro": "",
        "cancel_url": address(LIST, as_of=today),
    }


# ---- One year --------------------------------------------------------------------------------


def detail_context(
    actor: Actor, plan: RotationPlan, as_of: dt.date, *, chosen: Chosen, moves: Any
) -> dict[str, Any]:
    """Context of `rotation/plan_detail.html`."""
    decisions = reads.decisions_of(plan)
    in_force = decisions[0] if decisions and plan.status != PlanState.APPROVED else None
    units = reads.progress_of(actor, plan, in_force)
    page = _Detail(plan, as_of, units, reads.stages_of_plan(actor, plan), chosen)
    may_plan = can_plan(actor)
    numbers = [each.numbers for each in units]
    is_draft = plan.status == PlanState.DRAFT
    return {
        "plan": plan,
        "crumbs": crumbs(as_of, plan),
        "parts": parts(LIST, as_of),
        "state": state_of(plan, is_adjusted=bool(decisions)),
        "paper": page.paper(),
        "lede": page.lede(),
        "tiles": page.tiles(),
        "notes": page.notes(in_force, numbers if may_plan and is_draft else None),
        "sides": [
            {"key": SEND, "label": _("Cử đi")},
            {"key": RECEIVE, "label": _("Tiếp nhận")},
        ],
        "units": [page.unit_row(each) for each in units],
        "totals": page.totals_row(),
        "is_part": not may_plan,
        "moves": _moves_table(moves, as_of, is_narrowed=chosen != Chosen()),
        "chips": page.chips(),
        "clear_url": page.here(),
        "decisions": [_decision(each) for each in decisions],
        "acts": _acts(actor, plan, may_plan=may_plan),
        "proposals_url": _proposals_url(plan, as_of) if may_plan else "",
        "today": clock.today(),
    }


def _acts(actor: Actor, plan: RotationPlan, *, may_plan: bool) -> dict[str, bool]:
    decides = plan.status == PlanState.SUBMITTED and can_decide_plan(actor, plan)
    return {
        "edit": may_plan and plan.status == PlanState.DRAFT,
        "take_back": may_plan and plan.status == PlanState.SUBMITTED,
        "decide": decides,
        "reopen": may_plan and plan.status == PlanState.APPROVED,
    }


def _proposals_url(plan: RotationPlan, as_of: dt.date) -> str:
    """The solver's page for this plan, on a first day of a month that lies in its year."""
    today = clock.today()
    day = dt.date(plan.year, 1, 1)
    if plan.year == today.year:
        day = dt.date(plan.year, min(today.month + 1, 12), 1)
    if day < today:
        return ""
    return address("rotation:proposals", as_of=as_of, tu_ngay=date(day))


@dataclass(frozen=True)
class _Detail:
    """Words and addresses on the page of one plan."""

    plan: RotationPlan
    as_of: dt.date
    units: Sequence[UnitProgress]
    stages: Mapping[Stage, int]
    chosen: Chosen

    def here(self, **query: str) -> str:
        """The page with the list of rotations narrowed."""
        url = address(DETAIL, self.plan.year, as_of=self.as_of, **query)
        return f"{url}#danh-sach"

    def total(self, side: str, *stages: Stage) -> int:
        """Moves of all units shown in these stages."""
        return sum(each.moves[side][stage] for each in self.units for stage in stages)

    def asked(self, side: str) -> int:
        """Targets of all units shown."""
        return sum(each.target(side) for each in self.units)

    def missing(self, side: str) -> int:
        """Targets for which nothing is proposed."""
        return sum(each.missing(side) for each in self.units)

    def lapsed(self) -> dict[str, int]:
        """Targets that lapsed with their units."""
        return {side: sum(each.lapsed[side] for each in self.units) for side in (SEND, RECEIVE)}

    def paper(self) -> str:
        """Which papers it stands on."""
        plan = self.plan
        said = []
        if plan.submission_no and plan.submitted_on:
            no = _dated(plan.submission_no, plan.submitted_on)
            said.append(_("Tờ trình %(no)s") % {"no": no})
        if plan.decision_no:
            said.append(_("Kế hoạch %(no)s") % {"no": _dated(plan.decision_no, plan.decision_on)})
        return " · ".join(said)

    def lede(self) -> str:
        """The one sentence first."""
        if not any(self.asked(side) for side in (SEND, RECEIVE)):
            return _("Chưa giao chỉ tiêu cho đơn vị nào.")
        words = {
            "sent": self.total(SEND, Stage.DONE),
            "send": self.asked(SEND),
            "received": self.total(RECEIVE, Stage.DONE),
            "receive": self.asked(RECEIVE),
        }
        text = _("Đã cử đi %(sent)s/%(send)s, đã tiếp nhận %(received)s/%(receive)s lượt;") % words
        lacking = {side: self.missing(side) for side in (SEND, RECEIVE)}
        if not any(lacking.values()):
            if any(self.lapsed().values()):
                return f"{text} {_('chỉ tiêu nào còn áp dụng cũng đã có người.')}"
            return f"{text} {_('chỉ tiêu nào cũng đã có người.')}"
        rest = _("chưa có đề xuất: cử đi %(di)s, tiếp nhận %(den)s.") % lacking
        return f"{text} {rest}"

    def tiles(self) -> list[dict[str, Any]]:
        """Figures that lead to the rotations behind them."""
        done = {side: self.total(side, Stage.DONE) for side in (SEND, RECEIVE)}
        tiles = [
            {
                "label": label,
                "figure": f"{number(done[side])}/{number(self.asked(side))}",
                "note": _("đã thực hiện"),
                "url": self.here(tinh_trang=Stage.DONE.value, huong=side) if done[side] else "",
            }
            for side, label in ((SEND, _("Cử đi")), (RECEIVE, _("Tiếp nhận")))
        ]
        for stage in (Stage.DECIDED, Stage.PROPOSED, Stage.OFF):
            n = self.stages[stage]
            tiles.append(
                {
                    "label": str(stage.label),
                    "figure": number(n),
                    "note": _("lượt"),
                    "url": self.here(tinh_trang=stage.value) if n else "",
                }
            )
        return tiles

    def notes(
        self, in_force: RotationPlanDecision | None, numbers: Sequence[Numbers] | None
    ) -> list[dict[str, Any]]:
        """Bands: why it came back, what is being adjusted, what is missing before submission."""
        found = []
        if self.plan.return_reason:
            found.append(_note("not_met", _("Kế hoạch bị trả lại"), self.plan.return_reason))
        if in_force is not None:
            found.append(_note("", _("Đang điều chỉnh"), self._adjusting(in_force)))
        lapsed = self.lapsed()
        if any(lapsed.values()):
            text = _(
                "Đơn vị đã kết thúc mà không có một đơn vị kế tục duy nhất: cử đi %(di)s, tiếp "
                "nhận %(den)s không còn áp dụng. Muốn giao lại thì điều chỉnh kế hoạch."
            )
            found.append(_note("cannot_tell", "", text % lapsed))
        if numbers is None:
            return found
        for text in reads.obstacles_to_submit_plan(self.plan, numbers):
            found.append(_note("cannot_tell", "", text))
        send, receive = self.asked(SEND), self.asked(RECEIVE)
        if send != receive and not self.chosen.unit:
            text = _(
                "Tổng cử đi là %(send)s, tổng tiếp nhận là %(receive)s. Số chênh là người đến từ "
                "hoặc đi ngoài tỉnh; nếu không phải vậy, hãy xem lại."
            )
            found.append(_note("", "", text % {"send": send, "receive": receive}))
        return found

    def _adjusting(self, decision: RotationPlanDecision) -> str:
        changed = sum(each.is_changed for each in self.units)
        words = {
            "no": _dated(decision.decision_no, decision.decision_on),
            "why": decision.reopen_reason,
            "n": changed,
        }
        return (
            _(
                "Chỉ tiêu theo %(no)s vẫn có hiệu lực; bản đang sửa khác ở %(n)s đơn vị. Lý do: "
                "%(why)s"
            )
            % words
        )

    # ---- The table

    def unit_row(self, each: UnitProgress) -> dict[str, Any]:
        """One unit, with both sides."""
        code = each.unit.code
        return {
            "name": each.unit.name,
            "url": unit_url(code, self.as_of),
            "note": each.numbers.note,
            "decided": _was(each.decided) if each.is_changed and each.decided else "",
            "ended": _ended_words(each.ended_on, each.heirs),
            "carried": _carried_words(each),
            "is_here": self.chosen.unit is not None and self.chosen.unit.pk == each.unit.pk,
            "cells": [
                cell
                for side in (SEND, RECEIVE)
                for cell in self._cells(
                    each.target(side), each.moves[side], each.missing(side), side, code
                )
            ],
        }

    def totals_row(self) -> list[dict[str, Any]]:
        """The sums of all units shown."""
        cells = []
        for side in (SEND, RECEIVE):
            moves = Counter({stage: self.total(side, stage) for stage in _UNDER_WAY})
            cells += self._cells(self.asked(side), moves, self.missing(side), side, "")
        return cells

    def _cells(
        self, target: int, moves: Mapping[Stage, int], missing: int, side: str, code: str
    ) -> list[dict[str, Any]]:
        word = _("Đi") if side == SEND else _("Đến")
        cells = [{"n": target, "label": _("%(side)s, chỉ tiêu") % {"side": word}, "first": True}]
        for stage in _UNDER_WAY:
            n = moves[stage]
            query = {"tinh_trang": stage.value, "huong": side, "don_vi": code}
            cells.append(
                {
                    "n": n,
                    "label": f"{word}, {str(stage.label).lower()}",
                    "url": self.here(**query) if n else "",
                }
            )
        label = _("%(side)s, chưa có đề xuất") % {"side": word}
        return [*cells, {"n": missing, "label": label, "is_missing": missing > 0}]

    def chips(self) -> list[dict[str, str]]:
        """What the list of rotations is narrowed to."""
        chosen, found = self.chosen, []
        code = chosen.unit.code if chosen.unit else ""
        if chosen.unit:
            rest = self.here(tinh_trang=chosen.stage, huong=chosen.side)
            found.append({"label": _("Đơn vị"), "value": chosen.unit.name, "remove_url": rest})
        if chosen.side:
            value = _("cử đi") if chosen.side == SEND else _("tiếp nhận")
            rest = self.here(tinh_trang=chosen.stage, don_vi=code)
            found.append({"label": _("Chiều"), "value": value, "remove_url": rest})
        if chosen.stage:
            rest = self.here(don_vi=code, huong=chosen.side)
            value = str(Stage(chosen.stage).label)
            found.append({"label": _("Tình trạng"), "value": value, "remove_url": rest})
        return found


def _note(outcome: str, title: str, text: str) -> dict[str, str]:
    return {"outcome": outcome, "title": title, "text": text}


def _ended_words(ended_on: dt.date | None, heirs: Sequence[Unit]) -> str:
    """What became of a unit with targets that is no more; "" of one that is there."""
    if ended_on is None:
        return ""
    words = {"day": date(ended_on), "heirs": "; ".join(unit.name for unit in heirs)}
    if len(heirs) == 1:
        return _("kết thúc ngày %(day)s; phần chưa có người do %(heirs)s thực hiện tiếp") % words
    if heirs:
        text = _("kết thúc ngày %(day)s, kế tục: %(heirs)s; chỉ tiêu còn lại không còn áp dụng")
        return text % words
    return _("kết thúc ngày %(day)s; chỉ tiêu còn lại không còn áp dụng") % words


def _carried_words(each: UnitProgress) -> str:
    """ "gồm đi 2 của Xã A, đến 1 của Xã B", of what former units had still to do."""
    said = [
        words % {"n": n, "unit": unit}
        for side, words in (
            (SEND, _("đi %(n)s của %(unit)s")),
            (RECEIVE, _("đến %(n)s của %(unit)s")),
        )
        for unit, n in sorted(each.carried[side].items())
    ]
    return _("thực hiện tiếp: %(parts)s") % {"parts": "; ".join(said)} if said else ""


def _was(said: Numbers) -> str:
    text = _("đã duyệt: đi %(send)s, đến %(receive)s") % said._asdict()
    return f"{text} ({said.note})" if said.note else text


def _moves_table(page: Any, as_of: dt.date, *, is_narrowed: bool) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Họ và tên"), "name": True},
            {"label": _("Nơi đi")},
            {"label": _("Nơi đến")},
            {"label": _("Từ ngày")},
            {"label": _("Căn cứ")},
            {"label": _("Tình trạng")},
        ],
        "rows": [_move_row(each, as_of) for each in page.object_list],
        "page": page,
        "noun": _("lượt"),
        "caption": _("Các lượt luân chuyển của kế hoạch"),
        "empty": {
            "title": _("Không có lượt nào như vậy")
            if is_narrowed
            else _("Chưa có lượt luân chuyển nào"),
            "text": _(
                "Kế hoạch đếm những lượt ghi theo kế hoạch này, và những lượt luân chuyển bắt đầu "
                "trong năm mà không ghi theo kế hoạch nào."
            ),
            "action": None,
            "icon": "swap",
        },
    }


def _move_row(move: Rotation, as_of: dt.date) -> dict[str, Any]:
    url = rotation_url(move.pk, as_of)
    return {
        "url": url,
        "cells": [
            {"text": move.cadre.full_name, "url": url, "under": move.get_kind_display()},
            {"text": title_alone(move.from_title.name), "under": move.from_unit.name},
            {"text": title_alone(move.to_title.name), "under": move.to_unit.name},
            date(move.start_on) if move.start_on else _("chưa định"),
            str(move.get_need_display()) if move.need else "",
            {
                "outcome": MOVE_SIGNS[RotationStatus(move.status)],
                "text": str(move.get_status_display()),
            },
        ],
    }


def _decision(each: RotationPlanDecision) -> dict[str, Any]:
    targets = [Numbers(*row[1:]) for row in each.targets]
    return {
        "no": _dated(each.decision_no, each.decision_on),
        "who": str(each.decided_by),
        "send": sum(row.send for row in targets),
        "receive": sum(row.receive for row in targets),
        "reopened": _("Mở điều chỉnh ngày %(day)s, %(who)s: %(why)s")
        % {"day": date(each.reopened_on), "who": each.reopened_by, "why": each.reopen_reason}
        if each.reopened_on
        else "",
    }


# ---- The grid --------------------------------------------------------------------------------


def targets_context(
    plan: RotationPlan,
    rows: Sequence[TargetRow],
    today: dt.date,
    *,
    grid: TargetGrid | None = None,
    changed: TargetsChanged | None = None,
) -> dict[str, Any]:
    """Context of `rotation/plan_targets.html`; `grid`: what was typed and is not saved."""
    conflicts = {each.unit_id: each for each in changed.conflicts} if changed else {}
    lines = [_target_line(row, grid, conflicts.get(row.unit.pk)) for row in rows]
    names = {row.unit.pk: row.unit.name for row in rows}
    return {
        "plan": plan,
        "crumbs": crumbs(today, plan, _("Chỉ tiêu")),
        "groups": _grouped(rows, lines),
        "has_last_year": any(row.last_year.is_said for row in rows),
        "last_year": plan.year - 1,
        "purpose": {
            "name": PURPOSE,
            "shown_name": PURPOSE_SHOWN,
            "was": plan.purpose,
            "value": grid.purpose[1] if grid else plan.purpose,
            "theirs": changed.purpose if changed else None,
            "length": PURPOSE_LENGTH,
        },
        "note_length": NOTE_LENGTH,
        "errors": [
            {"name": cell_name(cell, unit_id), "unit": names[unit_id], "text": text}
            for (unit_id, cell), text in (grid.errors if grid else {}).items()
        ],
        "conflicts": [
            {"name": cell_name("send", each.unit_id), "unit": names.get(each.unit_id, "")}
            for each in conflicts.values()
        ],
        "is_conflict": changed is not None,
        "totals": {
            name: sum(
                int(line["values"][name] or 0) for line in lines if line["values"][name].isdecimal()
            )
            for name in COUNTS
        },
        "cancel_url": address(DETAIL, plan.year, as_of=today),
        "action": address("rotation:plan-targets", plan.year, as_of=today),
    }


def _grouped(rows: Sequence[TargetRow], lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines under their level, the levels in order, the tree's order inside."""
    groups: dict[str, list[dict[str, Any]]] = {level: [] for level in Level.values}
    for row, line in zip(rows, lines, strict=True):
        groups[row.unit.level].append(line)
    return [
        {"label": Level(level).label, "lines": found} for level, found in groups.items() if found
    ]


def _target_line(
    row: TargetRow, grid: TargetGrid | None, conflict: TargetConflict | None
) -> dict[str, Any]:
    pk = row.unit.pk
    on_file = _texts(row.numbers)
    values = grid.typed.get(pk, on_file) if grid else on_file
    return {
        "unit": row.unit,
        "ended": _ended_words(row.ended_on, row.heirs),
        "prescribed": row.prescribed,
        "held": row.held,
        "vacant": row.vacant,
        "last_year": row.last_year,
        "values": values,
        "is_changed": values != on_file,
        "conflict": _conflict_words(conflict) if conflict else "",
        "cells": [
            {
                "key": name,
                "name": cell_name(name, pk),
                # A conflict was told: saving again means to write over what is on file now.
                "shown_name": shown_name(name, pk),
                "was": on_file[name],
                "value": values[name],
                "error": grid.errors.get((pk, name), "") if grid else "",
            }
            for name in CELLS
        ],
    }


def _texts(numbers: Numbers) -> dict[str, str]:
    return {
        "send": str(numbers.send or ""),
        "receive": str(numbers.receive or ""),
        "note": numbers.note,
    }


def _conflict_words(conflict: TargetConflict) -> str:
    text = _(
        "Người khác vừa ghi: cử đi %(send)s, tiếp nhận %(receive)s%(note)s. Bảng đang giữ số của "
        "đồng chí."
    )
    theirs = conflict.theirs
    note = f" ({theirs.note})" if theirs.note else ""
    return text % {"send": theirs.send, "receive": theirs.receive, "note": note}
