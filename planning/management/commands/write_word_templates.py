"""Write the portal's own Word templates of planning tables anew, after their columns changed."""

from typing import Any

from django.core.management.base import BaseCommand

from cadres.exports.word import template_path
from cadres.exports.word_templates import write_template
from planning.exports.forms import TEMPLATES


class Command(BaseCommand):
    """Writes `templates/documents/<form>.docx`; an office's own templates are not touched."""

    help = "Viết lại các mẫu Word của biểu quy hoạch đi kèm cổng (không đụng mẫu của cơ quan)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One file a form."""
        for name, tables in TEMPLATES.items():
            path = template_path(f"{name}.docx")
            write_template(path, tables)
            self.stdout.write(str(path.name))
