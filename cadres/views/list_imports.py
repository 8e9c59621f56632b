"""Pages of lists as offices keep them: from the uploaded file to the files of people, and back."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadres.contexts import list_imports as contexts
from cadres.exports.list_problems import write_problems
from cadres.forms.list_imports import ListOptionsForm
from cadres.models import ListImport, User
from cadres.policies import can_see_sensitive
from cadres.selectors.list_imports import (
    list_import_get,
    list_import_is_held,
    list_problem_rows,
)
from cadres.services import list_imports as services
from cadres.services.records import record_export

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _actor(request: HttpRequest) -> User:
    return cast(User, request.user)


def _back(request: HttpRequest, pk: int, query: str = "", *, whole: bool = False) -> HttpResponse:
    """To the list again; `whole` reloads the page around the part that htmx would replace."""
    url = reverse("cadres:list-import-detail", args=[pk]) + query
    if whole and request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(
        request,
        _(
            "Danh sách vừa được thay đổi ở nơi khác; đây là trạng thái mới nhất. "
            "Hãy làm lại nếu cần."
        ),
    )
    return _back(request, pk, whole=True)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdigit() else 0


@require_safe
def list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A list where it stands: its grid with what to decide, its changes, or what was written."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    is_held = list_import_is_held(found)
    context = contexts.detail(actor, found, request.GET, is_held=is_held)
    return render(request, f"cadres/list_import/{context['page']}.html", context)


@require_POST
def list_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Take another mapping of the columns."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    mapping = {
        column["letter"]: request.POST[f"cot-{column['letter']}"] or None
        for column in found.columns
        if f"cot-{column.get('letter')}" in request.POST
    }
    try:
        services.list_map(
            actor=actor, list_import=found, version=_version(request), mapping=mapping
        )
    except services.ListChanged:
        return _moved(request, pk)
    return _back(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def list_options(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the list is about: day, term, sheet, header."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    form = ListOptionsForm(request.POST if request.method == "POST" else None, list_import=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        header = None
        if given["header_first"] and given["header_last"]:
            header = (given["header_first"], given["header_last"])
        try:
            services.list_map(
                actor=actor,
                list_import=found,
                version=_version(request),
                sheet=given["sheet"] or None,
                header=header,
                options={
                    "as_of": given["as_of"],
                    "term_code": given["term"],
                    "writes_posts": given["writes_posts"],
                },
            )
        except services.ListChanged:
            return _moved(request, pk)
        return _back(request, pk)
    context = contexts.options(found, form)
    status = 422 if form.errors else 200
    return render(request, "cadres/list_import/options.html", context, status=status)


@require_POST
def list_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a cell, say whose row it is, or what a text means."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    decision = contexts.decision(request.POST)
    if decision is None:
        raise Http404
    try:
        services.list_decide(actor=actor, list_import=found, version=_version(request), **decision)
    except services.ListChanged:
        return _moved(request, pk)
    return _back(request, pk, contexts.place(request.POST))


@require_POST
def list_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Work out what writing the list would do."""
    return _act(request, pk, services.list_preview)


@require_POST
def list_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from the preview to the corrections."""
    return _act(request, pk, services.list_reopen)


@require_POST
def list_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Ghi vào hồ sơ: have the list written as it was shown."""
    return _act(request, pk, services.list_apply_ask)


def _act(request: HttpRequest, pk: int, work: object) -> HttpResponse:
    actor = _actor(request)
    found = list_import_get(actor, pk)
    try:
        work(actor=actor, list_import=found, version=_version(request))  # type: ignore[operator]
    except services.ListChanged:
        return _moved(request, pk)
    except services.ListNotReady:
        messages.warning(request, _("Còn chỗ cần quyết định trước khi xem thay đổi."))
    return _back(request, pk, whole=True)


@require_POST
def list_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an interrupted list to the workers again."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    try:
        services.list_retry(actor=actor, list_import=found)
    except services.ListChanged:
        messages.info(request, _("Danh sách này đã xử lý xong; không cần thử lại."))
    return _back(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def list_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Hoàn tác: says what would be taken back or what stands in the way (GET), does it (POST)."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    if request.method != "POST":
        return render(request, "cadres/list_import/undo.html", contexts.undo(found))
    try:
        services.list_undo_ask(actor=actor, list_import=found)
    except services.ListChanged:
        return _moved(request, pk)
    except services.ListStuck as stuck:
        context = contexts.undo(found, stuck.obstacles)
        return render(request, "cadres/list_import/undo.html", context, status=409)
    return _back(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def list_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a list of which nothing was written."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    if request.method != "POST":
        return render(request, "portal/confirm.html", contexts.drop(found))
    try:
        services.list_drop(actor=actor, list_import=found)
    except services.ListChanged:
        return _moved(request, pk)
    messages.success(request, _("Đã bỏ danh sách “%(file)s”.") % {"file": found.file_name})
    return redirect("cadres:import-list")


@require_safe
def list_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress anew; when the work is over the page is asked to reload."""
    found = list_import_get(_actor(request), pk)
    is_held = list_import_is_held(found)
    job = contexts.progress(found, is_held=is_held)
    response = render(request, "components/progress.html", {"job": job})
    if job["state"] not in {"waiting", "running"}:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def list_problems(request: HttpRequest, pk: int) -> FileResponse:
    """Everything to decide or to look at as a workbook, to be worked off beside the file."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    stream = BytesIO()
    rows = list(list_problem_rows(found))
    number = write_problems(stream, found.columns, rows)
    _record(actor, found, "import-errors", people=len(rows), rows=number)
    return _download(stream, f"loi-danh-sach-{found.pk}.xlsx", _XLSX)


@require_safe
def list_file(request: HttpRequest, pk: int) -> FileResponse:
    """The uploaded file as it came, for who may see the list."""
    actor = _actor(request)
    found = list_import_get(actor, pk)
    if not found.file:
        raise Http404
    _record(actor, found, "import-file", people=found.counts.get("people"))
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.file_name,
        content_type="application/octet-stream",
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def _record(
    actor: User, found: ListImport, what: str, *, people: int | None, rows: int | None = None
) -> None:
    record_export(
        actor=actor,
        what=what,
        file_format=found.file_name.rpartition(".")[2][:10] if what == "import-file" else "xlsx",
        people=people,
        rows=rows,
        filters={"list": found.pk},
        is_sensitive=can_see_sensitive(actor, found.unit),
        unit=found.unit,
        as_of=found.as_of,
    )


def _download(stream: BytesIO, name: str, kind: str) -> FileResponse:
    stream.seek(0)
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "no-store"
    return response
