"""What an inspected unit sees of the findings on it, and what it says to them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cadre_portal.common.viewdate import view_date
from inspections.contexts import objections as context
from inspections.forms.findings import ObjectionForm
from inspections.models import InspectedUnit
from inspections.selectors import inspected_get
from inspections.selectors.findings import unit_finding_get, unit_findings
from inspections.services import objections as services
from inspections.services.holding import InspectionRefused

PAGE = "inspections:inspected-findings"


@require_safe
def inspected_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """Approved findings on one's own unit, with what was said to them."""
    return _page(request, inspected_get(request.user, pk))


def _page(
    request: HttpRequest,
    inspected: InspectedUnit,
    form: ObjectionForm | None = None,
    at: int | None = None,
) -> HttpResponse:
    as_of = view_date(request)
    rows = unit_findings(request.user, inspected)
    page = context.inspected_context(inspected, rows, as_of, form=form, at=at)
    status = 422 if form is not None else 200
    return render(request, "inspections/inspected_findings.html", page, status=status)


@require_http_methods(["POST"])
def objection_add(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Say something against a finding."""
    inspected = inspected_get(request.user, pk)
    row = unit_finding_get(request.user, inspected, finding)
    form = ObjectionForm(request.POST)
    if form.is_valid():
        try:
            services.objection_raise(actor=request.user, finding=row, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("Đã gửi ý kiến đến đoàn kiểm tra."))
            return redirect(PAGE, inspected.pk)
    return _page(request, inspected, form, row.pk)
