"""The list of recommendations as a sheet: what is shown, all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _

from cadres.exports.sending import made_by, table_response
from cadres.exports.tables import Head, Table
from cadres.policies import Actor
from inspections.contexts.remedies import Told, live_words, state_of
from inspections.models import Recommendation

WHAT = "recommendations"


def recommendations_file(
    *,
    actor: Actor,
    rows: Sequence[Recommendation],
    told: Told,
    filters: Mapping[str, Any],
    filter_words: str,
    as_of: dt.date,
) -> FileResponse:
    """The file, with its record already written."""
    table = Table(
        title=_("Kiến nghị"),
        heads=[
            Head(text=_("Số TT"), width=7),
            Head(text=_("Kiến nghị"), width=60),
            Head(text=_("Chủ đề"), width=24),
            Head(text=_("Đơn vị thực hiện"), width=30),
            Head(text=_("Chịu trách nhiệm"), width=24),
            Head(text=_("Cuộc kiểm tra"), width=40),
            Head(text=_("Thông báo kết luận"), width=20),
            Head(text=_("Ngày kết luận"), width=14),
            Head(text=_("Hạn"), width=12),
            Head(text=_("Trạng thái"), width=24),
            Head(text=_("Báo cáo gần nhất"), width=14),
            Head(text=_("Ngày kết thúc"), width=14),
            Head(text=_("Căn cứ kết thúc"), width=40),
            Head(text=_("Lần kiến nghị"), width=12),
            Head(text=_("Số liệu hiện nay"), width=40),
        ],
        rows=_rows(rows, told),
        about=[
            (_("Nội dung"), _("Kiến nghị sau kiểm tra và việc thực hiện")),
            (_("Ngày xét"), told.today),
            (_("Bộ lọc"), filter_words or _("không")),
            *made_by(actor),
        ],
    )
    return table_response(
        actor,
        table,
        f"kien-nghi-kiem-tra-{told.today.isoformat()}",
        what=WHAT,
        people=None,
        filters=filters,
        as_of=as_of,
    )


def _rows(rows: Iterable[Recommendation], told: Told) -> Iterable[list[Any]]:
    for number, row in enumerate(rows, start=1):
        inspection = row.finding.inspection
        live = live_words(told.live.get(row.pk))
        chain = told.chains.get(row.pk, ())
        yield [
            number,
            row.finding.text,
            str(row.finding.get_topic_display()),
            row.unit.name,
            row.head,
            inspection.name,
            inspection.conclusion_no,
            inspection.concluded_on,
            row.due_on,
            state_of(row, told.today)["text"],
            row.last_reported_on,  # type: ignore[attr-defined]
            row.closed_on,
            row.closed_for,
            len(chain) + 1,
            live["text"] if live else "",
        ]
