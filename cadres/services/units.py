"""Changes of the organisation."""

from __future__ import annotations

from django.db import transaction

from cadres.models import Unit, User
from cadres.policies import can_edit_unit, is_administrator, require


@transaction.atomic
def unit_add(*, actor: User, unit: Unit, parent: Unit | None) -> Unit:
    """Put a new unit below `parent`, or on top. Raises PermissionDenied, ValidationError.

    The place in the tree is computed, never typed.
    """
    require(can_edit_unit(actor, parent) if parent else is_administrator(actor))
    unit.full_clean(exclude=["path", "depth", "numchild"])
    if parent is None:
        return Unit.objects.add_root(instance=unit)
    return Unit.objects.add_child(parent, instance=unit)
