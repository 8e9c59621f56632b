"""Imports of exchange workbooks: what the command and the pages both do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pghistory
from django.utils.translation import gettext as _

from cadre_portal.common.jobs import enqueue
from cadres.models import Unit
from cadres.workbook.exporting import export_workbook
from cadres.workbook.loading import Progress, Report, import_workbook

#: The rooms above judge the data anew; this room knows the job by its name only.
CHECK_JOB = "compliance.check_all"


def workbook_import(
    *,
    path: Path,
    dry_run: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], object] | None = None,
) -> Report:
    """Load a workbook, or only check it, and have everything judged anew when it was written."""
    with pghistory.context(source="import", file=path.name):
        report = import_workbook(path, dry_run=dry_run, progress=progress)
    if report.ok and not dry_run:
        enqueue(CHECK_JOB, on_failure=lambda: (tell or _ignore)(_not_sent()))
    return report


def _ignore(_message: str) -> None:
    """Nobody is listening."""


def _not_sent() -> str:
    return _(
        "Dữ liệu đã ghi, nhưng chưa giao được việc kiểm tra lại (không kết nối được hàng đợi). "
        "Hãy chạy check_compliance khi dịch vụ hoạt động lại."
    )


class UnknownUnit(LookupError):
    """No unit has that code; the argument is the code."""


def workbook_export(*, path: Path, unit_code: str = "") -> dict[str, int]:
    """Write the exchange workbook of everything or of one subtree: rows by sheet.

    Raises UnknownUnit, OSError.
    """
    if not unit_code:
        return export_workbook(path)
    unit = Unit.objects.filter(code=unit_code).first()
    if unit is None:
        raise UnknownUnit(unit_code)
    return export_workbook(path, subtrees=[unit.path])
