"""Pages of grades: a year by unit, the grid of one unit, lists that are pasted or uploaded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.contexts import evaluations as context
from cadres.contexts.links import Links
from cadres.exports.evaluations import unit_file, year_file
from cadres.forms.evaluations import GradeListForm, YearForm, typed_grades
from cadres.grade_lists import GradeReading, read_grades, rows_of_file, rows_of_text
from cadres.lists.model import ListRefused
from cadres.models import Unit
from cadres.policies import can_edit_unit
from cadres.selectors.evaluations import (
    GRADES,
    GradeYear,
    Roster,
    grade_year,
    last_save,
    roster,
    roster_verdict,
    years_with_grades,
)
from cadres.selectors.units import unit_get, unit_list
from cadres.services.evaluations import GradeEntry, GradesChanged, evaluations_save

_UNITS_OFFERED = 300


# ---- A year by unit --------------------------------------------------------------------------


@require_safe
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """Đánh giá, xếp loại: a year over the units in scope."""
    as_of = view_date(request)
    form, found = _year(request, as_of)
    page = Paginator(found.rows, context.PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "cadres/evaluations/evaluation_list.html",
        context.year_context(found=found, page=page, form=form, query=request.GET, as_of=as_of),
    )


@require_safe
def evaluation_export(request: HttpRequest) -> HttpResponseBase:
    """The same year, filters and order as a sheet."""
    as_of = view_date(request)
    form, found = _year(request, as_of)
    return year_file(
        actor=request.user, found=found, chosen=form.chosen(), query=request.GET, as_of=as_of
    )


def _year(request: HttpRequest, as_of: dt.date) -> tuple[YearForm, GradeYear]:
    asked = request.GET.copy()
    asked.setdefault("nam", str(as_of.year - 1))  # so that the form says what is shown
    form = YearForm(
        asked,
        years=years_with_grades(request.user, clock.today()),
        units=_units_offered(request),
    )
    year = form.year(default=as_of.year - 1)
    return form, grade_year(
        request.user, year, as_of, form.filters(), request.GET.get("sap", "don-vi")
    )


def _units_offered(request: HttpRequest) -> list[Unit]:
    offered = unit_list(request.user)
    units = list(offered[:_UNITS_OFFERED])
    asked = request.GET.get("don_vi")
    if asked and asked not in {unit.code for unit in units}:
        units += offered.filter(code=asked)
    return units


# ---- One unit --------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The grades of a unit for a year: a grid for who may edit, saved as a whole."""
    as_of, unit = view_date(request), unit_get(request.user, code)
    people = roster(request.user, unit, _asked_year(request, as_of))
    if request.method == "POST":
        return _save(request, people, as_of)
    shown = request.GET.get("xep_loai", "")
    if shown not in {"chua", *(grade.name for grade in GRADES)}:
        shown = ""
    return _grid(request, people, as_of, shown=shown)


def _asked_year(request: HttpRequest, as_of: dt.date) -> int:
    text = request.GET.get("nam", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else as_of.year - 1
    return min(max(year, 1945), clock.today().year)


def _grid(
    request: HttpRequest, people: Roster, as_of: dt.date, *, status: int = 200, **more: Any
) -> HttpResponse:
    counts = context.counts_typed(people, more.get("typed"))
    page = context.unit_context(
        roster=people,
        verdict=roster_verdict(request.user, people.unit, people.year, counts, as_of),
        years=years_with_grades(request.user, clock.today()),
        as_of=as_of,
        **more,
    )
    return render(request, "cadres/evaluations/evaluation_unit.html", page, status=status)


def _save(request: HttpRequest, people: Roster, as_of: dt.date) -> HttpResponse:
    if not people.can_edit:
        raise PermissionDenied
    entries = typed_grades(people, request.POST)
    try:
        number = evaluations_save(
            actor=request.user, unit=people.unit, year=people.year, entries=entries
        )
    except GradesChanged as changed:
        # What others changed is shown as it is now; what was typed here stays typed.
        fresh = roster(request.user, people.unit, people.year)
        typed = {entry.cadre_id: entry.now for entry in entries if entry.now != entry.was}
        return _grid(request, fresh, as_of, status=409, typed=typed, conflicts=changed.conflicts)
    except ValidationError as error:
        typed = {entry.cadre_id: entry.now for entry in entries}
        for text in error.messages:
            messages.error(request, text)
        return _grid(request, people, as_of, status=422, typed=typed)
    text = ngettext("Đã lưu xếp loại của %(n)d người.", "Đã lưu xếp loại của %(n)d người.", number)
    messages.success(request, text % {"n": number} if number else _("Không có gì thay đổi."))
    return redirect(Links(as_of).to("cadres:evaluation-unit", people.unit.code, nam=people.year))


@require_POST
def evaluation_judge(request: HttpRequest, code: str) -> HttpResponse:
    """What a check would say of a grid that is not saved yet; nothing is written."""
    as_of, unit = view_date(request), unit_get(request.user, code)
    people = roster(request.user, unit, _asked_year(request, as_of))
    if not people.can_edit:
        raise PermissionDenied
    entries = typed_grades(people, request.POST)
    typed = {entry.cadre_id: entry.now for entry in entries}
    counts = context.counts_typed(people, typed)
    verdict = roster_verdict(request.user, unit, people.year, counts, as_of)
    unsaved = sum(1 for entry in entries if entry.now != entry.was)
    return render(
        request,
        "cadres/evaluations/_verdict.html",
        {"verdict": context.verdict_context(verdict, counts, unsaved=unsaved)},
    )


@require_safe
def evaluation_unit_export(request: HttpRequest, code: str) -> HttpResponseBase:
    """The people of a unit with their grades as a sheet."""
    as_of, unit = view_date(request), unit_get(request.user, code)
    people = roster(request.user, unit, _asked_year(request, as_of))
    return unit_file(actor=request.user, roster=people, as_of=as_of)


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take back what was saved last in one go, as long as nobody changed any of it since."""
    as_of, unit = view_date(request), unit_get(request.user, code)
    if not can_edit_unit(request.user, unit):
        raise PermissionDenied
    year = _asked_year(request, as_of)
    back = Links(as_of).to("cadres:evaluation-unit", unit.code, nam=year)
    found = last_save(request.user, unit, year)
    if found is None:
        messages.info(request, _("Không có lần lưu nào trên biểu mẫu để hoàn tác."))
        return redirect(back)
    if request.method != "POST" or request.POST.get("lan") != found.key:
        page = context.undo_context(unit=unit, year=year, found=found, back_url=back)
        status = 409 if request.method == "POST" else 200
        return render(request, "cadres/evaluations/evaluation_undo.html", page, status=status)
    entries = [GradeEntry(each.cadre_id, each.now, each.was) for each in found.changes]
    try:
        number = evaluations_save(actor=request.user, unit=unit, year=year, entries=entries)
    except GradesChanged:
        messages.error(request, _("Có người vừa sửa những mức này, nên chưa hoàn tác gì."))
    else:
        text = ngettext(
            "Đã trả lại xếp loại của %(n)d người.", "Đã trả lại xếp loại của %(n)d người.", number
        )
        messages.success(request, text % {"n": number})
    return redirect(back)


# ---- Lists -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation_read(request: HttpRequest, code: str) -> HttpResponse:
    """A pasted list or a sheet: its problems with their cells, or the grid as it would become."""
    as_of, unit = view_date(request), unit_get(request.user, code)
    if not can_edit_unit(request.user, unit):
        raise PermissionDenied
    year = _asked_year(request, as_of)
    form = GradeListForm(request.POST or None, request.FILES or None)
    reading, refusal = None, ""
    if request.method == "POST" and form.is_valid():
        people = roster(request.user, unit, year)
        try:
            reading = _read(form, people)
        except ListRefused as error:
            refusal = error.message
        if reading and not reading.problems:
            return _grid(
                request,
                people,
                as_of,
                typed=reading.grades,
                source=_read_words(reading),
            )
    status = 422 if request.method == "POST" else 200
    page = context.read_context(
        unit=unit, year=year, form=form, reading=reading, refusal=refusal, as_of=as_of
    )
    return render(request, "cadres/evaluations/evaluation_read.html", page, status=status)


def _read(form: GradeListForm, people: Roster) -> GradeReading:
    upload = form.cleaned_data["tep"]
    rows = rows_of_file(upload.read()) if upload else rows_of_text(form.cleaned_data["dan"])
    reading = read_grades(rows, [row.cadre for row in people.rows])
    mine = {row.cadre.pk for row in people.rows if row.is_mine}
    # Nobody grades themselves: what a list says of the reader is left out.
    reading.lines = [line for line in reading.lines if line.cadre_id not in mine]
    return reading


def _read_words(reading: GradeReading) -> str:
    text = _("Đã đọc xếp loại của %(n)d người. Chưa ghi gì: hãy xem lại rồi bấm Lưu.") % {
        "n": len(reading.lines)
    }
    if reading.blank:
        text += " " + _("%(n)d người không ghi xếp loại, giữ nguyên.") % {"n": reading.blank}
    return text
