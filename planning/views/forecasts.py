"""Dự báo: what turns in plans as months go by, for many plans and for one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from cadres.choices import Level
from compliance.choices import RunStatus, SubjectKind
from planning import selectors
from planning.contexts import forecasts as context
from planning.contexts.links import address, plan_url
from planning.contexts.parts import parts
from planning.contexts.plans import chips
from planning.forms import FORECAST_KINDS, ForecastForm
from planning.models import Plan
from planning.policies import can_edit_plan, can_forecast
from planning.selectors import forecasts as reads
from planning.services.forecasts import forecast_start

PER_PAGE = 50
REFRESH_SECONDS = 3
_ASKED = ("don-vi", "cap", "tieu-chi", "doi-tuong", "chieu")


@require_safe
def forecast_list(request: HttpRequest) -> HttpResponse:
    """Plans in scope: how many fail each rule quarter by quarter, and what turns next."""
    query, actor = request.GET, request.user
    as_of = view_date(request)
    asked = {name: query[name] for name in _ASKED if query.get(name)}
    units = selectors.unit_choices(actor, asked.get("don-vi", ""))
    form = ForecastForm(initial=asked, units=units, rules=reads.rules_forecast())
    asked = {name: value for name, value in asked.items() if form.offers(name, value)}
    wanted = _wanted(asked, units)
    standing = reads.forecasts_standing(actor, wanted)
    page = Paginator(reads.events_found(actor, wanted), PER_PAGE).get_page(query.get("trang"))
    run = reads.run_open(actor, None)
    labels = {name: (str(form.fields[name].label), form.word(name)) for name in asked}
    context_data = {
        "parts": parts("planning:forecast-list", as_of),
        "form": form,
        "chips": chips(query, labels, request.path),
        "clear_url": address("planning:forecast-list", as_of=as_of),
        "standing": standing,
        "charts": _charts(actor, wanted, standing),
        "rows": context.rows(reads.named(page.object_list)),
        "page_obj": page,
        "can_start": can_forecast(actor),
        **_job(run),
    }
    return render(request, "planning/forecast_list.html", context_data)


def _wanted(asked: dict[str, str], units: list[Any]) -> reads.ForecastFilter:
    unit = next((each for each in units if each.code == asked.get("don-vi")), None)
    kinds = FORECAST_KINDS[asked.get("doi-tuong", "")][0]
    level = asked.get("cap", "")
    return reads.ForecastFilter(
        kinds=kinds,
        path=unit.path if unit else "",
        level=level if level in Level.values else "",
        rule=asked.get("tieu-chi", ""),
        is_worse={"xau": True, "tot": False}.get(asked.get("chieu", "")),
    )


def _charts(actor: Any, wanted: reads.ForecastFilter, standing: reads.Standing) -> list[Any]:
    if standing.starts_on is None or standing.ends_on is None:
        return []
    changes = reads.failing_by_month(actor, wanted)
    return context.multiples(changes, standing.starts_on, standing.ends_on)


def _job(run: Any) -> dict[str, Any]:
    if run is None or run.status == RunStatus.FINISHED:
        return {"job": None}
    return {
        "job": context.job_of(run),
        "refresh_seconds": None if run.is_over else REFRESH_SECONDS,
    }


@require_POST
def forecasts_start(request: HttpRequest) -> HttpResponse:
    """Have every plan's forecast made anew."""
    forecast_start(actor=request.user)
    return redirect("planning:forecast-list")


@require_POST
def plan_forecast_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one plan's forecast made anew."""
    plan = selectors.plan_get(request.user, pk)
    forecast_start(actor=request.user, plan=plan)
    return redirect(plan_url(plan.pk, view_date(request), phan="du-bao"))


@require_safe
def forecast_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, asked for every second; a page that has ended is loaded anew."""
    run = reads.run_get(request.user, pk)
    response = render(request, "components/progress.html", {"job": context.job_of(run)})
    if run.is_over:
        response["HX-Refresh"] = "true"
    return response


def plan_forecast(request: HttpRequest, plan: Plan, as_of: dt.date) -> dict[str, Any]:
    """The part of a plan's page."""
    forecast, is_current = reads.forecast_of(plan)
    data: dict[str, Any] = {
        "forecast": forecast,
        "is_stale": forecast is not None and not is_current,
        "can_start": can_forecast(request.user, plan),
        **_job(reads.run_open(request.user, plan)),
    }
    if forecast is not None:
        events = reads.forecast_events(request.user, forecast)
        turned = [each for each in events if each.event.before is not None]
        can_edit = can_edit_plan(request.user, plan)
        data |= {
            "strips": context.strips(forecast, events),
            "rows": context.rows(
                (each for each in turned if each.event.kind != SubjectKind.NOMINATION),
                can_edit=can_edit,
            ),
            "people_rows": context.rows(
                each for each in turned if each.event.kind == SubjectKind.NOMINATION
            ),
        }
    return data
