"""Quy hoạch vào chức danh cao hơn chức danh đang giữ (377-QĐ/TW, 2025)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Compare the ranks of the two titles."""
    rank, current = measured["rank"], measured["current_rank"]
    if outcome == "cannot_tell":
        return f"Chức danh quy hoạch bậc {rank}; chưa rõ chức vụ hiện tại, cần bổ sung hồ sơ."
    text = f"Chức danh quy hoạch bậc {rank}, chức vụ hiện tại bậc {current}."
    if outcome == "met":
        return text
    return f"{text} Cần chọn chức danh cao hơn chức vụ đang giữ."


RULE = Rule(
    code="planning.higher_title",
    title="Quy hoạch chức danh cao hơn",
    short="Bậc chức danh",
    kinds=(SubjectKind.NOMINATION,),
    only={SubjectKind.NOMINATION: "leadership"},
    sure="title_rank > current_rank",
    possible="current_rank IS NULL",
    measured={"rank": "title_rank", "current_rank": "current_rank"},
    sentence=sentence,
)
