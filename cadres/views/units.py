"""Pages of the organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres import selectors
from cadres.contexts.history import history_context
from cadres.contexts.links import Links
from cadres.contexts.units import unit_detail_context, unit_tree_context


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Tổ chức: the tree on the date of view; `cu=1` shows ended units as well."""
    with_former = request.GET.get("cu") == "1"
    tree = selectors.unit_tree(request.user, view_date(request), with_former=with_former)
    return render(
        request, "cadres/unit_list.html", unit_tree_context(tree, with_former=with_former)
    )


@require_safe
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: posts, holders, vacancies, sub-units."""
    unit = selectors.unit_get(request.user, code)
    profile = selectors.unit_profile(request.user, unit, view_date(request))
    return render(request, "cadres/unit_detail.html", unit_detail_context(request.user, profile))


@require_safe
def unit_history(request: HttpRequest, code: str) -> HttpResponse:
    """Lịch sử of a unit: a part for htmx, a page for others."""
    unit = selectors.unit_get(request.user, code)
    changes = selectors.unit_history(request.user, unit)
    back = Links(view_date(request)).to("cadres:unit-detail", unit.code)
    context = history_context(changes, subject=unit.name, back_url=back)
    return render(request, history_template(request), context)


def history_template(request: HttpRequest) -> str:
    """The part alone for htmx, the whole page for others."""
    return "cadres/_history.html" if request.headers.get("HX-Request") else "cadres/history.html"
