"""Nhận định: cards by unit with the evidence beside them, and everything done to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cadre_portal.common import clock
from cadre_portal.common.viewdate import view_date
from cadres.policies import require
from inspections.contexts import findings as context
from inspections.contexts.links import address
from inspections.contexts.minutes import detail_url
from inspections.contexts.self_reports import said_links
from inspections.contexts.workspace import workspace
from inspections.forms.findings import (
    ALL_UNITS,
    AnswerForm,
    CorrectionForm,
    DropForm,
    FileProofForm,
    FindingFilterForm,
    FindingForm,
    NewFindingForm,
)
from inspections.merging import EditClash
from inspections.models import Finding, FindingEvidence, Inspection
from inspections.policies import can_approve_finding, can_follow_up, can_work
from inspections.selectors import findings as selectors
from inspections.selectors import inspection_get
from inspections.selectors.evidence import evidence_get, evidence_of, results_of
from inspections.selectors.findings import finding_get
from inspections.selectors.minutes import minutes_naming
from inspections.selectors.seen import told_of, units_read, units_seen
from inspections.selectors.self_reports import answered_about
from inspections.services import corrections, drafting, objections
from inspections.services import findings as services
from inspections.services.evidence import latest_taking
from inspections.services.holding import WRITING, InspectionRefused
from inspections.views.evidence import record_shown

PER_PAGE = 50
_SAFE_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
#: Query of the page of findings, as `contexts.links.address` takes it.
_PAGE_KEYS = ("don-vi", "loai", "chu-de", "trang-thai")
EVERY = "tat-ca"


def _page_query(request: HttpRequest) -> dict[str, str]:
    asked = {key: request.GET.get(key, "") for key in _PAGE_KEYS}
    return {key.replace("-", "_"): value for key, value in asked.items() if value}


# ---- The page --------------------------------------------------------------------------------


@require_safe
def inspection_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """Findings of a unit as cards; `bc`: the drawer with what one of them rests on."""
    inspection = inspection_get(request.user, pk)
    as_of = view_date(request)
    seen = selectors.seen_by(request.user, inspection)
    counts = selectors.unit_counts(seen)
    unit = _unit_asked(request.GET.get("don-vi", ""), counts)
    form = FindingFilterForm(request.GET, used=selectors.used_values(seen))
    rows = Paginator(selectors.finding_list(seen, form.wanted(unit)), PER_PAGE)
    shown_page = rows.get_page(request.GET.get("trang"))
    query = _page_query(request)
    taking = latest_taking(inspection)
    page = workspace(request.user, inspection, context.PAGE, as_of)
    may_write = page["works"] and inspection.stage in WRITING
    page |= {
        "units": context.unit_list(counts, inspection.pk, unit, as_of, _report_notes(inspection)),
        "every": {
            "url": context.findings_url(inspection.pk, as_of, don_vi=EVERY),
            "here": unit is None,
        },
        "heading": _heading(unit, counts),
        "page_obj": shown_page,
        "cards": context.cards(
            request.user,
            inspection,
            shown_page.object_list,
            as_of,
            page=query,
            latest=taking.pk if taking else None,
        ),
        "form": form,
        "is_filtered": any(query.get(key) for key in ("loai", "chu_de", "trang_thai")),
        "clear_url": context.findings_url(inspection.pk, as_of, don_vi=query.get("don_vi")),
        "unit_query": query.get("don_vi", ""),
        "add_url": address(
            "inspections:finding-add", inspection.pk, as_of=as_of, don_vi=query.get("don_vi")
        )
        if may_write
        else "",
        "draft_url": address("inspections:findings-draft", inspection.pk, as_of=as_of)
        if may_write and taking
        else "",
        "approve_url": address("inspections:findings-approve", inspection.pk, as_of=as_of)
        if may_write and can_approve_finding(request.user, inspection)
        else "",
        "comparison_url": address("inspections:inspection-comparison", inspection.pk, as_of=as_of),
        "evidence_page": address("inspections:inspection-evidence", inspection.pk, as_of=as_of),
        "has_taking": taking is not None,
        "is_all": unit is None,
    }
    asked = request.GET.get("bc", "")
    if asked.isdecimal():
        page["drawer"] = _drawer(request, inspection, int(asked), query)
    return render(request, "inspections/findings.html", page)


def _unit_asked(text: str, counts: list[selectors.UnitCount]) -> int | None:
    """The inspected unit that is shown, the first without; 0 what concerns all; None everything.

    Raises Http404 for a unit that is not there.
    """
    if text == EVERY:
        return None
    if text == ALL_UNITS:
        return 0
    units = [each.inspected.pk for each in counts if each.inspected]
    if not text:
        return units[0] if units else None
    if not text.isdecimal() or int(text) not in units:
        raise Http404
    return int(text)


def _heading(unit: int | None, counts: list[selectors.UnitCount]) -> str:
    if unit is None:
        total = sum(each.total for each in counts)
        name = _("Tất cả đơn vị")
    else:
        own = next((c for c in counts if (c.inspected.pk if c.inspected else 0) == unit), None)
        total = own.total if own else 0
        name = str(own.inspected) if own and own.inspected else _("Chung cho các đơn vị")
    words = ngettext("%(unit)s: %(n)s nhận định", "%(unit)s: %(n)s nhận định", total)
    return words % {"unit": name, "n": total}


def _report_notes(inspection: Inspection) -> dict[int, str]:
    found = {}
    for pk, report in selectors.self_reports_of(inspection).items():
        if report.submitted_on:
            day = f"{report.submitted_on:%d/%m}"
            found[pk] = _("đã nộp %(day)s") % {"day": day}
    return found


def _drawer(
    request: HttpRequest, inspection: Inspection, proof_id: int, query: dict[str, str]
) -> dict[str, Any]:
    proof = get_object_or_404(
        FindingEvidence,
        pk=proof_id,
        evidence__isnull=False,
        finding__in=selectors.findings_visible(request.user, inspection),
    )
    return _drawer_of(request, inspection, proof, query)


def _drawer_of(
    request: HttpRequest, inspection: Inspection, proof: FindingEvidence, query: dict[str, str]
) -> dict[str, Any]:
    finding = finding_get(request.user, inspection, proof.finding_id)
    evidence = evidence_get(request.user, proof.evidence_id or 0)
    as_of = view_date(request)
    shown = context.drawer(request.user, inspection, finding, proof, evidence, as_of, query)
    shown["said"] = said_links(
        evidence.inspected_unit, answered_about(evidence.inspected_unit, finding.topic), as_of
    )
    record_shown(request, shown)
    return shown


@require_safe
def finding_proof(request: HttpRequest, pk: int, finding: int, proof: int) -> HttpResponse:
    """The drawer alone for htmx; the page with it open for others."""
    inspection = inspection_get(request.user, pk)
    row = finding_get(request.user, inspection, finding)
    found = get_object_or_404(FindingEvidence, pk=proof, finding=row, evidence__isnull=False)
    query = _page_query(request)
    if not request.headers.get("HX-Request"):
        return redirect(
            context.proof_links(inspection.pk, row, found, view_date(request), query)["href"]
        )
    shown = _drawer_of(request, inspection, found, query)
    return render(request, "inspections/_evidence.html", shown)


@require_safe
def finding_detail(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """One finding with everything beside it."""
    inspection = inspection_get(request.user, pk)
    row = finding_get(request.user, inspection, finding)
    as_of = view_date(request)
    page = {
        "cards": context.cards(request.user, inspection, [row], as_of, page=_unit_query(row)),
        "minutes": [
            {"words": str(each), "url": detail_url(each, as_of)}
            for each in minutes_naming(row, request.user)
        ],
        **_around(inspection, row, as_of, ""),
    }
    return render(request, "inspections/finding_detail.html", page)


def _unit_query(finding: Finding) -> dict[str, str]:
    return {"don_vi": str(finding.inspected_unit_id or ALL_UNITS)}


def _back(finding: Finding) -> HttpResponse:
    url = context.findings_url(finding.inspection_id, clock.today(), **_unit_query(finding))
    return redirect(f"{url}#nd-{finding.pk}")


def _around(
    inspection: Inspection, finding: Finding | None, as_of: Any, title: str
) -> dict[str, Any]:
    """Head and breadcrumbs of the pages on one finding."""
    query = _unit_query(finding) if finding else {}
    back = context.findings_url(inspection.pk, as_of, **query)
    return {
        "inspection": inspection,
        "finding": finding,
        "act_title": title,
        "cancel_url": back + (f"#nd-{finding.pk}" if finding else ""),
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {
                "label": inspection.decision_no or inspection.name,
                "url": address("inspections:inspection-detail", inspection.pk, as_of=as_of),
            },
            {"label": _("Nhận định"), "url": back},
            *([{"label": title}] if title else []),
        ],
    }


# ---- Drafting and approving ------------------------------------------------------------------


@require_POST
def findings_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft from the newest taking."""
    inspection = inspection_get(request.user, pk)
    try:
        done = drafting.findings_draft(actor=request.user, inspection=inspection)
    except InspectionRefused as refused:
        _tell(request, refused)
    else:
        words = {"added": done.added, "renewed": done.renewed, "removed": done.removed}
        text = _(
            "Đã soạn %(added)s nhận định mới; %(renewed)s bản soạn chưa ai sửa được cập nhật,"
            " %(removed)s bản không còn đúng được bỏ."
        )
        messages.success(request, text % words)
    return redirect(context.PAGE, inspection.pk)


@require_POST
def findings_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve what was ticked, each by the version that was read."""
    inspection = inspection_get(request.user, pk)
    require(can_approve_finding(request.user, inspection))
    versions = {}
    for each in request.POST.getlist("chon"):
        number, _sep, version = each.partition(":")
        if number.isdecimal() and version.isdecimal():
            versions[int(number)] = int(version)
    try:
        done, left = services.findings_approve(
            actor=request.user, inspection=inspection, versions=versions
        )
    except InspectionRefused as refused:
        _tell(request, refused)
    else:
        text = ngettext("Đã duyệt %(n)s nhận định.", "Đã duyệt %(n)s nhận định.", done)
        messages.success(request, text % {"n": done})
        for reason in dict.fromkeys(left):
            messages.warning(request, f"{reason} ({left.count(reason)})")
    query = {"don_vi": request.POST.get("don-vi", "")}
    return redirect(context.findings_url(inspection.pk, clock.today(), **query))


@require_POST
def finding_approve(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Approve one, by the version that was read."""
    row = _writable(request, pk, finding)
    version = _number(request.POST.get("version"))
    return _do(
        request,
        row,
        lambda: services.finding_approve(actor=request.user, finding=row, version=version),
        _("Đã duyệt nhận định."),
    )


# ---- Writing ---------------------------------------------------------------------------------


@_SAFE_OR_POST
def finding_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding written by hand."""
    inspection = inspection_get(request.user, pk)
    require(can_work(request.user, inspection))
    units = units_seen(request.user, inspection)
    unit = request.GET.get("don-vi", "")
    form = NewFindingForm(_sent(request), units=units, initial={"unit": unit})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.finding_add(
                actor=request.user, inspection=inspection, values=form.values()
            )
        except ValidationError as error:
            form.refuse(error)
        except InspectionRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("Đã thêm nhận định."))
            return _back(row)
    page = _around(inspection, None, view_date(request), _("Thêm nhận định"))
    return _form_page(request, page, form, _("Thêm"))


@_SAFE_OR_POST
def finding_edit(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Change one; where somebody else changed the same, both versions stand side by side."""
    row = _writable(request, pk, finding)
    clash = None
    version = _number(request.POST.get("version", row.version))
    form = FindingForm(_sent(request), initial=services.values_of(row))
    if request.method == "POST" and form.is_valid():
        # What is taken from the other person is simply not written over.
        kept = {
            name: value
            for name, value in form.cleaned_data.items()
            if request.POST.get(f"chon-{name}") != "theirs"
        }
        try:
            services.finding_change(actor=request.user, finding=row, version=version, values=kept)
        except ValidationError as error:
            form.refuse(error)
        except InspectionRefused as refused:
            _refuse(form, refused)
        except EditClash as found:
            clash, version = found, found.version
            form = FindingForm(found.values)
            form.is_valid()
        else:
            messages.success(request, _("Đã lưu nhận định; nhận định chờ duyệt."))
            return _back(row)
    page = _around(row.inspection, row, view_date(request), _("Sửa nhận định"))
    page |= {"version": version, "clash": clash}
    return _form_page(request, page, form, _("Lưu"), clash)


@_SAFE_OR_POST
def finding_drop(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Leave one out, with the reason."""
    row = _writable(request, pk, finding)
    form = DropForm(_sent(request))
    return _act(
        request,
        row,
        form,
        act=lambda data: services.finding_drop(actor=request.user, finding=row, **data),
        done=_("Đã bỏ nhận định."),
        title=_("Bỏ nhận định"),
        submit=_("Bỏ nhận định"),
    )


@require_POST
def finding_restore(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Bring one back."""
    row = _writable(request, pk, finding)
    return _do(
        request,
        row,
        lambda: services.finding_restore(actor=request.user, finding=row),
        _("Đã lấy lại nhận định."),
    )


@require_POST
def finding_move(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Before or behind its neighbour."""
    row = _writable(request, pk, finding)
    step = -1 if request.POST.get("huong") == "len" else 1
    return _do(
        request,
        row,
        lambda: services.finding_move(actor=request.user, finding=row, step=step),
        "",
    )


# ---- What it rests on ------------------------------------------------------------------------


@_SAFE_OR_POST
def finding_proofs(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Choose frozen results of the unit, or a file, that the finding rests on."""
    row = _writable(request, pk, finding)
    inspection = row.inspection
    form = FileProofForm(_sent(request), request.FILES or None)
    is_file = request.method == "POST" and request.POST.get("gi") == "tep"
    if request.method == "POST":
        try:
            if not is_file:
                services.proofs_add(actor=request.user, finding=row, proofs=_chosen(request, row))
            elif form.is_valid():
                services.file_proof_add(actor=request.user, finding=row, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except InspectionRefused as refused:
            _refuse(form, refused)
        else:
            if not is_file or form.is_valid():
                messages.success(request, _("Đã gắn bằng chứng; nhận định chờ duyệt."))
                return _back(row)
    as_of = view_date(request)
    page = _around(inspection, row, as_of, _("Bằng chứng của nhận định"))
    page |= {
        "form": form if is_file or request.method != "POST" else FileProofForm(),
        "refused": [] if is_file else list(form.non_field_errors()) if form.is_bound else [],
        "card": context.cards(request.user, inspection, [row], as_of, page=_unit_query(row))[0],
        "own": [
            {
                "proof": proof,
                "links": context.proof_links(inspection.pk, row, proof, as_of, _unit_query(row)),
                "remove_url": address(
                    "inspections:finding-proof-remove",
                    inspection.pk,
                    row.pk,
                    proof.pk,
                    as_of=as_of,
                ),
            }
            for proof in row.proofs.all()
        ],
        "choices": _choices(request, row),
    }
    failed = request.method == "POST"
    return render(request, "inspections/finding_proofs.html", page, status=422 if failed else 200)


def _choices(request: HttpRequest, finding: Finding) -> list[dict[str, Any]]:
    """Frozen results of the newest taking on the finding's unit, by evidence."""
    taking = latest_taking(finding.inspection)
    if taking is None:
        return []
    units = units_read(request.user, finding.inspection)
    if finding.inspected_unit_id:
        units = [each for each in units if each.pk == finding.inspected_unit_id]
    told = told_of(request.user, units)
    used = {(proof.evidence_id, proof.key) for proof in finding.proofs.all()}
    return context.proof_choices(
        [row for row, _counts in evidence_of(taking, units)], used, told, results_of
    )


def _chosen(request: HttpRequest, finding: Finding) -> list[dict[str, Any]]:
    """`evidence:key` of each box that was ticked; evidence that the actor may read."""
    found = []
    for each in request.POST.getlist("chon"):
        number, _sep, key = each.partition("|")
        if number.isdecimal():
            found.append({"evidence": evidence_get(request.user, int(number)), "key": key})
    if not found:
        raise InspectionRefused([_("Chưa chọn bằng chứng nào.")])
    return found


@require_POST
def finding_proof_remove(request: HttpRequest, pk: int, finding: int, proof: int) -> HttpResponse:
    """Take away what it rests on."""
    row = _writable(request, pk, finding)
    return _do(
        request,
        row,
        lambda: services.proof_remove(actor=request.user, finding=row, proof_id=proof),
        _("Đã gỡ bằng chứng; nhận định chờ duyệt."),
    )


# ---- Objections, corrections -----------------------------------------------------------------


@_SAFE_OR_POST
def objection_answer(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    """What the team answers a unit."""
    inspection = inspection_get(request.user, pk)
    found = selectors.objection_get(request.user, inspection, objection)
    require(can_work(request.user, inspection))
    row = finding_get(request.user, inspection, found.finding_id)
    return _act(
        request,
        row,
        AnswerForm(_sent(request)),
        act=lambda data: objections.objection_answer(
            actor=request.user, objection=found, text=data["answer"]
        ),
        done=_("Đã trả lời ý kiến của đơn vị."),
        title=_("Trả lời ý kiến của đơn vị"),
        submit=_("Trả lời"),
    )


@_SAFE_OR_POST
def finding_correct(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """A correction after the conclusion."""
    inspection = inspection_get(request.user, pk)
    row = finding_get(request.user, inspection, finding)
    require(can_follow_up(request.user, inspection))
    last = list(row.corrections.all())[-1:]
    form = CorrectionForm(_sent(request), initial={"after": last[0].after if last else row.text})
    return _act(
        request,
        row,
        form,
        act=lambda data: corrections.correction_add(actor=request.user, finding=row, **data),
        done=_("Đã ghi đính chính; nhận định trong kết luận giữ nguyên."),
        title=_("Đính chính nhận định"),
        submit=_("Ghi đính chính"),
    )


# ---- What all of them do ---------------------------------------------------------------------


def _writable(request: HttpRequest, pk: int, finding: int) -> Finding:
    """A finding that the actor sees, for who works on the inspection."""
    inspection = inspection_get(request.user, pk)
    row = finding_get(request.user, inspection, finding)
    require(can_work(request.user, inspection))
    row.inspection = inspection
    return row


def _sent(request: HttpRequest) -> Any:
    """What was sent; an empty form that is sent is told what it lacks."""
    return request.POST if request.method == "POST" else None


def _number(text: Any) -> int:
    return int(text) if str(text).isdecimal() else -1


def _tell(request: HttpRequest, refused: InspectionRefused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason)


def _refuse(form: Any, refused: InspectionRefused) -> None:
    for reason in refused.reasons:
        form.add_error(None, reason)


def _do(
    request: HttpRequest, finding: Finding, act: Callable[[], object], done: str
) -> HttpResponse:
    """An act without questions."""
    try:
        act()
    except InspectionRefused as refused:
        _tell(request, refused)
    else:
        if done:
            messages.success(request, done)
    return _back(finding)


def _act(
    request: HttpRequest,
    finding: Finding,
    form: Any,
    *,
    act: Callable[[dict[str, Any]], object],
    done: str,
    title: str,
    submit: str,
) -> HttpResponse:
    """The form of an act on a finding: asked once, done, or refused with all reasons."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except InspectionRefused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, done)
            return _back(finding)
    as_of = view_date(request)
    page = _around(finding.inspection, finding, as_of, title)
    page["cards"] = context.cards(
        request.user, finding.inspection, [finding], as_of, page=_unit_query(finding)
    )
    return _form_page(request, page, form, submit)


def _form_page(
    request: HttpRequest,
    page: dict[str, Any],
    form: Any,
    submit: str,
    clash: EditClash | None = None,
) -> HttpResponse:
    page |= {"form": form, "rows": context.form_rows(form, clash), "submit": submit}
    status = 409 if clash else 422 if form.errors else 200
    return render(request, "inspections/finding_form.html", page, status=status)
