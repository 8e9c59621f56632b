"""Tệp đã xuất: files that a worker makes, for who asked for them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cadres.contexts import stored_exports as contexts
from cadres.models import StoredExport, User
from cadres.policies import can_export_people, require
from cadres.selectors.stored_exports import may_take, stored_export_get, stored_exports
from cadres.services import stored_exports as services


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """The account's files: under way, and to be taken."""
    require(can_export_people(request.user))
    found = stored_exports(request.user)[: contexts.PAGE_SIZE]
    return render(request, "cadres/exports/list.html", contexts.page(found))


@require_safe
def export_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress anew; when the work is over the page is asked to reload."""
    job = contexts.job(stored_export_get(request.user, pk))
    response = render(request, "components/progress.html", {"job": job})
    if job["state"] not in {"waiting", "running"}:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def export_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, while the rights it was made with still hold."""
    actor = cast("User", request.user)
    found = stored_export_get(actor, pk)
    if found.status != StoredExport.Status.READY or not found.file:
        raise Http404
    if not may_take(actor, found):
        raise PermissionDenied
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.file_name,
        content_type=found.content_type,
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def export_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an interrupted file to the workers again."""
    actor = cast("User", request.user)
    services.export_retry(actor=actor, found=stored_export_get(actor, pk))
    return redirect("cadres:export-list")


@require_POST
def export_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a file before its time."""
    actor = cast("User", request.user)
    services.export_drop(actor=actor, found=stored_export_get(actor, pk))
    messages.success(request, _("Đã xóa tệp."))
    return redirect("cadres:export-list")
