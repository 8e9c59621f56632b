"""Appointments with the plan each came from, as XLSX."""

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
from planning.contexts import words
from planning.contexts.origins import KINDS, source_words
from planning.selectors.origins import OriginFilter, appointed, count_of, origin_counts

WHAT = "appointment-origins"


def origins_file(
    *, actor: Actor, wanted: OriginFilter, asked: Mapping[str, str], as_of: dt.date
) -> FileResponse:
    """The file, with its record already written. Raises PermissionDenied."""
    require(can_export_people(actor))
    whole = count_of(origin_counts(actor, wanted))
    total = whole.of(wanted.origin)
    people = appointed(actor, wanted, total=total)[:]
    table = Table(
        title=_("Bổ nhiệm và quy hoạch"),
        heads=[
            Head(text=_("Số hiệu"), width=12),
            Head(text=_("Họ và tên"), width=28),
            Head(text=_("Chức danh được bổ nhiệm"), width=36),
            Head(text=_("Đơn vị"), width=32),
            Head(text=_("Cấp"), width=12),
            Head(text=_("Từ ngày"), width=12),
            Head(text=_("Số quyết định"), width=16),
            Head(text=_("Nguồn"), width=28),
            Head(text=_("Chức danh quy hoạch"), width=36),
            Head(text=_("Kế hoạch của đơn vị"), width=32),
            Head(text=_("Nhiệm kỳ"), width=12),
        ],
        rows=(
            [
                each.code,
                each.name,
                each.title_name,
                each.unit_name,
                str(words.LEVELS[each.level][0]),
                each.start_on,
                each.decision_no,
                str(each.origin.label),
                each.plan_title or source_words(each),
                each.plan_unit,
                each.plan_term,
            ]
            for each in people
        ),
        about=[
            (_("Nội dung"), str(KINDS[wanted.kind])),
            (_("Từ ngày"), wanted.since),
            (_("Đến ngày"), wanted.until),
            (_("Đúng chức danh"), whole.exact),
            (_("Chức danh tương đương, cao hơn"), whole.equivalent),
            (_("Không qua quy hoạch"), whole.none),
            (_("Người xuất"), str(actor)),
            (_("Xuất lúc"), formats.date_time(clock.now())),
        ],
    )
    made = make_file(table, XLSX)
    record_export(
        actor=actor,
        what=WHAT,
        file_format=XLSX,
        people=len({each.code for each in people}),
        rows=made.rows,
        filters=dict(asked) | {"tu": wanted.since.isoformat()},
        is_sensitive=False,
        as_of=as_of,
        sha256=made.sha256,
    )
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"quy-hoach-gan-voi-bo-nhiem-{as_of.isoformat()}.{XLSX}",
        content_type=CONTENT_TYPES[XLSX],
    )
