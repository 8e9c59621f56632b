"""Recommendations in the scene of an inspection, as they stand after the conclusion."""

import datetime as dt
from typing import Any

from cadre_portal.common import clock
from cadres.models import Unit, User
from inspections.choices import FindingKind, FindingState, Stage, Topic
from inspections.models import Finding, InspectedUnit, Inspection, Recommendation
from inspections.services import inspections as services
from tests.inspections.conftest import Scene


def recommend(
    inspected: InspectedUnit,
    *,
    unit: Unit | None = None,
    topic: Topic = Topic.AGES,
    rule: str = "planning.three_age_bands",
    due_on: dt.date = dt.date(2027, 3, 31),
    text: str = "Bổ sung ít nhất 1 đồng chí dưới 35 tuổi",
    **more: Any,
) -> Recommendation:
    """A recommendation of an inspection that is not concluded yet."""
    finding = Finding.objects.create(
        inspection=inspected.inspection,
        inspected_unit=inspected,
        kind=FindingKind.RECOMMENDATION,
        topic=topic,
        text=text,
        state=FindingState.APPROVED,
    )
    return Recommendation.objects.create(
        finding=finding,
        unit=unit or inspected.unit,
        head="Giám đốc",
        due_on=due_on,
        rule=rule,
        **more,
    )


def conclude(
    inspection: Inspection, approver: User, day: dt.date | None = None, number: str = "12-TB/TU"
) -> Inspection:
    """Issue the conclusion on a day, whatever the steps before it lack."""
    Inspection.objects.filter(pk=inspection.pk).update(stage=Stage.CONCLUDING)
    return services.inspection_conclude(
        actor=approver,
        inspection=inspection,
        conclusion_no=number,
        concluded_on=day or clock.today(),
    )


def another(
    scene: Scene, units: list[Unit], name: str = "Kiểm tra lần trước"
) -> list[InspectedUnit]:
    """A further inspection of some units by the same body, begun earlier."""
    inspection = services.inspection_open(
        actor=scene.officer,
        values={
            "name": name,
            "unit": scene.organisation.province,
            "decision_no": "7-QĐ/TU",
            "decision_on": dt.date(2024, 3, 1),
            "issuer": "Ban Thường vụ Tỉnh ủy",
            "subject": "Quy hoạch",
            "law_examined": "50-QĐ/TW",
            "period_from": dt.date(2023, 1, 1),
            "period_to": dt.date(2024, 1, 31),
            "starts_on": dt.date(2024, 3, 1),
            "ends_on": dt.date(2024, 4, 10),
            "evidence_on": dt.date(2024, 1, 31),
        },
    )
    return services.units_set(
        actor=scene.officer,
        inspection=inspection,
        rows=[{"unit": unit, "head": "Giám đốc"} for unit in units],
    )
