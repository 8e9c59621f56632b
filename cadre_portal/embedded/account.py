"""Running PostgreSQL as somebody else than root, who it refuses to serve."""

import os
import pwd
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from cadre_portal.embedded.errors import ServiceError

_DROP_SCRIPT = Path(__file__).with_name("drop_root.py")
_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The operating-system account that PostgreSQL runs under when the portal runs as root."""

    name: str
    uid: int
    gid: int

    def command(self, argv: list[str], paths: list[Path]) -> list[str]:
        """Return `argv` wrapped so that root becomes this account before it starts.

        If the account cannot walk to one of `paths` (a clone in /root, a 0700 temporary
        folder), it keeps one privilege: reading past folder permissions. The portal itself
        is root then, so nothing is opened that was closed.
        """
        keep = "0" if all(self._reaches(path) for path in paths) else "1"
        drop = [sys.executable, "-I", str(_DROP_SCRIPT), str(self.uid), str(self.gid), keep]
        return [*drop, *argv]

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        os.chown(path, self.uid, self.gid)

    def _reaches(self, path: Path) -> bool:
        return all(self._may_enter(parent) for parent in path.resolve().parents)

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def service_account(data: Path, configured: str = "") -> Account | None:
    """Return the account for PostgreSQL, or None when the portal does not run as root.

    In this order: the owner of existing data; the configured name; the owner of the nearest
    existing parent, when that is an ordinary user; `postgres`; `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return _by_uid(data.stat().st_uid)
    if configured:
        return _by_name(configured)
    owner = next(parent for parent in data.parents if parent.exists()).stat().st_uid
    if owner != 0:
        return _by_uid(owner)
    for name in _CANDIDATES:
        try:
            return _by_name(name)
        except ServiceError:
            continue
    raise ServiceError(
        "PostgreSQL không chạy được dưới quyền root: hãy đặt PORTAL_POSTGRES_USER là tên một"
        " người dùng thường của hệ thống.",
        "running as root and neither 'postgres' nor 'nobody' exists",
    )


def _by_name(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise ServiceError(
            f"Hệ thống không có người dùng {name} (PORTAL_POSTGRES_USER).", f"no user {name}"
        ) from error
    return _ordinary(entry)


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise ServiceError(
            f"Thư mục dữ liệu thuộc người dùng số {uid} không có trên hệ thống: hãy đặt"
            " PORTAL_POSTGRES_USER, hoặc chạy cổng bằng người dùng thường.",
            f"uid {uid} has no passwd entry, which PostgreSQL needs",
        ) from error
    return _ordinary(entry)


def _ordinary(entry: pwd.struct_passwd) -> Account:
    if entry.pw_uid == 0:
        raise ServiceError(
            "PORTAL_POSTGRES_USER phải là một người dùng thường, không phải root.",
            "PostgreSQL refuses to run as root",
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
