"""Addresses that inspection pages lead to; all keep the date of view."""

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
