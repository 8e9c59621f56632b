"""Jobs of the check: ids in, one service call."""

from typing import Any

from celery import Task, shared_task
from celery.signals import worker_ready
from django.db import OperationalError

from cadre_portal.common import clock
from compliance import services
from compliance.choices import RunKind
from compliance.models import RunChunk

INTERRUPTED = "Lần kiểm tra bị gián đoạn: {error}. Không có kết quả nào dở dang; hãy chạy lại."


@shared_task(name="compliance.run_advance")
def run_advance(run_id: int, resume: bool = False) -> None:
    """Go on with a run."""
    services.run_advance(run_id=run_id, resume=resume)


@shared_task(name="compliance.run_chunk", bind=True, max_retries=5)
def run_chunk(self: Task, chunk_id: int) -> None:
    """Do one chunk; a database that is away for a moment is waited for."""
    try:
        run_id = services.chunk_do(chunk_id=chunk_id)
    except OperationalError as error:
        raise self.retry(exc=error, countdown=2**self.request.retries) from error
    except Exception as error:
        run_id = RunChunk.objects.values_list("run_id", flat=True).get(pk=chunk_id)
        services.run_fail(run_id=run_id, error=INTERRUPTED.format(error=str(error).strip()))
        raise
    if run_id is not None:
        services.run_advance(run_id=run_id)


@shared_task(name="compliance.check_all")
def check_all() -> None:
    """Bring the whole live state up to today: nightly, and after an import."""
    services.run_start(actor=None, as_of=clock.today(), kind=RunKind.LIVE)


@shared_task(name="compliance.recheck")
def recheck(source_name: str, groups: list[int]) -> None:
    """Recheck some plans or units after an edit."""
    services.recheck(source_name=source_name, groups=groups, as_of=clock.today())


@shared_task(name="compliance.runs_resume")
def runs_resume() -> None:
    """Pick up what a lost worker left."""
    services.runs_resume()


@worker_ready.connect
def _resume_on_start(**_: Any) -> None:
    """A worker that starts looks for runs that another one left in the middle."""
    runs_resume.delay()
