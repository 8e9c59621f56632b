"""Reads of files that were made for somebody."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from cadres.models import StoredExport, User
from cadres.policies import Actor, forget_grants, grants_of


def stored_exports(actor: Actor) -> QuerySet[StoredExport]:
    """The actor's own files, the latest first."""
    if not isinstance(actor, User):
        return StoredExport.objects.none()
    return StoredExport.objects.filter(actor=actor)


def stored_export_get(actor: Actor, pk: int) -> StoredExport:
    """One of the actor's own files. Raises Http404."""
    return get_object_or_404(stored_exports(actor), pk=pk)


def rights_print(actor: User) -> str:
    """The same while the actor's grants, and the person they are, stay the same."""
    forget_grants(actor)
    return hashlib.sha256(repr((grants_of(actor), actor.cadre_id)).encode()).hexdigest()


def may_take(actor: User, found: StoredExport) -> bool:
    """Whether the file still holds no more than the actor may see."""
    return found.rights == rights_print(actor)
