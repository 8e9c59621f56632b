"""Small forms around the list of people: keep a filter, take the list away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.tables import CSV, XLSX
from cadres.models import Unit


class KeepFilterForm(forms.Form):
    """A name for a filter, and with whom it is shared."""

    ten = forms.CharField(label=gettext_lazy("Tên bộ lọc"), max_length=60)
    dung_chung = forms.ChoiceField(
        label=gettext_lazy("Ai dùng được"),
        required=False,
        help_text=gettext_lazy(
            "Dùng chung là chia sẻ điều kiện lọc; mỗi người chỉ thấy hồ sơ trong phạm vi của mình."
        ),
    )

    def __init__(self, *args: Any, offices: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {unit.code: unit for unit in offices}
        field = self.fields["dung_chung"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [
            ("", _("Chỉ mình tôi")),
            *((code, _("Đồng nghiệp ở %s") % unit.name) for code, unit in self.offices.items()),
        ]

    @property
    def office(self) -> Unit | None:
        """The office that the filter is shared with."""
        return self.offices.get(self.cleaned_data["dung_chung"])


class ExportForm(forms.Form):
    """Which format, and why where sensitive columns go out."""

    dinh_dang = forms.ChoiceField(
        label=gettext_lazy("Định dạng"),
        choices=[(XLSX, "Excel (.xlsx)"), (CSV, "CSV (.csv)")],
        initial=XLSX,
        widget=forms.RadioSelect,
    )
    bo_nhay_cam = forms.BooleanField(required=False)
    ly_do = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Ghi vào nhật ký xuất dữ liệu cùng tên người xuất."),
    )

    def __init__(self, *args: Any, sensitive: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sensitive = sensitive
        if sensitive:
            self.fields["bo_nhay_cam"].label = _("Không xuất cột %s") % sensitive
        else:
            del self.fields["bo_nhay_cam"]
            del self.fields["ly_do"]

    def clean(self) -> dict[str, Any]:
        """Sensitive columns go out only with a reason."""
        data = super().clean() or self.cleaned_data
        if self.sensitive and not data.get("bo_nhay_cam") and not data.get("ly_do", "").strip():
            self.add_error(
                "ly_do",
                _("Cột %s là thông tin nhạy cảm: hãy ghi lý do xuất, hoặc chọn không xuất cột này.")
                % self.sensitive,
            )
        return data
