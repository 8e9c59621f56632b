"""Form 2C/TCTW-98: seen on a page, printed, taken away as Word or PDF for one or many people."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cadre_portal.common.viewdate import view_date
from cadres.choices import FileDoor
from cadres.contexts.form_2c import content_of
from cadres.contexts.links import Links
from cadres.exports import later
from cadres.forms.form_2c import Form2CForm
from cadres.models import User
from cadres.policies import can_export_people, require
from cadres.selectors.form_2c import Form2C, forms_2c
from cadres.services.records import record_opening
from cadres.services.stored_exports import export_ask

#: So many are made in one file; more are chosen in parts.
MOST = 200
#: So many are made while one waits; more by a worker.
MOST_AT_ONCE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def cadre_form_2c(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form of one person, to read, print or take away."""
    found = forms_2c(request.user, [code])
    if not found:
        raise Http404
    return _answer(request, found, asked=1)


@require_http_methods(["GET", "HEAD", "POST"])
def cadre_forms_2c(request: HttpRequest) -> HttpResponseBase:
    """The forms of the people who were ticked, as a zip."""
    codes = list(dict.fromkeys(request.GET.getlist("chon")))
    return _answer(request, forms_2c(request.user, codes[:MOST]), asked=len(codes))


def _answer(request: HttpRequest, found: list[Form2C], *, asked: int) -> HttpResponseBase:
    require(can_export_people(request.user))
    actor, as_of = cast("User", request.user), view_date(request)
    is_sensitive = any(form.is_sensitive_shown for form in found)
    sent = request.POST if request.method == "POST" else None
    form = Form2CForm(sent, is_sensitive=is_sensitive)
    if request.method == "POST" and found and form.is_valid():
        wanted = {
            "codes": [each.cadre.code for each in found],
            "day": as_of.isoformat(),
            "format": form.cleaned_data["dinh_dang"],
            "reason": form.cleaned_data.get("ly_do", ""),
        }
        if len(found) <= MOST_AT_ONCE:
            return later.forms_file(actor, wanted)
        label = _("Sơ yếu lý lịch của %(n)d người") % {"n": len(found)}
        export_ask(actor=actor, label=label, maker=later.FORMS_2C, asked=wanted)
        return redirect("cadres:export-list")
    links = Links(as_of)
    context: dict[str, Any] = {"form": form, "found": found, "asked": asked, "most": MOST}
    if len(found) == 1 and asked == 1:
        cadre = found[0].cadre
        record_opening(actor=actor, cadre=cadre, door=FileDoor.DOCUMENT)
        context["content"] = content_of(found[0], as_of)
        back = {"url": links.to("cadres:cadre-detail", cadre.code), "label": _("Về hồ sơ")}
    else:
        back = {"url": links.to("cadres:cadre-list"), "label": _("Về danh sách")}
    status = 422 if form.is_bound else 200
    return render(request, "cadres/cadre_form_2c.html", context | {"back": back}, status=status)
