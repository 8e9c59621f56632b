"""Statistics of rotation, with the people behind each figure."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from rotation.choices import RotationKind
from rotation.contexts.matrix import matrix
from rotation.contexts.statistics import Asked, statistics_context
from rotation.contexts.turn_list import FILTERS
from rotation.forms.statistics import PeriodForm
from rotation.policies import can_see_rotations
from rotation.selectors.statistics import numbers_of

PER_PAGE = 25
#: A period of so many years unless asked otherwise, and at most.
YEARS, MOST_YEARS = 5, 30


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Everything about rotation in numbers, and below it the turns that the address asks for."""
    require(can_see_rotations(request.user))
    asked = asked_of(request, view_date(request))
    picture = matrix(request.user, asked.as_of, years=asked.years, kind=asked.kind)
    numbers = numbers_of(
        request.user,
        asked.as_of,
        asked.years,
        asked.kind,
        named=frozenset(head["code"] for head in picture["heads"]),
    )
    context = statistics_context(
        actor=request.user,
        numbers=numbers,
        asked=asked,
        page=Paginator(numbers.turns.select(asked.turns), PER_PAGE).get_page(
            request.GET.get("trang")
        ),
        form=PeriodForm(asked.as_of, asked.years, asked.kind),
        matrix=picture,
    )
    return render(request, "rotation/statistics.html", context)


def asked_of(request: HttpRequest, as_of: dt.date) -> Asked:
    """What the address asks for; what it says wrongly is left out, as a filter of a list does."""
    query = request.GET
    last = _year(query.get("den-nam", ""), as_of.year, as_of)
    first = _year(query.get("tu-nam", ""), last - YEARS + 1, as_of)
    first, last = min(first, last), max(first, last)
    kind = query.get("loai", "")
    return Asked(
        as_of=as_of,
        years=range(max(first, last - MOST_YEARS + 1), last + 1),
        kind=kind if kind in RotationKind.values else "",
        turns={name: query[name] for name in FILTERS if query.get(name)},
        all_units=query.get("don-vi") == "tat-ca",
    )


def _year(text: str, otherwise: int, as_of: dt.date) -> int:
    is_year = text.isascii() and text.isdecimal() and 1945 <= int(text[:6]) <= as_of.year
    return int(text) if is_year else otherwise
