"""Which period and kind statistics are of; the names are those of the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rotation.choices import RotationKind

#: So many years back are offered.
_OFFERED = 15


class PeriodForm(forms.Form):
    """Years from and to, and one kind or all."""

    use_required_attribute = False

    def __init__(self, as_of: dt.date, years: range, kind: str, **kwargs: Any) -> None:
        values = {"tu-nam": years.start, "den-nam": years[-1], "loai": kind}
        super().__init__(initial=values, **kwargs)
        offered = sorted(
            {*range(as_of.year - _OFFERED + 1, as_of.year + 1), years.start, years[-1]}
        )
        choices = [(year, str(year)) for year in reversed(offered)]
        self.fields["tu-nam"] = forms.ChoiceField(label=_("Từ năm"), choices=choices)
        self.fields["den-nam"] = forms.ChoiceField(label=_("Đến năm"), choices=choices)
        self.fields["loai"] = forms.ChoiceField(
            label=_("Hình thức"),
            required=False,
            choices=[("", _("Tất cả")), *RotationKind.choices],
        )
