"""Django application `cadres`: Organisation tree, titles, people, access, import and export."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CadresConfig(AppConfig):
    """Organisation tree, titles, people, access, import and export."""

    name = "cadres"
    verbose_name = _("Tổ chức và hồ sơ cán bộ")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter this app's sheets of the exchange workbook, take part in reorganisations."""
        from cadres import sheets  # noqa: F401
        from cadres.carrying import register
        from cadres.contexts.rounds import round_todos
        from cadres.export_makers import register as make_later
        from cadres.exports import later
        from cadres.round_carrying import RoundObserver
        from cadres.todo import register as register_todos

        register(RoundObserver())
        register_todos("rounds", round_todos)
        make_later(later.PEOPLE, later.people_file)
        make_later(later.FORMS_2C, later.forms_file)
