"""Pages of people."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres import policies, selectors
from cadres.contexts.cadres import PAGE_SIZE, cadre_detail_context, cadre_list_context
from cadres.contexts.history import history_context
from cadres.contexts.links import Links
from cadres.forms.filters import CadreFilterForm
from cadres.views.units import history_template

#: A choice list longer than this helps nobody; a unit further down is reached from its own page.
UNITS_OFFERED = 300


@require_safe
def cadre_list(request: HttpRequest) -> HttpResponse:
    """Hồ sơ: people with search while typing and filters; the list alone for htmx."""
    as_of = view_date(request)
    form = _filter_form(request, as_of)
    people = selectors.cadre_list(
        request.user, as_of, form.filters(), request.GET.get("sap", "ten")
    )
    page = Paginator(people, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = cadre_list_context(
        form=form,
        chosen=form.chosen(),
        page=page,
        posts=selectors.posts_of(page.object_list, as_of),
        query=request.GET,
        as_of=as_of,
    )
    is_part = request.headers.get("HX-Target") == "danh-sach"
    return render(
        request, "cadres/_cadre_rows.html" if is_part else "cadres/cadre_list.html", context
    )


def _filter_form(request: HttpRequest, as_of: dt.date) -> CadreFilterForm:
    offered = selectors.unit_list(request.user)
    units = list(offered[:UNITS_OFFERED])
    asked = request.GET.get("don_vi")
    if asked and asked not in {unit.code for unit in units}:
        units += offered.filter(code=asked)
    return CadreFilterForm(
        request.GET,
        units=units,
        titles=selectors.title_list(request.user),
        is_sensitive_offered=policies.can_see_sensitive(request.user),
    )


@require_safe
def cadre_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A person's file on the date of view."""
    cadre = selectors.cadre_get(request.user, code)
    profile = selectors.cadre_profile(request.user, cadre, view_date(request))
    return render(request, "cadres/cadre_detail.html", cadre_detail_context(request.user, profile))


@require_safe
def cadre_history(request: HttpRequest, code: str) -> HttpResponse:
    """Lịch sử of a file: a part for htmx, a page for others."""
    cadre = selectors.cadre_get(request.user, code)
    changes = selectors.cadre_history(request.user, cadre)
    back = Links(view_date(request)).to("cadres:cadre-detail", cadre.code)
    context = history_context(changes, subject=cadre.full_name, back_url=back)
    return render(request, history_template(request), context)
