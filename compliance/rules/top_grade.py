"""Tỷ lệ xếp loại hoàn thành xuất sắc: at most a share of those who did well (335/2025/NĐ-CP)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule
from compliance.engine.words import percent


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many have the top grade and how many may."""
    top, good, share = measured["top"], measured["good"], required["percent"]
    text = (
        f"{top} người hoàn thành xuất sắc trên {good} người hoàn thành tốt"
        f" ({percent(top, good) if good else 'không có ai hoàn thành tốt'}), nhiều nhất {share} %."
    )
    if outcome == "met":
        return text
    return f"{text} Cần xem lại {top - good * share // 100} người."


RULE = Rule(
    code="evaluation.top_grade",
    title="Tỷ lệ xếp loại xuất sắc",
    short="Xuất sắc",
    kinds=(SubjectKind.UNIT_YEAR,),
    figures={"top_percent": "evaluation.top_grade.maximum_share"},
    sure="top * 100 <= top_percent * good",
    possible="false",
    measured={"top": "top", "good": "good"},
    required={"percent": "top_percent"},
    sentence=sentence,
)
