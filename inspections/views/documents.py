"""Papers of an inspection: the set, one paper, the register, the file of all, what units get."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import can_export_people, can_see_sensitive, require
from cadres.services.records import record_export
from cadres.services.stored_exports import export_ask
from inspections.contexts import documents as context
from inspections.contexts.links import address
from inspections.contexts.sections import sections
from inspections.contexts.side import side_tabs
from inspections.contexts.workspace import workspace
from inspections.exports import bundle
from inspections.exports.forms import (
    Made,
    file_name,
    form_of,
    goes_to_units,
    make,
    tells_sensitive,
)
from inspections.exports.making import (
    FORMATS,
    annex_response,
    paper_file,
    paper_response,
    register_response,
)
from inspections.exports.parts import (
    DocumentForm,
    Subject,
    day_of,
    number_of,
    paper_unit,
    subjects_of,
    symbol_of,
)
from inspections.forms.documents import (
    OWN,
    UPLOAD,
    AttachForm,
    CancelForm,
    RegisterFilterForm,
    RegisterForm,
    SetForm,
)
from inspections.models import Inspection, RegisteredDocument
from inspections.policies import can_register
from inspections.selectors import inspected_get, inspection_get
from inspections.selectors.papers import Source, is_told, source_of, source_of_side
from inspections.selectors.register import (
    document_get,
    document_list,
    document_of_side,
    documents_of_side,
    next_number,
    templates_used,
    terms_used,
)
from inspections.selectors.seen import may_take_evidence
from inspections.services import documents as services
from inspections.services.documents import PaperFile
from inspections.services.holding import InspectionRefused

if TYPE_CHECKING:
    from cadres.models import User

HERE = "inspections:inspection-documents"
PER_PAGE = 50
#: What the form of the register says of a line.
_WRITTEN = ("symbol", "number", "dated_on", "title", "secrecy", "kept_at")
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(kind: str) -> DocumentForm:
    form = form_of(kind)
    if form is None:
        raise Http404
    return form


def _subject(request: HttpRequest, form: DocumentForm, source: Source) -> Subject:
    """The paper of a kind that the address names. Raises Http404."""
    asked = {name: request.GET[name] for name in ("don-vi", "bien-ban") if name in request.GET}
    for each in subjects_of(form, source):
        if {name: str(pk) for name, pk in each.address.items()} == asked:
            return each
    raise Http404


def _made(request: HttpRequest, pk: int, kind: str) -> Made:
    inspection = inspection_get(request.user, pk)
    form = _form(kind)
    return make(form, _subject(request, form, source_of(request.user, inspection)))


def _page(
    request: HttpRequest, inspection: Inspection, shown: dict[str, Any], *more: dict[str, str]
) -> dict[str, Any]:
    as_of = view_date(request)
    first = {"label": _("Văn bản"), "url": address(HERE, inspection.pk, as_of=as_of)}
    crumbs = (first, *more) if more else ({"label": _("Văn bản"), "url": ""},)
    return workspace(request.user, inspection, HERE, as_of, *crumbs) | shown


# ---- The set ---------------------------------------------------------------------------------


@require_safe
def inspection_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper of the set: what is there, what lacks, what is registered."""
    inspection = inspection_get(request.user, pk)
    source = source_of(request.user, inspection)
    shown = context.set_page(request.user, source, view_date(request))
    return render(request, "inspections/documents/set.html", _page(request, inspection, shown))


@require_safe
def document_kind(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Every paper of one kind: of each unit, each minutes."""
    inspection, form = inspection_get(request.user, pk), _form(kind)
    source = source_of(request.user, inspection)
    shown = context.kind_page(request.user, source, form, view_date(request))
    page = _page(request, inspection, shown, {"label": context.code_of(form), "url": ""})
    return render(request, "inspections/documents/kind.html", page)


@require_safe
def document_look(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One paper as it is printed."""
    made = _made(request, pk, kind)
    inspection = made.subject.inspection
    template = templates_used(inspection.unit).get(kind)
    shown = context.look_page(request.user, made, template, view_date(request))
    page = _page(request, inspection, shown, {"label": shown["code"], "url": ""})
    return render(request, "inspections/documents/look.html", page)


@require_POST
def document_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One paper to take away, as Word or PDF."""
    made = _made(request, pk, kind)
    template = templates_used(made.subject.inspection.unit).get(kind)
    return paper_response(
        actor=request.user, made=made, file_format=_format(request), template=template
    )


def _format(request: HttpRequest) -> str:
    asked = request.POST.get("dinh-dang", FORMATS[0])
    if asked not in FORMATS:
        raise Http404
    return asked


@_SAFE_OR_POST
def document_set(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole set as one file, made by a worker."""
    inspection = inspection_get(request.user, pk)
    require(can_export_people(request.user))
    may = may_take_evidence(request.user, inspection)
    form = SetForm(_sent(request), has_annexes=may)
    if form.is_valid():
        asked = {
            "inspection": inspection.pk,
            "formats": form.cleaned_data["formats"],
            "annexes": bool(form.cleaned_data.get("annexes")),
        }
        label = _("Bộ hồ sơ kiểm tra: %(name)s") % {"name": inspection.name}
        export_ask(actor=cast("User", request.user), label=label, maker=bundle.SET, asked=asked)
        messages.success(request, _("Bộ hồ sơ đang được lập; có thể làm việc khác trong lúc chờ."))
        return redirect("cadres:export-list")
    shown = {
        "form": form,
        "title": _("Tải cả bộ hồ sơ"),
        "submit": _("Lập bộ hồ sơ"),
        "intro": _(
            "Một tệp nén gồm mọi văn bản, bản đã vào sổ, phụ lục số liệu và mục lục có dấu của từng"
            " tệp. Chỉ có những gì đồng chí được xem; lần lập được ghi vào nhật ký."
        ),
        "cancel_url": address(HERE, inspection.pk, as_of=view_date(request)),
    }
    page = _page(request, inspection, shown, {"label": _("Cả bộ"), "url": ""})
    return render(request, "inspections/documents/act.html", page, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


# ---- Annexes ---------------------------------------------------------------------------------


@require_safe
def annex_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The annexes of the units that the actor looks at."""
    inspection = inspection_get(request.user, pk)
    require(may_take_evidence(request.user, inspection))
    source = source_of(request.user, inspection)
    as_of = view_date(request)
    shown = {
        "taking": source.taking,
        "rows": [
            {
                "name": str(unit),
                "url": address("inspections:annex-file", pk, unit.pk, as_of=as_of),
            }
            for unit in source.units
            if unit.pk in source.seen
        ],
        "evidence_url": address("inspections:inspection-evidence", pk, as_of=as_of),
    }
    page = _page(request, inspection, shown, {"label": _("Phụ lục số liệu"), "url": ""})
    return render(request, "inspections/documents/annexes.html", page)


@require_POST
def annex_file(request: HttpRequest, pk: int, unit_pk: int) -> FileResponse:
    """What is frozen of one unit, as a workbook."""
    inspection = inspection_get(request.user, pk)
    source = source_of(request.user, inspection)
    inspected = next((u for u in source.units if u.pk == unit_pk and u.pk in source.seen), None)
    if inspected is None:
        raise Http404
    require(may_take_evidence(request.user, inspection))
    if source.taking is None:
        raise Http404
    return annex_response(
        actor=request.user,
        inspected=inspected,
        taking=source.taking,
        tells=can_see_sensitive(request.user, inspected.unit),
    )


# ---- The register ----------------------------------------------------------------------------


@_SAFE_OR_POST
def document_register(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Enter a paper in the register, with its file."""
    made = _made(request, pk, kind)
    form_about, subject = made.form, made.subject
    inspection = subject.inspection
    require(can_register(request.user, inspection))
    unit = paper_unit(form_about, subject)
    symbol = symbol_of(form_about, subject) if form_about.code else ""
    coming = next_number(unit, symbol, clock.today()) if symbol else None
    form = RegisterForm(
        _sent(request),
        request.FILES or None,
        next_number=coming,
        initial=_proposed(form_about, subject, symbol),
    )
    back = context.urls_of(subject, form_about, view_date(request))["look"]
    if form.is_valid():
        chosen = form.cleaned_data
        values = {
            "kind": form_about.kind,
            "inspected_unit": subject.inspected,
            "minutes": subject.minutes,
            "unit": unit,
            "is_sensitive": tells_sensitive(made, is_own=chosen["keep"] != UPLOAD),
            **{name: chosen[name] for name in _WRITTEN},
        }
        try:
            line = _register(request, made, values, chosen)
        except InspectionRefused as refused:
            _tell(form, refused.reasons)
        else:
            words = {"no": line.full_number or line.title}
            messages.success(request, _("Đã vào sổ: %(no)s.") % words)
            return redirect(back)
    shown = {
        "form": form,
        "title": _("Vào sổ: %(code)s, %(name)s")
        % {"code": context.code_of(form_about), "name": form_about.label},
        "submit": _("Vào sổ"),
        "cancel_url": back,
        "intro": "",
    }
    crumb = {"label": context.code_of(form_about), "url": back}
    page = _page(request, inspection, shown, crumb, {"label": _("Vào sổ"), "url": ""})
    return render(request, "inspections/documents/act.html", page, status=_status(form))


def _register(
    request: HttpRequest, made: Made, values: dict[str, Any], chosen: dict[str, Any]
) -> RegisteredDocument:
    """Enter the line; the portal's own copy is made with the number it got."""
    upload = chosen.get("upload")
    kept = PaperFile(upload.name, upload.read()) if chosen["keep"] == UPLOAD and upload else None
    return services.document_register(
        actor=request.user,
        inspection=made.subject.inspection,
        values=values,
        file=kept,
        make_file=partial(_numbered, request, made) if chosen["keep"] == OWN else None,
    )


def _numbered(request: HttpRequest, made: Made) -> PaperFile:
    """The paper as it stands once its line is in the register: with number and day."""
    source = source_of(request.user, made.subject.inspection)
    subject = next(
        each for each in subjects_of(made.form, source) if each.address == made.subject.address
    )
    name = f"{file_name(made.form, subject)}.pdf"
    return PaperFile(name, paper_file(make(made.form, subject), "pdf"))


def _proposed(form: DocumentForm, subject: Subject, symbol: str) -> dict[str, Any]:
    """What the fields begin with: what the inspection itself says, else proposals."""
    number, _dash, own = number_of(form, subject).partition("-")
    is_number = number.isdecimal()
    day = day_of(form, subject)
    return {
        "symbol": own if is_number and own else symbol,
        "number": int(number) if is_number else None,
        "dated_on": day if day and day <= clock.today() else clock.today(),
        "title": f"{form.type_name.capitalize()} {form.about(subject)}"[:400],
        "keep": OWN,
    }


def _tell(form: Any, reasons: Iterable[str]) -> None:
    for reason in reasons:
        form.add_error(None, reason)


@_SAFE_OR_POST
def document_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed copy of a registered paper."""
    line = document_get(request.user, pk)
    require(can_register(request.user, line.inspection))
    form = AttachForm(_sent(request), request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            services.document_attach(
                actor=request.user, document=line, file=PaperFile(upload.name, upload.read())
            )
        except InspectionRefused as refused:
            _tell(form, refused.reasons)
        else:
            messages.success(request, _("Đã lưu bản đã ký."))
            return redirect(HERE, line.inspection_id)
    return _line_act(request, line, form, _("Lưu bản đã ký"), _("Lưu tệp"))


@_SAFE_OR_POST
def document_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a line was entered by mistake."""
    line = document_get(request.user, pk)
    require(can_register(request.user, line.inspection))
    form = CancelForm(_sent(request))
    if form.is_valid():
        try:
            services.document_cancel(
                actor=request.user, document=line, reason=form.cleaned_data["reason"]
            )
        except InspectionRefused as refused:
            _tell(form, refused.reasons)
        else:
            messages.success(request, _("Đã hủy số trong sổ."))
            return redirect(HERE, line.inspection_id)
    return _line_act(request, line, form, _("Hủy số trong sổ"), _("Hủy số"))


def _line_act(
    request: HttpRequest, line: RegisteredDocument, form: Any, title: str, submit: str
) -> HttpResponse:
    shown = {
        "form": form,
        "title": title,
        "submit": submit,
        "intro": f"{line.full_number} {line.title}".strip(),
        "cancel_url": address(HERE, line.inspection_id, as_of=view_date(request)),
    }
    page = _page(request, line.inspection, shown, {"label": title, "url": ""})
    return render(request, "inspections/documents/act.html", page, status=_status(form))


@require_safe
def registered_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file kept with a line of the register; every taking is recorded."""
    line = document_get(request.user, pk)
    source = source_of(request.user, line.inspection)
    if not line.file or not is_told(request.user, source, line):
        raise Http404
    return _kept(request, line)


def _kept(request: HttpRequest, line: RegisteredDocument) -> FileResponse:
    if request.method == "GET":
        record_export(
            actor=request.user,
            what="inspection-paper",
            file_format=line.file_name.rpartition(".")[2].lower()[:10],
            people=None,
            filters={"inspection": line.inspection_id, "document": line.pk, "kind": line.kind},
            is_sensitive=line.is_sensitive,
            unit=line.inspected_unit.unit if line.inspected_unit else line.inspection.unit,
            sha256=line.sha256,
        )
    response = FileResponse(line.file.open("rb"), as_attachment=True, filename=line.file_name)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def document_all(request: HttpRequest) -> HttpResponseBase:
    """The register over all inspections in which the actor reads."""
    as_of = view_date(request)
    form = RegisterFilterForm(request.GET, terms=terms_used(request.user))
    asked = {name: form.value(name) for name in ("q", "loai", "nhiem-ky")}
    rows = document_list(
        request.user, text=asked["q"].strip(), kind=asked["loai"], term=asked["nhiem-ky"]
    )
    asked = {name: value for name, value in asked.items() if value}
    if request.GET.get("tep") == "xlsx":
        require(can_export_people(request.user))
        return register_response(actor=request.user, rows=rows, filters=asked, as_of=as_of)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    name = "inspections:document-list"
    query = {key.replace("-", "_"): value for key, value in asked.items()}
    shown = {
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {"label": _("Sổ văn bản"), "url": ""},
        ],
        "sections": sections(request.user, name, as_of),
        "form": form,
        "is_filtered": bool(asked),
        "clear_url": address(name, as_of=as_of),
        "file_url": address(name, as_of=as_of, **query, tep="xlsx")
        if can_export_people(request.user)
        else "",
        "count": page.paginator.count,
        "table": context.register_table(page.object_list, page, as_of, is_filtered=bool(asked)),
    }
    return render(request, "inspections/documents/register.html", shown)


# ---- For an inspected unit -------------------------------------------------------------------


@require_safe
def side_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of an inspection that go to the unit, for its officers."""
    inspected = inspected_get(request.user, pk)
    source = source_of_side(request.user, inspected)
    as_of = view_date(request)
    shown = context.side_page(source, as_of) | {
        "crumbs": _side_crumbs(request, inspected),
        "side_tabs": side_tabs(inspected, "inspections:side-documents", as_of),
        "inspected": inspected,
        "inspection": inspected.inspection,
        "registered": [
            {
                "number": line.full_number or line.title,
                "title": line.title,
                "day": line.dated_on,
                "file_url": address("inspections:side-registered", pk, line.pk, as_of=as_of)
                if line.file and is_told(request.user, source, line)
                else "",
            }
            for line in documents_of_side(inspected)
        ],
    }
    return render(request, "inspections/documents/side.html", shown)


def _side_crumbs(request: HttpRequest, inspected: Any, *more: dict[str, str]) -> list[Any]:
    as_of = view_date(request)
    inspection = inspected.inspection
    own = address("inspections:side-documents", inspected.pk, as_of=as_of)
    return [
        {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
        {
            "label": inspection.decision_no or inspection.name,
            "url": address("inspections:inspected-detail", inspected.pk, as_of=as_of),
        },
        {"label": _("Văn bản"), "url": own if more else ""},
        *more,
    ]


def _side_made(request: HttpRequest, pk: int, kind: str) -> Made:
    inspected = inspected_get(request.user, pk)
    form, source = _form(kind), source_of_side(request.user, inspected)
    if not goes_to_units(form, source):
        raise Http404
    asked = request.GET.get("bien-ban", "")
    for each in subjects_of(form, source):
        if asked == (str(each.minutes.pk) if each.minutes else ""):
            return make(form, each)
    raise Http404


@require_safe
def side_look(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One of these papers as it is printed."""
    made = _side_made(request, pk, kind)
    as_of = view_date(request)
    inspected = made.subject.source.side
    file = address("inspections:side-file", pk, kind, as_of=as_of)
    minutes = made.subject.minutes
    shown = {
        "crumbs": _side_crumbs(
            request, inspected, {"label": context.code_of(made.form), "url": ""}
        ),
        "inspected": inspected,
        "inspection": made.subject.inspection,
        "code": context.code_of(made.form),
        "form": made.form,
        "paper": context.paper_shown(made.letter),
        "file": f"{file}?bien-ban={minutes.pk}" if minutes else file,
    }
    return render(request, "inspections/documents/side_look.html", shown)


@require_POST
def side_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One of these papers to take away."""
    made = _side_made(request, pk, kind)
    template = templates_used(made.subject.inspection.unit).get(kind)
    return paper_response(
        actor=request.user, made=made, file_format=_format(request), template=template
    )


@require_safe
def side_registered(request: HttpRequest, pk: int, line_pk: int) -> FileResponse:
    """The registered file of one of these papers."""
    inspected = inspected_get(request.user, pk)
    line = document_of_side(inspected, line_pk)
    source = source_of_side(request.user, inspected)
    if not line.file or not is_told(request.user, source, line):
        raise Http404
    return _kept(request, line)
