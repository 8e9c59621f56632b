"""Pages that change a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.contexts.links import Links
from cadres.file_fields import (
    CAREER,
    IDENTITY,
    SECTIONS,
    FieldConflict,
    FileField,
    Section,
)
from cadres.forms.cadre_edit import MINE, PICK, THEIRS, FileForm
from cadres.models import Appointment, Cadre, User
from cadres.policies import Actor
from cadres.selectors.editing import (
    BETWEEN,
    SUGGESTED,
    LastEdit,
    can_edit_row,
    home_choices,
    unit_choices,
)

#: Fields of a row that its table shows; the form has all.
_SHOWN = 5


def section_url(cadre: Cadre, section: Section) -> str:
    """Where a section is edited."""
    if section is IDENTITY:
        return reverse("cadres:cadre-edit", args=[cadre.code])
    return reverse("cadres:cadre-edit-section", args=[cadre.code, section.slug])


def frame_context(cadre: Cadre, section: Section, *, is_sensitive: bool) -> dict[str, Any]:
    """Heading, crumbs and tabs of every edit page of a file."""
    links = Links(clock.today())
    return {
        "cadre": cadre,
        "section": section,
        "crumbs": [
            {"label": _("Hồ sơ"), "url": links.to("cadres:cadre-list")},
            {"label": cadre.full_name, "url": links.to("cadres:cadre-detail", cadre.code)},
            {"label": _("Sửa"), "url": ""},
        ],
        "edit_tabs": [
            {
                "label": one.title,
                "url": section_url(cadre, one),
                "here": one is section,
            }
            for one in SECTIONS
            if is_sensitive or not one.is_sensitive
        ],
        "file_url": links.to("cadres:cadre-detail", cadre.code),
    }


# ---- The form --------------------------------------------------------------------------------


def form_context(
    actor: User,
    form: FileForm,
    fields: Sequence[FileField],
    *,
    token: str,
    keep: str,
    groups: Iterable[tuple[Any, Sequence[str]]] = (),
    conflicts: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The form in groups, suggestions, what is in conflict; for `cadres/edit/_form.html`.

    `keep` names the unsent text that the browser remembers; it holds the account, so that the next
    person at the same desk is not offered it.
    """
    conflicts = conflicts or {}
    listed = list(groups) or [("", list(form.fields))]
    kinds = {one.kind for one in fields}
    return {
        "form": form,
        "token": token,
        "keep": f"{actor.pk}:{keep}",
        "groups": [
            {
                "title": title,
                "rows": [
                    {"bound": form[name], "conflict": conflicts.get(name)}
                    for name in names
                    if name in form.fields
                ],
            }
            for title, names in listed
        ],
        "suggestions": [
            {"id": f"goi-y-{kind}", "values": _suggested(actor, kind)}
            for kind in ("unit", "home")
            if kind in kinds
        ],
        "has_conflict": bool(conflicts),
        # Where nothing is asked for, saying so at each field is only noise.
        "hide_optional": not any(one.is_required for one in fields),
    }


def _suggested(actor: Actor, kind: str) -> list[str]:
    units = unit_choices(actor) if kind == "unit" else home_choices(actor)
    rows = list(units.values_list("code", "name")[: SUGGESTED + 1])
    if len(rows) > SUGGESTED:
        return []
    return [f"{code}{BETWEEN}{name}" for code, name in rows]


def conflict_rows(
    conflicts: Iterable[FieldConflict],
    names: Mapping[str, str],
    *,
    edit: LastEdit | None,
    picked: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    """What `_conflict.html` shows at a field: three versions in words, and the two choices."""
    found = {}
    for conflict in conflicts:
        one = conflict.field
        found[one.key] = {
            "before": one.words(conflict.before, names) or _("để trống"),
            "mine": one.words(conflict.mine, names) or _("để trống"),
            "theirs": one.words(conflict.theirs, names) or _("để trống"),
            "who": edit.who if edit and edit.who else _("người khác"),
            "name": f"{PICK}{one.key}",
            "pick_mine": MINE,
            "pick_theirs": THEIRS,
            "picked": picked.get(f"{PICK}{one.key}", ""),
        }
    return found


def merge_words(
    fields: Iterable[FileField], now: Mapping[str, str], names: Mapping[str, str]
) -> str:
    """Fields that somebody else changed, with what they say now: "Chuyên môn: Thạc sĩ; …"."""
    parts = [f"{one.label}: {one.words(now[one.key], names) or _('để trống')}" for one in fields]
    return "; ".join(parts)


# ---- The table of a section ------------------------------------------------------------------


def rows_context(
    actor: User,
    cadre: Cadre,
    section: Section,
    rows: Sequence[Any],
    removed: Sequence[Any],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """The rows with what may be done with them, and what was removed lately."""
    shown = section.fields[:_SHOWN]
    today = clock.today()
    here = section_url(cadre, section)
    return {
        "columns": [
            {"label": one.label, "num": one.kind in ("date", "number", "partial")} for one in shown
        ],
        "rows": [
            {
                "cells": _cells(shown, section.texts_of(row), names),
                "title": row_title(section, section.texts_of(row), names),
                "change_url": f"{here}{row.pk}/" if can_edit_row(actor, row) else "",
                "remove_url": f"{here}{row.pk}/xoa/" if can_edit_row(actor, row) else "",
                "end_url": f"{here}{row.pk}/thoi-giu/"
                if section is CAREER and can_edit_row(actor, row) and _is_held(row, today)
                else "",
            }
            for row in rows
        ],
        "removed": [
            {
                "title": row_title(section, section.texts_of(event), names),
                "at": event.pgh_created_at,
                "restore_url": f"{here}khoi-phuc/{event.pgh_id}/",
            }
            for event in removed
            if can_edit_row(actor, event)
        ],
        "add_url": f"{here}them/",
    }


def _cells(
    fields: Sequence[FileField], texts: Mapping[str, str], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "text": one.words(texts[one.key], names),
            "num": one.kind in ("date", "number", "partial"),
        }
        for one in fields
    ]


def _is_held(row: Appointment, today: Any) -> bool:
    return row.start_on <= today and (row.end_on is None or today < row.end_on)


def row_title(section: Section, texts: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A row in a few words: "Giám đốc, Sở Nội vụ, 01/01/2020"."""
    words = [one.words(texts[one.key], names) for one in section.fields[:3]]
    return ", ".join(word for word in words if word)
