"""The pages over all inspections, as tabs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy

from cadres.policies import Actor
from inspections.contexts.links import address
from inspections.policies import sees_programmes

#: Name of an address -> its words; whether it is for the inspecting side alone.
SECTIONS = (
    ("inspections:inspection-list", gettext_lazy("Các cuộc kiểm tra"), False),
    ("inspections:recommendation-list", gettext_lazy("Kiến nghị"), False),
    ("inspections:document-list", gettext_lazy("Sổ văn bản"), True),
    ("inspections:programme-list", gettext_lazy("Chương trình"), True),
    ("inspections:inspection-statistics", gettext_lazy("Thống kê"), True),
)


def sections(actor: Actor, here: str, as_of: dt.date) -> list[dict[str, Any]]:
    """Tabs of the pages that are there for the actor."""
    issues = sees_programmes(actor)
    tabs = [
        (name, label, address(name, as_of=as_of))
        for name, label, is_issuing in SECTIONS
        if issues or not is_issuing
    ]
    return [{"label": label, "url": url, "here": name == here} for name, label, url in tabs if url]
