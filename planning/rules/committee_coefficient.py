"""Hệ số quy hoạch cấp ủy: nominees for a committee against its prescribed number."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule
from compliance.engine.words import coefficient


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the coefficient, its bounds, and how many people that means."""
    total, seats = measured["total"], measured["prescribed"]
    low, high = required["minimum_percent"], required["maximum_percent"]
    bounds = [
        *([f"từ {coefficient(low)}"] if low is not None else []),
        *([f"đến {coefficient(high)}"] if high is not None else []),
    ]
    text = (
        f"Quy hoạch {total} người cho {seats} ủy viên"
        f" (hệ số {coefficient(Decimal(total * 100) / seats)}), cần {' '.join(bounds)} lần."
    )
    if outcome != "not_met":
        return text
    least = -(-(low or 0) * seats // 100)
    if total < least:
        return f"{text} Cần thêm {least - total} người."
    return f"{text} Cần giảm {total - high * seats // 100} người."


RULE = Rule(
    code="planning.committee_coefficient",
    title="Hệ số quy hoạch cấp ủy",
    short="Hệ số",
    kinds=(SubjectKind.POOL,),
    figures={
        "coefficient_minimum": "planning.committee_coefficient.minimum",
        "coefficient_maximum": "planning.committee_coefficient.maximum",
    },
    figures_needed=any,
    only={SubjectKind.POOL: "committee"},
    sure=(
        "(coefficient_minimum IS NULL OR coefficient_minimum * prescribed <= total * 100)"
        " AND (coefficient_maximum IS NULL OR total * 100 <= coefficient_maximum * prescribed)"
    ),
    possible="false",
    measured={"total": "total", "prescribed": "prescribed"},
    required={"minimum_percent": "coefficient_minimum", "maximum_percent": "coefficient_maximum"},
    sentence=sentence,
)
