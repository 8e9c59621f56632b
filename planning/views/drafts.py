"""Saving the draft of a plan, taking the last save back, opening the dossier it stands in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from planning import selectors
from planning.contexts.plan_address import PlanAddress
from planning.models import Plan, PlanningCycle
from planning.policies import can_edit_plan
from planning.selectors.cycles import cycles_open_for
from planning.selectors.dossiers import dossier_open_of
from planning.selectors.drafts import changes_asked
from planning.services import drafts, process
from planning.views.plans import plan_page


def _plan_to_edit(request: HttpRequest, pk: int) -> tuple[Plan, PlanAddress]:
    plan = selectors.plan_get(request.user, pk)
    require(can_edit_plan(request.user, plan))
    return plan, PlanAddress(plan, view_date(request), request.POST)


def _tell(request: HttpRequest, refused: process.DossierRefused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)


@require_POST
def draft_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the form carries; what is refused, or met by others, comes back unsaved."""
    plan, address = _plan_to_edit(request, pk)
    dossier = dossier_open_of(plan)
    if dossier is None:
        messages.error(request, _("Kế hoạch chưa có hồ sơ đang mở, nên chưa lưu được."))
        return redirect(address.url())
    asked = address.asked()
    changes = changes_asked(request.user, plan, asked)
    version = dossier.version if asked.version is None else asked.version
    try:
        save = drafts.draft_save(
            actor=request.user, dossier=dossier, version=version, changes=changes
        )
    except drafts.DraftConflict:
        # The page says who changed what, beside what stays in the address.
        return redirect(address.url())
    except process.DossierRefused as refused:
        _tell(request, refused)
        return redirect(address.url())
    except ValidationError as error:
        return plan_page(request, plan, address, errors=error.message_dict, status=422)
    if save is None:
        messages.info(request, _("Không có gì thay đổi."))
    else:
        number = len(changes)
        text = ngettext(
            "Đã lưu %(n)s thay đổi vào dự thảo.", "Đã lưu %(n)s thay đổi vào dự thảo.", number
        )
        messages.success(request, text % {"n": number})
    return redirect(address.cleared())


@require_POST
def draft_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the latest save back."""
    plan, address = _plan_to_edit(request, pk)
    dossier = dossier_open_of(plan)
    try:
        if dossier is not None:
            drafts.draft_undo(actor=request.user, dossier=dossier, version=address.version)
            messages.success(request, _("Đã hoàn tác lần lưu gần nhất của dự thảo."))
    except process.DossierRefused as refused:
        _tell(request, refused)
    return redirect(address.url())


@require_POST
def draft_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the plan's dossier in a cycle, and go on with what was being proposed."""
    plan, address = _plan_to_edit(request, pk)
    cycle = _cycle_asked(plan, request.POST.get("dot", ""))
    if cycle is None:
        messages.error(request, _("Chọn một đợt đang mở cho kế hoạch này."))
        return redirect(address.url())
    try:
        process.dossier_open(actor=request.user, plan=plan, cycle=cycle)
        messages.success(request, _("Đã mở hồ sơ trong đợt “%(cycle)s”.") % {"cycle": cycle.name})
    except process.DossierRefused as refused:
        _tell(request, refused)
    return redirect(address.url())


def _cycle_asked(plan: Plan, text: str) -> PlanningCycle | None:
    return next((cycle for cycle in cycles_open_for(plan) if str(cycle.pk) == text), None)
