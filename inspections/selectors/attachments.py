"""Files of inspections that somebody may read."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor
from inspections.choices import Stage
from inspections.models import Attachment, SelfSubmission
from inspections.policies import inspected_scope, reading_scope, side_minutes_scope


def attachments_visible(actor: Actor) -> QuerySet[Attachment]:
    """Files of the inspections the actor reads in, of answers what was submitted; for a unit what
    it put in itself, and files of minutes that it signs."""
    own = Q(from_unit=True) & inspected_scope(actor, "inspected_unit__")
    own |= Q(minutes__isnull=False) & side_minutes_scope(actor, "minutes__")
    begun = ~Q(inspection__stage=Stage.PREPARING)
    return (
        Attachment.objects.filter((reading_scope(actor) & _submitted()) | (own & begun))
        .select_related("inspection__unit", "inspected_unit__unit", "uploaded_by")
        .order_by("pk")
    )


def _submitted() -> Q:
    """Condition on files "with an answer only once it is submitted"."""
    given = SelfSubmission.files.through.objects.filter(attachment=OuterRef("pk"))
    return ~Q(from_unit=True, item__isnull=False) | Q(Exists(given))


def attachment_get(actor: Actor, pk: int) -> Attachment:
    """One of them. Raises Http404."""
    return get_object_or_404(attachments_visible(actor), pk=pk)
