"""Báo cáo tự kiểm tra: the unit answers, saves, submits; the team reads and sends back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from cadres.choices import FileDoor
from cadres.policies import require
from cadres.services.records import record_openings
from inspections.choices import AnswerKind
from inspections.contexts import self_reports as context
from inspections.contexts.findings import form_rows
from inspections.contexts.side import side
from inspections.contexts.workspace import workspace
from inspections.forms.self_reports import (
    AssessmentForm,
    SelfAnswerForm,
    SubmitForm,
    TableEdit,
)
from inspections.merging import EditClash
from inspections.models import InspectedUnit, SelfReport
from inspections.policies import can_work
from inspections.selectors import inspected_get, inspection_get
from inspections.selectors.overview import units_overview
from inspections.selectors.prefill import table_now
from inspections.selectors.seen import units_read
from inspections.selectors.self_reports import (
    ASSESSMENT,
    WRITABLE,
    Question,
    answer_counts,
    assessment_is_open,
    given_of,
    inspected_read_get,
    questions_given,
    questions_of,
    report_of,
    reports_owed,
    seen_mark,
    standing_of,
    unit_files,
)
from inspections.services import self_reports as services
from inspections.services.holding import InspectionRefused

_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_THEIRS = "theirs"


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _version(request: HttpRequest, present: int) -> int:
    """What the form was opened with; nonsense is no version that ever was."""
    if request.method != "POST":
        return present
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else -1


# ---- The unit --------------------------------------------------------------------------------


@require_safe
def self_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of one's own unit at one look."""
    inspected = inspected_get(request.user, pk)
    as_of = view_date(request)
    report = report_of(inspected)
    questions = questions_of(inspected, report)
    page = side(inspected, context.UNIT_PAGE, as_of)
    page |= context.report_page(inspected, report, questions, as_of)
    return render(request, "inspections/self_report.html", page)


@_SAFE_OR_POST
def self_answer(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One question: read, answered, saved; `so-lieu=moi` fills the table in anew, unsaved."""
    inspected = inspected_get(request.user, pk)
    questions = questions_of(inspected, report_of(inspected))
    present = next((each for each in questions if each.item.pk == item), None)
    if present is None:
        raise Http404
    answer = present.answer
    version = _version(request, answer.version if answer else 0)
    initial = {"text": answer.text if answer else ""}
    files = request.FILES if request.method == "POST" else None
    form = SelfAnswerForm(_posted(request), files, kind=present.item.kind, initial=initial)
    edit = _table_edit(request, inspected, present)
    clash: EditClash | None = None
    if request.method == "POST" and form.is_valid() and not (edit and edit.is_wrong):
        try:
            services.answer_save(
                actor=request.user,
                inspected=inspected,
                item=present.item,
                version=version,
                **_said(request, form, present, edit),
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except ValidationError as error:
            form.refuse(error)
        except EditClash as found:
            clash, version = found, found.version
            typed = request.POST.copy()
            typed["text"] = found.values["text"]
            form = SelfAnswerForm(typed, kind=present.item.kind)
        else:
            messages.success(request, _("Đã lưu mục %(n)s.") % {"n": present.item.number})
            return _go_on(request, inspected, questions, present)
    return _answer_page(request, inspected, questions, present, form, edit, clash, version)


def _table_edit(
    request: HttpRequest, inspected: InspectedUnit, present: Question
) -> TableEdit | None:
    """The table of a question that is answered by one."""
    if present.item.kind != AnswerKind.TABLE:
        return None
    asked = request.POST if request.method == "POST" else request.GET
    return TableEdit(
        kept=present.answer.table if present.answer else None,
        now=table_now(inspected, present.item.table),
        source=asked.get("so-lieu", ""),
        data=_posted(request),
    )


def _said(
    request: HttpRequest, form: SelfAnswerForm, present: Question, edit: TableEdit | None
) -> dict[str, Any]:
    """What the unit gives; where two clashed and the other's was chosen, that."""
    text, table = form.cleaned_data["text"], edit.table if edit else None
    if present.answer and request.POST.get("chon-text") == _THEIRS:
        text = present.answer.text
    if present.answer and request.POST.get("chon-table") == _THEIRS:
        table = present.answer.table
    return {"text": text, "table": table, "uploads": form.cleaned_data["uploads"]}


def _go_on(
    request: HttpRequest, inspected: InspectedUnit, questions: Sequence[Question], present: Question
) -> HttpResponse:
    """To the next question where that was asked; else where one was."""
    as_of = view_date(request)
    place = questions.index(present)
    if request.POST.get("viec") == "tiep":
        if place + 1 < len(questions):
            return redirect(context.answer_url(inspected, questions[place + 1], as_of))
        return redirect(context.UNIT_PAGE, inspected.pk)
    return redirect(context.answer_url(inspected, present, as_of))


def _answer_page(
    request: HttpRequest,
    inspected: InspectedUnit,
    questions: Sequence[Question],
    present: Question,
    form: SelfAnswerForm,
    edit: TableEdit | None,
    clash: EditClash | None,
    version: int,
) -> HttpResponse:
    as_of = view_date(request)
    here = {"label": _("Mục %(n)s") % {"n": present.item.number}, "url": ""}
    page = side(inspected, context.UNIT_PAGE, as_of, here)
    page |= context.answer_page(inspected, questions, present, as_of)
    page |= {
        "form": form,
        "form_rows": form_rows(form, clash),
        "clash": clash,
        "version": version,
        "table": context.table_part(edit, present, clash) if edit else None,
    }
    if edit:
        _record(request, context.people_of(edit.table))
    status = 409 if clash else 422 if form.errors or (edit and edit.is_wrong) else 200
    return render(request, "inspections/self_answer.html", page, status=status)


def _record(request: HttpRequest, people: dict[int, str]) -> None:
    if request.method == "GET" and people:
        record_openings(actor=request.user, people=people, door=FileDoor.INSPECTION)


@require_POST
def self_answer_file_drop(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take away a file that the unit put in."""
    inspected = inspected_get(request.user, pk)
    found = get_object_or_404(unit_files(inspected), pk=file)
    item = found.item_id
    try:
        services.answer_file_drop(actor=request.user, inspected=inspected, file=found)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã bỏ tệp."))
    return redirect("inspections:self-answer", inspected.pk, item)


@_SAFE_OR_POST
def self_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Strengths, shortcomings, causes, proposals as the unit sees them."""
    inspected = inspected_get(request.user, pk)
    as_of = view_date(request)
    report = report_of(inspected)
    initial = {name: getattr(report, name, "") for name in ASSESSMENT}
    version = _version(request, report.version if report else 0)
    form = AssessmentForm(_posted(request), initial=initial)
    clash: EditClash | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.assessment_save(
                actor=request.user,
                inspected=inspected,
                version=version,
                values=_assessed(request, form, report),
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except EditClash as found:
            clash, version = found, found.version
            form = AssessmentForm(found.values)
        else:
            messages.success(request, _("Đã lưu phần tự nhận xét."))
            return redirect(context.UNIT_PAGE, inspected.pk)
    page = side(
        inspected, context.UNIT_PAGE, as_of, {"label": _("Tự nhận xét, kiến nghị"), "url": ""}
    )
    page |= {
        "form": form,
        "rows": form_rows(form, clash),
        "clash": clash,
        "version": version,
        "is_open": assessment_is_open(inspected, report),
        "parts": context.assessment_parts(report),
        "cancel_url": context.report_url(inspected, as_of),
    }
    status = 409 if clash else 422 if form.errors else 200
    return render(request, "inspections/self_assessment.html", page, status=status)


def _assessed(
    request: HttpRequest, form: AssessmentForm, report: SelfReport | None
) -> dict[str, str]:
    return {
        name: getattr(report, name)
        if report and request.POST.get(f"chon-{name}") == _THEIRS
        else text
        for name, text in form.cleaned_data.items()
    }


@_SAFE_OR_POST
def self_report_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is about to be submitted, its number, and the confirmation."""
    inspected = inspected_get(request.user, pk)
    as_of = view_date(request)
    report = report_of(inspected)
    questions = questions_of(inspected, report)
    initial = {"number": report.number if report else "", "doc": seen_mark(report, questions)}
    form = SubmitForm(_posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_submit(
                actor=request.user,
                inspected=inspected,
                number=form.cleaned_data["number"],
                seen=form.cleaned_data["doc"],
            )
        except InspectionRefused as refused:
            # What is on the page now is what the next sending confirms.
            form = SubmitForm(initial | {"number": form.cleaned_data["number"]})
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Đã nộp báo cáo tự kiểm tra."))
            return redirect(context.UNIT_PAGE, inspected.pk)
    page = side(inspected, context.UNIT_PAGE, as_of, {"label": _("Nộp báo cáo"), "url": ""})
    page |= context.report_page(inspected, report, questions, as_of) | {
        "form": form,
        "cancel_url": context.report_url(inspected, as_of),
    }
    status = 422 if form.errors else 200
    return render(request, "inspections/self_report_submit.html", page, status=status)


# ---- The team --------------------------------------------------------------------------------


@require_safe
def inspection_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the units are, with what is late."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    units = list(units_overview(inspection))
    page = workspace(request.user, inspection, context.TEAM_PAGE, as_of)
    is_asked = inspection.stage in WRITABLE
    owing = len(reports_owed(inspection)) if is_asked and page["works"] else 0
    has_begun = inspection.stage not in ("preparing", "deploying")
    page |= {
        "has_begun": has_begun,
        "lede": context.summary(units, is_asked=has_begun),
        "table": context.reports_table(
            units,
            answer_counts(units),
            inspection.outline.count(),
            {each.pk for each in units_read(request.user, inspection)},
            as_of,
            is_asked=has_begun,
        ),
        "remind": context.remind_words(inspection, owing, as_of),
    }
    return render(request, "inspections/inspection_reports.html", page)


@require_POST
def reports_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind who has not submitted."""
    inspection = inspection_get(request.user, pk)
    try:
        number = services.reports_remind(actor=request.user, inspection=inspection)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        text = ngettext("Đã nhắc %(n)s đơn vị.", "Đã nhắc %(n)s đơn vị.", number)
        messages.success(request, text % {"n": number})
    return redirect(context.TEAM_PAGE, inspection.pk)


@require_safe
def inspection_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What a unit has answered, with what its data say now."""
    inspected = inspected_read_get(request.user, pk)
    return _read_page(request, inspected)


def _read_page(
    request: HttpRequest, inspected: InspectedUnit, reasons: Sequence[str] = ()
) -> HttpResponse:
    inspection = inspected.inspection
    as_of = view_date(request)
    report, given = standing_of(inspected), given_of(inspected)
    count = None if given else answer_counts([inspected]).get(inspected.pk)
    questions = questions_given(inspected, given) if given else []
    page = workspace(
        request.user,
        inspection,
        context.TEAM_PAGE,
        as_of,
        {"label": _("Tự kiểm tra"), "url": context.reports_url(inspection, as_of)},
        {"label": inspected.unit.name, "url": ""},
    )
    page |= context.read_page(
        inspected,
        report,
        given,
        questions,
        as_of,
        done=count.answered if count else 0,
        may_return=can_work(request.user, inspection),
        compares=request.GET.get("so-sanh") == "1",
        typed=request.POST.dict() if request.method == "POST" else None,
    )
    page |= {"reasons": reasons, "state": context.state_cell(inspected, report)}
    if page["is_sent"]:
        _record(request, context.people_told(questions))
    status = 422 if reasons else 200
    return render(request, "inspections/inspection_report.html", page, status=status)


@require_safe
def report_difference(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """How one table differs from the data of now: the part alone; without script all of them."""
    inspected = inspected_read_get(request.user, pk)
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('inspections:inspection-report', args=[pk])}?so-sanh=1")
    given = given_of(inspected)
    questions = questions_given(inspected, given) if given else []
    present = next((each for each in questions if each.item.pk == item), None)
    shown = context.answer_difference(inspected, present) if present else None
    if shown is None:
        raise Http404
    return render(request, "inspections/_differences_now.html", {"difference": shown})


@require_POST
def report_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send questions back with what is asked, or all of the report."""
    inspected = inspected_read_get(request.user, pk)
    require(can_work(request.user, inspected.inspection))
    items = {
        int(name[4:]): str(text)
        for name, text in request.POST.items()
        if name.startswith("muc-") and name[4:].isdecimal()
    }
    try:
        services.report_return(
            actor=request.user,
            inspected=inspected,
            reason=request.POST.get("reason", ""),
            items=items,
        )
    except InspectionRefused as refused:
        return _read_page(request, inspected, refused.reasons)
    messages.success(request, _("Đã gửi yêu cầu bổ sung đến đơn vị."))
    return redirect("inspections:inspection-report", inspected.pk)
