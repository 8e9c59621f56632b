"""Filters of the record of openings and exports; fields are named as in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.days import DayInput
from cadre_portal.common.viewdate import EARLIEST
from cadres.choices import EXPORT_NAMES, FileDoor
from cadres.models import Unit
from cadres.selectors.records import RecordFilters

#: Without a day the record begins so far back: it grows by the thousand a day.
BACK = dt.timedelta(days=30)
_ANY = ("", _("Tất cả"))


def _day(label: Any) -> forms.DateField:
    widget = DayInput()
    return forms.DateField(label=label, required=False, widget=widget)


class RecordFilterForm(forms.Form):
    """Narrow the record. Units are given, so that only what is in scope can be chosen."""

    tai_khoan = forms.CharField(label=_("Người xem"), max_length=100, required=False)
    ho_so = forms.CharField(label=_("Hồ sơ (tên, số hiệu)"), max_length=100, required=False)
    viec = forms.ChoiceField(label=_("Cách xem"), required=False)
    don_vi = forms.ChoiceField(label=_("Đơn vị (cả cấp dưới)"), required=False)
    tu = _day(_("Từ ngày"))
    den = _day(_("Đến ngày"))

    def __init__(self, data: Any, *, units: Iterable[Unit], is_exports: bool) -> None:
        given = data.copy()
        given.setdefault("tu", (clock.today() - BACK).isoformat())
        super().__init__(given)
        self.units = {unit.code: unit for unit in units}
        self._offer("don_vi", [(unit.code, unit.name) for unit in self.units.values()])
        self._offer("viec", list(EXPORT_NAMES.items()) if is_exports else FileDoor.choices)
        if is_exports:
            self.fields["viec"].label = _("Nội dung")
            self.fields["tai_khoan"].label = _("Người xuất")
            del self.fields["ho_so"]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [_ANY, *choices]

    def clean(self) -> dict[str, Any]:
        """An end before the beginning finds nothing; better to say so."""
        data = super().clean() or self.cleaned_data
        since, until = data.get("tu"), data.get("den")
        if since and until and until < since:
            self.add_error("den", _("Đến ngày phải không trước từ ngày."))
        for name in ("tu", "den"):
            if data.get(name) and not EARLIEST <= data[name] <= clock.today():
                self.add_error(name, _("Ngày phải trong khoảng từ 02/09/1945 đến hôm nay."))
        return data

    def filters(self) -> RecordFilters:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        return RecordFilters(
            account=data.get("tai_khoan", ""),
            person=data.get("ho_so", ""),
            unit=self.units.get(data.get("don_vi", "")),
            since=data.get("tu"),
            until=data.get("den"),
            kind=data.get("viec", ""),
        )

    def words(self) -> list[tuple[str, str]]:
        """Label and value of what is asked, for the head of a file."""
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                shown = dict(getattr(field, "choices", ())).get(value, value)
                text = f"{shown:%d/%m/%Y}" if isinstance(shown, dt.date) else str(shown)
                found.append((str(field.label), text))
        return found
