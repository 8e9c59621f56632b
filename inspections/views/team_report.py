"""Báo cáo của đoàn: the synthesis, the signatures in their order, and the conclusion."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from inspections.contexts import team_report as context
from inspections.contexts.findings import form_rows
from inspections.contexts.links import address
from inspections.contexts.workspace import workspace
from inspections.forms.team_report import ConclusionForm, NumberForm, ReportForm, ReturnForm
from inspections.merging import EditClash
from inspections.models import Inspection
from inspections.policies import can_conclude, can_write_report, team_role
from inspections.selectors import inspection_get
from inspections.selectors.findings import approved_findings
from inspections.selectors.team_report import report_of
from inspections.services import inspections as inspection_services
from inspections.services import team_report as services
from inspections.services.holding import InspectionRefused

_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def inspection_team_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it stands, and who signs next."""
    inspection = inspection_get(request.user, pk)
    return _page(request, inspection)


def _page(request: HttpRequest, inspection: Inspection, **more: Any) -> HttpResponse:
    as_of = view_date(request)
    page = workspace(request.user, inspection, context.PAGE, as_of)
    page |= context.report_context(request.user, inspection, report_of(inspection), as_of)
    page |= {
        "number_form": NumberForm(initial={"signed_on": clock.today()}),
        "return_form": ReturnForm(),
        **more,
    }
    failed = any(form.errors for form in more.values() if hasattr(form, "errors"))
    return render(request, "inspections/team_report.html", page, status=422 if failed else 200)


@_SAFE_OR_POST
def team_report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report; `tong-hop`: from the approved findings, saved only when it is sent."""
    inspection = inspection_get(request.user, pk)
    require(can_write_report(request.user, inspection))
    report = report_of(inspection)
    version = request.POST.get("version", report.version if report else 0)
    initial = {name: getattr(report, name, "") for name in services.FIELDS}
    is_prefilled = bool(request.GET.get("tong-hop"))
    with_sensitive = request.GET.get("nhay-cam") == "1"
    if is_prefilled:
        initial = services.report_prefill(request.user, inspection, with_sensitive=with_sensitive)
    form = ReportForm(request.POST if request.method == "POST" else None, initial=initial)
    clash = None
    if request.method == "POST" and form.is_valid():
        kept = {
            name: value
            for name, value in form.cleaned_data.items()
            if request.POST.get(f"chon-{name}") != "theirs"
        }
        try:
            services.report_save(
                actor=request.user,
                inspection=inspection,
                version=int(version) if str(version).isdecimal() else -1,
                values=kept,
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except EditClash as found:
            clash, version = found, found.version
            form = ReportForm(found.values)
            form.is_valid()
        else:
            messages.success(request, _("Đã lưu báo cáo của đoàn."))
            return redirect(context.PAGE, inspection.pk)
    as_of = view_date(request)
    own = address(context.PAGE, inspection.pk, as_of=as_of)
    hidden = [row for row in approved_findings(request.user, inspection) if row.is_sensitive]
    page = {
        "inspection": inspection,
        "form": form,
        "rows": form_rows(form, clash),
        "clash": clash,
        "version": version,
        "is_prefilled": is_prefilled,
        "hidden": len(hidden) if is_prefilled and not with_sensitive else 0,
        "is_signed": report is not None and report.state != "draft",
        "cancel_url": own,
        "crumbs": _crumbs(inspection, as_of, own, _("Soạn báo cáo")),
    }
    status = 409 if clash else 422 if form.errors else 200
    return render(request, "inspections/team_report_edit.html", page, status=status)


def _crumbs(inspection: Inspection, as_of: Any, own: str, title: str) -> list[dict[str, str]]:
    return [
        {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
        {
            "label": inspection.decision_no or inspection.name,
            "url": address("inspections:inspection-detail", inspection.pk, as_of=as_of),
        },
        {"label": _("Báo cáo của đoàn"), "url": own},
        {"label": title, "url": ""},
    ]


@require_POST
def team_report_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The signature that is owed next."""
    inspection = inspection_get(request.user, pk)
    require(bool(team_role(request.user, inspection)))
    form = NumberForm(request.POST)
    asks_number = "number" in request.POST
    if asks_number and not form.is_valid():
        return _page(request, inspection, number_form=form)
    data = form.cleaned_data if asks_number else {}
    version = request.POST.get("version", "")
    try:
        services.report_sign_off(
            actor=request.user,
            inspection=inspection,
            version=int(version) if version.isdecimal() else -1,
            **data,
        )
    except InspectionRefused as refused:
        if asks_number:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return _page(request, inspection, number_form=form)
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã ký báo cáo của đoàn."))
    return redirect(context.PAGE, inspection.pk)


@require_POST
def team_report_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back to be rewritten."""
    inspection = inspection_get(request.user, pk)
    require(bool(team_role(request.user, inspection)))
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, inspection, return_form=form)
    try:
        services.report_return(actor=request.user, inspection=inspection, **form.cleaned_data)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã trả lại báo cáo để sửa; các chữ ký đã có bị hủy."))
    return redirect(context.PAGE, inspection.pk)


@_SAFE_OR_POST
def inspection_conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the conclusion, with what it freezes."""
    inspection = inspection_get(request.user, pk)
    require(can_conclude(request.user, inspection))
    form = ConclusionForm(
        request.POST if request.method == "POST" else None,
        initial={"concluded_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            inspection_services.inspection_conclude(
                actor=request.user, inspection=inspection, **form.cleaned_data
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Đã ban hành thông báo kết luận."))
            return redirect("inspections:inspection-detail", inspection.pk)
    as_of = view_date(request)
    report = report_of(inspection)
    own = address(context.PAGE, inspection.pk, as_of=as_of)
    page = workspace(request.user, inspection, context.PAGE, as_of)
    page |= context.report_context(request.user, inspection, report, as_of)
    page |= {
        "form": form,
        "points": context.conclusion_points(inspection, report),
        "cancel_url": own,
    }
    status = 422 if form.errors else 200
    return render(request, "inspections/conclude.html", page, status=status)
