"""Every official table of planning: what it is called, who makes it, how it goes out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cadres.exports.letters import Letter, make_letter
from cadres.exports.papers import CONTENT_TYPES, Paper, PaperColumn, make_paper
from cadres.papers import Attached
from cadres.policies import Actor, can_export_people, require
from cadres.services.records import record_export
from compliance.law import load_law
from planning.exports import (
    appendix_1,
    appendix_2,
    nominee_list,
    province_summary,
    structure_form,
)
from planning.models import Dossier, Plan


@dataclass(frozen=True, kw_only=True)
class PaperOptions:
    """What is chosen before a table of a plan is made."""

    as_of: dt.date
    attached: Attached
    with_group: bool = False
    dossier: Dossier | None = None


@dataclass(frozen=True, kw_only=True)
class PlanForm:
    """A table about one plan. `key`: in the address; `what`: in the record of exports."""

    key: str
    what: str
    title: str | Promise
    about: str | Promise
    make: Callable[[Actor, Plan, PaperOptions], Paper]
    has_group: bool = False
    has_dossier: bool = False


def _nominee_list(actor: Actor, plan: Plan, chosen: PaperOptions) -> Paper:
    return nominee_list.nominee_list(
        actor, plan, chosen.as_of, with_group=chosen.with_group, attached=chosen.attached
    )


def _structure(actor: Actor, plan: Plan, chosen: PaperOptions) -> Paper:
    return structure_form.structure_form(
        actor, plan, chosen.as_of, with_group=chosen.with_group, attached=chosen.attached
    )


def _appendix_1(actor: Actor, plan: Plan, chosen: PaperOptions) -> Paper:
    return appendix_1.appendix_1(
        actor, plan, chosen.dossier, chosen.as_of, attached=chosen.attached
    )


def _appendix_2(actor: Actor, plan: Plan, chosen: PaperOptions) -> Paper:
    return appendix_2.appendix_2(
        actor, plan, chosen.dossier, chosen.as_of, attached=chosen.attached
    )


PLAN_FORMS = (
    PlanForm(
        key="danh-sach",
        what="plan-list",
        title=_("Danh sách quy hoạch"),
        about=_(
            "Người trong quy hoạch theo từng chức danh: ngày sinh, chức vụ, trình độ, xếp loại."
        ),
        make=_nominee_list,
        has_group=True,
    ),
    PlanForm(
        key="bieu-tong-hop",
        what="plan-structure",
        title=_("Biểu tổng hợp số lượng, cơ cấu"),
        about=_("Số lượng, hệ số, nữ, dân tộc thiểu số, trẻ, ba độ tuổi, trình độ, nguồn."),
        make=_structure,
        has_group=True,
    ),
    PlanForm(
        key="phu-luc-1",
        what="plan-appendix-1",
        title=_("Phụ lục 1: rà soát, chuyển tiếp"),
        about=_("12 cột, theo nhiệm kỳ: cấp trưởng, cấp phó, đưa ra khỏi quy hoạch."),
        make=_appendix_1,
        has_dossier=True,
    ),
    PlanForm(
        key="phu-luc-2",
        what="plan-appendix-2",
        title=_("Phụ lục 2: rà soát, bổ sung"),
        about=_("10 cột: số lượng đề nghị và danh sách nhân sự giới thiệu."),
        make=_appendix_2,
        has_dossier=True,
    ),
)
SUMMARY = "province-summary"

#: Tables of each Word template, as their columns stand in the code.
TEMPLATES: dict[str, Sequence[tuple[str, Sequence[PaperColumn]]]] = {
    form.KEY: form.TABLES
    for form in (nominee_list, structure_form, appendix_1, appendix_2, province_summary)
}


def template_writers() -> dict[str, Callable[[Path], None]]:
    """What writes each Word template, by its name without the ending."""
    from cadres.exports.word_templates import write_template

    return {name: partial(write_template, tables=tables) for name, tables in TEMPLATES.items()}


def plan_form(key: str) -> PlanForm | None:
    """The table with this key."""
    return next((form for form in PLAN_FORMS if form.key == key), None)


def paper_response(
    *,
    actor: Actor,
    paper: Paper | Letter,
    file_format: str,
    what: str,
    name: str,
    filters: Mapping[str, Any],
    reason: str,
    as_of: dt.date,
) -> HttpResponse:
    """The paper as a file, written to the record. Raises PermissionDenied."""
    require(can_export_people(actor))
    if isinstance(paper, Letter):
        body = make_letter(paper, file_format)
    else:
        body = make_paper(paper, file_format)
    record_export(
        actor=actor,
        what=what,
        file_format=file_format,
        people=paper.people,
        rows=paper.row_count,
        filters=filters,
        reason=reason,
        is_sensitive=paper.is_sensitive,
        as_of=as_of,
        law_fingerprint=load_law().fingerprint,
        sha256=hashlib.sha256(body).hexdigest(),
    )
    response = HttpResponse(body, content_type=CONTENT_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
