"""Jobs of inspections: ids in, one service call."""

from celery import Task, shared_task
from django.db import OperationalError

from cadre_portal.common import clock
from inspections.services import evidence
from inspections.services.remedy_telling import remind


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
    """Remind of recommendations that fall due."""
    remind(today=clock.today())
