"""Bằng chứng: takings with their progress, and what is frozen in one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from cadres.choices import FileDoor
from cadres.policies import require
from cadres.services.records import record_openings
from inspections.contexts import evidence as context
from inspections.contexts.links import address
from inspections.contexts.workspace import workspace
from inspections.models import EvidenceTaking
from inspections.policies import can_work
from inspections.selectors import inspection_get
from inspections.selectors.evidence import evidence_get, evidence_of, taking_get, takings_of
from inspections.selectors.seen import units_read
from inspections.services import evidence as services
from inspections.services.holding import InspectionRefused

_PAGE = "inspections:inspection-evidence"


@require_safe
def inspection_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Takings of an inspection; of one (`lan`, the latest without) what is frozen by unit."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    takings = list(takings_of(inspection))
    ready = [each for each in takings if each.state == EvidenceTaking.State.READY]
    asked = request.GET.get("lan", "")
    shown = next((each for each in ready if str(each.pk) == asked), ready[0] if ready else None)
    if asked and (shown is None or str(shown.pk) != asked):
        raise Http404
    page = workspace(request.user, inspection, _PAGE, as_of)
    running = next((each for each in takings if each.finished_at is None), None)
    works = page["works"]
    units = units_read(request.user, inspection)
    page |= {
        "takings": context.taking_rows(inspection.pk, takings, shown.pk if shown else None, as_of),
        "shown": shown,
        "frozen": context.frozen_rows(evidence_of(shown, units), as_of) if shown else [],
        "is_read": bool(units),
        "job": context.taking_job(running, as_of, works=works) if running else None,
        "take_url": address("inspections:evidence-take", inspection.pk, as_of=as_of)
        if works and not running and inspection.stage != "preparing"
        else "",
        "refresh_seconds": 3 if running else None,
    }
    return render(request, "inspections/evidence.html", page)


@require_POST
def evidence_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a taking."""
    inspection = inspection_get(request.user, pk)
    try:
        services.evidence_take(actor=request.user, inspection=inspection)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    return redirect(_PAGE, inspection.pk)


@require_safe
def evidence_progress(request: HttpRequest, pk: int, taking: int) -> HttpResponse:
    """How far a taking is: the part alone; the page for whoever has no script."""
    inspection = inspection_get(request.user, pk)
    found = taking_get(inspection, taking)
    if not request.headers.get("HX-Request"):
        return redirect(_PAGE, inspection.pk)
    works = can_work(request.user, inspection)
    job = context.taking_job(found, view_date(request), works=works)
    response = render(request, "inspections/_taking.html", {"job": job})
    if found.finished_at:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def evidence_resume(request: HttpRequest, pk: int, taking: int) -> HttpResponse:
    """Send again what a lost worker left."""
    inspection = inspection_get(request.user, pk)
    require(can_work(request.user, inspection))
    found = taking_get(inspection, taking)
    try:
        sent = services.evidence_resume(actor=request.user, taking=found)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã gửi lại %(n)s đơn vị chưa chốt xong.") % {"n": sent})
    return redirect(_PAGE, inspection.pk)


@require_POST
def evidence_stop(request: HttpRequest, pk: int, taking: int) -> HttpResponse:
    """Give a taking up."""
    inspection = inspection_get(request.user, pk)
    require(can_work(request.user, inspection))
    services.evidence_stop(actor=request.user, taking=taking_get(inspection, taking))
    return redirect(_PAGE, inspection.pk)


@require_safe
def evidence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is frozen about a plan or a unit; with `ket-qua` one result with its people."""
    evidence = evidence_get(request.user, pk)
    as_of = view_date(request)
    inspection = evidence.taking.inspection
    key = request.GET.get("ket-qua", "")
    shown = context.evidence_context(request.user, evidence, key, as_of)
    if key and not (shown.get("result") or shown.get("lines") or shown["observed"]):
        raise Http404
    record_shown(request, shown)
    own = address(_PAGE, inspection.pk, as_of=as_of)
    shown |= {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": inspection.decision_no or inspection.name, "url": own},
            {
                "label": evidence.inspected_unit.unit.name,
                "url": context.evidence_url(evidence.pk, as_of) if key else "",
            },
        ],
        "inspection": inspection,
        "whole_url": context.evidence_url(evidence.pk, as_of),
    }
    return render(request, "inspections/evidence_detail.html", shown)


def record_shown(request: HttpRequest, shown: dict[str, Any]) -> None:
    """Note of whom facts were shown."""
    if request.method == "GET" and shown.get("named"):
        record_openings(actor=request.user, people=shown["named"], door=FileDoor.INSPECTION)
