"""The search box on top of every page: people and units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from cadres.models import Appointment, Cadre, Unit
from cadres.policies import Actor
from cadres.selectors.cadres import cadre_search, cadres_visible, matches_first, posts_of
from cadres.selectors.text import folded_words
from cadres.selectors.units import unit_list


@dataclass(frozen=True, kw_only=True)
class FoundPerson:
    """A person with the post held on the day of the search."""

    cadre: Cadre
    post: Appointment | None


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """The best matches of each kind, at most as many as were asked for."""

    text: str
    people: list[FoundPerson]
    units: list[Unit]

    @property
    def is_empty(self) -> bool:
        """Nothing was found."""
        return not self.people and not self.units


def search(actor: Actor, text: str, as_of: dt.date, limit: int = 8) -> SearchResult:
    """People and units whose name or code has the text; three queries, none for an empty text."""
    text = text.strip()
    if not text:
        return SearchResult(text="", people=[], units=[])
    people = list(
        cadres_visible(actor)
        .filter(cadre_search(text))
        .order_by(matches_first(text), "sort_key", "code")[:limit]
    )
    units = unit_list(actor).filter(folded_words(text) | Q(code__istartswith=text))
    posts = posts_of(people, as_of)
    return SearchResult(
        text=text,
        people=[FoundPerson(cadre=who, post=posts.get(who.pk)) for who in people],
        units=list(units.order_by(matches_first(text), "path")[:limit]),
    )
