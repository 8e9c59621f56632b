"""Accounts: getting back in, and grants that end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.db import transaction

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.models import RoleGrant, Unit, User
from cadres.policies import can_manage_access, forget_grants, require


@transaction.atomic
def mfa_reset(*, actor: User, account: User) -> int:
    """Take every second factor from an account; returns how many. Raises PermissionDenied.

    Not from one's own: that is what signing in with the second factor is for.
    """
    require(can_manage_access(actor) and actor.pk != account.pk)
    removed, _by_model = Authenticator.objects.filter(user=account).delete()
    return removed


def account_unlock(*, actor: User, account: User) -> int:
    """Forget failed sign-ins, so that the account may try again. Raises PermissionDenied."""
    require(can_manage_access(actor))
    return reset(username=account.username)


@transaction.atomic
def grant_revoke(*, actor: User, grant: RoleGrant) -> None:
    """End a grant at once: yesterday was its last day. Raises PermissionDenied.

    A row is never deleted, so that who could see what stays readable.
    """
    require(can_manage_access(actor))
    grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    yesterday = clock.today() - dt.timedelta(days=1)
    if grant.valid_to is not None and grant.valid_to <= yesterday:
        return
    grant.valid_to = yesterday
    if grant.valid_from is not None:
        grant.valid_from = min(grant.valid_from, yesterday)
    grant.full_clean()
    grant.save(update_fields=["valid_from", "valid_to"])
    forget_grants(grant.user)


def mandate_give(
    *, user: User, unit: Unit, valid_from: dt.date, valid_to: dt.date, reason: str
) -> RoleGrant:
    """Let an account read a unit and all below it as an inspector, between two days.

    Inside the caller's transaction; the caller has asked for the right to give it.
    """
    grant = RoleGrant(
        user=user,
        role=Role.INSPECTOR,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
    )
    grant.full_clean()
    grant.save()
    forget_grants(user)
    return grant


def mandate_end(grants: Iterable[RoleGrant]) -> None:
    """End inspectors' grants at once; rows stay, so that who could see what stays readable.

    Inside the caller's transaction; the caller has asked for the right.
    """
    yesterday = clock.today() - dt.timedelta(days=1)
    for grant in RoleGrant.objects.select_for_update().filter(
        pk__in=[grant.pk for grant in grants], role=Role.INSPECTOR
    ):
        if grant.valid_to is not None and grant.valid_to <= yesterday:
            continue
        grant.valid_to = yesterday
        if grant.valid_from is not None:
            grant.valid_from = min(grant.valid_from, yesterday)
        grant.save(update_fields=["valid_from", "valid_to"])
        forget_grants(grant.user)
