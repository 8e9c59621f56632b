"""The list of plans, and one plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import PARAMETER, view_date
from cadres.policies import sensitive_paths
from planning import selectors
from planning.contexts import approval, board, lineage, plans, process, review
from planning.contexts.exports import export_menu
from planning.contexts.links import address, unit_url
from planning.contexts.parts import parts
from planning.contexts.plan_address import PlanAddress
from planning.forms import OUTCOMES, PlanFilterForm
from planning.models import Plan
from planning.selectors.dossiers import BallotRule, process_setting
from planning.selectors.lineage import plan_lineage
from planning.selectors.stored import PlanFilter
from planning.views import forecasts

PER_PAGE = 50
#: The part of a plan's page that changes with what is proposed.
BOARD = "ban"
_FILTERS = ("don-vi", "cap", "trang-thai", "ket-qua", "vuong")


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Quy hoạch: plans of a term, the worst first; filters stand in the address."""
    as_of = view_date(request)
    query = request.GET
    terms = selectors.term_choice(request.user, as_of, query.get("nhiem-ky", ""))
    units = selectors.unit_choices(request.user, query.get("don-vi", ""))
    unit = next((each for each in units if each.code == query.get("don-vi")), None)
    outcome = OUTCOMES.get(query.get("ket-qua", ""))
    wanted = PlanFilter(
        term_id=terms.chosen.pk if terms.chosen else 0,
        path=unit.path if unit else "",
        level=query.get("cap", ""),
        status=query.get("trang-thai", ""),
        outcome=outcome[0] if outcome else None,
        failing=query.get("vuong", ""),
    )
    state = selectors.checked(request.user, as_of)
    rows = selectors.PlanRows(request.user, state.basis, wanted, query.get("sap", ""))
    page = Paginator(rows, PER_PAGE).get_page(query.get("trang"))
    chosen = {name: query.get(name, "") for name in _FILTERS}
    chosen["nhiem-ky"] = terms.chosen.code if terms.chosen else ""
    form = PlanFilterForm(initial=chosen, terms=list(terms.offered), units=units)
    labels = _labels(form, chosen)
    clear_url = address("planning:plan-list", as_of=as_of, nhiem_ky=chosen["nhiem-ky"])
    context = {
        "form": form,
        "parts": parts("planning:plan-list", as_of, nhiem_ky=chosen["nhiem-ky"]),
        "term": terms.chosen,
        "basis": state.basis,
        "is_part_told": sensitive_paths(request.user) is not None,
        "page_obj": page,
        "table": plans.list_table(page, as_of, is_filtered=bool(labels), clear_url=clear_url),
        "chips": plans.chips(query, labels, request.path),
        "clear_url": clear_url,
        "kept": [(PARAMETER, query[PARAMETER])] if query.get(PARAMETER) else [],
    }
    return render(request, "planning/plan_list.html", context)


def _labels(form: PlanFilterForm, chosen: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Filters that are on, in words."""
    labels = {}
    for name in _FILTERS:
        choices: Any = dict(form.fields[name].choices)  # type: ignore[attr-defined]
        if chosen[name] and chosen[name] in choices:
            labels[name] = (str(form.fields[name].label), str(choices[chosen[name]]))
    return labels


@require_safe
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan; `phan=` chooses the part. What an address proposes: see `plan_address`."""
    plan = selectors.plan_get(request.user, pk)
    as_of = view_date(request)
    part = request.GET.get("phan", "")
    if part in _PARTS:
        read, template = _PARTS[part]
        shown = {"part_template": template, **read(request, plan, as_of)}
        return _page(request, plan, as_of, part, shown)
    return plan_page(request, plan, PlanAddress(plan, as_of, request.GET))


def plan_page(
    request: HttpRequest,
    plan: Plan,
    address: PlanAddress,
    *,
    errors: board.Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    """The people of a plan; the board alone where that is all that changes on a page."""
    shown = board.plan_board(request.user, plan, address.as_of, address, errors)
    if request.headers.get("HX-Target") == BOARD:
        return render(request, "planning/_board.html", {"plan": plan, **shown})
    shown["part_template"] = "planning/_board_page.html"
    return _page(request, plan, address.as_of, "", shown, status)


def _page(
    request: HttpRequest,
    plan: Plan,
    as_of: dt.date,
    part: str,
    shown: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    above = selectors.units_above(request.user, plan.unit)
    context = {
        "plan": plan,
        "as_of": as_of,
        "crumbs": [
            *({"label": unit.name, "url": unit_url(unit.code, as_of)} for unit in above),
            {"label": plan.unit.name, "url": unit_url(plan.unit.code, as_of)},
            {"label": _("Kế hoạch %(term)s") % {"term": plan.term}},
        ],
        "facts": board.heading_facts(plan, selectors.head_of(plan, as_of)),
        "tabs": plans.tabs(plan, as_of, part),
        "exports": export_menu(request.user, plan, as_of),
        "part": part,
        **shown,
    }
    return render(request, "planning/plan_detail.html", context, status=status)


def _ballots(request: HttpRequest, plan: Any, as_of: Any) -> dict[str, Any]:
    basis = selectors.checked(request.user, as_of).basis
    percent = selectors.ballot_threshold(basis, plan)
    ballots = selectors.ballots_of(request.user, plan, as_of)
    rule = BallotRule(percent, process_setting().ballot_denominator)
    return {
        "groups": plans.ballot_groups(ballots, rule, as_of),
        "rule": process.rule_words(rule),
    }


def _history(request: HttpRequest, plan: Any, as_of: Any) -> dict[str, Any]:
    changes = selectors.plan_history(request.user, plan)
    return {
        "groups": plans.history_groups(changes),
        "is_cut": len(changes) == selectors.HISTORY_LIMIT,
        "limit": selectors.HISTORY_LIMIT,
    }


def _lineage(request: HttpRequest, plan: Any, as_of: Any) -> dict[str, Any]:
    return lineage.plan_context(plan, plan_lineage(request.user, plan, as_of), as_of)


def _dossier(request: HttpRequest, plan: Any, as_of: Any) -> dict[str, Any]:
    return process.plan_dossier(request.user, plan, as_of)


def _review(request: HttpRequest, plan: Any, as_of: Any) -> dict[str, Any]:
    found = review.plan_review(request.user, plan, as_of)
    return found if found["dossier"] else process.beginnings(request.user, plan)


def _since(request: HttpRequest, plan: Any, as_of: Any) -> dict[str, Any]:
    return approval.since_approval(request.user, plan, as_of)


#: Part of the page: what it reads, and what draws it.
_PARTS = {
    "ho-so": (_dossier, "planning/process/_dossier.html"),
    "ra-soat": (_review, "planning/process/_review.html"),
    "du-bao": (forecasts.plan_forecast, "planning/_forecast.html"),
    lineage.PART: (_lineage, "planning/_lineage.html"),
    "phieu": (_ballots, "planning/_ballots.html"),
    "phe-duyet": (_since, "planning/process/_since.html"),
    "lich-su": (_history, "planning/_history.html"),
}
