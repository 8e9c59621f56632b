"""The list of people as a file: exactly who is shown, with exactly the columns that are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.contexts.columns import annotations_of
from cadres.exports.tables import CONTENT_TYPES, Head, MadeFile, Table, make_file
from cadres.listing import Column
from cadres.models import Cadre, Unit, User
from cadres.policies import can_export_people, require
from cadres.selectors import cadre_rows
from cadres.services.records import record_export


def people_response(
    *,
    actor: User,
    people: QuerySet[Cadre],
    columns: Sequence[Column],
    as_of: dt.date,
    file_format: str,
    asked: Mapping[str, Any],
    words: Sequence[tuple[str, str]],
    unit: Unit | None,
    reason: str,
) -> FileResponse:
    """The file, with its record already written. Raises PermissionDenied.

    `asked`: what the list was narrowed to, for the record; `words`: the same for the reader.
    """
    require(can_export_people(actor))
    table = Table(
        title=_("Cán bộ"),
        heads=[Head(text=str(column.label), width=column.width) for column in columns],
        rows=_rows(people, columns, actor, as_of),
        about=[
            (_("Nội dung"), _("Danh sách hồ sơ cán bộ")),
            (_("Ngày xét"), as_of),
            *words,
            (_("Người xuất"), str(actor)),
            (_("Xuất lúc"), formats.date_time(clock.now())),
            *([(_("Lý do"), reason)] if reason else []),
        ],
    )
    made = _made(table, file_format)
    record_export(
        actor=actor,
        what="cadre-list",
        file_format=file_format,
        people=made.rows,
        rows=made.rows,
        filters={**asked, "cot": [column.key for column in columns]},
        reason=reason,
        is_sensitive=any(column.is_sensitive for column in columns),
        unit=unit,
        as_of=as_of,
        sha256=made.sha256,
    )
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"ho-so-can-bo-{as_of.isoformat()}.{file_format}",
        content_type=CONTENT_TYPES[file_format],
    )


@transaction.atomic
def _made(table: Table, file_format: str) -> MadeFile:
    """Inside a transaction the server-side cursor hands rows over as they are read."""
    return make_file(table, file_format)


def _rows(
    people: QuerySet[Cadre], columns: Sequence[Column], actor: User, as_of: dt.date
) -> Iterator[list[Any]]:
    for cadre in cadre_rows(people, annotations_of(columns, actor, as_of)):
        cells = [column.cell(cadre, as_of) for column in columns]
        yield [cell.text if cell.value is None else cell.value for cell in cells]
