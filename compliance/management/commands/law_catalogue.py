"""`manage.py law_catalogue`: every legal parameter in force on a day, with its citation."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cadre_portal.common import clock
from compliance.law import LawError, load_law
from compliance.law.listing import as_markdown, as_table, records


class Command(BaseCommand):
    """Print the catalogue as a table, JSON or Markdown. Needs no database."""

    help = "In mọi tham số pháp lý có hiệu lực vào một ngày, kèm căn cứ và mức chắc chắn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the day and the format."""
        parser.add_argument(
            "--as-of", type=_day, metavar="YYYY-MM-DD", help="ngày xét; mặc định là hôm nay"
        )
        parser.add_argument("--format", choices=("table", "json", "md"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it on standard output, and nothing else there."""
        try:
            law = load_law()
        except LawError as error:
            raise CommandError(str(error)) from error
        on: date = options["as_of"] or clock.today()
        if options["format"] == "json":
            text = json.dumps(records(law, on), ensure_ascii=False, indent=2)
        else:
            text = (as_table if options["format"] == "table" else as_markdown)(law, on)
        self.stdout.write(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} không phải là ngày dạng YYYY-MM-DD") from None
