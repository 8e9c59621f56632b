"""The form that says what an office's list is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.days import DayInput
from cadres.list_imports.handlers import terms_of
from cadres.models import ListImport

_DAY = DayInput()


class ListOptionsForm(forms.Form):
    """What a list is about: its day, the term of its proposals, whether present posts count."""

    as_of = forms.DateField(
        label=_("Số liệu đến ngày"),
        widget=_DAY,
        error_messages={
            "required": _("Hãy chọn ngày của danh sách."),
            "invalid": _("Ngày không đúng. Hãy ghi ngày/tháng/năm."),
        },
    )
    term = forms.ChoiceField(
        label=_("Nhiệm kỳ quy hoạch"),
        required=False,
        help_text=_("Dùng khi danh sách đề xuất người vào quy hoạch."),
    )
    writes_posts = forms.BooleanField(
        label=_("Ghi chức vụ hiện tại vào hồ sơ"),
        required=False,
        help_text=_("Người chưa có chức vụ ấy trong hồ sơ được ghi từ ngày của danh sách."),
    )
    sheet = forms.ChoiceField(label=_("Trang"), required=False)
    header_first = forms.IntegerField(label=_("Tiêu đề từ dòng"), required=False, min_value=1)
    header_last = forms.IntegerField(label=_("đến dòng"), required=False, min_value=1)

    def __init__(self, *args: Any, list_import: ListImport, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "as_of": list_import.as_of,
                "term": list_import.term_code,
                "writes_posts": list_import.writes_posts,
                "sheet": list_import.sheet,
                "header_first": list_import.header_first,
                "header_last": list_import.header_last,
            },
        )
        super().__init__(*args, **kwargs)
        terms = terms_of(list_import.uploaded_by, list_import.unit, list_import.as_of)
        self.fields["term"].choices = [  # type: ignore[attr-defined]
            ("", _("Không đề xuất quy hoạch")),
            *((term.code, term.label) for term in terms),
        ]
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (sheet["name"], sheet["name"]) for sheet in list_import.sheets
        ]

    def clean_as_of(self) -> Any:
        """Lists of the future do not exist yet."""
        day = self.cleaned_data["as_of"]
        if day > clock.today():
            raise forms.ValidationError(_("Ngày của danh sách không thể sau hôm nay."))
        return day

    def clean(self) -> dict[str, Any]:
        """The header ends where it begins, or later, and has at most six rows."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("header_first"), cleaned.get("header_last")
        if first and last and not 0 <= last - first <= 5:
            self.add_error("header_last", _("Dòng tiêu đề gồm từ một đến sáu dòng liền nhau."))
        return cleaned
