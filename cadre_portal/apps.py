"""Django application of the shell: template tags, page shell and service commands."""

from django.apps import AppConfig


class CadrePortalConfig(AppConfig):
    """The shell has no models: nothing of the domain lives here."""

    name = "cadre_portal"
    label = "cadre_portal"
    verbose_name = "Cổng quy hoạch cán bộ"
    default_auto_field = "django.db.models.BigAutoField"
