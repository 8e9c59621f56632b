"""Word templates of an issuing unit. That a template may be used was checked before
(`cadres.exports.word_check`): here it is kept, put in use, taken out of use."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, cast

import pghistory
from django.core.files.base import ContentFile
from django.db import transaction

from cadres.policies import Actor, require
from cadres.selectors.units import unit_lock
from inspections.models import Inspection, PaperTemplate
from inspections.policies import can_change_templates


@transaction.atomic
def template_put(
    *, actor: Actor, inspection: Inspection, kind: str, file_name: str, body: bytes
) -> PaperTemplate:
    """Use a template for papers of this kind that the unit issues. Raises PermissionDenied."""
    require(can_change_templates(actor, inspection))
    unit = unit_lock(inspection.unit_id)
    digest = hashlib.sha256(body).hexdigest()
    kept = PaperTemplate.objects.filter(unit=unit, kind=kind, sha256=digest).first()
    if kept is None:
        kept = PaperTemplate(
            unit=unit,
            kind=kind,
            file_name=file_name[-200:],
            size=len(body),
            sha256=digest,
            is_used=False,
            uploaded_by_id=cast("int", actor.pk),
        )
        kept.file.save(f"{secrets.token_hex(16)}.docx", ContentFile(body), save=False)
        try:
            with pghistory.context(user=actor.pk):
                kept.save()
        except Exception:
            kept.file.storage.delete(str(kept.file.name))
            raise
    _use(actor, kept)
    return kept


@transaction.atomic
def template_use(*, actor: Actor, inspection: Inspection, template: PaperTemplate) -> None:
    """Use one again that was put in before. Raises PermissionDenied."""
    require(can_change_templates(actor, inspection))
    unit_lock(inspection.unit_id)
    _use(actor, template)


@transaction.atomic
def template_leave(*, actor: Actor, inspection: Inspection, kind: str) -> None:
    """Go back to the template that comes with the portal. Raises PermissionDenied."""
    require(can_change_templates(actor, inspection))
    unit = unit_lock(inspection.unit_id)
    with pghistory.context(user=actor.pk):
        PaperTemplate.objects.filter(unit=unit, kind=kind, is_used=True).update(is_used=False)


def _use(actor: Actor, template: PaperTemplate) -> None:
    same: Any = PaperTemplate.objects.filter(unit=template.unit_id, kind=template.kind)
    with pghistory.context(user=actor.pk):
        same.filter(is_used=True).exclude(pk=template.pk).update(is_used=False)
        same.filter(pk=template.pk).update(is_used=True)
