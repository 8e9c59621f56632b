"""Two people who edit the same texts at once: field by field, and nothing that was typed is lost.

The form notes what each field said when it was opened (`goc`). What I left alone takes what
somebody else wrote meanwhile; what we both changed is asked of me, with both versions in sight.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from planning.forms.process import PlainForm

BASE = "goc"
PICK = "chon-"
MINE, THEIRS = "cua-toi", "dang-luu"


class MeetingForm(PlainForm):
    """A form over what is stored: `now` by field name; empty for something new.

    `conflicts` and `taken` are there after `meet`: what is asked, and labels of what was taken
    over from the other.
    """

    #: (title, names of fields) in the order they are shown.
    GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    goc = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *args: Any, now: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self._now = dict(now or {})
        kwargs["initial"] = self._now | kwargs.get("initial", {})
        super().__init__(data.copy() if data is not None else None, *args, **kwargs)
        self.data: Any
        self.conflicts: dict[str, dict[str, Any]] = {}
        self.taken: list[str] = []
        if not self.is_bound:
            self.initial[BASE] = self._base()

    def meet(self, who: str = "") -> bool:
        """Merge what was sent with what is stored now; whether nothing is left to choose.

        `who` wrote last. To be called before the form is asked whether it is valid.
        """
        base, asked = self._read_base()
        stored = self._stored()
        for name, text in stored.items():
            typed = self._typed(name)
            pick = self.data.get(PICK + name) if name in asked else None
            if pick == THEIRS:
                self._put(name, text)
            elif pick == MINE or typed == text or base.get(name) == _mark(text):
                continue
            elif base.get(name) == _mark(typed):
                self._put(name, text)
                self.taken.append(str(self.fields[name].label))
            else:
                self.conflicts[name] = self._conflict(name, typed, text, who)
        if self.conflicts:
            self.data[BASE] = self._base(asked=self.conflicts)
        return not self.conflicts

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Groups with their fields, each with what is to be chosen."""
        groups = self.GROUPS or (("", tuple(name for name in self.fields if name != BASE)),)
        return [
            {
                "title": title,
                "rows": [
                    {"field": self[name], "conflict": self.conflicts.get(name)}
                    for name in names
                    if name in self.fields
                ],
            }
            for title, names in groups
            if any(name in self.fields for name in names)
        ]

    # ---- Within ------------------------------------------------------------------------------

    def _stored(self) -> dict[str, str]:
        return {
            name: _plain(field.prepare_value(self._now[name]))
            for name, field in self.fields.items()
            if name != BASE and name in self._now
        }

    def _base(self, asked: Mapping[str, Any] | None = None) -> str:
        marks = {name: _mark(text) for name, text in self._stored().items()}
        for name in asked or {}:
            marks[name] = ""
        return json.dumps(marks, separators=(",", ":"))

    def _read_base(self) -> tuple[dict[str, str], set[str]]:
        try:
            found = json.loads(self.data.get(BASE) or "{}")
        except ValueError:
            found = {}
        base = {str(name): str(mark) for name, mark in found.items()} if _is_map(found) else {}
        return base, {name for name, mark in base.items() if not mark}

    def _typed(self, name: str) -> str:
        widget = self.fields[name].widget
        key = self.add_prefix(name)
        return _plain(widget.value_from_datadict(self.data, self.files, key))

    def _put(self, name: str, text: str) -> None:
        key = self.add_prefix(name)
        if isinstance(self.fields[name], forms.MultipleChoiceField) and isinstance(
            self.data, MultiValueDict
        ):
            self.data.setlist(key, text.split(",") if text else [])
        else:
            self.data[key] = text

    def _conflict(self, name: str, mine: str, theirs: str, who: str) -> dict[str, Any]:
        return {
            "before": "",
            "mine": mine or _("để trống"),
            "theirs": theirs or _("để trống"),
            "who": who or _("người khác"),
            "name": PICK + name,
            "pick_mine": MINE,
            "pick_theirs": THEIRS,
            "picked": "",
        }


def _is_map(found: Any) -> bool:
    return isinstance(found, dict)


def _plain(value: Any) -> str:
    """A value as one text, however it is written: lines ended alike, choices in one order."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set):
        return ",".join(sorted(str(each) for each in value))
    return str(value).replace("\r\n", "\n").strip()


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
