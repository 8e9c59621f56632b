"""Jobs of planning: ids in, one service call."""

from celery import shared_task

from cadre_portal.common import clock
from planning import services
from planning.services.telling import remind


@shared_task(name="planning.people_recheck")
def people_recheck(cadre_ids: list[int]) -> None:
    """Recheck the plans that these people are in, after their files were edited."""
    services.plans_recheck_after(cadre_ids=cadre_ids)


@shared_task(name="planning.remind")
def send_reminders() -> None:
    """Remind of cycles and decisions that fall due."""
    remind(today=clock.today())
