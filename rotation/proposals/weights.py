"""What proposals are weighed by: every criterion, its points, and how much the user minds it.

The one place of these numbers. They compare wishes with each other and stand in no law; hard
conditions are not weighed (`rotation.proposals.pairs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from rotation.choices import NeedReason


class Criterion(models.TextChoices):
    """What speaks for a proposal or against it, in the order in which the page asks."""

    NON_LOCAL = "non-local", _("Người địa phương đứng đầu được chuyển đi")
    HEAD_TERMS = "head-terms", _("Đủ, sắp đủ nhiệm kỳ liên tiếp được chuyển đi")
    TOUR_END = "tour-end", _("Hết thời gian luân chuyển được bố trí")
    EXPERIENCE = "experience", _("Người trong quy hoạch được rèn luyện ở nơi khác")
    TRAINING = "training", _("Qua cơ sở, qua cấp tỉnh đúng chức danh quy hoạch")
    VACANCY = "vacancy", _("Chỗ trống được lấp, nơi đi không để trống")
    BALANCE = "balance", _("Theo chỉ tiêu của kế hoạch, cân đối giữa các đơn vị")
    DISTANCE = "distance", _("Không đi xa nhà")
    REFUSAL = "refusal", _("Tôn trọng lần từ chối trước")
    HIGHER = "higher", _("Bố trí chức vụ tương đương hơn là cao hơn")
    STANDARD = "standard", _("Đạt tiêu chuẩn của chức danh nơi đến")


class Emphasis(StrEnum):
    """How much the user minds a criterion."""

    LESS = "it"
    NORMAL = "thuong"
    MORE = "nhieu"


FACTORS: Mapping[Emphasis, int] = {Emphasis.LESS: 1, Emphasis.NORMAL: 2, Emphasis.MORE: 4}

#: For each need of a person that a move covers.
NEEDS: Mapping[NeedReason, tuple[Criterion, int]] = {
    NeedReason.LOCAL: (Criterion.NON_LOCAL, 30),
    NeedReason.TERMS_OVER: (Criterion.HEAD_TERMS, 25),
    NeedReason.TERMS_SOON: (Criterion.HEAD_TERMS, 15),
    NeedReason.TOUR_LATE: (Criterion.TOUR_END, 25),
    NeedReason.BASE: (Criterion.EXPERIENCE, 12),
    NeedReason.PROVINCE: (Criterion.EXPERIENCE, 12),
    NeedReason.ELSEWHERE: (Criterion.EXPERIENCE, 8),
}
#: Crossing the level that the plan asks for, beside the need itself.
CROSSES = 6
#: A leadership post that is filled, or left open; a head's post counts more.
POST, HEAD_POST = 4, 8
#: One sent or received that the plan of the year still asks for; one beyond it.
WITHIN, BEYOND = 3, 5
#: Without a plan: each leader by which a unit loses more than SPARE in all.
LOSES, SPARE = 6, 1
FAR = 6
#: So many times as far for somebody who declined for family or distance.
FAR_AFTER_REFUSAL = 3
REFUSED_HERE = 80
HIGHER = 10
LACKS_STANDARD = 15
#: Declined rotations are remembered for so many years.
REFUSAL_YEARS = 5
#: Between equally good choices the one with fewer moves: one move costs a hundredth of a point.
POINT, MOVE = 100, 1


@dataclass(frozen=True)
class Weights:
    """Points as the user minds them; what is not named is minded as usual."""

    emphasis: Mapping[Criterion, Emphasis] = field(default_factory=dict)

    def of(self, criterion: Criterion, points: int) -> int:
        """Points of a criterion."""
        return points * FACTORS[self.emphasis.get(criterion, Emphasis.NORMAL)]
