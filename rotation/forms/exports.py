"""What is asked before a paper of rotation goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.days import DayInput
from cadres.exports.papers import PDF
from cadres.exports.word import DOCX
from planning.forms.filters import PaperForm

_NEEDED = _("Tệp này có thông tin nhạy cảm: hãy ghi lý do xuất.")


def words_of(form: forms.Form) -> list[str]:
    """What a filter asks, in words: "Trạng thái: Từ chối"; the form has been validated."""
    said = []
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        offered: dict[Any, Any] = dict(getattr(field, "choices", ()))
        if value:
            said.append(f"{field.label}: {offered.get(value, value)}")
    return said


class PlainPaperForm(PaperForm):
    """A paper without anything sensitive in it."""

    field_order = ("dinh_dang",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, may_tell=False, **kwargs)
        del self.fields["ly_do"]

    def clean(self) -> dict[str, Any]:
        """No reason is asked."""
        super().clean()
        return {**self.cleaned_data, "ly_do": ""}


class ListPaperForm(PaperForm):
    """The list: ethnic groups and reasons only where they are asked for."""

    reason_needed = _NEEDED
    field_order = ("dinh_dang", "kem_dan_toc", "kem_ly_do", "ly_do")
    kem_ly_do = forms.BooleanField(label=_("Kèm lý do từ chối, lý do kết thúc sớm"), required=False)

    def __init__(self, *args: Any, may_tell: bool, **kwargs: Any) -> None:
        super().__init__(*args, may_tell=may_tell, **kwargs)
        self.fields["ly_do"].help_text = _(
            "Cần khi kèm dân tộc hoặc lý do; ghi vào nhật ký cùng tên người xuất."
        )
        if not may_tell:
            del self.fields["kem_ly_do"]


class ResultsPaperForm(PaperForm):
    """The summary: by ethnic group only where it is asked for."""

    reason_needed = _NEEDED

    def __init__(self, *args: Any, may_tell: bool, **kwargs: Any) -> None:
        super().__init__(*args, may_tell=may_tell, **kwargs)
        if may_tell:
            self.fields["kem_dan_toc"].label = _("Tổng hợp cả theo dân tộc")


class SubmissionForm(PaperForm):
    """A submission: who writes to whom, and whether opinions stand in it in their words."""

    reason_needed = _NEEDED
    field_order = (
        *("dinh_dang", "noi_trinh", "kinh_gui", "so_to_trinh", "ngay_to_trinh"),
        *("kem_y_kien", "ly_do"),
    )
    noi_trinh = forms.ChoiceField(label=_("Cơ quan trình"))
    kinh_gui = forms.CharField(label=_("Kính gửi"), max_length=120)
    so_to_trinh = forms.CharField(
        label=_("Tờ trình số"),
        max_length=80,
        required=False,
        help_text=_("Như 12-TTr/BTC; để trống thì tờ trình có chỗ để điền."),
    )
    ngay_to_trinh = forms.DateField(
        label=_("Ngày trình"),
        required=False,
        widget=DayInput(),
    )
    kem_y_kien = forms.BooleanField(label=_("Kèm nội dung ý kiến các bên"), required=False)

    def __init__(self, *args: Any, units: Sequence[Any], may_tell: bool, **kwargs: Any) -> None:
        super().__init__(*args, may_tell=False, **kwargs)
        formats = self.fields["dinh_dang"]
        assert isinstance(formats, forms.ChoiceField)  # noqa: S101 - for the type checker
        formats.choices = [(DOCX, "Word (.docx)"), (PDF, _("PDF để in"))]
        offered = self.fields["noi_trinh"]
        assert isinstance(offered, forms.ChoiceField)  # noqa: S101 - for the type checker
        offered.choices = [(unit.code, unit.name) for unit in units]
        self.fields["ly_do"].help_text = _(
            "Cần khi kèm nội dung ý kiến; ghi vào nhật ký cùng tên người xuất."
        )
        if not may_tell:
            del self.fields["kem_y_kien"]
