"""The list of inspections, and the workspace of one."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from inspections.choices import Stage
from inspections.contexts.workspace import workspace
from inspections.models import Inspection
from inspections.selectors import inspected_get, inspection_get, inspections_visible
from inspections.selectors.inspections import limits_of
from inspections.services import inspections as services
from inspections.services.holding import InspectionRefused


@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """The inspections one works in."""
    context = {
        "crumbs": [{"label": _("Kiểm tra"), "url": ""}],
        "inspections": inspections_visible(request.user),
    }
    return render(request, "inspections/inspection_list.html", context)


@require_safe
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace of one inspection: steps, mandate, limits, units."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    context = workspace(request.user, inspection, "inspections:inspection-detail", as_of)
    context["limits"] = limits_of(inspection)
    return render(request, "inspections/inspection_detail.html", context)


@require_POST
def inspection_advance(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next step."""
    inspection = inspection_get(request.user, pk)
    act = (
        services.inspection_close
        if inspection.stage == Stage.FOLLOWING
        else services.inspection_advance
    )
    return _move(request, inspection, act)


@require_POST
def inspection_step_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Go back one step."""
    inspection = inspection_get(request.user, pk)
    return _move(request, inspection, services.inspection_step_back)


def _move(
    request: HttpRequest, inspection: Inspection, act: Callable[..., Inspection]
) -> HttpResponse:
    try:
        moved = act(actor=request.user, inspection=inspection)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        stage = Stage(moved.stage).label
        messages.success(request, _("Cuộc kiểm tra ở bước “%(stage)s”.") % {"stage": stage})
    return redirect("inspections:inspection-detail", inspection.pk)


@require_safe
def inspected_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked of an inspected unit, for its own officers."""
    inspected = inspected_get(request.user, pk)
    context = {"inspected": inspected, "crumbs": [{"label": _("Kiểm tra")}]}
    return render(request, "inspections/inspected_detail.html", context)
