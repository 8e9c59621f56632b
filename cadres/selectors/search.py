"""The search box on top of every page: people, units, and what rooms above let it find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Q, Value, When

from cadres.listing import Hit, SearchKind, entered_kinds
from cadres.models import Appointment, Cadre, Unit
from cadres.policies import Actor
from cadres.selectors.cadres import cadres_visible, posts_of
from cadres.selectors.text import folded, looks_like_code, word_starts
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
    others: list[tuple[SearchKind, Sequence[Hit]]]

    @property
    def is_empty(self) -> bool:
        """Nothing was found."""
        return not (self.people or self.units or any(hits for _kind, hits in self.others))


def search(actor: Actor, text: str, as_of: dt.date, limit: int = 8) -> SearchResult:
    """What has the text in its name or begins with it as a code, inside the actor's scope.

    Three queries and one for each kind of the rooms above; none for an empty text.
    """
    text = text.strip()
    if not text:
        return SearchResult(text="", people=[], units=[], others=[])
    units = unit_list(actor).filter(word_starts(text) | Q(code__istartswith=text))
    return SearchResult(
        text=text,
        people=people_matching(actor, text, as_of, limit),
        units=list(units.order_by(_beginning_first(text), "path")[:limit]),
        others=[(kind, kind.find(actor, text, as_of, limit)) for kind in entered_kinds()],
    )


def people_matching(actor: Actor, text: str, as_of: dt.date, limit: int = 20) -> list[FoundPerson]:
    """People by name or by the beginning of their code, the best matches first; two queries."""
    people = list(
        cadres_visible(actor)
        .filter(_people_wanted(text))
        .order_by(_given_name_first(text), "sort_key", "code")[:limit]
    )
    posts = posts_of(people, as_of)
    return [FoundPerson(cadre=who, post=posts.get(who.pk)) for who in people]


def _people_wanted(text: str) -> Q:
    return Q(code__istartswith=text) if looks_like_code(text) else word_starts(text)


def _given_name_first(text: str) -> Case:
    """Who is called just so, by the whole name or by its last words, before the others."""
    called = Q(search_key=folded(text)) | Q(search_key__endswith=folded(f" {text}"))
    return Case(When(called, then=Value(0)), default=Value(1))


def _beginning_first(text: str) -> Case:
    return Case(When(search_key__startswith=folded(text), then=Value(0)), default=Value(1))
