"""The history of a unit or a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from cadres.selectors.history import Change, ChangeKind

PAGE_SIZE = 50
#: Parameters of the page: a field (`cadre.theory`), a kind of change.
FIELD, KIND = "truong", "viec"


def history_context(
    changes: Sequence[Change], *, subject: str, back_url: str, query: QueryDict | None = None
) -> dict[str, Any]:
    """Context of `cadres/history.html` and `cadres/_history.html`.

    `query` may narrow to one field or kind of change, and chooses the page.
    """
    query = query if query is not None else QueryDict()
    field, kind = query.get(FIELD, ""), query.get(KIND, "")
    fields = _fields(changes)
    kept = [
        change
        for change in changes
        if (not kind or change.kind == kind)
        and (not field or any(each.key == field for each in change.fields))
    ]
    return {
        "changes": Paginator(kept, PAGE_SIZE).get_page(query.get("trang")),
        "total": len(changes),
        "subject": subject,
        "filters": {
            "field": field,
            "kind": kind,
            "fields": [(key, label, key == field) for key, label in fields],
            "kinds": [(value, label, value == kind) for value, label in ChangeKind.choices],
            "is_on": bool(field or kind),
        },
        "crumbs": [{"label": subject, "url": back_url}, {"label": _("Lịch sử"), "url": ""}],
    }


def _fields(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """The fields that ever changed, by what they belong to: "đánh giá, xếp loại: năm"."""
    named = {
        field.key: f"{change.what}: {field.label}" for change in changes for field in change.fields
    }
    return sorted(named.items(), key=lambda pair: pair[1])
