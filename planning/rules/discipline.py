"""Kỷ luật còn hiệu lực: nobody in a plan is under a discipline that is in force."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many disciplines are in force."""
    if outcome == "met":
        return "Không có kỷ luật đang có hiệu lực (0, cần 0)."
    active = measured["active"]
    return f"Đang có {active} kỷ luật còn hiệu lực, cần 0. Xem xét đưa ra khỏi quy hoạch."


RULE = Rule(
    code="planning.discipline",
    title="Kỷ luật còn hiệu lực",
    short="Kỷ luật",
    kinds=(SubjectKind.NOMINATION,),
    sensitive=True,
    sure="disciplines = 0",
    possible="false",
    measured={"active": "disciplines"},
    sentence=sentence,
)
