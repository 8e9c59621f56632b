"""Addresses that keep the date of view, and the panels that other rooms fill."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.viewdate import PARAMETER


@dataclass(frozen=True)
class Links:
    """Makes addresses that carry the date of view unless it is today."""

    as_of: dt.date

    def to(self, name: str, *args: Any, **query: Any) -> str:
        """The address of a named page; raises NoReverseMatch."""
        return reverse(name, args=args) + self.tail(**query)

    def tail(self, **query: Any) -> str:
        """The query string, with its question mark; "" when nothing is to be said."""
        if self.as_of != clock.today():
            query[PARAMETER] = self.as_of.isoformat()
        given = {key: value for key, value in query.items() if value not in (None, "")}
        return f"?{urlencode(given)}" if given else ""


@dataclass(frozen=True)
class Panel:
    """A part of a page that a room above fills: known here by the name of its address only."""

    url_name: str
    title: str | Promise


#: Filled by rooms that stand above this one, so they are named and never imported. An address
#: takes the code of the unit or person, and answers htmx with the part and others with a page.
UNIT_PANELS = (Panel("planning:unit-plans", _("Quy hoạch và kết quả kiểm tra")),)


def panels_of(panels: tuple[Panel, ...], code: str, links: Links) -> list[dict[str, Any]]:
    """`title` and `url` of the panels whose addresses exist."""
    found = []
    for panel in panels:
        try:
            url = links.to(panel.url_name, code)
        except NoReverseMatch:
            continue
        found.append({"title": panel.title, "url": url})
    return found
