"""So sánh: inspected units side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from inspections.contexts.comparison import comparison_context
from inspections.contexts.workspace import workspace
from inspections.selectors import inspection_get
from inspections.selectors.evidence import rule_figures
from inspections.selectors.seen import told_of, units_read
from inspections.services.evidence import latest_taking


@require_safe
def inspection_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Topic × unit from the newest taking, as far as the actor may read."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    page = workspace(request.user, inspection, "inspections:inspection-comparison", as_of)
    taking = latest_taking(inspection)
    units = units_read(request.user, inspection)
    figures = rule_figures(taking, units) if taking else []
    page |= {
        "taking": taking,
        **comparison_context(units, figures, told_of(request.user, units), as_of),
    }
    return render(request, "inspections/comparison.html", page)
