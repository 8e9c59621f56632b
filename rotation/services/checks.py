"""What is to be checked again after an edit here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable

from cadre_portal.common.jobs import enqueue
from rotation.facts import ROTATIONS
from rotation.models import Rotation


def rotations_recheck_after(
    *, cadre_ids: Iterable[int] = (), unit_ids: Iterable[int] = ()
) -> list[int]:
    """Have rotations of people, or to units, checked again, on commit.

    They are checked by the unit that receives; returns these units.
    """
    of_people = Rotation.objects.filter(cadre__in=list(cadre_ids))
    units = sorted({*of_people.values_list("to_unit_id", flat=True), *unit_ids})
    if units:
        enqueue("compliance.recheck", source_name=ROTATIONS.name, groups=units)
    return units
