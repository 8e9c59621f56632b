"""Word templates of the issuing unit: looked at, replaced, tried out, taken out of use."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common.viewdate import view_date
from cadres.exports.word import CONTENT_TYPE, render_word, template_of
from cadres.exports.word_check import MOST_BYTES, Checked, check_template
from cadres.exports.word_shown import word_shown
from cadres.policies import require
from cadres.services.records import record_export
from inspections.contexts import documents as context
from inspections.contexts.links import address
from inspections.contexts.workspace import workspace
from inspections.exports.forms import fields_of, form_of, make
from inspections.exports.parts import DocumentForm, Subject, subjects_of
from inspections.forms.documents import TemplateForm
from inspections.models import Inspection
from inspections.policies import can_change_templates
from inspections.selectors import inspection_get
from inspections.selectors.papers import Source, source_of
from inspections.selectors.register import template_get, templates_of
from inspections.services import templates as services

_TAB = "inspections:inspection-documents"
#: What the buttons of the form say.
LOOK, TAKE = "xem", "tai"


def _begin(request: HttpRequest, pk: int, kind: str) -> tuple[Inspection, DocumentForm]:
    inspection, form = inspection_get(request.user, pk), form_of(kind)
    if form is None:
        raise Http404
    require(can_change_templates(request.user, inspection))
    return inspection, form


def _sample(form: DocumentForm, source: Source) -> Subject:
    """A paper of the kind to fill a template with: a real one, where there is one."""
    found = next(iter(subjects_of(form, source)), None)
    if found is not None:
        return found
    return Subject(source, next(iter(source.units), None))


@require_http_methods(["GET", "HEAD", "POST"])
def document_template(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The template in use; another one is checked, tried out, put in use."""
    inspection, about = _begin(request, pk, kind)
    sent = request.method == "POST"
    form = TemplateForm(request.POST if sent else None, request.FILES if sent else None)
    checked, shown_paper = None, None
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        body = upload.read(MOST_BYTES + 1)
        sample = make(about, _sample(about, source_of(request.user, inspection)))
        checked = check_template(body, fields_of(about), sample.fields)
        asked = request.POST.get("viec", "")
        if checked.problems:
            form.add_error("upload", _("Mẫu chưa dùng được; các chỗ cần sửa ở bảng dưới đây."))
        elif asked == TAKE:
            return _filled(about, body, sample.fields)
        elif asked == LOOK:
            filled = render_word("", sample.fields, template=_open(body))
            shown_paper = word_shown(filled)
        else:
            services.template_put(
                actor=request.user,
                inspection=inspection,
                kind=kind,
                file_name=upload.name or "mau.docx",
                body=body,
            )
            messages.success(request, _("Đã dùng mẫu mới cho “%(name)s”.") % {"name": about.label})
            return redirect("inspections:document-template", pk, kind)
    page = _page(request, inspection, about, form, checked, shown_paper)
    status = 422 if form.errors else 200
    return render(request, "inspections/documents/template.html", page, status=status)


def _page(
    request: HttpRequest,
    inspection: Inspection,
    about: DocumentForm,
    form: TemplateForm,
    checked: Checked | None,
    shown_paper: Any,
) -> dict[str, Any]:
    as_of = view_date(request)
    code = context.code_of(about)
    crumbs = (
        {"label": _("Văn bản"), "url": address(_TAB, inspection.pk, as_of=as_of)},
        {
            "label": code,
            "url": address(
                "inspections:document-kind", inspection.pk, about.kind.value, as_of=as_of
            ),
        },
        {"label": _("Mẫu Word"), "url": ""},
    )
    kept = templates_of(inspection.unit, about.kind)
    return (
        workspace(request.user, inspection, _TAB, as_of, *crumbs)
        | context.template_page(inspection, about, kept, fields_of(about), as_of)
        | {"form": form, "checked": checked, "shown": shown_paper}
    )


def _open(body: bytes) -> Any:
    return BytesIO(body)


def _filled(about: DocumentForm, body: bytes, fields: dict[str, Any]) -> HttpResponse:
    """A template that is not in use, filled for trial."""
    made = render_word("", fields, template=_open(body))
    response = HttpResponse(made, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{about.template}-thu.docx"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def document_template_file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """A template to be changed in Word: `ban` one of the unit's own, without it the portal's."""
    inspection, about = _begin(request, pk, kind)
    asked = request.GET.get("ban", "")
    name, digest = f"{about.template}.docx", ""
    if asked.isdecimal():
        kept = template_get(inspection, kind, int(asked))
        file: Any = kept.file.open("rb")
        name, digest = kept.file_name, kept.sha256
    else:
        file = template_of(name).open("rb")
    if request.method == "GET":
        record_export(
            actor=request.user,
            what="inspection-template",
            file_format="docx",
            people=None,
            filters={"kind": kind, "template": asked},
            unit=inspection.unit,
            sha256=digest,
        )
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPE,
    )


@require_POST
def document_template_use(
    request: HttpRequest, pk: int, kind: str, template_pk: int
) -> HttpResponse:
    """Use an earlier template again."""
    inspection, _about = _begin(request, pk, kind)
    services.template_use(
        actor=request.user,
        inspection=inspection,
        template=template_get(inspection, kind, template_pk),
    )
    messages.success(request, _("Đã dùng lại mẫu đã chọn."))
    return redirect("inspections:document-template", pk, kind)


@require_POST
def document_template_leave(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Go back to the template that comes with the portal."""
    inspection, _about = _begin(request, pk, kind)
    services.template_leave(actor=request.user, inspection=inspection, kind=kind)
    messages.success(request, _("Đã về mẫu có sẵn."))
    return redirect("inspections:document-template", pk, kind)
