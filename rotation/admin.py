"""Equivalent titles are kept here; rotations are changed on their own pages."""

from django.contrib import admin

from cadres.admin_site import PortalModelAdmin, register_events
from rotation.models import (
    EquivalentTitle,
    Rotation,
    RotationOpinion,
    RotationPlan,
    RotationPlanDecision,
    RotationTarget,
    RotationWaiver,
    TourExtension,
    TourReport,
)


@admin.register(EquivalentTitle)
class EquivalentTitleAdmin(PortalModelAdmin):
    """Which titles the province holds to be equivalent."""

    list_display = ("title", "group", "document")
    list_filter = ("group",)
    list_select_related = ("title",)
    search_fields = ("title__name", "title__search_key", "group")
    autocomplete_fields = ("title",)


register_events(
    EquivalentTitle,
    Rotation,
    RotationOpinion,
    RotationPlan,
    RotationPlanDecision,
    RotationTarget,
    RotationWaiver,
    TourExtension,
    TourReport,
)
