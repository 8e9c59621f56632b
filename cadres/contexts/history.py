"""The history of a unit or a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from cadres.selectors.history import LIMIT, Change


def history_context(changes: list[Change], *, subject: str, back_url: str) -> dict[str, Any]:
    """Context of `cadres/history.html` and `cadres/_history.html`."""
    return {
        "changes": changes,
        "subject": subject,
        "is_cut": len(changes) == LIMIT,
        "limit": LIMIT,
        "crumbs": [{"label": subject, "url": back_url}, {"label": _("Lịch sử"), "url": ""}],
    }
