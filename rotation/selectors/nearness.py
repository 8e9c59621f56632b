"""How near a unit is to somebody's home, as far as the organisation's tree tells.

There is no map. Two units are near when they lie in one branch right below the province, or carry
on one former unit, such as the communes of a former district. Where a provincial body sits is not
in the data, so the way to one is unknown unless it is in the same branch.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from cadres.choices import Level
from cadres.selectors.units import former_units, units_by_id

if TYPE_CHECKING:
    from cadres.models import Unit

#: Characters of one step of a unit's path (django-treebeard); a branch is two steps deep.
_BRANCH = 2 * 4
_LOCAL = (Level.COMMUNE, Level.DISTRICT)


class Nearness(StrEnum):
    """What the tree tells of a way."""

    NEAR = "near"
    FAR = "far"
    UNKNOWN = "unknown"


class Ways:
    """Ways between many units, read at once; two queries."""

    def __init__(self, unit_ids: Iterable[int]) -> None:
        former = former_units(unit_ids)
        self._units = units_by_id({pk for every in former.values() for pk in every})
        self._places = {
            pk: frozenset(self._units[each].path[:_BRANCH] for each in every)
            for pk, every in former.items()
        }

    def between(self, home_ids: Iterable[int], unit_id: int) -> Nearness:
        """From the nearest of somebody's homes (native unit, present unit) to a unit."""
        homes = [self._units[pk] for pk in home_ids if pk in self._units]
        if any(self._places[home.pk] & self._places[unit_id] for home in homes):
            return Nearness.NEAR
        if _is_local(self._units[unit_id]) and any(_is_local(home) for home in homes):
            return Nearness.FAR
        return Nearness.UNKNOWN


def _is_local(unit: Unit) -> bool:
    return unit.level in _LOCAL
