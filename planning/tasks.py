"""Jobs of planning: ids in, one service call."""

from celery import Task, shared_task
from django.db import OperationalError

from cadre_portal.common import clock
from planning import services
from planning.services import forecasts
from planning.services.telling import remind

INTERRUPTED = "Lần dự báo bị gián đoạn: {error}. Dự báo cũ còn nguyên; hãy tính lại."


@shared_task(name="planning.people_recheck")
def people_recheck(cadre_ids: list[int]) -> None:
    """Recheck the plans that these people are in, after their files were edited."""
    services.plans_recheck_after(cadre_ids=cadre_ids)


@shared_task(name="planning.remind")
def send_reminders() -> None:
    """Remind of cycles and decisions that fall due."""
    remind(today=clock.today())


@shared_task(name="planning.forecast_chunk", bind=True, max_retries=5)
def forecast_chunk(self: Task, chunk_id: int) -> None:
    """Make some plans' forecasts; a database that is away for a moment is waited for."""
    try:
        forecasts.forecast_chunk_do(chunk_id=chunk_id)
    except OperationalError as error:
        raise self.retry(exc=error, countdown=2**self.request.retries) from error
    except Exception as error:
        forecasts.forecast_fail(chunk_id=chunk_id, error=INTERRUPTED.format(error=error))
        raise


@shared_task(name="planning.forecast_all")
def forecast_all() -> None:
    """Forecast every plan, nightly."""
    forecasts.forecast_start(actor=None)


@shared_task(name="planning.forecasts_resume")
def forecasts_resume() -> None:
    """Pick up what a lost worker left."""
    forecasts.forecasts_resume()
