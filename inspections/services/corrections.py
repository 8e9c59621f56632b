"""After the conclusion: a recorded correction beside a finding that itself stays as it is."""

from __future__ import annotations

from typing import cast

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from inspections.choices import FindingState
from inspections.models import Correction, Finding
from inspections.policies import can_follow_up
from inspections.services.holding import InspectionRefused, lock


@transaction.atomic
def correction_add(
    *, actor: Actor, finding: Finding, after: str, reason: str, document: str
) -> Correction:
    """Correct a concluded finding by a document. Raises PermissionDenied, InspectionRefused,
    ValidationError."""
    held = lock(finding.inspection)
    require(can_follow_up(actor, held))
    if not held.is_concluded:
        raise InspectionRefused([_("Cuộc kiểm tra chưa kết luận: hãy sửa chính nhận định.")])
    row = Finding.objects.get(pk=finding.pk)
    if row.state != FindingState.APPROVED:
        raise InspectionRefused([_("Chỉ đính chính nhận định đã có trong kết luận.")])
    last = row.corrections.order_by("-pk").first()
    before = last.after if last else row.text
    texts = {"after": after.strip(), "reason": reason.strip(), "document": document.strip()}
    errors = {name: [_("Không được để trống.")] for name, text in texts.items() if not text}
    if not errors and texts["after"] == before:
        errors["after"] = [_("Nội dung sau đính chính giống như trước.")]
    if errors:
        raise ValidationError(errors)
    correction = Correction(
        finding=row,
        before=before,
        corrected_by_id=cast("int", actor.pk),
        corrected_at=clock.now(),
        **texts,
    )
    correction.full_clean(exclude=["finding", "corrected_by"])
    with pghistory.context(user=actor.pk):
        correction.save()
    return correction
