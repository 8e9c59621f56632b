"""Tells accounts what waits for them, once each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from cadre_portal.common import clock
from cadres.models import Notice
from cadres.policies import Actor

#: Notices that were read are forgotten after so many days.
KEPT_DAYS = 180


class Telling(NamedTuple):
    """What to tell whom; `key` names the occasion, of which an account is told once."""

    user_ids: frozenset[int]
    key: str
    text: str
    url: str


def notify(tellings: Iterable[Telling]) -> None:
    """Tell accounts; who was told of the same occasion before is not told again."""
    now = clock.now()
    Notice.objects.bulk_create(
        (
            Notice(user_id=user_id, key=each.key, text=each.text[:400], url=each.url, at=now)
            for each in tellings
            for user_id in sorted(each.user_ids)
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def notices_read(*, actor: Actor, pk: int | None = None) -> None:
    """Mark one of the actor's own notices as read, or all of them."""
    mine = Notice.objects.filter(user=actor.pk, read_at=None)
    if pk is not None:
        mine = mine.filter(pk=pk)
    mine.update(read_at=clock.now())


def notices_forget() -> int:
    """Drop what was read long ago. Returns how many."""
    before = clock.now() - dt.timedelta(days=KEPT_DAYS)
    return Notice.objects.filter(read_at__lt=before).delete()[0]
