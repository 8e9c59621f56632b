"""Sửa giúp: proposals of the solver for one plan; nothing is applied here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from cadres.selectors import cadres_visible
from planning import selectors
from planning.contexts.links import plan_url
from planning.contexts.plan_address import PlanAddress
from planning.contexts.repair import AVOID, KEEP, Scene, Wishes, titles_of
from planning.policies import can_edit_plan
from planning.repair import Wish, repair_plan
from planning.selectors.proposed import proposal_of
from planning.selectors.repair import people_named


@require_safe
def plan_repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Alternatives for a plan as it is proposed; `giu=` nominations stay, `tranh=` are avoided."""
    plan = selectors.plan_get(request.user, pk)
    require(can_edit_plan(request.user, plan))
    as_of = view_date(request)
    plan_address, wishes = PlanAddress(plan, as_of, request.GET), Wishes.read(request.GET)
    proposal = proposal_of(request.user, plan, as_of, plan_address.asked())
    repair = repair_plan(request.user, plan, as_of, proposal, _wish(request, wishes))
    named = {option.cadre_id for option in repair.problem.options}
    scene = Scene(
        plan=plan,
        address=plan_address,
        wishes=wishes,
        people=people_named(request.user, plan, as_of, named),
        titles=titles_of(selectors.pools_of(plan)),
        repair=repair,
    )
    context = {
        "plan": plan,
        "back_url": plan_address.url(),
        "crumbs": [
            {"label": plan.unit.name, "url": plan_url(plan.pk, as_of)},
            {"label": _("Sửa giúp")},
        ],
        **scene.page(),
    }
    return render(request, "planning/plan_repair.html", context)


def _wish(request: HttpRequest, wishes: Wishes) -> Wish:
    codes = wishes.of(AVOID)
    avoid = cadres_visible(request.user).filter(code__in=codes).order_by() if codes else None
    return Wish(
        keep=frozenset(
            int(text) for text in wishes.of(KEEP) if text.isascii() and text.isdecimal()
        ),
        avoid=frozenset(avoid.values_list("pk", flat=True)) if avoid is not None else frozenset(),
    )
