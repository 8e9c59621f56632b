"""Accounts, for who puts together a team."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Func, Q, TextField

from cadres.models import Appointment, User
from cadres.policies import Actor, require, roles_of
from cadres.selectors.cadres import posts_of
from cadres.selectors.text import folded_words

#: So many are shown; who looks for one types another word.
MATCHES = 20


@dataclass(frozen=True, kw_only=True)
class FoundAccount:
    """An account that works, with the post of the person it belongs to, where that is known."""

    user: User
    post: Appointment | None


def accounts_matching(actor: Actor, text: str, today: dt.date) -> list[FoundAccount]:
    """Accounts by a part of the name or the beginning of the user name; two queries.

    For whoever holds a role. Raises PermissionDenied.
    """
    require(bool(roles_of(actor)))
    text = text.strip()
    if not text:
        return []
    key = Func(F("full_name"), function="vi_fold", output_field=TextField())
    found = (
        User.objects.annotate(key=key)
        .filter(folded_words(text, "key") | Q(username__istartswith=text), is_active=True)
        .select_related("cadre")
        .order_by("full_name", "username")[:MATCHES]
    )
    posts = posts_of([user.cadre for user in found if user.cadre], today)
    return [
        FoundAccount(user=user, post=posts.get(user.cadre_id) if user.cadre_id else None)
        for user in found
    ]


def account_find(pk: int) -> User | None:
    """A working account. Unscoped: what is done with it asks for the right."""
    return User.objects.filter(pk=pk, is_active=True).select_related("cadre").first()
