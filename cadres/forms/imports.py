"""The form that takes an exchange workbook."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

#: What an upload may weigh. A province of 30,000 people is about 6 MB.
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
_ZIP = b"PK\x03\x04"


class ImportForm(forms.Form):
    """One .xlsx file; only its outside is judged here, its content by the check."""

    file = forms.FileField(
        label=_("Tệp trao đổi dữ liệu (.xlsx)"),
        help_text=_(
            "Nhiều nhất 50 MB. Tệp chỉ được kiểm tra; ghi hay không do đồng chí quyết định."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx", "class": "form-control"}),
        error_messages={
            "required": _("Chưa chọn tệp."),
            "empty": _("Tệp rỗng. Hãy chọn lại tệp."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """Refuse at once what cannot be an exchange workbook."""
        upload: UploadedFile = self.cleaned_data["file"]
        if not (upload.name or "").lower().endswith(".xlsx"):
            raise forms.ValidationError(
                _("Chỉ nhận tệp .xlsx. Hãy mở tệp bằng Excel và lưu lại dạng .xlsx.")
            )
        if (upload.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("Tệp nặng %(size).0f MB; nhiều nhất 50 MB. Hãy chia thành nhiều tệp.")
                % {"size": (upload.size or 0) / 1024 / 1024}
            )
        head = upload.read(4)
        upload.seek(0)
        if head != _ZIP:
            raise forms.ValidationError(
                _("Tệp không phải là .xlsx thật hoặc có mật khẩu. Hãy lưu lại bằng Excel.")
            )
        return upload
