"""Cycles: units are asked for their plans or reviews by a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from planning.models import PlanningCycle
from planning.policies import can_open_cycle


@transaction.atomic
def cycle_open(*, actor: Actor, values: Mapping[str, Any]) -> PlanningCycle:
    """Open a cycle. `values`: its fields. Raises PermissionDenied, ValidationError by field."""
    require(can_open_cycle(actor))
    cycle = PlanningCycle(opened_by_id=actor.pk, **values)
    if cycle.due_on and cycle.opens_on and cycle.due_on < cycle.opens_on:
        raise ValidationError({"due_on": _("Hạn trình không được trước ngày bắt đầu.")})
    cycle.full_clean()
    with pghistory.context(user=actor.pk):
        cycle.save()
    return cycle


@transaction.atomic
def cycle_change(*, actor: Actor, cycle: PlanningCycle, values: Mapping[str, Any]) -> PlanningCycle:
    """Change name, document or due day. Raises PermissionDenied, ValidationError."""
    require(can_open_cycle(actor))
    held = PlanningCycle.objects.select_for_update().get(pk=cycle.pk)
    if not held.is_open:
        raise ValidationError(_("Đợt này đã kết thúc."))
    for name in ("name", "document", "due_on"):
        if name in values:
            setattr(held, name, values[name])
    if held.due_on < held.opens_on:
        raise ValidationError({"due_on": _("Hạn trình không được trước ngày bắt đầu.")})
    held.full_clean()
    with pghistory.context(user=actor.pk):
        held.save()
    return held


@transaction.atomic
def cycle_close(*, actor: Actor, cycle: PlanningCycle) -> PlanningCycle:
    """No further dossiers are opened in it; those begun go on. Raises PermissionDenied."""
    require(can_open_cycle(actor))
    held = PlanningCycle.objects.select_for_update().get(pk=cycle.pk)
    if held.is_open:
        held.closed_on = max(clock.today(), held.opens_on)
        with pghistory.context(user=actor.pk):
            held.save(update_fields=["closed_on"])
    return held


@transaction.atomic
def cycle_reopen(*, actor: Actor, cycle: PlanningCycle) -> PlanningCycle:
    """Take dossiers again. Raises PermissionDenied."""
    require(can_open_cycle(actor))
    held = PlanningCycle.objects.select_for_update().get(pk=cycle.pk)
    held.closed_on = None
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["closed_on"])
    return held
