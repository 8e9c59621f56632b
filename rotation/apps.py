"""Django application `rotation`: Rotation needs, proposals, decisions and tours of duty."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RotationConfig(AppConfig):
    """Rotation needs, proposals, decisions and tours of duty."""

    name = "rotation"
    verbose_name = _("Luân chuyển")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter this app's sheets of the exchange workbook."""
        from rotation import sheets  # noqa: F401
