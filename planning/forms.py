"""Filters of the list of plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level
from compliance.choices import Outcome
from planning.choices import PlanStatus
from planning.contexts.words import COLUMNS

OUTCOMES = {
    "not_met": (Outcome.NOT_MET, _("Có tiêu chí chưa đạt")),
    "cannot_tell": (Outcome.CANNOT_TELL, _("Có tiêu chí chưa rõ")),
    "met": (Outcome.MET, _("Đạt mọi tiêu chí")),
    "unchecked": (Outcome.NOT_APPLICABLE, _("Chưa kiểm tra")),
}
_ALL = ("", _("Tất cả"))


class TermUnitForm(forms.Form):
    """Which term, and which unit with everything below it; the names are those of the address."""

    use_required_attribute = False

    def __init__(self, *args: Any, terms: list[Any], units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem-ky"] = forms.ChoiceField(
            label=_("Nhiệm kỳ"),
            required=False,
            choices=[(term.code, str(term)) for term in terms],
        )
        self.fields["don-vi"] = forms.ChoiceField(
            label=_("Đơn vị và cấp dưới"),
            required=False,
            choices=[_ALL, *((unit.code, unit.name) for unit in units)],
        )


class OriginForm(forms.Form):
    """Which appointments; the names are those of the address."""

    use_required_attribute = False

    def __init__(self, *args: Any, units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tu"] = forms.DateField(
            label=_("Từ ngày"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["don-vi"] = forms.ChoiceField(
            label=_("Đơn vị và cấp dưới"),
            required=False,
            choices=[_ALL, *((unit.code, unit.name) for unit in units)],
        )
        self.fields["cap"] = forms.ChoiceField(
            label=_("Cấp"), required=False, choices=[_ALL, *Level.choices]
        )
        self.fields["loai"] = forms.CharField(required=False, widget=forms.HiddenInput)


class PlanFilterForm(TermUnitForm):
    """Which plans to list; the names are those of the address."""

    def __init__(self, *args: Any, terms: list[Any], units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, terms=terms, units=units, **kwargs)
        self.fields["cap"] = forms.ChoiceField(
            label=_("Cấp"), required=False, choices=[_ALL, *Level.choices]
        )
        self.fields["trang-thai"] = forms.ChoiceField(
            label=_("Trạng thái"), required=False, choices=[_ALL, *PlanStatus.choices]
        )
        self.fields["ket-qua"] = forms.ChoiceField(
            label=_("Kết quả"),
            required=False,
            choices=[_ALL, *((key, label) for key, (_outcome, label) in OUTCOMES.items())],
        )
        self.fields["vuong"] = forms.ChoiceField(
            label=_("Chưa đạt ở"),
            required=False,
            choices=[_ALL, *((key, words[0]) for key, words in COLUMNS.items())],
        )
