"""Where the embedded services keep data, sockets, locks and logs inside a portal folder."""

import errno
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cadre_portal.embedded.errors import ServiceError

#: Linux allows 107 bytes in the path of a unix socket, macOS 103.
SOCKET_PATH_LIMIT = 103
_LONGEST_SOCKET_NAME = "pg/.s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The files of one portal folder. Building it touches nothing on disk."""

    var: Path

    @property
    def postgres(self) -> Path:
        """Folder of PostgreSQL: `data/` and `server.log`."""
        return self.var / "postgres"

    @property
    def valkey(self) -> Path:
        """Folder of Valkey: its data, configuration, pid file and log."""
        return self.var / "valkey"

    @property
    def locks(self) -> Path:
        """Folder of the lock files that keep two starters apart."""
        return self.var / "run"

    @property
    def sockets(self) -> Path:
        """Folder of the unix sockets.

        `var/run`, unless that path is too long for a socket; then a private folder under
        the system's temporary folder, named by a digest of the portal folder.
        """
        inside = self.var / "run"
        if len(os.fsencode(inside / _LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]
        # The fixed short path, not $TMPDIR: that may be long too, and differ between processes.
        base = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108
        return base / f"cadre-portal-{digest}"

    @property
    def postgres_sockets(self) -> Path:
        """Folder of the PostgreSQL socket (the `host` of a connection)."""
        return self.sockets / "pg"

    @property
    def valkey_socket(self) -> Path:
        """Socket of Valkey."""
        return self.sockets / "valkey.sock"

    def prepare(self) -> None:
        """Create the folders, or say in one sentence why that is impossible."""
        try:
            self.var.mkdir(mode=0o711, parents=True, exist_ok=True)
            self.locks.mkdir(mode=0o711, exist_ok=True)
            if self.sockets != self.locks:
                _make_private(self.sockets, trusted={os.geteuid(), 0, self.var.stat().st_uid})
        except OSError as error:
            raise unusable_folder(self.var, error) from error

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold the exclusive lock `name` of this portal folder; waits for its holder."""
        self.prepare()
        try:
            handle = (self.locks / f"{name}.lock").open("w")
        except OSError as error:
            raise unusable_folder(self.locks, error) from error
        with handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _make_private(folder: Path, trusted: set[int]) -> None:
    """Create `folder` in a shared place, or refuse one that a stranger could write to."""
    folder.mkdir(mode=0o711, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in trusted or status.st_mode & 0o022:
        raise PermissionError(errno.EPERM, "belongs to somebody else", str(folder))


def unusable_folder(folder: Path, error: OSError) -> ServiceError:
    """Return the error to raise when `folder` cannot be created or written."""
    if error.errno == errno.ENOSPC:
        sentence = f"Ổ đĩa chứa thư mục {folder} đã hết chỗ trống."
    else:
        sentence = (
            f"Không tạo hoặc ghi được vào thư mục {folder}: hãy cấp quyền ghi cho người dùng"
            " đang chạy cổng, hoặc đặt PORTAL_VAR sang thư mục khác."
        )
    return ServiceError(sentence, f"{type(error).__name__}: {error}")
