"""Forms of cycles, steps, submissions and decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.days import DayInput
from cadre_portal.templatetags import formats
from cadres.choices import Level
from cadres.workbook.columns import Date
from cadres.workbook.faults import CellFault
from planning.choices import CycleKind
from planning.services.process import Counted

_DAY = Date(key="day", label="")
#: What a field that has to be filled says.
REQUIRED = {"required": _("Mục này chưa điền.")}


class DayField(forms.CharField):
    """A day as Vietnamese write it, `31/12/2026`; the value is a date, None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", REQUIRED)
        widget = DayInput(attrs={"class": "short", "autocomplete": "off"})
        super().__init__(widget=kwargs.pop("widget", widget), max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return formats.date(value) if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            return _DAY.parse(text)
        except CellFault as fault:
            raise ValidationError(str(fault.message)) from None


class PlainForm(forms.Form):
    """No browser's own checks: every error is told beside its field, and all on top."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def refuse(self, error: ValidationError) -> None:
        """Put what the service refused beside the fields."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for key, messages in error.message_dict.items():
            known = key if key in self.fields and key != NON_FIELD_ERRORS else None
            for message in messages:
                self.add_error(known, message)


class CycleForm(PlainForm):
    """A new cycle."""

    name = forms.CharField(
        label=_("Tên đợt"),
        max_length=160,
        help_text=_("Ví dụ: Rà soát, bổ sung quy hoạch năm 2026."),
        error_messages=REQUIRED,
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=CycleKind.choices)
    term: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nhiệm kỳ"), queryset=None, empty_label=None, error_messages=REQUIRED
    )
    year = forms.IntegerField(
        label=_("Năm"),
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages=REQUIRED,
    )
    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Đơn vị và cấp dưới"),
        queryset=None,
        required=False,
        empty_label=_("Tất cả đơn vị"),
    )
    level = forms.ChoiceField(
        label=_("Cấp"), required=False, choices=[("", _("Mọi cấp")), *Level.choices]
    )
    document = forms.CharField(
        label=_("Văn bản hướng dẫn"),
        max_length=120,
        required=False,
        help_text=_("Số, ký hiệu; ví dụ: 12-HD/BTCTU."),
    )
    opens_on = DayField(label=_("Bắt đầu"))
    due_on = DayField(label=_("Hạn trình"), help_text=_("Ghi như 31/12/2026."))

    def __init__(self, *args: Any, terms: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = terms  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class CycleChangeForm(PlainForm):
    """What may change while a cycle is open."""

    name = forms.CharField(label=_("Tên đợt"), max_length=160, error_messages=REQUIRED)
    document = forms.CharField(label=_("Văn bản hướng dẫn"), max_length=120, required=False)
    due_on = DayField(label=_("Hạn trình"))


class StepForm(PlainForm):
    """What is written down of a step."""

    held_on = DayField(label=_("Ngày tổ chức"))
    minutes_no = forms.CharField(label=_("Biên bản số"), max_length=80, error_messages=REQUIRED)
    chaired_by = forms.CharField(label=_("Chủ trì"), max_length=120, required=False)
    summoned = forms.IntegerField(
        label=_("Triệu tập"),
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages=REQUIRED,
    )
    present = forms.IntegerField(
        label=_("Có mặt"),
        min_value=0,
        max_value=100_000,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages=REQUIRED,
    )
    note = forms.CharField(
        label=_("Ghi chú"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Nobody is present who was not summoned."""
        data = super().clean() or self.cleaned_data
        summoned, present = data.get("summoned"), data.get("present")
        if summoned is not None and present is not None and present > summoned:
            self.add_error("present", _("Có mặt không được nhiều hơn triệu tập."))
        return data


#: The counts that are entered for each candidate; the others are those of the meeting.
BALLOT_FIELDS = ("issued", "collected", "valid", "agree")


class BallotRows:
    """The ballots on each candidate as typed: `phieu-POOL-CADRE-COUNT`.

    A row left empty is no ballot; a row half filled, or with what is no number, is told.
    """

    def __init__(self, data: Any, keys: Sequence[tuple[int, int]]) -> None:
        self.typed = {
            key: {name: str(data.get(self.name(key, name), "")).strip() for name in BALLOT_FIELDS}
            for key in keys
        }
        self.errors: dict[tuple[int, int], str] = {}
        self.counted: list[Counted] = []
        for key, texts in self.typed.items():
            self._read(key, texts)

    @staticmethod
    def name(key: tuple[int, int], count: str) -> str:
        """The name of a control."""
        return f"phieu-{key[0]}-{key[1]}-{count}"

    def _read(self, key: tuple[int, int], texts: dict[str, str]) -> None:
        if not any(texts.values()):
            return
        if not all(text.isdecimal() and len(text) <= 6 for text in texts.values()):
            self.errors[key] = str(_("Ghi đủ bốn số nguyên: phát ra, thu về, hợp lệ, đồng ý."))
            return
        self.counted.append(Counted(*key, **{name: int(text) for name, text in texts.items()}))


class SubmitForm(PlainForm):
    """The submission."""

    submission_no = forms.CharField(
        label=_("Tờ trình số"),
        max_length=80,
        help_text=_("Ví dụ: 12-TTr/ĐU."),
        error_messages=REQUIRED,
    )
    submitted_on = DayField(label=_("Ngày trình"))


class ApproveForm(PlainForm):
    """The decision."""

    decision_no = forms.CharField(
        label=_("Quyết định số"),
        max_length=80,
        help_text=_("Ví dụ: 287-QĐ/TU."),
        error_messages=REQUIRED,
    )
    decision_on = DayField(label=_("Ngày quyết định"))


class ReturnForm(PlainForm):
    """Why a dossier is given back."""

    reason = forms.CharField(
        label=_("Lý do trả lại"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ghi đơn vị cần bổ sung, sửa gì; ý kiến về từng người ghi ở bảng bên dưới."),
        error_messages=REQUIRED,
    )
