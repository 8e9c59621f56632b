"""The page Tệp đã xuất."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date_time
from cadres.models import StoredExport

Status = StoredExport.Status
PAGE_SIZE = 30
_STATES = {Status.QUEUED: "waiting", Status.MAKING: "running", Status.READY: "finished"}


def page(found: Iterable[StoredExport]) -> dict[str, Any]:
    """Files under way first, then those that can be taken."""
    rows = [_row(each) for each in found]
    waiting = [row for row in rows if row["is_waiting"]]
    return {
        "crumbs": [
            {"label": _("Hồ sơ cán bộ"), "url": reverse("cadres:cadre-list")},
            {"label": _("Tệp đã xuất"), "url": ""},
        ],
        "waiting": waiting,
        "rows": [row for row in rows if not row["is_waiting"]],
        "days": settings.EXPORTS_KEPT_DAYS,
        "refresh_seconds": 3 if waiting else 0,
    }


def _row(found: StoredExport) -> dict[str, Any]:
    return {
        "export": found,
        "is_waiting": found.status in {Status.QUEUED, Status.MAKING},
        "job": job(found),
        "when": date_time(found.created_at),
        "size": filesizeformat(found.size) if found.size else "",
        "file_url": reverse("cadres:export-file", args=[found.pk]),
        "retry_url": reverse("cadres:export-retry", args=[found.pk]),
        "drop_url": reverse("cadres:export-drop", args=[found.pk]),
    }


def job(found: StoredExport) -> dict[str, Any]:
    """One file under way, for components/progress.html."""
    return {
        "id": f"tep-{found.pk}",
        "label": found.label,
        "done": found.done,
        "total": found.total,
        "state": _STATES.get(Status(found.status), "failed"),
        "url": reverse("cadres:export-progress", args=[found.pk]),
    }
