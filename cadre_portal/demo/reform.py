"""Reorganisations as acts that were applied: districts in 2020, agencies and districts in 2025.

Units, posts and careers of the demonstration are written as they came out of them; the acts say
how. The resolution of July 2025 is real, the decisions of the province and the day in 2020 are
assumed.
"""

import datetime as dt
from collections import defaultdict
from typing import Any

from cadre_portal.demo import organisation as org
from cadre_portal.demo.province import Province
from cadres.choices import ReorganisationStatus, StepKind
from cadres.models import (
    Appointment,
    Reorganisation,
    ReorganisationStep,
    Unit,
    UnitPeriod,
)

_ZONE = dt.timezone(dt.timedelta(hours=7))


def create_reform(province: Province) -> None:
    """Write the acts with their steps and with who went where, and what a district was called."""
    _act(
        name="Sáp nhập các huyện Thông Nông, Trà Lĩnh, Phục Hòa",
        day=org.MERGED_2020,
        decision="Nghị quyết của Ủy ban Thường vụ Quốc hội (số, ngày giả định)",
        steps=[
            {"kind": StepKind.MERGE, "unit_code": heir, "other_codes": [code]}
            for code, (_name, heir) in org.MERGED_DISTRICTS.items()
        ],
    )
    code, name = org.FORMER_NAME
    renamed = Unit.objects.get(code=code)
    UnitPeriod.objects.create(
        unit=renamed,
        name=name,
        kind=renamed.kind,
        level=renamed.level,
        parent=Unit.objects.get(code=org.PROVINCE),
        valid_to=org.LAST_BEFORE_2020,
    )
    _act(
        name="Sắp xếp các cơ quan tham mưu của Tỉnh ủy, cơ quan chuyên môn của UBND tỉnh",
        day=org.MERGER,
        decision="Nghị quyết của HĐND tỉnh, quyết định của Tỉnh ủy (giả định)",
        steps=_agencies(province),
    )
    _act(
        name="Kết thúc hoạt động cấp huyện, lập 56 xã, phường",
        day=org.COMMUNES_OPENED,
        decision="Nghị quyết 1657/NQ-UBTVQH15 ngày 16/6/2025",
        steps=_districts(),
    )


def _act(*, name: str, day: dt.date, decision: str, steps: list[dict[str, Any]]) -> None:
    act = Reorganisation.objects.create(
        name=name,
        effective_on=day,
        decision_no=decision,
        status=ReorganisationStatus.APPLIED,
        applied_at=dt.datetime.combine(day, dt.time(8), tzinfo=_ZONE),
        version=1,
    )
    ReorganisationStep.objects.bulk_create(
        ReorganisationStep(reorganisation=act, number=number, **step)
        for number, step in enumerate(steps, start=1)
    )
    act.record = _record(act)
    act.save(update_fields=["record"])


def _record(act: Reorganisation) -> dict[str, Any]:
    """Who gave up a post with a unit, and who took one up in a successor that day."""
    steps = list(act.steps.all())
    made = [step.unit_code for step in steps if step.kind == StepKind.CREATE]
    last_day = act.effective_on - dt.timedelta(days=1)
    ended = Unit.objects.filter(valid_to=last_day)
    left = list(
        Appointment.objects.filter(unit__in=ended, end_on=act.effective_on).values_list(
            "pk", "cadre_id"
        )
    )
    begun = dict(
        Appointment.objects.filter(
            start_on=act.effective_on, cadre__in={cadre for _pk, cadre in left}
        ).values_list("cadre_id", "pk")
    )
    return {
        "appointments": {
            "ended": [[pk, None] for pk, _cadre in left],
            "begun": [[pk, None] for pk in begun.values()],
        },
        "summary": {
            "created": len(made),
            "ended": ended.count(),
            "people": len(begun),
            "without_post": sum(1 for _pk, cadre in left if cadre not in begun),
        },
    }


def _create(code: str, province: Province) -> dict[str, Any]:
    unit = province.units[code]
    return {
        "kind": StepKind.CREATE,
        "unit_code": code,
        "name": unit.name,
        "unit_kind": unit.kind,
        "level": unit.level,
        "parent_code": unit.parent.code if unit.parent else "",
    }


def _agencies(province: Province) -> list[dict[str, Any]]:
    """New agencies first, then who goes into which; one with several heirs is divided."""
    sources: defaultdict[str, list[str]] = defaultdict(list)
    divided = []
    for code, (_name, heirs) in org.FORMER_AGENCIES.items():
        targets = heirs.split()
        if len(targets) == 1:
            sources[targets[0]].append(code)
        else:
            divided.append((code, targets))
    new = [code for code in org.AGENCIES if province.units[code].valid_from == org.MERGER]
    return [
        *(_create(code, province) for code in new),
        *(
            {"kind": StepKind.MERGE, "unit_code": target, "other_codes": codes}
            for target, codes in sources.items()
        ),
        *(
            {"kind": StepKind.SPLIT, "unit_code": code, "other_codes": targets}
            for code, targets in divided
        ),
    ]


def _districts() -> list[dict[str, Any]]:
    """The communes of a district, then the district divided among them."""
    steps: list[dict[str, Any]] = []
    for code, (_name, communes) in org.FORMER_DISTRICTS.items():
        targets = communes.split()
        steps += [
            {
                "kind": StepKind.CREATE,
                "unit_code": commune,
                "name": org.COMMUNES[commune],
                "unit_kind": "commune",
                "level": "commune",
                "parent_code": org.PROVINCE,
            }
            for commune in targets
        ]
        steps.append({"kind": StepKind.SPLIT, "unit_code": code, "other_codes": targets})
    return steps
