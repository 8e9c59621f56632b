"""Imports and exports of exchange workbooks: what the commands, the pages and the jobs all do.

An uploaded file is an `ImportJob`: checked by one job, written by another that a person asks for.
Whoever works on it holds an advisory lock, so a job that is delivered twice does nothing the second
time, and one whose worker died can be told from one that runs.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

import pghistory
import python_calamine
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.models import ImportJob, Unit, User
from cadres.policies import (
    EVERYTHING,
    SENSITIVE_ROLES,
    can_export_workbook,
    can_import_workbook,
    require,
    scope_paths,
)
from cadres.selectors.imports import JOB_LOCK
from cadres.selectors.units import unit_find_unscoped
from cadres.services import list_imports
from cadres.services.records import record_export
from cadres.workbook.exporting import export_workbook, write_workbook
from cadres.workbook.faults import Fault
from cadres.workbook.loading import Progress, Report, import_workbook
from cadres.workbook.schema import all_sheets

logger = logging.getLogger(__name__)

#: The rooms above judge the data anew; this room knows their job by its name only.
RECHECK = "compliance.check_all"
CHECK, APPLY = "cadres.import_check", "cadres.import_apply"
#: A page shows so many converted cells; the rest is a number.
_CONVERSIONS_KEPT = 1_000

Status = ImportJob.Status


class ImportChanged(Exception):  # noqa: N818 - the state of the job, not an error of the program
    """The file is no longer where the person last saw it: somebody else was faster."""


# ---- Straight from a file: commands ----------------------------------------------------------


def workbook_import(
    *,
    path: Path,
    dry_run: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], object] | None = None,
) -> Report:
    """Load a workbook, or only check it; what was written is judged anew by a job.

    `tell` gets a sentence when that job could not be sent; the data stay written.
    """

    def written(_report: Report) -> None:
        enqueue(RECHECK, on_failure=lambda: (tell or logger.warning)(_not_sent()))

    with pghistory.context(source="import", file=path.name):
        return import_workbook(path, dry_run=dry_run, progress=progress, finish=written)


def uploads_forget() -> int:
    """Delete uploaded files kept longer than UPLOADS_KEPT_DAYS; what became of them stays told."""
    before = clock.now() - timedelta(days=settings.UPLOADS_KEPT_DAYS)
    old = ImportJob.objects.filter(created_at__lt=before).exclude(file="")
    number = 0
    for job in old.exclude(status__in=(Status.CHECKING, Status.APPLYING)).defer("result"):
        job.file.delete(save=False)
        ImportJob.objects.filter(pk=job.pk).update(file="")
        number += 1
    return number + list_imports.uploads_forget(before=before)


def _not_sent() -> str:
    return _(
        "Dữ liệu đã ghi, nhưng chưa giao được việc kiểm tra lại (không kết nối được hàng đợi). "
        "Hãy chạy check_compliance khi dịch vụ hoạt động lại."
    )


class UnknownUnit(LookupError):  # noqa: N818 - said by the person, not an error of the program
    """No unit has that code; the argument is the code."""


def workbook_export(*, path: Path, unit_code: str = "") -> dict[str, int]:
    """Write the exchange workbook of everything or of one subtree: rows by sheet.

    Raises UnknownUnit, OSError.
    """
    if not unit_code:
        return export_workbook(path)
    unit = unit_find_unscoped(unit_code)
    if unit is None:
        raise UnknownUnit(unit_code)
    return export_workbook(path, subtrees=[unit.path])


# ---- For a person ----------------------------------------------------------------------------


def workbook_export_for(*, actor: User, unit: Unit | None, stream: IO[bytes]) -> dict[str, int]:
    """Write the workbook of `unit`, or of all that the actor may take out: rows by sheet.

    Raises PermissionDenied.
    """
    subtrees: Sequence[str] | None
    if unit:
        require(can_export_workbook(actor, unit))
        subtrees = [unit.path]
    else:
        subtrees = scope_paths(actor, *SENSITIVE_ROLES)
        require(bool(subtrees))
        if subtrees == (EVERYTHING,):
            require(can_export_workbook(actor))
            subtrees = None
    rows = write_workbook(stream, subtrees=subtrees, told_on=clock.today())
    record_export(
        actor=actor,
        what="workbook",
        file_format="xlsx",
        people=rows["cadres"],
        filters={"unit": unit.code} if unit else {},
        is_sensitive=True,
        unit=unit,
        rows=sum(rows.values()),
    )
    logger.info(
        "workbook_exported",
        extra={"actor": actor.pk, "unit": unit and unit.code, "rows": sum(rows.values())},
    )
    return rows


def is_exchange_workbook(upload: UploadedFile[bytes]) -> bool:
    """Whether an uploaded file has a sheet of the exchange format; lists of offices have none."""
    head = upload.read(4)
    upload.seek(0)
    if head != b"PK\x03\x04":
        return False
    try:
        names = python_calamine.CalamineWorkbook.from_filelike(upload).sheet_names
    except Exception:  # a broken file may fail in any way inside the reader
        return True  # what the check says about it is more exact than what a list would say
    finally:
        upload.seek(0)
    return bool({sheet.name for sheet in all_sheets()} & set(names))


def import_upload(*, actor: User, upload: UploadedFile[bytes]) -> ImportJob:
    """Keep an uploaded workbook and have it checked. Raises PermissionDenied."""
    require(can_import_workbook(actor))
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    upload.seek(0)
    with transaction.atomic():
        job = ImportJob(
            uploaded_by=actor,
            file_name=Path(upload.name or "").name[-200:],
            sha256=digest.hexdigest(),
        )
        # The name on disk says nothing about the content and cannot be guessed from outside.
        job.file.save(f"{digest.hexdigest()[:16]}.xlsx", upload, save=False)
        job.save()
        enqueue(CHECK, job_id=job.pk)
    return job


def import_apply_ask(*, actor: User, job: ImportJob) -> None:
    """Have a checked file written. Raises PermissionDenied, ImportChanged."""
    require(can_import_workbook(actor))
    with transaction.atomic():
        taken = ImportJob.objects.filter(pk=job.pk, status=Status.READY).update(
            status=Status.QUEUED,
            applied_by=actor,
            apply_asked_at=clock.now(),
            stage="",
            done=0,
            total=0,
        )
        if not taken:
            raise ImportChanged
        enqueue(APPLY, job_id=job.pk)


def import_retry(*, actor: User, job: ImportJob) -> None:
    """Give an interrupted or forgotten file to the workers again; nothing is done twice."""
    require(can_import_workbook(actor))
    if job.status in {Status.APPLIED, Status.REFUSED, Status.READY}:
        raise ImportChanged
    with transaction.atomic():
        ImportJob.objects.filter(pk=job.pk, status=Status.FAILED).update(
            status=Status.QUEUED, error="", stage="", done=0, total=0
        )
        enqueue(APPLY if job.apply_asked_at else CHECK, job_id=job.pk)


# ---- Jobs ------------------------------------------------------------------------------------


def import_check(*, job_id: int) -> None:
    """Check an uploaded file and note the outcome. Repeating it does no harm."""
    with _alone(job_id, Status.CHECKING, is_apply=False) as held:
        if held is None:
            return
        job, progress = held
        report = import_workbook(Path(job.file.path), dry_run=True, progress=progress)
        _note(job, report, Status.READY if report.ok else Status.REFUSED)


def import_apply(*, job_id: int) -> None:
    """Write a checked file: its rows and the word that it is written are one transaction."""
    with _alone(job_id, Status.APPLYING, is_apply=True) as held:
        if held is None:
            return
        job, progress = held
        if not _is_same_file(job):
            _note(job, Report(faults=[_swapped()]), Status.REFUSED)
            return

        def written(report: Report) -> None:
            _note(job, report, Status.APPLIED)
            enqueue(RECHECK)

        with pghistory.context(source="import", user=job.applied_by_id, import_job=job.pk):
            report = import_workbook(Path(job.file.path), progress=progress, finish=written)
        if not report.ok:
            _note(job, report, Status.REFUSED)


@contextmanager
def _alone(
    job_id: int, status: str, *, is_apply: bool
) -> Iterator[tuple[ImportJob, Progress] | None]:
    """Hold the job while working on it; None when it is held elsewhere or already done.

    The lock and the progress need a connection of their own: the work is one long transaction,
    of which nobody else sees anything before it ends.
    """
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [JOB_LOCK, job_id])
            if not cursor.fetchone()[0]:
                yield None
                return

            def progress(stage: str, done: int, total: int) -> None:
                cursor.execute(
                    "UPDATE cadres_importjob SET stage = %s, done = %s, total = %s WHERE id = %s",
                    [stage, done, total, job_id],
                )

            job = _claim(job_id, status, is_apply=is_apply)
            if job is None:
                yield None
                return
            try:
                yield job, progress
            except Exception as error:
                _interrupt(job, error)
                raise
    finally:
        other.close()


def _claim(job_id: int, status: str, *, is_apply: bool) -> ImportJob | None:
    """Take the job if it waits for this step, or was left in the middle of it."""
    claimed = ImportJob.objects.filter(
        pk=job_id, status__in=(Status.QUEUED, status), apply_asked_at__isnull=not is_apply
    ).update(status=status, finished_at=None)
    return ImportJob.objects.get(pk=job_id) if claimed else None


def _is_same_file(job: ImportJob) -> bool:
    with job.file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == job.sha256


def _swapped() -> Fault:
    message = _("Tệp đã lưu không còn như khi được kiểm tra; chưa ghi gì. Hãy tải lên lại.")
    return Fault(code="file_changed", message=message)


def _note(job: ImportJob, report: Report, status: str) -> None:
    result = report.as_json()
    kept = result["converted"][:_CONVERSIONS_KEPT]
    result["converted_more"] = report.converted_more + len(result["converted"]) - len(kept)
    result["converted"] = kept
    ImportJob.objects.filter(pk=job.pk).update(
        status=status, result=result, error="", stage="", finished_at=clock.now()
    )


def _interrupt(job: ImportJob, error: Exception) -> None:
    """Say that nothing was written. A database that is away cannot be told; the lock tells it."""
    logger.exception("import_interrupted", extra={"import_job": job.pk})
    if isinstance(error, OperationalError):
        return
    ImportJob.objects.filter(pk=job.pk).update(
        status=Status.FAILED,
        error=_("Việc xử lý bị gián đoạn; chưa ghi gì. Hãy thử lại, hoặc báo người quản trị."),
        finished_at=clock.now(),
    )
