"""`read_list FILE [--json]`: CONTRACT section 1."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cadres.lists import ListRefused, Person, Reading, read
from cadres.workbook.tables import text_table


class Command(BaseCommand):
    """Show what the portal reads from an office's list by itself; nothing is written."""

    help = "Đọc thử một danh sách (.xlsx, .xls, .ods, .csv) như cổng tự hiểu; không ghi gì."
    requires_system_checks: tuple[str, ...] = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --sheet, --json."""
        parser.add_argument("file", type=Path, help="tệp .xlsx, .xls, .ods hoặc .csv")
        parser.add_argument("--sheet", help="tên trang cần đọc; mặc định: trang có danh sách")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the people; exit 1 with one sentence when there is no list to read."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("Không có tệp %(file)s.") % {"file": path})
        try:
            reading = read(path, path.name, sheet=options["sheet"])
        except ListRefused as refused:
            raise CommandError(refused.message) from refused
        if reading.fault:
            raise CommandError(reading.fault.message)
        if options["json"]:
            self.stdout.write(json.dumps(reading.as_json(), ensure_ascii=False))
        else:
            self.stdout.write(_as_text(reading))


def _as_text(reading: Reading) -> str:
    first, last = reading.header or (0, 0)
    lines = [
        _("Trang “%(sheet)s”, tiêu đề ở dòng %(first)d–%(last)d, %(people)d người.")
        % {"sheet": reading.sheet, "first": first, "last": last, "people": len(reading.people)},
        text_table(
            [_("Cột"), _("Tiêu đề"), _("Được hiểu là"), _("Chắc chắn")],
            [
                [c.letter, c.title, _label(c.field), f"{c.confidence:.0%}" if c.field else ""]
                for c in reading.columns
                if c.heading or c.field
            ],
        ),
        text_table(
            [_("Dòng"), _("Họ và tên"), _("Giới tính"), _("Ngày sinh"), _("Chức vụ")],
            [_person(person) for person in reading.people],
        ),
    ]
    if reading.problems:
        lines.append(
            text_table(
                [_("Ô"), _("Cần xem lại")],
                [[p.cell or p.row or p.column or "–", p.message] for p in reading.problems],
            )
        )
    return "\n\n".join(lines)


def _label(field: str | None) -> str:
    from cadres.lists import Field

    return str(Field(field).label) if field else ""


def _person(person: Person) -> list[Any]:
    born = person.get("birth_date")
    sex = {"male": _("Nam"), "female": _("Nữ")}.get(person.get("sex") or "", "")
    return [
        person.row,
        person.get("full_name"),
        sex,
        born.shown if born else "",
        person.get("title_text") or "",
    ]
