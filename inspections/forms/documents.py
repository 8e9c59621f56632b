"""Forms of the papers: the whole set, the register, templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cadres.exports.papers import PDF
from cadres.exports.word import DOCX
from inspections.choices import DocumentKind, Secrecy
from inspections.services.attachments import file_check
from planning.forms.process import REQUIRED, DayField, PlainForm

FORMATS = ((DOCX, _("Word")), (PDF, _("PDF")))
#: What is kept with a line of the register.
OWN, UPLOAD, NOTHING = "ban-in", "tep", "khong"


class SetForm(PlainForm):
    """What goes into the file of the whole set."""

    formats = forms.MultipleChoiceField(
        label=_("Định dạng văn bản"),
        choices=FORMATS,
        widget=forms.CheckboxSelectMultiple,
        initial=[DOCX, PDF],
        error_messages={"required": _("Chọn ít nhất một định dạng.")},
    )
    annexes = forms.BooleanField(
        label=_("Kèm phụ lục số liệu của từng đơn vị (danh sách người, Excel)"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, has_annexes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_annexes:
            del self.fields["annexes"]


class RegisterForm(PlainForm):
    """A line of the register: number, day, what it is about, the file."""

    symbol = forms.CharField(
        label=_("Ký hiệu"),
        max_length=40,
        required=False,
        help_text=_("Loại văn bản và cơ quan, ví dụ QĐ/TU. Bỏ trống nếu văn bản không đánh số."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    number = forms.IntegerField(
        label=_("Số"),
        required=False,
        min_value=1,
        max_value=999_999,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={
            "invalid": _("Số văn bản là một số nguyên, ví dụ 214."),
            "min_value": _("Số văn bản phải từ 1 trở lên."),
            "max_value": _("Số văn bản quá lớn."),
        },
    )
    dated_on = DayField(label=_("Ngày văn bản"))
    title = forms.CharField(
        label=_("Trích yếu"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=REQUIRED,
    )
    secrecy = forms.ChoiceField(
        label=_("Độ mật"),
        choices=Secrecy.choices,
        required=False,
        help_text=_("Văn bản từ Mật trở lên chỉ ghi số và nơi giữ bản giấy, không lưu tệp."),
    )
    kept_at = forms.CharField(label=_("Nơi giữ bản giấy"), max_length=200, required=False)
    keep = forms.ChoiceField(
        label=_("Tệp lưu cùng số"),
        choices=(
            (OWN, _("Bản do cổng lập, PDF, có số và ngày này")),
            (UPLOAD, _("Tệp tải lên: bản đã ký")),
            (NOTHING, _("Chưa có tệp; đính kèm sau")),
        ),
        widget=forms.RadioSelect,
        initial=OWN,
    )
    upload = forms.FileField(
        label=_("Bản đã ký"), required=False, help_text=_("PDF, Word, Excel hoặc ảnh.")
    )

    def __init__(self, *args: Any, next_number: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if next_number is not None:
            self.fields["number"].help_text = _(
                "Bỏ trống để lấy số tiếp theo của nhiệm kỳ: %(n)s. Nếu sổ của văn phòng đã dùng số"
                " ấy thì ghi số khác."
            ) % {"n": next_number}

    def clean_upload(self) -> UploadedFile[bytes] | None:
        """Only a file that may be kept."""
        return _checked(self.cleaned_data.get("upload"))

    def clean(self) -> dict[str, Any]:
        """A secret paper has no file; a file that is to be kept is there."""
        found = super().clean() or self.cleaned_data
        if found.get("secrecy"):
            found["keep"] = NOTHING
            if not found.get("kept_at"):
                self.add_error("kept_at", _("Văn bản mật phải ghi nơi giữ bản giấy."))
            if found.get("upload"):
                self.add_error(
                    "upload",
                    _("Văn bản mật không lưu tệp ở đây, chỉ ghi số và nơi giữ bản giấy."),
                )
        elif found.get("keep") == UPLOAD and not (found.get("upload") or "upload" in self.errors):
            self.add_error("upload", _("Chưa chọn tệp."))
        return found


class AttachForm(PlainForm):
    """The signed copy of a registered paper."""

    upload = forms.FileField(
        label=_("Bản đã ký"),
        help_text=_("PDF, Word, Excel hoặc ảnh. Thay tệp đang lưu; dấu của tệp cũ vẫn còn ghi."),
        error_messages={"required": _("Chưa chọn tệp."), "empty": _("Tệp rỗng. Hãy chọn lại tệp.")},
    )

    def clean_upload(self) -> UploadedFile[bytes] | None:
        """Only a file that may be kept."""
        return _checked(self.cleaned_data.get("upload"))


class CancelForm(PlainForm):
    """Why a line of the register does not stand."""

    reason = forms.CharField(
        label=_("Lý do hủy"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Số đã hủy vẫn nằm trong sổ và không cấp lại."),
        error_messages=REQUIRED,
    )


class TemplateForm(PlainForm):
    """A Word template of the office."""

    upload = forms.FileField(
        label=_("Mẫu Word (.docx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": _("Chưa chọn tệp."), "empty": _("Tệp rỗng. Hãy chọn lại tệp.")},
    )


class RegisterFilterForm(forms.Form):
    """Filters of the register; the names are those of the address."""

    use_required_attribute = False

    def __init__(self, data: Any, *, terms: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        every = ("", _("Tất cả"))
        self.fields["q"] = forms.CharField(label=_("Số, trích yếu"), required=False, max_length=100)
        self.fields["loai"] = forms.ChoiceField(
            label=_("Loại"), required=False, choices=[every, *DocumentKind.choices]
        )
        self.fields["nhiem-ky"] = forms.ChoiceField(
            label=_("Nhiệm kỳ"),
            required=False,
            choices=[every, *((term.code, str(term)) for term in terms)],
        )
        self.label_suffix = ""

    def value(self, name: str) -> str:
        """What a filter asks; "" where it asks nothing, or nonsense."""
        if not self.is_valid() and name in self.errors:
            return ""
        return str(self.cleaned_data.get(name, ""))


def _checked(upload: UploadedFile[bytes] | None) -> UploadedFile[bytes] | None:
    if upload is not None:
        try:
            file_check(upload)
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from None
    return upload
