"""Pages of official tables: of one plan, of all plans of a term, and the list of all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadres.policies import Actor, can_export_people, can_see_audit
from cadres.report_forms import report_groups
from planning.contexts import links
from planning.exports.forms import PLAN_FORMS
from planning.models import Plan


def export_menu(actor: Actor, plan: Plan, as_of: dt.date) -> list[dict[str, Any]]:
    """The menu "Xuất" on the page of a plan; empty for who may take nothing away."""
    if not can_export_people(actor):
        return []
    return [
        {
            "label": form.title,
            "url": links.address("planning:plan-export", plan.pk, as_of=as_of, mau=form.key),
            "icon": "download",
        }
        for form in PLAN_FORMS
    ]


def plan_context(plan: Plan, form: Any, above: Sequence[Any], as_of: dt.date) -> dict[str, Any]:
    """Context of `planning/paper_export.html` about a plan."""
    plan_url = links.plan_url(plan.pk, as_of)
    return {
        "form": form,
        "title": _("Xuất biểu mẫu quy hoạch"),
        "sub": _("%(unit)s, nhiệm kỳ %(term)s") % {"unit": plan.unit, "term": plan.term},
        "crumbs": [
            *({"label": u.name, "url": links.unit_url(u.code, as_of)} for u in above),
            {"label": plan.unit.name, "url": links.unit_url(plan.unit.code, as_of)},
            {"label": _("Kế hoạch %(term)s") % {"term": plan.term}, "url": plan_url},
            {"label": _("Xuất")},
        ],
        "abouts": [{"title": each.title, "about": each.about} for each in PLAN_FORMS],
        "back": {"url": plan_url, "label": _("Về kế hoạch")},
        "can_make": True,
    }


def summary_context(form: Any, as_of: dt.date, *, has_plans: bool) -> dict[str, Any]:
    """Context of `planning/paper_export.html` about all plans of a term."""
    reports_url = links.address("planning:reports", as_of=as_of)
    return {
        "form": form,
        "title": _("Tổng hợp quy hoạch"),
        "sub": _("Mọi kế hoạch của một nhiệm kỳ trong phạm vi: theo cấp, đơn vị và chức danh."),
        "crumbs": [{"label": _("Báo cáo"), "url": reports_url}, {"label": _("Tổng hợp quy hoạch")}],
        "abouts": [],
        "back": {"url": reports_url, "label": _("Về trang Báo cáo")},
        "can_make": has_plans,
        "empty": {
            "title": _("Chưa có kế hoạch quy hoạch nào"),
            "text": _("Trong phạm vi của tài khoản chưa có kế hoạch nào để tổng hợp."),
        },
    }


def reports_context(actor: Actor, as_of: dt.date) -> dict[str, Any]:
    """Context of `planning/reports.html`: each form with a word on it, and where it is made."""

    def to(name: str, **query: Any) -> str:
        return links.address(name, as_of=as_of, **query)

    plans_url = to("planning:plan-list")
    of_plan = [
        {
            "title": form.title,
            "about": form.about,
            "formats": "Word, Excel, PDF",
            "url": plans_url,
            "do": _("Chọn kế hoạch"),
        }
        for form in PLAN_FORMS
    ]
    groups = [
        {
            "label": _("Quy hoạch: biểu mẫu chính thức"),
            "forms": [
                *of_plan,
                _form(
                    _("Tổng hợp toàn tỉnh"),
                    _("Số lượng, cơ cấu của mọi kế hoạch: theo cấp, đơn vị và chức danh."),
                    "Word, Excel, PDF",
                    to("planning:summary-export"),
                ),
            ],
        },
        {
            "label": _("Kết quả và theo dõi"),
            "forms": [
                _form(
                    _("Kế hoạch theo tiêu chí"),
                    _("Mỗi kế hoạch một dòng, mỗi tiêu chí một cột, việc nên làm trước."),
                    "Excel",
                    to("planning:overview"),
                ),
                _form(
                    _("Kết quả kiểm tra"),
                    _("Từng kết quả với số đo, mức yêu cầu và căn cứ."),
                    "Excel",
                    to("compliance:finding-list"),
                ),
                _form(
                    _("Gắn quy hoạch với bổ nhiệm"),
                    _("Mỗi bổ nhiệm đi từ quy hoạch nào, hoặc không qua quy hoạch."),
                    "Excel",
                    to("planning:origins"),
                ),
                _form(
                    _("Nhu cầu đào tạo"),
                    _("Người được quy hoạch còn thiếu gì so với chức danh, theo đơn vị."),
                    "Excel",
                    to("planning:training-gaps"),
                ),
                _form(
                    _("Căn cứ đang áp dụng"),
                    _("Từng mức quy định, văn bản, mức chắc chắn ở một ngày."),
                    "Excel",
                    to("compliance:law-list"),
                ),
            ],
        },
        {
            "label": _("Hồ sơ và đánh giá"),
            "forms": [
                _form(
                    _("Sơ yếu lý lịch 2C/TCTW-98"),
                    _("Một người từ hồ sơ, hoặc nhiều người đã đánh dấu trong danh sách."),
                    "Word, PDF",
                    to("cadres:cadre-list"),
                ),
                _form(
                    _("Danh sách cán bộ"),
                    _("Đúng những gì đang lọc, với các cột đang chọn."),
                    "Excel, CSV",
                    to("cadres:cadre-list"),
                ),
                _form(
                    _("Đánh giá, xếp loại"),
                    _("Mức xếp loại theo năm và đơn vị."),
                    "Excel",
                    to("cadres:evaluation-list"),
                ),
            ],
        },
    ]
    return {
        "groups": [*groups, *report_groups(actor, as_of)] if can_export_people(actor) else [],
        "record_url": to("cadres:record-list", loai="xuat") if can_see_audit(actor) else "",
    }


def _form(title: str, about: str, formats: str, url: str) -> dict[str, str]:
    return {"title": title, "about": about, "formats": formats, "url": url, "do": _("Mở")}
