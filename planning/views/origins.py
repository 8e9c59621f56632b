"""Gắn quy hoạch với bổ nhiệm: from which plan those appointed came."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.days import read_day
from cadre_portal.common.viewdate import view_date
from cadres.choices import Level, TitleKind
from cadres.policies import Actor
from planning import selectors
from planning.contexts import origins as context
from planning.exports.origins_sheet import origins_file
from planning.forms import OriginForm
from planning.selectors.origins import (
    Origin,
    OriginFilter,
    appointed,
    count_of,
    origin_counts,
)

PER_PAGE = 50
_ASKED = ("loai", "tu", "don-vi", "cap", "nam", "tai", "nguon")


@require_safe
def origins(request: HttpRequest) -> HttpResponse:
    """Shares by level, year and unit, and below them the appointments, filtered by the address."""
    as_of = view_date(request)
    wanted, form, asked = _wanted(request, as_of)
    counts = origin_counts(request.user, wanted)
    rows = appointed(request.user, wanted, total=count_of(counts).of(wanted.origin))
    page = context.origins_context(
        wanted=wanted,
        counts=counts,
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("trang")),
        form=form,
        asked=asked,
        as_of=as_of,
    )
    return render(request, "planning/origins.html", page)


@require_safe
def origins_export(request: HttpRequest) -> HttpResponseBase:
    """The same appointments as a sheet, with their sums on a second one."""
    as_of = view_date(request)
    wanted, _form, asked = _wanted(request, as_of)
    return origins_file(actor=request.user, wanted=wanted, asked=asked, as_of=as_of)


def _wanted(
    request: HttpRequest, as_of: dt.date
) -> tuple[OriginFilter, OriginForm, dict[str, str]]:
    """What the address asks for; what it says wrongly is left out, as a filter of a list does."""
    query, actor = request.GET, request.user
    asked = {name: query[name] for name in _ASKED if query.get(name)}
    units = selectors.unit_choices(actor, asked.get("don-vi", ""))
    unit = next((each for each in units if each.code == asked.get("don-vi")), None)
    since = _day(asked.get("tu", "")) or default_since(actor, as_of)
    year = asked.get("nam", "")
    kind, level, origin = (asked.get(name, "") for name in ("loai", "cap", "nguon"))
    wanted = OriginFilter(
        since=min(since, as_of),
        until=as_of,
        kind=kind if kind in TitleKind.values else TitleKind.LEADERSHIP,
        path=unit.path if unit else "",
        unit_code=asked.get("tai", ""),
        level=level if level in Level.values else "",
        year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
        origin=origin if origin in Origin.values else "",
    )
    form = OriginForm(
        initial={
            "tu": wanted.since,
            "don-vi": unit.code if unit else "",
            "cap": wanted.level,
            "loai": wanted.kind,
        },
        units=units,
    )
    return wanted, form, {name.replace("-", "_"): value for name, value in asked.items()}


def default_since(actor: Actor, as_of: dt.date) -> dt.date:
    """The start of the term of the day; of the year where no term says so."""
    term = selectors.term_choice(actor, as_of).chosen
    if term and term.starts_on <= as_of <= term.ends_on:
        return term.starts_on
    return as_of.replace(month=1, day=1)


def _day(text: str) -> dt.date | None:
    try:
        return read_day(text)
    except ValueError:
        return None
