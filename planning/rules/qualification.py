"""Tiêu chuẩn chức danh: the nominee's degree and political theory against the title's."""

from collections.abc import Mapping
from typing import Any

from cadres.choices import Degree, Theory
from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Name what the title asks and what the person has."""
    parts, gaps, unknown = [], [], []
    for key, label, scale in (
        ("degree", "chuyên môn", Degree),
        ("theory", "lý luận chính trị", Theory),
    ):
        need, has = required[f"min_{key}"], measured[key]
        if need is None:
            continue
        need_text = str(scale[need.upper()].label).lower()
        if has is None:
            unknown.append(label)
            parts.append(f"{label}: chưa rõ, cần {need_text}")
            continue
        held = scale[has.upper()]
        parts.append(f"{label}: {str(held.label).lower()}, cần {need_text}")
        if held < scale[need.upper()]:
            gaps.append(f"{label} lên {need_text}")
    text = "; ".join(parts)
    text = f"{text[:1].upper()}{text[1:]}."
    if outcome == "not_met":
        return f"{text} Cần đào tạo {' và '.join(gaps)}."
    if outcome == "cannot_tell":
        return f"{text} Cần bổ sung {' và '.join(unknown)} vào hồ sơ."
    return text


RULE = Rule(
    code="planning.qualification",
    title="Tiêu chuẩn chức danh",
    short="Tiêu chuẩn",
    kinds=(SubjectKind.NOMINATION,),
    applies="min_degree IS NOT NULL OR min_theory IS NOT NULL",
    # The lowest standard is met whatever is unknown.
    sure=(
        "(coalesce(min_degree, 0) = 0 OR degree >= min_degree)"
        " AND (coalesce(min_theory, 0) = 0 OR theory >= min_theory)"
    ),
    possible=(
        "(min_degree IS NULL OR degree IS NULL OR degree >= min_degree)"
        " AND (min_theory IS NULL OR theory IS NULL OR theory >= min_theory)"
    ),
    measured={"degree": "degree", "theory": "theory"},
    required={"min_degree": "min_degree", "min_theory": "min_theory"},
    scales={"degree": Degree, "theory": Theory, "min_degree": Degree, "min_theory": Theory},
    sentence=sentence,
)
