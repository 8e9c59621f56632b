"""Thời gian công tác còn lại from the later of the day and the term's start to retirement."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule
from compliance.engine.words import months


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the months left and the months needed."""
    left, minimum = measured["months"], required["minimum_months"]
    if outcome == "cannot_tell":
        return f"Chưa tính được thời gian còn lại (cần ít nhất {minimum} tháng); bổ sung hồ sơ."
    if left is None:  # the sex is unknown, and both retirement dates fail
        return f"Tính theo nam hay nữ đều còn dưới {minimum} tháng. Xem xét đưa ra khi rà soát."
    text = f"Còn {months(left)}, cần ít nhất {minimum} tháng."
    return text if outcome == "met" else f"{text} Xem xét đưa ra khi rà soát."


# Retirement falls on the last day of a month: months left change on the first, and where a month
# is longer than that of the retirement.
_MONTH_TURNS = (
    "EXISTS (SELECT FROM generate_series(%(since)s::date + 1, %(d)s::date, interval '1 day') day"
    " WHERE extract(day FROM day) IN (1, 29, 30, 31))"
)

RULE = Rule(
    code="planning.remaining_service",
    title="Thời gian công tác còn lại",
    short="Còn công tác",
    kinds=(SubjectKind.NOMINATION,),
    figures={"service_months": "planning.remaining_service.minimum_months"},
    cuts={"service_cut": "after_months(serves_from, service_months)"},
    turns=f"starts_on <= %(d)s AND (starts_on > %(since)s OR {_MONTH_TURNS})",
    sure="retires_first >= service_cut",
    possible="retires_last IS NULL OR retires_last >= service_cut",
    facts={
        "service_left": "CASE WHEN retires_first = retires_last"
        " THEN whole_months(serves_from, retires_first) END"
    },
    measured={"months": "service_left"},
    required={"minimum_months": "service_months"},
    sentence=sentence,
)
