"""Tỷ lệ cán bộ trẻ in a plan or a committee pool."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule, share
from compliance.engine.words import share_sentence


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say the share of the young and how many more are needed."""
    age = required["age_below"]
    return share_sentence(
        f"Dưới {age} tuổi", f"người dưới {age} tuổi", "ngày sinh", measured, required, outcome
    )


RULE = Rule(
    code="planning.young_share",
    title="Tỷ lệ cán bộ trẻ",
    short="Trẻ",
    kinds=(SubjectKind.PLAN, SubjectKind.POOL),
    figures={
        "young_percent": "planning.young_share.minimum",
        "young_age": "planning.young_share.age_below",
    },
    cuts={"young_share_cut": "(on_date - make_interval(years => young_age))::date"},
    counts={
        "young_people": "s.birth_date > p.young_share_cut",
        "age_unknown": "s.birth_date IS NULL",
    },
    ages=("young_age",),
    only={SubjectKind.POOL: "committee"},
    **share("young_people", "age_unknown", "young_percent"),
    measured={"part": "young_people", "total": "total", "unknown": "age_unknown"},
    required={"percent": "young_percent", "age_below": "young_age"},
    sentence=sentence,
)
