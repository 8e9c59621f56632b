"""Keeping filters and columns of an account."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from cadres.models import ListColumns, SavedFilter, Unit, User
from cadres.policies import can_export_people, require
from cadres.selectors.cadre_list import LIST_NAME
from cadres.selectors.saved import offices_of


@transaction.atomic
def saved_filter_keep(
    *, actor: User, name: str, query: str, shared_with: Unit | None
) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces it. Raises PermissionDenied.

    It is shared only with an office of the actor's own.
    """
    require(can_export_people(actor))
    if shared_with is not None:
        require(offices_of(actor).filter(pk=shared_with.pk).exists())
    kept, _is_new = SavedFilter.objects.update_or_create(
        owner=actor, name=name.strip(), defaults={"query": query, "shared_with": shared_with}
    )
    return kept


@transaction.atomic
def saved_filter_drop(*, actor: User, saved: SavedFilter) -> None:
    """Drop one of the actor's own filters. Raises PermissionDenied."""
    require(saved.owner_id == actor.pk)
    saved.delete()


def columns_choose(*, actor: User, columns: Sequence[str] | None) -> None:
    """Keep the columns that the actor wants to see; None goes back to the usual ones."""
    require(actor.is_authenticated)
    if columns is None:
        ListColumns.objects.filter(user=actor, list_name=LIST_NAME).delete()
        return
    ListColumns.objects.update_or_create(
        user=actor, list_name=LIST_NAME, defaults={"columns": list(columns)}
    )
