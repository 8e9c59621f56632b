"""Taking data out: every file leaves a record of who, what, when and its hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cadres.policies import Actor, require
from cadres.services.records import record_export
from compliance import policies
from compliance.law import load_law


def export_record(
    *,
    actor: Actor,
    what: str,
    filters: Mapping[str, Any],
    rows: int,
    as_of: dt.date,
    sha256: str,
    people: int | None = None,
    is_sensitive: bool = False,
    law_fingerprint: str = "",
) -> None:
    """Note that an XLSX file was taken away. Raises PermissionDenied.

    `law_fingerprint`: of the law that was applied; by default that of the present law data.
    """
    require(policies.can_export(actor))
    record_export(
        actor=actor,
        what=what,
        file_format="xlsx",
        people=people,
        filters=filters,
        is_sensitive=is_sensitive,
        rows=rows,
        as_of=as_of,
        law_fingerprint=law_fingerprint or load_law().fingerprint,
        sha256=sha256,
    )
