"""Kết quả: the findings one by one, and the same as a sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common import clock
from cadres.selectors import cadres_visible
from compliance import policies
from compliance.contexts import findings as context
from compliance.exporting import export_record
from compliance.exports import findings as form
from compliance.exports.sheets import MOST_ROWS, write_file
from compliance.law import load_law
from compliance.selectors import FindingSet, FoundFinding
from compliance.views.asked import Asked, asked

PAGE_SIZE = 50


@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings of today, of a past day, or of one run (`lan=`), filtered."""
    ask = asked(request)
    chips = context.chips(ask.form, request.GET)
    data = {
        "ask": ask,
        "form": ask.form,
        "chips": chips,
        "clear_url": context.cleared(request.GET),
        "day_tail": context.day_tail(ask.as_of),
        **context.empty_words(
            ask,
            is_filtered=bool(chips),
            clear_url=context.cleared(request.GET),
            can_start=policies.can_start_some_run(request.user),
        ),
    }
    if ask.found is not None:
        data |= _rows(request, ask, ask.found)
    return render(request, "compliance/finding_list.html", data)


def _rows(request: HttpRequest, ask: Asked, found: FindingSet) -> dict[str, Any]:
    ask.form.offer("tieu_chi", _("Mọi tiêu chí"), context.rule_choices(found))
    pages: Paginator[FoundFinding] = Paginator(found, PAGE_SIZE)  # type: ignore[arg-type]
    page = pages.get_page(request.GET.get("trang"))
    rows = list(page.object_list)
    return {
        "page_obj": page,
        "lines": context.finding_lines(rows, _visible(request, rows)),
        "segments": context.outcome_segments(found, request.GET),
        "met_note": context.met_note(found, ask.snapshot_today, request.GET),
        "export_url": context.export_url(request.GET) if policies.can_export(request.user) else "",
    }


def _visible(request: HttpRequest, rows: list[FoundFinding]) -> set[str]:
    """Codes of the people in the rows whose file the actor may open."""
    codes = {row.finding.labels.cadre_code for row in rows} - {None}
    if not codes:
        return set()
    return set(cadres_visible(request.user).filter(code__in=codes).values_list("code", flat=True))


@require_safe
def finding_export(request: HttpRequest) -> HttpResponseBase:
    """The same findings as an XLSX file. Every export leaves a record, though this is a GET."""
    if not policies.can_export(request.user):
        raise PermissionDenied
    ask = asked(request)
    if ask.found is None:
        raise Http404
    if ask.found.count() > MOST_ROWS:
        messages.warning(
            request, _("Nhiều dòng hơn một bảng tính chứa được. Hãy lọc bớt rồi xuất lại.")
        )
        return redirect(reverse("compliance:finding-list") + context.changed(request.GET, {}))
    fingerprint = ask.run.law_fingerprint if ask.run else load_law().fingerprint
    chosen = context.filters_in_words(ask.form, ask.found)
    about = [
        (_("Nội dung"), str(form.TITLE)),
        (_("Ngày xét"), ask.as_of),
        (_("Nguồn"), context.source_in_words(ask)),
        (_("Bộ lọc"), "; ".join(f"{name}: {value}" for name, value in chosen) or _("không lọc")),
        (_("Mã bộ căn cứ"), fingerprint),
        (_("Người xuất"), str(request.user)),
        (_("Xuất lúc"), clock.now()),
    ]
    taken = form.Taken()
    written = write_file(form.sheet(ask.found, taken), about)
    export_record(
        actor=request.user,
        what=form.KEY,
        filters={name: request.GET[name] for name in sorted(request.GET)},
        rows=written.rows,
        people=len(taken.people),
        is_sensitive=taken.is_sensitive,
        as_of=ask.as_of,
        sha256=written.sha256,
        law_fingerprint=fingerprint,
    )
    return FileResponse(
        written.file, as_attachment=True, filename=f"ket-qua-{ask.as_of:%Y-%m-%d}.xlsx"
    )
