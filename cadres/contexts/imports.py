"""Pages of imports: steps, progress, counts, errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date_time, number
from cadres.models import ImportJob, Unit
from cadres.policies import Actor, can_export_workbook, can_import_workbook
from cadres.workbook.schema import all_sheets

ROWS_PER_PAGE = 50
#: The filter of the error table.
SHEET = "bang"
Status = ImportJob.Status

_OUTCOMES = {
    Status.APPLIED: "met",
    Status.READY: "cannot_tell",
    Status.REFUSED: "not_met",
    Status.FAILED: "not_met",
}
WORKING = (Status.QUEUED, Status.CHECKING, Status.APPLYING)


def import_list_context(
    actor: Actor, page: Page[ImportJob], units: Iterable[Unit]
) -> dict[str, Any]:
    """Context of `cadres/import_list.html`."""
    return {
        "can_import": can_import_workbook(actor),
        "can_export_all": can_export_workbook(actor),
        "export_units": units,
        "table": {
            "caption": _("Các lần nhập dữ liệu"),
            "columns": [
                {"label": _("Tệp"), "name": True},
                {"label": _("Trạng thái")},
                {"label": _("Người tải lên")},
                {"label": _("Tải lên lúc")},
            ],
            "rows": [_list_row(job) for job in page],
            "page": page,
            "noun": _("tệp"),
            "empty": {
                "title": _("Chưa có lần nhập nào"),
                "text": _("Tải tệp mẫu, điền dữ liệu rồi chọn tệp ở trên."),
                "icon": "upload",
            },
        },
    }


def _list_row(job: ImportJob) -> dict[str, Any]:
    return {
        "url": reverse("cadres:import-detail", args=[job.pk]),
        "cells": [
            job.file_name,
            {
                "text": job.get_status_display(),
                "outcome": _OUTCOMES.get(Status(job.status), "not_applicable"),
            },
            str(job.uploaded_by),
            date_time(job.created_at),
        ],
    }


def import_detail_context(
    job: ImportJob, *, is_held: bool, sheet: str, page: Any
) -> dict[str, Any]:
    """Context of `cadres/import_detail.html`. `sheet` narrows the errors, `page` is its number."""
    is_working = job.status in WORKING
    errors = job.result.get("errors", [])
    context = {
        "job": job,
        "is_applying": job.apply_asked_at is not None,
        "is_working": is_working,
        "progress": import_progress(job, is_held=is_held) if is_working else None,
        "is_interrupted": is_interrupted(job, is_held=is_held),
        "may_be_forgotten": job.status == Status.QUEUED,
        "steps": _steps(job),
        "refresh_seconds": 3 if is_working else None,
        "crumbs": [
            {"label": _("Nhập dữ liệu"), "url": reverse("cadres:import-list")},
            {"label": job.file_name},
        ],
        "counts": (counts := _counts(job)),
        "changes": counts["total"]["created"] + counts["total"]["updated"],
        "conversions": _conversions(job),
        "error_count": len(errors) + job.result.get("more", 0),
    }
    if job.status == Status.REFUSED:
        context["errors"] = _error_table(errors, sheet=sheet, page=page)
        context["sheets"] = _sheet_filter(errors, sheet)
        context["more"] = job.result.get("more", 0)
    return context


def is_interrupted(job: ImportJob, *, is_held: bool) -> bool:
    """Whether the worker that took the file is gone."""
    return job.status in {Status.CHECKING, Status.APPLYING} and not is_held


def import_progress(job: ImportJob, *, is_held: bool) -> dict[str, Any]:
    """The `job` of components/progress.html."""
    if is_interrupted(job, is_held=is_held):
        state, label = "failed", _("Bị gián đoạn; chưa ghi gì")
    elif job.status == Status.QUEUED:
        state, label = "waiting", _("Đang chờ đến lượt")
    else:
        state, label = "running", job.stage or job.get_status_display()
    return {
        "id": "tien-do",
        "label": label,
        "done": job.done,
        "total": job.total,
        "noun": _("bước"),
        "state": state,
        "url": reverse("cadres:import-progress", args=[job.pk]),
    }


def _steps(job: ImportJob) -> list[dict[str, Any]]:
    at = {
        Status.CHECKING: 1,
        Status.READY: 2,
        Status.REFUSED: 2,
        Status.APPLYING: 3,
        Status.APPLIED: 4,
    }.get(Status(job.status), 3 if job.apply_asked_at else 1)
    labels = (_("Chọn tệp"), _("Kiểm tra"), _("Xem kết quả"), _("Ghi vào hồ sơ"))
    return [
        {
            "label": label,
            "state": "done" if place < at else "current" if place == at else "todo",
            "url": reverse("cadres:import-list") if place == 0 else None,
        }
        for place, label in enumerate(labels)
    ]


def _counts(job: ImportJob) -> dict[str, Any]:
    rows = job.result.get("rows", {})
    known = [sheet for sheet in all_sheets() if sheet.name in rows]
    kinds = ("created", "updated", "unchanged")
    return {
        "total": {kind: sum(rows[sheet.name][kind] for sheet in known) for kind in kinds},
        "table": {
            "caption": _("Số dòng theo trang"),
            "columns": [
                {"label": _("Trang"), "name": True},
                {"label": _("Thêm mới"), "num": True},
                {"label": _("Cập nhật"), "num": True},
                {"label": _("Không đổi"), "num": True},
            ],
            "rows": [
                {
                    "cells": [
                        {"text": sheet.label, "under": sheet.name},
                        *(number(rows[sheet.name][kind]) for kind in kinds),
                    ]
                }
                for sheet in known
            ],
        },
    }


def _conversions(job: ImportJob) -> dict[str, Any]:
    found = job.result.get("converted", [])
    return {
        "count": len(found) + job.result.get("converted_more", 0),
        "table": {
            "caption": _("Các ô đã chuyển mã"),
            "columns": [
                {"label": _("Ô"), "name": True},
                {"label": _("Trong tệp")},
                {"label": _("Đã đọc là")},
                {"label": _("Bảng mã")},
            ],
            "rows": [
                {
                    "cells": [
                        _("%(sheet)s, dòng %(row)d, %(column)s")
                        % {"sheet": c["sheet"], "row": c["row"], "column": c["column"]},
                        c["from"],
                        c["to"],
                        c["encoding"],
                    ]
                }
                for c in found[:ROWS_PER_PAGE]
            ],
        },
    }


def _error_table(errors: list[dict[str, Any]], *, sheet: str, page: Any) -> dict[str, Any]:
    chosen = [error for error in errors if not sheet or (error["sheet"] or "") == sheet]
    found = Paginator(chosen, ROWS_PER_PAGE).get_page(page)
    return {
        "caption": _("Các lỗi trong tệp"),
        "columns": [
            {"label": _("Trang"), "name": True},
            {"label": _("Dòng"), "num": True},
            {"label": _("Cột")},
            {"label": _("Lỗi và cách sửa")},
        ],
        "rows": [
            {
                "cells": [
                    error["sheet"] or _("cả tệp"),
                    number(error["row"]) if error["row"] else "–",
                    error["column"] or "–",
                    {"text": error["message"], "sign": "not_met"},
                ]
            }
            for error in found
        ],
        "page": found,
        "noun": _("lỗi"),
        "empty": {"title": _("Không có lỗi nào ở trang này")},
    }


def _sheet_filter(errors: list[dict[str, Any]], sheet: str) -> list[dict[str, Any]]:
    """Tabs over the error table; none where one sheet has them all."""
    per_sheet = Counter(error["sheet"] or "" for error in errors)
    if len(per_sheet) < 2:
        return []
    tabs = [{"label": _("Tất cả"), "url": "?", "here": not sheet, "count": len(errors)}]
    tabs += [
        {
            "label": name or _("cả tệp"),
            "url": f"?{SHEET}={name}",
            "here": sheet == name,
            "count": count,
        }
        for name, count in per_sheet.items()
        if name
    ]
    return tabs
