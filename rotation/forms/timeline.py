"""Filters of the time line of tours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rotation.selectors.timeline import Along, TourState

_ALL = ("", _("Tất cả"))


class TimelineForm(forms.Form):
    """Which tours; the names are those of the address, nonsense is left out."""

    use_required_attribute = False

    def __init__(self, query: Any, *, units: Sequence[Any]) -> None:
        super().__init__(query)
        self.fields["don-vi"] = forms.ChoiceField(
            label=_("Đơn vị và cấp dưới"),
            required=False,
            choices=[_ALL, *((unit.code, unit.name) for unit in units)],
        )
        self.fields["trang-thai"] = forms.ChoiceField(
            label=_("Trạng thái"), required=False, choices=[_ALL, *TourState.choices]
        )
        for name, label in (("tu", _("Từ năm")), ("den", _("Đến năm"))):
            self.fields[name] = forms.IntegerField(
                label=label, min_value=1945, max_value=2199, required=False
            )
        self.fields["theo"] = forms.ChoiceField(
            required=False, choices=Along.choices, widget=forms.HiddenInput
        )
        self.full_clean()

    def value(self, name: str) -> str:
        """What a field was given, "" where it was given nonsense."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def first(self) -> int | None:
        """The first year that is shown."""
        return self.cleaned_data.get("tu")

    @property
    def last(self) -> int | None:
        """The last year that is shown; never before the first."""
        first, last = self.first, self.cleaned_data.get("den")
        return max(first, last) if first and last else last

    @property
    def along(self) -> Along:
        """What the lines stand under."""
        return Along(self.value("theo"))
