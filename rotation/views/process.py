"""Pages of single rotations: proposed, heard, decided, under way, ended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rotation.selectors import rotation_get


@require_safe
def rotation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One rotation with everything about it."""
    rotation = rotation_get(request.user, pk)
    context = {"rotation": rotation, "crumbs": [{"label": _("Luân chuyển")}]}
    return render(request, "rotation/rotation_detail.html", context)
