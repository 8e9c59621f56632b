"""Forms of the follow-up: what a unit reports, what the office decides, filters of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.choices import RemedyState, Topic
from inspections.selectors.followup import RemedyFilter
from planning.forms.process import REQUIRED, DayField, PlainForm

#: States of the list's filter that no row has: past its deadline; by data carried out.
LATE, MENDED = "late", "mended"


class FilesInput(forms.ClearableFileInput):
    """A control that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; the value is a list, empty without any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"multiple": True}), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file by itself."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [forms.FileField.clean(self, each, initial) for each in given]


def _words(label: Any, *, length: int = 2000, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=REQUIRED,
        **kwargs,
    )


class RemedyReportForm(PlainForm):
    """What a unit did about a recommendation."""

    text = _words(
        _("Kết quả thực hiện"),
        length=10_000,
        rows=6,
        help_text=_("Đã làm gì, ai làm, văn bản nào; việc nào chưa xong thì ghi khi nào xong."),
    )
    number = forms.CharField(
        label=_("Văn bản số"),
        max_length=80,
        required=False,
        help_text=_("Ví dụ: 45-BC/ĐU."),
    )
    reported_on = DayField(label=_("Ngày báo cáo"))
    uploads = FilesField(
        label=_("Tệp kèm theo"), help_text=_("PDF, Word, Excel hoặc ảnh; chọn được nhiều tệp.")
    )


class AskMoreForm(PlainForm):
    """What a report lacks."""

    text = _words(
        _("Yêu cầu bổ sung"), help_text=_("Đơn vị còn phải làm gì, gửi thêm văn bản, số liệu nào.")
    )


class CloseRemedyForm(PlainForm):
    """On what grounds the follow-up of a recommendation ends."""

    grounds = _words(
        _("Căn cứ kết thúc"),
        length=500,
        help_text=_("Văn bản, số liệu cho thấy kiến nghị đã được thực hiện xong."),
    )


class ReopenRemedyForm(PlainForm):
    """Why a recommendation is followed up again."""

    reason = _words(_("Lý do mở lại"), help_text=_("Điều gì cho thấy kiến nghị chưa xong."))


class RemedyFilterForm(forms.Form):
    """Filters of the list; the names are those of the address."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any,
        *,
        units: Iterable[Any],
        years: Sequence[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self._units = {unit.code: unit for unit in units}
        every = ("", _("Tất cả"))
        self.fields["trang-thai"] = forms.ChoiceField(
            label=_("Trạng thái"),
            required=False,
            choices=[
                every,
                (LATE, _("Quá hạn")),
                (MENDED, _("Đã khắc phục theo số liệu")),
                *RemedyState.choices,
            ],
        )
        self.fields["don-vi"] = forms.ChoiceField(
            label=_("Đơn vị"),
            required=False,
            choices=[every, *((code, unit.name) for code, unit in self._units.items())],
        )
        self.fields["chu-de"] = forms.ChoiceField(
            label=_("Chủ đề"), required=False, choices=[every, *Topic.choices]
        )
        self.fields["nam"] = forms.ChoiceField(
            label=_("Năm kết luận"),
            required=False,
            choices=[every, *((str(year), str(year)) for year in years)],
        )
        self.fields["lap-lai"] = forms.BooleanField(
            label=_("Đã kiến nghị trước đây"), required=False
        )

    def value(self, name: str) -> str:
        """What is asked; what the address says wrongly is left out."""
        self.is_valid()
        found = self.cleaned_data.get(name, "")
        return ("1" if found else "") if isinstance(found, bool) else str(found)

    def wanted(self) -> RemedyFilter:
        """The filter that the selectors take."""
        unit = self._units.get(self.value("don-vi"))
        state, year = self.value("trang-thai"), self.value("nam")
        return RemedyFilter(
            path=unit.path if unit else "",
            topic=self.value("chu-de"),
            state="" if state in (LATE, MENDED) else state,
            year=int(year) if year else None,
            is_late=state == LATE,
            is_mended=state == MENDED,
            is_repeated=bool(self.value("lap-lai")),
        )
