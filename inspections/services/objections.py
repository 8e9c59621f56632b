"""What an inspected unit says against a finding, and what the team answers; all of it is kept."""

from __future__ import annotations

from typing import cast

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from inspections.choices import FindingState
from inspections.models import Finding, Objection
from inspections.policies import OBJECTING, answers_for, can_work
from inspections.selectors.seen import units_seen
from inspections.services import telling
from inspections.services.holding import InspectionRefused, lock_open


@transaction.atomic
def objection_raise(*, actor: Actor, finding: Finding, text: str) -> Objection:
    """Object to an approved finding on one's own unit, while the team still answers.

    Raises PermissionDenied, InspectionRefused, ValidationError.
    """
    held = lock_open(finding.inspection)
    row = Finding.objects.select_for_update(of=("self",)).select_related("inspected_unit__unit")
    found = row.get(pk=finding.pk)
    inspected = found.inspected_unit
    require(inspected is not None and answers_for(actor, inspected))
    if held.stage not in OBJECTING:
        raise InspectionRefused([_("Lúc này không gửi ý kiến về nhận định được.")])
    if found.state != FindingState.APPROVED:
        raise InspectionRefused([_("Đoàn đang xem lại nhận định này. Hãy đọc bản mới rồi gửi.")])
    if not text.strip():
        raise ValidationError({"text": [_("Hãy ghi ý kiến của đơn vị.")]})
    objection = Objection(
        finding=found,
        text=text.strip(),
        raised_on=clock.today(),
        raised_by_id=cast("int", actor.pk),
    )
    objection.full_clean(exclude=["finding", "raised_by"])
    with pghistory.context(user=actor.pk):
        objection.save()
    telling.tell_objection(held, objection)
    return objection


@transaction.atomic
def objection_answer(*, actor: Actor, objection: Objection, text: str) -> Objection:
    """Answer what a unit said; once. Raises PermissionDenied, InspectionRefused,
    ValidationError."""
    held = lock_open(objection.finding.inspection)
    found = Objection.objects.select_for_update(of=("self",)).select_related("finding")
    row = found.get(pk=objection.pk)
    seen = {each.pk for each in units_seen(actor, held)}
    require(can_work(actor, held) and row.finding.inspected_unit_id in seen)
    if row.answered_on:
        raise InspectionRefused([_("Ý kiến này đã được trả lời. Hãy tải lại trang.")])
    if not text.strip():
        raise ValidationError({"answer": [_("Hãy ghi nội dung trả lời.")]})
    row.answer, row.answered_on = text.strip(), clock.today()
    row.answered_by_id = actor.pk
    row.full_clean(exclude=["finding", "raised_by", "answered_by"])
    with pghistory.context(user=actor.pk):
        row.save()
    telling.tell_answer(held, row)
    return row
