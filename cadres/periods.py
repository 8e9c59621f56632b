"""Conditions over dated rows: which of them hold on a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q


def active_on(day: dt.date, prefix: str = "") -> Q:
    """Rows with `start_on` / `end_on` that hold on `day`; the end is the first day out."""
    return Q(**{f"{prefix}start_on__lte": day}) & (
        Q(**{f"{prefix}end_on": None}) | Q(**{f"{prefix}end_on__gt": day})
    )


def valid_on(day: dt.date, prefix: str = "") -> Q:
    """Rows with `valid_from` / `valid_to` that exist on `day`; both days are inside."""
    return (Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day})
    )
