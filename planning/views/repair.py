"""Sửa giúp: proposals of the solver for one plan; nothing is applied here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from cadres.selectors import cadres_visible
from planning import selectors
from planning.contexts.links import plan_url
from planning.contexts.plan_address import PlanAddress
from planning.contexts.repair import Scene, titles_of
from planning.contexts.suggestions import kept_query, plan_address
from planning.policies import can_edit_plan
from planning.repair import Wish, repair_plan
from planning.selectors.proposed import is_number, proposal_of
from planning.selectors.repair import people_named


@require_safe
def plan_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Alternatives for a plan as it is proposed; `giu=` nominations stay, `tranh=` are avoided."""
    plan = selectors.plan_get(request.user, pk)
    require(can_edit_plan(request.user, plan))
    as_of = view_date(request)
    query = kept_query(request.GET)
    proposal = proposal_of(request.user, plan, as_of, PlanAddress(plan, as_of, request.GET).asked())
    repair = repair_plan(request.user, plan, as_of, proposal, _wish(request, query))
    named = {option.cadre_id for option in repair.problem.options}
    scene = Scene(
        plan=plan,
        as_of=as_of,
        query=query,
        people=people_named(request.user, plan, as_of, named),
        titles=titles_of(selectors.pools_of(plan)),
        repair=repair,
    )
    context = {
        "plan": plan,
        "back_url": plan_address(plan, query),
        "crumbs": [
            {"label": plan.unit.name, "url": plan_url(plan.pk, as_of)},
            {"label": _("Sửa giúp")},
        ],
        **scene.page(),
    }
    return render(request, "planning/plan_repair.html", context)


def _wish(request: HttpRequest, query: QueryDict) -> Wish:
    codes = query.getlist("tranh")
    avoid = cadres_visible(request.user).filter(code__in=codes).order_by() if codes else None
    return Wish(
        keep=frozenset(int(text) for text in query.getlist("giu") if is_number(text)),
        avoid=frozenset(avoid.values_list("pk", flat=True)) if avoid is not None else frozenset(),
    )
