"""Pages of single rotations: proposed, heard, decided, under way, ended; and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import can_see_sensitive, require
from cadres.selectors.cadres import cadre_get
from cadres.selectors.search import people_matching
from cadres.selectors.units import unit_list
from planning.forms.process import ApproveForm, SubmitForm
from rotation.choices import CheckCode, NeedKind, ReportKind, RotationKind, Side
from rotation.contexts import process as context
from rotation.contexts.exports import export_menu
from rotation.contexts.links import list_url, rotation_url
from rotation.contexts.parts import parts
from rotation.forms.process import (
    CancelForm,
    DeclineForm,
    EndForm,
    ExtendForm,
    OpinionForm,
    ProposalForm,
    ReportForm,
    ReturnForm,
    RotationFilterForm,
    WaiverForm,
)
from rotation.models import Rotation
from rotation.policies import (
    can_decide_rotation,
    can_edit_rotation,
    can_give_opinion,
    can_propose,
    can_report,
)
from rotation.selectors import rotation_get
from rotation.selectors.posts import BETWEEN, PostChoice, posts_to_choose, posts_to_leave
from rotation.selectors.rotations import plans_to_choose, rotation_list, rotation_years
from rotation.services import process as services
from rotation.services.process import RotationRefused

PER_PAGE = 50
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: HttpRequest) -> Any:
    """What was sent; an empty form that is sent is told what it lacks."""
    return request.POST if request.method == "POST" else None


# ---- The list --------------------------------------------------------------------------------


@require_safe
def rotation_table(request: HttpRequest) -> HttpResponse:
    """Every rotation that concerns the actor's units."""
    as_of = view_date(request)
    is_told = can_see_sensitive(request.user)
    form = RotationFilterForm(request.GET, years=rotation_years(request.user), is_told=is_told)
    wanted = form.wanted()
    page = Paginator(rotation_list(request.user, wanted), PER_PAGE).get_page(
        request.GET.get("trang")
    )
    may_propose = can_propose(request.user)
    propose_url = reverse("rotation:rotation-propose") if may_propose else ""
    return render(
        request,
        "rotation/rotation_table.html",
        {
            "crumbs": [{"label": _("Luân chuyển"), "url": ""}],
            "tabs": parts("rotation:rotation-table", as_of),
            "form": form,
            "propose_url": propose_url,
            "many": context.acts_on_many(request.user),
            "exports": export_menu(request.user, as_of, query=request.GET.dict()),
            "table": context.rotation_table(
                page,
                as_of,
                is_filtered=any(form.cleaned_data.values()),
                is_told=is_told,
                propose_url=propose_url,
            ),
            "count": page.paginator.count,
            "units": [f"{unit.code}{BETWEEN}{unit.name}" for unit in unit_list(request.user)],
        },
    )


@require_safe
def rotation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One rotation with everything about it."""
    rotation = rotation_get(request.user, pk)
    as_of = view_date(request)
    shown = context.detail_context(request.user, rotation, as_of)
    shown["crumbs"] = context.crumbs(rotation, as_of)
    shown["exports"] = export_menu(request.user, as_of, rotation=rotation)
    return render(request, "rotation/rotation_detail.html", shown)


# ---- Proposing -------------------------------------------------------------------------------


@_SAFE_OR_POST
def rotation_propose(request: HttpRequest) -> HttpResponse:
    """A new proposal for one person (`can-bo`); without them, a search for the person."""
    require(can_propose(request.user))
    code = request.GET.get("can-bo", "")
    if not code:
        return _choose_person(request)
    cadre = cadre_get(request.user, code)
    need = request.GET.get("can-cu", "")
    leaving = posts_to_leave(cadre, clock.today())
    posts = posts_to_choose(request.user, clock.today())
    initial = {
        "kind": RotationKind.ROTATION,
        "need": need if need in NeedKind.values else "",
        "to_post": next((p for p in posts if p.key == request.GET.get("den")), None),
    }
    form = _proposal_form(request, leaving, posts, initial)
    if request.method == "POST" and form.is_valid():
        try:
            rotation = services.rotation_propose(
                actor=request.user, values={"cadre": cadre, **form.values()}
            )
        except ValidationError as error:
            form.refuse(error)
        except RotationRefused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã lập đề xuất. Hãy lấy ý kiến các bên rồi trình."))
            return redirect("rotation:rotation-detail", rotation.pk)
    shown = {
        "crumbs": context.crumbs(None, clock.today(), _("Đề xuất")),
        "title": _("Đề xuất luân chuyển: %(name)s") % {"name": cadre.full_name},
        "cadre": cadre,
        "has_post": bool(leaving),
        "cancel_url": list_url(clock.today()),
    }
    return _proposal_page(request, form, posts, shown)


def _choose_person(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = people_matching(request.user, text, clock.today()) if text else []
    url = reverse("rotation:rotation-propose")
    shown = {
        "crumbs": context.crumbs(None, clock.today(), _("Đề xuất")),
        "q": text,
        "people": found,
        "url": url,
    }
    return render(request, "rotation/choose_person.html", shown)


@_SAFE_OR_POST
def rotation_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an open proposal."""
    rotation = rotation_get(request.user, pk)
    require(can_edit_rotation(request.user, rotation))
    day = rotation.start_on or clock.today()
    leaving = posts_to_leave(rotation.cadre, clock.today())
    old = PostChoice(
        f"{rotation.from_unit.code}/{rotation.from_title.code}",
        rotation.from_unit,
        rotation.from_title,
        None,
    )
    if old.key not in {post.key for post in leaving}:
        leaving.append(old)
    posts = posts_to_choose(request.user, day)
    to_key = f"{rotation.to_unit.code}/{rotation.to_title.code}"
    to_post = PostChoice(to_key, rotation.to_unit, rotation.to_title, None)
    if to_key not in {post.key for post in posts}:
        posts.append(to_post)
    initial = {
        **{name: getattr(rotation, name) for name in ("kind", "start_on", "planned_end_on")},
        "need": rotation.need,
        "need_note": rotation.need_note,
        "plan": str(rotation.plan.year) if rotation.plan else "",
        "from_post": old.key,
        "to_post": to_post,
    }
    form = _proposal_form(request, leaving, posts, initial)
    version = str(request.POST.get("version", rotation.version))
    if request.method == "POST" and form.is_valid():
        try:
            services.rotation_change(
                actor=request.user,
                rotation=rotation,
                version=int(version) if version.isdecimal() else -1,
                values=form.values(),
            )
        except ValidationError as error:
            form.refuse(error)
        except RotationRefused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã lưu đề xuất."))
            return redirect("rotation:rotation-detail", pk)
    shown = {
        "crumbs": context.crumbs(rotation, clock.today(), _("Sửa đề xuất")),
        "title": _("Sửa đề xuất: %(name)s") % {"name": rotation.cadre.full_name},
        "cadre": rotation.cadre,
        "has_post": True,
        "rotation": rotation,
        "version": version,
        "cancel_url": rotation_url(pk, clock.today()),
    }
    return _proposal_page(request, form, posts, shown)


def _proposal_form(
    request: HttpRequest, leaving: list[PostChoice], posts: list[PostChoice], initial: Any
) -> ProposalForm:
    return ProposalForm(
        _sent(request),
        leaving=leaving,
        posts=posts,
        plans=plans_to_choose(),
        initial=initial,
    )


def _proposal_page(
    request: HttpRequest, form: ProposalForm, posts: list[PostChoice], shown: dict[str, Any]
) -> HttpResponse:
    shown |= {"form": form, "posts": posts}
    return render(request, "rotation/proposal.html", shown, status=422 if form.errors else 200)


# ---- Acts ------------------------------------------------------------------------------------


@_SAFE_OR_POST
def rotation_opinion(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """What one side says."""
    rotation = rotation_get(request.user, pk)
    if side not in Side.values:
        raise Http404
    require(can_give_opinion(request.user, rotation, side))
    found = rotation.opinions.filter(side=side).first()
    names = ("stance", "text", "document", "given_on")
    initial = (
        {name: getattr(found, name) for name in names} if found else {"given_on": clock.today()}
    )
    return _act(
        request,
        rotation,
        OpinionForm(_sent(request), initial=initial),
        act=lambda data: services.opinion_save(
            actor=request.user, rotation=rotation, side=side, values=data
        ),
        done=_("Đã ghi ý kiến."),
        title=_("Ý kiến: %(side)s") % {"side": Side(side).label},
        submit=_("Ghi"),
    )


@_SAFE_OR_POST
def rotation_waiver(request: HttpRequest, pk: int, check: str) -> HttpResponse:
    """The paper that lets a condition go."""
    rotation = rotation_get(request.user, pk)
    if check not in CheckCode.values:
        raise Http404
    _require_stage(request, rotation)
    return _act(
        request,
        rotation,
        WaiverForm(_sent(request), initial={"document_on": clock.today()}),
        act=lambda data: services.waiver_save(
            actor=request.user, rotation=rotation, check=check, values=data
        ),
        done=_("Đã ghi văn bản cho phép."),
        title=_("Văn bản cho phép: %(check)s") % {"check": str(CheckCode(check).label).lower()},
        submit=_("Ghi"),
        intro=_(
            "Chỉ ghi khi cấp có thẩm quyền đã đồng ý bằng văn bản. Văn bản này hiện trong hồ sơ "
            "và trong tờ trình."
        ),
    )


@require_POST
def rotation_waiver_drop(request: HttpRequest, pk: int, check: str) -> HttpResponse:
    """Take such a paper out again."""
    rotation = rotation_get(request.user, pk)
    waiver = next((each for each in rotation.waivers.all() if each.check_code == check), None)
    if waiver is None:
        raise Http404
    return _do(
        request,
        rotation,
        lambda: services.waiver_drop(actor=request.user, waiver=waiver),
        _("Đã bỏ văn bản cho phép."),
    )


def _require_stage(request: HttpRequest, rotation: Rotation) -> None:
    may = can_edit_rotation if rotation.is_open else can_decide_rotation
    require(may(request.user, rotation))


@_SAFE_OR_POST
def rotation_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit: number and day; what is missing is listed."""
    rotation = rotation_get(request.user, pk)
    require(can_edit_rotation(request.user, rotation))
    return _act(
        request,
        rotation,
        SubmitForm(_sent(request), initial={"submitted_on": clock.today()}),
        act=lambda data: services.rotation_submit(actor=request.user, rotation=rotation, **data),
        done=_("Đã trình."),
        title=_("Trình quyết định"),
        submit=_("Trình"),
        intro=_("Sau khi trình, đề xuất không sửa được cho đến khi bị trả lại hoặc được rút về."),
    )


@require_POST
def rotation_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted proposal back."""
    rotation = rotation_get(request.user, pk)
    return _do(
        request,
        rotation,
        lambda: services.rotation_take_back(actor=request.user, rotation=rotation),
        _("Đã rút về để sửa."),
    )


@_SAFE_OR_POST
def rotation_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, with the number and day of the decision."""
    rotation = rotation_get(request.user, pk)
    require(can_decide_rotation(request.user, rotation))
    return _act(
        request,
        rotation,
        ApproveForm(_sent(request), initial={"decision_on": clock.today()}),
        act=lambda data: services.rotation_approve(actor=request.user, rotation=rotation, **data),
        done=_("Đã phê duyệt."),
        title=_("Phê duyệt"),
        submit=_("Phê duyệt"),
        intro=_(
            "Đến ngày bắt đầu, quá trình công tác được ghi tự động: thôi chức vụ nơi đi, giữ chức "
            "vụ nơi đến. Nếu hủy, hồ sơ trở lại đúng như trước."
        ),
    )


@_SAFE_OR_POST
def rotation_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back with a reason."""
    rotation = rotation_get(request.user, pk)
    require(can_decide_rotation(request.user, rotation))
    return _act(
        request,
        rotation,
        ReturnForm(_sent(request)),
        act=lambda data: services.rotation_return(actor=request.user, rotation=rotation, **data),
        done=_("Đã trả lại."),
        title=_("Trả lại"),
        submit=_("Trả lại"),
    )


@_SAFE_OR_POST
def rotation_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody does not go, and why."""
    rotation = rotation_get(request.user, pk)
    require(can_edit_rotation(request.user, rotation))
    return _act(
        request,
        rotation,
        DeclineForm(_sent(request), initial={"declined_on": clock.today()}),
        act=lambda data: services.rotation_decline(actor=request.user, rotation=rotation, **data),
        done=_("Đã ghi từ chối."),
        title=_("Ghi từ chối"),
        submit=_("Ghi từ chối"),
        intro=_("Lý do được dùng khi gợi ý phương án về sau và trong thống kê."),
    )


@_SAFE_OR_POST
def rotation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel; careers go back to what they were."""
    rotation = rotation_get(request.user, pk)
    _require_stage(request, rotation)
    intro = (
        _(
            "Quyết định đã thực hiện: khi hủy, quá trình công tác trở lại đúng như trước ngày bắt "
            "đầu. Việc hủy được ghi trong lịch sử."
        )
        if rotation.begun is not None
        else _("Lượt này dừng lại và không tính vào kết quả. Việc hủy được ghi trong lịch sử.")
    )
    return _act(
        request,
        rotation,
        CancelForm(_sent(request)),
        act=lambda data: services.rotation_cancel(actor=request.user, rotation=rotation, **data),
        done=_("Đã hủy."),
        title=_("Hủy"),
        submit=_("Hủy lượt này"),
        intro=intro,
    )


@require_POST
def rotation_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin what could not begin by itself."""
    rotation = rotation_get(request.user, pk)
    return _do(
        request,
        rotation,
        lambda: services.rotation_begin(actor=request.user, rotation=rotation),
        _("Đã ghi vào quá trình công tác."),
    )


@require_POST
def rotation_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the career lacks of a tour that did not begin here."""
    rotation = rotation_get(request.user, pk)
    return _do(
        request,
        rotation,
        lambda: services.rotation_complete_start(actor=request.user, rotation=rotation),
        _("Quá trình công tác đã khớp với lượt này."),
    )


@_SAFE_OR_POST
def rotation_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a tour last longer."""
    rotation = rotation_get(request.user, pk)
    require(can_edit_rotation(request.user, rotation))
    return _act(
        request,
        rotation,
        ExtendForm(_sent(request), initial={"document_on": clock.today()}),
        act=lambda data: services.rotation_extend(
            actor=request.user, rotation=rotation, values=data
        ),
        done=_("Đã ghi việc kéo dài."),
        title=_("Kéo dài thời gian"),
        submit=_("Ghi"),
    )


@_SAFE_OR_POST
def rotation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a tour, with what follows."""
    rotation = rotation_get(request.user, pk)
    require(can_edit_rotation(request.user, rotation))
    posts = posts_to_choose(request.user, clock.today())
    day = rotation.planned_end_on
    initial = {
        "ended_on": day if day and day <= clock.today() else clock.today(),
        "writes_posts": True,
    }
    form = EndForm(_sent(request), initial=initial, posts=posts)
    return _act(
        request,
        rotation,
        form,
        act=lambda _data: services.rotation_end(
            actor=request.user, rotation=rotation, values=form.values()
        ),
        done=_("Đã ghi kết thúc."),
        title=_("Kết thúc và bố trí"),
        submit=_("Ghi kết thúc"),
        posts=posts,
    )


@require_POST
def rotation_end_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the end of a tour back."""
    rotation = rotation_get(request.user, pk)
    return _do(
        request,
        rotation,
        lambda: services.rotation_end_undo(actor=request.user, rotation=rotation),
        _("Đã bỏ việc kết thúc; quá trình công tác trở lại như trước."),
    )


@_SAFE_OR_POST
def rotation_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What the receiving body says of a year, or at the end."""
    rotation = rotation_get(request.user, pk)
    require(can_report(request.user, rotation))
    today = clock.today()
    last = rotation.ended_on or today
    initial = {
        "kind": ReportKind.FINAL if rotation.ended_on else ReportKind.YEARLY,
        "year": last.year,
        "reported_on": today,
    }

    def act(data: dict[str, Any]) -> object:
        values = dict(data)
        kind, year = values.pop("kind"), values.pop("year")
        return services.report_save(
            actor=request.user, rotation=rotation, kind=kind, year=year, values=values
        )

    return _act(
        request,
        rotation,
        ReportForm(_sent(request), initial=initial),
        act=act,
        done=_("Đã ghi nhận xét."),
        title=_("Nhận xét của nơi đến"),
        submit=_("Ghi"),
        intro=_("Ghi lại cùng năm và loại thì thay nhận xét cũ; lịch sử giữ bản trước."),
    )


# ---- Parts -----------------------------------------------------------------------------------


def _tell(form: forms.Form, refused: RotationRefused) -> None:
    for reason in refused.reasons:
        form.add_error(None, reason)


def _act(
    request: HttpRequest,
    rotation: Rotation,
    form: Any,
    *,
    act: Callable[[dict[str, Any]], object],
    done: str,
    title: str,
    submit: str,
    intro: str = "",
    posts: list[PostChoice] | None = None,
) -> HttpResponse:
    """The form of an act on a rotation: asked once, done, or refused with all reasons."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except RotationRefused as refused:
            _tell(form, refused)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, done)
            return redirect("rotation:rotation-detail", rotation.pk)
    today = clock.today()
    shown = context.detail_context(request.user, rotation, today) | {
        "crumbs": context.crumbs(rotation, today, title),
        "form": form,
        "act_title": title,
        "submit": submit,
        "intro": intro,
        "posts": posts or [],
        "cancel_url": rotation_url(rotation.pk, today),
    }
    status = 422 if form.errors else 200
    return render(request, "rotation/act.html", shown, status=status)


def _do(
    request: HttpRequest, rotation: Rotation, act: Callable[[], object], done: str
) -> HttpResponse:
    """An act without questions."""
    try:
        act()
    except RotationRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, done)
    return redirect("rotation:rotation-detail", rotation.pk)
