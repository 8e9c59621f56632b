"""Django application `compliance`: dated law, targets, waivers, the engine, runs, findings."""


from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    """Dated law, targets, waivers, the rule engine, runs and findings."""

    name = "compliance"
    verbose_name = _("Kiểm tra tuân thủ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check that loads all law data, and this app's sheet of the workbook."""
        from compliance import checks, sheets  # noqa: F401
