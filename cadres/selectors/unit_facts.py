"""The structure on a day: what units were called then, their kind and level, and where they stood.

Rows of units say what holds today; periods say what held, or will hold, on other days. Scopes and
rules look at today's tree whatever the day; only what pages show of the structure follows the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F, Func, Q, TextField

from cadres.models import Unit, UnitPeriod
from cadres.periods import valid_on
from cadres.selectors.text import folded_words

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class FactsOn:
    """What differed from today's rows on a day."""

    def __init__(self, periods: Sequence[UnitPeriod]) -> None:
        self.by_unit = {period.unit_id: period for period in periods}
        step = Unit.steplen
        self._moved: dict[str, tuple[str, int]] = {}
        for period in periods:
            above = period.parent.path if period.parent else ""
            if period.unit.path[:-step] != above:
                self._moved[period.unit.path] = (above, period.unit_id)
        self._prefixes = {path: self._placed(path, set()) for path in self._moved}

    @property
    def moved(self) -> dict[str, str]:
        """Where subtrees stood that stand elsewhere today: path of today to path of the day."""
        return self._prefixes

    @property
    def moved_ids(self) -> list[int]:
        """Units that stood under another one."""
        return [unit_id for _above, unit_id in self._moved.values()]

    def came_from(self, path: str) -> list[int]:
        """Units that stood directly under the unit of today's `path`, and do not today."""
        return [unit_id for above, unit_id in self._moved.values() if above == path]

    def path_of(self, path: str) -> str:
        """Path on the day: that of the nearest moved unit above, and what follows."""
        if self._prefixes:
            for end in range(len(path), 0, -Unit.steplen):
                placed = self._prefixes.get(path[:end])
                if placed is not None:
                    return placed + path[end:]
        return path

    def above(self, path: str) -> str:
        """Today's path of the unit that stood directly above the unit of today's `path`."""
        return self._moved[path][0] if path in self._moved else path[: -Unit.steplen]

    def show(self, unit: Unit) -> Unit:
        """Let the object say what held on the day; it is for reading only from then on."""
        period = self.by_unit.get(unit.pk)
        if period:
            unit.name, unit.kind, unit.level = period.name, period.kind, period.level
        return unit

    def _placed(self, path: str, seen: set[str]) -> str:
        above, unit_id = self._moved[path]
        return self._path_above(above, seen | {path}) + _step(unit_id)

    def _path_above(self, path: str, seen: set[str]) -> str:
        for end in range(len(path), 0, -Unit.steplen):
            prefix = path[:end]
            if prefix in self._moved and prefix not in seen:
                return self._placed(prefix, seen) + path[end:]
        return path


def _step(unit_id: int) -> str:
    """A step of a path that no unit of today has (those are digits and capitals)."""
    text = ""
    for _place in range(Unit.steplen - 1):
        unit_id, rest = divmod(unit_id, len(_DIGITS))
        text = _DIGITS[rest] + text
    return "z" + text


def facts_on(day: dt.date, unit_ids: Iterable[int] | None = None) -> FactsOn:
    """What differed on the day, for all units or for some; one query."""
    rows = UnitPeriod.objects.filter(valid_on(day)).select_related("unit", "parent")
    if unit_ids is not None:
        rows = rows.filter(unit__in=list(unit_ids))
    return FactsOn(list(rows))


def units_above(unit: Unit, facts: FactsOn) -> list[Unit]:
    """The units that stood above on the day of `facts`, the topmost first.

    One query, and one more for each time that the way leads elsewhere than today.
    """
    way: list[Unit] = []
    known = {each.path: each for each in _units_at(unit.path)}
    path, seen = unit.path, set()
    while path and path not in seen:
        seen.add(path)
        path = facts.above(path)
        if path and path not in known:
            known |= {each.path: each for each in _units_at(path)}
        if path in known:
            way.append(facts.show(known[path]))
    return way[::-1]


def _units_at(path: str) -> list[Unit]:
    return list(Unit.objects.filter(path__in=_prefixes(path)))


def _prefixes(path: str) -> list[str]:
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def periods_of(unit: Unit) -> list[UnitPeriod]:
    """What a unit was and will be, the earliest first, with the names of the units above."""
    rows = UnitPeriod.objects.filter(unit=unit).select_related("parent", "unit")
    return list(rows.order_by(F("valid_from").asc(nulls_first=True)))


def named_on(day: dt.date, text: str) -> Q:
    """Condition on units: they were called so on the day, whatever they are called today."""
    key = Func(F("name"), function="vi_fold", output_field=TextField())
    rows = UnitPeriod.objects.annotate(search_key=key).filter(valid_on(day), folded_words(text))
    return Q(pk__in=rows.values("unit"))
