"""Forms of yearly programmes, and what the address says of coverage and ranking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadres.choices import Level
from inspections.risk import SIGNS, WEIGHTS
from inspections.selectors.coverage import MOST_YEARS, YEARS
from planning.forms.process import REQUIRED, DayField, PlainForm

_NUMBER = {"class": "short", "inputmode": "numeric", "autocomplete": "off"}
QUARTERS = [("", _("Chưa định quý")), *((str(n), _("Quý %(n)s") % {"n": n}) for n in range(1, 5))]
#: What stands before the key of a sign in the address.
WEIGHT = "ts-"
#: What a list of units may be narrowed to.
LONG_AGO, PLANNED, DONE, NOT_PLANNED = "lau", "co", "da", "chua-co"


class ProgrammeForm(PlainForm):
    """The document of a programme."""

    decision_no = forms.CharField(
        label=_("Số văn bản"),
        max_length=80,
        required=False,
        help_text=_("Ví dụ: 15-CTr/TU. Để trống khi chưa ban hành."),
    )
    decision_on = DayField(label=_("Ngày ban hành"), required=False)
    note = forms.CharField(
        label=_("Yêu cầu chung"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NewProgrammeForm(ProgrammeForm):
    """A new programme: of which year, by whom."""

    field_order = ("year", "unit", "decision_no", "decision_on", "note")

    year = forms.IntegerField(
        label=_("Năm"),
        min_value=1945,
        max_value=2200,
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={
            **REQUIRED,
            "invalid": _("Ghi năm bằng bốn chữ số, ví dụ 2027."),
            "min_value": _("Ghi năm bằng bốn chữ số, ví dụ 2027."),
            "max_value": _("Ghi năm bằng bốn chữ số, ví dụ 2027."),
        },
    )
    unit = forms.ChoiceField(label=_("Cơ quan kiểm tra"), error_messages=REQUIRED)

    def __init__(self, *args: Any, bodies: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {unit.code: unit for unit in bodies}
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in bodies]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes. Valid forms only."""
        return {**self.cleaned_data, "unit": self._bodies[self.cleaned_data["unit"]]}


class ItemForm(PlainForm):
    """What is inspected at a unit, when, and why it was chosen."""

    subject = forms.CharField(
        label=_("Nội dung"),
        max_length=300,
        help_text=_("Ví dụ: Công tác quy hoạch, luân chuyển cán bộ."),
        error_messages=REQUIRED,
    )
    quarter = forms.ChoiceField(label=_("Quý"), choices=QUARTERS, required=False)
    reason = forms.CharField(
        label=_("Lý do chọn"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def values(self) -> dict[str, Any]:
        """What the service takes. Valid forms only."""
        quarter = self.cleaned_data["quarter"]
        return {**self.cleaned_data, "quarter": int(quarter) if quarter else None}


class CoverageForm(forms.Form):
    """Years, level and what to narrow the units to; the names are those of the address."""

    use_required_attribute = False
    #: Values of `tinh-trang`, which lists have all of them or some.
    STATES = (
        ("", _("Tất cả")),
        (LONG_AGO, _("Lâu chưa kiểm tra")),
        (NOT_PLANNED, _("Chưa có trong chương trình")),
        (PLANNED, _("Có trong chương trình")),
        (DONE, _("Đã kiểm tra trong năm")),
    )

    def __init__(self, data: Any, **kwargs: Any) -> None:
        given = {name: value for name, value in data.items() if value}
        super().__init__({"nam": str(YEARS), **given}, **kwargs)
        self.fields["nam"] = forms.IntegerField(
            label=_("Số năm chưa kiểm tra"),
            min_value=1,
            max_value=MOST_YEARS,
            required=False,
            widget=forms.NumberInput(attrs={"min": 1, "max": MOST_YEARS}),
        )
        self.fields["cap"] = forms.ChoiceField(
            label=_("Cấp"), required=False, choices=[("", _("Mọi cấp")), *Level.choices]
        )
        self.fields["tinh-trang"] = forms.ChoiceField(
            label=_("Tình trạng"), required=False, choices=self.STATES
        )

    def _value(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)

    @property
    def years(self) -> int:
        """So many years without an inspection stand out."""
        return self._value("nam") or YEARS

    @property
    def level(self) -> str:
        """One level, or "" for all."""
        return self._value("cap") or ""

    @property
    def state(self) -> str:
        """What the units are narrowed to, or ""."""
        return self._value("tinh-trang") or ""


def weights_of(data: Any) -> dict[str, int]:
    """Weights by sign as the address says; what is no number from 0 to 100 is left out.

    All nothing is no ranking: then those of the table count.
    """
    found = {}
    for sign in SIGNS:
        text = str(data.get(f"{WEIGHT}{sign.key}", "")).strip()
        is_number = text.isascii() and text.isdecimal() and int(text[:4]) <= 100
        found[sign.key] = int(text) if is_number else sign.weight
    return found if any(found.values()) else dict(WEIGHTS)


class ItemsForm(PlainForm):
    """Several units that are put into the programme: one subject and quarter, a reason each."""

    subject = forms.CharField(
        label=_("Nội dung"),
        max_length=300,
        help_text=_("Ví dụ: Công tác quy hoạch, luân chuyển cán bộ."),
        error_messages=REQUIRED,
    )
    quarter = forms.ChoiceField(label=_("Quý"), choices=QUARTERS, required=False)

    def __init__(self, *args: Any, units: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = units
        for unit in units:
            self.fields[self._name(unit)] = forms.CharField(
                label=_("Lý do chọn %(unit)s") % {"unit": unit.name},
                max_length=500,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @staticmethod
    def _name(unit: Any) -> str:
        return f"ly-do-{unit.code}"

    def rows(self) -> list[dict[str, Any]]:
        """What the service takes. Valid forms only."""
        data = self.cleaned_data
        return [
            {
                "unit": unit,
                "subject": data["subject"],
                "quarter": int(data["quarter"]) if data["quarter"] else None,
                "reason": data[self._name(unit)],
            }
            for unit in self._units
        ]

    @classmethod
    def reasons(cls, units: Sequence[Any], reasons: dict[int, str]) -> dict[str, str]:
        """Initial values of the reasons, by unit id."""
        return {cls._name(unit): reasons.get(unit.pk, "") for unit in units}
