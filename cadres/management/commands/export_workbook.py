"""`export_workbook FILE.xlsx [--unit CODE]`: CONTRACT section 1."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cadres.services.imports import UnknownUnit, workbook_export
from cadres.workbook.tables import text_table


class Command(BaseCommand):
    """Write the exchange workbook: everything, or what belongs to one unit's subtree."""

    help = "Xuất dữ liệu ra tệp trao đổi .xlsx: toàn bộ, hoặc một đơn vị và cấp dưới."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --unit."""
        parser.add_argument("file", type=Path, help="tệp .xlsx sẽ được ghi")
        parser.add_argument("--unit", default="", metavar="MÃ", help="mã đơn vị")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file and print how many rows each sheet has."""
        try:
            rows = workbook_export(path=options["file"], unit_code=options["unit"])
        except UnknownUnit as error:
            raise CommandError(_("Không có đơn vị mang mã %(code)s.") % {"code": error}) from error
        except OSError as error:
            raise CommandError(
                _("Không ghi được tệp %(file)s: %(reason)s.")
                % {"file": options["file"], "reason": error.strerror or error}
            ) from error
        self.stdout.write(text_table([_("Trang"), _("Số dòng")], [list(r) for r in rows.items()]))
