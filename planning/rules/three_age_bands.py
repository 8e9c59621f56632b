"""Cơ cấu ba độ tuổi: every plan and every committee pool has somebody in each of three bands."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many stand in each band and which band is empty."""
    young, middle = required["young_below"], required["middle_to"]
    bands = (
        (f"dưới {young}", measured["young"]),
        (f"{young}–{middle}", measured["middle"]),
        (f"trên {middle}", measured["senior"]),
    )
    counted = " · ".join(f"{name}: {count}" for name, count in bands)
    counted = counted[0].upper() + counted[1:]
    empty = [f"nhóm {name}" for name, count in bands if not count]
    if outcome == "met":
        return f"{counted}. Đủ ba độ tuổi."
    if outcome == "cannot_tell":
        return (
            f"{counted}. Còn {measured['unknown']} người chưa rõ ngày sinh, chưa kết luận được"
            f" {', '.join(empty)}; cần bổ sung ngày sinh."
        )
    return f"{counted}. Thiếu {', '.join(empty)}; cần thêm {len(empty)} người, mỗi nhóm ít nhất 1."


RULE = Rule(
    code="planning.three_age_bands",
    title="Cơ cấu ba độ tuổi",
    short="Ba độ tuổi",
    kinds=(SubjectKind.PLAN, SubjectKind.POOL),
    figures={
        "young_below": "planning.age_bands.young_below",
        "middle_to": "planning.age_bands.middle_to",
    },
    # Younger than n completed years: born after the same day n years before (29/2 counts as 1/3).
    cuts={
        "young_cut": "(on_date - make_interval(years => young_below))::date",
        "senior_cut": "(on_date - make_interval(years => middle_to + 1))::date",
    },
    counts={
        "young": "s.birth_date > p.young_cut",
        "middle": "s.birth_date <= p.young_cut AND s.birth_date > p.senior_cut",
        "senior": "s.birth_date <= p.senior_cut",
        "age_unknown": "s.birth_date IS NULL",
    },
    ages=("young_below", "middle_to"),
    only={SubjectKind.POOL: "committee"},
    sure="least(young, middle, senior) > 0",
    # Each person of unknown age could fill one empty band, unless targets leave no middle.
    possible=(
        "young_below <= middle_to"
        " AND (young = 0)::int + (middle = 0)::int + (senior = 0)::int <= age_unknown"
    ),
    measured={"young": "young", "middle": "middle", "senior": "senior", "unknown": "age_unknown"},
    required={"young_below": "young_below", "middle_to": "middle_to"},
    sentence=sentence,
)
