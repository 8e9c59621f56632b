"""Administration of terms; plans are looked at here and changed on their own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from cadres.admin_site import (
    LABELS,
    PortalModelAdmin,
    ReadOnlyAdmin,
    RecheckedAdmin,
    register_events,
)
from planning.models import (
    Ballot,
    Dossier,
    DraftItem,
    Holiday,
    Nomination,
    Plan,
    PlanningCycle,
    ProcessSetting,
    StepBallot,
    StepRecord,
    StepTemplate,
    Term,
)


@admin.register(Term)
class TermAdmin(RecheckedAdmin):
    """Terms of office."""

    list_display = ("code", "starts_on", "ends_on")
    ordering = ("-starts_on",)


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    """Plans of units."""

    list_display = ("unit_name", "term", "status", "approved_on", "last_reviewed_on")
    list_filter = ("term", "status")
    search_fields = ("unit__name", "unit__code", "unit__search_key", "decision_no")
    list_select_related = ("unit", "term")
    ordering = ("unit__path", "term__starts_on")

    @display(description=LABELS["unit"], ordering="unit__path")
    def unit_name(self, plan: Plan) -> str:
        """The unit."""
        return plan.unit.name


@admin.register(PlanningCycle)
class PlanningCycleAdmin(ReadOnlyAdmin):
    """Cycles are opened and ended on their own pages."""

    list_display = ("name", "kind", "term", "opens_on", "due_on", "closed_on")
    list_filter = ("kind", "term")
    ordering = ("-opens_on",)


@admin.register(StepTemplate)
class StepTemplateAdmin(PortalModelAdmin):
    """The province's own steps; where a kind has none, those of the papers are asked."""

    list_display = ("kind", "number", "name", "body", "has_ballot", "confidence")
    list_filter = ("kind",)
    ordering = ("kind", "number")


@admin.register(ProcessSetting)
class ProcessSettingAdmin(RecheckedAdmin):
    """What ballots are counted against, and when units are reminded."""

    list_display = ("ballot_denominator", "reminder_days", "document")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One row."""
        return super().has_add_permission(request) and not ProcessSetting.objects.exists()

    def save_model(
        self, request: HttpRequest, obj: ProcessSetting, form: Any, change: bool
    ) -> None:
        """The one row has the one number that the database takes."""
        obj.pk = 1
        super().save_model(request, obj, form, change)


@admin.register(Holiday)
class HolidayAdmin(PortalModelAdmin):
    """Days off that working days leave out."""

    list_display = ("on_date", "name")
    ordering = ("-on_date",)


register_events(
    Term,
    Plan,
    Nomination,
    Ballot,
    PlanningCycle,
    StepTemplate,
    ProcessSetting,
    Holiday,
    Dossier,
    DraftItem,
    StepRecord,
    StepBallot,
)
