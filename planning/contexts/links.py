"""Addresses that planning pages lead to; all keep the date of view."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER


def address(name: str, *args: Any, as_of: dt.date, **query: Any) -> str:
    """The address of a page on a day; empty values of the query are left out."""
    values = {key.replace("_", "-"): value for key, value in query.items() if value}
    if as_of != clock.today():
        values[PARAMETER] = as_of.isoformat()
    tail = f"?{urlencode(values)}" if values else ""
    return reverse(name, args=args) + tail


def plan_url(plan_id: int, as_of: dt.date, **query: Any) -> str:
    """The page of a plan."""
    return address("planning:plan-detail", plan_id, as_of=as_of, **query)


def findings_url(as_of: dt.date, **query: Any) -> str:
    """The list of findings: `tieu_chi`, `doi_tuong`, `ket_qua`, `don_vi`, `nhiem_ky`, `cap`."""
    return address("compliance:finding-list", as_of=as_of, **query)


def cadre_url(code: str, as_of: dt.date) -> str:
    """The file of a person."""
    return address("cadres:cadre-detail", code, as_of=as_of)


def unit_url(code: str, as_of: dt.date) -> str:
    """The page of a unit."""
    return address("cadres:unit-detail", code, as_of=as_of)
