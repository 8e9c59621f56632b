"""What is applied to a unit on a day and over the years: the law, or a stricter target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from compliance.choices import Confidence
from compliance.citations import ShownCitation, citations_shown
from compliance.engine.figures import TargetValue, resolve
from compliance.law import Law, Silence, Value
from compliance.models import Target

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What holds for one parameter at one level from `start` to `end`, both inside.

    `value` is None where nothing names a figure; `note` then says what is known, and `suggested`
    is no law. `is_target`: the figure is the province's own.
    """

    level: str
    start: date | None
    end: date | None
    value: int | None
    is_target: bool
    citations: tuple[ShownCitation, ...]
    note: str = ""
    suggested: int | None = None

    @property
    def confidence(self) -> str:
        """The weakest of the citations; "" without any."""
        order = Confidence.values
        return max((cited.confidence for cited in self.citations), key=order.index, default="")

    def covers(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    def says_same(self, other: Applied) -> bool:
        """Whether a reader would see no difference but the days."""
        return (self.value, self.is_target, self.citations, self.note) == (
            other.value,
            other.is_target,
            other.citations,
            other.note,
        )


def applied_on(
    law: Law, targets: Iterable[Target], parameter: str, level: str, on: date
) -> Applied:
    """What is applied on a day; `targets` are those of one unit."""
    target = _target_on(targets, parameter, level, on)
    national = law.in_force(parameter, level, on)
    value, citations = resolve(law, parameter, level, on, _value_of(target))
    is_target = target is not None and (
        national is None or (value != national.value and value == target.value)
    )
    start: date | None
    end: date | None
    if target is not None and is_target:
        start, end = target.in_force_from, target.in_force_to
        note, suggested = "", None
    else:
        source: Value | Silence | None = national or law.silence(parameter, level, on)
        start = source.in_force_from if source else None
        end = source.in_force_to if source else None
        note = source.note if source else ""
        suggested = source.suggested if isinstance(source, Silence) else None
    return Applied(
        level=level,
        start=start,
        end=end,
        value=value,
        is_target=is_target,
        citations=tuple(citations_shown(citations)),
        note=note,
        suggested=suggested,
    )


def applied_over_time(
    law: Law, targets: Sequence[Target], parameter: str, level: str
) -> list[Applied]:
    """What was and is applied from the first figure on, oldest first, gaps included."""
    own = [each for each in targets if each.parameter == parameter and each.level == level]
    return _over_time(law, own, parameter, level) if own else list(_by_law(law, parameter, level))


@lru_cache(maxsize=512)
def _by_law(law: Law, parameter: str, level: str) -> tuple[Applied, ...]:
    """The same without any target: the law stays what it is for the life of the process."""
    return tuple(_over_time(law, (), parameter, level))


def _over_time(law: Law, targets: Sequence[Target], parameter: str, level: str) -> list[Applied]:
    last = law.levels[level].in_force_to
    days = _days_of_change(law, targets, parameter, level)
    result: list[Applied] = []
    for number, day in enumerate(days):
        following = days[number + 1] - ONE_DAY if number + 1 < len(days) else last
        now = applied_on(law, targets, parameter, level, day)
        if not result and now.value is None:
            continue
        if result and result[-1].says_same(now):
            now = _lasting(result.pop(), following)
        else:
            now = _lasting(now, following, start=day)
        result.append(now)
    return result


def _lasting(applied: Applied, end: date | None, start: date | None = None) -> Applied:
    return Applied(**{**applied.__dict__, "end": end, "start": start or applied.start})


def _days_of_change(law: Law, targets: Iterable[Target], parameter: str, level: str) -> list[date]:
    """First days of every figure or silence, and days after their last, while the level lasts."""
    entries: list[Value | Silence | Target] = [
        *law.values(parameter),
        *law.silences(parameter),
        *targets,
    ]
    periods = [
        (entry.in_force_from, entry.in_force_to)
        for entry in entries
        if entry.parameter == parameter and entry.level == level
    ]
    days = {start for start, _ in periods} | {end + ONE_DAY for _, end in periods if end}
    return sorted(day for day in days if law.levels[level].exists(day))


def _target_on(targets: Iterable[Target], parameter: str, level: str, on: date) -> Target | None:
    """Of several of one unit the one with the later start (CONTRACT section 3, reading 3)."""
    holding = [
        target
        for target in targets
        if target.parameter == parameter
        and target.level == level
        and target.in_force_from <= on
        and (target.in_force_to is None or on <= target.in_force_to)
    ]
    return max(holding, key=lambda target: target.in_force_from, default=None)


def _value_of(target: Target | None) -> TargetValue | None:
    if target is None:
        return None
    return TargetValue(
        target.pk,
        target.parameter,
        target.value,
        target.document,
        target.at,
        target.confidence,
    )
