"""Writes of what a province adds to the law: targets and waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.jobs import enqueue
from cadres.policies import require
from compliance.engine.registry import all_rules
from compliance.law import load_law
from compliance.models import Target, Waiver
from compliance.policies import can_approve_waiver, can_set_target, can_write_waiver

if TYPE_CHECKING:
    from cadres.models import User


def target_choices() -> list[tuple[str, str]]:
    """Parameters that accept a target, as code and label."""
    return [
        (parameter.id, f"{parameter.label} ({parameter.id})")
        for parameter in load_law().parameters.values()
        if parameter.accepts_targets
    ]


def rule_choices() -> list[tuple[str, str]]:
    """Registered rules, as code and title."""
    return [(rule.code, f"{rule.title} ({rule.code})") for rule in all_rules()]


@transaction.atomic
def target_save(*, actor: User, target: Target) -> Target:
    """Add or change a target; everything is checked anew. Raises PermissionDenied, ValidationError.

    Moving a target needs the right at both units.
    """
    require(can_set_target(actor, target.unit))
    if target.pk:
        before = Target.objects.select_for_update(of=("self",)).select_related("unit")
        require(can_set_target(actor, before.get(pk=target.pk).unit))
    if target.parameter not in dict(target_choices()):
        raise ValidationError({"parameter": _("Tham số này không nhận chỉ tiêu của tỉnh.")})
    target.full_clean()
    target.save()
    enqueue("compliance.check_all")
    return target


@transaction.atomic
def waiver_ask(*, actor: User, waiver: Waiver) -> Waiver:
    """Add a waiver or change it; either way the actor asks and an approval is void.

    Raises PermissionDenied, ValidationError.
    """
    require(can_write_waiver(actor, waiver.unit))
    if waiver.rule not in dict(rule_choices()):
        raise ValidationError({"rule": _("Không có tiêu chí này.")})
    waiver.asked_by, waiver.approved_by = actor, None
    waiver.full_clean()
    waiver.save()
    return waiver


@transaction.atomic
def waiver_approve(*, actor: User, waiver: Waiver) -> Waiver:
    """Let a waiver hold. Raises PermissionDenied: also for who asked for it."""
    waiver = Waiver.objects.select_for_update(of=("self",)).select_related("unit").get(pk=waiver.pk)
    require(can_approve_waiver(actor, waiver))
    waiver.approved_by = actor
    waiver.full_clean()
    waiver.save(update_fields=["approved_by"])
    return waiver
