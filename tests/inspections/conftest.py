"""An inspection of Sở Nội vụ and Sở Y tế, led by somebody who holds no other grant."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.models import User
from inspections.choices import MinutesKind, Stage, TeamRole
from inspections.models import EvidenceTaking, Finding, InspectedUnit, Inspection, Minutes
from inspections.services import inspections as services
from inspections.services.evidence import evidence_inline, evidence_take
from inspections.services.mandate import member_set
from tests import factories
from tests.cast import Organisation, account
from tests.support.standing import standing

TODAY = dt.date(2026, 12, 1)


@dataclass(frozen=True)
class Scene:
    """An inspection in its first step, its units and the team."""

    organisation: Organisation
    inspection: Inspection
    department: InspectedUnit
    other: InspectedUnit
    officer: User
    lead: User
    secretary: User
    outsider: User


@pytest.fixture
def today(db: None) -> Iterator[dt.date]:
    """The first of December 2026."""
    with clock.frozen(TODAY):
        yield TODAY


@standing
def opened_scene(organisation: Organisation) -> Scene:
    """Everything that the first step needs."""
    with clock.frozen(TODAY):
        return _opened(organisation)


@pytest.fixture
def scene(today: dt.date, opened_scene: Scene) -> Scene:
    """An inspection in its first step."""
    return opened_scene


@pytest.fixture
def provincial_officer(db: None) -> User:
    """Works on every unit of the province; in a scene the one who opened the inspection."""
    return _officer()


def _officer() -> User:
    known = User.objects.filter(username="provincial_officer").first()
    return known or account("provincial_officer", Role.PROVINCIAL_OFFICER, None)


def _opened(organisation: Organisation) -> Scene:
    provincial_officer = _officer()
    inspection = services.inspection_open(
        actor=provincial_officer,
        values={
            "name": "Kiểm tra công tác quy hoạch",
            "unit": organisation.province,
            "decision_no": "214-QĐ/TU",
            "decision_on": dt.date(2026, 11, 20),
            "issuer": "Ban Thường vụ Tỉnh ủy",
            "subject": "Công tác quy hoạch, luân chuyển cán bộ",
            "law_examined": "377-QĐ/TW",
            "period_from": dt.date(2025, 7, 1),
            "period_to": dt.date(2026, 9, 30),
            "starts_on": dt.date(2026, 11, 25),
            "ends_on": dt.date(2026, 12, 25),
            "evidence_on": dt.date(2026, 9, 30),
        },
    )
    department, other = services.units_set(
        actor=provincial_officer,
        inspection=inspection,
        rows=[
            {
                "unit": unit,
                "head": f"Giám đốc {unit}",
                "report_due_on": dt.date(2026, 12, 10),
            }
            for unit in (organisation.department, organisation.other)
        ],
    )
    lead, secretary, outsider = (
        factories.UserFactory(username=name) for name in ("truongdoan", "thuky", "ngoaidoan")
    )
    for user, role in ((lead, TeamRole.LEAD), (secretary, TeamRole.SECRETARY)):
        member_set(actor=provincial_officer, inspection=inspection, user=user, role=role)
    return Scene(
        organisation, inspection, department, other, provincial_officer, lead, secretary, outsider
    )


def signatures(user: User) -> dict[str, Any]:
    """Of minutes that both sides have signed on paper."""
    return {
        "is_signed": True,
        "team_signed_by": user,
        "team_signed_on": clock.today(),
        "unit_signer": "Đại diện đơn vị",
        "unit_signed_on": clock.today(),
    }


def advance(scene: Scene, stage: Stage) -> None:
    """Lead the inspection to a step, with the minutes that are asked and no self-reports."""
    while True:
        scene.inspection.refresh_from_db()
        if scene.inspection.stage == stage:
            return
        if scene.inspection.stage == Stage.DEPLOYING:
            Minutes.objects.create(
                inspection=scene.inspection,
                kind=MinutesKind.DEPLOY,
                held_on=clock.today(),
                text="Công bố quyết định",
                **signatures(scene.lead),
            )
        if scene.inspection.stage == Stage.SELF_REPORTING:
            scene.inspection.units.update(late_reason="Đã có báo cáo giấy")
        services.inspection_advance(actor=scene.officer, inspection=scene.inspection)


def take(scene: Scene) -> EvidenceTaking:
    """Freeze the evidence of both units, here and now."""
    return evidence_inline(evidence_take(actor=scene.lead, inspection=scene.inspection))


def told(scene: Scene, text: str = "Quy hoạch còn khép kín.", **values: object) -> Finding:
    """A finding on Sở Nội vụ as it stands in the database."""
    values = {
        "kind": "shortcoming",
        "topic": "openness",
        "state": "edited",
        "inspected_unit": scene.department,
        **values,
    }
    return Finding.objects.create(inspection=scene.inspection, text=text, **values)
