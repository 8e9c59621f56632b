"""Biên bản: written, changed, signed by the team; read and signed by the unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from inspections.choices import MinutesKind
from inspections.contexts import minutes as context
from inspections.contexts.findings import form_rows
from inspections.contexts.links import address
from inspections.contexts.self_reports import file_row
from inspections.contexts.side import side
from inspections.contexts.workspace import workspace
from inspections.forms.minutes import (
    LINKS,
    DeclineForm,
    MinutesForm,
    SignForm,
    SignPaperForm,
    ticked_before,
)
from inspections.merging import EditClash
from inspections.models import InspectedUnit, Inspection, Minutes
from inspections.policies import can_minute
from inspections.selectors import inspected_get, inspection_get
from inspections.selectors.minutes import (
    evidence_named,
    findings_named,
    minutes_get,
    minutes_of,
    side_minutes,
    side_minutes_get,
    subjects_of,
)
from inspections.selectors.seen import units_read
from inspections.services import minutes as services
from inspections.services.holding import InspectionRefused

_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_THEIRS = "theirs"


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


def _version(request: HttpRequest, present: int) -> int:
    if request.method != "POST":
        return present
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else -1


# ---- The team --------------------------------------------------------------------------------


@require_safe
def inspection_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """All minutes that the actor reads, and which are still missing."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    units = units_read(request.user, inspection)
    page = workspace(request.user, inspection, context.TEAM_PAGE, as_of)
    page |= context.minutes_page(
        request.user, inspection, minutes_of(request.user, inspection), units, as_of
    )
    page["is_read"] = bool(units) or not inspection.units.exists()
    return render(request, "inspections/inspection_minutes.html", page)


def _frame(request: HttpRequest, inspection: Inspection, *more: dict[str, str]) -> dict[str, Any]:
    as_of = view_date(request)
    own = {"label": _("Biên bản"), "url": context.list_url(inspection, as_of)}
    return workspace(request.user, inspection, context.TEAM_PAGE, as_of, own, *more)


@_SAFE_OR_POST
def minutes_add(request: HttpRequest, pk: int) -> HttpResponse:
    """New minutes; `loai`, `don-vi` choose beforehand; `dinh-chinh`: signed ones to put right."""
    inspection = inspection_get(request.user, pk)
    asked = request.GET.get("dinh-chinh", "")
    corrects = minutes_get(request.user, inspection, int(asked)) if asked.isdecimal() else None
    kinds = [] if corrects else context.kinds_open(request.user, inspection)
    require(bool(kinds) or (corrects is not None and _writes(request, corrects)))
    initial = {
        "kind": request.GET.get("loai", MinutesKind.WORKING.value),
        "unit": request.GET.get("don-vi", ""),
        "held_on": clock.today(),
        **context.first_words(inspection, inspection.team.select_related("user"), corrects),
    }
    subjects = subjects_of(request.user, inspection)
    form = MinutesForm(
        _posted(request), _files(request), subjects=subjects, kinds=kinds, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.minutes_write(
                actor=request.user,
                inspection=inspection,
                kind=form.cleaned_data.get("kind", ""),
                inspected=form.inspected(),
                corrects=corrects,
                values=form.values(),
                links=form.links(),
                uploads=form.cleaned_data["uploads"],
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã lưu biên bản."))
            return redirect("inspections:minutes-detail", inspection.pk, made.pk)
    title = _("Lập biên bản đính chính") if corrects else _("Lập biên bản")
    page = _frame(request, inspection, {"label": title, "url": ""})
    as_of = view_date(request)
    back = context.detail_url(corrects, as_of) if corrects else context.list_url(inspection, as_of)
    page |= {
        "title": title,
        "form": form,
        "rows": form_rows(form.texts),
        "version": None,
        "corrects": corrects,
        "keep": f"bien-ban:{inspection.pk}",
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "inspections/minutes_form.html", page, status=status)


def _writes(request: HttpRequest, minutes: Minutes) -> bool:
    return can_minute(request.user, minutes.inspection, minutes.kind)


@require_safe
def minutes_detail(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """One, with its signatures, what it is about, and what may be done."""
    inspection = inspection_get(request.user, pk)
    found = minutes_get(request.user, inspection, minutes)
    page = _frame(request, inspection, {"label": str(found), "url": ""})
    page |= context.detail_page(
        request.user,
        found,
        findings_named(request.user, found),
        evidence_named(request.user, found),
        view_date(request),
    )
    return render(request, "inspections/minutes_detail.html", page)


@_SAFE_OR_POST
def minutes_edit(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """Change minutes that are not signed."""
    inspection = inspection_get(request.user, pk)
    found = minutes_get(request.user, inspection, minutes)
    require(_writes(request, found))
    if found.is_signed and request.method != "POST":  # what was typed meanwhile is given back
        raise PermissionDenied
    ticked = {name: [each.pk for each in getattr(found, name).all()] for name in LINKS}
    initial = {name: getattr(found, name) for name in services.FIELDS} | ticked
    subjects = subjects_of(request.user, inspection)
    version = _version(request, found.version)
    form = MinutesForm(_posted(request), _files(request), subjects=subjects, initial=initial)
    clash: EditClash | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.minutes_change(
                actor=request.user,
                minutes=found,
                version=version,
                values=_chosen(request, form, found),
                links=form.links(),
                links_before=ticked_before(request.POST),
                uploads=form.cleaned_data["uploads"],
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except ValidationError as error:
            form.refuse(error)
        except EditClash as met:
            clash, version = met, met.version
            form = _merged_form(form, met, subjects)
        else:
            messages.success(request, _("Đã lưu biên bản."))
            return redirect("inspections:minutes-detail", inspection.pk, found.pk)
    as_of = view_date(request)
    own = context.detail_url(found, as_of)
    title = _("Sửa biên bản")
    page = _frame(
        request, inspection, {"label": str(found), "url": own}, {"label": title, "url": ""}
    )
    page |= {
        "title": title,
        "form": form,
        "rows": form_rows(form.texts, clash),
        "clash": clash,
        "version": version,
        "minutes": found,
        "before": [
            (
                name,
                request.POST.get(f"truoc-{name}", "")
                if request.method == "POST"
                else ",".join(map(str, pks)),
            )
            for name, pks in ticked.items()
        ],
        "files": [_file(each, as_of, found) for each in found.attachments.all()],
        "keep": f"bien-ban:{inspection.pk}:{found.pk}",
        "cancel_url": own,
    }
    status = 409 if clash else 422 if form.errors else 200
    return render(request, "inspections/minutes_form.html", page, status=status)


def _chosen(request: HttpRequest, form: MinutesForm, found: Minutes) -> dict[str, Any]:
    return {
        name: getattr(found, name) if request.POST.get(f"chon-{name}") == _THEIRS else value
        for name, value in form.values().items()
    }


def _merged_form(form: MinutesForm, met: EditClash, subjects: Any) -> MinutesForm:
    """The same form with what both wrote; what was ticked stays ticked."""
    data = form.data.copy()  # type: ignore[attr-defined]
    for name, value in met.values.items():
        data[name] = form.fields[name].prepare_value(value) or ""
    return MinutesForm(data, subjects=subjects)


def _file(each: Any, as_of: Any, minutes: Minutes) -> dict[str, Any]:
    drop = address(
        "inspections:minutes-file-drop", minutes.inspection_id, minutes.pk, each.pk, as_of=as_of
    )
    return file_row(each, as_of, drop)


@require_POST
def minutes_file_drop(request: HttpRequest, pk: int, minutes: int, file: int) -> HttpResponse:
    """Take a file away from minutes that are not signed."""
    inspection = inspection_get(request.user, pk)
    found = minutes_get(request.user, inspection, minutes)
    row = get_object_or_404(found.attachments.all(), pk=file)
    try:
        services.minutes_file_drop(actor=request.user, minutes=found, file=row)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã bỏ tệp."))
    return redirect("inspections:minutes-edit", inspection.pk, found.pk)


@require_POST
def minutes_remove(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """Take back minutes that are not signed."""
    inspection = inspection_get(request.user, pk)
    found = minutes_get(request.user, inspection, minutes)
    try:
        services.minutes_remove(actor=request.user, minutes=found)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect("inspections:minutes-detail", inspection.pk, found.pk)
    messages.success(request, _("Đã bỏ bản nháp biên bản."))
    return redirect(context.TEAM_PAGE, inspection.pk)


@require_POST
def minutes_sign(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """Sign for the team; the unit is asked next."""
    inspection = inspection_get(request.user, pk)
    found = minutes_get(request.user, inspection, minutes)
    try:
        services.minutes_sign_team(actor=request.user, minutes=found, version=_version(request, -1))
    except InspectionRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Đã ký thay mặt đoàn và gửi đơn vị ký."))
    return redirect("inspections:minutes-detail", inspection.pk, found.pk)


@_SAFE_OR_POST
def minutes_paper(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """Note that both sides have signed on paper."""
    inspection = inspection_get(request.user, pk)
    found = minutes_get(request.user, inspection, minutes)
    require(_writes(request, found))
    initial = {"signed_on": found.held_on}
    form = SignPaperForm(_posted(request), _files(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.minutes_sign_paper(
                actor=request.user,
                minutes=found,
                version=_version(request, found.version),
                **form.cleaned_data,
            )
        except InspectionRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Đã ghi nhận biên bản có chữ ký hai bên."))
            return redirect("inspections:minutes-detail", inspection.pk, found.pk)
    as_of = view_date(request)
    own = context.detail_url(found, as_of)
    title = _("Ghi nhận bản đã ký giấy")
    page = _frame(
        request, inspection, {"label": str(found), "url": own}, {"label": title, "url": ""}
    )
    page |= {
        "title": title,
        "form": form,
        "version": found.version,
        "minutes": found,
        "cancel_url": own,
    }
    status = 422 if form.errors else 200
    return render(request, "inspections/minutes_paper.html", page, status=status)


# ---- The unit --------------------------------------------------------------------------------


@require_safe
def side_minutes_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Minutes that the unit signs or has signed."""
    inspected = inspected_get(request.user, pk)
    as_of = view_date(request)
    page = side(inspected, context.UNIT_PAGE, as_of)
    page["table"] = context.side_table(inspected, side_minutes(inspected), as_of)
    return render(request, "inspections/side_minutes_list.html", page)


@require_safe
def side_minutes_detail(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """One of them, to be read, signed or given back."""
    inspected = inspected_get(request.user, pk)
    return _side_page(request, inspected, side_minutes_get(inspected, minutes))


def _side_page(
    request: HttpRequest, inspected: InspectedUnit, found: Minutes, **forms: Any
) -> HttpResponse:
    as_of = view_date(request)
    page = side(inspected, context.UNIT_PAGE, as_of, {"label": str(found), "url": ""})
    page |= context.side_page(inspected, found, as_of)
    page |= {
        "sign_form": SignForm(initial={"signer": inspected.head}),
        "decline_form": DeclineForm(),
        **forms,
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "inspections/side_minutes.html", page, status=422 if failed else 200)


@require_POST
def side_minutes_sign(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """Sign for the unit."""
    inspected = inspected_get(request.user, pk)
    found = side_minutes_get(inspected, minutes)
    form = SignForm(request.POST)
    if not _is_done(request, found, form, services.minutes_sign_unit):
        return _side_page(request, inspected, found, sign_form=form)
    messages.success(request, _("Đã ký biên bản. Từ giờ biên bản không sửa được nữa."))
    return redirect("inspections:side-minutes", inspected.pk, found.pk)


@require_POST
def side_minutes_decline(request: HttpRequest, pk: int, minutes: int) -> HttpResponse:
    """Give minutes back with what is not agreed."""
    inspected = inspected_get(request.user, pk)
    found = side_minutes_get(inspected, minutes)
    form = DeclineForm(request.POST)
    if not _is_done(request, found, form, services.minutes_decline):
        return _side_page(request, inspected, found, decline_form=form)
    messages.success(request, _("Đã gửi lại đoàn chỗ chưa thống nhất."))
    return redirect(context.UNIT_PAGE, inspected.pk)


def _is_done(
    request: HttpRequest, minutes: Minutes, form: SignForm | DeclineForm, act: Callable[..., object]
) -> bool:
    """Whether the unit's act on the minutes that it saw was done; else the form says why not."""
    if not form.is_valid():
        return False
    version = _version(request, -1)
    try:
        act(actor=request.user, minutes=minutes, version=version, **form.cleaned_data)
    except InspectionRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    return True
