"""What one rotation does to the plans of both units: a part of its page, a page without script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from rotation.contexts.effects import effect_context
from rotation.contexts.links import list_url, rotation_url
from rotation.selectors import rotation_get
from rotation.services.effects import rotation_effect


@require_safe
def rotation_effect_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The part alone for htmx, a page around it for others."""
    rotation = rotation_get(request.user, pk)
    as_of = view_date(request)
    found = rotation_effect(request.user, rotation, clock.today())
    context = effect_context(request.user, found, as_of)
    if request.headers.get("HX-Request"):
        return render(request, "rotation/_effect.html", context)
    back = rotation_url(rotation.pk, as_of)
    crumbs = [
        {"label": _("Luân chuyển"), "url": list_url(as_of)},
        {"label": rotation.cadre.full_name, "url": back},
        {"label": _("Tác động")},
    ]
    context |= {"rotation": rotation, "back_url": back, "crumbs": crumbs}
    return render(request, "rotation/effect.html", context)
