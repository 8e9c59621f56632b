"""What speaks for a proposed move and against it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from rotation.choices import NeedReason
from rotation.proposals.answer import Row
from rotation.proposals.problem import Gain
from rotation.proposals.weights import NEEDS, REFUSAL_YEARS, Criterion
from rotation.selectors.nearness import Nearness

_NEEDS = frozenset(criterion for criterion, _points in NEEDS.values())


class Reason(NamedTuple):
    """One thing to say; `sign`: an outcome."""

    sign: str
    text: str


def reasons_for(row: Row) -> Iterator[Reason]:
    """What the move answers and closes."""
    for gain in row.gains:
        text = _gained(gain)
        if text:
            yield Reason("met", text)
    if row.seat.free > 0:
        text = _("Nơi đến đang thiếu %(n)s người ở chức danh này")
        yield Reason("met", text % {"n": row.seat.free})


def reasons_against(row: Row) -> Iterator[Reason]:
    """What speaks against it, what has to come first, and what is not known."""
    for gain in row.gains:
        text = _lost(gain)
        if text:
            yield Reason("not_met", text)
    if any(gain.criterion == Criterion.HIGHER for gain in row.gains):
        yield Reason("cannot_tell", row.equivalent.rstrip("."))
    if row.leaves_open:
        yield Reason("cannot_tell", _("Chỗ ở nơi đi sẽ trống"))
    if row.person.tour is not None:
        text = _("Phải kết thúc đợt luân chuyển hiện tại trước")
        yield Reason("cannot_tell", text)
    if any(gain.about == Nearness.UNKNOWN.value for gain in row.gains):
        yield Reason("not_applicable", _("Chưa rõ xa hay gần nhà"))


def reasons_of(row: Row) -> list[str]:
    """Everything in one list, for the note of a proposal."""
    return [each.text for each in (*reasons_for(row), *reasons_against(row))]


def _gained(gain: Gain) -> str:
    if gain.criterion in _NEEDS:
        return str(NeedReason(gain.about).label)
    if gain.criterion == Criterion.TRAINING:
        return _("Nơi đến đúng cấp mà quy hoạch còn thiếu")
    if gain.criterion == Criterion.DISTANCE and gain.about == Nearness.NEAR:
        return _("Gần nhà (cùng địa bàn)")
    return ""


def _lost(gain: Gain) -> str:
    if gain.criterion == Criterion.DISTANCE and gain.about == Nearness.FAR:
        return _("Xa nhà (khác địa bàn với quê quán và nơi công tác)")
    if gain.criterion == Criterion.REFUSAL:
        text = _("Đã từ chối đến chính đơn vị này trong %(n)s năm gần đây")
        return text % {"n": REFUSAL_YEARS}
    if gain.criterion == Criterion.STANDARD:
        if gain.about == "degree":
            return _("Chưa đạt tiêu chuẩn chuyên môn của chức danh nơi đến")
        return _("Chưa đạt tiêu chuẩn lý luận chính trị của chức danh nơi đến")
    return ""
