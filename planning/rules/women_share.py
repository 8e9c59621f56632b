"""Tỷ lệ nữ in a plan or a committee pool."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule, share
from compliance.engine.words import share_sentence


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the share of women and how many more are needed."""
    return share_sentence("Nữ", "nữ", "giới tính", measured, required, outcome)


RULE = Rule(
    code="planning.women_share",
    title="Tỷ lệ nữ",
    short="Nữ",
    kinds=(SubjectKind.PLAN, SubjectKind.POOL),
    figures={"women_percent": "planning.women_share.minimum"},
    counts={"women": "s.woman", "sex_unknown": "s.woman IS NULL"},
    only={SubjectKind.POOL: "committee"},
    **share("women", "sex_unknown", "women_percent"),
    measured={"part": "women", "total": "total", "unknown": "sex_unknown"},
    required={"percent": "women_percent"},
    sentence=sentence,
)
