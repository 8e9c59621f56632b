"""Reorganisations for those who may make them; which of them a unit went through, for everybody."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.choices import ReorganisationStatus
from cadres.models import Reorganisation
from cadres.policies import Actor, can_reorganise, can_see_audit


def reorganisation_list(actor: Actor) -> QuerySet[Reorganisation]:
    """All acts, the latest first, with the number of steps; none for who may not see them."""
    rows = Reorganisation.objects.select_related("created_by", "applied_by", "undone_by")
    if not may_read(actor):
        return rows.none()
    return rows.annotate(step_count=Count("steps")).order_by("-effective_on", "-pk")


def may_read(actor: Actor) -> bool:
    """Acts name people and units of the whole organisation."""
    return can_reorganise(actor) or can_see_audit(actor)


def reorganisation_get(actor: Actor, pk: int) -> Reorganisation:
    """The act. Raises Http404 when there is none for the actor."""
    return get_object_or_404(reorganisation_list(actor), pk=pk)


def acts_of(code: str) -> list[Reorganisation]:
    """Applied acts that took the unit in, the latest first; their names and decisions are open."""
    named = Q(steps__unit_code=code) | Q(steps__other_codes__contains=[code])
    rows = Reorganisation.objects.filter(named, status=ReorganisationStatus.APPLIED)
    return list(rows.distinct().order_by("-effective_on", "-pk"))
