"""Papers of rotation: the menu on its pages, the page that asks what goes out, "Báo cáo"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.common.viewdate import PARAMETER
from cadres.policies import Actor, can_export_people
from cadres.report_forms import ReportForm, ReportGroup
from rotation.contexts.links import address, list_url, rotation_url
from rotation.models import Rotation, RotationPlan

LIST, RESULTS = "rotation:export-list", "rotation:export-results"
PLAN, PLAN_SUBMISSION = "rotation:export-plan", "rotation:export-plan-submission"
SUBMISSION = "rotation:export-submission"


def export_menu(
    actor: Actor,
    as_of: dt.date,
    rotation: Rotation | None = None,
    plan: RotationPlan | None = None,
    query: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Items of the menu "Xuất" for `components/menu.html`; none for who may take nothing away.

    On the page of a `rotation` its submission, on that of a `plan` its papers, on others the list
    and the summary. `query`: what these are narrowed to, by the names in the address.
    """
    if not can_export_people(actor):
        return []
    if rotation is not None:
        return [_item(_("Tờ trình"), address(SUBMISSION, rotation.pk, as_of=as_of))]
    if plan is not None:
        return [
            _item(_("Kế hoạch luân chuyển"), address(PLAN, plan.year, as_of=as_of)),
            _item(_("Tờ trình các đề xuất"), address(PLAN_SUBMISSION, plan.year, as_of=as_of)),
        ]
    asked = {
        name.replace("-", "_"): value
        for name, value in (query or {}).items()
        if name not in (PARAMETER, "trang")
    }
    return [
        _item(_("Danh sách"), address(LIST, as_of=as_of, **asked)),
        _item(_("Tổng hợp kết quả"), address(RESULTS, as_of=as_of, **asked)),
    ]


def _item(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": "download"}


def paper_context(
    form: Any, *, title: str, sub: str, back: Mapping[str, str], as_of: dt.date
) -> dict[str, Any]:
    """Context of `planning/paper_export.html`; `back`: {url, label} of the page that led here."""
    return {
        "form": form,
        "title": title,
        "sub": sub,
        "crumbs": [
            {"label": _("Luân chuyển"), "url": list_url(as_of)},
            {"label": back["name"], "url": back["url"]},
            {"label": _("Xuất")},
        ],
        "abouts": [],
        "back": {"url": back["url"], "label": _("Quay lại")},
        "can_make": True,
    }


def back_to_rotation(rotation: Rotation, as_of: dt.date) -> dict[str, str]:
    """The page of one rotation."""
    return {"url": rotation_url(rotation.pk, as_of), "name": rotation.cadre.full_name}


def back_to_plan(plan: RotationPlan, as_of: dt.date) -> dict[str, str]:
    """The page of the plan of a year; the list of rotations while there is none."""
    url = address("rotation:plan-detail", plan.year, as_of=as_of) or list_url(as_of)
    return {"url": url, "name": str(plan)}


def report_group(actor: Actor, as_of: dt.date) -> ReportGroup:
    """The papers of rotation on the page "Báo cáo"."""
    return ReportGroup(_("Luân chuyển"), [form for form in _forms(as_of) if form.url])


def _forms(as_of: dt.date) -> Sequence[ReportForm]:
    every = "Word, Excel, PDF"
    plans_url, rows_url = address("rotation:plan-list", as_of=as_of), list_url(as_of)
    return (
        ReportForm(
            title=_("Kế hoạch luân chuyển năm"),
            about=_("Chỉ tiêu cử đi, tiếp nhận của từng đơn vị và danh sách nhân sự."),
            formats=every,
            url=plans_url,
            do=_("Chọn kế hoạch"),
        ),
        ReportForm(
            title=_("Danh sách luân chuyển, điều động, biệt phái"),
            about=_("Từng lượt với nơi đi, nơi đến, thời gian, quyết định, tình trạng."),
            formats=every,
            url=address(LIST, as_of=as_of),
            do=_("Mở"),
        ),
        ReportForm(
            title=_("Tổng hợp kết quả luân chuyển"),
            about=_("Kế hoạch và thực hiện, người đi, thời gian, kết quả, theo đơn vị."),
            formats=every,
            url=address(RESULTS, as_of=as_of),
            do=_("Mở"),
        ),
        ReportForm(
            title=_("Tờ trình về luân chuyển"),
            about=_("Căn cứ, sự cần thiết, ý kiến các bên, điều kiện, kiến nghị."),
            formats="Word, PDF",
            url=rows_url,
            do=_("Chọn hồ sơ"),
        ),
    )
