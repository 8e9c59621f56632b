"""Statistics over inspections, with the rows behind each figure."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from inspections.contexts.links import address
from inspections.contexts.sections import sections
from inspections.contexts.statistics import KINDS, NAME, Asked, context, narrowed
from inspections.forms.statistics import PeriodForm
from inspections.policies import sees_programmes
from inspections.selectors.statistics import INSPECTIONS, numbers_of

PER_PAGE = 25
#: A period of so many years unless asked otherwise, and at most.
YEARS, MOST_YEARS = 10, 40


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Inspections in numbers, and below them the rows that the address asks for."""
    require(sees_programmes(request.user))
    as_of, query = view_date(request), request.GET
    last = _year(query.get("den-nam", ""), as_of.year, as_of.year)
    first = _year(query.get("tu-nam", ""), last - YEARS + 1, as_of.year)
    first, last = min(first, last), max(first, last)
    kind = query.get("xem", "") if query.get("xem") in KINDS else INSPECTIONS
    asked = Asked(
        as_of=as_of,
        years=range(max(first, last - MOST_YEARS + 1), last + 1),
        kind=kind,
        values=narrowed(kind, query),
    )
    numbers = numbers_of(request.user, asked.years)
    page = Paginator(numbers.select(kind, asked.values), PER_PAGE).get_page(query.get("trang"))
    form = PeriodForm(asked.years, range(as_of.year - MOST_YEARS // 2, as_of.year + 1))
    shown = {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": _("Thống kê"), "url": ""},
        ],
        "sections": sections(request.user, NAME, as_of),
        **context(numbers, asked, page, form),
    }
    return render(request, "inspections/statistics.html", shown)


def _year(text: str, otherwise: int, most: int) -> int:
    is_year = text.isascii() and text.isdecimal() and 1945 <= int(text[:6]) <= most
    return int(text) if is_year else otherwise
