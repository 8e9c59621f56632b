"""Forms of self-reports: an answer with its table, the own assessment, submitting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from inspections.choices import AnswerKind
from inspections.forms.findings import words_field
from inspections.forms.followup import FilesField
from inspections.forms.own_rows import own_given
from inspections.selectors.prefill import computed_cell, joined, parted, takes_own
from planning.forms.process import REQUIRED, PlainForm

#: Tables of more rows are kept as the data say, not typed into.
EDITED_ROWS = 60
#: What the address and the form call the two sources of a table.
KEPT, FRESH = "da-luu", "moi"
_MOST_DIGITS = 9


class SelfAnswerForm(PlainForm):
    """What the unit says to a question, and files with it."""

    text = words_field(_("Trả lời"), rows=10, length=20_000, required=False)
    uploads = FilesField(
        label=_("Thêm tệp"), help_text=_("PDF, Word, Excel hoặc ảnh; chọn được nhiều tệp.")
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        if kind == AnswerKind.TABLE:
            text.label = _("Nhận xét, giải trình về số liệu")
            text.widget.attrs["rows"] = 5
        elif kind == AnswerKind.FILES:
            text.label = _("Ghi chú về hồ sơ, tài liệu")
            text.widget.attrs["rows"] = 4


class AssessmentForm(PlainForm):
    """The unit's own assessment."""

    strengths = words_field(_("Ưu điểm"), rows=6, required=False)
    shortcomings = words_field(
        _("Hạn chế, khuyết điểm"),
        rows=6,
        required=False,
        help_text=_("Nêu cụ thể nội dung, địa chỉ. Không có thì ghi “Không có”."),
    )
    causes = words_field(
        _("Nguyên nhân"), rows=4, required=False, help_text=_("Cả trách nhiệm của người đứng đầu.")
    )
    proposals = words_field(_("Kiến nghị, đề xuất"), rows=4, required=False)


class SubmitForm(PlainForm):
    """The unit's own number of the report."""

    number = forms.CharField(
        label=_("Báo cáo số"),
        max_length=80,
        error_messages=REQUIRED,
        help_text=_("Số văn bản của đơn vị, ví dụ: 45-BC/ĐU."),
    )
    doc = forms.CharField(widget=forms.HiddenInput, required=False)


# ---- Tables ----------------------------------------------------------------------------------


def is_typed(column: Mapping[str, Any]) -> bool:
    """Whether the cells of a column are typed into: numbers that are not computed."""
    return bool(column.get("num")) and not column.get("fixed") and not column.get("of")


def is_edited(table: Mapping[str, Any]) -> bool:
    """Whether a table has something to type into and is short enough for it."""
    return 0 < len(table["rows"]) <= EDITED_ROWS and any(map(is_typed, table["columns"]))


def table_given(
    data: Any, base: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[tuple[str, int], str]]:
    """The table as it was typed over `base`, and what is wrong by (key, place of the column).

    Rows go by the keys that the form sent (`khoa`); cells are `o-<row>-<column>`.
    """
    rows = dict(zip(base["keys"], base["rows"], strict=True))
    keys, given = [], []
    wrong: dict[tuple[str, int], str] = {}
    for number, key in enumerate(data.getlist("khoa")):
        if key not in rows or key in keys:
            continue
        cells = list(rows[key])
        for place, column in enumerate(base["columns"]):
            name = f"o-{number}-{place}"
            if not is_typed(column) or name not in data:
                continue
            cells[place], error = _number(data[name])
            if error:
                wrong[key, place] = error
        for place, column in enumerate(base["columns"]):
            if column.get("of"):
                cells[place] = computed_cell(column["of"], cells)
        keys.append(key)
        given.append(cells)
    return {**base, "keys": keys, "rows": given}, wrong


def _number(typed: str) -> tuple[str | int | None, str]:
    """A whole number, None for nothing; what is none stays as typed, with what is wrong."""
    text = " ".join(typed.split())
    if not text:
        return None, ""
    digits = text.replace(".", "")
    if digits.isdecimal() and len(digits) <= _MOST_DIGITS:
        return int(digits), ""
    return text, _now("Ghi số nguyên.")


class TableEdit:
    """The table of one answer in a form: as it is kept or made anew from the data, typed over, with
    the rows that the unit adds (`own`).

    `wrong`, `own_wrong`: what cannot be, by (key, place of the column).
    """

    def __init__(
        self, *, kept: Mapping[str, Any] | None, now: Mapping[str, Any], source: str, data: Any
    ) -> None:
        self.is_fresh = kept is None or source == FRESH or "keys" not in kept
        had, own = parted(kept) if kept is not None and "keys" in kept else (now, {})
        self.filled: Mapping[str, Any] = now if self.is_fresh else had
        self.own = own
        self.now = now
        self.wrong: dict[tuple[str, int], str] = {}
        self.own_wrong: dict[tuple[str, int], str] = {}
        if data is not None:
            if is_edited(self.filled):
                self.filled, self.wrong = table_given(data, self.filled)
            if takes_own(self.filled):
                self.own, self.own_wrong = own_given(data, self.filled["columns"], own)

    @property
    def table(self) -> dict[str, Any]:
        """All of it, as the answer keeps it."""
        return joined(self.filled, self.own)

    @property
    def is_wrong(self) -> bool:
        """Whether something typed cannot be."""
        return bool(self.wrong or self.own_wrong)

    @property
    def source(self) -> str:
        """What the form says of it when it is sent."""
        return FRESH if self.is_fresh else KEPT
