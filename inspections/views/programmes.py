"""Pages of yearly programmes: the list, items, coverage, ranking, what is put into a programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from inspections.contexts import programmes as context
from inspections.contexts.links import address
from inspections.contexts.sections import sections
from inspections.forms.programmes import (
    CoverageForm,
    ItemForm,
    ItemsForm,
    NewProgrammeForm,
    ProgrammeForm,
    weights_of,
)
from inspections.models import Programme
from inspections.policies import can_edit_programme, can_open_inspection, sees_programmes
from inspections.risk import risk_of
from inspections.selectors import inspections_visible
from inspections.selectors.coverage import Covered, coverage, facts_of
from inspections.selectors.programmes import (
    bodies_of,
    inspections_of,
    item_get,
    programme_get,
    programme_list,
)
from inspections.services import programmes as services
from inspections.services.holding import InspectionRefused
from inspections.views.mandate import open_page
from planning.selectors import checked

PER_PAGE = 50
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# ---- The list --------------------------------------------------------------------------------


@require_safe
def programme_all(request: HttpRequest) -> HttpResponse:
    """Programmes of all years."""
    require(sees_programmes(request.user))
    as_of = view_date(request)
    name = "inspections:programme-list"
    open_url = (
        address("inspections:programme-open", as_of=clock.today())
        if can_open_inspection(request.user)
        else ""
    )
    shown = {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": _("Chương trình"), "url": ""},
        ],
        "sections": sections(request.user, name, as_of),
        "open_url": open_url,
        "table": context.programme_table(programme_list(request.user), as_of, open_url),
    }
    return render(request, "inspections/programme_list.html", shown)


@_SAFE_OR_POST
def programme_open(request: HttpRequest) -> HttpResponse:
    """Begin the programme of a year."""
    require(can_open_inspection(request.user))
    form = NewProgrammeForm(
        _sent(request),
        bodies=bodies_of(request.user),
        initial={"year": clock.today().year + 1},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.programme_open(actor=request.user, values=form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã lập chương trình. Tiếp theo: chọn đơn vị."))
            return redirect("inspections:programme-ranking", made.pk)
    today = clock.today()
    shown = {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=today)},
            {
                "label": _("Chương trình"),
                "url": address("inspections:programme-list", as_of=today),
            },
            {"label": _("Lập chương trình"), "url": ""},
        ],
        "title": _("Lập chương trình kiểm tra"),
        "cancel_url": address("inspections:programme-list", as_of=today),
        "submit": _("Lập chương trình"),
    }
    return _form_page(request, form, shown)


# ---- One programme ---------------------------------------------------------------------------


@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Units of a programme by quarter, with their inspections."""
    programme = programme_get(request.user, pk)
    as_of = view_date(request)
    shown = context.frame(request.user, programme, "inspections:programme-detail", as_of)
    shown["rows"] = context.item_rows(
        programme,
        programme.items.select_related("unit").order_by("quarter", "unit__path", "pk"),
        inspections_of(programme),
        _seen(request),
        as_of,
        edits=shown["edits"],
    )
    return render(request, "inspections/programme_detail.html", shown)


@_SAFE_OR_POST
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Document, day and note."""
    programme = _to_edit(request, pk)
    names = ("decision_no", "decision_on", "note")
    form = ProgrammeForm(_sent(request), initial={name: getattr(programme, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            services.programme_change(
                actor=request.user, programme=programme, values=form.cleaned_data
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã lưu chương trình."))
            return redirect("inspections:programme-detail", pk)
    title = _("Sửa văn bản của chương trình")
    return _form_page(request, form, _form_context(request, programme, title, _("Lưu")))


@require_safe
def programme_coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was not inspected for years, who is planned, who was done."""
    programme = programme_get(request.user, pk)
    as_of = view_date(request)
    form = CoverageForm(request.GET)
    every = coverage(request.user, programme, as_of, form.level)
    rows = [row for row in every if context.passes(row, form.state, as_of, form.years)]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    shown = context.frame(request.user, programme, "inspections:programme-coverage", as_of)
    shown |= {
        "form": form,
        "years": form.years,
        "lede": context.coverage_lede(every, as_of, form.years),
        "tiles": context.coverage_tiles(every, programme, as_of, form.years, form.level),
        "table": context.coverage_table(page.object_list, page, _seen(request), as_of, form.years),
    }
    return render(request, "inspections/programme_coverage.html", shown)


@require_safe
def programme_ranking(request: HttpRequest, pk: int) -> HttpResponse:
    """Where to inspect first, with each part of the score; units are chosen here."""
    programme = programme_get(request.user, pk)
    as_of = view_date(request)
    form, weights = CoverageForm(request.GET), weights_of(request.GET)
    every = coverage(request.user, programme, as_of, form.level)
    state = checked(request.user, as_of)
    facts = facts_of(request.user, programme, every, state.basis, as_of, form.years)
    risks = {pk: risk_of(found, weights) for pk, found in facts.items()}
    order = request.GET.get("sap", "")
    rows = [row for row in every if context.passes(row, form.state, as_of, form.years)]
    rows.sort(key=lambda row: context.sort_key(order, risks[row.unit.pk]), reverse=True)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    shown = context.frame(request.user, programme, "inspections:programme-ranking", as_of)
    shown |= {
        "form": form,
        "years": form.years,
        "is_checked": state.basis is not None,
        "heads": context.heads(weights),
        "order": order,
        "page": page,
        "rows": [
            context.ranking_row(row, risks[row.unit.pk], weights, as_of, form.years)
            for row in page.object_list
        ],
        "weights": context.weight_rows(weights),
        "changed": context.changed_weights(weights),
        "level": form.level,
        "state": form.state,
        "add_url": address("inspections:programme-item-add", pk, as_of=as_of),
        "clear_url": address("inspections:programme-ranking", pk, as_of=as_of),
    }
    return render(request, "inspections/programme_ranking.html", shown)


# ---- Items -----------------------------------------------------------------------------------


@_SAFE_OR_POST
def programme_item_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chosen units (`don-vi`) into the programme, each with a reason."""
    programme = _to_edit(request, pk)
    as_of = view_date(request)
    codes = set(request.GET.getlist("don-vi") or request.POST.getlist("don-vi"))
    chosen = [row for row in coverage(request.user, programme, as_of) if row.unit.code in codes]
    if not chosen:
        messages.error(request, _("Hãy chọn ít nhất một đơn vị trong bảng."))
        return redirect("inspections:programme-ranking", pk)
    units = [row.unit for row in chosen]
    form = ItemsForm(
        _sent(request),
        units=units,
        initial=ItemsForm.reasons(units, _reasons(request, programme, chosen))
        if request.method != "POST"
        else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.items_add(actor=request.user, programme=programme, rows=form.rows())
        except ValidationError as error:
            form.refuse(error)
        else:
            text = ngettext(
                "Đã đưa %(n)s đơn vị vào chương trình.",
                "Đã đưa %(n)s đơn vị vào chương trình.",
                len(made),
            )
            messages.success(request, text % {"n": len(made)})
            return redirect("inspections:programme-detail", pk)
    shown = _form_context(request, programme, _("Đưa vào chương trình"), _("Đưa vào chương trình"))
    shown["chosen"] = [unit.code for unit in units]
    return _form_page(request, form, shown)


def _reasons(request: HttpRequest, programme: Programme, rows: Sequence[Covered]) -> dict[int, str]:
    """The strongest signs of each unit, for a person to edit."""
    as_of, form = view_date(request), CoverageForm(request.GET)
    basis = checked(request.user, as_of).basis
    facts = facts_of(request.user, programme, rows, basis, as_of, form.years)
    weights = weights_of(request.GET)
    return {pk: context.reason_of(risk_of(found, weights)) for pk, found in facts.items()}


@_SAFE_OR_POST
def programme_item_edit(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Subject, quarter and reason of one unit."""
    programme = _to_edit(request, pk)
    item = item_get(programme, item_pk)
    form = ItemForm(
        _sent(request),
        initial={
            "subject": item.subject,
            "quarter": str(item.quarter or ""),
            "reason": item.reason,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.item_change(actor=request.user, item=item, values=form.values())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("inspections:programme-detail", pk)
    shown = _form_context(request, programme, item.unit.name, _("Lưu"))
    shown["remove_url"] = address(
        "inspections:programme-item-remove", pk, item.pk, as_of=clock.today()
    )
    return _form_page(request, form, shown)


@require_POST
def programme_item_remove(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Take a unit out of the programme."""
    programme = _to_edit(request, pk)
    item = item_get(programme, item_pk)
    try:
        services.item_remove(actor=request.user, item=item)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã bỏ %(unit)s khỏi chương trình.") % {"unit": item.unit})
    return redirect("inspections:programme-detail", pk)


# ---- Inspections -----------------------------------------------------------------------------


@_SAFE_OR_POST
def programme_inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to prepare an inspection of the items `muc`, with what the programme says of them."""
    programme = _to_edit(request, pk)
    wanted = {int(text) for text in request.GET.getlist("muc") if text.isdecimal()}
    items = list(programme.items.select_related("unit").filter(pk__in=wanted))
    if not items:
        messages.error(request, _("Hãy chọn ít nhất một đơn vị của chương trình."))
        return redirect("inspections:programme-detail", pk)
    shown = context.frame(request.user, programme, "", clock.today(), _("Lập cuộc kiểm tra"))
    shown |= {
        "cancel_url": address("inspections:programme-detail", pk, as_of=clock.today()),
        "keep": f"kiem-tra:chuong-trinh:{pk}",
    }
    return open_page(
        request,
        initial=context.inspection_values(programme, items),
        act=lambda values: services.inspection_of_items(
            actor=request.user, programme=programme, items=items, values=values
        ),
        shown=shown,
    )


# ---- Small tools -----------------------------------------------------------------------------


def _seen(request: HttpRequest) -> frozenset[int]:
    """Inspections that the actor may open."""
    return frozenset(inspections_visible(request.user).values_list("pk", flat=True))


def _to_edit(request: HttpRequest, pk: int) -> Programme:
    programme = programme_get(request.user, pk)
    require(can_edit_programme(request.user, programme))
    return programme


def _form_context(
    request: HttpRequest, programme: Programme, title: str, submit: str
) -> dict[str, Any]:
    as_of = view_date(request)
    shown = context.frame(request.user, programme, "", as_of, title)
    return shown | {
        "title": title,
        "submit": submit,
        "cancel_url": address("inspections:programme-detail", programme.pk, as_of=as_of),
    }


def _form_page(request: HttpRequest, form: Any, shown: dict[str, Any]) -> HttpResponse:
    shown["form"] = form
    status = 422 if form.errors else 200
    return render(request, "inspections/programme_form.html", shown, status=status)
