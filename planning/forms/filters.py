"""Filters of the pages of plans, and what is asked before a table goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.days import DayInput
from cadres.choices import Level
from cadres.exports.letters import Letter
from cadres.exports.papers import PDF, XLSX, Paper
from cadres.exports.word import DOCX
from compliance.choices import Outcome, SubjectKind
from planning.choices import PlanStatus
from planning.contexts.words import COLUMNS
from planning.exports.forms import PLAN_FORMS

OUTCOMES = {
    "not_met": (Outcome.NOT_MET, _("Có tiêu chí chưa đạt")),
    "cannot_tell": (Outcome.CANNOT_TELL, _("Có tiêu chí chưa rõ")),
    "met": (Outcome.MET, _("Đạt mọi tiêu chí")),
    "unchecked": (Outcome.NOT_APPLICABLE, _("Chưa kiểm tra")),
}
_ALL = ("", _("Tất cả"))


def _term_field(terms: Sequence[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Nhiệm kỳ"), required=False, choices=[(term.code, str(term)) for term in terms]
    )


def _unit_field(units: Sequence[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Đơn vị và cấp dưới"),
        required=False,
        choices=[_ALL, *((unit.code, unit.name) for unit in units)],
    )


class TermUnitForm(forms.Form):
    """Which term, and which unit with everything below it; the names are those of the address."""

    use_required_attribute = False

    def __init__(self, *args: Any, terms: list[Any], units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem-ky"] = _term_field(terms)
        self.fields["don-vi"] = _unit_field(units)


class OriginForm(forms.Form):
    """Which appointments; the names are those of the address."""

    use_required_attribute = False

    def __init__(self, *args: Any, units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tu"] = forms.DateField(
            label=_("Từ ngày"),
            required=False,
            widget=DayInput(),
        )
        self.fields["don-vi"] = _unit_field(units)
        self.fields["cap"] = forms.ChoiceField(
            label=_("Cấp"), required=False, choices=[_ALL, *Level.choices]
        )
        self.fields["loai"] = forms.CharField(required=False, widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """How a table on paper goes out: its format, sensitive columns, why."""

    reason_needed = _("Biểu này có thông tin về dân tộc hoặc kỷ luật: hãy ghi lý do xuất.")

    dinh_dang = forms.ChoiceField(
        label=_("Định dạng"),
        choices=[(DOCX, "Word (.docx)"), (XLSX, "Excel (.xlsx)"), (PDF, _("PDF để in"))],
        initial=DOCX,
        widget=forms.RadioSelect,
    )
    kem_dan_toc = forms.BooleanField(label=_("Kèm cột dân tộc"), required=False)
    ly_do = forms.CharField(
        label=_("Lý do"),
        max_length=300,
        required=False,
        help_text=_(
            "Cần khi biểu có cột dân tộc hoặc lý do kỷ luật; ghi vào nhật ký cùng tên người xuất."
        ),
    )

    def __init__(self, *args: Any, may_tell: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_tell:
            del self.fields["kem_dan_toc"]

    def has_reason_for(self, paper: Paper | Letter) -> bool:
        """Whether the paper may go out: what is sensitive only with a reason."""
        if paper.is_sensitive and not self.cleaned_data["ly_do"].strip():
            self.add_error("ly_do", str(self.reason_needed))
            return False
        return True


class PlanPaperForm(PaperForm):
    """Which table of a plan, out of which dossier, with which submission it goes."""

    mau = forms.ChoiceField(label=_("Biểu mẫu"), widget=forms.RadioSelect)
    ho_so = forms.ChoiceField(
        label=_("Hồ sơ rà soát"),
        required=False,
        help_text=_("Cho Phụ lục 1 và 2. Không có hồ sơ: biểu để trống phần đề xuất."),
    )
    so_to_trinh = forms.CharField(
        label=_("Tờ trình số"),
        max_length=80,
        required=False,
        help_text=_("Để trống thì in dấu chấm để ghi tay."),
    )
    ngay_to_trinh = forms.DateField(
        label=_("Ngày tờ trình"),
        required=False,
        widget=DayInput(),
    )
    field_order = ("mau", "ho_so", "so_to_trinh", "ngay_to_trinh", "dinh_dang")

    def __init__(self, *args: Any, dossiers: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("mau", [(form.key, form.title) for form in PLAN_FORMS])
        none = ("", gettext("Không có, theo quy hoạch hiện tại"))
        self._choices("ho_so", [*((str(each.pk), str(each.cycle)) for each in dossiers), none])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices


class SummaryPaperForm(PaperForm):
    """Which term is summed up."""

    nhiem_ky = forms.ChoiceField(label=_("Nhiệm kỳ"))
    field_order = ("nhiem_ky", "dinh_dang")

    def __init__(self, *args: Any, terms: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["nhiem_ky"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(term.code, str(term)) for term in terms]


class ComparisonForm(forms.Form):
    """Which term, and which units of a level stand side by side; none chosen: all."""

    use_required_attribute = False

    def __init__(
        self, *args: Any, terms: Sequence[Any], units: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nhiem-ky"] = _term_field(terms)
        self.fields["dv"] = forms.MultipleChoiceField(
            label=_("Đơn vị"),
            required=False,
            choices=units,
            widget=forms.CheckboxSelectMultiple,
        )


#: What forecasts are about, as an address says it: kinds of subjects, words.
FORECAST_KINDS = {
    "": ((SubjectKind.PLAN, SubjectKind.POOL), _("Kế hoạch và chức danh")),
    "ke-hoach": ((SubjectKind.PLAN,), _("Chỉ kế hoạch")),
    "nguoi": ((SubjectKind.NOMINATION,), _("Từng người")),
}


class ForecastForm(forms.Form):
    """Which forecasts; the names are those of the address."""

    use_required_attribute = False

    def __init__(self, *args: Any, units: list[Any], rules: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, tuple[Any, list[Any]]] = {
            "don-vi": (
                _("Đơn vị và cấp dưới"),
                [_ALL, *((unit.code, unit.name) for unit in units)],
            ),
            "cap": (_("Cấp"), [_ALL, *Level.choices]),
            "tieu-chi": (_("Tiêu chí"), [_ALL, *((rule.code, rule.title) for rule in rules)]),
            "doi-tuong": (
                _("Đối tượng"),
                [(key, label) for key, (_kinds, label) in FORECAST_KINDS.items()],
            ),
            "chieu": (
                _("Chiều"),
                [_ALL, ("xau", _("Bắt đầu chưa đạt")), ("tot", _("Đạt trở lại"))],
            ),
        }
        for name, (label, offered) in choices.items():
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=offered)

    def _offered(self, name: str) -> dict[str, Any]:
        return dict(self.fields[name].choices)  # type: ignore[attr-defined]

    def offers(self, name: str, value: str) -> bool:
        """Whether a value of the address is one of the choices."""
        return value in self._offered(name)

    def word(self, name: str) -> str:
        """What is chosen, in words."""
        return str(self._offered(name).get(self.initial.get(name, ""), ""))


class PlanFilterForm(TermUnitForm):
    """Which plans to list; the names are those of the address."""

    def __init__(self, *args: Any, terms: list[Any], units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, terms=terms, units=units, **kwargs)
        self.fields["cap"] = forms.ChoiceField(
            label=_("Cấp"), required=False, choices=[_ALL, *Level.choices]
        )
        self.fields["trang-thai"] = forms.ChoiceField(
            label=_("Trạng thái"), required=False, choices=[_ALL, *PlanStatus.choices]
        )
        self.fields["ket-qua"] = forms.ChoiceField(
            label=_("Kết quả"),
            required=False,
            choices=[_ALL, *((key, label) for key, (_outcome, label) in OUTCOMES.items())],
        )
        self.fields["vuong"] = forms.ChoiceField(
            label=_("Chưa đạt ở"),
            required=False,
            choices=[_ALL, *((key, words[0]) for key, words in COLUMNS.items())],
        )
