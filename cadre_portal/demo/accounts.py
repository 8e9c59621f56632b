"""Demonstration accounts, one a role, with one random password kept beside the database."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.models import Cadre, RoleGrant, Unit, User

#: The commune of the unit officer, and one that is being inspected, with an officer of its own.
OFFICER_COMMUNE, INSPECTED_COMMUNE = "01321", "01290"
#: Others that are inspected with it and answer in the portal: sent back, late, not submitted yet.
RETURNED_COMMUNE, LATE_COMMUNE, DRAFTING_COMMUNE = "01363", "01576", "01477"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An account: what it is called, what it may, and whose file is its own."""

    username: str
    full_name: str
    #: None: what it may read comes from the inspections that it is in the team of.
    role: Role | None = None
    units: tuple[str, ...] = ()
    #: (unit code, title code) of the cadre who uses it.
    cadre: tuple[str, str] | None = None
    superuser: bool = False
    #: What it is told to be where that is not its role.
    called: str = ""


USERS = (
    DemoUser("quantri", "Quản trị hệ thống", Role.ADMINISTRATOR, superuser=True),
    DemoUser("canbotinh", "", Role.PROVINCIAL_OFFICER, cadre=("BTC", "PTP")),
    DemoUser("canboxa", "", Role.UNIT_OFFICER, (OFFICER_COMMUNE,), (OFFICER_COMMUNE, "PTPX")),
    DemoUser(
        "canbobaolam", "", Role.UNIT_OFFICER, (INSPECTED_COMMUNE,), (INSPECTED_COMMUNE, "PTPX")
    ),
    *(
        DemoUser(name, "", Role.UNIT_OFFICER, (code,), (code, "PTPX"))
        for name, code in (
            ("canbothongnong", RETURNED_COMMUNE),
            ("canboquanguyen", LATE_COMMUNE),
            ("canbotrungkhanh", DRAFTING_COMMUNE),
        )
    ),
    DemoUser("nguoiduyet", "", Role.APPROVER, ("CB",), ("BTC", "TB")),
    DemoUser("truongdoan", "", cadre=("UBKT", "PCNKT"), called="Trưởng đoàn kiểm tra"),
    DemoUser("thuky", "", cadre=("BTC", "CV"), called="Thư ký đoàn kiểm tra"),
    DemoUser("thanhtra", "", cadre=("UBKT", "TP"), called="Thành viên đoàn kiểm tra"),
    DemoUser("thanhvien", "", cadre=("UBKT", "PTP"), called="Thành viên đoàn kiểm tra"),
    DemoUser("kiemtoan", "Kiểm toán hệ thống", Role.AUDITOR),
)


def password_file() -> Path:
    """Where the demonstration password lies; readable by its owner alone."""
    return Path(settings.PORTAL_VAR) / "demo-password"


def password() -> str:
    """The demonstration password; made and kept at the first call."""
    path = password_file()
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    made = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made + "\n")
    return made


def create_users() -> None:
    """Make the accounts and their grants; an account that exists is left as it is."""
    secret = password()
    for wanted in USERS:
        if not User.objects.filter(username=wanted.username).exists():
            user = _account(wanted)
            user.set_password(secret)
            user.save()
            _grant(user, wanted, reason="Tài khoản trình diễn")


@contextmanager
def former_users(wanted: Iterable[DemoUser], since: date, until: date) -> Iterator[None]:
    """Accounts of former years, who act inside the block; nobody signs in with them afterwards."""
    made = []
    for each in wanted:
        user = _account(each)
        user.set_unusable_password()
        user.save()
        _grant(user, each, since, until, reason="Tài khoản trình diễn của thời đó")
        made.append(user.pk)
    yield
    User.objects.filter(pk__in=made).update(is_active=False)


def _account(wanted: DemoUser) -> User:
    cadre = _cadre(wanted)
    return User(
        username=wanted.username,
        full_name=cadre.full_name if cadre else wanted.full_name,
        cadre=cadre,
        is_staff=wanted.superuser,
        is_superuser=wanted.superuser,
    )


def _grant(
    user: User,
    wanted: DemoUser,
    since: date | None = None,
    until: date | None = None,
    *,
    reason: str,
) -> None:
    if wanted.role is None:
        return
    for code in wanted.units or (None,):
        RoleGrant.objects.create(
            user=user,
            role=wanted.role,
            unit=Unit.objects.get(code=code) if code else None,
            valid_from=since,
            valid_to=until,
            reason=reason,
        )


def _cadre(wanted: DemoUser) -> Cadre | None:
    """The present holder of the post whose file belongs to the account, the first by code."""
    if not wanted.cadre:
        return None
    unit, title = wanted.cadre
    return (
        Cadre.objects.filter(
            appointments__unit__code=unit,
            appointments__title__code=title,
            appointments__end_on=None,
        )
        .order_by("code")
        .first()
    )


def logins() -> list[tuple[str, str, str]]:
    """Existing demonstration accounts: user name, role in words, scope in words."""
    by_name = {user.username: user for user in USERS}
    grants = RoleGrant.objects.filter(user__username__in=by_name).select_related("user", "unit")
    ended = Q(valid_to__lt=clock.today())
    scopes: dict[str, list[str]] = {}
    roles: dict[str, str] = {}
    for grant in grants.exclude(ended).order_by("pk"):
        name = grant.user.username
        scope = grant.unit.name if grant.unit else "toàn hệ thống"
        if scope not in scopes.setdefault(name, []):
            scopes[name].append(scope)
        roles[name] = by_name[name].called or str(Role(grant.role).label)
    return [(name, roles[name], _short(scopes[name])) for name in by_name if name in roles]


def _short(scopes: list[str]) -> str:
    first = ", ".join(scopes[:3])
    return first if len(scopes) <= 3 else f"{first} và {len(scopes) - 3} đơn vị khác"
