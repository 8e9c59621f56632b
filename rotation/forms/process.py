"""Forms of proposals, opinions, decisions, tours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cadres.choices import Grade
from planning.forms.process import REQUIRED, DayField, PlainForm
from rotation.choices import (
    DeclineReason,
    EndReason,
    NeedKind,
    ReportKind,
    RotationKind,
    RotationStatus,
    Side,
    Stance,
)
from rotation.selectors.posts import BETWEEN, PostChoice, post_of
from rotation.selectors.rotations import RotationFilter

ANY = ("", _("Tất cả"))
UNSAID = ("", _("Chọn…"))
#: Running rotations that no post on file belongs to, in the address.
LOOSE = "chua-gan"


class PostField(forms.CharField):
    """A post typed or chosen from suggestions; the value is a `PostChoice`, None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", REQUIRED)
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(widget=widget, max_length=400, **kwargs)
        self.posts: Sequence[PostChoice] = ()

    def prepare_value(self, value: Any) -> Any:
        return value.words if isinstance(value, PostChoice) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        post = post_of(text, self.posts)
        if post is None:
            raise ValidationError(
                _("Không có chức vụ này trong phạm vi. Hãy chọn trong danh sách gợi ý.")
            )
        return post


def _offer(form: forms.Form, name: str, posts: Sequence[PostChoice]) -> None:
    field = form.fields[name]
    assert isinstance(field, PostField)  # noqa: S101 - declared below
    field.posts = posts
    field.widget.attrs["list"] = "goi-y-chuc-vu"


def _words(label: Any, *, rows: int = 3, length: int = 1000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=REQUIRED,
        **kwargs,
    )


class ProposalForm(PlainForm):
    """Where somebody goes, when, and why."""

    kind = forms.ChoiceField(label=_("Loại"), choices=RotationKind.choices)
    from_post = forms.ChoiceField(label=_("Chức vụ nơi đi"), error_messages=REQUIRED)
    to_post = PostField(
        label=_("Chức vụ nơi đến"),
        help_text=_("Gõ tên đơn vị hoặc chức vụ rồi chọn trong danh sách gợi ý."),
    )
    start_on = DayField(label=_("Từ ngày"), required=False)
    planned_end_on = DayField(
        label=_("Dự kiến đến ngày"),
        required=False,
        help_text=_("Điều động không có thời hạn thì để trống."),
    )
    need = forms.ChoiceField(
        label=_("Căn cứ đề xuất"), choices=[UNSAID, *NeedKind.choices], required=False
    )
    need_note = _words(_("Thuyết minh"), required=False)
    plan = forms.ChoiceField(label=_("Thuộc kế hoạch năm"), required=False)

    def __init__(
        self,
        *args: Any,
        leaving: Sequence[PostChoice],
        posts: Sequence[PostChoice],
        plans: Iterable[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._leaving = {post.key: post for post in leaving}
        self._plans = {str(plan.year): plan for plan in plans}
        self.fields["from_post"].choices = [  # type: ignore[attr-defined]
            (post.key, f"{post.title.name}, {post.unit.name}") for post in leaving
        ]
        self.fields["plan"].choices = [  # type: ignore[attr-defined]
            ("", _("Ngoài kế hoạch năm")),
            *((year, year) for year in self._plans),
        ]
        _offer(self, "to_post", posts)

    def values(self) -> dict[str, Any]:
        """What the service takes, but the person. Valid forms only."""
        data = self.cleaned_data
        start, end = self._leaving[data["from_post"]], data["to_post"]
        return {
            "kind": data["kind"],
            "from_unit": start.unit,
            "from_title": start.title,
            "to_unit": end.unit,
            "to_title": end.title,
            "start_on": data["start_on"],
            "planned_end_on": data["planned_end_on"],
            "plan": self._plans.get(data["plan"]),
            "need": data["need"],
            "need_note": data["need_note"],
        }

    #: The service speaks of units; the form asks for posts.
    SPOKEN = {"to_unit": "to_post", "to_title": "to_post", "from_unit": "from_post"}

    def refuse(self, error: ValidationError) -> None:
        """Put what the service refused beside the fields of this form."""
        if hasattr(error, "error_dict"):
            error = ValidationError(
                {self.SPOKEN.get(key, key): text for key, text in error.message_dict.items()}
            )
        super().refuse(error)


class OpinionForm(PlainForm):
    """What a side says."""

    stance = forms.ChoiceField(
        label=_("Ý kiến"), choices=Stance.choices, widget=forms.RadioSelect, error_messages=REQUIRED
    )
    text = _words(
        _("Nội dung"),
        required=False,
        help_text=_("Bắt buộc khi có đề nghị hoặc không đồng ý."),
    )
    document = forms.CharField(
        label=_("Văn bản, biên bản"),
        max_length=120,
        required=False,
        help_text=_("Ví dụ: 15-BB/ĐU."),
    )
    given_on = DayField(label=_("Ngày cho ý kiến"))

    def clean(self) -> dict[str, Any]:
        """Whoever does not simply agree says what they ask for."""
        data = super().clean() or self.cleaned_data
        if data.get("stance") not in (None, Stance.AGREE) and not data.get("text", "").strip():
            self.add_error("text", _("Hãy ghi đề nghị hoặc lý do không đồng ý."))
        return data


class OpinionsForm(OpinionForm):
    """What one side says of several at once."""

    side = forms.ChoiceField(label=_("Bên cho ý kiến"), choices=[UNSAID, *Side.choices])
    field_order = ("side", "stance", "text", "document", "given_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].error_messages |= REQUIRED


class WaiverForm(PlainForm):
    """The paper that lets a rotation pass although a condition does not hold."""

    reason = _words(_("Lý do"))
    document = forms.CharField(
        label=_("Văn bản cho phép"),
        max_length=120,
        help_text=_("Ví dụ: 45-TB/TU."),
        error_messages=REQUIRED,
    )
    document_on = DayField(label=_("Ngày ký"))


class DeclineForm(PlainForm):
    """Why somebody does not go."""

    kind = forms.ChoiceField(
        label=_("Nhóm lý do"), choices=[UNSAID, *DeclineReason.choices], error_messages=REQUIRED
    )
    reason = _words(_("Lý do cụ thể"), length=200, rows=2)
    declined_on = DayField(label=_("Ngày từ chối"))


class CancelForm(PlainForm):
    """Why it is cancelled."""

    reason = _words(_("Lý do hủy"), length=500, help_text=_("Ghi số văn bản, nếu có."))


class ReturnForm(PlainForm):
    """Why it is given back."""

    reason = _words(_("Lý do trả lại"), help_text=_("Ghi cần bổ sung, sửa gì."))


class ExtendForm(PlainForm):
    """A tour lasts longer."""

    until = DayField(label=_("Kéo dài đến ngày"))
    reason = _words(_("Lý do"), length=500, rows=2)
    document = forms.CharField(
        label=_("Quyết định kéo dài số"), max_length=120, error_messages=REQUIRED
    )
    document_on = DayField(label=_("Ngày ký"))


class EndForm(PlainForm):
    """The end of a tour, and what follows."""

    ended_on = DayField(label=_("Ngày kết thúc"))
    end_kind = forms.ChoiceField(
        label=_("Nhóm lý do kết thúc sớm"),
        choices=[("", _("Kết thúc đúng hạn")), *EndReason.choices],
        required=False,
    )
    end_note = _words(
        _("Lý do, ghi chú"),
        length=500,
        rows=2,
        required=False,
        help_text=_("Bắt buộc khi kết thúc trước thời gian tối thiểu."),
    )
    after_post = PostField(
        label=_("Bố trí sau luân chuyển"),
        required=False,
        help_text=_("Chức vụ được bố trí từ ngày kết thúc; để trống khi chưa có quyết định."),
    )
    after_decision_no = forms.CharField(
        label=_("Quyết định bố trí số"), max_length=80, required=False
    )
    writes_posts = forms.BooleanField(
        label=_("Ghi vào quá trình công tác"),
        required=False,
        initial=True,
        help_text=_("Bỏ chọn khi quá trình công tác trong hồ sơ đã được sửa trước."),
    )

    def __init__(self, *args: Any, posts: Sequence[PostChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "after_post", posts)

    def values(self) -> dict[str, Any]:
        """What the service takes. Valid forms only."""
        data = dict(self.cleaned_data)
        post = data.pop("after_post")
        return data | {
            "after_unit": post.unit if post else None,
            "after_title": post.title if post else None,
        }


class ReportForm(PlainForm):
    """What the receiving body says."""

    kind = forms.ChoiceField(label=_("Loại"), choices=ReportKind.choices)
    year = forms.IntegerField(
        label=_("Năm"),
        min_value=1945,
        max_value=2200,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages=REQUIRED,
    )
    grade = forms.TypedChoiceField(
        label=_("Xếp loại"),
        choices=[("", _("Chưa xếp loại")), *Grade.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    text = _words(_("Nhận xét"), length=4000, rows=5)
    document = forms.CharField(label=_("Văn bản số"), max_length=120, required=False)
    reported_on = DayField(label=_("Ngày nhận xét"))


def _code(text: str) -> str:
    """The code of a unit chosen from suggestions."""
    return text.split(BETWEEN)[0].strip()


def _unit_input() -> forms.TextInput:
    return forms.TextInput(attrs={"list": "goi-y-don-vi", "autocomplete": "off"})


class RotationFilterForm(forms.Form):
    """Narrow the list of rotations; the names are those of the address."""

    q = forms.CharField(label=_("Họ tên, số hiệu"), max_length=100, required=False)
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"), choices=[ANY, *RotationStatus.choices], required=False
    )
    loai = forms.ChoiceField(label=_("Loại"), choices=[ANY, *RotationKind.choices], required=False)
    nam = forms.TypedChoiceField(
        label=_("Năm bắt đầu"), coerce=int, required=False, empty_value=None
    )
    di = forms.CharField(label=_("Nơi đi"), max_length=300, required=False, widget=_unit_input())
    den = forms.CharField(label=_("Nơi đến"), max_length=300, required=False, widget=_unit_input())
    ho_so = forms.ChoiceField(
        label=_("Quá trình công tác"),
        choices=[ANY, (LOOSE, _("Chưa gắn với hồ sơ"))],
        required=False,
    )
    ly_do = forms.ChoiceField(
        label=_("Lý do từ chối"), choices=[ANY, *DeclineReason.choices], required=False
    )

    def __init__(self, *args: Any, years: Iterable[int], is_told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["nam"].choices = [ANY, *((year, year) for year in years)]  # type: ignore[attr-defined]
        if not is_told:
            del self.fields["ly_do"]

    def add_prefix(self, field_name: str) -> str:
        """Words of an address are joined by hyphens."""
        return field_name.replace("_", "-")

    def wanted(self) -> RotationFilter:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        return RotationFilter(
            text=data.get("q", ""),
            status=data.get("trang_thai", ""),
            kind=data.get("loai", ""),
            year=data.get("nam"),
            sending=_code(data.get("di", "")),
            receiving=_code(data.get("den", "")),
            declined=data.get("ly_do", ""),
            is_loose=data.get("ho_so") == LOOSE,
        )
