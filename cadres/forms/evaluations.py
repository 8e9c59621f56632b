"""Forms of grades: filters of a year, the grid of one unit, a list that is pasted or uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cadres.choices import Grade, Level
from cadres.models import Unit
from cadres.selectors.evaluations import Roster, YearFilter
from cadres.services.evaluations import GradeEntry

ANY = ("", _("Tất cả"))
STATES = (
    ANY,
    ("vuot", _("Vượt tỷ lệ xuất sắc")),
    ("chua-phan-hoa", _("Xếp loại chưa phân hóa")),
    ("con-thieu", _("Còn người chưa xếp loại")),
    ("chua-co", _("Chưa có xếp loại nào")),
)
_INDENT = "\u2003"
MAX_UPLOAD_BYTES = 5 * 1024 * 1024


class YearForm(forms.Form):
    """Narrow a year; the names of the fields are those of the address."""

    nam = forms.TypedChoiceField(label=_("Năm"), coerce=int, required=False)
    don_vi = forms.ChoiceField(label=_("Đơn vị (cả cấp dưới)"), required=False)
    cap = forms.ChoiceField(label=_("Cấp"), choices=[ANY, *Level.choices], required=False)
    tinh_trang = forms.ChoiceField(label=_("Tình trạng"), choices=STATES, required=False)

    def __init__(
        self, *args: Any, years: Iterable[int], units: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        top = min((unit.depth for unit in self.units.values()), default=1)
        self.fields["nam"].choices = [(year, year) for year in years]  # type: ignore[attr-defined]
        self.fields["don_vi"].choices = [  # type: ignore[attr-defined]
            ANY,
            *((u.code, _INDENT * (u.depth - top) + u.name) for u in self.units.values()),
        ]

    def year(self, default: int) -> int:
        """The year that is asked for."""
        self.is_valid()
        return self.cleaned_data.get("nam") or default

    def filters(self) -> YearFilter:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        return YearFilter(
            unit=self.units.get(data.get("don_vi", "")),
            level=data.get("cap", ""),
            state=data.get("tinh_trang", ""),
        )

    def chosen(self) -> list[tuple[str, Any, str]]:
        """Name, label and words of each filter that is on; the year always is."""
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if name != "nam" and value not in (None, ""):
                words = dict(field.choices).get(value, value)  # type: ignore[attr-defined]
                found.append((name, field.label, str(words).strip(_INDENT)))
        return found


# ---- The grid --------------------------------------------------------------------------------


def grade_field(cadre_id: int) -> str:
    """The name of a person's choice in the grid."""
    return f"g{cadre_id}"


def shown_field(cadre_id: int) -> str:
    """The name of the hidden field with the grade that the grid showed."""
    return f"w{cadre_id}"


def typed_grades(roster: Roster, data: Mapping[str, str]) -> list[GradeEntry]:
    """What a grid says of the unit's people; who is not in it has no entry. Raises BadRequest."""
    entries = []
    for row in roster.rows:
        name = grade_field(row.cadre.pk)
        if name in data:
            was = _grade(data.get(shown_field(row.cadre.pk), ""))
            entries.append(GradeEntry(row.cadre.pk, was, _grade(data[name])))
    return entries


def _grade(text: str) -> Grade | None:
    if not text:
        return None
    try:
        return Grade[text]
    except KeyError:
        raise BadRequest(_("Biểu mẫu có mức xếp loại lạ. Hãy tải lại trang.")) from None


# ---- Lists -----------------------------------------------------------------------------------


class GradeListForm(forms.Form):
    """A list that is pasted, or the file that it stands in."""

    dan = forms.CharField(
        label=_("Dán từ Excel"),
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Chép hai cột: số hiệu hoặc họ và tên, và xếp loại (HTXSNV, “Tốt”…)."),
    )
    tep = forms.FileField(
        label=_("Hoặc chọn tệp"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=_("Danh sách của một đơn vị: .xlsx, .xls, .ods hoặc .csv, nhiều nhất 5 MB."),
    )

    def clean_tep(self) -> UploadedFile | None:
        """Refuse what cannot be one unit's list."""
        upload: UploadedFile | None = self.cleaned_data["tep"]
        if upload and (upload.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("Tệp nặng hơn 5 MB: không thể là của một đơn vị."))
        return upload

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("dan", "").strip() and not data.get("tep"):
            raise forms.ValidationError(_("Hãy dán danh sách hoặc chọn tệp."))
        return data
