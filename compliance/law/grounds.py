"""What a criterion rests on where it applies no figure of the law, by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from .catalogue import Citation
from .fields import Fields, read_yaml
from .loader import FOLDER, load_law
from .references import check_order, read_citations


@dataclass(frozen=True)
class Ground:
    """The documents behind a criterion from `in_force_from` to `in_force_to`, both inside."""

    rule: str
    in_force_from: date
    in_force_to: date | None
    citations: tuple[Citation, ...]

    def covers(self, on: date) -> bool:
        """Does it hold on that day?"""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


@cache
def load_grounds() -> Mapping[str, tuple[Ground, ...]]:
    """Grounds of each rule that has some, in order. Raises LawError."""
    return read_grounds(FOLDER)


def grounds_of(rule: str, on: date) -> tuple[Citation, ...]:
    """What the rule rests on that day; empty where no document is on hand."""
    for ground in load_grounds().get(rule, ()):
        if ground.covers(on):
            return ground.citations
    return ()


def read_grounds(folder: Path) -> Mapping[str, tuple[Ground, ...]]:
    """Read and check the file of a folder. Raises LawError."""
    file = read_yaml(folder / "grounds.yaml", "grounds.yaml")
    found: dict[str, tuple[Ground, ...]] = {}
    for fields in file.children("grounds"):
        ground = _ground(fields)
        before = found.get(ground.rule, ())
        last = before[-1].in_force_to if before else date.min
        if last is None or last >= ground.in_force_from:
            raise fields.error(f"{ground.rule}: entries overlap or are out of order")
        found[ground.rule] = (*before, ground)
    file.close()
    return found


def _ground(fields: Fields) -> Ground:
    start, end = fields.take("from", date), fields.maybe("to", date)
    check_order(fields, start, end)
    sources = load_law().sources
    ground = Ground(
        rule=fields.take("rule", str),
        in_force_from=start,
        in_force_to=end,
        citations=read_citations(fields, sources),
    )
    if not ground.citations:
        raise fields.error("a citation is missing")
    for cited in ground.citations:
        source = sources[cited.source]
        if source.in_force_from and start < source.in_force_from:
            raise fields.error(f"{cited.source} was not in force on {start}")
        if source.in_force_to and (end is None or end > source.in_force_to):
            raise fields.error(f"{cited.source} ended on {source.in_force_to}")
    fields.close()
    return ground
