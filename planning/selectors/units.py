"""Units as the planning pages need them: above a plan, and to choose from."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Q

from cadres.policies import EVERYTHING, Actor, scope_paths
from cadres.selectors import unit_list
from planning.selectors.stored import Statement, rows_of

#: A list to choose from stays short enough to read.
_CHOICES = 300


def paths_above(unit: Any) -> list[str]:
    """Paths of the units above a unit, the topmost first."""
    return [unit.path[:end] for end in range(unit.steplen, len(unit.path), unit.steplen)]


class UnitName(NamedTuple):
    """What a paper says of a unit."""

    name: str
    kind: str
    level: str


def units_over(unit: Any) -> list[UnitName]:
    """The units above a unit by name, the topmost first, whoever asks; one query.

    They stand in the head of every paper of the unit.
    """
    rows = rows_of(
        Statement(
            "SELECT name, kind, level FROM cadres_unit WHERE path = ANY(%s) ORDER BY path",
            [paths_above(unit)],
        )
    )
    return [UnitName(row["name"], row["kind"], row["level"]) for row in rows]


def units_above(actor: Actor, unit: Any) -> list[Any]:
    """The units above a unit that the actor may see, the topmost first."""
    paths = paths_above(unit)
    return list(unit_list(actor).filter(path__in=paths)) if paths else []


def unit_choices(actor: Actor, code: str = "") -> list[Any]:
    """Units that have units below them, as a filter offers them, and the one with this code."""
    return list(unit_list(actor).filter(Q(numchild__gt=0) | Q(code=code))[:_CHOICES])


def issuer(actor: Actor) -> tuple[UnitName, list[UnitName]]:
    """In whose name papers over all that the actor sees are issued, and the units above it.

    That is the unit they see whole; for who sees several parts, the topmost unit of all, which
    stands above them.
    """
    unit = scope_unit(actor)
    if unit is not None:
        return UnitName(unit.name, unit.kind, unit.level), units_over(unit)
    (top,) = rows_of(
        Statement(
            "SELECT name, kind, level FROM cadres_unit WHERE depth = 1 ORDER BY path LIMIT 1", []
        )
    )
    return UnitName(top["name"], top["kind"], top["level"]), []


def scope_unit(actor: Actor) -> Any:
    """The unit on top of what the actor sees; None for who sees everything, or several parts."""
    paths = scope_paths(actor)
    if paths == (EVERYTHING,) or len(paths) != 1:
        return None
    return unit_list(actor).get(path=paths[0])
