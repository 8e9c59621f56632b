"""Form of a decision on who counts as a local person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cadres.policies import Actor
from cadres.selectors.editing import find_for

_REQUIRED = {"required": _("Mục này chưa điền.")}


class LocalFlagForm(forms.Form):
    """Where a person is, or is not, a local, and why."""

    use_required_attribute = False

    unit = forms.CharField(
        label=_("Địa bàn"),
        max_length=300,
        help_text=_("Gõ tên hoặc mã rồi chọn trong danh sách gợi ý; có hiệu lực cho cả cấp dưới."),
        widget=forms.TextInput(attrs={"list": "goi-y-dia-ban", "autocomplete": "off"}),
        error_messages=_REQUIRED,
    )
    is_local = forms.TypedChoiceField(
        label=_("Xác định"),
        choices=[("0", _("Không là người địa phương")), ("1", _("Là người địa phương"))],
        coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_REQUIRED,
    )
    document = forms.CharField(label=_("Văn bản"), max_length=120, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._actor = actor

    def clean_unit(self) -> Any:
        """The unit that was meant."""
        found = find_for(self._actor, "home", self.cleaned_data["unit"])
        if found is None:
            raise ValidationError(_("Không có đơn vị này. Hãy chọn trong danh sách gợi ý."))
        return found
