"""Forms of minutes: what was said by whom about what, and the signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inspections.choices import MinutesKind
from inspections.forms.findings import words_field
from inspections.forms.followup import FilesField
from inspections.selectors.minutes import Subjects
from planning.forms.process import REQUIRED, DayField, PlainForm

LINKS = ("items", "findings", "evidence")
_TEXTS = ("number", "held_on", "place", "participants", "text")


def _ticks(label: Any) -> Any:
    return forms.TypedMultipleChoiceField(
        label=label, required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )


class MinutesForm(PlainForm):
    """Minutes as they are written; `kinds` empty: kind and unit are settled."""

    kind = forms.ChoiceField(label=_("Loại biên bản"), error_messages=REQUIRED)
    unit = forms.ChoiceField(label=_("Đơn vị, nơi xác minh"), required=False)
    held_on = DayField(label=_("Ngày làm việc"))
    place = forms.CharField(label=_("Địa điểm"), max_length=200, required=False)
    number = forms.CharField(
        label=_("Biên bản số"),
        max_length=80,
        required=False,
        help_text=_("Bỏ trống nếu chưa lấy số. Ví dụ: 02-BB/ĐKT."),
    )
    participants = words_field(
        _("Thành phần"),
        rows=4,
        length=4000,
        required=False,
        help_text=_("Mỗi người hoặc mỗi bên một dòng: họ tên, chức vụ."),
    )
    text = words_field(
        _("Nội dung"),
        rows=14,
        length=20_000,
        help_text=_("Hỏi gì, trả lời thế nào, đối chiếu hồ sơ nào, các bên thống nhất điều gì."),
    )
    items = _ticks(_("Mục của đề cương đã trao đổi"))
    findings = _ticks(_("Nhận định liên quan"))
    evidence = _ticks(_("Bằng chứng đã đối chiếu"))
    uploads = FilesField(
        label=_("Tệp kèm theo"), help_text=_("PDF, Word, Excel hoặc ảnh; chọn được nhiều tệp.")
    )

    def __init__(
        self, *args: Any, subjects: Subjects, kinds: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(kinds)
        if kinds:
            self._choose("kind", [(kind, MinutesKind(kind).label) for kind in kinds])
            units = [(str(each.pk), str(each.unit)) for each in subjects.units]
            self._choose("unit", [("", _("Chung, hoặc nơi khác")), *units])
        else:
            del self.fields["kind"], self.fields["unit"]
        self._units = {str(each.pk): each for each in subjects.units}
        self._choose("items", [(each.pk, str(each)) for each in subjects.items])
        self._choose("findings", [(each.pk, _finding_words(each)) for each in subjects.findings])
        self._choose("evidence", [(each.pk, each.title) for each in subjects.evidence])
        for name in LINKS:
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def _choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def texts(self) -> list[Any]:
        """The fields that are written."""
        return [self[name] for name in self.fields if name not in (*LINKS, "uploads")]

    @property
    def ties(self) -> list[dict[str, Any]]:
        """The lists to tick, open where something is ticked."""
        found = []
        for name in LINKS:
            if name in self.fields:
                ticked = [str(each) for each in self[name].value() or ()]
                found.append({"field": self[name], "number": len(ticked)})
        return found

    def values(self) -> dict[str, Any]:
        """The texts. Valid forms only."""
        return {name: self.cleaned_data[name] for name in _TEXTS}

    def links(self) -> dict[str, list[int]]:
        """What was ticked. Valid forms only."""
        return {name: self.cleaned_data.get(name, []) for name in LINKS}

    def inspected(self) -> Any:
        """The unit that was chosen; None for none. Valid forms only."""
        return self._units.get(self.cleaned_data.get("unit", ""))


def _finding_words(finding: Any) -> str:
    where = f"{finding.inspected_unit}: " if finding.inspected_unit else ""
    text = finding.text if len(finding.text) <= 110 else f"{finding.text[:110]}…"
    return f"{where}{text}"


def ticked_before(data: Any) -> Mapping[str, list[int]]:
    """What was ticked when the form was opened; what is no number is left out."""
    return {
        name: [int(text) for text in data.get(f"truoc-{name}", "").split(",") if text.isdecimal()]
        for name in LINKS
    }


class SignPaperForm(PlainForm):
    """That both sides have signed on paper."""

    signer = forms.CharField(
        label=_("Người ký của đơn vị hoặc nơi xác minh"),
        max_length=160,
        error_messages=REQUIRED,
        help_text=_("Họ tên, chức vụ."),
    )
    signed_on = DayField(label=_("Ngày ký"))
    uploads = FilesField(
        label=_("Bản quét biên bản đã ký"), help_text=_("PDF hoặc ảnh; bắt buộc có ít nhất một.")
    )


class SignForm(PlainForm):
    """Who signs for the unit in the portal."""

    signer = forms.CharField(
        label=_("Người ký của đơn vị"),
        max_length=160,
        error_messages=REQUIRED,
        help_text=_("Họ tên, chức vụ người đại diện đơn vị."),
    )


class DeclineForm(PlainForm):
    """Why the unit would not sign."""

    reason = words_field(
        _("Nội dung chưa thống nhất"),
        rows=4,
        length=2000,
        help_text=_("Đoạn nào, vì sao, đơn vị đề nghị ghi thế nào."),
    )
