"""The record of openings and exports as its page and its file show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.forms import ChoiceField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import date_time, number
from cadres.choices import EXPORT_NAMES
from cadres.forms.filters import CadreFilterForm
from cadres.forms.records import RecordFilterForm
from cadres.models import Cadre, ExportRecord, FileOpening

PAGE_SIZE = 50
OPENINGS, EXPORTS = "", "xuat"
#: What a cell shows of the filters; the file has all of it.
_FILTER_LENGTH = 120


def person_name(opening: FileOpening) -> str:
    """Whose file; of one that is gone the code is left."""
    cadre: Cadre | None = opening.cadre
    return cadre.full_name if cadre else _("hồ sơ đã xóa")


def export_name(record: ExportRecord) -> str:
    """What was exported, in words; a code that nobody named stands for itself."""
    return str(EXPORT_NAMES.get(record.what, record.what))


#: Names of addresses that no form of this room has.
_NAMES = {
    "ngay": gettext_lazy("Ngày xét"),
    "nam": gettext_lazy("Năm"),
    "sap": gettext_lazy("Sắp theo"),
    "cot": gettext_lazy("Cột"),
    "loai": gettext_lazy("Loại"),
    "trang_thai": gettext_lazy("Trạng thái"),
    "khoa": gettext_lazy("Khóa học"),
    "nhiem_ky": gettext_lazy("Nhiệm kỳ"),
    "tieu_chi": gettext_lazy("Tiêu chí"),
    "ket_qua": gettext_lazy("Kết quả"),
    "doi_tuong": gettext_lazy("Đối tượng"),
    "quy_hoach": gettext_lazy("Quy hoạch"),
    "nhom_tuoi": gettext_lazy("Nhóm tuổi"),
    "nghi_huu": gettext_lazy("Nghỉ hưu trong (tháng)"),
    "con_thang": gettext_lazy("Còn công tác từ (tháng)"),
}


def filters_text(record: ExportRecord) -> str:
    """What an export was narrowed to, in words where the address has some."""
    return "; ".join(_asked(name, value) for name, value in record.filters.items() if value != "")


def _asked(name: str, value: Any) -> str:
    key = name.replace("-", "_")
    field = CadreFilterForm.base_fields.get(key) or RecordFilterForm.base_fields.get(key)
    label = field.label if field else _NAMES.get(key, name)
    if isinstance(field, ChoiceField):
        words = {str(code): said for code, said in list(field.widget.choices)}
        value = words.get(str(value), value)
    return f"{label}: {value}"


def opening_table(page: Page[FileOpening], *, with_links: bool, empty: Any) -> dict[str, Any]:
    """Openings for `data_table`. `with_links`: whether the reader may open the files."""
    return {
        "columns": [
            {"label": _("Lúc")},
            {"label": _("Người xem"), "name": True},
            {"label": _("Hồ sơ")},
            {"label": _("Cách xem")},
        ],
        "rows": [_opening_row(opening, with_links=with_links) for opening in page],
        "page": page,
        "noun": _("lần mở"),
        "caption": _("Lần mở hồ sơ"),
        "empty": empty,
    }


def _opening_row(opening: FileOpening, *, with_links: bool) -> dict[str, Any]:
    linked = with_links and opening.cadre is not None
    return {
        "url": reverse("cadres:cadre-detail", args=[opening.cadre_code]) if linked else "",
        "cells": [
            date_time(opening.at),
            {"text": str(opening.actor), "under": opening.actor.username},
            {"text": person_name(opening), "under": opening.cadre_code},
            opening.get_door_display(),
        ],
    }


def export_table(page: Page[ExportRecord], *, empty: Any) -> dict[str, Any]:
    """Exports for `data_table`."""
    return {
        "columns": [
            {"label": _("Lúc")},
            {"label": _("Người xuất"), "name": True},
            {"label": _("Nội dung")},
            {"label": _("Số người"), "num": True},
            {"label": _("Thông tin nhạy cảm")},
            {"label": _("Bộ lọc, lý do"), "quiet": True},
        ],
        "rows": [_export_row(record) for record in page],
        "page": page,
        "noun": _("lần xuất"),
        "caption": _("Lần xuất dữ liệu"),
        "empty": empty,
    }


def _export_row(record: ExportRecord) -> dict[str, Any]:
    filters = filters_text(record)
    if len(filters) > _FILTER_LENGTH:
        filters = f"{filters[:_FILTER_LENGTH]}…"
    return {
        "url": "",
        "cells": [
            date_time(record.at),
            {"text": str(record.actor), "under": record.actor.username},
            {"text": export_name(record), "under": record.file_format.upper()},
            "" if record.people is None else number(record.people),
            _("có") if record.is_sensitive else "",
            {"text": filters or _("không lọc"), "under": record.reason},
        ],
    }


def segments(query: Mapping[str, str], kind: str) -> list[dict[str, Any]]:
    """The two halves of the record."""
    url = reverse("cadres:record-list")
    return [
        {"label": _("Mở hồ sơ"), "url": url, "here": kind == OPENINGS},
        {"label": _("Xuất dữ liệu"), "url": f"{url}?loai={EXPORTS}", "here": kind == EXPORTS},
    ]


def nothing(kind: str) -> dict[str, Any]:
    """What stands in place of an empty table."""
    return {
        "title": _("Không có lần xuất nào khớp bộ lọc")
        if kind == EXPORTS
        else _("Không có lần mở hồ sơ nào khớp bộ lọc"),
        "text": _("Mặc định chỉ xem 30 ngày gần nhất; lùi “Từ ngày” để xem xa hơn."),
    }


def table_heads(kind: str) -> Sequence[tuple[str, int]]:
    """Heads and widths of the file."""
    if kind == EXPORTS:
        return (
            (_("Lúc"), 18),
            (_("Tài khoản"), 18),
            (_("Họ và tên"), 26),
            (_("Nội dung"), 30),
            (_("Định dạng"), 10),
            (_("Số người"), 10),
            (_("Số dòng"), 10),
            (_("Thông tin nhạy cảm"), 12),
            (_("Bộ lọc"), 60),
            (_("Lý do"), 40),
            (_("Ngày xét"), 12),
            (_("Dấu của tệp (SHA-256)"), 66),
        )
    return (
        (_("Lúc"), 18),
        (_("Tài khoản"), 18),
        (_("Họ và tên"), 26),
        (_("Số hiệu hồ sơ"), 16),
        (_("Hồ sơ"), 26),
        (_("Cách xem"), 20),
    )


def table_row(kind: str, record: Any) -> tuple[Any, ...]:
    """One line of the file."""
    who = (date_time(record.at), record.actor.username, str(record.actor))
    if kind == EXPORTS:
        return (
            *who,
            export_name(record),
            record.file_format,
            record.people,
            record.rows,
            _("có") if record.is_sensitive else _("không"),
            filters_text(record),
            record.reason,
            record.as_of,
            record.sha256,
        )
    return (*who, record.cadre_code, person_name(record), record.get_door_display())
