"""One paper for several rotations: opinions heard at one meeting, one submission, one decision.

What is chosen is what is ticked on the page that is looked at; or, by a tick of its own, everything
that was found when the page was made, whatever page it lies on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import require
from planning.forms.process import ApproveForm, SubmitForm
from rotation.choices import Side
from rotation.contexts.parts import crumbs
from rotation.contexts.together import (
    Judged,
    hindered_elsewhere,
    sides_words,
    together_groups,
)
from rotation.forms.process import OpinionsForm
from rotation.forms.together import WaitingForm
from rotation.models import Rotation
from rotation.policies import can_decide_some, can_propose
from rotation.selectors.checks import obstacles_to_approve
from rotation.selectors.rotations import (
    obstacles_to_submit_all,
    to_decide,
    to_hear,
    to_submit,
)
from rotation.selectors.together import by_unit, narrowed, why_not_heard
from rotation.services import process as services
from rotation.services.process import RotationRefused

CHOSEN, WHOLE, ONLY_JUDGE, PAGE = "chon", "tat_ca", "xet", "trang"
PER_PAGE = 50
Reasons = Mapping[int, Sequence[str]]
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, kw_only=True)
class _Act:
    """What is done with all that are chosen; `judge` says of each why it cannot be.

    `column`, `counted`, `state`: what is said of those against which nothing speaks, in words that
    claim no more than was looked at. `is_sending`: they stand under the units that they leave.
    """

    title: str
    intro: str
    submit: str
    form: type[Any]
    initial: Mapping[str, Any]
    empty: str
    column: str
    counted: Callable[[str, str], str]
    state: Callable[[Rotation], tuple[str, str]]
    judge: Callable[[Sequence[Rotation]], Reasons]
    do: Callable[[Sequence[Rotation], dict[str, Any]], Sequence[object]]
    done: Callable[[int], str]
    asks_side: bool = False
    is_sending: bool = False


@_GET_OR_POST
def rotations_hear(request: HttpRequest) -> HttpResponse:
    """What one side says of several, as the minutes of a meeting have it."""
    require(can_propose(request.user))
    side = request.POST.get("side") or request.GET.get("thieu", "")
    act = _Act(
        title=_("Ghi ý kiến cho nhiều hồ sơ"),
        intro=_(
            "Dùng khi một biên bản, văn bản cho ý kiến về nhiều người. Hồ sơ đã có ý kiến của bên "
            "ấy không bị ghi đè."
        ),
        submit=_("Ghi ý kiến"),
        form=OpinionsForm,
        initial={"given_on": clock.today(), "side": side},
        empty=_("Không có đề xuất nào đang chờ ý kiến mà đồng chí được ghi."),
        column=_("Ý kiến"),
        counted=lambda n, chosen: (
            (
                _("%(n)s trên %(all)s hồ sơ được chọn ghi được ý kiến của bên này")
                if side
                else _("%(all)s hồ sơ được chọn")
            )
            % {"n": n, "all": chosen}
        ),
        state=sides_words,
        judge=lambda rows: why_not_heard(request.user, rows, side),
        do=lambda rows, data: services.opinions_save(
            actor=request.user,
            rotations=rows,
            side=data.pop("side"),
            values=data,
        ),
        done=lambda n: ngettext("Đã ghi %(n)s ý kiến.", "Đã ghi %(n)s ý kiến.", n),
        asks_side=True,
        # Of a person their own unit keeps the word.
        is_sending=side in (Side.SENDING, Side.PERSON),
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
        column=_("Thủ tục trình"),
        counted=lambda n, chosen: (
            _("%(n)s trên %(all)s hồ sơ được chọn trình được") % {"n": n, "all": chosen}
        ),
        state=lambda _each: ("met", _("Đủ ý kiến, thời gian")),
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
        column=_("Điều kiện"),
        counted=lambda n, chosen: (
            _("%(n)s trên %(all)s hồ sơ được chọn đủ điều kiện") % {"n": n, "all": chosen}
        ),
        state=lambda _each: ("met", _("Đủ điều kiện")),
        judge=lambda rows: obstacles_to_approve(rows, clock.today()),
        do=lambda rows, data: services.rotations_approve(
            actor=request.user, rotations=rows, **data
        ),
        done=lambda n: ngettext("Đã phê duyệt %(n)s hồ sơ.", "Đã phê duyệt %(n)s hồ sơ.", n),
    )
    return _page(request, act, to_decide(request.user))


def _page(request: HttpRequest, act: _Act, rows: Sequence[Rotation]) -> HttpResponse:
    """All that the act may be done with, judged; done when sent with its paper."""
    asked = WaitingForm(request.GET, rotations=rows, asks_side=act.asks_side)
    named = {int(pk) for pk in request.GET.getlist(CHOSEN) if pk.isdecimal()}
    found = by_unit(
        narrowed(request.user, rows, asked.wanted()), is_sending=act.is_sending, first=named
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get(PAGE))
    chosen, gone = _chosen(request, found, list(page.object_list), named)
    is_sent = request.method == "POST" and ONLY_JUDGE not in request.POST
    form = act.form(request.POST if is_sent else None, initial=act.initial)
    if is_sent and gone:
        form.add_error(None, _gone(gone))
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
            return redirect(_after(request, is_more=len(found) > len(done)))
    today = clock.today()
    judged = Judged(
        chosen={each.pk for each in chosen},
        reasons=act.judge(chosen) if chosen else {},
        state=act.state,
    )
    ready = sum(not judged.reasons.get(each.pk) for each in chosen)
    shown = {
        "act": act,
        "form": form,
        "asked": asked,
        "is_narrowed": len(found) < len(rows),
        "page": page,
        "groups": together_groups(page, found, judged, is_sending=act.is_sending, as_of=today),
        "elsewhere": hindered_elsewhere(page, found, judged, today),
        "found": found,
        "everything": ",".join(str(each.pk) for each in found),
        "is_whole": len(chosen) == len(found),
        "counted": act.counted(formats.number(ready), formats.number(len(chosen))),
        "gone": _gone(gone) if gone and not is_sent else "",
        "crumbs": crumbs(act.title, today),
    }
    status = 422 if form.errors else 200
    return render(request, "rotation/together.html", shown, status=status)


def _chosen(
    request: HttpRequest, found: Sequence[Rotation], shown: Sequence[Rotation], named: set[int]
) -> tuple[list[Rotation], int]:
    """Those that are ticked, and how many of them wait no more.

    On the first look those of the address, or all of the page: nobody chooses what they do not see.
    """
    if request.method != "POST":
        first = [each for each in found if each.pk in named] or shown
        return list(first), 0
    ticked = set(request.POST.getlist(CHOSEN))
    if WHOLE in request.POST:
        ticked = set(request.POST[WHOLE].split(","))
    chosen = [each for each in found if str(each.pk) in ticked]
    return chosen, len(ticked) - len(chosen)


def _gone(number: int) -> str:
    text = ngettext(
        "%(n)s hồ sơ đã chọn không còn chờ việc này: người khác vừa xử lý. Hãy xem lại lựa chọn.",
        "%(n)s hồ sơ đã chọn không còn chờ việc này: người khác vừa xử lý. Hãy xem lại lựa chọn.",
        number,
    )
    return text % {"n": formats.number(number)}


def _after(request: HttpRequest, *, is_more: bool) -> str:
    """Where one goes on: to what else was found, else to the list of rotations."""
    if not is_more:
        return reverse("rotation:rotation-table")
    query: QueryDict = request.GET.copy()
    for name in (PAGE, CHOSEN):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
