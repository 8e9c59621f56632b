"""Filters of the list of people. The names of the fields are those of the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadres.choices import Degree, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import Title, Unit
from cadres.selectors import CadreFilters

ANY = ("", _("Tất cả"))
PARTY = (ANY, ("co", _("Đã vào Đảng")), ("chua", _("Chưa có ngày vào Đảng")))
_INDENT = "\u2003"
#: Always in sight; the others open on demand.
FIRST = ("q", "don_vi", "chuc_danh")


def _from(scale: type[Degree] | type[Theory]) -> list[tuple[Any, Any]]:
    return [ANY, *((step.value, _("Từ %s") % step.label.lower()) for step in scale if step.value)]


class CadreFilterForm(forms.Form):
    """Narrow the list. Units and titles are given, so that only what is visible can be chosen."""

    q = forms.CharField(
        label=_("Tìm theo tên hoặc số hiệu"),
        max_length=100,
        required=False,
        widget=forms.SearchInput(
            attrs={"placeholder": _("gõ không dấu cũng được"), "autocomplete": "off"}
        ),
    )
    don_vi = forms.ChoiceField(label=_("Đơn vị (cả cấp dưới)"), required=False)
    chuc_danh = forms.ChoiceField(label=_("Chức danh"), required=False)
    gioi = forms.ChoiceField(label=_("Giới"), choices=[ANY, *Sex.choices], required=False)
    tuoi_tu = forms.IntegerField(label=_("Tuổi từ"), min_value=16, max_value=120, required=False)
    tuoi_den = forms.IntegerField(label=_("đến"), min_value=16, max_value=120, required=False)
    dang = forms.ChoiceField(label=_("Đảng viên"), choices=PARTY, required=False)
    chuyen_mon = forms.ChoiceField(label=_("Chuyên môn"), choices=_from(Degree), required=False)
    llct = forms.ChoiceField(label=_("Lý luận chính trị"), choices=_from(Theory), required=False)
    dan_toc = forms.ChoiceField(
        label=_("Dân tộc"), choices=[ANY, *ETHNIC_GROUPS.items()], required=False
    )

    def __init__(
        self,
        *args: Any,
        units: Iterable[Unit],
        titles: Iterable[Title],
        is_sensitive_offered: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.titles = {title.code: title for title in titles}
        top = min((unit.depth for unit in self.units.values()), default=1)
        self._choices("don_vi").choices = [
            ANY,
            *((u.code, _INDENT * (u.depth - top) + u.name) for u in self.units.values()),
        ]
        self._choices("chuc_danh").choices = [
            ANY,
            *((title.code, title.name) for title in self.titles.values()),
        ]
        if not is_sensitive_offered:
            del self.fields["dan_toc"]

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        return field

    def clean(self) -> dict[str, Any]:
        """An upper age below the lower one finds nobody; better to say so."""
        data = super().clean() or self.cleaned_data
        low, high = data.get("tuoi_tu"), data.get("tuoi_den")
        if low is not None and high is not None and high < low:
            self.add_error("tuoi_den", _("Tuổi đến phải không nhỏ hơn tuổi từ."))
        return data

    def filters(self) -> CadreFilters:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        party = {"co": True, "chua": False}
        return CadreFilters(
            text=data.get("q", ""),
            unit=self.units.get(data.get("don_vi", "")),
            title=self.titles.get(data.get("chuc_danh", "")),
            sex=data.get("gioi", ""),
            age_from=data.get("tuoi_tu"),
            age_to=data.get("tuoi_den"),
            is_party=party.get(data.get("dang", "")),
            degree_from=_number(data.get("chuyen_mon")),
            theory_from=_number(data.get("llct")),
            ethnicity=data.get("dan_toc", ""),
        )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Fields that are always in sight."""
        return [self[name] for name in FIRST]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Fields that open on demand."""
        return [self[name] for name in self.fields if name not in FIRST]

    @property
    def is_more_asked(self) -> bool:
        """Whether one of the further fields is filled in, rightly or wrongly."""
        return any(field.data for field in self.more_fields)

    def chosen(self) -> list[tuple[str, Any, str]]:
        """Name, label and words of each filter that is on."""
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value in (None, ""):
                continue
            words = dict(field.choices).get(value, value) if hasattr(field, "choices") else value
            found.append((name, field.label, str(words).strip(_INDENT)))
        return found


def _number(text: str | None) -> int | None:
    return int(text) if text else None
