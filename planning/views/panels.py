"""The part about plans on the page of a unit; a page of its own without script."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.selectors import unit_get
from planning import selectors
from planning.contexts import plans
from planning.contexts.links import unit_url


@require_safe
def unit_plans(request: HttpRequest, code: str) -> HttpResponse:
    """The plans of a unit."""
    as_of = view_date(request)
    unit = unit_get(request.user, code)
    basis, rows, terms = selectors.unit_plans(request.user, unit.pk, as_of)
    context = {
        "subject": unit.name,
        "back_url": unit_url(unit.code, as_of),
        "basis": basis,
        "plans": plans.unit_panel(rows, terms, as_of),
    }
    return _part(request, "unit_plans", context)


def _part(request: HttpRequest, name: str, context: Mapping[str, object]) -> HttpResponse:
    """The part alone for htmx, a page around it for others."""
    if request.headers.get("HX-Request"):
        return render(request, f"planning/_{name}.html", context)
    return render(request, "planning/panel.html", {**context, "part": f"planning/_{name}.html"})
