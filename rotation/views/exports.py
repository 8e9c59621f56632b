"""Papers of rotation: say what goes with one, take it away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cadre_portal.common.viewdate import view_date
from cadres.exports.letters import Letter
from cadres.exports.papers import Paper
from cadres.periods import valid_on
from cadres.policies import can_export_people, can_see_sensitive, require, sensitive_paths
from cadres.selectors.posts import posts_held_by
from cadres.selectors.units import unit_list
from planning.exports.forms import paper_response
from planning.selectors import units_over
from rotation.contexts import exports as context
from rotation.contexts.links import list_url
from rotation.contexts.process import can_see_reasons
from rotation.exports import forms as papers
from rotation.exports.plan_paper import plan_paper
from rotation.exports.results import results_paper
from rotation.exports.rotation_list import rotation_list_paper
from rotation.exports.submission import SubmissionOptions, one_submission, plan_submission
from rotation.forms.exports import (
    ListPaperForm,
    PlainPaperForm,
    ResultsPaperForm,
    SubmissionForm,
    words_of,
)
from rotation.forms.process import RotationFilterForm
from rotation.policies import can_see_rotations
from rotation.selectors import rotation_get, rotations_visible
from rotation.selectors.papers import proposals_of, submitted
from rotation.selectors.plans import plan_get
from rotation.selectors.rotations import rotation_years
from rotation.selectors.statistics import numbers_of
from rotation.views.statistics import asked_of

_ASK = require_http_methods(["GET", "HEAD", "POST"])
#: So many units are offered to issue a submission.
_UNITS = 300


@_ASK
def export_list(request: HttpRequest) -> HttpResponse:
    """The list of rotations as the address filters it."""
    require(can_see_rotations(request.user))
    as_of = view_date(request)
    may_tell = can_see_sensitive(request.user)
    filters = RotationFilterForm(request.GET, years=rotation_years(request.user), is_told=may_tell)
    wanted = filters.wanted()
    form = ListPaperForm(_sent(request), may_tell=may_tell)
    back = {"url": list_url(as_of, **_query(request)), "name": _("Danh sách")}
    if form.is_valid():
        chosen = form.cleaned_data
        paper = rotation_list_paper(
            request.user,
            wanted,
            words_of(filters),
            as_of,
            with_group=bool(chosen.get("kem_dan_toc")),
            with_reasons=bool(chosen.get("kem_ly_do")),
        )
        if form.has_reason_for(paper):
            asked = {name: str(value) for name, value in filters.cleaned_data.items() if value}
            return _made(request, paper, form, papers.LIST, "danh-sach-luan-chuyen", asked, as_of)
    words = "; ".join(words_of(filters)) or _("Mọi lượt trong phạm vi của tài khoản")
    title = _("Danh sách luân chuyển, điều động, biệt phái")
    return _page(
        request, form, context.paper_context(form, title=title, sub=words, back=back, as_of=as_of)
    )


@_ASK
def export_results(request: HttpRequest) -> HttpResponse:
    """The summary of the period that the address asks for."""
    require(can_see_rotations(request.user))
    as_of = view_date(request)
    asked = asked_of(request, as_of)
    # Sums are over everything one sees: all of it has to be for the actor.
    may_tell = can_see_sensitive(request.user) and sensitive_paths(request.user) is None
    form = ResultsPaperForm(_sent(request), may_tell=may_tell)
    if form.is_valid():
        numbers = numbers_of(request.user, as_of, asked.years, asked.kind)
        with_group = bool(form.cleaned_data.get("kem_dan_toc"))
        paper = results_paper(request.user, numbers, asked, with_group=with_group)
        if form.has_reason_for(paper):
            filters = {
                "years": [asked.years.start, asked.years[-1]],
                "kind": asked.kind,
                "with_group": with_group,
            }
            name = f"tong-hop-luan-chuyen-{asked.years.start}-{asked.years[-1]}"
            return _made(request, paper, form, papers.RESULTS, name, filters, as_of)
    back = {"url": asked.page(), "name": _("Thống kê")}
    sub = _("Từ năm %(a)s đến năm %(b)s") % {"a": asked.years.start, "b": asked.years[-1]}
    title = _("Tổng hợp kết quả luân chuyển")
    return _page(
        request, form, context.paper_context(form, title=title, sub=sub, back=back, as_of=as_of)
    )


@_ASK
def export_plan(request: HttpRequest, year: int) -> HttpResponse:
    """The plan of a year."""
    plan = plan_get(request.user, year)
    require(can_export_people(request.user))
    as_of = view_date(request)
    form = PlainPaperForm(_sent(request))
    if form.is_valid():
        paper = plan_paper(request.user, plan, as_of)
        name = f"ke-hoach-luan-chuyen-{year}"
        return _made(request, paper, form, papers.PLAN, name, {"year": year}, as_of)
    return _page(
        request,
        form,
        context.paper_context(
            form,
            title=_("Kế hoạch luân chuyển năm %(year)s") % {"year": year},
            sub=_("Chỉ tiêu của các đơn vị và danh sách nhân sự trong phạm vi của tài khoản."),
            back=context.back_to_plan(plan, as_of),
            as_of=as_of,
        ),
    )


@_ASK
def export_submission(request: HttpRequest, pk: int) -> HttpResponse:
    """The submission about one rotation."""
    rotation = rotation_get(request.user, pk)
    require(can_export_people(request.user))
    as_of = view_date(request)
    form = _submission_form(
        request,
        as_of,
        may_tell=can_see_reasons(request.user, rotation),
        number=rotation.submission_no,
        day=rotation.submitted_on,
    )
    if form.is_valid():
        rows = rotations_visible(request.user).filter(pk=rotation.pk)
        (found,) = submitted(request.user, rows, as_of)
        letter = one_submission(found, _options(request, form, as_of))
        if form.has_reason_for(letter):
            name = f"to-trinh-luan-chuyen-{rotation.pk}"
            filters = {"rotation": rotation.pk}
            return _made(request, letter, form, papers.SUBMISSION, name, filters, as_of)
    return _page(
        request,
        form,
        context.paper_context(
            form,
            title=_("Tờ trình về luân chuyển"),
            sub=f"{rotation.cadre.full_name}: {rotation.from_unit} → {rotation.to_unit}",
            back=context.back_to_rotation(rotation, as_of),
            as_of=as_of,
        ),
    )


@_ASK
def export_plan_submission(request: HttpRequest, year: int) -> HttpResponse:
    """The submission about every proposal of the plan of a year that waits for a decision."""
    plan = plan_get(request.user, year)
    require(can_export_people(request.user))
    as_of = view_date(request)
    proposals = proposals_of(request.user, plan)
    form = _submission_form(
        request, as_of, may_tell=sensitive_paths(request.user) is None, number="", day=None
    )
    if form.is_valid():
        found = submitted(request.user, proposals, as_of)
        letter = plan_submission(plan, found, _options(request, form, as_of))
        if form.has_reason_for(letter):
            name = f"to-trinh-luan-chuyen-{year}"
            return _made(request, letter, form, papers.SUBMISSION, name, {"year": year}, as_of)
    page = context.paper_context(
        form,
        title=_("Tờ trình các đề xuất luân chuyển năm %(year)s") % {"year": year},
        sub=_("Mọi đề xuất của kế hoạch chưa quyết định, với danh sách kèm theo."),
        back=context.back_to_plan(plan, as_of),
        as_of=as_of,
    )
    if not proposals.exists():
        page["can_make"] = False
        page["empty"] = {
            "title": _("Không có đề xuất nào chờ quyết định"),
            "text": _("Đề xuất luân chuyển thuộc kế hoạch này thì có trong tờ trình."),
        }
    return _page(request, form, page)


# ---- Parts of each ---------------------------------------------------------------------------


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _query(request: HttpRequest) -> dict[str, str]:
    asked = request.GET.dict()
    return {name.replace("-", "_"): str(value) for name, value in asked.items() if value}


def _page(request: HttpRequest, form: Any, page: dict[str, Any]) -> HttpResponse:
    return render(request, "planning/paper_export.html", page, status=422 if form.is_bound else 200)


def _made(
    request: HttpRequest,
    paper: Paper | Letter,
    form: Any,
    what: str,
    name: str,
    filters: dict[str, Any],
    as_of: dt.date,
) -> HttpResponse:
    return paper_response(
        actor=request.user,
        paper=paper,
        file_format=form.cleaned_data["dinh_dang"],
        what=what,
        name=f"{name}-{as_of.isoformat()}",
        filters=filters,
        reason=form.cleaned_data["ly_do"],
        as_of=as_of,
    )


def _submission_form(
    request: HttpRequest, as_of: dt.date, *, may_tell: bool, number: str, day: dt.date | None
) -> SubmissionForm:
    units = _issuers(request, as_of)
    first = units[0] if units else None
    top = (units_over(first) or [first])[0].name if first else ""
    return SubmissionForm(
        _sent(request),
        units=units,
        may_tell=may_tell,
        initial={
            "noi_trinh": _own_unit(request, as_of) or (first.code if first else ""),
            "kinh_gui": f"Ban Thường vụ {top}",
            "so_to_trinh": number,
            "ngay_to_trinh": day,
        },
    )


def _issuers(request: HttpRequest, as_of: dt.date) -> Sequence[Any]:
    return list(unit_list(request.user).filter(valid_on(as_of))[:_UNITS])


def _own_unit(request: HttpRequest, as_of: dt.date) -> str:
    """Where the officer serves: who writes most submissions."""
    cadre = getattr(request.user, "cadre", None)
    post = posts_held_by(cadre, as_of).first() if cadre else None
    return post.unit.code if post else ""


def _options(request: HttpRequest, form: SubmissionForm, as_of: dt.date) -> SubmissionOptions:
    chosen = form.cleaned_data
    unit = next(each for each in _issuers(request, as_of) if each.code == chosen["noi_trinh"])
    return SubmissionOptions(
        as_of=as_of,
        unit=unit,
        to=chosen["kinh_gui"].strip().rstrip(",."),
        number=chosen["so_to_trinh"].strip(),
        day=chosen["ngay_to_trinh"],
        with_texts=bool(chosen.get("kem_y_kien")),
    )
