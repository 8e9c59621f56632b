"""Pages of imports and exports of exchange workbooks."""

from __future__ import annotations

from io import BytesIO
from tempfile import TemporaryFile
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadres.contexts.imports import (
    ROWS_PER_PAGE,
    SHEET,
    WORKING,
    import_detail_context,
    import_list_context,
    import_progress,
    is_interrupted,
)
from cadres.contexts.list_imports import lists_table
from cadres.forms.imports import UploadForm
from cadres.models import ImportJob, User
from cadres.policies import (
    SENSITIVE_ROLES,
    can_import_list,
    can_import_workbook,
    require,
    scope_paths,
)
from cadres.selectors.imports import import_get, import_is_held, import_list
from cadres.selectors.list_imports import list_imports
from cadres.selectors.units import unit_get, unit_list
from cadres.services import imports as services
from cadres.services.list_imports import list_upload, proposed_term
from cadres.services.records import record_export
from cadres.workbook.errors import write_errors
from cadres.workbook.template import write_template

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Nhập dữ liệu: upload, past imports, export. POST uploads."""
    actor = _actor(request)
    may_upload = can_import_list(actor) or can_import_workbook(actor)
    if request.method == "POST":
        require(may_upload)
        form = UploadForm(request.POST, request.FILES, actor=actor)
        if form.is_valid() and (taken := _take(actor, form)):
            return taken
    else:
        form = UploadForm(actor=actor)
        require(may_upload or bool(scope_paths(actor, *SENSITIVE_ROLES)))
    page = Paginator(import_list(actor), ROWS_PER_PAGE).get_page(request.GET.get("trang"))
    units = unit_list(actor).filter(depth__lte=2)[:300]
    lists = Paginator(list_imports(actor).defer("columns", "result"), ROWS_PER_PAGE)
    context = {
        **import_list_context(actor, page, units),
        "form": form,
        "can_upload": may_upload,
        "lists": lists_table(lists.get_page(request.GET.get("trang-ds"))),
    }
    return render(request, "cadres/import_list.html", context, status=422 if form.errors else 200)


def _take(actor: User, form: UploadForm) -> HttpResponse | None:
    """Keep the file as what it is; None where the form now says what is missing."""
    upload = form.cleaned_data["file"]
    if services.is_exchange_workbook(upload):
        job = services.import_upload(actor=actor, upload=upload)
        return redirect("cadres:import-detail", pk=job.pk)
    if not form.need_unit():
        return None
    unit = form.units[form.cleaned_data["unit"]]
    found = list_upload(
        actor=actor,
        upload=upload,
        unit=unit,
        as_of=clock.today(),
        term_code=proposed_term(actor, unit),
    )
    return redirect("cadres:list-import-detail", pk=found.pk)


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: where it stands, its errors or what it changes, and what to do next."""
    job = import_get(_actor(request), pk)
    context = import_detail_context(
        job,
        is_held=import_is_held(job),
        sheet=request.GET.get(SHEET, ""),
        page=request.GET.get("trang"),
    )
    return render(request, "cadres/import_detail.html", context)


@require_safe
def import_progress_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress anew; when the work is over the page is asked to reload."""
    job = import_get(_actor(request), pk)
    is_held = import_is_held(job)
    response = render(
        request, "components/progress.html", {"job": import_progress(job, is_held=is_held)}
    )
    if job.status not in WORKING or is_interrupted(job, is_held=is_held):
        response["HX-Refresh"] = "true"
    return response


@require_safe
def import_errors(request: HttpRequest, pk: int) -> FileResponse:
    """The errors as a workbook, to be worked off beside the file."""
    job = import_get(_actor(request), pk)
    record_export(
        actor=_actor(request),
        what="import-errors",
        file_format="xlsx",
        people=None,
        filters={"import": job.pk},
        rows=len(job.result.get("errors", [])),
        is_sensitive=True,  # a cell in question may hold anything
    )
    stream = BytesIO()
    write_errors(stream, job.result.get("errors", []), more=job.result.get("more", 0))
    return _download(stream, f"loi-nhap-du-lieu-{job.pk}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Ghi vào hồ sơ: asks first (GET), then has the file written (POST)."""
    actor = _actor(request)
    job = import_get(actor, pk)
    if request.method != "POST":
        return render(request, "portal/confirm.html", _confirmation(job))
    try:
        services.import_apply_ask(actor=actor, job=job)
    except services.ImportChanged:
        messages.warning(request, _("Tệp này đã được người khác ghi hoặc đang được xử lý."))
    return redirect("cadres:import-detail", pk=pk)


def _confirmation(job: ImportJob) -> dict[str, object]:
    return {
        "title": _("Ghi “%(file)s” vào hồ sơ?") % {"file": job.file_name},
        "text": _("Toàn bộ tệp được ghi cùng một lúc; có lỗi thì không ghi gì."),
        "submit": _("Ghi vào hồ sơ"),
        "action": reverse("cadres:import-apply", args=[job.pk]),
        "cancel_url": reverse("cadres:import-detail", args=[job.pk]),
    }


@require_POST
def import_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an interrupted import to the workers again."""
    actor = _actor(request)
    job = import_get(actor, pk)
    try:
        services.import_retry(actor=actor, job=job)
    except services.ImportChanged:
        messages.info(request, _("Tệp này đã xử lý xong; không cần thử lại."))
    return redirect("cadres:import-detail", pk=pk)


@require_safe
def import_template(request: HttpRequest) -> FileResponse:
    """An empty workbook with every sheet, what each column means, and the closed lists."""
    if not scope_paths(_actor(request)):
        raise PermissionDenied
    record_export(
        actor=_actor(request), what="import-template", file_format="xlsx", people=None, filters={}
    )
    stream = BytesIO()
    write_template(stream)
    return _download(stream, "tep-mau-trao-doi-du-lieu.xlsx")


@require_safe
def workbook_export(request: HttpRequest) -> FileResponse:
    """The exchange workbook of one unit's subtree (`don_vi`), or of all that the actor may take."""
    actor = _actor(request)
    code = request.GET.get("don_vi", "")
    unit = unit_get(actor, code) if code else None
    stream = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        services.workbook_export_for(actor=actor, unit=unit, stream=stream)
    except BaseException:
        stream.close()
        raise
    day = clock.today().isoformat()
    return _download(stream, f"du-lieu-{unit.code if unit else 'toan-bo'}-{day}.xlsx")


def _download(stream: object, name: str) -> FileResponse:
    stream.seek(0)  # type: ignore[attr-defined]
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=_XLSX)
    response["Cache-Control"] = "no-store"
    return response
