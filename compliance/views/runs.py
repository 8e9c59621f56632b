"""Lần kiểm tra: ask for a check, follow it, see what it found and what turned since another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import can_run_check
from cadres.selectors import unit_get, unit_list
from compliance import policies, selectors, services
from compliance.choices import RunKind, RunStatus
from compliance.contexts import runs as context
from compliance.engine.registry import rule_by_code
from compliance.forms import MANY_UNITS, OUTCOMES, RunForm
from compliance.models import ComplianceRun

PAGE_SIZE = 50
#: A page without script looks again after this many seconds.
REFRESH_SECONDS = 3


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """Every run in scope, newest first, and the form to ask for one."""
    return _list(request, _form(request, None))


@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """Ask for a check. Asking for the same while it is under way leads to that one."""
    if not policies.can_start_some_run(request.user):
        raise PermissionDenied
    form = _form(request, request.POST)
    if form is None or not form.is_valid():
        return _list(request, form)
    is_live = form.kind == RunKind.LIVE
    as_of = clock.today() if is_live else form.cleaned_data["ngay_xet"]
    code = "" if is_live else form.cleaned_data["don_vi"]
    unit = unit_get(request.user, code) if code else None
    wanted: dict[str, Any] = {"as_of": as_of, "unit": unit, "kind": form.kind}
    run = selectors.run_open(actor=request.user, **wanted)
    if run is None:
        run = services.run_start(actor=request.user, **wanted)
    else:
        messages.info(request, _("Việc này đang chạy; dưới đây là tiến độ của nó."))
    return redirect("compliance:run-detail", run.pk)


def _list(request: HttpRequest, form: RunForm | None) -> HttpResponse:
    runs = selectors.run_list(actor=request.user)
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("trang"))
    lines = [
        context.run_line(run, is_whole=selectors.run_seen_whole(actor=request.user, run=run))
        for run in page.object_list
    ]
    is_moving = any(line.run.status in (RunStatus.QUEUED, RunStatus.RUNNING) for line in lines)
    return render(
        request,
        "compliance/run_list.html",
        {
            "page_obj": page,
            "lines": lines,
            "form": form,
            "refresh_seconds": REFRESH_SECONDS if is_moving and form is None else None,
        },
    )


def _form(request: HttpRequest, data: Any) -> RunForm | None:
    """The form with the units that the actor may have checked; None without any."""
    if not policies.can_start_some_run(request.user):
        return None
    units = [
        unit for unit in unit_list(request.user)[:MANY_UNITS] if can_run_check(request.user, unit)
    ]
    form = RunForm(data, units=units, everything=can_run_check(request.user))
    if data is None:
        day = view_date(request)
        form.initial["ngay_xet"] = day
        if day != clock.today():
            form.initial["loai"] = RunKind.SNAPSHOT.value
    return form


@require_safe
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, what it found, what it can be compared with."""
    run = selectors.run_get(actor=request.user, pk=pk)
    is_over = run.is_over
    data: dict[str, Any] = {
        "run": run,
        "job": _job(request, run),
        "seconds": context.seconds_of(run),
        "is_part": not selectors.run_seen_whole(actor=request.user, run=run),
        "outcomes": OUTCOMES,
        "can_repeat": is_over and policies.can_cancel_run(request.user, run),
        "is_snapshot": run.kind == RunKind.SNAPSHOT,
        "refresh_seconds": None if is_over else REFRESH_SECONDS,
    }
    if run.status == RunStatus.FINISHED:
        rows = context.summary_rows(run, _found(request, run))
        data |= {
            "rows": rows,
            "totals": context.totals(rows),
            "findings_url": context.findings_url(run),
        }
        if run.kind == RunKind.SNAPSHOT:
            data["others"] = selectors.runs_comparable(actor=request.user, run=run)
    return render(request, "compliance/run_detail.html", data)


def _job(request: HttpRequest, run: ComplianceRun) -> dict[str, Any]:
    return context.job_of(run, can_cancel=policies.can_cancel_run(request.user, run))


def _found(request: HttpRequest, run: ComplianceRun) -> selectors.FindingSet | None:
    """Findings to count for an actor who does not see the whole run; None: its summary serves."""
    if selectors.run_seen_whole(actor=request.user, run=run):
        return None
    return selectors.FindingSet(
        actor=request.user,
        as_of=run.as_of,
        filters=selectors.FindingFilters(),
        run=run if run.kind == RunKind.SNAPSHOT else None,
    )


@require_safe
def run_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, asked for every second; a page that has ended is loaded anew."""
    run = selectors.run_get(actor=request.user, pk=pk)
    response = render(request, "components/progress.html", {"job": _job(request, run)})
    if run.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run that is under way."""
    run = selectors.run_get(actor=request.user, pk=pk)
    services.run_cancel(actor=request.user, run=run)
    return redirect("compliance:run-detail", run.pk)


@require_safe
def run_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What turned since another snapshot (`voi=`): numbers by rule, then one by one."""
    after = _finished_snapshot(request, str(pk))
    before = _finished_snapshot(request, request.GET.get("voi", ""))
    comparison = selectors.RunComparison(
        actor=request.user,
        before=before,
        after=after,
        rule=_rule(request),
        turn=next(
            (turn for turn in selectors.Turn if turn.value == request.GET.get("chieu")), None
        ),
    )
    pages: Paginator[selectors.TurnedFinding] = Paginator(
        comparison,  # type: ignore[arg-type]
        PAGE_SIZE,
    )
    page = pages.get_page(request.GET.get("trang"))
    base = f"?voi={before.pk}"
    return render(
        request,
        "compliance/run_compare.html",
        {
            "before": before,
            "after": after,
            "comparison": comparison,
            "rows": context.comparison_rows(comparison, base),
            "turns": [(turn, comparison.number(turn)) for turn in selectors.Turn],
            "page_obj": page,
            "lines": list(page.object_list),
            "base": base,
        },
    )


def _finished_snapshot(request: HttpRequest, text: str) -> ComplianceRun:
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    run = selectors.run_get(actor=request.user, pk=int(text))
    if run.kind != RunKind.SNAPSHOT or run.status != RunStatus.FINISHED:
        raise Http404
    return run


def _rule(request: HttpRequest) -> Any:
    code = request.GET.get("tieu-chi", "")
    try:
        return rule_by_code(code) if code else None
    except KeyError:
        raise Http404 from None
