"""Gợi ý: who else could be nominated to a pool; a page, or a panel beside the plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import sees_everything
from planning import selectors
from planning.contexts import suggestions as context
from planning.contexts.links import plan_url
from planning.contexts.plan_address import PlanAddress
from planning.policies import can_edit_pool
from planning.selectors.proposed import proposal_of
from planning.selectors.suggestions import pool_get, search_people, suggestions


@require_safe
def pool_suggestions(request: HttpRequest, pk: int, pool_pk: int) -> HttpResponse:
    """People for a pool; `q=` looks for somebody by name or code, the rest is the plan's."""
    plan = selectors.plan_get(request.user, pk)
    pool = pool_get(request.user, plan, pool_pk)
    as_of = view_date(request)
    plan_address = PlanAddress(plan, as_of, request.GET)
    changes = proposal_of(request.user, plan, as_of, plan_address.asked())
    can_add = can_edit_pool(request.user, pool)
    text = request.GET.get("q", "").replace("\x00", "").strip()
    data = {
        "plan": plan,
        "pool": pool,
        "title": pool.position.title,
        "q": text,
        "kept": plan_address.carried,
        "back_url": plan_address.url(picked=pool.pk),
        "can_add": can_add,
        "sees_all": sees_everything(request.user),
        "crumbs": [
            {"label": plan.unit.name, "url": plan_url(plan.pk, as_of)},
            {"label": str(pool.position.title), "url": plan_address.url(picked=pool.pk)},
            {"label": _("Gợi ý")},
        ],
    }
    if text:
        rows = context.Rows(pool, plan, plan_address, can_add=can_add)
        found = search_people(request.user, plan, pool, as_of, text, changes)
        data["found"] = rows.rows(found)
    else:
        listed = suggestions(request.user, plan, pool, as_of, changes)
        data |= context.suggestion_page(listed, plan, plan_address, can_add=can_add)
    part = "_suggestions" if request.headers.get("HX-Request") else "suggestions"
    return render(request, f"planning/{part}.html", data)
