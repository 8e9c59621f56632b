"""Writes of yearly programmes: the programme, its items, inspections opened from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadres.policies import Actor, require
from inspections.models import InspectedUnit, Inspection, Programme, ProgrammeItem
from inspections.policies import can_edit_programme, can_open_inspection
from inspections.services.holding import InspectionRefused
from inspections.services.inspections import inspection_open, units_set

#: What may be written of an item.
ITEM = ("unit", "subject", "quarter", "reason")


@transaction.atomic
def programme_open(*, actor: Actor, values: Mapping[str, Any]) -> Programme:
    """Begin the programme of a year: `year, unit, decision_no, decision_on, note`.

    Raises PermissionDenied, ValidationError.
    """
    programme = Programme(**values)
    require(can_open_inspection(actor, programme.unit))
    _check(programme)
    with pghistory.context(user=actor.pk):
        programme.save()
    return programme


@transaction.atomic
def programme_change(*, actor: Actor, programme: Programme, values: Mapping[str, Any]) -> Programme:
    """Change document, day and note; year and body stay. Raises PermissionDenied,
    ValidationError."""
    held = _lock(actor, programme)
    for name in ("decision_no", "decision_on", "note"):
        setattr(held, name, values[name])
    _check(held)
    with pghistory.context(user=actor.pk):
        held.save()
    return held


def _check(programme: Programme) -> None:
    same = Programme.objects.filter(unit_id=programme.unit_id, year=programme.year)
    if same.exclude(pk=programme.pk).exists():
        text = _("Đã có chương trình năm %(year)s của %(unit)s.")
        raise ValidationError(
            {"year": [text % {"year": programme.year, "unit": programme.unit.name}]}
        )
    if programme.decision_on and not programme.decision_no:
        raise ValidationError({"decision_no": [_("Có ngày ban hành thì cần số văn bản.")]})
    programme.full_clean(validate_unique=False, validate_constraints=False)


def _lock(actor: Actor, programme: Programme) -> Programme:
    """Hold the programme's row: acts on one take turns. Raises PermissionDenied."""
    held = (
        Programme.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=programme.pk)
    )
    require(can_edit_programme(actor, held))
    return held


# ---- Items -----------------------------------------------------------------------------------


@transaction.atomic
def items_add(
    *, actor: Actor, programme: Programme, rows: Iterable[Mapping[str, Any]]
) -> list[ProgrammeItem]:
    """Put units into the programme, each with `ITEM`; what is there already stays as it is.

    Raises PermissionDenied, ValidationError.
    """
    held = _lock(actor, programme)
    present = set(held.items.values_list("unit_id", "subject"))
    made = []
    with pghistory.context(user=actor.pk):
        for values in rows:
            item = ProgrammeItem(programme=held, **{name: values.get(name) for name in ITEM})
            item.subject, item.reason = (item.subject or "").strip(), (item.reason or "").strip()
            if (item.unit_id, item.subject) in present:
                continue
            _check_item(held, item)
            item.save()
            present.add((item.unit_id, item.subject))
            made.append(item)
    return made


@transaction.atomic
def item_change(*, actor: Actor, item: ProgrammeItem, values: Mapping[str, Any]) -> ProgrammeItem:
    """Change subject, quarter and reason. Raises PermissionDenied, ValidationError."""
    held = _lock(actor, item.programme)
    found = ProgrammeItem.objects.select_related("unit").get(pk=item.pk)
    for name in ("subject", "quarter", "reason"):
        setattr(found, name, values[name])
    same = held.items.filter(unit=found.unit_id, subject=found.subject).exclude(pk=found.pk)
    if same.exists():
        raise ValidationError({"subject": [_("Đơn vị đã có trong chương trình với nội dung này.")]})
    _check_item(held, found)
    with pghistory.context(user=actor.pk):
        found.save()
    return found


@transaction.atomic
def item_remove(*, actor: Actor, item: ProgrammeItem) -> None:
    """Take a unit out again, unless an inspection was opened from it.

    Raises PermissionDenied, InspectionRefused.
    """
    held = _lock(actor, item.programme)
    found = held.items.select_related("unit").filter(pk=item.pk).first()
    if found is None:
        return
    begun = InspectedUnit.objects.filter(inspection__programme=held, unit=found.unit_id).exists()
    others = held.items.filter(unit=found.unit_id).exclude(pk=found.pk).exists()
    if begun and not others:
        text = _("%(unit)s đã có cuộc kiểm tra theo chương trình này nên không bỏ được.")
        raise InspectionRefused([text % {"unit": found.unit.name}])
    with pghistory.context(user=actor.pk):
        found.delete()


def _check_item(programme: Programme, item: ProgrammeItem) -> None:
    unit, body = item.unit, programme.unit
    if not unit.path.startswith(body.path) or unit.pk == body.pk:
        text = _("%(unit)s không thuộc %(body)s.")
        raise ValidationError({"unit": [text % {"unit": unit.name, "body": body.name}]})
    starts_late = unit.valid_from is not None and unit.valid_from.year > programme.year
    ended = unit.valid_to is not None and unit.valid_to.year < programme.year
    if starts_late or ended:
        text = _("%(unit)s không hoạt động trong năm %(year)s.")
        raise ValidationError({"unit": [text % {"unit": unit.name, "year": programme.year}]})
    item.full_clean(exclude=["programme"], validate_unique=False, validate_constraints=False)
    if item.quarter is not None and not 1 <= item.quarter <= 4:
        raise ValidationError({"quarter": [_("Quý từ 1 đến 4.")]})


# ---- Inspections -----------------------------------------------------------------------------


@transaction.atomic
def inspection_of_items(
    *,
    actor: Actor,
    programme: Programme,
    items: Sequence[ProgrammeItem],
    values: Mapping[str, Any],
) -> Inspection:
    """Begin to prepare an inspection of the items' units, by the body of the programme.

    Raises PermissionDenied, ValidationError, InspectionRefused.
    """
    held = _lock(actor, programme)
    if not items:
        raise InspectionRefused([_("Hãy chọn ít nhất một đơn vị của chương trình.")])
    inspection = inspection_open(
        actor=actor, values={**values, "unit": held.unit, "programme": held}
    )
    units = {item.unit_id: item.unit for item in items if item.programme_id == held.pk}
    units_set(actor=actor, inspection=inspection, rows=[{"unit": unit} for unit in units.values()])
    return inspection
