"""The list of inspections, and the workspace of one."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from inspections.choices import Stage
from inspections.contexts import listing
from inspections.contexts import mandate as contexts
from inspections.contexts import side_hub as side_context
from inspections.contexts.sections import sections
from inspections.contexts.side import side
from inspections.contexts.workspace import workspace
from inspections.forms.listing import InspectionFilterForm
from inspections.models import Inspection
from inspections.policies import can_manage, can_open_inspection
from inspections.selectors import inspected_get, inspection_get
from inspections.selectors.inspections import limits_of
from inspections.selectors.listing import inspection_list as rows_of
from inspections.selectors.listing import inspection_years, own_units_inspected
from inspections.selectors.self_reports import questions_of, report_of
from inspections.selectors.side import side_counts
from inspections.services import inspections as services
from inspections.services.holding import InspectionRefused

PER_PAGE = 50


@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """The inspections one works in, and those of one's own unit."""
    as_of = view_date(request)
    form = InspectionFilterForm(request.GET, years=inspection_years(request.user))
    wanted = form.wanted()
    rows = rows_of(request.user, wanted)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    own = list(own_units_inspected(request.user)[:PER_PAGE])
    may_open = can_open_inspection(request.user)
    open_url = reverse("inspections:inspection-open") if may_open else ""
    context = {
        "crumbs": [{"label": _("Kiểm tra"), "url": ""}],
        "sections": sections(request.user, "inspections:inspection-list", as_of),
        "form": form,
        "open_url": open_url,
        "count": page.paginator.count,
        "own": listing.own_table(own, as_of) if own else None,
        # Who only answers for an inspected unit has no list of their own to look at.
        "works": not own or page.paginator.count or wanted.is_on or may_open,
        "is_filtered": wanted.is_on,
        "clear_url": reverse("inspections:inspection-list"),
        "suggestions": contexts.suggestions(request.user),
        "table": listing.inspection_table(page, as_of, is_filtered=wanted.is_on, open_url=open_url),
    }
    return render(request, "inspections/inspection_list.html", context)


@require_safe
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace of one inspection: steps, mandate, limits, units."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    members = list(inspection.team.select_related("user").prefetch_related("units__unit"))
    may_edit = can_manage(request.user, inspection) and not inspection.is_concluded
    context = workspace(request.user, inspection, "inspections:inspection-detail", as_of) | {
        "limits": contexts.limit_rows(limits_of(inspection)),
        "facts": contexts.mandate_facts(inspection),
        "units": contexts.unit_table(request.user, inspection, as_of),
        "members": contexts.team_rows(inspection, members, may=False, as_of=as_of),
        "may_edit": may_edit,
    }
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
    as_of = view_date(request)
    report = report_of(inspected)
    page = side(inspected, "inspections:inspected-detail", as_of)
    page |= side_context.hub(
        inspected,
        report,
        questions_of(inspected, report),
        list(inspected.inspection.team.select_related("user")),
        side_counts(request.user, inspected),
        as_of,
    )
    return render(request, "inspections/inspected_detail.html", page)
