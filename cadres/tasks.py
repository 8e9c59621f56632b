"""Jobs: ids in, one service call. All may be delivered twice without harm."""

from typing import Any

from celery import Task, shared_task
from django.db import OperationalError

from cadres.services import imports, reorganisations


@shared_task(name="cadres.import_check", bind=True, max_retries=5)
def import_check(self: Task, job_id: int) -> None:
    """Check an uploaded workbook; a database that is away for a moment is waited for."""
    _retried(self, imports.import_check, job_id)


@shared_task(name="cadres.import_apply", bind=True, max_retries=5)
def import_apply(self: Task, job_id: int) -> None:
    """Write a checked workbook."""
    _retried(self, imports.import_apply, job_id)


@shared_task(name="cadres.units_settle", bind=True, max_retries=5)
def units_settle(self: Task) -> None:
    """Rename and move units on the day that was decided."""
    try:
        reorganisations.units_settle()
    except OperationalError as error:
        raise self.retry(exc=error, countdown=2**self.request.retries) from error


def _retried(task: Task, work: Any, job_id: int) -> None:
    try:
        work(job_id=job_id)
    except OperationalError as error:
        raise task.retry(exc=error, countdown=2**task.request.retries) from error
