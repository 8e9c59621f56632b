"""Two people write at once: what each changed, field by field, against what both started from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Clash:
    """A field that both changed, each to something else."""

    name: str
    before: Any
    mine: Any
    theirs: Any


class EditClash(Exception):  # noqa: N818 - a meeting of two people, not an error
    """Both changed the same fields. `values`: everything else merged; `who` came first."""

    def __init__(
        self, clashes: list[Clash], values: dict[str, Any], *, version: int, who: str
    ) -> None:
        super().__init__("edit clash")
        self.clashes = clashes
        self.values = values
        self.version = version
        self.who = who


def merge(
    before: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Clash]]:
    """What both wrote, and where they cannot both be right (there `mine` stands).

    A field that is missing in `before` counts as changed by both.
    """
    merged: dict[str, Any] = {}
    clashes = []
    for name, value in mine.items():
        other, old = theirs[name], before.get(name)
        if name in before and value == old:
            value = other
        elif value != other and not (name in before and other == old):
            clashes.append(Clash(name, old, value, other))
        merged[name] = value
    return merged, clashes
