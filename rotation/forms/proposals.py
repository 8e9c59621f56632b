"""What somebody asks of the solver; the names are those of the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.forms.process import DayField, PlainForm
from rotation.choices import NeedKind
from rotation.proposals import Criterion, Emphasis, Weights
from rotation.selectors.movable import GROUPS
from rotation.selectors.posts import BETWEEN

START, GROUP, FROM, TO, MOST = "tu-ngay", "nhom", "di", "den", "toi-da"
#: Says that a search is asked for; without it an address only fills in the form.
ASKED = "tim"
WEIGHT = "muc-"
#: Years ahead for which anything is known of posts and people.
YEARS_AHEAD = 3
DEFAULT_MOST = 20
GROUP_LABELS = {
    NeedKind.NON_LOCAL: gettext_lazy("Người địa phương đứng đầu nơi không được bố trí"),
    NeedKind.HEAD_TERMS: gettext_lazy("Người đứng đầu đủ, sắp đủ nhiệm kỳ liên tiếp"),
    NeedKind.TOUR_END: gettext_lazy("Hết thời gian luân chuyển vào ngày này"),
    NeedKind.EXPERIENCE: gettext_lazy("Quy hoạch cần rèn luyện ở nơi khác"),
    NeedKind.OTHER: gettext_lazy("Người khác trong quy hoạch (để đổi chỗ, lấp chỗ trống)"),
}
EMPHASES = (
    (Emphasis.LESS, gettext_lazy("Ít")),
    (Emphasis.NORMAL, gettext_lazy("Bình thường")),
    (Emphasis.MORE, gettext_lazy("Nhiều")),
)


def _unit_field(label: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"list": "goi-y-don-vi", "autocomplete": "off", "placeholder": _("Mọi đơn vị")}
    )
    return forms.CharField(label=label, required=False, max_length=300, widget=widget)


class ProposalsForm(PlainForm):
    """When, whom, where, how many, and what matters."""

    def __init__(self, query: Any, *, units: dict[str, Any], today: dt.date) -> None:
        is_asked = ASKED in query
        given = {name: query[name] for name in (START, FROM, TO, MOST) if query.get(name)}
        super().__init__(query if is_asked else None, initial={**_initial(today), **given})
        self.units, self.today, self.is_asked = units, today, is_asked
        self.fields[START] = DayField(label=gettext_lazy("Bắt đầu từ ngày"))
        self.fields[MOST] = forms.IntegerField(
            label=gettext_lazy("Số lượt nhiều nhất"),
            required=False,
            min_value=1,
            max_value=500,
            widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
            help_text=gettext_lazy("Để trống là không giới hạn."),
        )
        self.fields[FROM] = _unit_field(gettext_lazy("Nơi đi (cả cấp dưới)"))
        self.fields[TO] = _unit_field(gettext_lazy("Nơi đến (cả cấp dưới)"))
        self.fields[GROUP] = forms.MultipleChoiceField(
            label=gettext_lazy("Xét những ai"),
            choices=[(kind.value, GROUP_LABELS[kind]) for kind in GROUPS],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Chọn ít nhất một nhóm.")},
        )
        for criterion in Criterion:
            self.fields[WEIGHT + criterion.value] = forms.ChoiceField(
                label=criterion.label, required=False, choices=EMPHASES
            )

    def clean(self) -> dict[str, Any]:
        """A day that can be planned for, and units that are there."""
        data = super().clean() or self.cleaned_data
        day = data.get(START)
        if day is not None:
            last = self.today.replace(year=self.today.year + YEARS_AHEAD, day=1)
            if not self.today <= day <= last:
                text = _("Ngày phải từ hôm nay đến %(year)s.") % {"year": f"{last:%m/%Y}"}
                self.add_error(START, text)
        for name in (FROM, TO):
            code = data.get(name, "").split(BETWEEN)[0].strip()
            if code and code not in self.units:
                self.add_error(name, ValidationError(_("Không có đơn vị này trong phạm vi.")))
            data[name] = self.units.get(code)
        return data

    # ---- What was asked

    def paths(self, name: str) -> tuple[str, ...]:
        """The subtree of a unit that was chosen; () for all."""
        unit = self.cleaned_data.get(name)
        return (unit.path,) if unit else ()

    def groups(self) -> frozenset[NeedKind]:
        """Groups of people."""
        return frozenset(NeedKind(value) for value in self.cleaned_data[GROUP])

    def weights(self) -> Weights:
        """How much each criterion is minded."""
        said = {
            criterion: Emphasis(self.cleaned_data[WEIGHT + criterion.value])
            for criterion in Criterion
            if self.cleaned_data.get(WEIGHT + criterion.value)
        }
        return Weights(said)


def _initial(today: dt.date) -> dict[str, Any]:
    month = today.year * 12 + today.month + 1
    return {
        START: dt.date(month // 12, month % 12 + 1, 1),
        MOST: DEFAULT_MOST,
        GROUP: [kind.value for kind in GROUPS if kind != NeedKind.OTHER],
        **{WEIGHT + criterion.value: Emphasis.NORMAL for criterion in Criterion},
    }
