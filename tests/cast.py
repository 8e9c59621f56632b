"""The fixed cast of every test: one account for each role, in one small organisation.

    Tỉnh ủy Cao Bằng (CB)                approver
    ├── Sở Nội vụ (SNV)                  unit_officer, inspector
    │   └── Trung tâm Lưu trữ (SNV-LT)
    ├── Sở Y tế (SYT)                    other_unit_officer
    ├── Huyện Bảo Lạc (H042), closed     → Xã Bảo Lạc
    └── Xã Bảo Lạc (X01321)

administrator, provincial_officer and auditor hold their role for everything; stranger holds none.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from cadres.choices import Level, Role, TitleKind, UnitKind
from cadres.models import Cadre, Title, Unit, UnitSuccession, User
from planning.models import Plan, Pool
from tests import factories
from tests.support.standing import standing

ROLES = (
    "administrator",
    "provincial_officer",
    "unit_officer",
    "other_unit_officer",
    "approver",
    "inspector",
    "auditor",
    "stranger",
)
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Units, titles, people and a plan of the small organisation."""

    province: Unit
    department: Unit
    centre: Unit
    other: Unit
    district: Unit
    commune: Unit
    director: Title
    deputy: Title
    committee: Title
    #: Directors of the department, the centre, the other department; secretary of the commune.
    insider: Cadre
    below: Cadre
    outsider: Cadre
    villager: Cadre
    plan: Plan
    other_plan: Plan
    pool: Pool


@standing
def organisation() -> Organisation:
    """The small organisation; the plans have one nominee each, from the unit itself."""
    units, titles = _units(), _titles()
    people = {
        "insider": _serving("CB-NV", "Nông Thị Ánh", units["department"], titles["director"]),
        "below": _serving("CB-LT", "Đàm Đức Cường", units["centre"], titles["director"]),
        "outsider": _serving("CB-YT", "Lý Thị Đào", units["other"], titles["director"]),
        "villager": _serving("CB-BL", "Hoàng Văn Bé", units["commune"], titles["committee"]),
    }
    plan = factories.PlanFactory(unit=units["department"])
    other_plan = factories.PlanFactory(unit=units["other"])
    pool = factories.pool_of(plan, titles["director"])
    factories.NominationFactory(pool=pool, cadre=people["insider"])
    factories.NominationFactory(
        pool=factories.pool_of(other_plan, titles["director"]), cadre=people["outsider"]
    )
    return Organisation(**units, **titles, **people, plan=plan, other_plan=other_plan, pool=pool)


def _units() -> dict[str, Unit]:
    province = factories.UnitFactory(
        code="CB", name="Tỉnh ủy Cao Bằng", kind=UnitKind.PARTY_COMMITTEE
    )
    department = factories.UnitFactory(parent=province, code="SNV", name="Sở Nội vụ")
    centre = factories.UnitFactory(parent=department, code="SNV-LT", name="Trung tâm Lưu trữ")
    other = factories.UnitFactory(parent=province, code="SYT", name="Sở Y tế")
    district = factories.UnitFactory(
        parent=province,
        code="H042",
        name="Huyện Bảo Lạc",
        kind=UnitKind.DISTRICT,
        level=Level.DISTRICT,
        valid_to=dt.date(2025, 6, 30),
    )
    commune = factories.UnitFactory(
        parent=province,
        code="X01321",
        name="Xã Bảo Lạc",
        kind=UnitKind.COMMUNE,
        level=Level.COMMUNE,
        valid_from=dt.date(2025, 7, 1),
    )
    UnitSuccession.objects.create(unit=district, successor=commune)
    return {
        "province": Unit.objects.get(pk=province.pk),
        "department": Unit.objects.get(pk=department.pk),
        "centre": centre,
        "other": other,
        "district": district,
        "commune": commune,
    }


def _titles() -> dict[str, Title]:
    return {
        "director": factories.TitleFactory(code="GD", name="Giám đốc", rank=70, is_head=True),
        "deputy": factories.TitleFactory(code="PGD", name="Phó Giám đốc", rank=60),
        "committee": factories.TitleFactory(
            code="UVBCH", name="Ủy viên Ban Chấp hành", kind=TitleKind.COMMITTEE, rank=65
        ),
    }


def _serving(code: str, name: str, unit: Unit, title: Title) -> Cadre:
    cadre = factories.CadreFactory(code=code, full_name=name)
    factories.PositionFactory(unit=unit, title=title)
    factories.AppointmentFactory(cadre=cadre, unit=unit, title=title)
    return cadre


def account(username: str, role: str | None, unit: Unit | None, **extra: bool) -> User:
    """Make an account with one role."""
    user = factories.UserFactory(username=username, **extra)
    if role == Role.INSPECTOR:
        factories.InspectorGrantFactory(user=user, unit=unit)
    elif role:
        factories.RoleGrantFactory(user=user, role=role, unit=unit)
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """May do everything, the Django admin included."""
    return account("administrator", Role.ADMINISTRATOR, None, is_staff=True)


@pytest.fixture
def provincial_officer(db: None) -> User:
    """Works on every unit of the province."""
    return account("provincial_officer", Role.PROVINCIAL_OFFICER, None)


@pytest.fixture
def unit_officer(organisation: Organisation) -> User:
    """Works on Sở Nội vụ and what is below it."""
    return account("unit_officer", Role.UNIT_OFFICER, organisation.department)


@pytest.fixture
def other_unit_officer(organisation: Organisation) -> User:
    """Works on Sở Y tế: for Sở Nội vụ, somebody else."""
    return account("other_unit_officer", Role.UNIT_OFFICER, organisation.other)


@pytest.fixture
def approver(organisation: Organisation) -> User:
    """Approves in the whole province."""
    return account("approver", Role.APPROVER, organisation.province)


@pytest.fixture
def inspector(organisation: Organisation) -> User:
    """Reads Sở Nội vụ from thirty days ago until thirty days from now."""
    return account("inspector", Role.INSPECTOR, organisation.department)


@pytest.fixture
def auditor(db: None) -> User:
    """Reads who did what, everywhere."""
    return account("auditor", Role.AUDITOR, None)


@pytest.fixture
def stranger(db: None) -> User:
    """An account without grants."""
    return account("stranger", None, None)


@pytest.fixture
def cast(request: pytest.FixtureRequest, organisation: Organisation) -> dict[str, User]:
    """The whole cast by name."""
    return {role: request.getfixturevalue(role) for role in ROLES}


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """`signed_in(user)` is a browser in which `user` has signed in.

    Only its session: the rest of signing in (tests/ui/test_accounts.py) takes longer.
    """

    def open_browser(user: User) -> Client:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = _BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save(must_create=True)
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return open_browser
