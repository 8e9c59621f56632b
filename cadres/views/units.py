"""Pages of the organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres import selectors
from cadres.contexts.history import history_context
from cadres.contexts.links import Links
from cadres.contexts.units import (
    unit_children_context,
    unit_detail_context,
    unit_list_context,
    unit_posts_context,
    unit_tree_context,
)
from cadres.forms.units import UnitFilterForm

#: Deeper than any tree of units is indented.
_MOST_INDENT = 60


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Tổ chức: the tree on the date of view, or those that are looked for.

    `cu=1` shows ended units as well; `tim`, `cap` narrow to a flat list.
    """
    actor, as_of = request.user, view_date(request)
    with_former = request.GET.get("cu") == "1"
    form = UnitFilterForm(request.GET)
    wanted = form.filters()
    if wanted.is_on:
        matches = selectors.unit_matches(actor, as_of, wanted, with_former=with_former)
        context = unit_list_context(actor, matches, wanted, with_former=with_former)
    else:
        tree = selectors.unit_tree(actor, as_of, with_former=with_former)
        context = unit_tree_context(actor, tree, with_former=with_former)
    return render(request, "cadres/unit_list.html", {**context, "form": form})


@require_safe
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: posts, holders, vacancies, sub-units, what it was."""
    unit = selectors.unit_get(request.user, code)
    profile = selectors.unit_profile(request.user, unit, view_date(request))
    return render(request, "cadres/unit_detail.html", unit_detail_context(request.user, profile))


@require_safe
def unit_children(request: HttpRequest, code: str) -> HttpResponse:
    """Rows of the units directly below: for htmx into the tree, a page for others."""
    as_of = view_date(request)
    unit = selectors.unit_get(request.user, code)
    with_former = request.GET.get("cu") == "1"
    below = selectors.unit_below(request.user, unit, as_of, with_former=with_former)
    text = request.GET.get("bac", "")
    indent = min(int(text), _MOST_INDENT) if text.isdigit() else 0
    is_part = bool(request.headers.get("HX-Request"))
    context = unit_children_context(
        unit, below, as_of, indent=indent + 1 if is_part else 0, with_former=with_former
    )
    part, page = "cadres/_unit_branch.html", "cadres/unit_children.html"
    return render(request, part if is_part else page, context)


@require_safe
def unit_posts(request: HttpRequest, code: str) -> HttpResponse:
    """Who held which post of the unit, from when to when: a part for htmx, a page for others."""
    as_of = view_date(request)
    unit = selectors.unit_get(request.user, code)
    tenures, total = selectors.unit_tenures(request.user, unit)
    context = unit_posts_context(unit, tenures, total, as_of)
    is_part = bool(request.headers.get("HX-Request"))
    part, page = "cadres/_unit_posts.html", "cadres/unit_posts.html"
    return render(request, part if is_part else page, context)


@require_safe
def unit_history(request: HttpRequest, code: str) -> HttpResponse:
    """Lịch sử of a unit: a part for htmx, a page for others."""
    unit = selectors.unit_get(request.user, code)
    changes = selectors.unit_history(request.user, unit)
    back = Links(view_date(request)).to("cadres:unit-detail", unit.code)
    context = history_context(changes, subject=unit.name, back_url=back, query=request.GET)
    return render(request, history_template(request), context)


def history_template(request: HttpRequest) -> str:
    """The part alone for htmx, the whole page for others."""
    return "cadres/_history.html" if request.headers.get("HX-Request") else "cadres/history.html"
