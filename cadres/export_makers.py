"""What a worker can make files of: every room enters its makers here, under a name.

A maker answers what the page itself would have answered, so that a file made later is the file
that one would have got at once, with the same checks and the same line in the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http.response import HttpResponseBase

from cadres.models import User

#: (done, total): how far the work is.
Tell = Callable[[int, int], None]
#: (actor, asked, tell) -> the answer with the file. Raises PermissionDenied.
Maker = Callable[[User, Mapping[str, Any], Tell], HttpResponseBase]

_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Enter a maker. A name is entered once."""
    if name in _makers:
        raise ValueError(f"Maker {name} is registered twice.")
    _makers[name] = maker


def maker_of(name: str) -> Maker:
    """The maker of that name. Raises KeyError."""
    return _makers[name]
