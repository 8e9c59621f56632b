"""Needs of training by course and unit as a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import FileResponse
from django.utils.translation import gettext as _

from cadres.choices import TrainingKind
from cadres.exports.sending import made_by, table_response
from cadres.exports.tables import Head, Table
from cadres.policies import Actor, can_export_people, require
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
            *made_by(actor),
        ],
    )
    return table_response(
        actor,
        table,
        f"nhu-cau-dao-tao-{as_of.isoformat()}",
        what=WHAT,
        people=None,
        filters={},
        as_of=as_of,
    )
