"""Jobs: ids in, one service call. All may be delivered twice without harm."""

from collections.abc import Callable

from celery import Task, shared_task
from django.db import OperationalError

from cadres.services import (
    imports,
    list_imports,
    notices,
    records,
    reorganisations,
    stored_exports,
)


@shared_task(name="cadres.import_check", bind=True, max_retries=5)
def import_check(self: Task, job_id: int) -> None:
    """Check an uploaded workbook; a database that is away for a moment is waited for."""
    _retried(self, imports.import_check, job_id=job_id)


@shared_task(name="cadres.import_apply", bind=True, max_retries=5)
def import_apply(self: Task, job_id: int) -> None:
    """Write a checked workbook."""
    _retried(self, imports.import_apply, job_id=job_id)


@shared_task(name="cadres.units_settle", bind=True, max_retries=5)
def units_settle(self: Task) -> None:
    """Rename and move units on the day that was decided."""
    try:
        reorganisations.units_settle()
    except OperationalError as error:
        raise self.retry(exc=error, countdown=2**self.request.retries) from error


@shared_task(name="cadres.list_read", bind=True, max_retries=5)
def list_read(self: Task, list_import_id: int) -> None:
    """Read an office's list."""
    _retried(self, list_imports.list_read, list_import_id=list_import_id)


@shared_task(name="cadres.list_apply", bind=True, max_retries=5)
def list_apply(self: Task, list_import_id: int) -> None:
    """Write a previewed list."""
    _retried(self, list_imports.list_apply, list_import_id=list_import_id)


@shared_task(name="cadres.list_undo", bind=True, max_retries=5)
def list_undo(self: Task, list_import_id: int) -> None:
    """Take an applied list back."""
    _retried(self, list_imports.list_undo, list_import_id=list_import_id)


@shared_task(name="cadres.uploads_forget")
def uploads_forget() -> None:
    """Delete uploaded files that are older than they are kept."""
    imports.uploads_forget()


@shared_task(name="cadres.records_forget")
def records_forget() -> None:
    """Drop records of openings and exports that are older than they are kept."""
    records.records_forget()


@shared_task(name="cadres.export_make", bind=True, max_retries=5)
def export_make(self: Task, export_id: int) -> None:
    """Make a file that was asked for."""
    _retried(self, stored_exports.export_make, export_id=export_id)


@shared_task(name="cadres.exports_forget")
def exports_forget() -> None:
    """Delete made files that are older than they are kept."""
    stored_exports.exports_forget()


def _retried(task: Task, work: Callable[..., None], **ids: int) -> None:
    try:
        work(**ids)
    except OperationalError as error:
        raise task.retry(exc=error, countdown=2**task.request.retries) from error


@shared_task(name="cadres.notices_forget")
def notices_forget() -> None:
    """Drop notices that were read long ago."""
    notices.notices_forget()
