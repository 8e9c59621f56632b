"""Taking data out: every file leaves a record of who, what, when and its hash."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from cadres.policies import Actor, require
from compliance import policies
from compliance.law import load_law
from compliance.models import ExportRecord


def export_record(
    *,
    actor: Actor,
    what: str,
    filters: dict[str, Any],
    rows: int,
    as_of: dt.date,
    sha256: str,
    law_fingerprint: str = "",
) -> ExportRecord:
    """Note that a file was taken away. Raises PermissionDenied.

    `law_fingerprint`: of the law that was applied; by default that of the present law data.
    """
    require(policies.can_export(actor))
    return ExportRecord.objects.create(
        actor_id=cast("int", actor.pk),
        what=what,
        filters=filters,
        rows=rows,
        as_of=as_of,
        sha256=sha256,
        law_fingerprint=law_fingerprint or load_law().fingerprint,
    )
