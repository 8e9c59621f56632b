"""Pages of one person's file. Every opening is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cadre_portal.common.viewdate import view_date
from cadres import file_parts
from cadres.choices import FileDoor
from cadres.contexts import cadre_file as contexts
from cadres.contexts.history import history_context
from cadres.contexts.links import Links
from cadres.file_parts import FilePart
from cadres.selectors import cadre_file as reads
from cadres.selectors.cadre_file import CadreFile
from cadres.selectors.history import cadre_history as changes_of
from cadres.services.records import record_opening

Parts = list[FilePart]


@require_safe
def cadre_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A person's file on the date of view; `phan=` chooses the part."""
    tab = request.GET.get("phan", file_parts.SUMMARY)
    if tab not in _PARTS:
        tab = file_parts.SUMMARY
    file, parts = _opened(request, code, tab, FileDoor.PAGE)
    template, fill = _PARTS[tab]
    context = contexts.frame(file, parts, tab) | fill(file, parts)
    return render(request, f"cadres/{template}.html", context)


@require_safe
def cadre_panel(request: HttpRequest, code: str) -> HttpResponse:
    """The compact summary: a part beside a list for htmx, a page for others."""
    file, parts = _opened(request, code, file_parts.SIDE, FileDoor.PAGE)
    evaluations = reads.evaluations_of(file.cadre)
    trainings = reads.trainings_of(file.cadre)
    context = contexts.frame(file, parts, file_parts.SIDE)
    context |= contexts.side(file, parts, evaluations=evaluations, trainings=trainings)
    is_part = bool(request.headers.get("HX-Request"))
    return render(request, f"cadres/{'_' if is_part else ''}cadre_panel.html", context)


@require_safe
def cadre_history(request: HttpRequest, code: str) -> HttpResponse:
    """Lịch sử sửa đổi of a file: a part for htmx, a page for others."""
    file, parts = _opened(request, code, file_parts.HISTORY, FileDoor.HISTORY)
    changes = changes_of(request.user, file.cadre)
    back = Links(file.as_of).to("cadres:cadre-detail", code)
    context = contexts.frame(file, parts, file_parts.HISTORY)
    history = history_context(
        changes, subject=file.cadre.full_name, back_url=back, query=request.GET
    )
    is_part = bool(request.headers.get("HX-Request"))
    template = "cadres/_history.html" if is_part else "cadres/cadre_history.html"
    return render(request, template, history | context)


def _opened(request: HttpRequest, code: str, tab: str, door: FileDoor) -> tuple[CadreFile, Parts]:
    """The file with what rooms above add; its opening is on record."""
    file = reads.cadre_file(request.user, code, view_date(request))
    record_opening(actor=request.user, cadre=file.cadre, door=door)
    return file, file_parts.parts_of(contexts.subject_of(file, tab))


# ---- Parts -----------------------------------------------------------------------------------


def _summary(file: CadreFile, parts: Parts) -> dict[str, Any]:
    return contexts.summary(
        file,
        parts,
        evaluations=reads.evaluations_of(file.cadre),
        trainings=reads.trainings_of(file.cadre),
        disciplines=reads.disciplines_of(file),
    )


def _training(file: CadreFile, parts: Parts) -> dict[str, Any]:
    return contexts.training(file, reads.trainings_of(file.cadre))


def _evaluation(file: CadreFile, parts: Parts) -> dict[str, Any]:
    evaluations = reads.evaluations_of(file.cadre)
    return contexts.evaluation(
        file,
        evaluations,
        reads.disciplines_of(file),
        reads.grades_of_units(file.actor, evaluations),
    )


def _planning(file: CadreFile, parts: Parts) -> dict[str, Any]:
    return {"tab_title": _("Quy hoạch"), "tab_blocks": contexts.blocks(parts, "tab")}


def _rotation(file: CadreFile, parts: Parts) -> dict[str, Any]:
    return {"tab_title": _("Luân chuyển"), "tab_blocks": contexts.blocks(parts, "tab")}


_PARTS: dict[str, tuple[str, Callable[[CadreFile, Parts], dict[str, Any]]]] = {
    file_parts.SUMMARY: ("cadre_detail", _summary),
    file_parts.CAREER: ("cadre_detail_career", contexts.career),
    file_parts.TRAINING: ("cadre_detail_training", _training),
    file_parts.EVALUATION: ("cadre_detail_evaluation", _evaluation),
    file_parts.PLANNING: ("cadre_detail_part", _planning),
    file_parts.ROTATION: ("cadre_detail_part", _rotation),
}
