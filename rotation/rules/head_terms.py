"""Số nhiệm kỳ liên tiếp của người đứng đầu ở một nơi (65-QĐ/TW, Điều 4 khoản 2)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how long the head has held the post."""
    held, terms = measured["months"], required["maximum_terms"]
    text = f"Giữ chức vụ liên tục {held} tháng, phải dưới {terms} nhiệm kỳ ({terms * 60} tháng)."
    return text if outcome == "met" else f"{text} Cần luân chuyển."


RULE = Rule(
    code="rotation.head_terms",
    title="Số nhiệm kỳ liên tiếp của người đứng đầu",
    short="Nhiệm kỳ",
    kinds=(SubjectKind.APPOINTMENT,),
    figures={"terms_maximum": "rotation.head_terms.maximum"},
    facts={"held_months": "whole_months(held_from, on_date)"},
    only={SubjectKind.APPOINTMENT: "is_head"},
    sure="whole_months(held_from, on_date) < terms_maximum * 60",
    possible="false",
    measured={"months": "held_months"},
    required={"maximum_terms": "terms_maximum"},
    sentence=sentence,
)
