"""Pages of the plan of a year: targets against what was done, the grid, submission, decision."""

from __future__ import annotations

from collections.abc import Callable
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
from cadres.selectors.units import unit_list
from rotation.choices import PlanState, Stage
from rotation.contexts import plans as context
from rotation.contexts.exports import export_menu
from rotation.contexts.links import address
from rotation.forms.plans import (
    PlanApproveForm,
    PlanOpenForm,
    PlanReopenForm,
    PlanReturnForm,
    PlanSubmitForm,
    TargetGrid,
)
from rotation.models import RotationPlan
from rotation.policies import can_decide_plan, can_plan, can_see_rotations
from rotation.selectors import plans as reads
from rotation.services import plans as services
from rotation.services.plans import PlanRefused, TargetsChanged

PER_PAGE = 50
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans of all years."""
    require(can_see_rotations(request.user))
    plans = list(reads.plans_visible(request.user))
    totals = reads.plan_totals(request.user, plans)
    page = context.list_context(plans, totals, view_date(request), may_plan=can_plan(request.user))
    return render(request, "rotation/plan_list.html", page)


@_SAFE_OR_POST
def plan_open(request: HttpRequest) -> HttpResponse:
    """Open the plan of a year."""
    require(can_plan(request.user))
    taken = {plan.year for plan in reads.plans_visible(request.user)}
    free = next(year for year in range(clock.today().year, 9999) if year not in taken)
    form = PlanOpenForm(_sent(request), initial={"year": free})
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.plan_open(actor=request.user, year=form.cleaned_data["year"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã mở kế hoạch. Hãy ghi mục đích và chỉ tiêu."))
            return redirect("rotation:plan-targets", plan.year)
    page = context.open_context(form, clock.today())
    return render(request, "rotation/plan_act.html", page, status=422 if form.errors else 200)


@require_safe
def plan_detail(request: HttpRequest, year: int) -> HttpResponse:
    """Where the plan of a year stands, unit by unit, and the rotations behind each number."""
    plan, as_of = reads.plan_get(request.user, year), view_date(request)
    chosen = _chosen(request)
    rows = reads.rotations_of_plan(
        request.user, plan, unit=chosen.unit, side=chosen.side, stage=chosen.stage
    )
    page = context.detail_context(
        request.user,
        plan,
        as_of,
        chosen=chosen,
        moves=Paginator(rows, PER_PAGE).get_page(request.GET.get("trang")),
    )
    page["exports"] = export_menu(request.user, as_of, plan=plan)
    return render(request, "rotation/plan_detail.html", page)


def _chosen(request: HttpRequest) -> context.Chosen:
    code = request.GET.get("don-vi", "").replace("\x00", "")
    side = request.GET.get("huong", "")
    stage = request.GET.get("tinh-trang", "")
    unit = unit_list(request.user).filter(code=code).first() if code else None
    return context.Chosen(
        unit=unit,
        side=side if side in (reads.SEND, reads.RECEIVE) else "",
        stage=stage if stage in Stage.values else "",
    )


@_SAFE_OR_POST
def plan_targets(request: HttpRequest, year: int) -> HttpResponse:
    """The grid of targets, saved as a whole."""
    plan = reads.plan_get(request.user, year)
    require(can_plan(request.user))
    if plan.status != PlanState.DRAFT:
        messages.info(request, _("Kế hoạch đã trình hoặc đã phê duyệt nên không sửa được ở đây."))
        return redirect("rotation:plan-detail", plan.year)
    rows = reads.target_rows(request.user, plan, reads.planning_day(plan, clock.today()))
    if request.method != "POST":
        return _grid(request, plan, rows)
    grid = TargetGrid(request.POST, [row.unit.pk for row in rows])
    if grid.errors:
        return _grid(request, plan, rows, grid=grid, status=422)
    try:
        number = services.targets_save(
            actor=request.user, plan=plan, entries=grid.entries, purpose=grid.purpose
        )
    except TargetsChanged as changed:
        fresh = reads.plan_get(request.user, year)
        rows = reads.target_rows(request.user, fresh, reads.planning_day(fresh, clock.today()))
        return _grid(request, fresh, rows, grid=grid, changed=changed, status=409)
    except PlanRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("rotation:plan-detail", plan.year)
    text = ngettext(
        "Đã lưu chỉ tiêu của %(n)d đơn vị.", "Đã lưu chỉ tiêu của %(n)d đơn vị.", number
    )
    messages.success(request, text % {"n": number} if number else _("Đã lưu."))
    return redirect("rotation:plan-detail", plan.year)


def _grid(
    request: HttpRequest,
    plan: RotationPlan,
    rows: list[reads.TargetRow],
    *,
    status: int = 200,
    grid: TargetGrid | None = None,
    changed: TargetsChanged | None = None,
) -> HttpResponse:
    page = context.targets_context(plan, rows, clock.today(), grid=grid, changed=changed)
    return render(request, "rotation/plan_targets.html", page, status=status)


# ---- Acts ------------------------------------------------------------------------------------


@_SAFE_OR_POST
def plan_submit(request: HttpRequest, year: int) -> HttpResponse:
    """Submit: number and day; what stands in the way is listed."""
    plan = reads.plan_get(request.user, year)
    require(can_plan(request.user))
    return _act(
        request,
        plan,
        PlanSubmitForm(
            _sent(request),
            initial={"submission_no": plan.submission_no, "submitted_on": clock.today()},
        ),
        act=lambda data: services.plan_submit(actor=request.user, plan=plan, **data),
        done=_("Đã trình kế hoạch."),
        title=_("Trình phê duyệt"),
        submit=_("Trình"),
        intro=_(
            "Sau khi trình, kế hoạch không sửa được cho đến khi bị trả lại hoặc được rút về. Người "
            "phê duyệt phải là người khác."
        ),
    )


@require_POST
def plan_take_back(request: HttpRequest, year: int) -> HttpResponse:
    """Take a submitted plan back."""
    plan = reads.plan_get(request.user, year)
    try:
        services.plan_take_back(actor=request.user, plan=plan)
    except PlanRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã rút kế hoạch về để sửa."))
    return redirect("rotation:plan-detail", plan.year)


@_SAFE_OR_POST
def plan_approve(request: HttpRequest, year: int) -> HttpResponse:
    """Approve, with the number and day of the decision."""
    plan = reads.plan_get(request.user, year)
    require(can_decide_plan(request.user, plan))
    return _act(
        request,
        plan,
        PlanApproveForm(_sent(request), initial={"decision_on": clock.today()}),
        act=lambda data: services.plan_approve(actor=request.user, plan=plan, **data),
        done=_("Đã phê duyệt kế hoạch."),
        title=_("Phê duyệt kế hoạch"),
        submit=_("Phê duyệt"),
        intro=_(
            "Chỉ tiêu được giữ nguyên như lúc phê duyệt. Muốn sửa về sau phải mở điều chỉnh và nêu "
            "lý do."
        ),
    )


@_SAFE_OR_POST
def plan_return(request: HttpRequest, year: int) -> HttpResponse:
    """Give a submitted plan back with a reason."""
    plan = reads.plan_get(request.user, year)
    require(can_decide_plan(request.user, plan))
    return _act(
        request,
        plan,
        PlanReturnForm(_sent(request)),
        act=lambda data: services.plan_return(actor=request.user, plan=plan, **data),
        done=_("Đã trả lại kế hoạch."),
        title=_("Trả lại kế hoạch"),
        submit=_("Trả lại"),
    )


@_SAFE_OR_POST
def plan_reopen(request: HttpRequest, year: int) -> HttpResponse:
    """Open an approved plan for adjustment."""
    plan = reads.plan_get(request.user, year)
    require(can_plan(request.user))
    return _act(
        request,
        plan,
        PlanReopenForm(_sent(request)),
        act=lambda data: services.plan_reopen(actor=request.user, plan=plan, **data),
        done=_("Đã mở điều chỉnh. Chỉ tiêu đã phê duyệt vẫn có hiệu lực cho đến khi duyệt lại."),
        title=_("Điều chỉnh kế hoạch đã phê duyệt"),
        submit=_("Mở điều chỉnh"),
        intro=_(
            "Kế hoạch trở lại dự thảo để sửa rồi trình, phê duyệt lại. Bản đã phê duyệt được giữ "
            "nguyên và vẫn có hiệu lực cho đến khi có bản mới; chỗ khác nhau hiện rõ trên trang."
        ),
    )


def _act(
    request: HttpRequest,
    plan: RotationPlan,
    form: Any,
    *,
    act: Callable[[dict[str, Any]], object],
    done: str,
    title: str,
    submit: str,
    intro: str = "",
) -> HttpResponse:
    """The form of an act on a plan: asked once, done, or refused with all reasons."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except PlanRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return redirect("rotation:plan-detail", plan.year)
    today = clock.today()
    page = {
        "crumbs": context.crumbs(today, plan, title),
        "title": title,
        "sub": str(plan),
        "form": form,
        "submit": submit,
        "intro": intro,
        "cancel_url": address("rotation:plan-detail", plan.year, as_of=today),
    }
    return render(request, "rotation/plan_act.html", page, status=422 if form.errors else 200)
