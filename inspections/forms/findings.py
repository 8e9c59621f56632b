"""Forms of findings, what they rest on, objections, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.choices import FindingKind, FindingState, Severity, Topic
from inspections.models import InspectedUnit
from inspections.selectors.findings import FindingFilter
from planning.forms.process import REQUIRED, DayField, PlainForm

ANY = ("", _("Tất cả"))
UNSAID = ("", _("Chưa xếp mức"))
#: What the address calls findings that concern all units.
ALL_UNITS = "chung"


def words_field(label: Any, *, rows: int = 4, length: int = 10_000, **kwargs: Any) -> Any:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=REQUIRED,
        **kwargs,
    )


class FindingForm(PlainForm):
    """A finding as people write it; who is asked by when only of a recommendation."""

    kind = forms.ChoiceField(label=_("Loại"), choices=FindingKind.choices, error_messages=REQUIRED)
    topic = forms.ChoiceField(label=_("Chủ đề"), choices=Topic.choices, error_messages=REQUIRED)
    severity = forms.TypedChoiceField(
        label=_("Mức độ"),
        choices=[UNSAID, *Severity.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Chỉ dùng cho hạn chế, khuyết điểm."),
    )
    text = words_field(_("Nội dung"), rows=6)
    head = forms.CharField(
        label=_("Người chịu trách nhiệm"),
        max_length=160,
        required=False,
        help_text=_("Chỉ dùng cho kiến nghị. Ví dụ: Bí thư Đảng ủy xã."),
    )
    due_on = DayField(
        label=_("Hạn thực hiện"), required=False, help_text=_("Chỉ dùng cho kiến nghị.")
    )


class NewFindingForm(FindingForm):
    """A finding of a unit, or of all."""

    unit = forms.ChoiceField(label=_("Đơn vị"), required=False)
    field_order = ("unit",)

    def __init__(self, *args: Any, units: Sequence[InspectedUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(each.pk): each for each in units}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            *((pk, str(each.unit)) for pk, each in self._units.items()),
            ("", _("Chung cho các đơn vị")),
        ]

    def values(self) -> dict[str, Any]:
        """What the service takes. Valid forms only."""
        data = dict(self.cleaned_data)
        return {**data, "inspected_unit": self._units.get(data.pop("unit"))}


class FindingFilterForm(forms.Form):
    """Filters of the findings; nonsense asks nothing."""

    loai = forms.ChoiceField(label=_("Loại"), required=False)
    chu_de = forms.ChoiceField(label=_("Chủ đề"), required=False)
    trang_thai = forms.ChoiceField(label=_("Trạng thái"), required=False)

    _LISTS = (
        ("loai", "kind", FindingKind),
        ("chu_de", "topic", Topic),
        ("trang_thai", "state", FindingState),
    )

    def __init__(self, *args: Any, used: dict[str, set[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, key, choices in self._LISTS:
            self.fields[name].choices = [  # type: ignore[attr-defined]
                ANY,
                *((value, label) for value, label in choices.choices if value in used[key]),
            ]

    def add_prefix(self, field_name: str) -> str:
        """Addresses have hyphens."""
        return super().add_prefix(field_name).replace("_", "-")

    def wanted(self, unit: int | None) -> FindingFilter:
        """What is asked for."""
        self.is_valid()
        data = self.cleaned_data
        return FindingFilter(
            unit=unit,
            kind=data.get("loai", ""),
            topic=data.get("chu_de", ""),
            state=data.get("trang_thai", ""),
        )


class DropForm(PlainForm):
    """Why a finding is left out."""

    reason = words_field(
        _("Lý do bỏ nhận định"),
        rows=2,
        length=300,
        help_text=_("Nhận định đã bỏ vẫn được giữ lại và lấy lại được."),
    )


class FileProofForm(PlainForm):
    """A file that a finding rests on."""

    file = forms.FileField(label=_("Tệp"), error_messages=REQUIRED)
    note = forms.CharField(
        label=_("Trang, mục"),
        max_length=200,
        required=False,
        help_text=_("Ví dụ: trang 4, mục II."),
    )


class ObjectionForm(PlainForm):
    """What a unit says against a finding."""

    text = words_field(_("Ý kiến của đơn vị"))


class AnswerForm(PlainForm):
    """What the team answers."""

    answer = words_field(_("Trả lời của đoàn"))


class CorrectionForm(PlainForm):
    """A correction after the conclusion."""

    after = words_field(_("Nội dung sau đính chính"), rows=6)
    reason = words_field(_("Lý do đính chính"), rows=2, length=500)
    document = forms.CharField(
        label=_("Văn bản đính chính"),
        max_length=120,
        error_messages=REQUIRED,
        help_text=_("Ví dụ: Công văn 45-CV/TU ngày 12/01/2027."),
    )
