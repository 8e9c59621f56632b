"""The yearly review of a plan, and carrying over from the term before."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cadre_portal.common import clock
from cadres.policies import require
from planning.choices import DraftAct
from planning.contexts import links, review
from planning.drafting import Change, Keep, Remove
from planning.models import Dossier, Nomination
from planning.policies import can_edit_plan, pools_of_own
from planning.selectors import dossiers as reads
from planning.services.carry import carry_over
from planning.services.drafts import DraftConflict, draft_save, name_of
from planning.services.process import DossierRefused

_NAME = re.compile(r"de-xuat-(\d+)")


@require_POST
def dossier_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was chosen: who stays, who leaves and why. `giu-khong-vuong`: the rest stays."""
    dossier = reads.dossier_get(request.user, pk)
    require(can_edit_plan(request.user, dossier.plan))
    standing = reads.standing_nominations(dossier.plan)
    typed = _typed(request, standing)
    url = links.plan_url(dossier.plan_id, clock.today(), phan="ra-soat")
    if "giu-khong-vuong" in request.POST:
        _keep_who_is_in_order(request, dossier, standing, typed)
    changes = _changes(standing, typed, pools_of_own(request.user, dossier.plan))
    text = request.POST.get("phien-ban", "")
    version = int(text) if text.isdecimal() else dossier.version
    errors: dict[int, str] = {}
    conflicts: list[str] = []
    try:
        draft_save(actor=request.user, dossier=dossier, version=version, changes=changes)
    except ValidationError as error:
        errors = _errors(standing, changes, error)
    except DraftConflict as conflict:
        conflicts = [_clash_words(clash, standing) for clash in conflict.clashes]
        dossier.refresh_from_db(fields=["version"])
    except DossierRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
        return redirect(url)
    else:
        left = len(standing) - sum(1 for values in typed.values() if values["act"])
        messages.success(request, _saved_words(left))
        return redirect(url)
    context = {
        "crumbs": [{"label": dossier.plan.unit.name, "url": url}, {"label": _("Rà soát")}],
        "errors": errors,
        "conflicts": conflicts,
        "acts": review.acts(),
        **review.review_part(
            request.user,
            dossier,
            standing=standing,
            items=reads.items_of(dossier),
            as_of=clock.today(),
            may_edit=True,
            typed=typed,
            errors=errors,
        ),
    }
    status = 409 if conflicts else 422
    return render(request, "planning/process/review.html", context, status=status)


def _typed(request: HttpRequest, standing: list[Nomination]) -> dict[int, dict[str, str]]:
    """What was chosen for each nomination that stands and was on the page."""
    known = {row.pk for row in standing}
    pks = {
        int(match[1])
        for name in request.POST
        if (match := _NAME.fullmatch(name)) and int(match[1]) in known
    }
    # A row whose choice was left open sends its reason only.
    pks |= {pk for pk in known if f"ly-do-{pk}" in request.POST}
    return {
        pk: {
            "act": request.POST.get(f"de-xuat-{pk}", ""),
            "reason": request.POST.get(f"ly-do-{pk}", ""),
            "note": request.POST.get(f"ghi-chu-{pk}", "").strip(),
        }
        for pk in pks
    }


def _keep_who_is_in_order(
    request: HttpRequest,
    dossier: Dossier,
    standing: list[Nomination],
    typed: dict[int, dict[str, str]],
) -> None:
    """Choose to stay for everybody undecided about whom nothing was found."""
    found = review.in_the_way(request.user, dossier, clock.today())
    decided = {item.nomination_id for item in reads.items_of(dossier)}
    for row in standing:
        values = typed.setdefault(row.pk, {"act": "", "reason": "", "note": ""})
        if not values["act"] and row.pk not in decided and row.pk not in found:
            values["act"] = DraftAct.KEEP


def _changes(
    standing: list[Nomination], typed: dict[int, dict[str, str]], own: frozenset[int]
) -> list[Change]:
    changes: list[Change] = []
    for row in standing:
        values = typed.get(row.pk)
        if values is None or row.pool_id in own:
            continue
        if values["act"] == DraftAct.KEEP:
            changes.append(Keep(row.pool_id, row.cadre_id, row.pk))
        elif values["act"] == DraftAct.REMOVE:
            changes.append(
                Remove(row.pool_id, row.cadre_id, row.pk, values["reason"], values["note"])
            )
    return changes


def _errors(
    standing: list[Nomination], changes: list[Change], error: ValidationError
) -> dict[int, str]:
    told = error.message_dict
    return {
        change.nomination_id: " ".join(told[name_of(change)])
        for change in changes
        if isinstance(change, Keep | Remove) and name_of(change) in told
    }


def _clash_words(clash: Any, standing: list[Nomination]) -> str:
    name = next(
        (row.cadre.full_name for row in standing if row.cadre_id == clash.mine.cadre_id), ""
    )
    return _("%(name)s: %(who)s vừa sửa.") % {"name": name, "who": clash.theirs.who}


def _saved_words(left: int) -> str:
    if left <= 0:
        return _("Đã lưu. Mọi người trong kế hoạch đã được rà soát.")
    return ngettext(
        "Đã lưu. Còn %(n)s lượt quy hoạch chưa rà soát.",
        "Đã lưu. Còn %(n)s lượt quy hoạch chưa rà soát.",
        left,
    ) % {"n": left}


@require_POST
def dossier_carry(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft everybody of the term before who may be planned again."""
    dossier = reads.dossier_get(request.user, pk)
    try:
        carried = carry_over(actor=request.user, dossier=dossier)
    except DossierRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        text = _("Đã chuyển tiếp %(n)s lượt quy hoạch vào dự thảo; %(m)s lượt không đủ điều kiện.")
        messages.success(request, text % {"n": carried.taken, "m": len(carried.left_out)})
        for line in carried.left_out[:10]:
            messages.info(request, line)
    return redirect(links.plan_url(dossier.plan_id, clock.today(), phan="ho-so"))
