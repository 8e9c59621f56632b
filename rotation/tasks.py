"""Jobs of rotation: ids in, one service call."""

from celery import shared_task

from cadre_portal.common import clock
from rotation import services
from rotation.services import process, telling


@shared_task(name="rotation.people_recheck")
def people_recheck(cadre_ids: list[int]) -> None:
    """Recheck the rotations of these people, after their files were edited."""
    services.rotations_recheck_after(cadre_ids=cadre_ids)


@shared_task(name="rotation.begin_due")
def begin_due() -> None:
    """Begin what was approved for today or earlier; early each morning."""
    process.rotations_begin_due(today=clock.today())


@shared_task(name="rotation.remind")
def send_reminders() -> None:
    """Remind of tours that end soon and of reports that lack."""
    telling.remind(today=clock.today())
