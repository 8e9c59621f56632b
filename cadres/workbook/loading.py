"""An exchange workbook into the database: everything checked, then written as a whole or not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.utils.translation import gettext as _

from cadres.workbook.checks import check_sheet
from cadres.workbook.faults import Fault, FaultList, WorkbookRefused
from cadres.workbook.parsing import SheetParser, column_letters
from cadres.workbook.reading import Conversion, WorkbookReader
from cadres.workbook.schema import Sheet, all_sheets
from cadres.workbook.staging import Staging
from cadres.workbook.writing import Written, write_sheet

logger = logging.getLogger(__name__)

#: Two imports at once would wait for, and then refuse, each other's rows; they take turns instead.
IMPORT_LOCK = 6_284_417_001
#: Serialisation failure, deadlock, lock not available.
_CONFLICTS = {"40001", "40P01", "55P03"}
#: So many converted cells are listed; the rest is a number.
CONVERSION_LIMIT = 10_000

Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """What an import did, or why it did nothing."""

    rows: dict[str, Written] = field(default_factory=dict)
    converted: list[dict[str, Any]] = field(default_factory=list)
    converted_more: int = 0
    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Whether the file was (or, in a dry run, can be) written."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """The shape of CONTRACT section 2."""
        told = {
            "ok": self.ok,
            "rows": {name: written.as_json() for name, written in self.rows.items()},
            "converted": self.converted,
            "errors": [fault.as_json() for fault in self.faults],
            "more": self.more,
        }
        if self.converted_more:
            told["converted_more"] = self.converted_more
        return told


def import_workbook(
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    finish: Callable[[Report], None] | None = None,
) -> Report:
    """Check `path` and write it in one transaction; a dry run is the same, rolled back.

    `progress(stage, done, total)` is told about each step; `finish(report)` is called when
    everything is written, inside the transaction. Never raises for what is in the file.
    """
    report = Report()
    tell = progress or (lambda _stage, _done, _total: None)
    try:
        with WorkbookReader(path) as reader, transaction.atomic():
            _Import(reader, report, tell).run()
            if dry_run or not report.ok:
                transaction.set_rollback(True)
            elif finish:
                finish(report)
    except WorkbookRefused as refused:
        report.faults = [refused.fault]
    except DatabaseError as error:
        if _is_our_trouble(error):
            raise
        logger.warning("import_refused_by_database", exc_info=True)
        report.faults = [_refused_by_database(error)]
    if not report.ok:
        report.rows = {name: Written() for name in report.rows}
    return report


class _Import:
    """One run over a workbook inside a transaction."""

    def __init__(self, reader: WorkbookReader, report: Report, tell: Progress) -> None:
        self.reader = reader
        self.report = report
        self.tell = tell
        self.sheets = [sheet for sheet in all_sheets() if sheet.name in reader.sheet_names]
        self.faults = FaultList({sheet.name: sheet.order for sheet in all_sheets()})

    def run(self) -> None:
        """Everything: faults and counts are in the report afterwards."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
            cursor.execute("SET LOCAL work_mem = '64MB'")
            # Sheets refer to each other by codes; nothing may be half there while they are read.
            staging = Staging(cursor, self.faults)
            self._look_at_sheet_names()
            for number, sheet in enumerate(self.sheets):
                self.tell(_("Đọc trang %(sheet)s") % {"sheet": sheet.name}, number, self._steps)
                self._stage(staging, sheet)
            for number, sheet in enumerate(self.sheets, start=len(self.sheets)):
                self.tell(
                    _("Kiểm tra trang %(sheet)s") % {"sheet": sheet.name}, number, self._steps
                )
                if staging.has(sheet.name):
                    check_sheet(staging, sheet)
            self.report.faults, self.report.more = self.faults.first(), self.faults.more
            if not self.faults:
                self._write(staging)

    @property
    def _steps(self) -> int:
        return 3 * len(self.sheets)

    def _look_at_sheet_names(self) -> None:
        known = {sheet.name for sheet in all_sheets()}
        for name in self.reader.sheet_names:
            if name not in known:
                message = _("Không có trang “%(sheet)s”. Các trang được dùng: %(known)s.") % {
                    "sheet": name,
                    "known": ", ".join(sheet.name for sheet in all_sheets()),
                }
                self.faults.add(
                    Fault(code="unknown_sheet", message=message, sheet=name), part="sheets"
                )
        if not self.sheets and not self.faults:
            message = _("Tệp không có trang nào để nhập. Hãy dùng tệp mẫu của cổng.")
            self.faults.add(Fault(code="no_sheet", message=message), part="sheets")

    def _stage(self, staging: Staging, sheet: Sheet) -> None:
        reader = self.reader.sheet(sheet.name)
        parser = SheetParser(sheet, reader, self.faults)
        self.report.rows[sheet.name] = Written()
        if parser.is_usable:
            staging.load(sheet, parser.present, parser.batches())
            staging.resolve(sheet)
        else:
            staging.unreadable.add(sheet.name)
            for _piece in parser.batches():  # its cells are judged all the same
                pass
        self._note_conversions(sheet, reader.conversions)

    def _note_conversions(self, sheet: Sheet, conversions: list[Conversion]) -> None:
        room = CONVERSION_LIMIT - len(self.report.converted)
        for conversion in conversions[:room]:
            self.report.converted.append(
                {
                    "sheet": sheet.name,
                    "row": conversion.row,
                    "column": conversion.name or column_letters(conversion.column),
                    "from": conversion.was,
                    "to": conversion.now,
                    "encoding": conversion.encoding,
                }
            )
        self.report.converted_more += max(len(conversions) - room, 0)

    def _write(self, staging: Staging) -> None:
        for number, sheet in enumerate(self.sheets, start=2 * len(self.sheets)):
            self.tell(_("Ghi trang %(sheet)s") % {"sheet": sheet.name}, number, self._steps)
            self.report.rows[sheet.name] = write_sheet(staging, sheet)
        # What the database checks only at the end is checked now: in a dry run too.
        staging.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # The check that follows would plan by the statistics of an empty table.
        tables = {sheet.table for sheet in self.sheets if self.report.rows[sheet.name].created}
        if tables:
            staging.cursor.execute("ANALYZE " + ", ".join(sorted(tables)))
        self.tell(_("Xong"), self._steps, self._steps)


def _is_our_trouble(error: DatabaseError) -> bool:
    """The database is away, or our own SQL is wrong: neither the file nor a change meanwhile."""
    if isinstance(error, ProgrammingError):
        return True
    code = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, OperationalError) and code not in _CONFLICTS


def _refused_by_database(error: DatabaseError) -> Fault:
    """One readable error for a constraint that only the database saw, after a change meanwhile."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    table = getattr(diagnosis, "table_name", None) or ""
    sheet = next((sheet.name for sheet in all_sheets() if sheet.table == table), None)
    message = _(
        "Cơ sở dữ liệu từ chối%(what)s, chưa ghi gì: có thể dữ liệu vừa được người khác thay đổi. "
        "Hãy kiểm tra lại tệp và thử lại."
    ) % {"what": f" ({constraint})" if constraint else ""}
    return Fault(code="refused_by_database", message=message, sheet=sheet)
