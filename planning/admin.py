"""Administration of terms; plans are looked at here and changed on their own pages."""

from django.contrib import admin
from unfold.decorators import display

from cadres.admin_site import LABELS, ReadOnlyAdmin, RecheckedAdmin, register_events
from planning.models import Ballot, Nomination, Plan, Term


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


register_events(Term, Plan, Nomination, Ballot)
