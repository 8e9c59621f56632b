"""What the list of inspections is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadres.selectors.editing import BETWEEN
from inspections.choices import Stage
from inspections.selectors.listing import InspectionFilter

ANY = ("", _("Tất cả"))


class InspectionFilterForm(forms.Form):
    """The names are those of the address."""

    q = forms.CharField(label=_("Tên, số quyết định"), max_length=100, required=False)
    buoc = forms.ChoiceField(label=_("Bước"), choices=[ANY, *Stage.choices], required=False)
    nam = forms.TypedChoiceField(label=_("Năm"), coerce=int, required=False, empty_value=None)
    don_vi = forms.CharField(
        label=_("Đơn vị"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "goi-y-don-vi", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["nam"].choices = [ANY, *((year, year) for year in years)]  # type: ignore[attr-defined]

    def add_prefix(self, field_name: str) -> str:
        """Words of an address are joined by hyphens."""
        return field_name.replace("_", "-")

    def wanted(self) -> InspectionFilter:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        return InspectionFilter(
            text=data.get("q", ""),
            stage=data.get("buoc", ""),
            year=data.get("nam"),
            unit=data.get("don_vi", "").split(BETWEEN)[0].strip(),
        )
