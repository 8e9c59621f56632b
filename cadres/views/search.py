"""The search box on top of every page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres import selectors
from cadres.contexts.search import search_context

MAX_LENGTH = 100
QUICK, FULL = 6, 50


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """People, units, plans: a short list for htmx while typing, a page for others."""
    is_part = bool(request.headers.get("HX-Request"))
    as_of = view_date(request)
    result = selectors.search(
        request.user,
        request.GET.get("q", "")[:MAX_LENGTH],
        as_of,
        limit=QUICK if is_part else FULL,
    )
    return render(
        request,
        "cadres/_search_suggestions.html" if is_part else "cadres/search.html",
        search_context(result, as_of),
    )
