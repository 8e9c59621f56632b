"""Names for the people in a proposal of the solver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cadres.policies import Actor
from cadres.selectors import cadres_visible
from cadres.selectors.cadres import posts_of
from planning.models import Plan
from planning.selectors.plans import nominees


@dataclass(frozen=True)
class Someone:
    """A person as a proposal names them; `is_open`: the file may be opened."""

    code: str
    name: str
    sex: str
    post: str
    is_open: bool


def people_named(
    actor: Actor, plan: Plan, as_of: dt.date, cadre_ids: Iterable[int]
) -> dict[int, Someone]:
    """Those nominated on the day and others whom the actor may see; four queries."""
    people = {
        each.cadre_id: Someone(each.code, each.name, each.sex, each.post, each.is_open)
        for each in nominees(actor, plan, as_of)
    }
    others = cadres_visible(actor).filter(pk__in=set(cadre_ids) - people.keys())
    found = list(others)
    posts = posts_of(found, as_of)
    for cadre in found:
        post = posts.get(cadre.pk)
        people[cadre.pk] = Someone(
            cadre.code,
            cadre.full_name,
            cadre.sex,
            f"{post.title}, {post.unit}" if post else "",
            True,
        )
    return people
