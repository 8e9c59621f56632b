"""Pages of the follow-up: one inspection, one unit, one recommendation, all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from inspections.contexts import remedies as context
from inspections.contexts.links import address
from inspections.contexts.sections import sections
from inspections.contexts.side import side_tabs
from inspections.contexts.workspace import workspace
from inspections.exports.recommendations import recommendations_file
from inspections.forms.followup import (
    AskMoreForm,
    CloseRemedyForm,
    RemedyFilterForm,
    RemedyReportForm,
    ReopenRemedyForm,
)
from inspections.models import Recommendation
from inspections.policies import can_follow_up, can_report_remedy, is_issuing, team_role
from inspections.selectors import inspected_get, inspection_get
from inspections.selectors.followup import (
    RemedyFilter,
    asked_of,
    live_of,
    recommendation_get,
    recommendation_list,
    recommendations_visible,
    remedy_totals,
    remedy_units,
    remedy_years,
)
from inspections.services import followup as services
from inspections.services.holding import InspectionRefused

PER_PAGE = 50
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_ASKED = ("trang-thai", "don-vi", "chu-de", "nam", "lap-lai")


# ---- Lists -----------------------------------------------------------------------------------


@require_safe
def inspection_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of the recommendations of one inspection, for the inspecting side."""
    inspection = inspection_get(request.user, pk)
    as_of, today = view_date(request), clock.today()
    shown = workspace(
        request.user,
        inspection,
        "inspections:inspection-follow-up",
        as_of,
        {"label": _("Theo dõi"), "url": ""},
    )
    rows = recommendation_list(request.user, RemedyFilter(inspection_id=pk), today)
    found = list(rows)
    told = context.told_of(request.user, found, today)
    cards = [context.card(request.user, row, told, as_of) for row in found]
    shown |= {
        "lede": context.summary(remedy_totals(rows, today)),
        "cards": cards,
        "proposed": sum(each["mended"] for each in cards),
    }
    return render(request, "inspections/follow_up.html", shown)


@require_safe
def inspected_remedies(request: HttpRequest, pk: int) -> HttpResponse:
    """What one inspection asks of a unit, for the unit's officers."""
    inspected = inspected_get(request.user, pk)
    as_of, today = view_date(request), clock.today()
    rows = (
        recommendations_visible(request.user).filter(asked_of(inspected)).order_by("due_on", "pk")
    )
    found = list(rows)
    told = context.told_of(request.user, found, today)
    own = address("inspections:inspected-detail", pk, as_of=as_of)
    shown = {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": inspected.inspection.decision_no or inspected.inspection.name, "url": own},
            {"label": _("Kiến nghị"), "url": ""},
        ],
        "inspected": inspected,
        "inspection": inspected.inspection,
        "side_tabs": side_tabs(inspected, "inspections:inspected-remedies", as_of),
        "lede": context.summary(remedy_totals(rows, today)),
        "cards": [context.card(request.user, row, told, as_of) for row in found],
    }
    return render(request, "inspections/inspected_remedies.html", shown)


@require_safe
def recommendation_all(request: HttpRequest) -> HttpResponseBase:
    """Recommendations over all inspections that the actor sees, from either side."""
    as_of, today = view_date(request), clock.today()
    form = RemedyFilterForm(
        request.GET, units=remedy_units(request.user), years=remedy_years(request.user)
    )
    wanted = form.wanted()
    rows = recommendation_list(request.user, wanted, today, request.GET.get("sap", ""))
    asked = {name.replace("-", "_"): form.value(name) for name in _ASKED if form.value(name)}
    if request.GET.get("tep") == "xlsx":
        every = list(rows)
        return recommendations_file(
            actor=request.user,
            rows=every,
            told=context.told_of(request.user, every, today),
            filters=asked,
            filter_words=", ".join(asked.values()),
            as_of=as_of,
        )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    told = context.told_of(request.user, list(page.object_list), today)
    name = "inspections:recommendation-list"
    totals = remedy_totals(recommendations_visible(request.user), today)
    shown = {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": _("Kiến nghị"), "url": ""},
        ],
        "sections": sections(request.user, name, as_of),
        "lede": context.summary(totals),
        "tiles": context.tiles(totals, as_of),
        "form": form,
        "is_filtered": bool(asked),
        "clear_url": address(name, as_of=as_of),
        "file_url": address(name, as_of=as_of, **asked, sap=request.GET.get("sap"), tep="xlsx"),
        "count": page.paginator.count,
        "table": context.table(page.object_list, told, page, as_of, is_filtered=bool(asked)),
    }
    return render(request, "inspections/recommendation_list.html", shown)


# ---- One recommendation ----------------------------------------------------------------------


def _crumbs(request: HttpRequest, row: Recommendation, *more: str) -> list[dict[str, str]]:
    as_of, inspection = view_date(request), row.finding.inspection
    name = "inspections:recommendation-list"
    found = [
        {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
        {"label": _("Kiến nghị"), "url": address(name, as_of=as_of)},
    ]
    if is_issuing(request.user, inspection) or team_role(request.user, inspection):
        found.append(
            {
                "label": inspection.decision_no,
                "url": address("inspections:inspection-follow-up", inspection.pk, as_of=as_of),
            }
        )
    own = address("inspections:recommendation-detail", row.pk, as_of=as_of)
    found.append({"label": row.unit.name, "url": own if more else ""})
    return [*found, *({"label": each, "url": ""} for each in more)]


@require_safe
def recommendation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One recommendation: what is asked, what data say, what happened since."""
    row = recommendation_get(request.user, pk)
    shown = context.detail(request.user, row, view_date(request))
    shown["crumbs"] = _crumbs(request, row)
    return render(request, "inspections/recommendation_detail.html", shown)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@_SAFE_OR_POST
def recommendation_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What the unit did."""
    row = recommendation_get(request.user, pk)
    require(can_report_remedy(request.user, row))
    form = RemedyReportForm(
        _sent(request),
        request.FILES if request.method == "POST" else None,
        initial={"reported_on": clock.today()},
    )
    return _act(
        request,
        row,
        form,
        act=lambda data: services.remedy_report(actor=request.user, recommendation=row, **data),
        done=_("Đã gửi báo cáo. Cơ quan kiểm tra sẽ xem xét."),
        title=_("Báo cáo kết quả thực hiện kiến nghị"),
        submit=_("Gửi báo cáo"),
    )


@_SAFE_OR_POST
def recommendation_more(request: HttpRequest, pk: int) -> HttpResponse:
    """What a report lacks."""
    row = _to_decide(request, pk)
    return _act(
        request,
        row,
        AskMoreForm(_sent(request)),
        act=lambda data: services.remedy_ask_more(actor=request.user, recommendation=row, **data),
        done=_("Đã yêu cầu đơn vị bổ sung."),
        title=_("Yêu cầu bổ sung"),
        submit=_("Gửi yêu cầu"),
    )


@_SAFE_OR_POST
def recommendation_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End the follow-up of one recommendation."""
    row = _to_decide(request, pk)
    live = live_of(request.user, [row], clock.today()).get(row.pk)
    form = CloseRemedyForm(_sent(request), initial={"grounds": context.close_grounds(row, live)})
    return _act(
        request,
        row,
        form,
        act=lambda data: services.remedy_close(actor=request.user, recommendation=row, **data),
        done=_("Đã kết thúc theo dõi kiến nghị."),
        title=_("Kết thúc theo dõi"),
        submit=_("Kết thúc theo dõi"),
    )


@_SAFE_OR_POST
def recommendation_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow up again."""
    row = _to_decide(request, pk)
    return _act(
        request,
        row,
        ReopenRemedyForm(_sent(request)),
        act=lambda data: services.remedy_reopen(actor=request.user, recommendation=row, **data),
        done=_("Đã mở lại kiến nghị."),
        title=_("Mở lại kiến nghị"),
        submit=_("Mở lại"),
    )


def _to_decide(request: HttpRequest, pk: int) -> Recommendation:
    row = recommendation_get(request.user, pk)
    require(can_follow_up(request.user, row.finding.inspection))
    return row


def _act(
    request: HttpRequest,
    row: Recommendation,
    form: Any,
    *,
    act: Callable[[dict[str, Any]], object],
    done: str,
    title: str,
    submit: str,
) -> HttpResponse:
    """A form beside the recommendation; done, the page of it."""
    as_of = view_date(request)
    url = address("inspections:recommendation-detail", row.pk, as_of=as_of)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return redirect(url)
    shown = context.detail(request.user, row, as_of)
    shown |= {
        "crumbs": _crumbs(request, row, title),
        "act_title": title,
        "form": form,
        "submit": submit,
        "cancel_url": url,
        "has_files": form.is_multipart(),
    }
    status = 422 if form.errors else 200
    return render(request, "inspections/recommendation_act.html", shown, status=status)
