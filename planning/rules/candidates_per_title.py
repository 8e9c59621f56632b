"""Số người quy hoạch một chức danh lãnh đạo, by the number of people prescribed for it."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many are planned, the bounds, and what to do."""
    total, minimum = measured["total"], required["minimum"]
    most = None if required["maximum"] is None else required["maximum"] * measured["prescribed"]
    bounds = [
        *([f"ít nhất {minimum}"] if minimum is not None else []),
        *([f"nhiều nhất {most}"] if most is not None else []),
    ]
    text = f"Quy hoạch {total} người, cần {' và '.join(bounds)}."
    if outcome != "not_met":
        return text
    if minimum is not None and total < minimum:
        return f"{text} Cần thêm {minimum - total} người."
    return f"{text} Cần giảm {total - (most or 0)} người."


RULE = Rule(
    code="planning.candidates_per_title",
    title="Số người quy hoạch một chức danh",
    short="Số lượng",
    kinds=(SubjectKind.POOL,),
    figures={
        "candidates_minimum": "planning.candidates_per_title.minimum",
        "candidates_maximum": "planning.candidates_per_title.maximum",
    },
    figures_needed=any,
    only={SubjectKind.POOL: "leadership"},
    sure=(
        "total >= coalesce(candidates_minimum, 0)"
        " AND (candidates_maximum IS NULL OR total <= candidates_maximum * prescribed)"
    ),
    possible="false",
    measured={"total": "total", "prescribed": "prescribed"},
    required={"minimum": "candidates_minimum", "maximum": "candidates_maximum"},
    sentence=sentence,
)
