"""Liên thông: nominees from below stand in a plan below as well (provincial targets only)."""

from collections.abc import Mapping
from typing import Any

from compliance.choices import SubjectKind
from compliance.engine.rule import Rule


def sentence(measured: Mapping[str, Any], required: Mapping[str, Any], outcome: str) -> str:
    """Say how many nominees from below stand in no plan below."""
    breaks, maximum = measured["breaks"], required["maximum"]
    text = (
        f"Trong {measured['total']} người được quy hoạch, {breaks} người công tác ở cấp dưới"
        f" chưa có trong quy hoạch cấp dưới, nhiều nhất {maximum}."
    )
    if outcome == "met":
        return text
    return f"{text} Cần đưa {breaks - maximum} người vào quy hoạch cấp dưới."


RULE = Rule(
    code="planning.lineage",
    title="Liên thông với quy hoạch cấp dưới",
    short="Liên thông",
    kinds=(SubjectKind.PLAN,),
    figures={"lineage_maximum": "planning.lineage.maximum"},
    counts={
        "lineage_breaks": "p.lineage_maximum IS NOT NULL AND p.parent AND n.first"
        # The primary post stands first in `paths`; strictly below means a longer path.
        " AND split_part(s.paths, '|', 2) > p.path"
        " AND split_part(s.paths, '|', 2) < p.path || '~'"
        " AND NOT EXISTS (SELECT FROM nom m JOIN planning_plan q ON q.id = m.plan_id"
        " JOIN cadres_unit v ON v.id = q.unit_id WHERE m.cadre_id = n.cadre_id"
        " AND v.path > p.path AND v.path < p.path || '~')",
    },
    only={SubjectKind.PLAN: "parent"},
    sure="lineage_breaks <= lineage_maximum",
    possible="false",
    measured={"breaks": "lineage_breaks", "total": "total"},
    required={"maximum": "lineage_maximum"},
    sentence=sentence,
)
