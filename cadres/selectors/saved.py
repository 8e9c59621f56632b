"""Filters that accounts kept."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.http import Http404

from cadres.models import SavedFilter, Unit
from cadres.policies import EVERYTHING, Actor, grants_of


def offices_of(actor: Actor) -> QuerySet[Unit]:
    """The units that the actor's grants name; a grant for everything is one of the topmost units.

    These are the offices somebody shares filters with: colleagues whose grants name the same.
    """
    paths = {grant.path for grant in grants_of(actor)}
    named = Q(path__in=paths - {EVERYTHING})
    return Unit.objects.filter(named | Q(depth=1) if EVERYTHING in paths else named)


def saved_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """The actor's own filters and those shared with the actor's offices, by name; one query."""
    if actor.pk is None:
        return SavedFilter.objects.none()
    shared = Q(shared_with__in=offices_of(actor))
    kept = SavedFilter.objects.filter(Q(owner_id=actor.pk) | shared)
    return kept.select_related("owner", "shared_with").order_by(F("name"), "pk")


def saved_filter_own(actor: Actor, pk: int) -> SavedFilter:
    """A filter of the actor's own. Raises Http404: another's is not theirs to change."""
    found = SavedFilter.objects.filter(owner_id=actor.pk, pk=pk).first()
    if found is None:
        raise Http404
    return found
