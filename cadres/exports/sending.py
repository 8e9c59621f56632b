"""A table as a file to take away: made, recorded, sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.exports.tables import CONTENT_TYPES, XLSX, Table, make_file
from cadres.models import Unit
from cadres.policies import Actor
from cadres.services.records import record_export


def made_by(actor: Actor) -> list[tuple[str, str]]:
    """The last lines of the sheet that says what a file is."""
    return [
        (_("Người xuất"), str(actor)),
        (_("Xuất lúc"), formats.date_time(clock.now())),
    ]


def table_response(
    actor: Actor,
    table: Table,
    name: str,
    *,
    what: str,
    people: int | None,
    filters: Mapping[str, Any],
    as_of: dt.date,
    unit: Unit | None = None,
) -> FileResponse:
    """The sheet `name`.xlsx without anything sensitive in it, with its record already written.

    `what`, `people`, `filters`, `unit`: as `record_export` has them.
    """
    made = make_file(table, XLSX)
    record_export(
        actor=actor,
        what=what,
        file_format=XLSX,
        people=people,
        rows=made.rows,
        filters=filters,
        is_sensitive=False,
        unit=unit,
        as_of=as_of,
        sha256=made.sha256,
    )
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"{name}.{XLSX}",
        content_type=CONTENT_TYPES[XLSX],
    )
