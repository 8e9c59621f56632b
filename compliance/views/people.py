"""Parts on the page of a person that follow from the law; pages of their own without script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.selectors import cadre_get
from compliance.selectors.retirement import retirement_of


@require_safe
def cadre_retirement(request: HttpRequest, code: str) -> HttpResponse:
    """When a person retires, how long that is from the date of view, and by which law."""
    cadre = cadre_get(request.user, code)
    context = {"cadre": cadre, "retirement": retirement_of(cadre, view_date(request))}
    is_part = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "compliance/_cadre_retirement.html" if is_part else "compliance/cadre_retirement.html",
        context,
    )
