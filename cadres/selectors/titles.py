"""Titles: a shared list, the same for everybody with a grant."""

from __future__ import annotations

from django.db.models import QuerySet

from cadres.models import Title
from cadres.policies import Actor, grants_of


def title_list(actor: Actor) -> QuerySet[Title]:
    """All titles, most senior first; nothing for who holds no grant."""
    return Title.objects.all() if grants_of(actor) else Title.objects.none()
