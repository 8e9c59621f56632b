"""Django application `planning`: Terms, plans, pools, nominations and the planning rules."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    """Terms, plans, pools, nominations and the planning rules."""

    name = "planning"
    verbose_name = _("Quy hoạch")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter this app's sheets and columns, join in the engine with the planning rules."""
        from cadres import file_parts
        from cadres.carrying import register as take_part
        from cadres.list_imports.handlers import register as read_lists
        from cadres.papers import TEMPLATE_MODULES
        from cadres.todo import register as register_todos
        from cadres.unit_states import register as count_plans
        from compliance.engine.registry import register
        from planning import listing, sheets  # noqa: F401
        from planning.carrying import PlanCarrier
        from planning.contexts.cadre_file import PlanningSource as PlansOfPerson
        from planning.facts import PlanningSource
        from planning.list_imports import PlanHandler
        from planning.rules import RULES
        from planning.selectors.waiting import planning_todos
        from planning.unit_states import plan_states

        TEMPLATE_MODULES.append("planning.exports.forms")
        register_todos("planning", planning_todos)
        register(PlanningSource(), RULES)
        take_part(PlanCarrier())
        count_plans(plan_states)
        read_lists(PlanHandler())
        file_parts.register(PlansOfPerson())
