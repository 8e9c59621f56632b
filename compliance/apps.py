"""Django application `compliance`: dated law, targets, waivers, the engine, runs, findings."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    """Dated law, targets, waivers, the rule engine, runs and findings."""

    name = "compliance"
    verbose_name = _("Kiểm tra tuân thủ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load all law data, enter the workbook sheet and columns, join in the engine."""
        from cadres import file_parts
        from cadres.judging import register_grade_judge
        from compliance import checks, listing, sheets  # noqa: F401
        from compliance.contexts.cadre_file import RetirementSource
        from compliance.engine.registry import register
        from compliance.facts import UNIT_YEARS
        from compliance.rules import RULES
        from compliance.selectors.grades import grades_judged

        register(UNIT_YEARS, RULES)
        file_parts.register(RetirementSource())
        register_grade_judge(grades_judged)
        post_migrate.connect(_write_retirement_dates, sender=self)


def _write_retirement_dates(**_: Any) -> None:
    """Reference data comes with the code, as permissions do."""
    from compliance.engine.standing import write_retirement_dates

    write_retirement_dates()
