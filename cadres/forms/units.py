"""Filters of the list of units. The names of the fields are those of the address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level
from cadres.selectors import UnitFilter


class UnitFilterForm(forms.Form):
    """Look for a unit by name or code, or for those of a level."""

    tim = forms.CharField(
        label=_("Tìm đơn vị"),
        max_length=100,
        required=False,
        widget=forms.SearchInput(
            attrs={"placeholder": _("tên hoặc mã, gõ không dấu cũng được"), "autocomplete": "off"}
        ),
    )
    cap = forms.ChoiceField(
        label=_("Cấp"), choices=[("", _("Tất cả các cấp")), *Level.choices], required=False
    )

    def filters(self) -> UnitFilter:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        return UnitFilter(text=data.get("tim", "").strip(), level=data.get("cap", ""))
