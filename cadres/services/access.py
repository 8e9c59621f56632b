"""Accounts: getting back in, and grants that end."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.db import transaction

from cadre_portal.common import clock
from cadres.models import RoleGrant, User
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
