"""The plan of a year: opened, filled, submitted, decided by somebody else, adjusted with a reason.

Each act holds the plan's row. Targets change only while it is a draft; what was decided is kept as
it was and stays in force until the next decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor, require
from cadres.selectors.units import unit_list
from rotation.choices import PlanState
from rotation.models import RotationPlan, RotationPlanDecision, RotationTarget
from rotation.policies import can_decide_plan, can_plan
from rotation.selectors.plans import Numbers, obstacles_to_submit_plan, targets_of
from rotation.services import plan_telling

#: What a decision keeps of the plan, beside its targets.
_DECIDED = (
    *("purpose", "submission_no", "submitted_on", "submitted_by"),
    *("decision_no", "decision_on", "decided_by"),
)
#: Plans are opened for years that somebody may really plan.
EARLIEST_YEAR, YEARS_AHEAD = 2012, 5


class PlanRefused(Exception):  # noqa: N818 - said to the person
    """It cannot be done as things stand; `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


# ---- Filling it ------------------------------------------------------------------------------


@transaction.atomic
def plan_open(*, actor: Actor, year: int) -> RotationPlan:
    """Open the plan of a year. Raises PermissionDenied, ValidationError."""
    require(can_plan(actor))
    last = clock.today().year + YEARS_AHEAD
    if not EARLIEST_YEAR <= year <= last:
        text = _("Năm phải từ %(a)s đến %(b)s.")
        raise ValidationError({"year": [text % {"a": EARLIEST_YEAR, "b": last}]})
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            return RotationPlan.objects.create(year=year)
    except IntegrityError:
        text = _("Kế hoạch năm %(year)s đã có. Hãy mở kế hoạch đó.")
        raise ValidationError({"year": [text % {"year": year}]}) from None


@dataclass(frozen=True)
class TargetEntry:
    """What was typed for a unit: `was` is what the grid showed."""

    unit_id: int
    was: Numbers
    now: Numbers


@dataclass(frozen=True)
class TargetConflict:
    """Somebody else wrote other numbers meanwhile: `theirs`; `mine` is not written."""

    unit_id: int
    mine: Numbers
    theirs: Numbers


class TargetsChanged(Exception):  # noqa: N818 - two people were at work, nobody made a fault
    """What the grid showed is no longer what is on file; nothing was written.

    `purpose`: what the other wrote as the purpose; None: it is as the page showed it.
    """

    def __init__(self, conflicts: Sequence[TargetConflict], purpose: str | None) -> None:
        super().__init__(f"{len(conflicts)} targets changed meanwhile")
        self.conflicts, self.purpose = list(conflicts), purpose


@transaction.atomic
def targets_save(
    *,
    actor: Actor,
    plan: RotationPlan,
    entries: Sequence[TargetEntry],
    purpose: tuple[str, str],
) -> int:
    """Write the targets that a grid changed and the purpose (as it was shown, as it is to be).

    All or nothing; what the grid did not change is left alone, whoever else changed it. Returns how
    many units changed. Raises PermissionDenied, PlanRefused, TargetsChanged.
    """
    held = _lock(plan)
    require(can_plan(actor))
    _require_state(held, PlanState.DRAFT)
    on_file = targets_of(held)
    changed = [each for each in entries if each.now != each.was]
    conflicts = [
        TargetConflict(each.unit_id, each.now, present)
        for each in changed
        if (present := on_file.get(each.unit_id, Numbers())) not in (each.was, each.now)
    ]
    shown, wanted = purpose
    is_other = wanted != shown and held.purpose not in (shown, wanted)
    if conflicts or is_other:
        raise TargetsChanged(conflicts, held.purpose if is_other else None)
    written = [each for each in changed if on_file.get(each.unit_id, Numbers()) != each.now]
    _require_units(actor, [each.unit_id for each in written])
    with pghistory.context(user=actor.pk):
        _write(held, written, on_file)
        if wanted not in (shown, held.purpose):
            held.purpose = wanted
            held.save(update_fields=["purpose"])
    return len(written)


def _require_units(actor: Actor, unit_ids: Sequence[int]) -> None:
    known = unit_list(actor).filter(pk__in=unit_ids).count()
    if known != len(set(unit_ids)):
        raise PlanRefused([_("Có đơn vị không còn trên hệ thống. Hãy tải lại trang.")])


def _write(
    plan: RotationPlan, written: Sequence[TargetEntry], on_file: Mapping[int, Numbers]
) -> None:
    gone = [each.unit_id for each in written if not each.now.is_said]
    if gone:
        RotationTarget.objects.filter(plan=plan, unit__in=gone).delete()
    rows = [
        RotationTarget(plan=plan, unit_id=each.unit_id, **each.now._asdict())
        for each in written
        if each.now.is_said
    ]
    RotationTarget.objects.bulk_create([row for row in rows if row.unit_id not in on_file])
    old = {row.unit_id: row for row in rows if row.unit_id in on_file}
    for target in RotationTarget.objects.filter(plan=plan, unit__in=old):
        new = old[target.unit_id]
        target.send, target.receive, target.note = new.send, new.receive, new.note
        target.save(update_fields=["send", "receive", "note"])


# ---- Submitting and deciding -----------------------------------------------------------------


@transaction.atomic
def plan_submit(
    *, actor: Actor, plan: RotationPlan, submission_no: str, submitted_on: dt.date
) -> RotationPlan:
    """Submit the plan. Raises PermissionDenied, PlanRefused."""
    held = _lock(plan)
    require(can_plan(actor))
    _require_state(held, PlanState.DRAFT)
    reasons = obstacles_to_submit_plan(held, targets_of(held).values())
    reasons += [] if submission_no.strip() else [_("Thiếu số tờ trình.")]
    reasons += _future(submitted_on, _("Ngày trình không được sau hôm nay."))
    _refuse(reasons)
    held.status, held.return_reason = PlanState.SUBMITTED, ""
    held.submission_no, held.submitted_on = submission_no.strip(), submitted_on
    held.submitted_by_id = actor.pk
    _save(actor, held)
    plan_telling.tell_submitted(held)
    return held


@transaction.atomic
def plan_take_back(*, actor: Actor, plan: RotationPlan) -> RotationPlan:
    """Take a submitted plan back to mend it. Raises PermissionDenied, PlanRefused."""
    held = _lock(plan)
    require(can_plan(actor))
    _require_state(held, PlanState.SUBMITTED)
    _to_draft(held)
    _save(actor, held)
    return held


@transaction.atomic
def plan_return(*, actor: Actor, plan: RotationPlan, reason: str) -> RotationPlan:
    """Give a submitted plan back with a reason. Raises PermissionDenied, PlanRefused."""
    held = _lock(plan)
    require(can_decide_plan(actor, held))
    _require_state(held, PlanState.SUBMITTED)
    _refuse([] if reason.strip() else [_("Thiếu lý do trả lại. Hãy ghi cần làm gì.")])
    told = held.submitted_by_id
    _to_draft(held)
    held.return_reason = reason.strip()
    _save(actor, held)
    plan_telling.tell_returned(held, told)
    return held


@transaction.atomic
def plan_approve(
    *, actor: Actor, plan: RotationPlan, decision_no: str, decision_on: dt.date
) -> RotationPlan:
    """Approve: the targets are kept as they are decided. Raises PermissionDenied, PlanRefused."""
    held = _lock(plan)
    require(can_decide_plan(actor, held))
    _require_state(held, PlanState.SUBMITTED)
    reasons = [] if decision_no.strip() else [_("Thiếu số kế hoạch, quyết định.")]
    reasons += _future(decision_on, _("Ngày ban hành không được sau hôm nay."))
    if held.submitted_on and decision_on < held.submitted_on:
        text = _("Ngày ban hành không được trước ngày trình %(day)s.")
        reasons.append(text % {"day": formats.date(held.submitted_on)})
    _refuse(reasons)
    held.status = PlanState.APPROVED
    held.decision_no, held.decision_on = decision_no.strip(), decision_on
    held.decided_by_id = actor.pk
    _save(actor, held)
    with pghistory.context(user=actor.pk):
        RotationPlanDecision.objects.create(
            plan=held,
            number=held.decisions.count() + 1,
            targets=[[unit_id, *said] for unit_id, said in sorted(targets_of(held).items())],
            **{name: getattr(held, name) for name in _DECIDED},
        )
    plan_telling.tell_approved(held, held.submitted_by_id)
    return held


@transaction.atomic
def plan_reopen(*, actor: Actor, plan: RotationPlan, reason: str) -> RotationPlan:
    """Open an approved plan for adjustment; its decision stays in force until the next one.

    Raises PermissionDenied, PlanRefused.
    """
    held = _lock(plan)
    require(can_plan(actor))
    _require_state(held, PlanState.APPROVED)
    _refuse([] if reason.strip() else [_("Thiếu lý do điều chỉnh. Hãy ghi căn cứ.")])
    with pghistory.context(user=actor.pk):
        # The number of a decision counts those of a plan, and none is ever deleted.
        held.decisions.filter(number=held.decisions.count()).update(
            reopened_on=clock.today(), reopened_by=actor.pk, reopen_reason=reason.strip()
        )
    _to_draft(held)
    held.decision_no, held.decision_on, held.decided_by = "", None, None
    _save(actor, held)
    return held


# ---- Parts of every act ----------------------------------------------------------------------


def _lock(plan: RotationPlan) -> RotationPlan:
    return RotationPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


def _to_draft(plan: RotationPlan) -> None:
    plan.status = PlanState.DRAFT
    plan.submitted_on = plan.submitted_by = None


def _save(actor: Actor, plan: RotationPlan) -> None:
    with pghistory.context(user=actor.pk):
        plan.save()


def _require_state(plan: RotationPlan, wanted: PlanState) -> None:
    if plan.status != wanted:
        text = _(
            "Kế hoạch đang ở trạng thái “%(state)s”, nên không làm được việc đó. Hãy tải lại trang."
        )
        raise PlanRefused([text % {"state": str(plan.get_status_display()).lower()}])


def _refuse(reasons: Sequence[str]) -> None:
    if reasons:
        raise PlanRefused(reasons)


def _future(day: dt.date, sentence: str) -> list[str]:
    return [sentence] if day > clock.today() else []
