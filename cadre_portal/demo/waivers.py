"""Waivers of the demonstration: findings stay, the decision stands beside them."""

from datetime import date, timedelta

from cadres.models import Unit, User
from compliance.models import Waiver

_WAIVERS = (
    (
        "planning.three_age_bands",
        "01324",
        "Xã biên giới mới thành lập, chưa có nguồn dưới 35 tuổi; bổ sung trong kỳ rà soát tới.",
        "45-TB/TU (giả định)",
    ),
    (
        "planning.women_share",
        "STC",
        "Chờ kiện toàn sau hợp nhất hai sở; bổ sung nữ trong năm 2027.",
        "52-TB/TU (giả định)",
    ),
)


def create_waivers(as_of: date) -> None:
    """Two waivers, asked by the provincial officer and approved by the approver."""
    asked = User.objects.get(username="canbotinh")
    approved = User.objects.get(username="nguoiduyet")
    for rule, unit, reason, document in _WAIVERS:
        Waiver.objects.create(
            rule=rule,
            unit=Unit.objects.get(code=unit),
            reason=reason,
            document=document,
            asked_by=asked,
            approved_by=approved,
            in_force_from=as_of - timedelta(days=120),
            in_force_to=as_of + timedelta(days=245),
        )
