"""Thời gian: tours of duty on a time line, by person or by unit."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from planning.selectors import unit_choices
from rotation.contexts.timeline import timeline_context
from rotation.forms.timeline import TimelineForm
from rotation.selectors.answers import answers_on
from rotation.selectors.timeline import TimelineFilter, TimelineRows

PER_PAGE = 50
_ASKED = ("don-vi", "trang-thai", "tu", "den")


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Every tour that began by the day; filters stand in the address."""
    as_of, actor = view_date(request), request.user
    units = unit_choices(actor, request.GET.get("don-vi", ""))
    form = TimelineForm(request.GET, units=units)
    unit: Any = next((each for each in units if each.code == form.value("don-vi")), None)
    wanted = TimelineFilter(
        path=unit.path if unit else "",
        state=form.value("trang-thai"),
        first=form.first,
        last=form.last,
        along=form.along,
    )
    rows = TimelineRows(actor, as_of, wanted)
    context = timeline_context(
        sums=rows.sums,
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("trang")),
        answers=answers_on(actor, as_of),
        form=form,
        asked={name.replace("-", "_"): form.value(name) for name in _ASKED if form.value(name)},
        as_of=as_of,
    )
    return render(request, "rotation/timeline.html", context)
