"""The form that takes an uploaded file: an exchange workbook or an office's list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cadres.models import User
from cadres.selectors.list_imports import offices

#: What an upload may weigh. A province of 30,000 people is about 6 MB.
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
SUFFIXES = (".xlsx", ".xls", ".ods", ".csv", ".xlsm", ".xlsb")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class UploadForm(forms.Form):
    """One file: an exchange workbook, or a list as an office keeps it; the portal tells which."""

    file = forms.FileField(
        label=_("Tệp"),
        help_text=_(
            "Danh sách của đơn vị (.xlsx, .xls, .ods, .csv) hoặc sổ trao đổi (.xlsx); nhiều nhất "
            "50 MB. Tệp chỉ được đọc và kiểm tra; ghi hay không do đồng chí quyết định."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES), "class": "form-control"}),
        error_messages={
            "required": _("Chưa chọn tệp."),
            "empty": _("Tệp rỗng. Hãy chọn lại tệp."),
        },
    )
    unit = forms.ChoiceField(
        label=_("Danh sách của đơn vị nào"),
        required=False,
        help_text=_("Sổ trao đổi thì không cần chọn đơn vị."),
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in offices(actor)}
        depths = [unit.depth for unit in self.units.values()]
        top = min(depths, default=1)
        choices = [
            (unit.code, "\u2003" * (unit.depth - top) + unit.name)
            for unit in sorted(self.units.values(), key=lambda unit: unit.path)
        ]
        if len(choices) != 1:
            choices.insert(0, ("", _("Chọn đơn vị")))
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        if not choices[1:] and not self.units:
            del self.fields["unit"]

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse at once what cannot be read."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        name = (upload.name or "").lower()
        if not name.endswith(SUFFIXES):
            raise forms.ValidationError(
                _(
                    "Chỉ nhận bảng tính .xlsx, .xls, .ods hoặc .csv. "
                    "Hãy mở tệp bằng Excel và lưu lại dạng .xlsx."
                )
            )
        if (upload.size or 0) > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("Tệp nặng %(size).0f MB; nhiều nhất 50 MB. Hãy chia thành nhiều tệp.")
                % {"size": (upload.size or 0) / 1024 / 1024}
            )
        head = upload.read(8)
        upload.seek(0)
        if name.endswith(".xlsx") and not head.startswith((_ZIP, _OLE)):
            raise forms.ValidationError(
                _("Tệp không phải là .xlsx thật hoặc có mật khẩu. Hãy lưu lại bằng Excel.")
            )
        return upload

    def need_unit(self) -> bool:
        """Whether the unit is known; says what is missing where it is not."""
        code = self.cleaned_data.get("unit")
        if code in self.units:
            return True
        self.add_error(
            "unit" if "unit" in self.fields else None,
            _("Tệp là danh sách của một đơn vị. Hãy chọn đơn vị rồi tải lên lại."),
        )
        return False
