"""Pages of cycles and dossiers: asked, prepared step by step, submitted, decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import can_edit_unit, require
from cadres.selectors import unit_get, unit_list
from planning import selectors
from planning.choices import PlanStatus
from planning.contexts import links, process
from planning.contexts import review as review_context
from planning.contexts.parts import parts
from planning.forms.process import (
    ApproveForm,
    BallotRows,
    CycleChangeForm,
    CycleForm,
    ReturnForm,
    StepForm,
    SubmitForm,
)
from planning.models import Dossier
from planning.policies import can_decide_dossier, can_edit_plan, can_open_cycle
from planning.selectors import cycles as cycle_reads
from planning.selectors import dossiers as reads
from planning.services import cycles as cycle_services
from planning.services import process as services
from planning.services.process import DossierRefused

PER_PAGE = 50
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Quy hoạch"), "url": reverse("planning:plan-list")},
        {"label": _("Đợt quy hoạch"), "url": reverse("planning:cycle-list")},
        *more,
    ]


def _sent(request: HttpRequest) -> Any:
    """What was sent; an empty form that is sent is told what it lacks."""
    return request.POST if request.method == "POST" else None


# ---- Cycles ----------------------------------------------------------------------------------


@require_safe
def cycle_list(request: HttpRequest) -> HttpResponse:
    """The cycles that concern the actor's units."""
    page = Paginator(cycle_reads.cycles_visible(request.user), PER_PAGE).get_page(
        request.GET.get("trang")
    )
    progress = cycle_reads.cycle_progress(request.user, list(page.object_list))
    can_open = can_open_cycle(request.user)
    context = {
        "parts": parts("planning:cycle-list", view_date(request)),
        "can_open": can_open,
        "table": process.cycle_table(page, progress, clock.today(), can_open=can_open),
    }
    return render(request, "planning/process/cycle_list.html", context)


@_SAFE_OR_POST
def cycle_new(request: HttpRequest) -> HttpResponse:
    """A new cycle."""
    require(can_open_cycle(request.user))
    today = clock.today()
    choices = {
        "terms": selectors.term_list(request.user),
        "units": unit_list(request.user).filter(numchild__gt=0),
    }
    initial = {"year": today.year, "opens_on": today, "kind": "review"}
    form = CycleForm(_sent(request), initial=initial, **choices)
    if request.method == "POST" and form.is_valid():
        try:
            cycle = cycle_services.cycle_open(actor=request.user, values=form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã mở đợt “%(cycle)s”.") % {"cycle": cycle})
            return redirect("planning:cycle-detail", cycle.pk)
    context = {
        "crumbs": _crumbs({"label": _("Mở đợt")}),
        "form": form,
        "title": _("Mở đợt quy hoạch"),
        "submit": _("Mở đợt"),
        "cancel_url": reverse("planning:cycle-list"),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/process/form.html", context, status=status)


@require_safe
def cycle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has submitted, who is late, what waits for a decision."""
    cycle = cycle_reads.cycle_get(request.user, pk)
    today = clock.today()
    shown = request.GET.get("tinh-trang", "")
    board = cycle_reads.Board(request.user, cycle, today)
    url = reverse("planning:cycle-detail", args=[cycle.pk])
    page = Paginator(board.shown(shown), PER_PAGE).get_page(request.GET.get("trang"))
    mine = [unit for unit in board.units if unit.status == cycle_reads.NOT_BEGUN]
    context = {
        "crumbs": _crumbs({"label": cycle.name}),
        "cycle": cycle,
        "state": process.cycle_state(cycle, today),
        "scope": process.scope_words(cycle),
        "tiles": process.board_tiles(board, url, shown),
        "table": process.board_table(page, view_date(request), is_filtered=bool(shown), url=url),
        "can_manage": can_open_cycle(request.user),
        "to_begin": _to_begin(request, mine) if cycle.is_open else [],
    }
    return render(request, "planning/process/cycle_detail.html", context)


def _to_begin(request: HttpRequest, units: list[cycle_reads.AskedUnit]) -> list[Any]:
    """Units without a dossier that the actor prepares for; few enough to offer one by one."""
    rows = [unit for unit in units if can_edit_unit(request.user, unit)]  # type: ignore[arg-type]
    return rows if len(rows) <= 5 else []


@_SAFE_OR_POST
def cycle_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, document or due day."""
    cycle = cycle_reads.cycle_get(request.user, pk)
    require(can_open_cycle(request.user))
    initial = {"name": cycle.name, "document": cycle.document, "due_on": cycle.due_on}
    form = CycleChangeForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cycle_services.cycle_change(actor=request.user, cycle=cycle, values=form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("planning:cycle-detail", cycle.pk)
    url = reverse("planning:cycle-detail", args=[cycle.pk])
    context = {
        "crumbs": _crumbs({"label": cycle.name, "url": url}, {"label": _("Sửa")}),
        "form": form,
        "title": _("Sửa đợt quy hoạch"),
        "submit": _("Lưu"),
        "cancel_url": url,
    }
    status = 422 if form.errors else 200
    return render(request, "planning/process/form.html", context, status=status)


@require_POST
def cycle_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a cycle, or open it again (`mo-lai`)."""
    cycle = cycle_reads.cycle_get(request.user, pk)
    if "mo-lai" in request.POST:
        cycle_services.cycle_reopen(actor=request.user, cycle=cycle)
        messages.success(request, _("Đợt này lại nhận hồ sơ."))
    else:
        cycle_services.cycle_close(actor=request.user, cycle=cycle)
        messages.success(request, _("Đã kết thúc đợt. Hồ sơ đang làm vẫn làm tiếp được."))
    return redirect("planning:cycle-detail", cycle.pk)


@require_POST
def dossier_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the dossier of a unit (`don-vi`) in a cycle."""
    cycle = cycle_reads.cycle_get(request.user, pk)
    unit = unit_get(request.user, request.POST.get("don-vi", ""))
    try:
        dossier = services.dossier_begin(actor=request.user, unit=unit, cycle=cycle)
    except DossierRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("planning:cycle-detail", cycle.pk)
    return redirect(_dossier_url(dossier))


# ---- A dossier -------------------------------------------------------------------------------


def _dossier_url(dossier: Dossier) -> str:
    return links.plan_url(dossier.plan_id, clock.today(), phan="ho-so")


def _plan_crumbs(dossier: Dossier, label: str) -> list[dict[str, str]]:
    plan = dossier.plan
    return [
        {"label": plan.unit.name, "url": links.unit_url(plan.unit.code, clock.today())},
        {
            "label": _("Kế hoạch %(term)s") % {"term": plan.term},
            "url": links.plan_url(plan.pk, clock.today()),
        },
        {"label": _("Hồ sơ trình"), "url": _dossier_url(dossier)},
        {"label": label},
    ]


@require_safe
def dossier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A dossier on a page of its own; one that is under way stands on the page of its plan."""
    dossier = reads.dossier_get(request.user, pk)
    if dossier.status != PlanStatus.APPROVED:
        return redirect(_dossier_url(dossier))
    context = {
        "crumbs": _plan_crumbs(dossier, dossier.cycle.name),
        "plan": dossier.plan,
        **process.dossier_part(request.user, dossier, view_date(request), clock.today()),
    }
    return render(request, "planning/process/dossier_detail.html", context)


@_SAFE_OR_POST
def dossier_step(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Write down a step: day, minutes, attendance, ballots."""
    dossier = reads.dossier_get(request.user, pk)
    step = next((each for each in reads.steps_of(dossier) if each.number == number), None)
    if step is None:
        return redirect(_dossier_url(dossier))
    may_edit = can_edit_plan(request.user, dossier.plan) and dossier.is_open
    candidates = reads.candidates_of(
        dossier, reads.items_of(dossier), reads.standing_nominations(dossier.plan)
    )
    names = ("held_on", "minutes_no", "chaired_by", "summoned", "present", "note")
    form = StepForm(_sent(request), initial={name: getattr(step, name) for name in names})
    rows = None
    if request.method == "POST":
        if not can_edit_plan(request.user, dossier.plan):
            raise PermissionDenied
        keys = [(each.pool_id, each.cadre_id) for each in candidates]
        rows = BallotRows(request.POST, keys if step.has_ballot else [])
        is_told = form.is_valid() and not rows.errors
        if is_told and _step_saved(request, dossier, number, form, rows):
            messages.success(request, _("Đã ghi bước %(n)s.") % {"n": number})
            return redirect(_dossier_url(dossier))
    rule = reads.ballot_rule(dossier.plan, step.held_on or clock.today())
    context = {
        "crumbs": _plan_crumbs(dossier, _("Bước %(n)s") % {"n": number}),
        "dossier": dossier,
        "step": step,
        "form": form,
        "may_edit": may_edit,
        "rows": process.ballot_rows(dossier, step, candidates, rows) if step.has_ballot else [],
        "asked": process.asked_words(len(candidates)),
        "rule": process.rule_words(rule),
        "cancel_url": _dossier_url(dossier),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "planning/process/step.html", context, status=status)


def _step_saved(
    request: HttpRequest, dossier: Dossier, number: int, form: StepForm, rows: BallotRows
) -> bool:
    try:
        services.step_save(
            actor=request.user,
            dossier=dossier,
            number=number,
            values=form.cleaned_data,
            counted=rows.counted,
        )
    except DossierRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
    except ValidationError as error:
        form.refuse(error)
    return not form.errors


@_SAFE_OR_POST
def dossier_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit: number and day; what stands in the way is listed."""
    dossier = reads.dossier_get(request.user, pk)
    require(can_edit_plan(request.user, dossier.plan))
    form = SubmitForm(_sent(request), initial={"submitted_on": clock.today()})
    return _act(
        request,
        dossier,
        form,
        act=lambda data: services.dossier_submit(actor=request.user, dossier=dossier, **data),
        done=_("Đã trình hồ sơ."),
        title=_("Trình phê duyệt"),
        submit=_("Trình"),
        template="planning/process/submit.html",
    )


@require_POST
def dossier_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted dossier back."""
    dossier = reads.dossier_get(request.user, pk)
    try:
        services.dossier_take_back(actor=request.user, dossier=dossier)
    except DossierRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã rút hồ sơ về để sửa."))
    return redirect(_dossier_url(dossier))


@_SAFE_OR_POST
def dossier_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, with the number and day of the decision."""
    dossier = reads.dossier_get(request.user, pk)
    require(can_decide_dossier(request.user, dossier))
    form = ApproveForm(_sent(request), initial={"decision_on": clock.today()})
    return _act(
        request,
        dossier,
        form,
        act=lambda data: services.dossier_approve(actor=request.user, dossier=dossier, **data),
        done=_("Đã phê duyệt. Danh sách quy hoạch được áp dụng từ ngày quyết định."),
        title=_("Phê duyệt hồ sơ"),
        submit=_("Phê duyệt"),
        template="planning/process/approve.html",
    )


@_SAFE_OR_POST
def dossier_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back with reasons, about single people too (`y-kien-ITEM`)."""
    dossier = reads.dossier_get(request.user, pk)
    require(can_decide_dossier(request.user, dossier))
    form = ReturnForm(_sent(request))
    remarks = {
        int(name.rpartition("-")[2]): str(value)[:500]
        for name, value in request.POST.items()
        if name.startswith("y-kien-") and name.rpartition("-")[2].isdecimal()
    }
    return _act(
        request,
        dossier,
        form,
        act=lambda data: services.dossier_return(
            actor=request.user, dossier=dossier, remarks=remarks, **data
        ),
        done=_("Đã trả lại hồ sơ cho đơn vị."),
        title=_("Trả lại hồ sơ"),
        submit=_("Trả lại"),
        template="planning/process/return.html",
        remarks=remarks,
    )


def _act(
    request: HttpRequest,
    dossier: Dossier,
    form: forms.Form,
    *,
    act: Callable[[dict[str, Any]], object],
    done: str,
    title: str,
    submit: str,
    template: str,
    remarks: dict[int, str] | None = None,
) -> HttpResponse:
    """The form of an act on a dossier: asked once, done, or refused with all reasons."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DossierRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return redirect(_dossier_url(dossier))
    context = {
        "crumbs": _plan_crumbs(dossier, title),
        "title": title,
        "submit": submit,
        "form": form,
        "cancel_url": _dossier_url(dossier),
        **process.dossier_part(request.user, dossier, clock.today(), clock.today(), remarks),
        **review_context.warnings(request.user, dossier, clock.today()),
    }
    status = 422 if form.errors else 200
    return render(request, template, context, status=status)
