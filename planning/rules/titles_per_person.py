"""Số chức danh quy hoạch của một người, within one term and level."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say for how many titles the person is planned."""
    total, maximum = measured["total"], required["maximum"]
    if total is None:
        return f"Được quy hoạch không quá {maximum} chức danh cùng cấp."
    text = f"Được quy hoạch {total} chức danh cùng cấp, nhiều nhất {maximum}."
    return text if outcome == "met" else f"{text} Cần rút bớt {total - maximum} chức danh."


RULE = Rule(
    code="planning.titles_per_person",
    title="Số chức danh của một người",
    short="Số chức danh",
    kinds=(SubjectKind.NOMINATION,),
    figures={"titles_maximum": "planning.titles_per_person.maximum"},
    # NULL: not counted, because surely not above the maximum (live state only).
    sure="coalesce(titles, 0) <= titles_maximum",
    possible="false",
    measured={"total": "titles"},
    required={"maximum": "titles_maximum"},
    sentence=sentence,
)
