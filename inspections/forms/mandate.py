"""Forms of the mandate: decision, units, team, outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cadres.selectors.editing import BETWEEN
from inspections.choices import AnswerKind, TableKind, TeamRole, Topic
from inspections.forms.meeting import MeetingForm
from inspections.models import InspectedUnit, OutlineItem
from planning.forms.process import REQUIRED, DayField, PlainForm

UNSAID = ("", _("Chọn…"))
_NUMBER = {"class": "short", "inputmode": "numeric", "autocomplete": "off"}


def _words(label: Any, *, rows: int = 3, length: int = 4000, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=REQUIRED,
        **kwargs,
    )


class UnitField(forms.CharField):
    """A unit typed or chosen from suggestions, by code or name; the value is a `Unit`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", REQUIRED)
        widget = forms.TextInput(attrs={"autocomplete": "off", "list": "goi-y-don-vi"})
        super().__init__(widget=widget, max_length=400, **kwargs)
        self.units: Any = ()

    def prepare_value(self, value: Any) -> Any:
        return f"{value.code}{BETWEEN}{value.name}" if hasattr(value, "code") else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        code = text.split(BETWEEN)[0].strip()
        found = self.units.filter(code=code).first()
        if found is None:
            named = list(self.units.filter(name__iexact=text)[:2])
            found = named[0] if len(named) == 1 else None
        if found is None:
            raise ValidationError(
                _("Không có đơn vị này trong phạm vi. Hãy chọn trong danh sách gợi ý.")
            )
        return found


class InspectionForm(MeetingForm):
    """Decision, content, time. What was typed may also be looked at against the limits."""

    GROUPS = (
        (_("Cuộc kiểm tra"), ("name", "unit", "subject", "purpose", "law_examined")),
        (_("Quyết định"), ("decision_no", "decision_on", "issuer")),
        (
            _("Thời gian"),
            ("period_from", "period_to", "evidence_on", "starts_on", "ends_on"),
        ),
        (_("Gia hạn, vượt giới hạn"), ("extended_to", "extension_document", "limit_reason")),
    )

    name = forms.CharField(
        label=_("Tên cuộc kiểm tra"),
        max_length=300,
        help_text=_("Ví dụ: Kiểm tra công tác quy hoạch, luân chuyển cán bộ tại 7 đảng bộ."),
        error_messages=REQUIRED,
    )
    unit = UnitField(
        label=_("Cơ quan kiểm tra"),
        help_text=_(
            "Gõ tên hoặc mã rồi chọn trong danh sách; cấp của cơ quan quyết định giới hạn."
        ),
    )
    subject = _words(_("Nội dung kiểm tra"))
    purpose = _words(_("Mục đích, yêu cầu"), required=False)
    law_examined = forms.CharField(
        label=_("Quy định được kiểm tra việc thực hiện"),
        max_length=300,
        help_text=_("Số, ký hiệu; nhiều văn bản cách nhau bằng dấu chấm phẩy."),
        widget=forms.TextInput(attrs={"list": "goi-y-van-ban", "autocomplete": "off"}),
        error_messages=REQUIRED,
    )
    decision_no = forms.CharField(
        label=_("Quyết định số"),
        max_length=80,
        required=False,
        help_text=_("Để trống khi chưa ban hành; cần có trước khi triển khai."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    decision_on = DayField(label=_("Ngày quyết định"), required=False)
    issuer = forms.CharField(
        label=_("Người, cơ quan ký"),
        max_length=160,
        required=False,
        help_text=_("Ví dụ: Ban Thường vụ Tỉnh ủy."),
    )
    period_from = DayField(label=_("Mốc thời gian kiểm tra từ ngày"))
    period_to = DayField(label=_("Mốc thời gian đến ngày"))
    evidence_on = DayField(
        label=_("Ngày chốt số liệu"),
        required=False,
        help_text=_("Số liệu và quy định của ngày này là căn cứ; để trống: ngày cuối mốc."),
    )
    starts_on = DayField(label=_("Bắt đầu kiểm tra ngày"))
    ends_on = DayField(label=_("Kết thúc ngày"))
    extended_to = DayField(label=_("Gia hạn đến ngày"), required=False)
    extension_document = forms.CharField(label=_("Văn bản gia hạn"), max_length=120, required=False)
    limit_reason = _words(
        _("Lý do, văn bản cho phép khi vượt giới hạn"), rows=2, length=500, required=False
    )

    def __init__(self, *args: Any, units: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)  # noqa: S101 - declared above
        field.units = units
        if is_new:
            for name in ("extended_to", "extension_document"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Evidence is of the last day of the period unless said otherwise."""
        data = super().clean() or self.cleaned_data
        if "evidence_on" in data and data["evidence_on"] is None:
            data["evidence_on"] = data.get("period_to")
        return data

    def values(self) -> dict[str, Any]:
        """What the service takes. Valid forms only."""
        return {name: value for name, value in self.cleaned_data.items() if name != "goc"}


# ---- Units -----------------------------------------------------------------------------------


class UnitRowForm(PlainForm):
    """One inspected unit in the table."""

    place = forms.IntegerField(
        label=_("Thứ tự"),
        min_value=0,
        max_value=9_999,
        required=False,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    head = forms.CharField(
        label=_("Người đứng đầu chịu trách nhiệm"), max_length=160, required=False
    )
    report_due_on = DayField(label=_("Hạn nộp báo cáo"), required=False)
    late_reason = forms.CharField(label=_("Lý do không có báo cáo"), max_length=500, required=False)
    out = forms.BooleanField(label=_("Bỏ"), required=False)


class UnitsForm(PlainForm):
    """The table of units; `rows` pairs each unit with its form.

    What somebody else added meanwhile stands there as well, as it is stored.
    """

    due_on = DayField(
        label=_("Hạn nộp báo cáo tự kiểm tra"),
        required=False,
        help_text=_("Dùng cho đơn vị chưa ghi hạn riêng."),
    )

    def __init__(self, data: Any, *, units: Sequence[InspectedUnit]) -> None:
        super().__init__(data)
        asked = {int(pk) for pk in data.getlist("don-vi") if pk.isdecimal()} if data else set()
        self.rows = [
            (
                each,
                UnitRowForm(
                    data if each.unit_id in asked else None,
                    prefix=f"u{each.unit_id}",
                    initial={
                        "place": each.place,
                        "head": each.head,
                        "report_due_on": each.report_due_on,
                        "late_reason": each.late_reason,
                    },
                ),
            )
            for each in units
        ]

    def is_valid(self) -> bool:
        """All rows are looked at, so that every error is told."""
        sent = [row for _each, row in self.rows if row.is_bound]
        return all([super().is_valid(), *(row.is_valid() for row in sent)])

    def rows_wanted(self, added: Sequence[Any], heads: Mapping[int, str]) -> list[dict[str, Any]]:
        """What the service takes: rows that stay in their order, then the added units."""
        due = self.cleaned_data["due_on"]
        kept = [
            (row.cleaned_data["place"] or each.place, each, row.cleaned_data)
            for each, row in self.rows
            if row.is_bound and not row.cleaned_data["out"]
        ]
        kept.sort(key=lambda one: one[0])
        rows = [
            {
                "unit": each.unit,
                "head": data["head"],
                "report_due_on": data["report_due_on"] or due,
                "late_reason": data["late_reason"],
            }
            for _place, each, data in kept
        ]
        there = {row["unit"].pk for row in rows}
        return rows + [
            {"unit": unit, "head": heads.get(unit.pk, ""), "report_due_on": due}
            for unit in added
            if unit.pk not in there
        ]


# ---- Team ------------------------------------------------------------------------------------


class MemberForm(MeetingForm):
    """What somebody is in the team, what they look at, for how long."""

    role = forms.ChoiceField(label=_("Vai trò"), choices=TeamRole.choices)
    post = forms.CharField(label=_("Chức vụ, cơ quan"), max_length=200, required=False)
    assignment = _words(_("Nhiệm vụ được phân công"), rows=2, length=1000, required=False)
    units = forms.MultipleChoiceField(
        label=_("Đơn vị được phân công"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn đơn vị nào: tất cả. Trưởng đoàn, phó, thư ký luôn đọc tất cả."),
    )
    mandate_from = DayField(label=_("Được đọc số liệu từ ngày"))
    mandate_to = DayField(
        label=_("Đến hết ngày"),
        help_text=_("Chỉ đọc được trong thời gian này và khi đoàn đang làm việc."),
    )

    def __init__(self, *args: Any, units: Iterable[InspectedUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {str(each.pk): each for each in units}
        field = self.fields["units"]
        field.choices = [(pk, each.unit.name) for pk, each in self._units.items()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the service takes. Valid forms only."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "goc"}
        return data | {"units": [self._units[pk] for pk in data["units"]]}


# ---- Outline ---------------------------------------------------------------------------------


#: One list for the way of answering: written, files, or one of the tables.
ANSWERS = [
    (AnswerKind.TEXT.value, AnswerKind.TEXT.label),
    (AnswerKind.FILES.value, AnswerKind.FILES.label),
    *((f"{AnswerKind.TABLE}:{kind}", _("Bảng: %s") % label) for kind, label in TableKind.choices),
]


class OutlineRowForm(PlainForm):
    """One question in the editor; an empty new row is no question."""

    number = forms.IntegerField(
        label=_("Thứ tự"),
        min_value=0,
        max_value=999,
        required=False,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    title = forms.CharField(
        label=_("Câu hỏi, yêu cầu"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    topic = forms.ChoiceField(label=_("Chủ đề"), choices=Topic.choices, initial=Topic.OTHER)
    answer = forms.ChoiceField(label=_("Cách trả lời"), choices=ANSWERS)
    help_text = forms.CharField(
        label=_("Hướng dẫn"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    out = forms.BooleanField(label=_("Bỏ"), required=False)


#: So many empty rows stand below the questions.
NEW_ROWS = 3


class OutlineForm:
    """The questions with their forms, and a few empty ones: `rows` pairs item (None: new), form.

    What somebody else took out meanwhile is a new question; what they added stands there as well.
    """

    def __init__(self, data: Any, items: Sequence[OutlineItem]) -> None:
        present = {str(item.pk): item for item in items}
        asked = [pk for pk in data.getlist("muc") if pk.isdecimal()] if data is not None else []
        self.rows: list[tuple[OutlineItem | None, OutlineRowForm]] = [
            (present.get(pk), OutlineRowForm(data, prefix=f"m{pk}")) for pk in asked
        ]
        self.rows += [
            (item, OutlineRowForm(prefix=f"m{pk}", initial=_initial(item)))
            for pk, item in present.items()
            if pk not in asked
        ]
        self.rows += [
            (None, OutlineRowForm(data, prefix=f"moi{n}", initial={"number": ""}))
            for n in range(NEW_ROWS)
        ]

    def is_valid(self) -> bool:
        """All rows that were sent are looked at, so that every error is told."""
        sent = [row.is_valid() for _item, row in self.rows if row.is_bound]
        return all(sent)

    def items(self) -> list[dict[str, Any]]:
        """What the service takes, in the order that was asked for. Valid forms only."""
        last = max((item.number for item, _row in self.rows if item), default=0)
        wanted = []
        for n, (item, row) in enumerate(self.rows):
            if not row.is_bound:
                continue
            data = row.cleaned_data
            if data["out"] or (item is None and not data["title"].strip()):
                continue
            kind, _colon, table = data["answer"].partition(":")
            place = data["number"]
            if place is None:
                place = item.number if item else last + n
            wanted.append(
                (
                    place,
                    {
                        "pk": item.pk if item else None,
                        "topic": data["topic"],
                        "title": data["title"].strip(),
                        "kind": kind,
                        "table": table,
                        "help_text": data["help_text"].strip(),
                    },
                )
            )
        return [item for _place, item in sorted(wanted, key=lambda one: one[0])]


def _initial(item: OutlineItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "title": item.title,
        "topic": item.topic,
        "answer": f"{item.kind}:{item.table}" if item.table else item.kind,
        "help_text": item.help_text,
    }
