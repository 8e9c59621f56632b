"""Decisions on who counts as a local person of a unit."""

from __future__ import annotations

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common.jobs import enqueue
from cadres.models import Appointment, Cadre, LocalFlag, Unit
from cadres.policies import Actor, can_edit_cadre, require
from cadres.services.cadres import cadre_lock


@transaction.atomic
def local_flag_set(
    *, actor: Actor, cadre: Cadre, unit: Unit, is_local: bool, reason: str, document: str = ""
) -> LocalFlag:
    """Decide that a person is, or is not, a local of `unit` and below.

    Raises PermissionDenied, ValidationError (by field).
    """
    locked = cadre_lock(cadre.pk)
    require(can_edit_cadre(actor, locked))
    if not reason.strip():
        raise ValidationError({"reason": [_("Thiếu lý do. Hãy ghi căn cứ của việc xác định.")]})
    with pghistory.context(user=actor.pk):
        flag, _made = LocalFlag.objects.update_or_create(
            cadre=locked,
            unit=unit,
            defaults={
                "is_local": is_local,
                "reason": reason.strip(),
                "document": document.strip(),
            },
        )
    _recheck(locked)
    return flag


@transaction.atomic
def local_flag_drop(*, actor: Actor, flag: LocalFlag) -> None:
    """Let the native place decide again; the history keeps the flag. Raises PermissionDenied."""
    locked = cadre_lock(flag.cadre_id)
    require(can_edit_cadre(actor, locked))
    with pghistory.context(user=actor.pk):
        LocalFlag.objects.filter(pk=flag.pk).delete()
    _recheck(locked)


def _recheck(cadre: Cadre) -> None:
    """Posts of the person are judged again, on commit."""
    units = sorted(set(Appointment.objects.filter(cadre=cadre).values_list("unit_id", flat=True)))
    if units:
        enqueue("compliance.recheck", source_name="appointments", groups=units)
