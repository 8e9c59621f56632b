"""Which years statistics are of; the names are those of the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PeriodForm(forms.Form):
    """Years from and to."""

    use_required_attribute = False

    def __init__(self, years: range, offered: range, **kwargs: Any) -> None:
        super().__init__(initial={"tu-nam": years.start, "den-nam": years[-1]}, **kwargs)
        listed = sorted({*offered, years.start, years[-1]}, reverse=True)
        choices = [(year, str(year)) for year in listed]
        self.fields["tu-nam"] = forms.ChoiceField(label=_("Từ năm"), choices=choices)
        self.fields["den-nam"] = forms.ChoiceField(label=_("Đến năm"), choices=choices)
