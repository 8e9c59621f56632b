"""Django application `compliance`: Dated law, targets, waivers, the rule engine, runs and findings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    """Dated law, targets, waivers, the rule engine, runs and findings."""

    name = "compliance"
    verbose_name = _("Kiểm tra tuân thủ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the check that loads all law data at start."""
        from compliance import checks  # noqa: F401
