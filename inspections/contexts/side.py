"""What stands around every page that an inspected unit has of one inspection."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags import formats
from inspections.contexts.links import address
from inspections.models import InspectedUnit

PARTS = (
    ("inspections:inspected-detail", gettext_lazy("Việc của đơn vị")),
    ("inspections:self-report", gettext_lazy("Báo cáo tự kiểm tra")),
    ("inspections:side-minutes-list", gettext_lazy("Biên bản")),
    ("inspections:inspected-findings", gettext_lazy("Nhận định")),
    ("inspections:side-documents", gettext_lazy("Văn bản")),
    ("inspections:inspected-remedies", gettext_lazy("Kiến nghị")),
)


def side(
    inspected: InspectedUnit, here: str, as_of: dt.date, *more: dict[str, str]
) -> dict[str, Any]:
    """The context of `inspections/_side.html`. `here`: the name of the tab's address; `more`:
    breadcrumbs behind the tab."""
    inspection = inspected.inspection
    tabs = side_tabs(inspected, here, as_of)
    own = next((tab for tab in tabs if tab["here"]), None)
    first = here == PARTS[0][0]
    crumbs = [
        {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
        {
            "label": inspection.decision_no or inspection.name,
            "url": "" if first else address(PARTS[0][0], inspected.pk, as_of=as_of),
        },
    ]
    if own and not first:
        crumbs.append({"label": str(own["label"]), "url": str(own["url"]) if more else ""})
    return {
        "inspected": inspected,
        "inspection": inspection,
        "crumbs": [*crumbs, *more],
        "side_tabs": tabs,
        "head_words": _head(inspected),
    }


def side_tabs(inspected: InspectedUnit, here: str, as_of: dt.date) -> list[dict[str, Any]]:
    """The pages that the unit has of the inspection."""
    return [
        {"label": label, "url": url, "here": name == here}
        for name, label in PARTS
        if (url := address(name, inspected.pk, as_of=as_of))
    ]


def _head(inspected: InspectedUnit) -> list[str]:
    inspection = inspected.inspection
    found = [str(inspected.unit)]
    if inspection.decision_no:
        words = {"no": inspection.decision_no, "day": formats.date(inspection.decision_on)}
        found.append(_("Quyết định %(no)s ngày %(day)s") % words)
    period = {
        "start": formats.date(inspection.period_from),
        "end": formats.date(inspection.period_to),
    }
    found.append(_("mốc thời gian %(start)s đến %(end)s") % period)
    return found
