"""Thời gian công tác còn lại khi luân chuyển (65-QĐ/TW, Điều 5)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule
from compliance.engine.words import months


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the months left at the start of the tour."""
    left, minimum = measured["months"], required["minimum_months"]
    if outcome == "cannot_tell":
        return f"Chưa tính được thời gian còn lại (cần ít nhất {minimum} tháng); bổ sung hồ sơ."
    if left is None:  # the sex is unknown, and both retirement dates fail
        return f"Khi luân chuyển, tính theo nam hay nữ đều còn dưới {minimum} tháng công tác."
    text = f"Khi luân chuyển còn {months(left)} công tác, cần ít nhất {minimum} tháng."
    return text if outcome == "met" else f"{text} Cần chọn người còn đủ thời gian."


RULE = Rule(
    code="rotation.remaining_service",
    title="Thời gian còn lại khi luân chuyển",
    short="Còn công tác",
    kinds=(SubjectKind.ROTATION,),
    figures={"tour_service_months": "rotation.remaining_service.minimum_months"},
    facts={
        "tour_service_left": "CASE WHEN retires_first = retires_last"
        " THEN whole_months(start_on, retires_first) END"
    },
    sure="whole_months(start_on, retires_first) >= tour_service_months",
    possible=(
        "retires_last IS NULL OR whole_months(start_on, retires_last) >= tour_service_months"
    ),
    measured={"months": "tour_service_left"},
    required={"minimum_months": "tour_service_months"},
    sentence=sentence,
)
