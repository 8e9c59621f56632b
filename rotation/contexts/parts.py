"""The pages of rotation, as tabs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rotation.contexts.links import address

#: Name of an address -> its words.
PARTS = (
    ("rotation:rotation-list", gettext_lazy("Tổng thể")),
    ("rotation:need-list", gettext_lazy("Nhu cầu")),
    ("rotation:plan-list", gettext_lazy("Kế hoạch năm")),
    ("rotation:proposals", gettext_lazy("Phương án")),
    ("rotation:rotation-table", gettext_lazy("Danh sách")),
    ("rotation:timeline", gettext_lazy("Thời gian")),
    ("rotation:statistics", gettext_lazy("Thống kê")),
)


def parts(here: str, as_of: dt.date, **query: Any) -> list[dict[str, Any]]:
    """Tabs of the rotation pages that are there; `query` is kept in all of them."""
    tabs = [(name, label, address(name, as_of=as_of, **query)) for name, label in PARTS]
    return [{"label": label, "url": url, "here": name == here} for name, label, url in tabs if url]


def crumbs(label: str, as_of: dt.date) -> list[dict[str, str]]:
    """Where a page stands that is one of the tabs."""
    overview = {"label": _("Luân chuyển"), "url": address("rotation:rotation-list", as_of=as_of)}
    return [overview, {"label": label, "url": ""}]
