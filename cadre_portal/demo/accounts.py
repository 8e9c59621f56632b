"""Demonstration accounts, one a role, with one random password kept beside the database."""

import os
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from cadres.choices import Role
from cadres.models import Cadre, RoleGrant, Unit, User

#: Six communes that the inspection looks at, and its decision (both invented).
INSPECTED = ("01290", "01363", "01576", "01477", "01648", "01654")
OFFICER_COMMUNE = "01321"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An account: what it is called, what it may, and whose file is its own."""

    username: str
    full_name: str
    role: Role
    units: tuple[str, ...] = ()
    #: (unit code, title code) of the cadre who uses it.
    cadre: tuple[str, str] | None = None
    superuser: bool = False


USERS = (
    DemoUser("quantri", "Quản trị hệ thống", Role.ADMINISTRATOR, superuser=True),
    DemoUser("canbotinh", "", Role.PROVINCIAL_OFFICER, cadre=("BTC", "PTP")),
    DemoUser("canboxa", "", Role.UNIT_OFFICER, (OFFICER_COMMUNE,), (OFFICER_COMMUNE, "PTPX")),
    DemoUser("nguoiduyet", "", Role.APPROVER, ("CB",), ("BTC", "TB")),
    DemoUser("thanhtra", "", Role.INSPECTOR, INSPECTED, ("UBKT", "TP")),
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


def create_users(as_of: date) -> list[User]:
    """Make the accounts and their grants; an account that exists is left as it is."""
    secret = password()
    return [_create(user, secret, as_of) for user in USERS]


def _create(wanted: DemoUser, secret: str, as_of: date) -> User:
    existing = User.objects.filter(username=wanted.username).first()
    if existing:
        return existing
    cadre = _cadre(wanted)
    user = User(
        username=wanted.username,
        full_name=cadre.full_name if cadre else wanted.full_name,
        cadre=cadre,
        is_staff=wanted.superuser,
        is_superuser=wanted.superuser,
    )
    user.set_password(secret)
    user.save()
    bounded = wanted.role == Role.INSPECTOR
    for code in wanted.units or (None,):
        RoleGrant.objects.create(
            user=user,
            role=wanted.role,
            unit=Unit.objects.get(code=code) if code else None,
            valid_from=as_of - timedelta(days=41) if bounded else None,
            valid_to=as_of + timedelta(days=90) if bounded else None,
            reason=(
                "214-QĐ/TU (giả định): đoàn kiểm tra công tác quy hoạch, luân chuyển"
                if bounded
                else "Tài khoản trình diễn"
            ),
        )
    return user


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
    names = [user.username for user in USERS]
    grants = RoleGrant.objects.filter(user__username__in=names).select_related("user", "unit")
    scopes: dict[str, list[str]] = {}
    roles: dict[str, str] = {}
    for grant in grants.order_by("pk"):
        scope = grant.unit.name if grant.unit else "toàn hệ thống"
        scopes.setdefault(grant.user.username, []).append(scope)
        roles[grant.user.username] = str(Role(grant.role).label)
    return [(name, roles[name], _short(scopes[name])) for name in names if name in roles]


def _short(scopes: list[str]) -> str:
    first = ", ".join(scopes[:3])
    return first if len(scopes) <= 3 else f"{first} và {len(scopes) - 3} đơn vị khác"
