"""Phương án: the solver's proposals for tours from a day on; those chosen become proposals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from cadres.selectors.units import unit_list
from rotation.contexts.links import list_url
from rotation.contexts.proposals import (
    BAN,
    BAN_PERSON,
    BAN_UNIT,
    CHOSEN,
    KEEP,
    ProposalsAddress,
    Scene,
)
from rotation.forms.proposals import FROM, MOST, START, TO, ProposalsForm
from rotation.policies import can_plan
from rotation.proposals import Bans, Wanted, Wish, propose
from rotation.selectors.pins import Codes
from rotation.services.process import RotationRefused
from rotation.services.proposals import proposals_make


@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: HttpRequest) -> HttpResponse:
    """Ask, look, ask again with pairs that stay or are ruled out; POST proposes what is chosen."""
    require(can_plan(request.user))
    units = {unit.code: unit for unit in unit_list(request.user)}
    form = ProposalsForm(request.GET, units=units, today=clock.today())
    asked = ProposalsAddress(request.GET)
    chosen = request.POST.getlist(CHOSEN)
    codes = Codes(
        request.user,
        [*asked.of(KEEP), *asked.of(BAN), *chosen],
        asked.of(BAN_PERSON),
        asked.of(BAN_UNIT),
    )
    errors: list[str] = []
    is_asked = form.is_asked and form.is_valid()
    if request.method == "POST" and is_asked:
        answer = _make(request, form, codes, chosen, errors)
        if answer is not None:
            return answer
    scene = Scene(
        asked=asked,
        codes=codes,
        form=form,
        as_of=view_date(request),
        units=units.values(),
        found=propose(request.user, _wish(form, asked, codes)) if is_asked else None,
        chosen=frozenset(chosen),
        errors=errors,
    )
    is_wrong = bool(errors or form.errors) or request.method == "POST"
    return render(request, "rotation/proposals.html", scene.page(), status=422 if is_wrong else 200)


def _wish(form: ProposalsForm, asked: ProposalsAddress, codes: Codes) -> Wish:
    def pairs(name: str) -> tuple[Any, ...]:
        named = (codes.named(text) for text in asked.of(name))
        return tuple(each.ids for each in named if each.ids is not None)

    people = (codes.people.get(code) for code in asked.of(BAN_PERSON))
    units = (codes.units.get(code) for code in asked.of(BAN_UNIT))
    return Wish(
        start_on=form.cleaned_data[START],
        wanted=Wanted(groups=form.groups(), sending=form.paths(FROM), receiving=form.paths(TO)),
        weights=form.weights(),
        pins=pairs(KEEP),
        bans=Bans(
            pairs=frozenset(pairs(BAN)),
            people=frozenset(each.pk for each in people if each),
            units=frozenset(each.pk for each in units if each),
        ),
        most=form.cleaned_data.get(MOST),
    )


def _make(
    request: HttpRequest,
    form: ProposalsForm,
    codes: Codes,
    chosen: list[str],
    errors: list[str],
) -> HttpResponse | None:
    """Propose the chosen rows; None, and `errors`, where any of them cannot be."""
    named = [codes.named(text) for text in dict.fromkeys(chosen)]
    unknown = [each for each in named if each.ids is None]
    if unknown:
        errors += [_("Không tìm thấy: %(pair)s.") % {"pair": each.text} for each in unknown]
        return None
    try:
        made = proposals_make(
            actor=request.user,
            start_on=form.cleaned_data[START],
            pins=[each.ids for each in named if each.ids is not None],
        )
    except RotationRefused as refused:
        errors += refused.reasons
        return None
    text = ngettext("Đã lập %(n)s đề xuất.", "Đã lập %(n)s đề xuất.", len(made))
    rest = _("Hãy lấy ý kiến các bên rồi trình.")
    messages.success(request, f"{text % {'n': len(made)}} {rest}")
    plan = made[0].plan
    if plan is not None:
        return redirect("rotation:plan-detail", plan.year)
    return redirect(list_url(clock.today(), trang_thai="proposed"))
