"""People who should or must move, as XLSX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.http import FileResponse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.exports.tables import CONTENT_TYPES, XLSX, Head, Table, make_file
from cadres.policies import Actor, can_export_people, require
from cadres.services.records import record_export
from rotation.contexts.needs import need_rows
from rotation.selectors.needs import NeedFilter, NeedRows, open_files, people

WHAT = "rotation-needs"


def needs_file(
    *, actor: Actor, wanted: NeedFilter, asked: Mapping[str, str], as_of: dt.date
) -> FileResponse:
    """The file, with its record already written; a fixed number of queries.

    Raises PermissionDenied.
    """
    require(can_export_people(actor))
    needs = list(NeedRows(actor, as_of, wanted)[:])
    open_codes = open_files(actor, needs)
    shown = need_rows(needs, as_of, open_codes, may_propose=False)
    table = Table(
        title=_("Nhu cầu luân chuyển"),
        heads=[
            Head(text=_("Số hiệu"), width=12),
            Head(text=_("Họ và tên"), width=28),
            Head(text=_("Chức vụ"), width=28),
            Head(text=_("Đơn vị"), width=32),
            Head(text=_("Vì sao"), width=36),
            Head(text=_("Ghi chú"), width=40),
            Head(text=_("Số tháng"), width=10),
            Head(text=_("Nhiệm kỳ quy hoạch"), width=14),
            Head(text=_("Phương án"), width=32),
            Head(text=_("Tình trạng phương án"), width=24),
        ],
        rows=(
            [
                need.code if need.code in open_codes else "",
                need.name,
                need.title,
                need.unit,
                row["reason"],
                row["note"],
                need.months,
                need.term,
                need.answer.unit_name if need.answer else "",
                str(need.answer.stage.label) if need.answer else "",
            ]
            for need, row in zip(needs, shown, strict=True)
        ),
        about=[
            (_("Ngày xét"), as_of),
            (_("Số nhu cầu"), len(needs)),
            (_("Số người"), people(needs)),
            (_("Người xuất"), str(actor)),
            (_("Xuất lúc"), formats.date_time(clock.now())),
        ],
    )
    made = make_file(table, XLSX)
    record_export(
        actor=actor,
        what=WHAT,
        file_format=XLSX,
        people=people(needs),
        rows=made.rows,
        filters=dict(asked),
        is_sensitive=False,
        as_of=as_of,
        sha256=made.sha256,
    )
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"nhu-cau-luan-chuyen-{as_of.isoformat()}.{XLSX}",
        content_type=CONTENT_TYPES[XLSX],
    )
