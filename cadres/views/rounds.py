"""Pages of rounds "Đề nghị bổ sung lý lịch"."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadres.choices import FileDoor
from cadres.contexts.cadre_edit import form_context
from cadres.contexts.rounds import (
    ROWS,
    answer_notes,
    crumbs,
    due_words,
    my_rows,
    proposal_rows,
    request_rows,
    round_rows,
    state_items,
    totals,
)
from cadres.file_fields import IDENTITY, SINGLE_FIELDS
from cadres.forms.cadre_edit import BASE, Base, FileForm, base_read, shown_texts
from cadres.forms.rounds import RefusalForm, RoundForm, labels_of
from cadres.models import Cadre, RoundRequest, SupplementRound, User
from cadres.policies import can_manage_round, can_open_round, require
from cadres.selectors import rounds as selectors
from cadres.selectors.editing import find_for, names_of, unit_choices
from cadres.selectors.titles import title_list
from cadres.services import rounds as services
from cadres.services.records import record_opening

_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
_SAVED = "#da-luu"
#: So many names are shown before a round is opened.
_SHOWN = 30


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """What I am asked, and the rounds of my people."""
    actor = _actor(request)
    page = Paginator(selectors.round_list(actor), ROWS).get_page(request.GET.get("trang"))
    context = {
        "crumbs": [],
        "mine": my_rows(selectors.requests_of_me(actor)),
        "page": page,
        "rows": round_rows(page.object_list),
        "can_open": can_open_round(actor),
    }
    return render(request, "cadres/rounds/list.html", context)


# ---- Opening ---------------------------------------------------------------------------------


@_SAFE_OR_POST
def round_open(request: HttpRequest) -> HttpResponse:
    """A new round: first who would be asked is shown, then it is opened."""
    actor = _actor(request)
    require(can_open_round(actor))
    titles = list(title_list(actor))
    people: list[Cadre] | None = None
    status = 200
    if request.method == "POST":
        form = RoundForm(request.POST, titles=titles)
        status = 422
        if form.is_valid():
            people = _people(actor, form)
            if not form.errors and request.POST.get("xac-nhan") == str(len(people)):
                try:
                    found = _open(actor, form, people)
                except ValidationError as error:
                    form.refuse(error)
                else:
                    text = _("Đã mở đợt bổ sung lý lịch cho %(n)d người.")
                    messages.success(request, text % {"n": len(people)})
                    return redirect(reverse("cadres:round-detail", args=[found.pk]) + _SAVED)
            elif not form.errors:
                status = 200
    else:
        form = RoundForm(initial={"codes": request.GET.get("ma", "")}, titles=titles)
    context = {
        "crumbs": crumbs(_("Mở đợt")),
        "form": form,
        "keep": f"{actor.pk}:dot-moi",
        "units": list(unit_choices(actor).values_list("code", "name")[:1500]),
        "people": people if not form.errors else None,
        "people_shown": (people or [])[:_SHOWN],
        "people_more": max(len(people or []) - _SHOWN, 0),
    }
    return render(request, "cadres/rounds/open.html", context, status=status)


def _people(actor: User, form: RoundForm) -> list[Cadre]:
    """Who is asked; unknown units and codes are told at their field."""
    data = form.cleaned_data
    unit = find_for(actor, "unit", data["unit"]) if data["unit"] else None
    if data["unit"] and unit is None:
        form.add_error("unit", _("Không tìm thấy đơn vị này trong phạm vi của đồng chí."))
        return []
    title = find_for(actor, "title", data["held"]) if data["held"] else None
    people = list(
        selectors.cadres_to_ask(
            actor,
            codes=data["codes"],
            unit=unit,  # type: ignore[arg-type]
            title=title,
            lacking=data["fields_asked"] if data["only_lacking"] else (),
        )[: services.MOST_PEOPLE + 1]
    )
    known = {cadre.code for cadre in people}
    narrowed = unit or title or data["only_lacking"]
    unknown = [code for code in data["codes"] if code not in known]
    if unknown and not narrowed:
        text = _("Không có hồ sơ mang số hiệu: %(codes)s. Hãy sửa hoặc bỏ đi.")
        form.add_error("codes", text % {"codes": ", ".join(unknown[:10])})
    elif not people:
        form.add_error("unit", _("Không có ai khớp lựa chọn này. Hãy chọn rộng hơn."))
    return people


def _open(actor: User, form: RoundForm, people: list[Cadre]) -> SupplementRound:
    data = form.cleaned_data
    return services.round_open(
        actor=actor,
        title=data["title"],
        fields=data["fields_asked"],
        due_on=data["due_on"],
        note=data["note"],
        cadre_ids=[cadre.pk for cadre in people],
    )


# ---- One round -------------------------------------------------------------------------------


@require_safe
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was asked, how far it is by unit, what was decided."""
    actor = _actor(request)
    found = selectors.round_get(actor, pk)
    progress = selectors.round_progress(actor, found)
    state = request.GET.get("loc", "")
    people = selectors.round_requests(actor, found, state=state)
    page = Paginator(people, ROWS).get_page(request.GET.get("trang"))
    context = {
        "crumbs": crumbs(found.title),
        "round": found,
        "state": due_words(found),
        "labels": labels_of(found.fields),
        "progress": progress,
        "totals": totals(progress),
        "states": state_items(found, progress, state),
        "page": page,
        "rows": request_rows(found, page.object_list),
        "can_manage": can_manage_round(actor, found),
        "decided": [
            {"row": row, "label": labels_of([row.field])[0]}
            for row in selectors.decided_proposals(actor, found)[:20]
        ],
    }
    return render(request, "cadres/rounds/detail.html", context)


@require_POST
def round_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more answers."""
    found = selectors.round_get(_actor(request), pk)
    services.round_close(actor=_actor(request), found=found)
    messages.success(request, _("Đã đóng đợt. Những mục đã đề nghị vẫn duyệt được."))
    return redirect("cadres:round-detail", pk=pk)


@require_POST
def round_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take answers again."""
    found = selectors.round_get(_actor(request), pk)
    services.round_reopen(actor=_actor(request), found=found)
    messages.success(request, _("Đã mở lại đợt."))
    return redirect("cadres:round-detail", pk=pk)


# ---- Answering -------------------------------------------------------------------------------


@_SAFE_OR_POST
def round_answer(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The person's own answer, or an officer's: the file's value, and a field to mend it."""
    actor = _actor(request)
    asked = selectors.request_get(actor, pk, code)
    require(services.can_answer(actor, asked))
    keys = [key for key in asked.round.fields if key in SINGLE_FIELDS]
    fields = [SINGLE_FIELDS[key] for key in keys]
    now = selectors.texts_now([asked.cadre], keys)[asked.cadre_id]
    latest = selectors.latest_proposals(asked)
    values = [{key: row.value} for key, row in latest.items() if key in SINGLE_FIELDS]
    names = names_of(fields, now, *values)
    base = Base(texts=now)
    status = 200
    if request.method == "POST":
        token = request.POST.get(BASE, "")
        base = base_read(token, cadre=asked.cadre, section=IDENTITY, pk=-asked.pk)
        form = FileForm([("", fields)], request.POST)
        try:
            proposed = services.request_answer(
                actor=actor, request=asked, typed=form.typed, base=base.texts
            )
        except ValidationError as error:
            form.refuse(error)
            status = 422
        except services.RoundClosed:
            messages.warning(request, _("Đợt này đã đóng, không nhận trả lời nữa."))
            return redirect("cadres:round-answer", pk=pk, code=code)
        else:
            messages.success(request, _answered_words(proposed))
            return redirect(_after_answer(actor, asked) + _SAVED)
    else:
        record_opening(actor=actor, cadre=asked.cadre, door=FileDoor.ROUND)
        waiting = {
            k: row.value for k, row in latest.items() if row.status == "pending" and k in now
        }
        shown = shown_texts(fields, {**now, **waiting}, names)
        form = FileForm([("", fields)], initial=shown)
    context: dict[str, Any] = {
        **form_context(
            actor,
            form,
            fields,
            token=base.signed(cadre=asked.cadre, section=IDENTITY, pk=-asked.pk),
            keep=f"dot:{asked.pk}",
        ),
        "crumbs": crumbs(asked.round.title, asked.cadre.full_name),
        "asked": asked,
        "round": asked.round,
        "state": due_words(asked.round),
        "is_mine": actor.cadre_id == asked.cadre_id,
        "back_url": _after_answer(actor, asked),
    }
    notes = answer_notes(asked, latest, now, names)
    context["items"] = [{"bound": form[one.key], **notes[one.key]} for one in fields]
    return render(request, "cadres/rounds/answer.html", context, status=status)


def _answered_words(proposed: int) -> str:
    if not proposed:
        return _("Đã ghi nhận trả lời: hồ sơ đang đúng, không có gì bổ sung.")
    text = ngettext(
        "Đã gửi %(n)d mục. Hồ sơ thay đổi sau khi được duyệt.",
        "Đã gửi %(n)d mục. Hồ sơ thay đổi sau khi được duyệt.",
        proposed,
    )
    return text % {"n": proposed}


def _after_answer(actor: User, asked: RoundRequest) -> str:
    if actor.cadre_id == asked.cadre_id:
        return reverse("cadres:round-list")
    return reverse("cadres:round-detail", args=[asked.round_id])


# ---- Deciding --------------------------------------------------------------------------------


@_SAFE_OR_POST
def round_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Old and new side by side; one, many or all are taken or sent back with a reason."""
    actor = _actor(request)
    found = selectors.round_get(actor, pk)
    refusal = RefusalForm(request.POST or None)
    ticked: set[int] = set()
    told: list[str] = []
    status = 200
    if request.method == "POST":
        seen = _seen(request)
        ticked = _ticked(request, seen)
        try:
            done = _decide(actor, found, request, ticked, seen, refusal)
        except ValidationError as error:
            told = error.messages
            status = 422
        except services.DecisionConflict as conflict:
            told = _conflict_words(conflict)
            status = 409
        else:
            messages.success(request, done)
            return redirect("cadres:round-decide", pk=pk)
    pending = selectors.pending_proposals(actor, found)
    page = Paginator(pending, ROWS).get_page(request.GET.get("trang"))
    proposals, names = selectors.open_proposals(actor, page.object_list)
    context = {
        "crumbs": crumbs(found.title, _("Duyệt")),
        "round": found,
        "page": page,
        "rows": proposal_rows(proposals, names, decided={}, ticked=ticked),
        "refusal": refusal,
        "told": told,
        "is_conflict": status == 409,
        "back_url": reverse("cadres:round-detail", args=[pk]),
    }
    return render(request, "cadres/rounds/decide.html", context, status=status)


def _seen(request: HttpRequest) -> dict[int, str]:
    """What the page showed as the file's present value, by number of the proposal."""
    prefix = "nay-"
    return {
        int(name.removeprefix(prefix)): str(value).replace("\r\n", "\n")
        for name, value in request.POST.items()
        if name.startswith(prefix) and _is_number(name.removeprefix(prefix))
    }


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 18


def _ticked(request: HttpRequest, seen: dict[int, str]) -> set[int]:
    """Proposals ticked one by one; "all" means those of the page without a conflict."""
    if request.POST.get("tat-ca"):
        return {int(pk) for pk in request.POST.getlist("chon-duoc") if _is_number(pk)} & set(seen)
    return {int(pk) for pk in request.POST.getlist("chon") if _is_number(pk)} & set(seen)


def _decide(
    actor: User,
    found: SupplementRound,
    request: HttpRequest,
    ticked: set[int],
    seen: dict[int, str],
    refusal: RefusalForm,
) -> str:
    if not ticked:
        raise ValidationError(_("Chưa chọn mục nào. Hãy đánh dấu các mục cần duyệt."))
    if request.POST.get("viec") == "khong-nhan":
        refusal.is_valid()
        reason = refusal.cleaned_data.get("reason", "")
        rows = services.proposals_refuse(actor=actor, found=found, ids=ticked, reason=reason)
        return _("Đã trả lại %(n)d mục kèm lý do.") % {"n": len(rows)}
    wanted = {pk: seen[pk] for pk in ticked}
    rows = services.proposals_accept(actor=actor, found=found, seen=wanted)
    return _("Đã nhận %(n)d mục và ghi vào hồ sơ.") % {"n": len(rows)}


def _conflict_words(conflict: services.DecisionConflict) -> list[str]:
    words = []
    for row in conflict.decided:
        words.append(
            _("%(name)s, %(field)s: %(who)s đã quyết định (%(status)s).")
            % {
                "name": row.request.cadre.full_name,
                "field": labels_of([row.field])[0],
                "who": row.decided_by or _("người đề nghị"),
                "status": str(row.get_status_display()).lower(),
            }
        )
    for row in conflict.changed:
        words.append(
            _("%(name)s, %(field)s: hồ sơ vừa được sửa. Hãy xem giá trị mới rồi quyết định.")
            % {"name": row.request.cadre.full_name, "field": labels_of([row.field])[0]}
        )
    return words
