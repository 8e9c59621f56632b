"""Jobs of rotation: ids in, one service call."""

from celery import shared_task

from rotation import services


@shared_task(name="rotation.people_recheck")
def people_recheck(cadre_ids: list[int]) -> None:
    """Recheck the rotations of these people, after their files were edited."""
    services.rotations_recheck_after(cadre_ids=cadre_ids)
