"""Forms of the plan of a year: the grid of targets, what is submitted and decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.forms.process import REQUIRED, DayField, PlainForm
from rotation.selectors.plans import Numbers
from rotation.services.plans import TargetEntry

#: More people than a unit sends or receives in any year.
MOST = 500
NOTE_LENGTH, PURPOSE_LENGTH = 300, 4000
COUNTS = ("send", "receive")
CELLS = (*COUNTS, "note")
PURPOSE, PURPOSE_SHOWN = "muc-dich", "muc-dich-cu"


class TargetGrid:
    """The grid as typed: `send-UNIT`, `receive-UNIT`, `note-UNIT`, with what it showed before.

    A cell that holds no number from 0 to MOST is told, and nothing is written. `purpose`: as the
    page showed it, and as it is to be.
    """

    def __init__(self, data: Mapping[str, str], unit_ids: Iterable[int]) -> None:
        self.typed: dict[int, dict[str, str]] = {}
        self.errors: dict[tuple[int, str], str] = {}
        self.entries: list[TargetEntry] = []
        shown, wanted = (_text(data, name) for name in (PURPOSE_SHOWN, PURPOSE))
        self.purpose = (shown, wanted[:PURPOSE_LENGTH].strip())
        for unit_id in unit_ids:
            if cell_name("send", unit_id) in data:
                self._read(unit_id, data)

    def _read(self, unit_id: int, data: Mapping[str, str]) -> None:
        texts = {name: _text(data, cell_name(name, unit_id)) for name in CELLS}
        was = {name: _text(data, shown_name(name, unit_id)) for name in CELLS}
        self.typed[unit_id] = texts
        for name in COUNTS:
            if _count(texts[name]) is None:
                text = _("Ghi số nguyên từ 0 đến %(most)s.") % {"most": MOST}
                self.errors[unit_id, name] = text
        if len(texts["note"]) > NOTE_LENGTH:
            text = _("Ghi chú dài nhất %(n)s ký tự.") % {"n": NOTE_LENGTH}
            self.errors[unit_id, "note"] = text
        self.entries.append(TargetEntry(unit_id, _numbers(was), _numbers(texts)))


def cell_name(name: str, unit_id: int) -> str:
    """The name of a cell."""
    return f"{name}-{unit_id}"


def shown_name(name: str, unit_id: int) -> str:
    """The name of the hidden field with what the cell showed."""
    return f"was-{name}-{unit_id}"


def _numbers(texts: Mapping[str, str]) -> Numbers:
    return Numbers(_count(texts["send"]) or 0, _count(texts["receive"]) or 0, texts["note"])


def _text(data: Mapping[str, str], name: str) -> str:
    # Browsers send line breaks as \r\n, whatever the page showed.
    return str(data.get(name, "")).replace("\x00", "").replace("\r\n", "\n").strip()


def _count(text: str) -> int | None:
    """The number in a cell; an empty one says 0. None: it is none."""
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        return None
    number = int(text)
    return number if number <= MOST else None


class PlanOpenForm(PlainForm):
    """Which year."""

    year = forms.IntegerField(
        label=gettext_lazy("Năm"),
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={**REQUIRED, "invalid": gettext_lazy("Ghi năm bằng bốn chữ số.")},
    )


class PlanSubmitForm(PlainForm):
    """The submission."""

    submission_no = forms.CharField(
        label=gettext_lazy("Tờ trình số"),
        max_length=80,
        help_text=gettext_lazy("Ví dụ: 12-TTr/BTCTU."),
        error_messages=REQUIRED,
    )
    submitted_on = DayField(label=gettext_lazy("Ngày trình"))


class PlanApproveForm(PlainForm):
    """The decision."""

    decision_no = forms.CharField(
        label=gettext_lazy("Kế hoạch số"),
        max_length=80,
        help_text=gettext_lazy("Ví dụ: 31-KH/TU."),
        error_messages=REQUIRED,
    )
    decision_on = DayField(label=gettext_lazy("Ngày ban hành"))


class PlanReturnForm(PlainForm):
    """Why a plan is given back."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ghi cần bổ sung, sửa gì."),
        error_messages=REQUIRED,
    )


class PlanReopenForm(PlainForm):
    """Why an approved plan is adjusted."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do điều chỉnh"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ghi căn cứ, ví dụ: Thông báo số 45-TB/TU."),
        error_messages=REQUIRED,
    )
