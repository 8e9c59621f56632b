"""Parts about plans on the pages of a unit and of a person; pages of their own without script."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.selectors import cadre_get, unit_get
from planning import selectors
from planning.contexts import plans
from planning.contexts.links import cadre_url, unit_url


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


@require_safe
def cadre_plans(request: HttpRequest, code: str) -> HttpResponse:
    """The plans that a person is or was in."""
    as_of = view_date(request)
    cadre = cadre_get(request.user, code)
    nominations = selectors.cadre_nominations(request.user, cadre.pk)
    basis = selectors.checked(request.user, as_of).basis
    found = selectors.nomination_findings(request.user, basis, nominations)
    context = {
        "subject": cadre.full_name,
        "back_url": cadre_url(cadre.code, as_of),
        "basis": basis,
        "rows": plans.cadre_panel(nominations, found, as_of),
    }
    return _part(request, "cadre_plans", context)


def _part(request: HttpRequest, name: str, context: Mapping[str, object]) -> HttpResponse:
    """The part alone for htmx, a page around it for others."""
    if request.headers.get("HX-Request"):
        return render(request, f"planning/_{name}.html", context)
    return render(request, "planning/panel.html", {**context, "part": f"planning/_{name}.html"})
