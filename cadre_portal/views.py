"""Pages of the shell itself: the gallery of components and the answer to a bad request."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cadre_portal import gallery
from cadre_portal.common.viewdate import BadViewDate, view_date


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 with our own words where the reason was written for the person."""
    reason = str(exception) if isinstance(exception, BadViewDate) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


@require_safe
@never_cache
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, with invented data. For administrators."""
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "portal/components.html", gallery.samples(view_date(request)))
