"""Posts that somebody may be sent to, and the posts a person may be sent from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from cadres.policies import EDITING_ROLES, Actor, unit_scope
from cadres.selectors.posts import posts_held_by, posts_with_holders

if TYPE_CHECKING:
    from cadres.models import Cadre

#: Stands between the code and the words of a post in what a suggestion fills in.
BETWEEN = " · "


class PostChoice(NamedTuple):
    """A post to choose: `key` is `UNIT/TITLE`, by codes; `free` None: not counted."""

    key: str
    unit: Any
    title: Any
    free: int | None

    @property
    def words(self) -> str:
        """Key and name, as a suggestion shows them."""
        return f"{self.key}{BETWEEN}{self.title.name}, {self.unit.name}"


def posts_to_choose(actor: Actor, on: dt.date) -> list[PostChoice]:
    """Leadership posts on the day in the units that the actor works for; two queries."""
    where = unit_scope(actor, "unit__path", roles=EDITING_ROLES)
    return [
        PostChoice(_key(row.unit, row.title), row.unit, row.title, row.number - row.holders)
        for row in posts_with_holders(where, on)
    ]


def posts_to_leave(cadre: Cadre, on: dt.date) -> list[PostChoice]:
    """Posts that the person holds on the day, the primary one first; one query."""
    return [
        PostChoice(_key(row.unit, row.title), row.unit, row.title, None)
        for row in posts_held_by(cadre, on)
    ]


def post_of(text: str, posts: Iterable[PostChoice]) -> PostChoice | None:
    """The post that a typed text means: its key, or its whole words."""
    typed = text.strip()
    key = typed.split(BETWEEN)[0].strip()
    for post in posts:
        if post.key == key or typed == f"{post.title.name}, {post.unit.name}":
            return post
    return None


def _key(unit: Any, title: Any) -> str:
    return f"{unit.code}/{title.code}"
