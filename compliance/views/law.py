"""Căn cứ: the law in force on a day, the documents, targets and waivers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common import clock
from cadre_portal.common.days import read_day
from cadre_portal.common.viewdate import EARLIEST, LATEST, view_date
from compliance import policies, selectors
from compliance.choices import RunKind
from compliance.contexts import law as context
from compliance.contexts.findings import changed
from compliance.exporting import export_record
from compliance.exports import law as form
from compliance.exports.sheets import write_file
from compliance.law import load_law
from compliance.models import Target

PARAMETERS, DOCUMENTS, TARGETS, WAIVERS = "", "van-ban", "chi-tieu", "mien-ap-dung"


@require_safe
def law_list(request: HttpRequest) -> HttpResponse:
    """One of the four parts on the date of view: parameters, documents, targets, waivers."""
    law, on = load_law(), view_date(request)
    targets = selectors.target_list(actor=request.user)
    waivers = selectors.waiver_list(actor=request.user)
    part = request.GET.get("muc", PARAMETERS)
    counts = {DOCUMENTS: len(law.sources), TARGETS: len(targets), WAIVERS: len(waivers)}
    data: dict[str, Any] = {
        "on": on,
        "part": part,
        "segments": _segments(request, part, counts),
        "known_on": law.known_on,
        "target_url": reverse("compliance:target-add")
        if policies.can_set_some_target(request.user)
        else "",
        "waiver_url": reverse("compliance:waiver-add")
        if part == WAIVERS and policies.can_write_some_waiver(request.user)
        else "",
        "can_export": policies.can_export(request.user),
    }
    if part == DOCUMENTS:
        data["documents"] = context.documents(law, on)
    elif part == TARGETS:
        data["targets"] = context.target_lines(law, targets, on)
    elif part == WAIVERS:
        data["waivers"] = context.waiver_lines(waivers, on)
    else:
        data |= _parameters(request, on, targets)
    return render(request, "compliance/law_list.html", data)


def _segments(request: HttpRequest, part: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = [
        (PARAMETERS, _("Tham số")),
        (DOCUMENTS, _("Văn bản")),
        (TARGETS, _("Chỉ tiêu tỉnh")),
        (WAIVERS, _("Miễn áp dụng")),
    ]
    return [
        {
            "label": f"{label} ({counts[key]})" if key else label,
            "url": changed(request.GET, {"muc": key, "chac": "", "so-voi": "", "mo": ""}),
            "here": key == part,
        }
        for key, label in words
    ]


def _parameters(request: HttpRequest, on: dt.date, targets: list[Target]) -> dict[str, Any]:
    question = _question(request, on, targets, used=_used(request))
    chosen = request.GET.get("chac", "")
    catalogue = context.catalogue(question, chosen=chosen)
    other = _other_day(request)
    data: dict[str, Any] = {
        "catalogue": catalogue,
        "chips": context.confidence_chips(catalogue.counts, chosen, request.GET),
        "opened": request.GET.get("mo", ""),
        "other": other,
        "is_other_asked": "so-voi" in request.GET,
    }
    if other:
        data["differences"] = context.differences(question, other)
    return data


def _question(
    request: HttpRequest,
    on: dt.date,
    targets: list[Target],
    used: selectors.FindingSet | None = None,
) -> context.Question:
    law = load_law()
    judged = selectors.levels_judged(actor=request.user)
    return context.Question(
        law=law,
        on=on,
        levels=context.levels_shown(law, on, judged),
        targets=selectors.targets_of_root(targets, actor=request.user),
        all_targets=targets,
        used=used,
    )


def _used(request: HttpRequest) -> selectors.FindingSet | None:
    """Today's findings in scope, to say how many rest on a parameter; None before any check."""
    today = clock.today()
    newest = selectors.run_newest(actor=request.user, as_of=today)
    if RunKind.LIVE not in newest:
        return None
    filters = selectors.FindingFilters()
    return selectors.FindingSet(actor=request.user, as_of=today, filters=filters)


def _other_day(request: HttpRequest) -> dt.date | None:
    """The day to compare with; None when there is none or it makes no sense."""
    try:
        day = read_day(request.GET.get("so-voi", ""))
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


@require_safe
def law_export(request: HttpRequest) -> HttpResponseBase:
    """The catalogue of the date of view as an XLSX file."""
    if not policies.can_export(request.user):
        raise PermissionDenied
    on = view_date(request)
    question = _question(request, on, selectors.target_list(actor=request.user))
    about = [
        (_("Nội dung"), str(form.TITLE)),
        (_("Ngày xét"), on),
        (_("Văn bản theo dõi đến"), question.law.known_on),
        (_("Mã bộ căn cứ"), question.law.fingerprint),
        (_("Người xuất"), str(request.user)),
        (_("Xuất lúc"), clock.now()),
    ]
    written = write_file(form.sheet(question), about)
    export_record(
        actor=request.user,
        what=form.KEY,
        filters={},
        rows=written.rows,
        as_of=on,
        sha256=written.sha256,
    )
    return FileResponse(written.file, as_attachment=True, filename=f"can-cu-{on:%Y-%m-%d}.xlsx")
