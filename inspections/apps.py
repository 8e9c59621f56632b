"""Django application `inspections`: mandate, evidence, findings, recommendations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Inspections: mandate, evidence, findings, recommendations, follow-up."""

    name = "inspections"
    verbose_name = _("Kiểm tra, giám sát")
    default_auto_field = "django.db.models.BigAutoField"
