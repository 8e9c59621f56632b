"""Django application `rotation`: Rotation needs, proposals, decisions and tours of duty."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RotationConfig(AppConfig):
    """Rotation needs, proposals, decisions and tours of duty."""

    name = "rotation"
    verbose_name = _("Luân chuyển")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter this app's sheets, take part in reorganisations, join in the engine."""
        from cadres import file_parts
        from cadres.carrying import register as take_part
        from cadres.papers import TEMPLATE_MODULES
        from cadres.report_forms import register as report
        from cadres.todo import register as register_todos
        from compliance.engine.registry import register
        from rotation import sheets  # noqa: F401
        from rotation.carrying import RotationCarrier
        from rotation.contexts.cadre_file import RotationSource
        from rotation.contexts.exports import report_group
        from rotation.facts import APPOINTMENTS, ROTATIONS
        from rotation.rules import RULES
        from rotation.selectors.plans import plan_todos
        from rotation.selectors.waiting import rotation_todos

        TEMPLATE_MODULES.append("rotation.exports.forms")
        report("rotation", report_group)
        file_parts.register(RotationSource())
        take_part(RotationCarrier())
        register_todos("rotation", rotation_todos)
        register_todos("rotation-plans", plan_todos)
        register(ROTATIONS, (rule for rule in RULES if ROTATIONS.kind in rule.kinds))
        register(APPOINTMENTS, (rule for rule in RULES if APPOINTMENTS.kind in rule.kinds))
