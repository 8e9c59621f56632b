"""The pages of one inspection, as tabs; and which page mends what stands in the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy

from inspections.contexts.links import address

#: Name of an address -> its words.
PARTS = (
    ("inspections:inspection-detail", gettext_lazy("Tổng quát")),
    ("inspections:inspection-team", gettext_lazy("Đoàn")),
    ("inspections:inspection-outline", gettext_lazy("Đề cương")),
    ("inspections:inspection-reports", gettext_lazy("Tự kiểm tra")),
    ("inspections:inspection-minutes", gettext_lazy("Biên bản")),
    ("inspections:inspection-evidence", gettext_lazy("Bằng chứng")),
    ("inspections:inspection-findings", gettext_lazy("Nhận định")),
    ("inspections:inspection-comparison", gettext_lazy("So sánh")),
    ("inspections:inspection-team-report", gettext_lazy("Báo cáo của đoàn")),
    ("inspections:inspection-documents", gettext_lazy("Văn bản")),
    ("inspections:inspection-follow-up", gettext_lazy("Theo dõi")),
)
#: `Obstacle.part` -> the pages where it is mended; the first that is there is meant.
MENDING = {
    "quyet-dinh": ("inspections:inspection-edit", "inspections:inspection-detail"),
    "don-vi": ("inspections:inspection-units", "inspections:inspection-detail"),
    "doan": ("inspections:inspection-team",),
    "de-cuong": ("inspections:inspection-outline",),
    "tu-kiem-tra": ("inspections:inspection-reports",),
    "bien-ban": ("inspections:inspection-minutes",),
    "bang-chung": ("inspections:inspection-evidence",),
    "nhan-dinh": ("inspections:inspection-findings",),
    "bao-cao": ("inspections:inspection-team-report",),
    "ket-luan": ("inspections:inspection-conclude", "inspections:inspection-team-report"),
    "theo-doi": ("inspections:inspection-follow-up",),
}


def parts(inspection_id: int, here: str, as_of: dt.date) -> list[dict[str, Any]]:
    """Tabs of the pages that are there."""
    tabs = [(name, label, address(name, inspection_id, as_of=as_of)) for name, label in PARTS]
    return [{"label": label, "url": url, "here": name == here} for name, label, url in tabs if url]


def mending_url(inspection_id: int, part: str, as_of: dt.date) -> str:
    """Where what stands in the way is mended, "" where no page is there yet."""
    found = (address(name, inspection_id, as_of=as_of) for name in MENDING.get(part, ()))
    return next(filter(None, found), "")
