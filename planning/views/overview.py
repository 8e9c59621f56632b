"""Tổng quan: the state of all plans on a day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from planning import selectors
from planning.contexts.links import address
from planning.contexts.overview import TREE, overview_context
from planning.exports import overview_sheet
from planning.policies import can_check_everything, can_check_scope
from planning.services import check_start as check_start_service


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Tổng quan; `nhiem-ky=` chooses the term, `thu-tu=cay` the order of the tree."""
    as_of = view_date(request)
    along_tree = request.GET.get("thu-tu") == TREE
    seen = selectors.overview(
        actor=request.user,
        as_of=as_of,
        term=request.GET.get("nhiem-ky", ""),
        along_tree=along_tree,
    )
    context = overview_context(seen, along_tree=along_tree)
    is_live = seen.basis is not None and seen.basis.is_live
    may = can_check_everything if is_live else can_check_scope
    context["can_check"] = may(request.user)
    return render(request, "planning/overview.html", context)


@require_POST
def check_start(request: HttpRequest) -> HttpResponse:
    """Start a check of the day (`ngay` in the address), and go to its progress."""
    as_of = view_date(request)
    if not can_check_scope(request.user):
        raise PermissionDenied
    under_way = selectors.checked(request.user, as_of).open_run_id
    if under_way is None:
        run = check_start_service(actor=request.user, as_of=as_of)
        under_way = run.pk
    elif as_of == clock.today():
        messages.info(request, _("Một lần kiểm tra đang chạy; đây là tiến độ của lần đó."))
    return redirect(address("compliance:run-detail", under_way, as_of=as_of))


@require_safe
def overview_export(request: HttpRequest) -> HttpResponse:
    """The table of the overview as XLSX: every plan of the term, worst first."""
    as_of = view_date(request)
    return overview_sheet.response(
        actor=request.user, as_of=as_of, term=request.GET.get("nhiem-ky", "")
    )
