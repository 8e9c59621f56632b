"""What nominees have to learn, what they learned after being planned, where they come from."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import EDITING_ROLES, has_role
from cadres.selectors import unit_get
from planning.contexts import training as context
from planning.exports.training_sheet import gaps_file
from planning.selectors.sources import nominee_sources
from planning.selectors.training_gaps import (
    gap_counts,
    gap_people,
    need_of,
    trained_people,
    trained_shares,
)

#: So many ends of years stand beside the day of view.
YEARS_BACK = 4
#: Who counts as a new, young person unless the page is asked for something else.
AGE, YEARS = 30, 5


@require_safe
def training_gaps(request: HttpRequest) -> HttpResponse:
    """Nhu cầu từ quy hoạch: by course and unit, down to the people."""
    as_of = view_date(request)
    need = need_of(request.GET.get("nhom", ""))
    code = request.GET.get("don_vi", "") if need else ""
    unit = unit_get(request.user, code) if code else None
    people = (
        gap_people(request.user, as_of, need, unit_id=unit.pk if unit else None) if need else []
    )
    page = context.gaps_context(
        counts=gap_counts(request.user, as_of),
        need=need,
        people=people,
        unit_code=code,
        can_add=has_role(request.user, *EDITING_ROLES),
        as_of=as_of,
    )
    return render(request, "planning/training_gaps.html", page)


@require_safe
def training_gaps_export(request: HttpRequest) -> HttpResponseBase:
    """The same needs by unit as a sheet."""
    as_of = view_date(request)
    counts = gap_counts(request.user, as_of)
    return gaps_file(actor=request.user, counts=counts, as_of=as_of)


@require_safe
def training_results(request: HttpRequest) -> HttpResponse:
    """Đào tạo sau quy hoạch: shares by unit and year with their trend, down to the people."""
    as_of = view_date(request)
    days = [dt.date(as_of.year - back, 12, 31) for back in range(YEARS_BACK, 0, -1)] + [as_of]
    code = request.GET.get("don_vi", "")
    unit = unit_get(request.user, code) if code else None
    day = _one_of(days, request.GET.get("tinh_den", ""), as_of)
    is_asked = bool(unit) or request.GET.get("xem") == "1"
    page = context.results_context(
        shares=trained_shares(request.user, days),
        people=trained_people(request.user, day, unit_id=unit.pk if unit else None)
        if is_asked
        else [],
        unit_code=code,
        day=day,
        as_of=as_of,
    )
    return render(request, "planning/training_results.html", page)


def _one_of(days: list[dt.date], text: str, default: dt.date) -> dt.date:
    return next((day for day in days if day.isoformat() == text), default)


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Nguồn quy hoạch: own unit, below, elsewhere; new young people."""
    as_of = view_date(request)
    age = _number(request.GET.get("tuoi", ""), AGE, 18, 60)
    years = _number(request.GET.get("nam", ""), YEARS, 1, 40)
    counts = nominee_sources(request.user, as_of, age=age, years=years)
    page = context.sources_context(counts=counts, age=age, years=years, as_of=as_of)
    return render(request, "planning/nominee_sources.html", page)


def _number(text: str, default: int, low: int, high: int) -> int:
    if not (text.isascii() and text.isdecimal()):
        return default
    return min(max(int(text[:4]), low), high)
