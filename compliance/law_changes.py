"""Writes of what a province adds to the law: targets and waivers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
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
        (parameter.id, parameter.label)
        for parameter in load_law().parameters.values()
        if parameter.accepts_targets
    ]


def rule_choices() -> list[tuple[str, str]]:
    """Registered rules, as code and title."""
    return [(rule.code, str(rule.title)) for rule in all_rules()]


@transaction.atomic
def target_save(*, actor: User, target: Target) -> Target:
    """Add a target, or change one; everything is checked anew.

    Moving a target needs the right at both units. One that has begun is only ended: what was judged
    by it was. Raises PermissionDenied, ValidationError.
    """
    require(can_set_target(actor, target.unit))
    if target.pk:
        before = _target_held(target)
        require(can_set_target(actor, before.unit))
        same = all(getattr(before, name) == getattr(target, name) for name in _LASTING)
        if before.has_begun(clock.today()) and not same:
            raise ValidationError(
                _("Chỉ tiêu đã có hiệu lực nên không sửa được: hãy kết thúc hoặc thay cái khác.")
            )
    return _target_write(target)


#: What stays as it is once a target has begun.
_LASTING = ("unit_id", "parameter", "level", "value", "in_force_from", "document", "at")


def _target_held(target: Target) -> Target:
    held = Target.objects.select_for_update(of=("self",)).select_related("unit")
    return held.get(pk=target.pk)


def _target_write(target: Target) -> Target:
    if target.parameter not in dict(target_choices()):
        raise ValidationError({"parameter": _("Tham số này không nhận chỉ tiêu của tỉnh.")})
    target.full_clean()
    others = Target.objects.filter(
        unit=target.unit, parameter=target.parameter, level=target.level
    ).exclude(pk=target.pk)
    until = target.in_force_to or date.max
    beside = others.filter(
        Q(in_force_to=None) | Q(in_force_to__gte=target.in_force_from), in_force_from__lte=until
    ).first()
    if beside is not None:
        text = _(
            "Đơn vị này ở cấp này đã có chỉ tiêu về tham số đó từ %(day)s (%(document)s): hãy thay "
            "chỉ tiêu ấy."
        )
        words = {"day": f"{beside.in_force_from:%d/%m/%Y}", "document": beside.document}
        raise ValidationError(text % words)
    target.save()
    enqueue("compliance.check_all")
    return target


@transaction.atomic
def target_end(*, actor: User, target: Target, last_day: date, document: str) -> Target:
    """Let a target hold until `last_day`, by a document. Raises PermissionDenied, ValidationError.

    The day may have passed: documents are often entered late.
    """
    held = _target_held(target)
    require(can_set_target(actor, held.unit))
    _end(held, last_day, document)
    enqueue("compliance.check_all")
    return held


def _end(held: Target, last_day: date, document: str) -> None:
    if last_day < held.in_force_from:
        text = _("Chỉ tiêu có hiệu lực từ %(day)s nên không thể kết thúc trước ngày đó.")
        raise ValidationError({"last_day": text % {"day": f"{held.in_force_from:%d/%m/%Y}"}})
    if held.in_force_to is not None and held.in_force_to <= last_day:
        text = _("Chỉ tiêu đã kết thúc vào %(day)s, không thể kéo dài; hãy đặt chỉ tiêu mới.")
        raise ValidationError({"last_day": text % {"day": f"{held.in_force_to:%d/%m/%Y}"}})
    if not document:
        raise ValidationError({"document": _("Ghi số văn bản.")})
    held.in_force_to, held.end_document = last_day, document
    held.save(update_fields=["in_force_to", "end_document"])


@transaction.atomic
def target_replace(*, actor: User, target: Target, new: Target) -> Target:
    """End a target on the eve of the one that takes its place, in one act. As target_end."""
    held = _target_held(target)
    require(can_set_target(actor, held.unit))
    new.unit, new.parameter, new.level = held.unit, held.parameter, held.level
    if new.in_force_from <= held.in_force_from:
        text = _("Chỉ tiêu cũ có hiệu lực từ %(day)s: cái thay thế phải bắt đầu sau ngày đó.")
        raise ValidationError({"in_force_from": text % {"day": f"{held.in_force_from:%d/%m/%Y}"}})
    eve = new.in_force_from - timedelta(days=1)
    if held.in_force_to is None or held.in_force_to > eve:
        _end(held, eve, new.document)
    return _target_write(new)


@transaction.atomic
def target_drop(*, actor: User, target: Target) -> None:
    """Remove a target that has not begun. Raises PermissionDenied, ValidationError."""
    held = _target_held(target)
    require(can_set_target(actor, held.unit))
    if held.has_begun(clock.today()):
        raise ValidationError(_("Chỉ tiêu đã có hiệu lực: chỉ kết thúc được, không xóa."))
    held.delete()
    enqueue("compliance.check_all")


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
    waiver = _waiver_held(waiver)
    require(can_approve_waiver(actor, waiver))
    waiver.approved_by = actor
    waiver.full_clean()
    waiver.save(update_fields=["approved_by"])
    return waiver


@transaction.atomic
def waiver_end(*, actor: User, waiver: Waiver, last_day: date) -> Waiver:
    """Let an approved waiver end earlier. Raises PermissionDenied, ValidationError."""
    held = _waiver_held(waiver)
    require(can_write_waiver(actor, held.unit) or can_approve_waiver(actor, held))
    if not held.in_force_from <= last_day < held.in_force_to:
        text = _("Chọn một ngày từ %(first)s đến trước %(last)s.")
        words = {"first": f"{held.in_force_from:%d/%m/%Y}", "last": f"{held.in_force_to:%d/%m/%Y}"}
        raise ValidationError({"last_day": text % words})
    held.in_force_to = last_day
    held.save(update_fields=["in_force_to"])
    return held


@transaction.atomic
def waiver_drop(*, actor: User, waiver: Waiver) -> None:
    """Withdraw or refuse a waiver that nobody approved; its history keeps it.

    Raises PermissionDenied, ValidationError.
    """
    held = _waiver_held(waiver)
    require(can_write_waiver(actor, held.unit) or can_approve_waiver(actor, held))
    if held.approved_by_id is not None:
        raise ValidationError(_("Miễn áp dụng đã được phê duyệt: chỉ kết thúc sớm được."))
    held.delete()


def _waiver_held(waiver: Waiver) -> Waiver:
    return Waiver.objects.select_for_update(of=("self",)).select_related("unit").get(pk=waiver.pk)
