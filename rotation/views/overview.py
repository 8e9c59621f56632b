"""Luân chuyển: where rotation stands, at one look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import scope_paths
from rotation.contexts.exports import export_menu
from rotation.contexts.matrix import matrix
from rotation.contexts.overview import overview_context, sample
from rotation.policies import can_plan, can_propose
from rotation.selectors.answers import answers_on
from rotation.selectors.flows import flows_of
from rotation.selectors.needs import due_needs, is_due, open_files
from rotation.selectors.statistics import fulfilment, planned
from rotation.selectors.turns import in_years, turns

YEARS = 5


@require_safe
def rotation_list(request: HttpRequest) -> HttpResponse:
    """What matters in a sentence, the year's figures, who is due, who goes where, the tours."""
    as_of, actor = view_date(request), request.user
    years = range(as_of.year - YEARS + 1, as_of.year + 1)
    found = turns(actor, as_of, years)
    answers = answers_on(actor, as_of)
    due = [need for need in due_needs(as_of, scope_paths(actor), found, answers) if is_due(need)]
    year = range(as_of.year, as_of.year + 1)
    plans = fulfilment(
        planned(actor, as_of, year), [turn for turn in found if in_years(turn, year)], by="year"
    )
    context = overview_context(
        due=due,
        turns=found,
        years=years,
        plan=next((each for each in plans if each.key == str(as_of.year)), None),
        answers=answers,
        open_codes=open_files(actor, sample(due)),
        may_propose=can_propose(actor),
        may_plan=can_plan(actor),
        as_of=as_of,
    )
    moves = flows_of(actor, as_of, (turn for turn in found if in_years(turn, years)))
    context["matrix"] = matrix(actor, as_of, years=years, found=moves)
    context["exports"] = export_menu(actor, as_of)
    return render(request, "rotation/rotation_list.html", context)
