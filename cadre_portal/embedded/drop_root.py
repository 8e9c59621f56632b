"""Become another account, then run a command: drop_root.py UID GID KEEP COMMAND...

A program of its own, because changing the account between fork and exec is not safe in a
process with threads. KEEP is 1 to keep CAP_DAC_OVERRIDE, so that the command can walk
through folders that only root may enter. Uses the standard library alone.
"""

import ctypes
import os
import struct
import sys

_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def main(argv: list[str]) -> None:
    """Drop to UID:GID without supplementary groups and replace this process by the command."""
    uid, gid, keep = int(argv[0]), int(argv[1]), argv[2] == "1"
    libc = ctypes.CDLL(None, use_errno=True)
    if keep:
        # Without this the kernel forgets the capability in setuid(), and again in access(),
        # with which PostgreSQL looks for its own programs.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if keep:
        _keep_one_capability(libc)
    os.umask(0o077)
    os.execvp(argv[3], argv[3:])  # noqa: S606


def _keep_one_capability(libc: ctypes.CDLL) -> None:
    """Hand CAP_DAC_OVERRIDE, and only that, to the command.

    Where the kernel withholds it (a container without it), go on with none: the command
    then fails at the closed folder and names it.
    """
    for mask in (1 << _CAP_DAC_OVERRIDE, 0):
        header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
        if libc.capset(header, struct.pack("=6I", mask, mask, mask, 0, 0, 0)) == 0:
            break
    else:
        raise OSError(ctypes.get_errno(), "capset")
    if mask:
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
