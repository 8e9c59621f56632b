"""Write the portal's own Word templates anew, after what stands in them changed."""

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand

from cadres.exports.word import template_path
from cadres.papers import TEMPLATE_MODULES


class Command(BaseCommand):
    """Writes `templates/documents/<form>.docx`; an office's own templates are not touched."""

    help = "Viết lại các mẫu Word đi kèm cổng (không đụng mẫu của cơ quan)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One file a form."""
        for module in TEMPLATE_MODULES:
            for name, write in import_module(module).template_writers().items():
                path = template_path(f"{name}.docx")
                write(path)
                self.stdout.write(str(path.name))
