"""Pairs that an address names by codes, as ids. Scoped: what the actor may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote, unquote

from cadres.policies import Actor
from cadres.selectors import cadres_visible
from cadres.selectors.titles import title_list
from cadres.selectors.units import unit_list

Ids = tuple[int, int, int]


class Named(NamedTuple):
    """A pair as an address says it, with names for the page; `ids` None: something is not found."""

    text: str
    person: str
    post: str
    ids: Ids | None


def pair_text(cadre: str, unit: str, title: str) -> str:
    """How an address writes a pair: codes joined by colons, which no code may bring along."""
    return ":".join(quote(code, safe="") for code in (cadre, unit, title))


class Codes:
    """Looks up the codes of an address; three queries, whatever their number."""

    def __init__(
        self, actor: Actor, pairs: Iterable[str], people: Iterable[str], units: Iterable[str]
    ) -> None:
        split = [parts for text in pairs if len(parts := _parts(text)) == 3]
        self.people = {
            each.code: each
            for each in cadres_visible(actor).filter(
                code__in={*(parts[0] for parts in split), *people}
            )
        }
        self.units = {
            each.code: each
            for each in unit_list(actor).filter(code__in={*(parts[1] for parts in split), *units})
        }
        self.titles = {
            each.code: each
            for each in title_list(actor).filter(code__in={parts[2] for parts in split})
        }

    def named(self, text: str) -> Named:
        """A pair with names and ids."""
        parts = _parts(text)
        if len(parts) != 3:
            return Named(text, text, "", None)
        person, unit = self.people.get(parts[0]), self.units.get(parts[1])
        title = self.titles.get(parts[2])
        ids = (person.pk, unit.pk, title.pk) if person and unit and title else None
        return Named(
            text,
            person.full_name if person else parts[0],
            f"{title.name if title else parts[2]}, {unit.name if unit else parts[1]}",
            ids,
        )


def _parts(text: str) -> list[str]:
    # No database holds a NUL, and an address may bring one along, written out.
    return [unquote(part).replace("\x00", "") for part in text.split(":")]
