"""Tính "mở": a plan has nominees from outside its unit (provincial targets only)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many come from elsewhere and how many more are needed."""
    part, minimum = measured["part"], required["minimum"]
    text = f"Người từ nơi khác: {part} trong {measured['total']}, cần ít nhất {minimum}."
    if outcome == "not_met":
        return f"{text} Cần thêm {minimum - part} người từ nơi khác."
    if outcome == "cannot_tell":
        return f"{text} Còn {measured['unknown']} người chưa rõ nơi công tác; cần bổ sung hồ sơ."
    return text


RULE = Rule(
    code="planning.openness",
    title="Tính “mở” của quy hoạch",
    short="Tính “mở”",
    kinds=(SubjectKind.PLAN,),
    figures={"external_minimum": "planning.openness.minimum_external"},
    counts={
        "external_people": "strpos(s.paths, '|' || p.path) = 0",
        "post_unknown": "s.paths IS NULL",
    },
    sure="external_people >= external_minimum",
    possible="external_people + post_unknown >= external_minimum",
    measured={"part": "external_people", "total": "total", "unknown": "post_unknown"},
    required={"minimum": "external_minimum"},
    sentence=sentence,
)
