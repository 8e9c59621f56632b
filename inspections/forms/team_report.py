"""Forms of the team's report and of the conclusion."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.forms.findings import words_field
from planning.forms.process import REQUIRED, DayField, PlainForm


class ReportForm(PlainForm):
    """The four parts of the report."""

    overview = words_field(_("Đánh giá chung"), rows=5, length=20_000, required=False)
    strengths = words_field(_("Ưu điểm"), rows=14, length=20_000, required=False)
    shortcomings = words_field(
        _("Hạn chế, khuyết điểm, nguyên nhân"), rows=14, length=20_000, required=False
    )
    proposals = words_field(_("Đề nghị"), rows=10, length=20_000, required=False)


class NumberForm(PlainForm):
    """The number and day that the lead signs with."""

    number = forms.CharField(
        label=_("Báo cáo số"),
        max_length=80,
        error_messages=REQUIRED,
        help_text=_("Ví dụ: 12-BC/ĐKT."),
    )
    signed_on = DayField(label=_("Ngày ký"))


class ReturnForm(PlainForm):
    """What is to be changed before one signs."""

    reason = words_field(_("Nội dung cần sửa"), rows=3, length=300)


class ConclusionForm(PlainForm):
    """Number and day of the conclusion."""

    conclusion_no = forms.CharField(
        label=_("Thông báo kết luận số"),
        max_length=80,
        error_messages=REQUIRED,
        help_text=_("Ví dụ: 45-TB/TU."),
    )
    concluded_on = DayField(label=_("Ngày ban hành"))
