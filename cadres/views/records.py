"""Nhật ký: who opened which file, who took what away."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.contexts import records as contexts
from cadres.exports.tables import CONTENT_TYPES, XLSX, Head, Table, make_file
from cadres.forms.records import RecordFilterForm
from cadres.policies import can_see_audit, can_see_records, require
from cadres.selectors import unit_list
from cadres.selectors.records import export_list, opening_list
from cadres.services.records import record_export

#: A choice list longer than this helps nobody; the two upper levels are offered then.
UNITS_OFFERED = 300
_CHUNK = 2_000


@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """Openings of files, or with `loai=xuat` exports; filters stand in the address."""
    kind, form, records = _asked(request)
    page = Paginator(records, contexts.PAGE_SIZE).get_page(request.GET.get("trang"))
    empty = contexts.nothing(kind)
    is_auditor = can_see_audit(request.user)
    if kind == contexts.EXPORTS:
        table = contexts.export_table(page, empty=empty)
    else:
        table = contexts.opening_table(page, with_links=is_auditor, empty=empty)
    context = {
        "form": form,
        "kind": kind,
        "is_auditor": is_auditor,
        "segments": contexts.segments(request.GET, kind) if is_auditor else [],
        "page": page,
        "table": table,
        "query": request.GET.urlencode(),
    }
    return render(request, "cadres/records/record_list.html", context)


@require_safe
def record_export_file(request: HttpRequest) -> FileResponse:
    """The same records as a sheet. That is an export, and recorded as one."""
    kind, form, records = _asked(request)
    require(can_see_audit(request.user))
    table = Table(
        title=_("Xuất dữ liệu") if kind == contexts.EXPORTS else _("Mở hồ sơ"),
        heads=[Head(text=text, width=width) for text, width in contexts.table_heads(kind)],
        rows=(contexts.table_row(kind, row) for row in records.iterator(chunk_size=_CHUNK)),
        about=[
            (_("Nội dung"), _("Nhật ký xem và xuất hồ sơ")),
            *form.words(),
            (_("Người xuất"), str(request.user)),
            (_("Xuất lúc"), formats.date_time(clock.now())),
        ],
    )
    with transaction.atomic():  # the cursor of the rows lives in it
        made = make_file(table, XLSX)
    record_export(
        actor=request.user,
        what="records",
        file_format=XLSX,
        people=None,
        filters=dict(request.GET.items()),
        is_sensitive=False,
        rows=made.rows,
        sha256=made.sha256,
    )
    response = FileResponse(
        made.file,
        as_attachment=True,
        filename=f"nhat-ky-{clock.today():%Y-%m-%d}.xlsx",
        content_type=CONTENT_TYPES[XLSX],
    )
    response["Cache-Control"] = "no-store"
    return response


def _asked(request: HttpRequest) -> tuple[str, RecordFilterForm, Any]:
    """Which half, what it is narrowed to, and the records. Raises PermissionDenied."""
    require(can_see_records(request.user))
    is_exports = request.GET.get("loai") == contexts.EXPORTS and can_see_audit(request.user)
    units = unit_list(request.user)
    offered = list(units[: UNITS_OFFERED + 1])
    if len(offered) > UNITS_OFFERED:
        top = min(unit.depth for unit in offered)
        offered = list(units.filter(depth__lte=top + 1)[:UNITS_OFFERED])
    form = RecordFilterForm(request.GET, units=offered, is_exports=is_exports)
    read = export_list if is_exports else opening_list
    kind = contexts.EXPORTS if is_exports else contexts.OPENINGS
    return kind, form, read(request.user, form.filters())
