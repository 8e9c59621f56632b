"""Filters of the pages where one paper is about several rotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rotation.choices import Side
from rotation.models import Rotation
from rotation.selectors.together import WaitingFilter

_ALL = ("", _("Tất cả"))
#: Names of the fields in the address.
PAPER, UNIT, SIDE = "to-trinh", "don-vi", "thieu"


class WaitingForm(forms.Form):
    """Which of those that wait; only what would narrow them is asked, nonsense is left out."""

    use_required_attribute = False

    def __init__(self, query: Any, *, rotations: Sequence[Rotation], asks_side: bool) -> None:
        super().__init__(query, label_suffix="")
        papers = sorted({each.submission_no for each in rotations if each.is_submitted})
        units = {
            unit.code: unit for each in rotations for unit in (each.from_unit, each.to_unit)
        }.values()
        named = [(unit.code, unit.name) for unit in sorted(units, key=lambda unit: unit.path)]
        self._offer(SIDE, _("Thiếu ý kiến"), Side.choices if asks_side else [])
        self._offer(PAPER, _("Tờ trình"), [(each, each) for each in papers])
        self._offer(UNIT, _("Nơi đi hoặc nơi đến"), named)

    def _offer(self, name: str, label: Any, choices: Sequence[Any]) -> None:
        if len(choices) > 1:
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[_ALL, *choices]
            )

    def wanted(self) -> WaitingFilter:
        """What is asked."""
        self.full_clean()
        data = self.cleaned_data
        return WaitingFilter(
            paper=data.get(PAPER, ""), unit=data.get(UNIT, ""), side=data.get(SIDE, "")
        )
