"""Chức danh không là người địa phương: the holder is not a native of the unit."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say whether the holder is a local."""
    if outcome == "met":
        return (
            "Không phải người địa phương, đúng yêu cầu của chức danh (0 người địa phương, cần 0)."
        )
    if outcome == "cannot_tell":
        return "Chức danh cần 0 người địa phương; chưa rõ quê quán, cần bổ sung hồ sơ."
    return "Là người địa phương (1, chức danh này cần 0); cần bố trí người từ nơi khác."


RULE = Rule(
    code="rotation.non_local_head",
    title="Bố trí người không là người địa phương",
    short="Không địa phương",
    kinds=(SubjectKind.APPOINTMENT,),
    only={SubjectKind.APPOINTMENT: "non_local_required"},
    sure="NOT local",
    possible="local IS NULL",
    sentence=sentence,
)
