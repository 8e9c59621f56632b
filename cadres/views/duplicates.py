"""Hồ sơ có thể trùng: one person, one file."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadres.contexts import duplicates as contexts
from cadres.models import User
from cadres.policies import can_merge_files, require
from cadres.selectors.duplicates import (
    duplicate_pair as pair_of,
)
from cadres.selectors.duplicates import (
    duplicate_pairs,
    merges,
    open_questions,
    question_candidates,
    question_get,
)
from cadres.services import duplicates as services


def _actor(request: HttpRequest) -> User:
    actor = cast(User, request.user)
    require(can_merge_files(actor))
    return actor


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """What units ask, then pairs of files that may be one person's."""
    actor = _actor(request)
    given = request.GET.get("trang", "")
    place = max(int(given), 1) if given.isdigit() and len(given) < 6 else 1
    first = (place - 1) * contexts.PAGE_SIZE
    pairs, total = duplicate_pairs(actor, first=first, limit=contexts.PAGE_SIZE)
    questions = list(open_questions(actor)[: contexts.PAGE_SIZE])
    context = {
        "crumbs": contexts.crumbs(),
        "questions": contexts.question_rows(questions, question_candidates(actor, questions)),
        "rows": contexts.pair_rows(pairs),
        "merges": contexts.merge_rows(merges(actor, contexts.PAGE_SIZE)),
        "total": total,
        "page": Paginator(range(total), contexts.PAGE_SIZE).get_page(place),
    }
    return render(request, "cadres/duplicates/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_pair(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Two files side by side with what merging would do (GET); the second goes into the first."""
    actor = _actor(request)
    kept, gone = pair_of(actor, one, other)
    if request.method != "POST":
        outcome = services.merge_look(actor=actor, kept=kept, other=gone)
        context = contexts.pair(kept, gone, outcome)
        return render(request, "cadres/duplicates/pair.html", context)
    reason = request.POST.get("reason", "")
    try:
        services.merge_files(actor=actor, kept=kept, other=gone, reason=reason)
    except (services.MergeRefused, ValidationError) as refused:
        outcome = services.merge_look(actor=actor, kept=kept, other=gone)
        context = contexts.pair(kept, gone, outcome, reason)
        context["is_refused"] = isinstance(refused, services.MergeRefused)
        context["lacks_reason"] = isinstance(refused, ValidationError)
        return render(request, "cadres/duplicates/pair.html", context, status=422)
    messages.success(
        request,
        _("Đã gộp hồ sơ %(code)s vào %(kept)s.") % {"code": gone.code, "kept": kept.code},
    )
    return redirect("cadres:cadre-detail", code=kept.code)


@require_POST
def duplicate_apart(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Không phải một người: the pair is not offered again."""
    actor = _actor(request)
    first, second = pair_of(actor, one, other)
    services.pair_keep_apart(actor=actor, one=first, other=second)
    messages.success(request, _("Đã ghi: hai hồ sơ của hai người khác nhau."))
    return redirect("cadres:duplicate-list")


@require_POST
def duplicate_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whose file a unit's row is about: `cadre` is its number, or empty for nobody's."""
    actor = _actor(request)
    asked = question_get(actor, pk)
    given = request.POST.get("cadre", "")
    offered = {str(c.pk): c for c in question_candidates(actor, [asked])[asked.pk]}
    if given and given not in offered:
        raise Http404
    try:
        is_first = services.question_decide(
            actor=actor, question=asked, cadre=offered.get(given) if given else None
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("cadres:duplicate-list")
    if is_first:
        messages.success(request, _("Đã ghi quyết định; đơn vị thấy ở danh sách của mình."))
    return redirect("cadres:duplicate-list")
