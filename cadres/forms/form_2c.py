"""What is asked before form 2C goes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.exports.form_2c import DOCX, PDF


class Form2CForm(forms.Form):
    """Which format, and why: the form holds sensitive items for who may see them."""

    dinh_dang = forms.ChoiceField(
        label=gettext_lazy("Định dạng"),
        choices=[(PDF, gettext_lazy("PDF để in")), (DOCX, "Word (.docx)")],
        initial=PDF,
        widget=forms.RadioSelect,
    )
    ly_do = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Ghi vào nhật ký xuất dữ liệu cùng tên người xuất."),
    )

    def __init__(self, *args: Any, is_sensitive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_sensitive = is_sensitive
        if not is_sensitive:
            del self.fields["ly_do"]

    def clean_ly_do(self) -> str:
        """Sensitive items go out only with a reason."""
        reason: str = self.cleaned_data["ly_do"].strip()
        if self.is_sensitive and not reason:
            raise forms.ValidationError(
                _("Sơ yếu lý lịch có mục dân tộc, kỷ luật: hãy ghi lý do xuất.")
            )
        return reason
