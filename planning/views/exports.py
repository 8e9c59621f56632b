"""Official tables of planning: choose one, say what goes with it, take it away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from cadre_portal.common.viewdate import view_date
from cadres.papers import Attached
from cadres.policies import can_export_people, can_see_sensitive, require, sensitive_paths
from planning import selectors
from planning.contexts import exports as context
from planning.exports.forms import (
    PLAN_FORMS,
    SUMMARY,
    PaperOptions,
    paper_response,
    plan_form,
)
from planning.exports.province_summary import province_summary
from planning.forms import PlanPaperForm, SummaryPaperForm
from planning.selectors.dossiers import dossiers_of
from planning.selectors.structure import term_structure


@require_http_methods(["GET", "HEAD", "POST"])
def plan_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The tables of a plan; `mau=` chooses one beforehand."""
    plan = selectors.plan_get(request.user, pk)
    require(can_export_people(request.user))
    as_of = view_date(request)
    dossiers = dossiers_of(plan)
    may_tell = can_see_sensitive(request.user, plan.unit)
    wanted = plan_form(request.GET.get("mau", "")) or PLAN_FORMS[0]
    latest = dossiers[0] if dossiers else None
    form = PlanPaperForm(
        request.POST if request.method == "POST" else None,
        initial={
            "mau": wanted.key,
            "ho_so": latest.pk if latest else "",
            "so_to_trinh": latest.submission_no if latest else "",
            "ngay_to_trinh": latest.submitted_on if latest else None,
        },
        dossiers=dossiers,
        may_tell=may_tell,
    )
    if form.is_valid():
        chosen = form.cleaned_data
        made = plan_form(chosen["mau"]) or wanted
        dossier = next((each for each in dossiers if str(each.pk) == chosen.get("ho_so")), None)
        options = PaperOptions(
            as_of=as_of,
            with_group=made.has_group and bool(chosen.get("kem_dan_toc")),
            attached=Attached(chosen["so_to_trinh"], chosen["ngay_to_trinh"]),
            dossier=dossier,
        )
        paper = made.make(request.user, plan, options)
        if form.has_reason_for(paper):
            return paper_response(
                actor=request.user,
                paper=paper,
                file_format=chosen["dinh_dang"],
                what=made.what,
                name=f"{made.key}-{plan.unit.code}-{plan.term.code}-{as_of.isoformat()}",
                filters={
                    "unit": plan.unit.code,
                    "term": plan.term.code,
                    "dossier": dossier.pk if dossier else None,
                    "with_group": options.with_group,
                },
                reason=chosen["ly_do"],
                as_of=as_of,
            )
    page = context.plan_context(plan, form, selectors.units_above(request.user, plan.unit), as_of)
    return render(request, "planning/paper_export.html", page, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def summary_export(request: HttpRequest) -> HttpResponse:
    """Tổng hợp over all plans of a term that the actor may see."""
    require(can_export_people(request.user))
    as_of = view_date(request)
    terms = selectors.term_choice(request.user, as_of, request.GET.get("nhiem-ky", ""))
    # Sensitive columns hold sums over everything one sees: all of it has to be for the actor.
    may_tell = can_see_sensitive(request.user) and sensitive_paths(request.user) is None
    form = SummaryPaperForm(
        request.POST if request.method == "POST" else None,
        initial={"nhiem_ky": terms.chosen.code if terms.chosen else ""},
        terms=list(terms.offered),
        may_tell=may_tell,
    )
    if form.is_valid():
        chosen = form.cleaned_data
        term = next(each for each in terms.offered if each.code == chosen["nhiem_ky"])
        with_group = bool(chosen.get("kem_dan_toc"))
        unit, above = selectors.issuer(request.user)
        paper = province_summary(
            request.user,
            term_structure(request.user, term.pk, as_of),
            term,
            unit,
            above,
            as_of,
            with_group=with_group,
        )
        if form.has_reason_for(paper):
            return paper_response(
                actor=request.user,
                paper=paper,
                file_format=chosen["dinh_dang"],
                what=SUMMARY,
                name=f"tong-hop-quy-hoach-{term.code}-{as_of.isoformat()}",
                filters={"term": term.code, "with_group": with_group},
                reason=chosen["ly_do"],
                as_of=as_of,
            )
    page = context.summary_context(form, as_of, has_plans=bool(terms.offered))
    return render(request, "planning/paper_export.html", page, status=_status(form))


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Báo cáo: every official form in one place with a word on each."""
    return render(
        request, "planning/reports.html", context.reports_context(request.user, view_date(request))
    )


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
