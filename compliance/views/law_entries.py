"""Pages of provincial targets and waivers: set, replaced, ended; asked for, approved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cadre_portal.common import clock
from cadre_portal.templatetags.formats import date
from cadres.choices import Role
from cadres.policies import EDITING_ROLES, require
from compliance import law_changes as services
from compliance import policies, selectors
from compliance.contexts import law_entries as context
from compliance.forms import TargetEndForm, TargetForm, WaiverEndForm, WaiverForm
from compliance.models import Target, Waiver
from compliance.previews import target_turns

if TYPE_CHECKING:
    from cadres.models import User

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_SETTING_ROLES = (Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)
#: The button that only looks at what a target would change.
_LOOK = "xem"


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _form_page(request: HttpRequest, *, is_refused: bool, **page: Any) -> HttpResponse:
    status = 422 if is_refused else 200
    return render(request, "compliance/law_form.html", page, status=status)


def _confirmed(
    request: HttpRequest,
    act: Callable[[], object],
    *,
    done: str,
    next_url: str,
    **question: Any,
) -> HttpResponse:
    """Ask, then do; what the service refuses is said on the page of the entry."""
    if request.method != "POST":
        return render(request, "portal/confirm.html", question)
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(question["cancel_url"])
    messages.success(request, done)
    return redirect(next_url)


# ---- Targets -----------------------------------------------------------------------------------


@require_safe
def target_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A target with its history and what may be done with it."""
    target = selectors.target_get(actor=request.user, pk=pk)
    changes = selectors.target_history(actor=request.user, target=target)
    page = context.target_context(request.user, target, changes)
    return render(request, "compliance/law_entry.html", page)


@_GET_OR_POST
def target_add(request: HttpRequest) -> HttpResponse:
    """A new target, first looked at, then saved."""
    units = selectors.units_to_set(actor=request.user, roles=_SETTING_ROLES)
    if not units:
        raise PermissionDenied
    form = TargetForm(
        request.POST or None,
        units=units,
        parameters=services.target_choices(),
        initial={"unit": units[0].code, "in_force_from": clock.today()},
    )

    def save() -> Target:
        return services.target_save(actor=_actor(request), target=form.target())

    return _target_form(request, form, save, title=_("Đặt chỉ tiêu tỉnh"))


@_GET_OR_POST
def target_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Another value from a day on; the target of before ends on the eve."""
    old = _target_to_set(request, pk)
    form = TargetForm(
        request.POST or None,
        is_placed=True,
        initial={"value": old.value, "in_force_from": clock.today()},
    )

    def save() -> Target:
        return services.target_replace(actor=_actor(request), target=old, new=form.target())

    return _target_form(request, form, save, title=_("Thay chỉ tiêu"), old=old)


def _target_to_set(request: HttpRequest, pk: int) -> Target:
    target = selectors.target_get(actor=request.user, pk=pk)
    require(policies.can_set_target(request.user, target.unit))
    return target


def _target_form(
    request: HttpRequest,
    form: TargetForm,
    save: Callable[[], Target],
    *,
    title: str,
    old: Target | None = None,
) -> HttpResponse:
    turns, day = None, clock.today()
    if request.method == "POST" and form.is_valid():
        typed = form.target()
        place, day = old or typed, max(typed.in_force_from, day)
        try:
            if _LOOK not in request.POST:
                saved = save()
                messages.success(request, _("Đã ghi chỉ tiêu; kết quả đang được xét lại."))
                return redirect("compliance:target-detail", saved.pk)
            turns = target_turns(parameter=place.parameter, unit=place.unit, on=day, write=save)
        except ValidationError as error:
            form.say(error)
    return _form_page(
        request,
        is_refused=request.method == "POST" and turns is None,
        title=title,
        form=form,
        old=context.target_facts(old) if old else None,
        has_preview=True,
        turns=None if turns is None else context.turn_rows(turns),
        preview_day=date(day),
        submit=_("Ghi chỉ tiêu"),
        back_url=reverse("compliance:target-detail", args=[old.pk])
        if old
        else context.part_url(context.TARGETS),
        crumbs=context.crumbs(context.TARGETS, title),
    )


@_GET_OR_POST
def target_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a target, by a document."""
    target = _target_to_set(request, pk)
    form = TargetEndForm(request.POST or None, initial={"last_day": clock.today()})
    return _end_form(
        request,
        form,
        lambda: services.target_end(actor=_actor(request), target=target, **form.cleaned_data),
        title=_("Kết thúc chỉ tiêu"),
        facts=context.target_facts(target),
        back_url=reverse("compliance:target-detail", args=[pk]),
        part=context.TARGETS,
    )


def _end_form(
    request: HttpRequest,
    form: TargetEndForm | WaiverEndForm,
    save: Callable[[], object],
    *,
    title: str,
    facts: list[dict[str, str]],
    back_url: str,
    part: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except ValidationError as error:
            form.say(error)
        else:
            messages.success(request, _("Đã ghi ngày kết thúc."))
            return redirect(back_url)
    return _form_page(
        request,
        is_refused=request.method == "POST",
        title=title,
        form=form,
        old=facts,
        submit=_("Kết thúc"),
        back_url=back_url,
        crumbs=context.crumbs(part, title),
    )


@_GET_OR_POST
def target_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a target that has not begun."""
    target = _target_to_set(request, pk)
    return _confirmed(
        request,
        lambda: services.target_drop(actor=_actor(request), target=target),
        title=_("Xóa chỉ tiêu này?"),
        text=_("Chỉ tiêu chưa có hiệu lực. Lịch sử vẫn giữ việc đã đặt và đã xóa."),
        submit=_("Xóa"),
        danger=True,
        cancel_url=reverse("compliance:target-detail", args=[pk]),
        done=_("Đã xóa chỉ tiêu."),
        next_url=context.part_url(context.TARGETS),
    )


# ---- Waivers -----------------------------------------------------------------------------------


@require_safe
def waiver_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A waiver with its history and what may be done with it."""
    waiver = selectors.waiver_get(actor=request.user, pk=pk)
    changes = selectors.waiver_history(actor=request.user, waiver=waiver)
    page = context.waiver_context(request.user, waiver, changes)
    return render(request, "compliance/law_entry.html", page)


@_GET_OR_POST
def waiver_add(request: HttpRequest) -> HttpResponse:
    """Ask for a waiver; somebody else approves it."""
    units = selectors.units_to_set(actor=request.user, roles=EDITING_ROLES)
    if not units:
        raise PermissionDenied
    form = WaiverForm(
        request.POST or None,
        units=units,
        rules=services.rule_choices(),
        initial={"unit": request.GET.get("don-vi", units[0].code), "in_force_from": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            waiver = services.waiver_ask(actor=_actor(request), waiver=form.waiver())
        except ValidationError as error:
            form.say(error)
        else:
            messages.success(request, _("Đã ghi đề nghị; chờ người khác phê duyệt."))
            return redirect("compliance:waiver-detail", waiver.pk)
    title = _("Đề nghị miễn áp dụng")
    return _form_page(
        request,
        is_refused=request.method == "POST",
        title=title,
        form=form,
        submit=_("Gửi đề nghị"),
        back_url=context.part_url(context.WAIVERS),
        crumbs=context.crumbs(context.WAIVERS, title),
    )


@_GET_OR_POST
def waiver_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a waiver hold: never for who asked."""
    waiver = selectors.waiver_get(actor=request.user, pk=pk)
    require(policies.can_approve_waiver(request.user, waiver))
    back = reverse("compliance:waiver-detail", args=[pk])
    return _confirmed(
        request,
        lambda: services.waiver_approve(actor=_actor(request), waiver=waiver),
        title=_("Phê duyệt miễn áp dụng?"),
        text=_("Kết quả vẫn là chưa đạt, bên cạnh ghi văn bản cho phép và thời hạn."),
        submit=_("Phê duyệt"),
        cancel_url=back,
        done=_("Đã phê duyệt."),
        next_url=back,
    )


@_GET_OR_POST
def waiver_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw or refuse what nobody approved."""
    waiver = _waiver_to_change(request, pk)
    return _confirmed(
        request,
        lambda: services.waiver_drop(actor=_actor(request), waiver=waiver),
        title=_("Bỏ đề nghị miễn áp dụng này?"),
        text=_("Đề nghị chưa được phê duyệt. Lịch sử vẫn giữ việc đã đề nghị và đã bỏ."),
        submit=_("Bỏ đề nghị"),
        danger=True,
        cancel_url=reverse("compliance:waiver-detail", args=[pk]),
        done=_("Đã bỏ đề nghị."),
        next_url=context.part_url(context.WAIVERS),
    )


def _waiver_to_change(request: HttpRequest, pk: int) -> Waiver:
    waiver = selectors.waiver_get(actor=request.user, pk=pk)
    may_write = policies.can_write_waiver(request.user, waiver.unit)
    require(may_write or policies.can_approve_waiver(request.user, waiver))
    return waiver


@_GET_OR_POST
def waiver_end(request: HttpRequest, pk: int) -> HttpResponse:
    """An earlier last day."""
    waiver = _waiver_to_change(request, pk)
    form = WaiverEndForm(request.POST or None, initial={"last_day": clock.today()})
    return _end_form(
        request,
        form,
        lambda: services.waiver_end(actor=_actor(request), waiver=waiver, **form.cleaned_data),
        title=_("Kết thúc sớm miễn áp dụng"),
        facts=context.waiver_facts(waiver),
        back_url=reverse("compliance:waiver-detail", args=[pk]),
        part=context.WAIVERS,
    )
