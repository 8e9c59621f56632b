"""Notices of an account, and whom a notice about a unit concerns."""

from __future__ import annotations

from django.db.models import QuerySet

from cadre_portal.common import clock
from cadres.models import Notice, RoleGrant, User
from cadres.periods import valid_on
from cadres.policies import EVERYTHING, Actor, grants_of


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, the latest first."""
    return Notice.objects.filter(user=actor.pk).order_by("-at", "-pk")


def unread_count(actor: Actor) -> int:
    """How many the actor had not read when their grants were read; else one query."""
    grants_of(actor)
    kept = getattr(actor, "_new_notices", None)
    if kept is not None:
        return int(kept)
    return Notice.objects.filter(user=actor.pk, read_at=None).count()


class Officers:
    """Accounts that hold one of some roles today; asked for many units with one query."""

    def __init__(self, *roles: str) -> None:
        grants = RoleGrant.objects.filter(
            valid_on(clock.today()), role__in=roles, user__is_active=True
        )
        self._held = [
            (path or EVERYTHING, user_id)
            for path, user_id in grants.values_list("unit__path", "user_id")
        ]

    def above(self, path: str) -> frozenset[int]:
        """Those whose role covers the unit at `path`."""
        return frozenset(user for held, user in self._held if path.startswith(held))

    def nearest(self, path: str) -> frozenset[int]:
        """Of those, whose grant names the unit itself or the nearest unit above it."""
        held = [(len(own), user) for own, user in self._held if path.startswith(own)]
        longest = max((length for length, _user in held), default=0)
        return frozenset(user for length, user in held if length == longest)


def accounts_of(cadre_id: int) -> frozenset[int]:
    """Accounts of one person, if they have any that works."""
    rows = User.objects.filter(cadre=cadre_id, is_active=True)
    return frozenset(rows.values_list("pk", flat=True))
