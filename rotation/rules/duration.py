"""Thời gian một đợt luân chuyển: a completed tour lasted long enough."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule
from compliance.engine.words import months


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how long the tour lasted."""
    text = f"Đợt luân chuyển kéo dài {months(measured['months'])}, cần ít nhất"
    text = f"{text} {required['minimum_months']} tháng."
    return text if outcome == "met" else f"{text} Cần ghi rõ lý do kết thúc sớm."


RULE = Rule(
    code="rotation.duration",
    title="Thời gian một đợt luân chuyển",
    short="Thời gian",
    kinds=(SubjectKind.ROTATION,),
    figures={"duration_months": "rotation.duration.minimum_months"},
    facts={"tour_months": "whole_months(start_on, ended_on)"},
    only={SubjectKind.ROTATION: "completed AND ended_on IS NOT NULL"},
    sure="whole_months(start_on, ended_on) >= duration_months",
    possible="false",
    measured={"months": "tour_months"},
    required={"minimum_months": "duration_months"},
    sentence=sentence,
)
