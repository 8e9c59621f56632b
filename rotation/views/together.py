"""One paper for several rotations: opinions heard at one meeting, one submission, one decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import require
from planning.forms.process import ApproveForm, SubmitForm
from rotation.contexts.parts import crumbs
from rotation.contexts.together import together_rows
from rotation.forms.process import OpinionsForm
from rotation.models import Rotation
from rotation.policies import can_decide_some, can_propose
from rotation.selectors.checks import obstacles_to_approve
from rotation.selectors.rotations import (
    obstacles_to_submit_all,
    to_decide,
    to_hear,
    to_submit,
)
from rotation.services import process as services
from rotation.services.process import RotationRefused

CHOSEN, PAPER, ONLY_JUDGE = "chon", "to-trinh", "xet"
Reasons = Mapping[int, Sequence[str]]
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, kw_only=True)
class _Act:
    """What is done with all that are chosen; `judge` says of each why it cannot be."""

    title: str
    intro: str
    submit: str
    form: type[Any]
    initial: Mapping[str, Any]
    empty: str
    judge: Callable[[Sequence[Rotation]], Reasons]
    do: Callable[[Sequence[Rotation], dict[str, Any]], Sequence[object]]
    done: Callable[[int], str]


@_GET_OR_POST
def rotations_hear(request: HttpRequest) -> HttpResponse:
    """What one side says of several, as the minutes of a meeting have it."""
    require(can_propose(request.user))
    act = _Act(
        title=_("Ghi ý kiến cho nhiều hồ sơ"),
        intro=_(
            "Dùng khi một biên bản, văn bản cho ý kiến về nhiều người. Hồ sơ đã có ý kiến của bên "
            "ấy không bị ghi đè."
        ),
        submit=_("Ghi ý kiến"),
        form=OpinionsForm,
        initial={"given_on": clock.today()},
        empty=_("Không có đề xuất nào đang chờ ý kiến mà đồng chí được ghi."),
        judge=lambda _rows: {},
        do=lambda rows, data: services.opinions_save(
            actor=request.user,
            rotations=rows,
            side=data.pop("side"),
            values=data,
        ),
        done=lambda n: ngettext("Đã ghi %(n)s ý kiến.", "Đã ghi %(n)s ý kiến.", n),
    )
    return _page(request, act, to_hear(request.user))


@_GET_OR_POST
def rotations_submit(request: HttpRequest) -> HttpResponse:
    """Submit several by one paper."""
    require(can_propose(request.user))
    act = _Act(
        title=_("Trình nhiều hồ sơ"),
        intro=_("Một tờ trình cho mọi hồ sơ được chọn: trình tất cả, hoặc không hồ sơ nào."),
        submit=_("Trình"),
        form=SubmitForm,
        initial={"submitted_on": clock.today()},
        empty=_("Không có đề xuất nào đang soạn mà đồng chí được trình."),
        judge=lambda rows: {
            pk: [each.text for each in found] for pk, found in obstacles_to_submit_all(rows).items()
        },
        do=lambda rows, data: services.rotations_submit(actor=request.user, rotations=rows, **data),
        done=lambda n: ngettext("Đã trình %(n)s hồ sơ.", "Đã trình %(n)s hồ sơ.", n),
    )
    return _page(request, act, to_submit(request.user))


@_GET_OR_POST
def rotations_decide(request: HttpRequest) -> HttpResponse:
    """Approve several by one decision; they are judged as they will stand together."""
    require(can_decide_some(request.user))
    act = _Act(
        title=_("Phê duyệt nhiều hồ sơ"),
        intro=_(
            "Các hồ sơ được chọn được xét cùng nhau: người này có thể nhận chức vụ mà người kia "
            "rời đi. Phê duyệt tất cả, hoặc không hồ sơ nào. Đến ngày bắt đầu, quá trình công tác "
            "được ghi tự động."
        ),
        submit=_("Phê duyệt"),
        form=ApproveForm,
        initial={"decision_on": clock.today()},
        empty=_("Không có hồ sơ nào đang chờ đồng chí quyết định."),
        judge=lambda rows: obstacles_to_approve(rows, clock.today()),
        do=lambda rows, data: services.rotations_approve(
            actor=request.user, rotations=rows, **data
        ),
        done=lambda n: ngettext("Đã phê duyệt %(n)s hồ sơ.", "Đã phê duyệt %(n)s hồ sơ.", n),
    )
    return _page(request, act, to_decide(request.user))


def _page(request: HttpRequest, act: _Act, rows: Sequence[Rotation]) -> HttpResponse:
    """All that the act may be done with, judged; done when sent with its paper."""
    papers = sorted({each.submission_no for each in rows if each.is_submitted})
    paper = request.GET.get(PAPER, "")
    if paper in papers:
        rows = [each for each in rows if each.submission_no == paper]
    chosen = _chosen(request, rows)
    is_sent = request.method == "POST" and ONLY_JUDGE not in request.POST
    form = act.form(request.POST if is_sent else None, initial=act.initial)
    if is_sent and form.is_valid():
        try:
            done = act.do(chosen, dict(form.cleaned_data))
        except RotationRefused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, act.done(len(done)) % {"n": formats.number(len(done))})
            return redirect("rotation:rotation-table")
    today = clock.today()
    reasons = act.judge(chosen) if chosen else {}
    shown = {
        "act": act,
        "form": form,
        "rows": together_rows(rows, {each.pk for each in chosen}, reasons, today),
        "ready": sum(not reasons.get(each.pk) for each in chosen),
        "chosen_count": len(chosen),
        "papers": papers if len(papers) > 1 else [],
        "paper": paper,
        "crumbs": crumbs(act.title, today),
    }
    status = 422 if form.errors else 200
    return render(request, "rotation/together.html", shown, status=status)


def _chosen(request: HttpRequest, rows: Sequence[Rotation]) -> list[Rotation]:
    """Those that are ticked; on the first look those of the address, or all."""
    sent = request.POST if request.method == "POST" else request.GET
    ticked = set(sent.getlist(CHOSEN))
    if request.method != "POST" and not ticked:
        return list(rows)
    return [each for each in rows if str(each.pk) in ticked]
