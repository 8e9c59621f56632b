"""Filters of the page of needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rotation.choices import NeedKind, NeedReason
from rotation.selectors.need import DUE, GAPS, KINDS, SOON_MONTHS

_ALL = ("", _("Tất cả"))
#: What is told apart beside the reasons of people.
DUE_WORD, ONE_WAY = "den-han", "mot-chieu"
#: The term that nominees are planned for, in the address.
TERM = "nhiem-ky"
KIND_LABELS = {
    NeedKind.NON_LOCAL: _("Người địa phương"),
    NeedKind.HEAD_TERMS: _("Nhiệm kỳ liên tiếp"),
    NeedKind.TOUR_END: _("Hết thời gian luân chuyển"),
    NeedKind.EXPERIENCE: _("Quy hoạch cần rèn luyện"),
}
VACANCY_LABEL, ONE_WAY_LABEL = _("Chức vụ còn trống"), _("Đơn vị một chiều")
ANSWERED = {"co": True, "chua": False}
MONTHS = (3, 6, 12, 24)


def _kinds() -> list[Any]:
    """Every kind, with the reasons below it."""
    choices: list[Any] = [_ALL, (DUE_WORD, _("Đến hạn"))]
    for kind, label in KIND_LABELS.items():
        reasons = [reason for reason in NeedReason if KINDS[reason] == kind]
        choices.append(
            (label, [(kind.value, _("Mọi lý do")), *((r.value, r.label) for r in reasons)])
        )
    return [*choices, (NeedKind.VACANCY.value, VACANCY_LABEL), (ONE_WAY, ONE_WAY_LABEL)]


class NeedFilterForm(forms.Form):
    """Which needs; the names are those of the address, nonsense is left out."""

    use_required_attribute = False

    def __init__(self, query: Any, *, units: Sequence[Any]) -> None:
        super().__init__(query)
        self.fields["loai"] = forms.ChoiceField(label=_("Loại"), required=False, choices=_kinds())
        self.fields["don-vi"] = forms.ChoiceField(
            label=_("Đơn vị và cấp dưới"),
            required=False,
            choices=[_ALL, *((unit.code, unit.name) for unit in units)],
        )
        self.fields["phuong-an"] = forms.ChoiceField(
            label=_("Phương án"),
            required=False,
            choices=[_ALL, ("chua", _("Chưa có")), ("co", _("Đã có"))],
        )
        self.fields["trong"] = forms.ChoiceField(
            label=_("Trong vòng"),
            required=False,
            choices=[
                ("" if n == SOON_MONTHS else str(n), gettext("%(n)s tháng") % {"n": n})
                for n in MONTHS
            ],
        )

    def offer_terms(self, terms: Sequence[str]) -> None:
        """Let nominees be narrowed to one of these terms, where there are several."""
        if len(terms) > 1:
            self.fields[TERM] = forms.ChoiceField(
                label=_("Nhiệm kỳ quy hoạch"),
                required=False,
                choices=[_ALL, *((term, term) for term in terms)],
            )
            self.full_clean()

    def value(self, name: str) -> str:
        """What a field was given, "" where it was given nonsense."""
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        return str(self.cleaned_data.get(name, "") or "")

    @property
    def reasons(self) -> frozenset[NeedReason]:
        """The reasons of people that are asked for; empty: all."""
        kind = self.value("loai")
        if kind == DUE_WORD:
            return DUE
        if kind in NeedReason.values:
            return frozenset({NeedReason(kind)})
        return frozenset(reason for reason in NeedReason if KINDS[reason] == kind)

    @property
    def is_of_nominees(self) -> bool:
        """Whether nominees alone are asked for: so many that they stand by term and unit."""
        return bool(self.reasons) and self.reasons <= GAPS

    @property
    def within(self) -> int:
        """How many months are looked ahead."""
        return int(self.value("trong") or SOON_MONTHS)
