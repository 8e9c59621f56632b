"""What pages of the check may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.days import DayInput
from cadre_portal.common.viewdate import EARLIEST, LATEST
from cadres.choices import Level
from compliance.choices import Outcome, RunKind, SubjectKind
from compliance.engine.registry import all_rules
from compliance.models import Target, Waiver

ALL = "all"
#: A list of units longer than this is no help in a form: then one goes there by search or links.
MANY_UNITS = 300

OUTCOMES = (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET)


class FindingFilterForm(forms.Form):
    """Filters of the list of findings, as GET parameters. Every one may be absent."""

    tim = forms.CharField(
        label=_("Tên đơn vị hoặc người"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("không cần dấu")}),
    )
    tieu_chi = forms.ChoiceField(label=_("Tiêu chí"), required=False)
    don_vi = forms.ChoiceField(label=_("Đơn vị và cấp dưới"), required=False)
    cap = forms.ChoiceField(
        label=_("Cấp"), required=False, choices=[("", _("Mọi cấp")), *Level.choices]
    )
    doi_tuong = forms.ChoiceField(
        label=_("Đối tượng"),
        required=False,
        choices=[("", _("Mọi đối tượng")), *((kind.code, kind.label) for kind in SubjectKind)],
    )
    nhiem_ky = forms.ChoiceField(label=_("Nhiệm kỳ"), required=False)
    ket_qua = forms.ChoiceField(
        required=False,
        choices=[*((outcome.code, outcome.label) for outcome in OUTCOMES), (ALL, _("Tất cả"))],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, units: Iterable[Any], terms: Iterable[str]) -> None:
        super().__init__(data)
        units = list(units)
        self.units = {unit.code: unit for unit in units}
        self.offer("tieu_chi", _("Mọi tiêu chí"), ((r.code, r.title) for r in all_rules()))
        self.offer("don_vi", _("Mọi đơn vị"), _indented(units))
        self.offer("nhiem_ky", _("Mọi nhiệm kỳ"), ((t, t.replace("-", "–")) for t in terms))

    def offer(self, name: str, nothing: Any, choices: Iterable[tuple[str, Any]]) -> None:
        """Set what a field may be chosen from; `nothing` is the word for no filter."""
        cast("forms.ChoiceField", self.fields[name]).choices = [("", nothing), *choices]

    def add_prefix(self, field_name: str) -> str:
        """Parameters are written with hyphens: `tieu-chi`."""
        return field_name.replace("_", "-")


class RunForm(forms.Form):
    """Ask for a check: of today's state, or of a unit on a chosen day."""

    loai = forms.ChoiceField(
        label=_("Việc cần làm"),
        choices=[
            (RunKind.LIVE.value, _("Cập nhật hiện trạng: hôm nay, toàn bộ đơn vị")),
            (RunKind.SNAPSHOT.value, _("Xét tại một ngày và giữ kết quả để so sánh")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    ngay_xet = forms.DateField(
        label=_("Ngày xét"),
        required=False,
        widget=DayInput(),
        help_text=_("Số liệu và quy định có hiệu lực ngày đó. Để trống: hôm nay."),
    )
    don_vi = forms.ChoiceField(label=_("Đơn vị và cấp dưới"), required=False)

    def __init__(self, data: Any = None, *, units: Iterable[Any], everything: bool) -> None:
        super().__init__(
            data,
            initial={
                "ngay_xet": clock.today(),
                "loai": RunKind.LIVE.value if everything else RunKind.SNAPSHOT.value,
            },
        )
        self.everything = everything
        whole = [("", _("Toàn bộ đơn vị"))] if everything else []
        field = cast("forms.ChoiceField", self.fields["don_vi"])
        field.choices = [*whole, *_indented(units)]
        field.required = not everything
        if not everything:
            del self.fields["loai"]

    def add_prefix(self, field_name: str) -> str:
        """Parameters are written with hyphens: `ngay-xet`."""
        return field_name.replace("_", "-")

    def clean_ngay_xet(self) -> Any:
        """Today when nothing is given."""
        day = self.cleaned_data["ngay_xet"] or clock.today()
        if not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(
                _("Ngày xét phải trong khoảng từ 02/09/1945 đến 31/12/2199.")
            )
        return day

    @property
    def kind(self) -> RunKind:
        """What was asked for. Valid forms only."""
        return RunKind(self.cleaned_data.get("loai") or RunKind.SNAPSHOT)


def _indented(units: Iterable[Any]) -> list[tuple[str, str]]:
    """Units in tree order, the lower ones set in."""
    units = list(units)
    top = min((unit.depth for unit in units), default=1)
    return [(unit.code, "\u2003" * (unit.depth - top) + unit.name) for unit in units]


# ---- Targets and waivers -----------------------------------------------------------------------


def _day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DayInput(),
    )


class _Said(forms.Form):
    """A form that can show what a service refused."""

    def say(self, error: ValidationError) -> None:
        """Beside its field where that is one of the form's, else on top."""
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for field, messages in told.items():
            self.add_error(field if field in self.fields else None, messages)


class TargetForm(_Said):
    """A target; where it stands is known already in a replacement (`is_placed`)."""

    unit = forms.ChoiceField(
        label=_("Đơn vị"), help_text=_("Áp dụng cho đơn vị này và mọi đơn vị bên dưới.")
    )
    parameter = forms.ChoiceField(label=_("Tham số"))
    level = forms.ChoiceField(
        label=_("Cấp"),
        choices=Level.choices,
        help_text=_("Chỉ những đơn vị thuộc cấp này được xét theo chỉ tiêu."),
    )
    value = forms.IntegerField(label=_("Giá trị"), min_value=0, max_value=10_000)
    in_force_from = _day(_("Có hiệu lực từ ngày"))
    in_force_to = _day(_("Đến hết ngày"), required=False, help_text=_("Để trống: chưa định."))
    document = forms.CharField(label=_("Số văn bản"), max_length=120)
    document_on = _day(_("Ngày ký"), required=False)
    at = forms.CharField(label=_("Điều, khoản"), max_length=80, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        units: Iterable[Any] = (),
        parameters: Iterable[tuple[str, str]] = (),
        is_placed: bool = False,
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        units = list(units)
        self.units = {unit.code: unit for unit in units}
        if is_placed:
            for name in ("unit", "parameter", "level"):
                del self.fields[name]
            return
        cast("forms.ChoiceField", self.fields["unit"]).choices = _indented(units)
        cast("forms.ChoiceField", self.fields["parameter"]).choices = list(parameters)

    def target(self) -> Target:
        """The target as typed, unsaved. Valid forms only."""
        values = dict(self.cleaned_data)
        if "unit" in values:
            values["unit"] = self.units[values["unit"]]
        return Target(**values)


class TargetEndForm(_Said):
    """Until when a target holds, and by what."""

    last_day = _day(_("Ngày cuối cùng còn hiệu lực"))
    document = forms.CharField(label=_("Số văn bản"), max_length=120)


class WaiverForm(_Said):
    """Ask that a criterion is not held against one unit for a time."""

    unit = forms.ChoiceField(
        label=_("Đơn vị"), help_text=_("Chỉ đơn vị này, không lan xuống đơn vị bên dưới.")
    )
    rule = forms.ChoiceField(label=_("Tiêu chí"))
    reason = forms.CharField(
        label=_("Lý do"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    in_force_from = _day(_("Từ ngày"))
    in_force_to = _day(_("Đến hết ngày"), help_text=_("Miễn áp dụng luôn có thời hạn."))
    document = forms.CharField(label=_("Số văn bản cho phép"), max_length=120)
    document_on = _day(_("Ngày ký"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        units: Iterable[Any],
        rules: Iterable[tuple[str, str]],
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        units = list(units)
        self.units = {unit.code: unit for unit in units}
        cast("forms.ChoiceField", self.fields["unit"]).choices = _indented(units)
        cast("forms.ChoiceField", self.fields["rule"]).choices = list(rules)

    def waiver(self) -> Waiver:
        """The waiver as typed, unsaved. Valid forms only."""
        values = dict(self.cleaned_data)
        return Waiver(unit=self.units[values.pop("unit")], **values)


class WaiverEndForm(_Said):
    """Until when a waiver holds, earlier than it was approved for."""

    last_day = _day(_("Ngày cuối cùng được miễn"))
