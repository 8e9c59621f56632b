"""`import_workbook FILE.xlsx [--dry-run] [--json]`: CONTRACT section 1."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cadres.services.imports import workbook_import
from cadres.workbook.loading import Report
from cadres.workbook.tables import text_table


class Command(BaseCommand):
    """Load an exchange workbook: all of it or, with one bad row, nothing."""

    help = "Nhập một tệp trao đổi dữ liệu .xlsx: ghi tất cả, hoặc không ghi gì khi có lỗi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --dry-run, --json."""
        parser.add_argument("file", type=Path, help="tệp .xlsx")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi")
        parser.add_argument("--json", action="store_true", help="in báo cáo dạng JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the report; exit 1 when the file was refused."""
        if not options["file"].is_file():
            raise CommandError(_("Không có tệp %(file)s.") % {"file": options["file"]})
        report = workbook_import(
            path=options["file"], dry_run=options["dry_run"], tell=self.stderr.write
        )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_as_text(report, dry_run=options["dry_run"]))
        if not report.ok:
            raise SystemExit(1)


def _as_text(report: Report, *, dry_run: bool) -> str:
    parts = []
    if report.converted:
        parts.append(
            _("Đã chuyển %(number)d ô từ bảng mã cũ sang Unicode.")
            % {"number": len(report.converted) + report.converted_more}
        )
    if not report.ok:
        parts += [_errors(report), _("Chưa ghi gì.")]
        return "\n\n".join(parts)
    parts.append(
        text_table(
            [_("Trang"), _("Thêm mới"), _("Cập nhật"), _("Không đổi")],
            [
                [name, written.created, written.updated, written.unchanged]
                for name, written in report.rows.items()
            ],
        )
    )
    parts.append(_("Tệp hợp lệ; chưa ghi gì (chỉ kiểm tra).") if dry_run else _("Đã ghi xong."))
    return "\n\n".join(parts)


def _errors(report: Report) -> str:
    table = text_table(
        [_("Trang"), _("Dòng"), _("Cột"), _("Lỗi"), _("Giải thích")],
        [
            [fault.sheet or "–", fault.row or "–", fault.column or "–", fault.code, fault.message]
            for fault in report.faults
        ],
    )
    if report.more:
        table += "\n" + _("… và %(more)d lỗi nữa.") % {"more": report.more}
    return table
