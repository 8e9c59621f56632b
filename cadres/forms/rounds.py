"""Forms of rounds: whom to ask for what, and the reason of a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from cadres.file_fields import SINGLE_FIELDS, SINGLE_SECTIONS
from cadres.models import Title
from cadres.selectors.editing import BETWEEN
from cadres.workbook.columns import Date
from cadres.workbook.faults import CellFault

_DUE = Date(key="due_on", label="")
_BETWEEN_CODES = re.compile(r"[\s,;]+")


class _AnyOf(forms.MultipleChoiceField):
    """Grouped boxes; what is not listed is left for the service to refuse."""

    widget = forms.CheckboxSelectMultiple


class RoundForm(forms.Form):
    """A new round. People are chosen by code, or by unit and title; both together narrow."""

    title = forms.CharField(
        label=_("Tên đợt"),
        max_length=160,
        help_text=_("Ví dụ: Bổ sung lý lịch phục vụ rà soát quy hoạch năm 2026."),
        error_messages={"required": _("Thiếu tên đợt. Hãy điền vào.")},
    )
    fields_asked = _AnyOf(
        label=_("Mục cần bổ sung"),
        choices=[
            (section.title, [(one.key, one.label) for one in section.fields])
            for section in SINGLE_SECTIONS
        ],
        error_messages={"required": _("Hãy chọn ít nhất một mục cần bổ sung.")},
    )
    codes = forms.CharField(
        label=_("Số hiệu cán bộ"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_(
            "Cách nhau bằng dấu phẩy, dấu cách hoặc xuống dòng. Để trống thì lấy theo đơn vị."
        ),
    )
    unit = forms.CharField(
        label=_("Đơn vị (cả cấp dưới)"),
        required=False,
        widget=forms.TextInput(attrs={"list": "goi-y-unit", "autocomplete": "off"}),
        help_text=_("Gõ mã hoặc một phần tên rồi chọn trong gợi ý."),
    )
    held = forms.ChoiceField(label=_("Đang giữ chức danh"), required=False)
    only_lacking = forms.BooleanField(
        label=_("Chỉ người còn để trống ít nhất một mục đã chọn"), required=False
    )
    due_on = forms.CharField(
        label=_("Hạn trả lời"),
        help_text=_("Ghi như 22/12/2026."),
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
        error_messages={"required": _("Thiếu hạn trả lời. Hãy điền vào.")},
    )
    note = forms.CharField(
        label=_("Hướng dẫn cho người trả lời"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    use_required_attribute = False

    def __init__(self, *args: Any, titles: Iterable[Title], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        held = self.fields["held"]
        held.choices = [  # type: ignore[attr-defined]
            ("", _("Mọi chức danh")),
            *((title.code, title.name) for title in titles),
        ]

    def clean_due_on(self) -> Any:
        """A day, written as everywhere."""
        try:
            return _DUE.parse(self.cleaned_data["due_on"].strip())
        except CellFault as fault:
            raise ValidationError(str(fault.message)) from None

    def clean_codes(self) -> list[str]:
        """Different codes in the order they were written."""
        parts = _BETWEEN_CODES.split(self.cleaned_data["codes"].strip())
        return list(dict.fromkeys(part for part in parts if part))

    def clean_unit(self) -> str:
        """The code before what a suggestion filled in."""
        return self.cleaned_data["unit"].split(BETWEEN)[0].strip()

    def clean(self) -> dict[str, Any]:
        """Everybody of everything is asked only on purpose: a unit or codes are needed."""
        data = super().clean() or self.cleaned_data
        is_narrowed = data.get("codes") or data.get("unit") or data.get("held")
        if not is_narrowed and self.errors.keys().isdisjoint({"codes", "unit"}):
            self.add_error("unit", _("Hãy chọn đơn vị, chức danh, hoặc ghi số hiệu."))
        return data

    def refuse(self, error: ValidationError) -> None:
        """Put what the service refused beside the fields."""
        names = {"fields": "fields_asked", "people": "unit"}
        for key, messages in error.message_dict.items():
            name = names.get(key, key)
            known = name if name in self.fields and key != NON_FIELD_ERRORS else None
            self.add_error(known, messages)


class RefusalForm(forms.Form):
    """Why a proposal is not taken."""

    reason = forms.CharField(
        label=_("Lý do không nhận"),
        required=False,
        max_length=500,
        help_text=_("Cần ghi khi bấm “Không nhận”; người đề nghị đọc được."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def labels_of(keys: Iterable[str]) -> list[str]:
    """Names of fields; one that is no longer known keeps its key."""
    return [str(SINGLE_FIELDS[key].label) if key in SINGLE_FIELDS else key for key in keys]
