"""Pages of the mandate: the decision, the units, the team, the outline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from cadres.selectors.accounts import account_find, accounts_matching
from cadres.selectors.editing import last_edit
from cadres.selectors.units import unit_list
from inspections.choices import Stage, TeamRole
from inspections.contexts import mandate as context
from inspections.contexts.workspace import workspace
from inspections.forms.mandate import InspectionForm, MemberForm, OutlineForm, UnitsForm
from inspections.models import InspectedUnit, Inspection, TeamMember
from inspections.policies import can_manage, can_open_inspection
from inspections.selectors import inspection_get
from inspections.selectors.inspections import limits_of
from inspections.selectors.overview import head_words, units_to_choose
from inspections.services import inspections as services
from inspections.services.holding import InspectionRefused, Stale
from inspections.services.mandate import member_remove as remove
from inspections.services.mandate import member_set

SAVED = "#da-luu"
#: The button that shows the limits of what was typed, and writes nothing.
LOOK = "gioi-han"
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def sent(request: HttpRequest) -> Any:
    """What was sent; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def refuse(form: Any, error: InspectionRefused | ValidationError) -> None:
    """Tell what the service refused: beside the fields, or on top."""
    if isinstance(error, ValidationError):
        form.refuse(error)
        return
    for reason in error.reasons:
        form.add_error(None, reason)


def who_wrote(row: Any) -> str:
    """Who changed a stored row last, "" where that is not known."""
    edit = last_edit(type(row), row.pk)
    return edit.who if edit else ""


# ---- The decision ----------------------------------------------------------------------------


@_SAFE_OR_POST
def inspection_open(request: HttpRequest) -> HttpResponse:
    """Begin to prepare an inspection."""
    require(can_open_inspection(request.user))
    return open_page(
        request,
        initial={"unit": unit_list(request.user).first()},
        act=lambda values: services.inspection_open(actor=request.user, values=values),
        shown={
            "crumbs": [
                {"label": _("Kiểm tra"), "url": reverse("inspections:inspection-list")},
                {"label": _("Lập cuộc kiểm tra")},
            ],
            "cancel_url": reverse("inspections:inspection-list"),
            "keep": "kiem-tra:moi",
        },
    )


def open_page(
    request: HttpRequest,
    *,
    initial: dict[str, Any],
    act: Callable[[dict[str, Any]], Inspection],
    shown: dict[str, Any],
) -> HttpResponse:
    """The form of a new inspection, which `act` makes of its values."""
    units = unit_list(request.user)
    form = InspectionForm(sent(request), units=units, is_new=True, initial=initial)
    shown |= {"title": _("Lập cuộc kiểm tra"), "submit": _("Lập cuộc kiểm tra")}
    if request.method == "POST" and form.is_valid():
        if "viec" in request.POST:
            shown["limits"] = _limits(Inspection(), form)
        else:
            try:
                made = act(form.values())
            except (ValidationError, InspectionRefused) as error:
                refuse(form, error)
            else:
                messages.success(request, _("Đã lập. Tiếp theo: chọn đơn vị, đoàn, đề cương."))
                return redirect(reverse("inspections:inspection-detail", args=[made.pk]) + SAVED)
    return _mandate_page(request, "inspections/inspection_open.html", form, shown)


@_SAFE_OR_POST
def inspection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the decision, the content, the dates; extend."""
    inspection = inspection_get(request.user, pk)
    require(can_manage(request.user, inspection))
    names = [name for name in services.MANDATE if name != "programme"]
    now = {name: getattr(inspection, name) for name in names}
    form = InspectionForm(sent(request), units=unit_list(request.user), now=now)
    shown: dict[str, Any] = workspace(
        request.user,
        inspection,
        "inspections:inspection-detail",
        clock.today(),
        {"label": _("Sửa quyết định, thời gian")},
    )
    shown |= {
        "title": _("Sửa quyết định, thời gian"),
        "submit": _("Lưu"),
        "cancel_url": reverse("inspections:inspection-detail", args=[pk]),
        "keep": f"kiem-tra:{pk}",
    }
    met = request.method != "POST" or form.meet(who_wrote(inspection))
    if request.method == "POST" and met and form.is_valid():
        if "viec" in request.POST:
            shown["limits"] = _limits(inspection, form)
        else:
            try:
                services.inspection_change(
                    actor=request.user,
                    inspection=inspection,
                    version=inspection.version,
                    values=form.values(),
                )
            except (ValidationError, InspectionRefused) as error:
                refuse(form, error)
            else:
                messages.success(request, saved_words(form))
                return redirect(reverse("inspections:inspection-detail", args=[pk]) + SAVED)
    return _mandate_page(request, "inspections/inspection_edit.html", form, shown)


def saved_words(form: Any) -> str:
    """That it is saved, and what was taken over from somebody who edited meanwhile."""
    text = _("Đã lưu.")
    if form.taken:
        text += " " + _(
            "Trong lúc đồng chí sửa, mục sau đã được người khác đổi và được giữ: %(fields)s."
        ) % {"fields": ", ".join(form.taken)}
    return text


def status_of(form: Any) -> int:
    """409 where two edits meet, 422 where something is to be mended."""
    if form.conflicts:
        return 409
    return 422 if form.is_bound and form.errors else 200


def _limits(inspection: Inspection, form: InspectionForm) -> list[dict[str, Any]]:
    for name, value in form.values().items():
        setattr(inspection, name, value)
    return context.limit_rows(limits_of(inspection))


def _mandate_page(
    request: HttpRequest, template: str, form: InspectionForm, shown: dict[str, Any]
) -> HttpResponse:
    shown |= {"form": form, "suggestions": context.suggestions(request.user), "look": LOOK}
    return render(request, template, shown, status=status_of(form))


# ---- Units -----------------------------------------------------------------------------------


@_SAFE_OR_POST
def inspection_units(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units are inspected, who heads them, by when they report."""
    inspection = inspection_get(request.user, pk)
    require(can_manage(request.user, inspection))
    text = request.GET.get("tim", "")
    found, is_cut = units_to_choose(request.user, inspection.evidence_on, text)
    present = list(inspection.units.select_related("unit"))
    form = UnitsForm(sent(request), units=[*present, *_taken_out(request, inspection, present)])
    status, is_stale = 200, False
    if request.method == "POST":
        chosen = {pk for pk in request.POST.getlist("them") if pk.isdecimal()}
        # What is looked for on the page narrows the list, not what was ticked before.
        added = list(unit_list(request.user).filter(pk__in=chosen))
        status = 422
        if form.is_valid():
            heads = head_words(added, inspection.evidence_on)
            try:
                services.units_set(
                    actor=request.user,
                    inspection=inspection,
                    rows=form.rows_wanted(added, heads),
                    version=_version(request),
                )
            except Stale:
                status, is_stale = 409, True
            except InspectionRefused as error:
                refuse(form, error)
            else:
                messages.success(request, _("Đã lưu danh sách đơn vị."))
                return redirect(request.get_full_path())
    taken = {each.unit_id for each in present}
    shown = workspace(
        request.user,
        inspection,
        "inspections:inspection-detail",
        clock.today(),
        {"label": _("Đơn vị được kiểm tra")},
    ) | {
        "form": form,
        "found": [unit for unit in found if unit.pk not in taken],
        "chosen": set(request.POST.getlist("them")),
        "is_cut": is_cut,
        "text": text,
        "is_stale": is_stale,
        "present": present,
        "asks_reason": inspection.stage not in (Stage.PREPARING, Stage.DEPLOYING),
    }
    return render(request, "inspections/inspection_units.html", shown, status=status)


def _taken_out(
    request: HttpRequest, inspection: Inspection, present: list[InspectedUnit]
) -> list[InspectedUnit]:
    """Units of the page that somebody else took out meanwhile: what was typed of them stays."""
    there = {str(each.unit_id) for each in present}
    gone = [pk for pk in request.POST.getlist("don-vi") if pk.isdecimal() and pk not in there]
    units = unit_list(request.user).filter(pk__in=gone) if gone else ()
    return [InspectedUnit(inspection=inspection, unit=unit) for unit in units]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else -1


# ---- Team ------------------------------------------------------------------------------------


@require_safe
def inspection_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the team; who may be taken in (`tim`)."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    may = can_manage(request.user, inspection) and not inspection.is_concluded
    text = request.GET.get("tim", "").strip()
    members = list(inspection.team.select_related("user").prefetch_related("units__unit"))
    there = {each.user_id for each in members}
    shown = workspace(request.user, inspection, "inspections:inspection-team", as_of) | {
        "members": context.team_rows(inspection, members, may=may, as_of=as_of),
        "may": may,
        "text": text,
        "found": [
            {"account": each, "is_there": each.user.pk in there}
            for each in accounts_matching(request.user, text, clock.today())
        ]
        if may and text
        else [],
        "add_url": reverse("inspections:member-add", args=[pk]),
    }
    return render(request, "inspections/inspection_team.html", shown)


@_SAFE_OR_POST
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an account (`tai-khoan`) into the team."""
    inspection = inspection_get(request.user, pk)
    require(can_manage(request.user, inspection))
    asked = request.GET.get("tai-khoan", "")
    user = account_find(int(asked)) if asked.isdecimal() else None
    if user is None:
        raise Http404
    role = TeamRole.MEMBER if inspection.team.exists() else TeamRole.LEAD
    initial = {
        "role": role,
        "mandate_from": inspection.starts_on,
        "mandate_to": inspection.last_day,
    }
    return _member(request, inspection, user, None, initial)


@_SAFE_OR_POST
def member_edit(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Change what somebody is in the team."""
    inspection = inspection_get(request.user, pk)
    require(can_manage(request.user, inspection))
    member = _member_get(inspection, member_pk)
    now = {
        "role": member.role,
        "post": member.post,
        "assignment": member.assignment,
        "units": [str(each.pk) for each in member.units.all()],
        "mandate_from": member.mandate_from,
        "mandate_to": member.mandate_to,
    }
    return _member(request, inspection, member.user, now, {}, wrote=member)


@_SAFE_OR_POST
def member_remove(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Take somebody out of the team, once asked."""
    inspection = inspection_get(request.user, pk)
    require(can_manage(request.user, inspection))
    member = _member_get(inspection, member_pk)
    if request.method == "POST":
        try:
            remove(actor=request.user, inspection=inspection, member=member)
        except InspectionRefused as error:
            for reason in error.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, _("Đã đưa ra khỏi đoàn; quyền đọc số liệu kết thúc."))
        return redirect("inspections:inspection-team", pk)
    shown = {
        "title": _("Đưa %(name)s ra khỏi đoàn?") % {"name": member.user},
        "text": _("Quyền đọc số liệu của các đơn vị được kiểm tra kết thúc ngay."),
        "submit": _("Đưa ra khỏi đoàn"),
        "action": request.get_full_path(),
        "cancel_url": reverse("inspections:inspection-team", args=[pk]),
        "danger": True,
    }
    return render(request, "portal/confirm.html", shown)


def _member_get(inspection: Inspection, pk: int) -> TeamMember:
    team = inspection.team.select_related("user").prefetch_related("units")
    found: TeamMember = get_object_or_404(team, pk=pk)
    return found


def _member(
    request: HttpRequest,
    inspection: Inspection,
    user: Any,
    now: dict[str, Any] | None,
    initial: dict[str, Any],
    *,
    wrote: TeamMember | None = None,
) -> HttpResponse:
    units = inspection.units.select_related("unit")
    form = MemberForm(sent(request), units=units, now=now, initial=initial)
    met = request.method != "POST" or form.meet(who_wrote(wrote) if wrote else "")
    team_url = reverse("inspections:inspection-team", args=[inspection.pk])
    if request.method == "POST" and met and form.is_valid():
        try:
            member_set(actor=request.user, inspection=inspection, user=user, **form.values())
        except InspectionRefused as error:
            refuse(form, error)
        else:
            messages.success(request, saved_words(form))
            return redirect(team_url + SAVED)
    shown = workspace(
        request.user,
        inspection,
        "inspections:inspection-team",
        clock.today(),
        {"label": str(user)},
    ) | {
        "form": form,
        "title": str(user),
        "submit": _("Lưu") if wrote else _("Đưa vào đoàn"),
        "cancel_url": team_url,
        "keep": f"doan:{inspection.pk}:{user.pk}",
    }
    return render(request, "inspections/act.html", shown, status=status_of(form))


# ---- Outline ---------------------------------------------------------------------------------


@_SAFE_OR_POST
def inspection_outline(request: HttpRequest, pk: int) -> HttpResponse:
    """What units are asked: edited until they are asked, read afterwards."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    is_open = inspection.stage in (Stage.PREPARING, Stage.DEPLOYING)
    may = is_open and can_manage(request.user, inspection)
    if request.method == "POST":
        require(can_manage(request.user, inspection))
    items = list(inspection.outline.all())
    form = OutlineForm(sent(request), items)
    status, reasons, is_stale = 200, [], False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.outline_set(
                    actor=request.user,
                    inspection=inspection,
                    items=form.items(),
                    version=_version(request),
                )
            except Stale:
                status, is_stale = 409, True
            except InspectionRefused as error:
                reasons = error.reasons
            else:
                messages.success(request, _("Đã lưu đề cương."))
                return redirect("inspections:inspection-outline", pk)
    shown = workspace(request.user, inspection, "inspections:inspection-outline", as_of) | {
        "form": form,
        "items": context.outline_rows(items),
        "may": may,
        "is_open": is_open,
        "reasons": reasons,
        "is_stale": is_stale,
    }
    return render(request, "inspections/inspection_outline.html", shown, status=status)
