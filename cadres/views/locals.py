"""Where a person counts as a local, against what the native place says."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cadre_portal.common import clock
from cadres.contexts.links import Links
from cadres.forms.locals import LocalFlagForm
from cadres.policies import can_edit_cadre, require
from cadres.selectors.cadres import cadre_get
from cadres.selectors.editing import BETWEEN, SUGGESTED, home_choices
from cadres.selectors.locals import local_flags_of
from cadres.services import locals as services


@require_http_methods(["GET", "HEAD", "POST"])
def local_flags(request: HttpRequest, code: str) -> HttpResponse:
    """Decide, change (the same unit again), or take back (`bo`: the flag's number)."""
    cadre = cadre_get(request.user, code)
    require(can_edit_cadre(request.user, cadre))
    flags = local_flags_of(cadre)
    here = redirect("cadres:local-flags", code)
    if "bo" in request.POST:
        number = request.POST["bo"]
        flag = flags.filter(pk=number).first() if number.isdecimal() else None
        if flag is None:
            raise Http404
        services.local_flag_drop(actor=request.user, flag=flag)
        messages.success(request, _("Đã bỏ; từ nay tính theo quê quán."))
        return here
    sent = request.POST if request.method == "POST" else None
    form = LocalFlagForm(sent, actor=request.user)
    if sent is not None and form.is_valid():
        try:
            services.local_flag_set(actor=request.user, cadre=cadre, **form.cleaned_data)
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                form.add_error(name, texts)
        else:
            messages.success(request, _("Đã ghi."))
            return here
    link = Links(clock.today())
    file_url = link.to("cadres:cadre-detail", code) + "?phan=luan-chuyen"
    context = {
        "crumbs": [
            {"label": _("Hồ sơ"), "url": link.to("cadres:cadre-list")},
            {"label": cadre.full_name, "url": file_url},
            {"label": _("Người địa phương")},
        ],
        "cadre": cadre,
        "flags": flags,
        "form": form,
        "file_url": file_url,
        "places": [
            f"{place.code}{BETWEEN}{place.name}" for place in home_choices(request.user)[:SUGGESTED]
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "cadres/local_flags.html", context, status=status)
