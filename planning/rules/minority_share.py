"""Tỷ lệ cán bộ người dân tộc thiểu số in a plan or a committee pool (provincial targets only)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule, share
from compliance.engine.words import share_sentence


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the share of minority cadres and how many more are needed."""
    return share_sentence(
        "Người dân tộc thiểu số", "người dân tộc thiểu số", "dân tộc", measured, required, outcome
    )


RULE = Rule(
    code="planning.minority_share",
    title="Tỷ lệ cán bộ người dân tộc thiểu số",
    short="DTTS",
    kinds=(SubjectKind.PLAN, SubjectKind.POOL),
    figures={"minority_percent": "planning.minority_share.minimum"},
    counts={"minority_people": "s.minority", "ethnicity_unknown": "s.minority IS NULL"},
    only={SubjectKind.POOL: "committee"},
    # Of a pool of one it names that person's ethnic group; of a few, nearly.
    sensitive=True,
    **share("minority_people", "ethnicity_unknown", "minority_percent"),
    measured={"part": "minority_people", "total": "total", "unknown": "ethnicity_unknown"},
    required={"percent": "minority_percent"},
    sentence=sentence,
)
