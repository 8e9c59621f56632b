"""Hồ sơ: the list of people, and what one does with it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from cadre_portal.templatetags.formats import number
from cadres import selectors
from cadres.contexts import cadre_list as contexts
from cadres.contexts.cadre_list import MOST_COMPARED, PAGE
from cadres.contexts.columns import (
    annotations_of,
    columns_offered,
)
from cadres.contexts.people_asked import Asked
from cadres.exports import later
from cadres.forms.listing import ExportForm, KeepFilterForm
from cadres.models import Cadre, User
from cadres.policies import can_export_people, can_see_sensitive, require
from cadres.selectors.saved import offices_of, saved_filter_own, saved_filters
from cadres.services.saved import columns_choose, saved_filter_drop, saved_filter_keep
from cadres.services.stored_exports import export_ask

#: With more people than this a worker makes the file.
MOST_AT_ONCE = 3_000


def _asked(request: HttpRequest) -> Asked:
    return Asked(cast("User", request.user), request.GET, view_date(request))


@require_safe
def cadre_list(request: HttpRequest) -> HttpResponse:
    """People with search while typing and filters; the parts that change alone for htmx."""
    asked = _asked(request)
    people = asked.people()
    measure = selectors.cadre_measure(asked.actor, people, is_filtered=bool(asked.address.asked))
    columns = asked.columns(measure.columns)
    page = contexts.page_of(measure.found, request.GET.get(PAGE))
    page.object_list = (
        selectors.cadre_page(
            people,
            annotations_of(columns, asked.actor, asked.as_of),
            (page.number - 1) * contexts.PAGE_SIZE,
            contexts.PAGE_SIZE,
        )
        if measure.found
        else []
    )
    is_part = request.headers.get("HX-Target") == "danh-sach"
    context = contexts.cadre_list_context(
        actor=asked.actor,
        form=asked.form,
        address=asked.address,
        page=page,
        measure=measure,
        columns=columns,
        with_sensitive=asked.with_sensitive,
        saved=list(saved_filters(asked.actor)),
        opened=request.GET.get(contexts.OPEN, ""),
    )
    template = "cadres/_cadre_list_parts.html" if is_part else "cadres/cadre_list.html"
    return render(request, template, context)


@require_safe
def cadre_filter(request: HttpRequest) -> HttpResponse:
    """All the filters to choose from: a part that opens in the list, a page without script."""
    asked = _asked(request)
    context = {
        "form": asked.form.offer(),
        "address": asked.address,
        "crumbs": [
            {"label": _("Hồ sơ"), "url": asked.address.list_url()},
            {"label": _("Bộ lọc"), "url": ""},
        ],
    }
    is_part = bool(request.headers.get("HX-Request"))
    template = "cadres/_cadre_filter.html" if is_part else "cadres/cadre_filter.html"
    return render(request, template, context)


@require_POST
def cadre_columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns that the account wants to see, and go back to the list."""
    actor = cast("User", request.user)
    offered = {each.key for each in columns_offered(with_sensitive=can_see_sensitive(actor))}
    wanted = [key for key in request.POST.getlist("cot") if key in offered]
    columns_choose(actor=actor, columns=None if request.POST.get("mac_dinh") else wanted)
    return redirect(_back_to_list(request.POST.get("tro_lai", "")))


def _back_to_list(query: str) -> str:
    """The list with this query string; nothing else can be put into it."""
    tail = QueryDict(query.removeprefix("?")).urlencode()
    return reverse("cadres:cadre-list") + (f"?{tail}" if tail else "")


def _sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; an empty form that is sent has its errors too."""
    return request.POST if request.method == "POST" else None


# ---- Saved filters ---------------------------------------------------------------------------


@require_safe
def filter_list(request: HttpRequest) -> HttpResponse:
    """The filters that the account kept, and those that colleagues share."""
    require(can_export_people(request.user))
    saved = list(saved_filters(request.user))
    context = contexts.saved_list_context(request.user, saved, view_date(request))
    return render(request, "cadres/cadre_filter_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def filter_keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters in the address under a name."""
    require(can_export_people(request.user))
    asked = _asked(request)
    offices = list(offices_of(asked.actor))
    form = KeepFilterForm(_sent(request), offices=offices)
    if not asked.address.asked:
        messages.warning(request, _("Chưa có điều kiện nào để lưu. Hãy chọn bộ lọc trước."))
        return redirect(asked.address.list_url())
    if request.method == "POST" and form.is_valid():
        kept = saved_filter_keep(
            actor=asked.actor,
            name=form.cleaned_data["ten"],
            query=asked.address.kept,
            shared_with=form.office,
        )
        messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": kept.name})
        return redirect(asked.address.list_url())
    asked.form.is_valid()
    context = contexts.keep_context(form, asked.form, asked.address, offices)
    status = 422 if form.is_bound else 200
    return render(request, "cadres/cadre_filter_keep.html", context, status=status)


@require_POST
def filter_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one of the account's own filters."""
    saved = saved_filter_own(request.user, pk)
    saved_filter_drop(actor=cast("User", request.user), saved=saved)
    messages.success(request, _("Đã xóa bộ lọc “%(name)s”.") % {"name": saved.name})
    return redirect("cadres:cadre-filter-list")


# ---- What is done with the people ------------------------------------------------------------


@require_safe
def cadre_compare(request: HttpRequest) -> HttpResponse:
    """A few people side by side."""
    asked = _asked(request)
    asked.form.is_valid()
    columns = columns_offered(with_sensitive=asked.with_sensitive)
    people: list[Cadre] = []
    if asked.codes:
        people = selectors.cadre_page(
            asked.chosen(),
            annotations_of(columns, asked.actor, asked.as_of),
            0,
            MOST_COMPARED,
        )
    context = contexts.compare_context(people, columns, asked.address, asked=len(asked.codes))
    return render(request, "cadres/cadre_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cadre_export(request: HttpRequest) -> HttpResponseBase:
    """Take the list, or those who were ticked, away as a file: asks first, then sends it."""
    require(can_export_people(request.user))
    asked = _asked(request)
    people = asked.chosen()
    measure = selectors.cadre_measure(asked.actor, people)
    columns = asked.columns(measure.columns)
    export = contexts.export_context(asked.address, columns, measure.found, asked.codes)
    form = ExportForm(_sent(request), sensitive=export["sensitive"])
    if request.method == "POST" and form.is_valid():
        wanted = {
            "query": request.GET.urlencode(),
            "day": asked.as_of.isoformat(),
            "columns": [
                each.key
                for each in columns
                if not (each.is_sensitive and form.cleaned_data.get("bo_nhay_cam"))
            ],
            "format": form.cleaned_data["dinh_dang"],
            "reason": form.cleaned_data.get("ly_do", "").strip(),
        }
        if measure.found <= MOST_AT_ONCE:
            return later.people_file(asked.actor, wanted)
        label = _("Danh sách %(n)s người, %(format)s") % {
            "n": number(measure.found), "format": wanted["format"].upper(),
        }  # fmt: skip
        export_ask(actor=asked.actor, label=label, maker=later.PEOPLE, asked=wanted)
        return redirect("cadres:export-list")
    asked.form.is_valid()
    context = contexts.export_page_context(form, asked.form, asked.address, export, asked.codes)
    status = 422 if form.is_bound else 200
    return render(request, "cadres/cadre_export.html", context, status=status)
