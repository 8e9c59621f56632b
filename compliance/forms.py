"""What pages of the check may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.viewdate import EARLIEST, LATEST
from cadres.choices import Level
from compliance.choices import Outcome, RunKind, SubjectKind
from compliance.engine.registry import all_rules

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
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
