"""The list of inspections, and the workspace of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common import clock
from inspections.selectors import inspected_get, inspection_get
from inspections.selectors.inspections import days_left, limits_of, obstacles


@require_safe
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace of one inspection: steps, units, findings."""
    inspection = inspection_get(request.user, pk)
    context = {
        "inspection": inspection,
        "crumbs": [{"label": _("Kiểm tra")}],
        "obstacles": obstacles(inspection),
        "limits": limits_of(inspection),
        "days_left": days_left(inspection, clock.today()),
    }
    return render(request, "inspections/inspection_detail.html", context)


@require_safe
def inspected_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked of an inspected unit, for its own officers."""
    inspected = inspected_get(request.user, pk)
    context = {"inspected": inspected, "crumbs": [{"label": _("Kiểm tra")}]}
    return render(request, "inspections/inspected_detail.html", context)
