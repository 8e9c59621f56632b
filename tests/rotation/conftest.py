"""Two units, a person planned for a title, and a post that is free elsewhere."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from cadre_portal.common import clock
from cadres.models import Appointment, Cadre, Title, Unit, User
from rotation.choices import PlanState, RotationKind, Side, Stance
from rotation.models import Rotation, RotationPlan, RotationPlanDecision, RotationTarget
from rotation.services import process
from tests import factories
from tests.cast import Organisation

TODAY = dt.date(2026, 12, 1)
START = dt.date(2027, 1, 1)
#: Opens an address of the portal in a browser.
Open = Callable[..., Page]


@dataclass(frozen=True)
class Stage:
    """`person` is deputy of Sở Nội vụ and planned; Sở Y tế has a free post of the same title."""

    organisation: Organisation
    person: Cadre
    title: Title
    home: Unit
    away: Unit
    post: Appointment


@pytest.fixture
def today(db: None) -> Iterator[dt.date]:
    """The first of December 2026."""
    with clock.frozen(TODAY):
        yield TODAY


@pytest.fixture
def stage(today: dt.date, organisation: Organisation) -> Stage:
    """Everything a rotation needs is in order."""
    person = factories.CadreFactory(
        code="CB-LC", full_name="Nông Văn Luân", birth_date=dt.date(1985, 5, 5)
    )
    title = organisation.deputy
    for unit in (organisation.department, organisation.other):
        factories.PositionFactory(unit=unit, title=title, prescribed=2)
    post = factories.AppointmentFactory(
        cadre=person, unit=organisation.department, title=title, start_on=dt.date(2020, 1, 1)
    )
    factories.NominationFactory(pool=organisation.pool, cadre=person)
    return Stage(organisation, person, title, organisation.department, organisation.other, post)


def propose(stage: Stage, actor: object, **values: object) -> Rotation:
    """A proposal of the person of the stage."""
    return process.rotation_propose(
        actor=actor,  # type: ignore[arg-type]
        values={
            "cadre": stage.person,
            "kind": RotationKind.ROTATION,
            "from_unit": stage.home,
            "from_title": stage.title,
            "to_unit": stage.away,
            "to_title": stage.title,
            "start_on": START,
            "planned_end_on": dt.date(2030, 1, 1),
            **values,
        },
    )


def heard(rotation: Rotation, actor: object) -> None:
    """Everybody has agreed."""
    for side in Side:
        process.opinion_save(
            actor=actor,  # type: ignore[arg-type]
            rotation=rotation,
            side=side,
            values={
                "stance": Stance.AGREE,
                "text": "",
                "document": "",
                "given_on": clock.today(),
            },
        )


def submitted(stage: Stage, actor: object, **values: object) -> Rotation:
    """A proposal on which everybody was heard, submitted today."""
    rotation = propose(stage, actor, **values)
    heard(rotation, actor)
    return process.rotation_submit(
        actor=actor,  # type: ignore[arg-type]
        rotation=rotation,
        submission_no="12-TTr/BTC",
        submitted_on=clock.today(),
    )


def approve(rotation: Rotation, actor: object, number: str = "30-QĐ/TU") -> Rotation:
    """The decision of today."""
    return process.rotation_approve(
        actor=actor,  # type: ignore[arg-type]
        rotation=rotation,
        decision_no=number,
        decision_on=clock.today(),
    )


def year_plan(year: int, status: str, *, targets: dict[Any, tuple[int, int]]) -> RotationPlan:
    """The plan of a year, decided on the first of February where it is approved."""
    is_approved = status == PlanState.APPROVED
    decided = {
        "decision_no": "12-KH/TU",
        "decision_on": dt.date(year, 2, 1),
        "decided_by": factories.UserFactory(),
    }
    made = RotationPlan.objects.create(
        year=year,
        status=status,
        submitted_on=dt.date(year, 1, 5),
        submitted_by=factories.UserFactory(),
        **(decided if is_approved else {}),
    )
    for unit, (send, receive) in targets.items():
        RotationTarget.objects.create(plan=made, unit=unit, send=send, receive=receive)
    if is_approved:
        RotationPlanDecision.objects.create(
            plan=made,
            number=1,
            submitted_on=made.submitted_on,
            submitted_by=made.submitted_by,
            targets=[[unit.pk, *numbers, ""] for unit, numbers in targets.items()],
            **decided,
        )
    return made


@pytest.fixture
def opened(
    page: Page, live_server: Any, provincial_officer: User, signed_in: Callable[[User], Any]
) -> Open:
    """`opened(path)`: the page as the provincial officer sees it."""
    name = settings.SESSION_COOKIE_NAME
    value = signed_in(provincial_officer).cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    def go(path: str) -> Page:
        page.goto(live_server.url + path)
        return page

    return go
