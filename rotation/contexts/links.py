"""Addresses that rotation pages lead to; all keep the date of view."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER


def address(name: str, *args: Any, as_of: dt.date, **query: Any) -> str:
    """The address of a page on a day, "" where there is none; empty values are left out."""
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    values = {key.replace("_", "-"): value for key, value in query.items() if value}
    if as_of != clock.today():
        values[PARAMETER] = as_of.isoformat()
    return f"{path}?{urlencode(values)}" if values else path


def rotation_url(rotation_id: int, as_of: dt.date) -> str:
    """The page of one rotation."""
    return address("rotation:rotation-detail", rotation_id, as_of=as_of)


def propose_url(cadre_code: str, need: str, as_of: dt.date) -> str:
    """The form that proposes a rotation of somebody because of a need."""
    return address("rotation:rotation-propose", as_of=as_of, can_bo=cadre_code, can_cu=need)


def cadre_url(code: str, as_of: dt.date) -> str:
    """The file of a person."""
    return address("cadres:cadre-detail", code, as_of=as_of)


def unit_url(code: str, as_of: dt.date) -> str:
    """The page of a unit."""
    return address("cadres:unit-detail", code, as_of=as_of)


def act_url(name: str, rotation_id: int, *more: Any) -> str:
    """The page of an act on a rotation; acts are done today."""
    return address(f"rotation:rotation-{name}", rotation_id, *more, as_of=clock.today())


def list_url(as_of: dt.date, **query: Any) -> str:
    """The list: `q`, `trang_thai`, `loai`, `nam`, `di`, `den`, `ly_do`."""
    return address("rotation:rotation-table", as_of=as_of, **query)
