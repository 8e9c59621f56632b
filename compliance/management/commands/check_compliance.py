"""`manage.py check_compliance`: run the rules for a day and print what they found."""

import argparse
import json
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from cadre_portal.common import clock
from cadres.selectors.units import unit_find_unscoped
from compliance import selectors, services
from compliance.choices import Outcome, RunKind, RunStatus
from compliance.engine.registry import all_rules, rule_by_code
from compliance.models import ComplianceRun

if TYPE_CHECKING:
    from cadres.models import Unit

POLL_SECONDS = 0.3
RESUME_AFTER_SECONDS = 15.0  # without progress: a worker may have been lost


class Command(BaseCommand):
    """See CONTRACT section 1."""

    help = "Kiểm tra kế hoạch, nhân sự, luân chuyển theo các tiêu chí có hiệu lực vào ngày xét."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options of the contract."""
        parser.add_argument("--as-of", type=_day, default=None, metavar="YYYY-MM-DD")
        parser.add_argument("--unit", metavar="CODE", help="đơn vị này và các đơn vị cấp dưới")
        parser.add_argument("--rule", metavar="CODE", help="chỉ in kết quả của tiêu chí này")
        parser.add_argument("--inline", action="store_true", help="tự chạy, không qua worker")
        parser.add_argument("--format", choices=("table", "jsonl"), default="table")
        parser.add_argument("--all", action="store_true", help="in cả kết quả không áp dụng")

    def handle(self, *_: Any, **options: Any) -> None:
        """Run, wait, print."""
        as_of: date = options["as_of"] or clock.today()
        unit = _unit(options["unit"])
        rule = options["rule"]
        if rule is not None:
            _known_rule(rule)
        run = services.run_start(
            actor=None,
            as_of=as_of,
            unit=unit,
            kind=RunKind.SNAPSHOT,
            inline=options["inline"],
        )
        runs = [run]
        if as_of == clock.today() and unit is None:
            # The pages show the live state: bring it up to today as well.
            runs.append(
                services.run_start(
                    actor=None, as_of=as_of, kind=RunKind.LIVE, inline=options["inline"]
                )
            )
        for each in runs:
            if options["inline"]:
                services.run_inline(each)
            else:
                self._wait(each)
        if options["format"] == "jsonl":
            self._print_lines(run, rule=rule, everything=options["all"])
        else:
            self._print_table(run, rule=rule)

    def _wait(self, run: ComplianceRun) -> None:
        """Follow a run that workers do; progress goes to standard error."""
        told, moved_at = -1, time.monotonic()
        while True:
            run.refresh_from_db()
            if run.done != told:
                told, moved_at = run.done, time.monotonic()
                self.stderr.write(f"{run.get_kind_display()}: {run.done}/{run.total} phần")
            if run.is_over:
                break
            if time.monotonic() - moved_at > RESUME_AFTER_SECONDS:
                moved_at = time.monotonic()
                services.run_advance(run_id=run.pk, resume=True)
                self.stderr.write(
                    "Chưa có tiến triển. Nếu chưa chạy worker: celery -A cadre_portal worker"
                )
            time.sleep(POLL_SECONDS)
        if run.status != RunStatus.FINISHED:
            raise CommandError(run.error or f"Lần kiểm tra {run.get_status_display().lower()}.")

    def _print_lines(self, run: ComplianceRun, *, rule: str | None, everything: bool) -> None:
        for finding in selectors.snapshot_findings_unscoped(run=run, rule=rule):
            if everything or finding.outcome != Outcome.NOT_APPLICABLE:
                line = json.dumps(finding.as_json(run.as_of), ensure_ascii=False)
                self.stdout.write(line)

    def _print_table(self, run: ComplianceRun, *, rule: str | None) -> None:
        run.refresh_from_db()
        outcomes = (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET)
        heads = [str(outcome.label) for outcome in outcomes]
        scope = run.unit.name if run.unit else "toàn bộ đơn vị"
        self.stdout.write(f"Ngày xét {run.as_of:%d/%m/%Y}, {scope}")
        self.stdout.write(f"{'Tiêu chí':<46}" + "".join(f"{head:>11}" for head in heads))
        for each in all_rules():
            if rule not in (None, each.code) or each.code not in run.summary:
                continue
            numbers = [run.summary[each.code].get(outcome.code, 0) for outcome in outcomes]
            self.stdout.write(f"{each.title:<46}" + "".join(f"{_dots(n):>11}" for n in numbers))


def _dots(number: int) -> str:
    """12345 -> `12.345`."""
    return f"{number:,}".replace(",", ".")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” không phải ngày dạng YYYY-MM-DD.") from error


def _unit(code: str | None) -> "Unit | None":
    if code is None:
        return None
    unit = unit_find_unscoped(code)
    if unit is None:
        raise CommandError(f"Không có đơn vị nào mang mã “{code}”.")
    return unit


def _known_rule(code: str) -> None:
    try:
        rule_by_code(code)
    except KeyError as error:
        known = ", ".join(rule.code for rule in all_rules())
        raise CommandError(f"Không có tiêu chí “{code}”. Các tiêu chí: {known}") from error
