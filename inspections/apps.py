"""Django application `inspections`: mandate, evidence, findings, recommendations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Inspections: mandate, evidence, findings, recommendations, follow-up."""

    name = "inspections"
    verbose_name = _("Kiểm tra, giám sát")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell what waits for whom; enter the papers that have Word templates."""
        from cadres.export_makers import register as make_later
        from cadres.papers import TEMPLATE_MODULES
        from cadres.todo import register as register_todos
        from inspections.exports import bundle
        from inspections.selectors.reports_waiting import course_todos
        from inspections.selectors.team_waiting import team_todos
        from inspections.selectors.waiting import remedy_todos

        register_todos("inspections.course", course_todos)
        register_todos("inspections.team", team_todos)
        register_todos("inspections.remedies", remedy_todos)
        TEMPLATE_MODULES.append("inspections.exports.forms")
        make_later(bundle.SET, bundle.set_file)
