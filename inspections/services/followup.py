"""Recommendations after the conclusion: units report, the office asks for more, closes, reopens.

Each act holds the recommendation's row: of two people who act at once the second finds what the
first did. What the office did, and why, is kept and never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from inspections.choices import RemedyActKind, RemedyState, Stage
from inspections.models import Inspection, Recommendation, RemedyAct, RemedyReport
from inspections.policies import can_decide_remedy, can_follow_up, can_report_remedy
from inspections.selectors.followup import earlier_of, inspected_units_of
from inspections.services import remedy_telling as telling
from inspections.services.attachments import file_keep
from inspections.services.holding import InspectionRefused


def _lock(recommendation: Recommendation) -> Recommendation:
    """Hold the recommendation's row. Raises InspectionRefused before the conclusion."""
    held = (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("finding__inspection__unit", "unit")
        .get(pk=recommendation.pk)
    )
    if not held.finding.inspection.is_concluded:
        raise InspectionRefused([_("Cuộc kiểm tra chưa kết luận nên chưa theo dõi thực hiện.")])
    return held


def _require_open(held: Recommendation) -> None:
    if held.state == RemedyState.CLOSED:
        raise InspectionRefused(
            [_("Kiến nghị này đã kết thúc theo dõi. Hãy tải lại trang để xem ai đã kết thúc.")]
        )


# ---- The unit --------------------------------------------------------------------------------


@transaction.atomic
def remedy_report(
    *,
    actor: Actor,
    recommendation: Recommendation,
    text: str,
    reported_on: dt.date,
    number: str = "",
    uploads: Sequence[Any] = (),
) -> RemedyReport:
    """Report what was done; `uploads` go with it. The office is told.

    The same report sent twice is one. Raises PermissionDenied, ValidationError, InspectionRefused.
    """
    held = _lock(recommendation)
    require(can_report_remedy(actor, held))
    _require_open(held)
    _check_day(held, reported_on)
    told = {"text": text.strip(), "number": number.strip(), "reported_on": reported_on}
    same = held.reports.filter(**told, reported_by=actor.pk).first()
    if same is not None:
        return same
    report = RemedyReport(recommendation=held, reported_by_id=cast("int", actor.pk), **told)
    report.full_clean()
    held.state = RemedyState.REPORTED
    with pghistory.context(user=actor.pk):
        report.save()
        held.save(update_fields=["state"])
        inspected = inspected_units_of([held]).get(held.pk)
        for upload in uploads:
            file_keep(
                actor=actor,
                inspection=held.finding.inspection,
                upload=upload,
                inspected_unit=inspected,
                remedy=report,
                from_unit=inspected is not None,
            )
    telling.tell_remedy_reported(held)
    return report


def _check_day(held: Recommendation, day: dt.date) -> None:
    concluded_on = held.finding.inspection.concluded_on
    if day > clock.today():
        raise ValidationError({"reported_on": [_("Ngày báo cáo không được sau hôm nay.")]})
    if concluded_on and day < concluded_on:
        raise ValidationError(
            {"reported_on": [_("Ngày báo cáo không được trước ngày kết luận kiểm tra.")]}
        )


# ---- The office ------------------------------------------------------------------------------


@transaction.atomic
def remedy_ask_more(*, actor: Actor, recommendation: Recommendation, text: str) -> RemedyAct:
    """Say what a report lacks; the unit goes on. Raises PermissionDenied, ValidationError,
    InspectionRefused."""
    held = _lock(recommendation)
    require(can_follow_up(actor, held.finding.inspection))
    _require_open(held)
    if held.state != RemedyState.REPORTED:
        raise InspectionRefused([_("Đơn vị chưa báo cáo, hoặc đã có người xem xét báo cáo.")])
    act = _act(actor, held, RemedyActKind.ASKED_MORE, text, state=RemedyState.OPEN)
    telling.tell_remedy_decided(held, act)
    return act


@transaction.atomic
def remedy_close(*, actor: Actor, recommendation: Recommendation, grounds: str) -> RemedyAct:
    """End the follow-up of one recommendation on these grounds.

    Nobody closes what they reported on themselves. Raises PermissionDenied, ValidationError,
    InspectionRefused.
    """
    held = _lock(recommendation)
    require(can_follow_up(actor, held.finding.inspection))
    _require_open(held)
    if not can_decide_remedy(actor, held):
        raise InspectionRefused(
            [_("Đồng chí đã báo cáo kiến nghị này nên người khác phải kết thúc.")]
        )
    act = _act(
        actor,
        held,
        RemedyActKind.CLOSED,
        grounds,
        state=RemedyState.CLOSED,
        closed_on=clock.today(),
        closed_by_id=actor.pk,
        closed_for=grounds.strip()[:500],
    )
    telling.tell_remedy_decided(held, act)
    return act


@transaction.atomic
def remedy_reopen(*, actor: Actor, recommendation: Recommendation, reason: str) -> RemedyAct:
    """Follow up again what was closed, and with it an inspection whose file was closed.

    Raises PermissionDenied, ValidationError, InspectionRefused.
    """
    held = _lock(recommendation)
    inspection = held.finding.inspection
    require(can_follow_up(actor, inspection))
    if held.state != RemedyState.CLOSED:
        raise InspectionRefused([_("Kiến nghị này đang được theo dõi.")])
    act = _act(
        actor,
        held,
        RemedyActKind.REOPENED,
        reason,
        state=RemedyState.OPEN,
        closed_on=None,
        closed_by_id=None,
        closed_for="",
    )
    if inspection.stage == Stage.CLOSED:
        inspection.stage = Stage.FOLLOWING
        with pghistory.context(user=actor.pk):
            inspection.save(update_fields=["stage"])
    telling.tell_remedy_decided(held, act)
    return act


def _act(
    actor: Actor, held: Recommendation, kind: RemedyActKind, text: str, **changes: Any
) -> RemedyAct:
    """Write down what was done and change the recommendation accordingly."""
    act = RemedyAct(
        recommendation=held,
        kind=kind,
        text=text.strip(),
        done_on=clock.today(),
        done_at=clock.now(),
        done_by_id=cast("int", actor.pk),
    )
    act.full_clean()
    for name, value in changes.items():
        setattr(held, name, value)
    with pghistory.context(user=actor.pk):
        act.save()
        held.save(update_fields=[name.removesuffix("_id") for name in changes])
    return act


# ---- Asked again -----------------------------------------------------------------------------


def repeats_link(*, actor: Actor, inspection: Inspection) -> int:
    """Join each recommendation of an inspection to the earlier one that asked the same.

    Inside the transaction of the conclusion. Returns how many were asked before.
    """
    rows = list(
        Recommendation.objects.filter(finding__inspection=inspection, repeats=None).select_related(
            "finding__inspection"
        )
    )
    earlier = earlier_of(rows)
    with pghistory.context(user=actor.pk):
        for row in rows:
            if row.pk in earlier:
                row.repeats = earlier[row.pk]
                row.save(update_fields=["repeats"])
    return len(earlier)
