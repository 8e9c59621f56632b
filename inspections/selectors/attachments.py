"""Files of inspections that somebody may read."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor
from inspections.choices import Stage
from inspections.models import Attachment
from inspections.policies import inspected_scope, reading_scope, side_minutes_scope


def attachments_visible(actor: Actor) -> QuerySet[Attachment]:
    """Files of the inspections the actor reads in; for a unit what it put in itself, and files of
    minutes that it signs."""
    own = Q(from_unit=True) & inspected_scope(actor, "inspected_unit__")
    own |= Q(minutes__isnull=False) & side_minutes_scope(actor, "minutes__")
    begun = ~Q(inspection__stage=Stage.PREPARING)
    return (
        Attachment.objects.filter(reading_scope(actor) | (own & begun))
        .select_related("inspection__unit", "inspected_unit__unit", "uploaded_by")
        .order_by("pk")
    )


def attachment_get(actor: Actor, pk: int) -> Attachment:
    """One of them. Raises Http404."""
    return get_object_or_404(attachments_visible(actor), pk=pk)
