"""What papers of rotation share: heads, days, words of posts. Papers are in Vietnamese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.models import Q
from django.utils import translation

from cadres.choices import UnitKind
from cadres.papers import PaperHead, head_of_paper, signature_of
from cadres.policies import Actor
from cadres.selectors.posts import posts_with_holders
from cadres.words import post_name
from planning.selectors import issuer, units_over

LANGUAGE = "vi"


@contextmanager
def in_vietnamese() -> Iterator[None]:
    """Words of lists in the language of papers, whatever language the person reads in."""
    with translation.override(LANGUAGE):
        yield


def issued_head(actor: Actor, as_of: dt.date) -> tuple[PaperHead, tuple[str, ...]]:
    """The head of a paper over all that the actor sees, and who signs it."""
    unit, above = issuer(actor)
    return head_of_paper(unit, above, as_of), signature_of(unit)


def unit_head(unit: Any, day: dt.date | None, on: dt.date) -> tuple[PaperHead, tuple[str, ...]]:
    """The head of a paper that a unit issues on `day`, and who heads the unit `on` a day."""
    post = posts_with_holders(Q(unit=unit.pk, title__is_head=True), on).first()
    title = post.title.name if post else ""
    signature = signature_of(unit, title)
    # An agency of the committee is headed by somebody else than its secretary.
    if unit.kind == UnitKind.PARTY_COMMITTEE and title and not title.startswith("Bí thư"):
        signature = (" ".join(title.split()[:2]).upper(),)
    return head_of_paper(unit, units_over(unit), day), signature


def post_words(rotation: Any, end: str) -> str:
    """The post at the "from" or the "to" end of a rotation."""
    title, unit = getattr(rotation, f"{end}_title"), getattr(rotation, f"{end}_unit")
    return post_name(title.name, unit.name)


def joined(parts: Sequence[str], between: str = "; ") -> str:
    """The parts that say something."""
    return between.join(part for part in parts if part)
