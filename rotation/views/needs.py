"""Nhu cầu: who should move, where people lack, which units exchange one way only."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres.policies import can_export_people
from planning.selectors import unit_choices
from rotation.choices import NeedKind
from rotation.contexts import needs as context
from rotation.exports.needs_sheet import needs_file
from rotation.forms.needs import ANSWERED, TERM, NeedFilterForm
from rotation.policies import can_propose
from rotation.selectors.needs import NeedFilter, NeedRows, is_due, open_files
from rotation.selectors.one_way import one_way_units
from rotation.selectors.vacancies import vacancies_on

PER_PAGE = 50
_ASKED = ("loai", "don-vi", "phuong-an", "trong")


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """Every need on the day; filters stand in the address."""
    as_of, actor = view_date(request), request.user
    form, wanted = _asked(request)
    needs = NeedRows(actor, as_of, wanted)
    form.offer_terms(needs.terms)
    asked = {
        name.replace("-", "_"): form.value(name) for name in (*_ASKED, TERM) if form.value(name)
    }
    vacancies = vacancies_on(actor, as_of, needs.answers, wanted.path)
    if wanted.is_answered is not None:
        vacancies = [each for each in vacancies if each.is_answered == wanted.is_answered]
    turned = request.GET.get("trang")
    page = Paginator(needs, PER_PAGE).get_page(turned)
    may_propose = can_propose(actor)
    rows = list(page.object_list)
    shown = context.need_context(
        form=form,
        due=[need for need in needs.due if is_due(need)],
        totals=needs.totals,
        open_totals=needs.open_totals,
        page=page,
        rows=context.together(
            context.need_rows(rows, as_of, open_files(actor, rows), may_propose),
            rows,
            needs.together,
            context.Addresses(asked, as_of),
        ),
        vacancies=vacancies,
        vacancy_page=Paginator(vacancies, PER_PAGE).get_page(turned)
        if form.value("loai") == NeedKind.VACANCY
        else None,
        one_way=one_way_units(actor, as_of, wanted.path),
        may_propose=may_propose,
        may_export=can_export_people(actor),
        asked=asked,
        as_of=as_of,
    )
    return render(request, "rotation/need_list.html", shown)


@require_safe
def need_export(request: HttpRequest) -> HttpResponseBase:
    """The same people as a sheet, all pages of them."""
    _form, wanted = _asked(request)
    asked = {name: request.GET[name] for name in (*_ASKED, TERM) if request.GET.get(name)}
    return needs_file(actor=request.user, wanted=wanted, asked=asked, as_of=view_date(request))


def _asked(request: HttpRequest) -> tuple[NeedFilterForm, NeedFilter]:
    """What the address asks for; nonsense is left out."""
    units = unit_choices(request.user, request.GET.get("don-vi", ""))
    form = NeedFilterForm(request.GET, units=units)
    unit: Any = next((each for each in units if each.code == form.value("don-vi")), None)
    order = request.GET.get("sap", "")
    wanted = NeedFilter(
        path=unit.path if unit else "",
        reasons=form.reasons,
        is_answered=ANSWERED.get(form.value("phuong-an")),
        within=form.within,
        term=request.GET.get(TERM, ""),
        order=order,
        by_unit=form.is_of_nominees and not order,
    )
    return form, wanted
