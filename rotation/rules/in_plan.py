"""Luân chuyển trong quy hoạch: only planned cadres are rotated (65-QĐ/TW, Điều 1)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say in how many pools the person stood on the day the tour began."""
    count = measured["nominations"]
    if outcome == "met":
        return f"Khi luân chuyển đang ở trong {count} quy hoạch, cần ít nhất 1."
    return "Khi luân chuyển chưa ở trong quy hoạch nào (0, cần ít nhất 1); cần bổ sung quy hoạch."


RULE = Rule(
    code="rotation.in_plan",
    title="Luân chuyển người trong quy hoạch",
    short="Trong quy hoạch",
    kinds=(SubjectKind.ROTATION,),
    sure="nominations >= 1",
    possible="false",
    measured={"nominations": "nominations"},
    sentence=sentence,
)
