"""Jobs of inspections: ids in, one service call."""

from typing import Any

from celery import Task, shared_task
from celery.signals import worker_ready
from django.db import OperationalError

from cadre_portal.common import clock
from inspections.services import evidence
from inspections.services.remedy_telling import remind
from inspections.services.self_report_telling import remind_reports


@shared_task(name="inspections.evidence_unit", bind=True, max_retries=5)
def evidence_unit(self: Task, taking_id: int, inspected_id: int) -> None:
    """Freeze one unit; a database that is away for a moment is waited for."""
    try:
        evidence.evidence_unit(taking_id=taking_id, inspected_id=inspected_id)
    except OperationalError as error:
        raise self.retry(exc=error, countdown=2**self.request.retries) from error
    except Exception as error:
        evidence.evidence_fail(taking_id=taking_id, error=str(error))
        raise


@shared_task(name="inspections.remind")
def send_reminders() -> None:
    """Remind of recommendations and self-reports that fall due."""
    remind(today=clock.today())
    remind_reports(today=clock.today())


@shared_task(name="inspections.takings_resume")
def takings_resume() -> None:
    """Pick up takings of evidence that a lost worker left."""
    evidence.takings_resume()


@worker_ready.connect
def _resume_on_start(**_: Any) -> None:
    """A worker that starts looks for takings that another one left in the middle."""
    takings_resume.delay()
