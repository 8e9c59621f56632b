"""Filters of the list of people. The names of the fields are those of the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import Degree, Grade, Level, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.listing import entered_filters
from cadres.models import Title, Unit
from cadres.policies import Actor, can_see_sensitive
from cadres.selectors import CadreFilters, title_list, unit_list
from cadres.selectors.cadre_list import UNGRADED

ANY = ("", gettext_lazy("Tất cả"))
PARTY = (ANY, ("co", gettext_lazy("Đã vào Đảng")), ("chua", gettext_lazy("Chưa có ngày vào Đảng")))
_INDENT = "\u2003"
#: A choice list longer than this helps nobody; a unit further down is reached from its own page.
UNITS_OFFERED = 300
#: The order in which fields stand, with those of the rooms above among them.
PLACES = (
    *("q", "don_vi", "cap", "chuc_danh", "nhom_tuoi", "tuoi_tu", "tuoi_den", "gioi", "dan_toc"),
    *("chuyen_mon", "llct", "dang", "quy_hoach", "nghi_huu", "con_thang", "xep_loai"),
)


class Chip(NamedTuple):
    """A filter that is on: the fields to take off, the label, the words."""

    names: tuple[str, ...]
    label: Any
    words: str


def _from(scale: type[Degree] | type[Theory]) -> list[tuple[Any, Any]]:
    return [
        ANY,
        *((step.value, _("Từ %s") % str(step.label).lower()) for step in scale if step.value),
    ]


class CadreFilterForm(forms.Form):
    """Narrow the list.

    A unit or a title is looked up only when one is asked for, and only among what the actor may
    see; `offer` reads the choices for who wants to choose.
    """

    q = forms.CharField(label=gettext_lazy("Tìm trong danh sách"), max_length=100, required=False)
    don_vi = forms.CharField(
        label=gettext_lazy("Đơn vị (cả cấp dưới)"),
        max_length=40,
        required=False,
        widget=forms.Select,
    )
    cap = forms.ChoiceField(
        label=gettext_lazy("Cấp của đơn vị"), choices=[ANY, *Level.choices], required=False
    )
    chuc_danh = forms.CharField(
        label=gettext_lazy("Chức danh đang giữ"),
        max_length=40,
        required=False,
        widget=forms.Select,
    )
    tuoi_tu = forms.IntegerField(
        label=gettext_lazy("Tuổi từ"), min_value=16, max_value=120, required=False
    )
    tuoi_den = forms.IntegerField(
        label=gettext_lazy("đến"), min_value=16, max_value=120, required=False
    )
    gioi = forms.ChoiceField(
        label=gettext_lazy("Giới"), choices=[ANY, *Sex.choices], required=False
    )
    dan_toc = forms.ChoiceField(
        label=gettext_lazy("Dân tộc"), choices=[ANY, *ETHNIC_GROUPS.items()], required=False
    )
    chuyen_mon = forms.ChoiceField(
        label=gettext_lazy("Chuyên môn"), choices=lambda: _from(Degree), required=False
    )
    llct = forms.ChoiceField(
        label=gettext_lazy("Lý luận chính trị"), choices=lambda: _from(Theory), required=False
    )
    dang = forms.ChoiceField(label=gettext_lazy("Đảng viên"), choices=PARTY, required=False)
    xep_loai = forms.ChoiceField(
        label=gettext_lazy("Xếp loại năm trước"),
        choices=[
            ANY,
            *((grade.value, grade.label) for grade in reversed(Grade)),
            (UNGRADED, gettext_lazy("Chưa xếp loại")),
        ],
        required=False,
    )

    def __init__(self, data: Any, *, actor: Actor, as_of: dt.date) -> None:
        super().__init__(data)
        self.actor, self.as_of = actor, as_of
        self.unit: Unit | None = None
        self.title: Title | None = None
        self.fields |= {name: each.field(actor, as_of) for name, each in entered_filters().items()}
        if not can_see_sensitive(actor):
            del self.fields["dan_toc"]
        self.order_fields(PLACES)

    def offer(self) -> CadreFilterForm:
        """Read the units and titles that one may choose; two queries."""
        units: list[Unit] = list(unit_list(self.actor)[:UNITS_OFFERED])
        self.is_valid()
        if self.unit and self.unit not in units:
            units.append(self.unit)
        top = min((unit.depth for unit in units), default=1)
        self._set(
            "don_vi", ((unit.code, _INDENT * (unit.depth - top) + unit.name) for unit in units)
        )
        titles: Iterable[Title] = title_list(self.actor)
        self._set("chuc_danh", ((title.code, title.name) for title in titles))
        return self

    def _set(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 - for the type checker
        widget.choices = [ANY, *choices]

    def clean_don_vi(self) -> str:
        """A unit in the actor's scope; another is not told of."""
        code: str = self.cleaned_data["don_vi"]
        if code:
            self.unit = unit_list(self.actor).filter(code=code).first()
            if self.unit is None:
                raise forms.ValidationError(_("Không có đơn vị này. Hãy chọn lại trong danh sách."))
        return code

    def clean_chuc_danh(self) -> str:
        """A title of the shared list."""
        code: str = self.cleaned_data["chuc_danh"]
        if code:
            self.title = title_list(self.actor).filter(code=code).first()
            if self.title is None:
                raise forms.ValidationError(
                    _("Không có chức danh này. Hãy chọn lại trong danh sách.")
                )
        return code

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
        more = Q()
        for name, each in entered_filters().items():
            if (value := data.get(name)) not in (None, ""):
                more &= each.condition(self.actor, self.as_of, value)
        grade = data.get("xep_loai", "")
        return CadreFilters(
            text=data.get("q", ""),
            unit=self.unit,
            level=data.get("cap", ""),
            title=self.title,
            sex=data.get("gioi", ""),
            age_from=data.get("tuoi_tu"),
            age_to=data.get("tuoi_den"),
            is_party={"co": True, "chua": False}.get(data.get("dang", "")),
            degree_from=_number(data.get("chuyen_mon")),
            theory_from=_number(data.get("llct")),
            ethnicity=data.get("dan_toc", ""),
            grade=grade if grade == UNGRADED else _number(grade),
            more=more,
        )

    @property
    def chosen_fields(self) -> list[forms.BoundField]:
        """Every field but the text, which stands in sight of itself."""
        return [self[name] for name in self.fields if name != "q"]

    def asked(self) -> dict[str, str]:
        """The fields that are filled in, as they stand in the address."""
        return {name: value for name in self.fields if (value := self.data.get(name, "").strip())}

    def chips(self) -> list[Chip]:
        """The filters that are on, but for the text."""
        self.is_valid()
        found = []
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if name in ("q", "tuoi_den") or value in (None, ""):
                continue
            found.append(self._chip(name, value))
        high = self.cleaned_data.get("tuoi_den")
        if high is not None and self.cleaned_data.get("tuoi_tu") is None:
            found.append(Chip(("tuoi_den",), _("Tuổi"), _("đến %s") % high))
        return found

    def _chip(self, name: str, value: Any) -> Chip:
        if name in entered_filters():
            label, words = entered_filters()[name].chip(value, self.as_of)
            return Chip((name,), label, str(words))
        if name == "tuoi_tu":
            high = self.cleaned_data.get("tuoi_den")
            words = _("từ %s") % value if high is None else f"{value}–{high}"
            return Chip(("tuoi_tu", "tuoi_den"), _("Tuổi"), words)
        if name == "don_vi" and self.unit:
            return Chip((name,), _("Đơn vị"), self.unit.name)
        if name == "chuc_danh" and self.title:
            return Chip((name,), _("Chức danh"), self.title.name)
        field = self.fields[name]
        said = str(_("Đơn vị") if name == "cap" else field.label)
        choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
        known = {str(key): text for key, text in choices}
        return Chip((name,), said, str(known.get(str(value), value)))


def _number(text: str | None) -> int | None:
    return int(text) if text else None
