"""Who opened which file, who took what away: written here and nowhere else."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any, cast

import pgtrigger
from django.conf import settings
from django.db import transaction

from cadre_portal.common import clock
from cadres.choices import FileDoor
from cadres.models import Cadre, ExportRecord, FileOpening, Unit
from cadres.policies import EVERYTHING, Actor, can_see_sensitive, require, scope_paths

logger = logging.getLogger(__name__)


def record_opening(*, actor: Actor, cadre: Cadre, door: str) -> None:
    """Note that the actor opened this file through `door` (FileDoor). Raises PermissionDenied.

    One statement, and at most one row an hour for the same account, file and door: whoever comes
    second writes nothing, in whatever order two requests arrive.
    """
    record_openings(actor=actor, people={cadre.pk: cadre.code}, door=door)


def record_openings(*, actor: Actor, people: Mapping[int, str], door: str) -> None:
    """As record_opening, of everybody whom a page names with their facts: code by id.

    One statement. Raises PermissionDenied.
    """
    require(actor.is_authenticated)
    now = clock.now()
    FileOpening.objects.bulk_create(
        (
            FileOpening(
                actor_id=cast("int", actor.pk),
                cadre_id=cadre_id,
                cadre_code=code,
                door=FileDoor(door),
                hour=now.replace(minute=0, second=0, microsecond=0),
                at=now,
            )
            for cadre_id, code in sorted(people.items())
        ),
        ignore_conflicts=True,
    )


def record_export(
    *,
    actor: Actor,
    what: str,
    file_format: str,
    people: int | None,
    filters: Mapping[str, Any],
    reason: str = "",
    is_sensitive: bool | None = None,
    unit: Unit | None = None,
    rows: int | None = None,
    as_of: dt.date | None = None,
    law_fingerprint: str = "",
    sha256: str = "",
) -> ExportRecord:
    """Note that a file was made for the actor to take away. Raises PermissionDenied.

    `what`: a code of EXPORT_NAMES. `people`: how many persons it tells of, None where it tells of
    none. `filters`: what JSON can hold. `is_sensitive`: whether sensitive fields are in it; None
    where the caller cannot tell: then it counts as such when the actor may see any. `unit`: the
    subtree it was narrowed to; without, all that the actor sees.
    """
    require(actor.is_authenticated)
    if is_sensitive is None:
        is_sensitive = people is not None and can_see_sensitive(actor)
    return ExportRecord.objects.create(
        actor_id=cast("int", actor.pk),
        what=what,
        file_format=file_format,
        filters=dict(filters),
        unit_ids=[unit.pk] if unit else _units_seen(actor),
        people=people,
        rows=rows,
        is_sensitive=is_sensitive,
        reason=reason.strip()[:300],
        as_of=as_of,
        law_fingerprint=law_fingerprint,
        sha256=sha256,
        at=clock.now(),
    )


def records_forget() -> int:
    """Drop records older than RECORD_DAYS (0: none ever); returns how many.

    The one way round the trigger that keeps them as they are.
    """
    days = settings.RECORD_DAYS
    if days <= 0:
        return 0
    before = clock.now() - dt.timedelta(days=days)
    gone = 0
    with transaction.atomic():
        for model in (FileOpening, ExportRecord):
            with pgtrigger.ignore(f"{model._meta.label}:append_only"):
                gone += model.objects.filter(at__lt=before).delete()[0]
    if gone:
        logger.info("records_forgotten", extra={"number": gone, "before": before.isoformat()})
    return gone


def _units_seen(actor: Actor) -> list[int]:
    """Topmost units in the actor's scope; empty for who sees everything."""
    paths = scope_paths(actor)
    if EVERYTHING in paths:
        return []
    return list(Unit.objects.filter(path__in=paths).order_by("pk").values_list("pk", flat=True))
