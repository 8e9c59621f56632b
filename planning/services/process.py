"""The way of a dossier: opened, its steps written down, submitted, given back or approved.

Each act is one transaction that holds the dossier's row: of two people who act at once the second
finds what the first did. Nominations change on approval and at no other moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor, can_edit_unit, require
from planning.choices import CycleKind, DraftAct, PlanStatus, RemovalReason
from planning.models import (
    Ballot,
    Dossier,
    DraftItem,
    Nomination,
    Plan,
    PlanningCycle,
    StepBallot,
    StepRecord,
)
from planning.policies import can_decide_dossier, can_edit_plan
from planning.selectors import dossiers as reads
from planning.services.checks import plans_recheck_after
from planning.services.snapshots import snapshot_take
from planning.services.telling import tell_decided, tell_submitted

#: The counts of a ballot, each at most the one before, as they are called.
COUNTS = {
    "summoned": gettext_lazy("triệu tập"),
    "present": gettext_lazy("có mặt"),
    "issued": gettext_lazy("phát ra"),
    "collected": gettext_lazy("thu về"),
    "valid": gettext_lazy("hợp lệ"),
    "agree": gettext_lazy("đồng ý"),
}


class DossierRefused(Exception):  # noqa: N818 - said to the person
    """It cannot be done as things stand; `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


# ---- Opening ---------------------------------------------------------------------------------


@transaction.atomic
def dossier_begin(*, actor: Actor, unit: Any, cycle: PlanningCycle) -> Dossier:
    """Begin a unit's dossier; a first planning makes the plan where there is none.

    Raises PermissionDenied, DossierRefused.
    """
    require(can_edit_unit(actor, unit))
    plan = Plan.objects.filter(unit_id=unit.pk, term=cycle.term_id).first()
    if plan is None and cycle.kind != CycleKind.FIRST:
        text = _("Đơn vị chưa có kế hoạch của nhiệm kỳ %(term)s để rà soát.")
        raise DossierRefused([text % {"term": cycle.term}])
    with pghistory.context(user=actor.pk):
        if plan is None:
            plan, _made = Plan.objects.get_or_create(unit_id=unit.pk, term_id=cycle.term_id)
    return dossier_open(actor=actor, plan=plan, cycle=cycle)


@transaction.atomic
def dossier_open(*, actor: Actor, plan: Plan, cycle: PlanningCycle) -> Dossier:
    """Begin the plan's dossier in an open cycle with the steps asked now, or find the one there is.

    Raises PermissionDenied, DossierRefused.
    """
    require(can_edit_plan(actor, plan))
    Plan.objects.select_for_update().get(pk=plan.pk)
    found = Dossier.objects.filter(plan=plan, cycle=cycle).first()
    if found is not None:
        return found
    reasons = _refusals_to_open(plan, cycle)
    if reasons:
        raise DossierRefused(reasons)
    with pghistory.context(user=actor.pk):
        dossier = Dossier.objects.create(
            plan=plan, cycle=cycle, opened_by_id=actor.pk, opened_on=clock.today()
        )
        StepRecord.objects.bulk_create(
            StepRecord(
                dossier=dossier,
                number=step.number,
                name=step.name,
                body=step.body,
                has_ballot=step.has_ballot,
            )
            for step in reads.steps_asked(cycle.kind)
        )
    return dossier


def _refusals_to_open(plan: Plan, cycle: PlanningCycle) -> list[str]:
    reasons = []
    if not cycle.is_open:
        reasons.append(_("Đợt này đã kết thúc."))
    if plan.term_id != cycle.term_id:
        reasons.append(_("Đợt này dành cho nhiệm kỳ %(term)s.") % {"term": cycle.term})
    other = reads.dossier_open_of(plan)
    if other is not None:
        text = _("Kế hoạch đang có hồ sơ chưa kết thúc trong đợt “%(cycle)s”.")
        reasons.append(text % {"cycle": other.cycle})
    if cycle.kind == CycleKind.REVIEW and plan.status != PlanStatus.APPROVED:
        reasons.append(_("Chỉ rà soát kế hoạch đã được phê duyệt."))
    if cycle.kind == CycleKind.FIRST and plan.status == PlanStatus.APPROVED:
        reasons.append(_("Kế hoạch này đã được phê duyệt; thay đổi qua rà soát, bổ sung."))
    return reasons


# ---- Steps -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """The ballots cast on one candidate in a step."""

    pool_id: int
    cadre_id: int
    issued: int
    collected: int
    valid: int
    agree: int


@transaction.atomic
def step_save(
    *,
    actor: Actor,
    dossier: Dossier,
    number: int,
    values: Mapping[str, Any],
    counted: Iterable[Counted] = (),
) -> StepRecord:
    """Write down a step: day, minutes, attendance, and the ballots on each candidate.

    `values`: `held_on, minutes_no, chaired_by, summoned, present, note`. `counted` replaces the
    ballots of the step. Raises PermissionDenied, DossierRefused, ValidationError.
    """
    held = _lock_open(actor, dossier)
    step = StepRecord.objects.get(dossier=held, number=number)
    for name, value in values.items():
        setattr(step, name, value)
    step.full_clean(exclude=["dossier"])
    rows = list(counted) if step.has_ballot else []
    _check_candidates(held, rows)
    ballots = [_ballot(step, row) for row in rows]
    with pghistory.context(user=actor.pk):
        step.save()
        StepBallot.objects.filter(step=step).delete()
        StepBallot.objects.bulk_create(ballots)
    return step


def _check_candidates(dossier: Dossier, rows: Sequence[Counted]) -> None:
    candidates = reads.candidates_of(
        dossier, reads.items_of(dossier), reads.standing_nominations(dossier.plan)
    )
    known = {(each.pool_id, each.cadre_id) for each in candidates}
    if any((row.pool_id, row.cadre_id) not in known for row in rows):
        raise DossierRefused(
            [_("Danh sách vừa thay đổi. Hãy tải lại trang rồi nhập phiếu của những người hiện có.")]
        )


def _ballot(step: StepRecord, row: Counted) -> StepBallot:
    ballot = StepBallot(
        step=step,
        pool_id=row.pool_id,
        cadre_id=row.cadre_id,
        summoned=step.summoned or 0,
        present=step.present or 0,
        issued=row.issued,
        collected=row.collected,
        valid=row.valid,
        agree=row.agree,
    )
    for larger, smaller in pairwise(COUNTS):
        if getattr(ballot, smaller) > getattr(ballot, larger):
            text = _("%(name)s: %(smaller)s (%(a)s) nhiều hơn %(larger)s (%(b)s).")
            raise ValidationError(
                text
                % {
                    "name": ballot.cadre.full_name,
                    "smaller": COUNTS[smaller],
                    "a": getattr(ballot, smaller),
                    "larger": COUNTS[larger],
                    "b": getattr(ballot, larger),
                }
            )
    return ballot


# ---- Submitting ------------------------------------------------------------------------------


@transaction.atomic
def dossier_submit(
    *, actor: Actor, dossier: Dossier, submission_no: str, submitted_on: dt.date
) -> Dossier:
    """Submit, with every step held and passed and everybody reviewed.

    Raises PermissionDenied, DossierRefused.
    """
    held = _lock_open(actor, dossier)
    today = clock.today()
    reasons = [
        each.text
        for each in reads.obstacles(
            held,
            steps=reads.steps_of(held),
            items=reads.items_of(held),
            standing=reads.standing_nominations(held.plan),
            today=today,
        )
    ]
    if not submission_no.strip():
        reasons.append(_("Thiếu số tờ trình."))
    if submitted_on > today:
        reasons.append(_("Ngày trình không được sau hôm nay."))
    if reasons:
        raise DossierRefused(reasons)
    held.status = PlanStatus.SUBMITTED
    held.submission_no, held.submitted_on = submission_no.strip(), submitted_on
    held.submitted_by_id = actor.pk
    held.decided_by = held.decided_at = None
    with pghistory.context(user=actor.pk):
        held.save()
        _mirror(held)
        # What was remarked on when it was given back is answered by submitting again.
        held.items.exclude(returned_for="").update(returned_for="")
    tell_submitted(held)
    return held


@transaction.atomic
def dossier_take_back(*, actor: Actor, dossier: Dossier) -> Dossier:
    """Take a submitted dossier back to mend it. Raises PermissionDenied, DossierRefused."""
    held = _lock(dossier)
    require(can_edit_plan(actor, held.plan))
    _require_status(held, PlanStatus.SUBMITTED)
    held.status = PlanStatus.DRAFT
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["status"])
        _mirror(held)
    return held


# ---- Deciding --------------------------------------------------------------------------------


@transaction.atomic
def dossier_return(
    *, actor: Actor, dossier: Dossier, reason: str, remarks: Mapping[int, str] | None = None
) -> Dossier:
    """Give a dossier back with a reason; `remarks`: item id -> what is said of that person.

    Raises PermissionDenied, DossierRefused.
    """
    held = _lock_to_decide(actor, dossier)
    if not reason.strip():
        raise DossierRefused([_("Thiếu lý do trả lại. Hãy ghi đơn vị cần làm gì.")])
    held.status, held.return_reason = PlanStatus.RETURNED, reason.strip()
    held.decided_by_id, held.decided_at = actor.pk, clock.now()
    items = {item.pk: item for item in DraftItem.objects.filter(dossier=held)}
    remarked = []
    for pk, text in (remarks or {}).items():
        if pk in items and text.strip():
            items[pk].returned_for = text.strip()
            remarked.append(items[pk])
    with pghistory.context(user=actor.pk):
        held.save()
        DraftItem.objects.bulk_update(remarked, ["returned_for"])
        _mirror(held)
    tell_decided(held)
    return held


@transaction.atomic
def dossier_approve(
    *, actor: Actor, dossier: Dossier, decision_no: str, decision_on: dt.date
) -> Dossier:
    """Approve: the draft becomes the plan as of the decision's day, and a snapshot is kept.

    Raises PermissionDenied, DossierRefused.
    """
    held = _lock_to_decide(actor, dossier)
    items = reads.items_of(held)
    reasons = _refusals_to_approve(held, items, decision_no, decision_on)
    if reasons:
        raise DossierRefused(reasons)
    held.status, held.decision_no, held.decision_on = (
        PlanStatus.APPROVED,
        decision_no.strip(),
        decision_on,
    )
    held.decided_by_id, held.decided_at = actor.pk, clock.now()
    held.return_reason = ""
    with pghistory.context(user=actor.pk):
        held.save()
        _apply(held, items, decision_on)
        _mirror(held)
        snapshot_take(dossier=held)
    plans_recheck_after(plan_ids=[held.plan_id], cadre_ids=[item.cadre_id for item in items])
    tell_decided(held)
    return held


def _refusals_to_approve(
    dossier: Dossier, items: Sequence[DraftItem], decision_no: str, decision_on: dt.date
) -> list[str]:
    reasons = []
    if not decision_no.strip():
        reasons.append(_("Thiếu số quyết định."))
    if decision_on > clock.today():
        reasons.append(_("Ngày quyết định không được sau hôm nay."))
    if dossier.submitted_on and decision_on < dossier.submitted_on:
        text = _("Ngày quyết định không được trước ngày trình %(day)s.")
        reasons.append(text % {"day": formats.date(dossier.submitted_on)})
    late = [
        item.cadre.full_name
        for item in items
        if item.act == DraftAct.REMOVE
        and item.nomination is not None
        and item.nomination.nominated_on > decision_on
    ]
    if late:
        text = _("%(names)s được đưa vào quy hoạch sau ngày quyết định này.")
        reasons.append(text % {"names": ", ".join(late)})
    gone = [
        item.cadre.full_name
        for item in items
        if item.nomination is not None and item.nomination.removed_on is not None
    ]
    if gone:
        text = _("%(names)s đã ra khỏi quy hoạch từ trước. Hãy trả lại hồ sơ để đơn vị cập nhật.")
        reasons.append(text % {"names": ", ".join(gone)})
    return reasons


def _apply(dossier: Dossier, items: Sequence[DraftItem], decided_on: dt.date) -> None:
    """Nominations begin and end, and ballots are filed, on the decision's day."""
    ended = []
    for item in items:
        if item.act == DraftAct.REMOVE and item.nomination is not None:
            item.nomination.removed_on = decided_on
            item.nomination.removal_reason = removal_words(item.reason, item.note)
            ended.append(item.nomination)
    Nomination.objects.bulk_update(ended, ["removed_on", "removal_reason"])
    try:
        with transaction.atomic():
            Nomination.objects.bulk_create(
                Nomination(
                    plan_id=dossier.plan_id,
                    pool_id=item.pool_id,
                    cadre_id=item.cadre_id,
                    nominated_on=decided_on,
                )
                for item in items
                if item.act == DraftAct.ADD
            )
    except IntegrityError:
        raise DossierRefused(
            [_("Có người trong dự thảo đã ở trong quy hoạch chức danh đó. Hãy trả lại hồ sơ.")]
        ) from None
    Ballot.objects.bulk_create(
        [
            Ballot(
                pool_id=ballot.pool_id,
                cadre_id=ballot.cadre_id,
                step=step.number,
                held_on=step.held_on or decided_on,
                **{name: getattr(ballot, name) for name in COUNTS},
            )
            for step in reads.steps_of(dossier)
            for ballot in step.ballots.all()
        ],
        update_conflicts=True,
        unique_fields=["pool", "cadre", "step"],
        update_fields=["held_on", *COUNTS],
    )


def removal_words(reason: str, note: str) -> str:
    """The reason for leaving a plan as the nomination keeps it, 200 characters at most."""
    label = "" if reason == RemovalReason.OTHER else str(RemovalReason(reason).label)
    return ": ".join(filter(None, (label, note)))[:200]


def _mirror(dossier: Dossier) -> None:
    """The plan itself says where its first planning stands; a review only dates it."""
    plan = dossier.plan
    if dossier.cycle.kind == CycleKind.FIRST:
        plan.status = dossier.status
        if dossier.status == PlanStatus.APPROVED:
            plan.approved_on, plan.decision_no = dossier.decision_on, dossier.decision_no
    elif dossier.status == PlanStatus.APPROVED:
        plan.last_reviewed_on = dossier.decision_on
    else:
        return
    plan.save(update_fields=["status", "approved_on", "decision_no", "last_reviewed_on"])


# ---- Locks -----------------------------------------------------------------------------------


def _lock(dossier: Dossier) -> Dossier:
    return (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("plan__unit", "plan__term", "cycle")
        .get(pk=dossier.pk)
    )


def _lock_open(actor: Actor, dossier: Dossier) -> Dossier:
    held = _lock(dossier)
    require(can_edit_plan(actor, held.plan))
    _require_status(held, PlanStatus.DRAFT, PlanStatus.RETURNED)
    return held


def _lock_to_decide(actor: Actor, dossier: Dossier) -> Dossier:
    held = _lock(dossier)
    require(can_decide_dossier(actor, held))
    _require_status(held, PlanStatus.SUBMITTED)
    return held


def _require_status(dossier: Dossier, *wanted: str) -> None:
    if dossier.status not in wanted:
        text = _("Hồ sơ này %(status)s, nên không làm được việc đó nữa. Hãy tải lại trang.")
        status = str(dossier.get_status_display()).lower()
        raise DossierRefused([text % {"status": status}])
