"""Xếp loại năm trước: nobody in a plan failed the tasks of the year before."""

from collections.abc import Mapping
from typing import Any

from cadres.choices import Grade
from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the grade of the year before."""
    if outcome == "cannot_tell":
        return "Chưa có xếp loại năm trước; cần bổ sung kết quả đánh giá."
    grade = str(Grade[measured["grade"]].label).lower()
    if outcome == "met":
        return f"Xếp loại năm trước: {grade}, cần từ mức hoàn thành nhiệm vụ trở lên."
    return f"Năm trước {grade}, cần từ hoàn thành nhiệm vụ trở lên. Xem xét đưa ra khỏi quy hoạch."


RULE = Rule(
    code="planning.evaluation",
    title="Xếp loại năm trước",
    short="Xếp loại",
    kinds=(SubjectKind.NOMINATION,),
    sure=f"grade > {Grade.KHTNV.value}",
    possible="grade IS NULL",
    measured={"grade": "grade"},
    scales={"grade": Grade},
    sentence=sentence,
)
