"""The pages beside the list of plans, as tabs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy

from planning.contexts.links import address

#: Name of an address -> its words.
PARTS = (
    ("planning:plan-list", gettext_lazy("Kế hoạch")),
    ("planning:cycle-list", gettext_lazy("Đợt quy hoạch")),
    ("planning:comparison", gettext_lazy("So sánh")),
    ("planning:forecast-list", gettext_lazy("Dự báo")),
    ("planning:lineage", gettext_lazy("Liên thông")),
    ("planning:origins", gettext_lazy("Gắn với bổ nhiệm")),
)


def parts(here: str, as_of: dt.date, **query: Any) -> list[dict[str, Any]]:
    """Tabs of the planning pages; `query` is kept in all of them (such as the term)."""
    return [
        {"label": label, "url": address(name, as_of=as_of, **query), "here": name == here}
        for name, label in PARTS
    ]
