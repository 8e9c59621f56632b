"""Sắp xếp tổ chức: a draft with its preview, applied and undone as one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadres.choices import ReorganisationStatus, StepKind
from cadres.contexts import reorganisations as contexts
from cadres.forms.reorganisations import (
    STEP_FORMS,
    ReorganisationForm,
    read_people,
    read_posts,
)
from cadres.models import Reorganisation, User
from cadres.policies import can_reorganise, require
from cadres.selectors import reorganisations as selectors
from cadres.selectors.act_effects import effects_of
from cadres.selectors.titles import title_list
from cadres.services import reorganisations as services

_PAGE = 50
_FORM = require_http_methods(["GET", "HEAD", "POST"])


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _readable(request: HttpRequest) -> None:
    require(selectors.may_read(request.user))


def _act(request: HttpRequest, pk: int) -> Reorganisation:
    """The act, for who may change it."""
    require(can_reorganise(request.user))
    return selectors.reorganisation_get(request.user, pk)


def _back(act: Reorganisation) -> HttpResponse:
    return redirect("cadres:reorganisation-detail", pk=act.pk)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else -1


def _changed(request: HttpRequest) -> None:
    messages.warning(
        request,
        _(
            "Đợt sắp xếp này, hoặc người và đơn vị trong đó, vừa được thay đổi nên chưa ghi gì. "
            "Hãy xem lại bản dưới đây rồi làm lại."
        ),
    )


def _tried(
    request: HttpRequest, act: Reorganisation, work: Callable[[], object], done: str = ""
) -> HttpResponse:
    """Do it and go back to the act; say what stood in the way."""
    try:
        work()
    except services.ReorganisationChanged:
        _changed(request)
    except services.ReorganisationRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        if done:
            messages.success(request, done)
    return _back(act)


# ---- Reading ---------------------------------------------------------------------------------


@require_safe
def reorganisation_list(request: HttpRequest) -> HttpResponse:
    """All acts."""
    _readable(request)
    acts = selectors.reorganisation_list(request.user)
    page = Paginator(acts, _PAGE).get_page(request.GET.get("trang"))
    context = contexts.list_context(request.user, page)
    context["table"]["page"] = page
    return render(request, "cadres/reorganisation/list.html", context)


@require_safe
def reorganisation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An act: its steps, and what they do or did."""
    _readable(request)
    act = selectors.reorganisation_get(request.user, pk)
    is_draft = act.status == ReorganisationStatus.DRAFT
    is_applied = act.status == ReorganisationStatus.APPLIED
    context = contexts.detail_context(
        request.user,
        act,
        selectors.unit_names(act),
        effects_of(act) if is_draft else None,
        [] if is_draft else selectors.people_moved(act, contexts.PEOPLE_SHOWN),
        services.undo_obstacles(act) if is_applied else [],
    )
    return render(request, "cadres/reorganisation/detail.html", context)


# ---- A draft ---------------------------------------------------------------------------------


@_FORM
def reorganisation_add(request: HttpRequest) -> HttpResponse:
    """Begin an act."""
    require(can_reorganise(request.user))
    form = ReorganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _back(services.reorganisation_add(actor=_actor(request), values=form.cleaned_data))
    context = {
        "form": form,
        "heading": _("Đợt sắp xếp mới"),
        "submit": _("Tạo bản dự thảo"),
        "cancel_url": reverse("cadres:reorganisation-list"),
        "crumbs": contexts.crumbs(last=_("Đợt sắp xếp mới")),
    }
    return _form(request, context)


@_FORM
def reorganisation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, day, decision of a draft."""
    act = _act(request, pk)
    form = ReorganisationForm(request.POST or None, instance=act)
    if request.method == "POST" and form.is_valid():
        return _tried(
            request,
            act,
            lambda: services.reorganisation_edit(
                actor=_actor(request),
                act=act,
                version=_version(request),
                values=form.cleaned_data,
            ),
        )
    context = {
        "form": form,
        "heading": _("Sửa thông tin"),
        "submit": _("Lưu"),
        "version": act.version,
        "cancel_url": reverse("cadres:reorganisation-detail", args=[act.pk]),
        "crumbs": contexts.crumbs(act, _("Sửa thông tin")),
    }
    return _form(request, context)


@_FORM
def reorganisation_step_add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a step of one kind."""
    act = _act(request, pk)
    if kind not in STEP_FORMS:
        raise Http404
    created = {s.unit_code: s.name for s in act.steps.all() if s.kind == StepKind.CREATE}
    options = selectors.unit_options(act)
    form = STEP_FORMS[kind](request.POST or None, options=options, created=created)
    if request.method == "POST" and form.is_valid():
        return _tried(
            request,
            act,
            lambda: services.steps_add(
                actor=_actor(request), act=act, version=_version(request), steps=form.steps()
            ),
        )
    label = str(StepKind(kind).label)
    context = {
        "form": form,
        "heading": label,
        "submit": _("Thêm bước"),
        "version": act.version,
        "cancel_url": reverse("cadres:reorganisation-detail", args=[act.pk]),
        "crumbs": contexts.crumbs(act, label),
    }
    return _form(request, context)


@require_POST
def reorganisation_step_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step out."""
    act = _act(request, pk)
    text = request.POST.get("number", "")
    number = int(text) if text.isdigit() else 0
    return _tried(
        request,
        act,
        lambda: services.step_remove(
            actor=_actor(request), act=act, version=_version(request), number=number
        ),
    )


@_FORM
def reorganisation_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Where holders go."""
    act = _act(request, pk)
    effects = effects_of(act)
    titles = contexts.destination_titles(effects)
    wrong: list[int] = []
    if request.method == "POST":
        holders = [each.appointment.pk for each in effects.people]
        holders += [held.pk for held in effects.staying]
        codes = set(contexts.destinations(effects))
        choices, wrong = read_people(request.POST, holders, codes, set(titles))
        if not wrong:
            return _tried(
                request,
                act,
                lambda: services.people_choose(
                    actor=_actor(request), act=act, version=_version(request), choices=choices
                ),
                _("Đã lưu việc bố trí người."),
            )
    context = contexts.people_context(act, effects, titles, wrong)
    return render(request, "cadres/reorganisation/people.html", context)


@_FORM
def reorganisation_posts(request: HttpRequest, pk: int) -> HttpResponse:
    """How many posts the successors get."""
    act = _act(request, pk)
    effects = effects_of(act)
    titles = {title.pk: title for title in title_list(request.user)}
    wrong: list[tuple[str, int]] = []
    if request.method == "POST":
        known = [(post.code, post.title.pk) for post in effects.posts]
        known += [(code, 0) for code in contexts.destinations(effects)]
        posts, wrong = read_posts(request.POST, known, titles)
        if not wrong:
            return _tried(
                request,
                act,
                lambda: services.posts_set(
                    actor=_actor(request), act=act, version=_version(request), posts=posts
                ),
                _("Đã lưu số lượng vị trí."),
            )
    context = contexts.posts_context(act, effects, titles.values(), wrong)
    return render(request, "cadres/reorganisation/posts.html", context)


# ---- Apply, undo, drop -----------------------------------------------------------------------


@_FORM
def reorganisation_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then apply what was shown."""
    act = _act(request, pk)
    if request.method == "POST":
        digest = request.POST.get("digest", "")
        return _tried(
            request,
            act,
            lambda: services.reorganisation_apply(actor=_actor(request), act=act, digest=digest),
            _("Đã áp dụng. Kết quả kiểm tra đang được cập nhật."),
        )
    if act.status != ReorganisationStatus.DRAFT:
        return _back(act)
    effects = effects_of(act)
    context = {
        "title": _("Áp dụng “%(name)s”?") % {"name": act.name},
        "text": _(
            "Tất cả được ghi cùng một lúc, hiệu lực từ %(day)s; hoàn tác được khi chưa có "
            "gì được ghi tiếp vào đơn vị mới."
        )
        % {"day": act.effective_on.strftime("%d/%m/%Y")},
        "points": contexts.apply_points(effects),
        "submit": _("Áp dụng"),
        "hidden": {"digest": effects.digest},
    }
    return _ask(request, act, context)


@_FORM
def reorganisation_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the act back."""
    act = _act(request, pk)
    if request.method == "POST":
        return _tried(
            request,
            act,
            lambda: services.reorganisation_undo(actor=_actor(request), act=act),
            _("Đã hoàn tác: đơn vị, chức vụ, phân quyền và quy hoạch trở lại như trước."),
        )
    context = {
        "title": _("Hoàn tác “%(name)s”?") % {"name": act.name},
        "text": _("Mọi thứ trở lại đúng như trước khi áp dụng. Lịch sử thay đổi vẫn giữ."),
        "submit": _("Hoàn tác"),
        "danger": True,
    }
    return _ask(request, act, context)


@_FORM
def reorganisation_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then throw a draft away."""
    act = _act(request, pk)
    if request.method == "POST":
        try:
            services.reorganisation_drop(actor=_actor(request), act=act)
        except services.ReorganisationChanged:
            _changed(request)
            return _back(act)
        messages.success(request, _("Đã bỏ bản dự thảo."))
        return redirect("cadres:reorganisation-list")
    context = {
        "title": _("Bỏ bản dự thảo “%(name)s”?") % {"name": act.name},
        "text": _("Chưa có gì được áp dụng; các bước và lựa chọn trong bản này sẽ mất."),
        "submit": _("Bỏ bản dự thảo"),
        "danger": True,
    }
    return _ask(request, act, context)


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A form; sent back with what is wrong where it was sent."""
    status = 422 if request.method == "POST" else 200
    return render(request, "cadres/reorganisation/form.html", context, status=status)


def _ask(request: HttpRequest, act: Reorganisation, context: dict[str, Any]) -> HttpResponse:
    context |= {
        "cancel_url": reverse("cadres:reorganisation-detail", args=[act.pk]),
        "crumbs": contexts.crumbs(act, context["submit"]),
    }
    return render(request, "cadres/reorganisation/confirm.html", context)
