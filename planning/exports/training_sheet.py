"""Needs of training by course and unit as a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.choices import TrainingKind
from cadres.exports.tables import CONTENT_TYPES, XLSX, Head, Table, make_file
from cadres.policies import Actor, can_export_people, require
from cadres.services.records import record_export
from planning.selectors.training_gaps import GapCount

WHAT = "trainings"


def gaps_file(*, actor: Actor, counts: Sequence[GapCount], as_of: dt.date) -> FileResponse:
    """The file, with its record already written. Raises PermissionDenied."""
    require(can_export_people(actor))
    table = Table(
        title=_("Nhu cầu đào tạo"),
        heads=[
            Head(text=_("Cần học"), width=48),
            Head(text=_("Loại khóa học"), width=28),
            Head(text=_("Mã đơn vị"), width=12),
            Head(text=_("Đơn vị"), width=36),
            Head(text=_("Còn thiếu"), width=12),
            Head(text=_("Chưa rõ"), width=12),
            Head(text=_("Đã cử đi học"), width=14),
        ],
        rows=(
            [
                count.need.label,
                str(TrainingKind(count.need.course_kind).label),
                count.unit_code,
                count.unit_name or _("Tất cả"),
                count.lacking,
                count.unclear,
                count.sent,
            ]
            for count in counts
        ),
        about=[
            (_("Nội dung"), _("Nhu cầu đào tạo, bồi dưỡng của người được quy hoạch")),
            (_("Ngày xét"), as_of),
            (_("Người xuất"), str(actor)),
            (_("Xuất lúc"), formats.date_time(clock.now())),
        ],
    )
    made = make_file(table, XLSX)
    record_export(
        actor=actor,
        what=WHAT,
        file_format=XLSX,
        people=None,
        rows=made.rows,
        filters={},
        is_sensitive=False,
        as_of=as_of,
        sha256=made.sha256,
    )
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"nhu-cau-dao-tao-{as_of.isoformat()}.{XLSX}",
        content_type=CONTENT_TYPES[XLSX],
    )
