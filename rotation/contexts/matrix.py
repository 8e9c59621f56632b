"""The picture of who sends people where; `rotation/_matrix.html` draws it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number
from cadres.choices import Level
from cadres.policies import Actor, sees_everything
from cadres.words import shortened
from rotation.contexts.links import address, unit_url
from rotation.selectors import statistics
from rotation.selectors.flows import Flows, Place, flows

#: So many units stand by themselves; a period of so many years, unless asked otherwise.
SIZE, YEARS = 7, 5
#: The place of all other units in the picture.
OTHERS = 0
#: Shades of the scale beside the blank of none.
SHADES = 3
_LEVELS = list(Level.values)


def matrix(
    actor: Actor,
    as_of: dt.date,
    *,
    years: range | None = None,
    kind: str = "",
    size: int = SIZE,
    found: Flows | None = None,
) -> dict[str, Any]:
    """Context of `rotation/_matrix.html` under one name: `{"matrix": matrix(...)}`; two queries.

    `years`: in which the moves began, by default the last five of the day; `kind`: of
    RotationKind, "" for all; `size`: how many units stand by themselves, the most active ones;
    `found`: these moves where they were read already.
    """
    years = years or range(as_of.year - YEARS + 1, as_of.year + 1)
    found = found or flows(actor, as_of, years, kind)
    named = most_active(found, size)
    to = _Addresses(as_of, years, kind)
    heads = {place.unit_id: _head(place, as_of) for place in named}
    if len(named) < len(found.places):
        heads[OTHERS] = {
            "label": _("Đơn vị khác"),
            "full": _("Các đơn vị khác"),
            "code": statistics.OTHERS,
        }
    grid = _folded(found, heads)
    # What is lumped together would outshine everything else, and has no shade.
    scale = _Scale(max((n for pair, n in grid.items() if OTHERS not in pair), default=0))
    return {
        "title": _("Nơi đi, nơi đến %(period)s") % {"period": period(years)},
        "note": _("%(n)s nơi nhiều nhất · hàng: đi, cột: đến") % {"n": len(named)}
        if OTHERS in heads
        else _("hàng: đi, cột: đến"),
        "heads": list(heads.values()),
        "rows": [_row(key, heads, grid, scale, to) for key in heads],
        "into": [
            _sum(sum(grid[a, b] for a in heads), to.list(den=head["code"]))
            for b, head in heads.items()
        ],
        "whole": _sum(found.total, to.list()),
        "legend": scale.legend,
        "words": _words(found),
        "is_part": not sees_everything(actor),
    }


def period(years: range) -> str:
    """ "2022–2026", or "2026"."""
    return f"{years.start}–{years[-1]}" if len(years) > 1 else str(years.start)


def most_active(found: Flows, size: int = SIZE) -> list[Place]:
    """The units with most moves, out and in; by level, the most active first."""

    def moves(place: Place) -> int:
        return found.out[place.unit_id] + found.into[place.unit_id]

    active = sorted(found.places.values(), key=lambda place: (-moves(place), place.name))
    # One unit more is named rather than called "others".
    kept = active if len(active) == size + 1 else active[:size]
    return sorted(kept, key=lambda place: _LEVELS.index(place.level))


def _folded(found: Flows, heads: Mapping[int, Any]) -> Counter[tuple[int, int]]:
    """The moves between what stands in the picture."""
    grid: Counter[tuple[int, int]] = Counter()
    for (start, end), count in found.between.items():
        grid[start if start in heads else OTHERS, end if end in heads else OTHERS] += count
    return grid


def _head(place: Place, as_of: dt.date) -> dict[str, Any]:
    return {
        "label": shortened(place.name),
        "full": place.name,
        "code": place.code,
        "url": unit_url(place.code, as_of),
    }


def _row(
    start: int,
    heads: Mapping[int, Any],
    grid: Counter[tuple[int, int]],
    scale: _Scale,
    to: _Addresses,
) -> dict[str, Any]:
    head = heads[start]
    cells = []
    for end, other in heads.items():
        count = grid[start, end]
        words = {"from": head["full"], "to": other["full"], "n": count}
        cells.append(
            _sum(count, to.list(di=head["code"], den=other["code"]))
            | {
                "shade": 0 if OTHERS in (start, end) else scale.shade(count),
                "is_self": start == end != OTHERS,
                "title": _("%(from)s đến %(to)s: %(n)s") % words,
            }
        )
    out, into = sum(grid[start, b] for b in heads), sum(grid[a, start] for a in heads)
    return {
        **head,
        "cells": cells,
        "out": _sum(out, to.list(di=head["code"])),
        "net": _signed(into - out),
    }


def _sum(count: int, url: str) -> dict[str, Any]:
    return {"count": count, "text": number(count), "url": url if count else ""}


def _signed(net: int) -> str:
    """ "+2", "−4", "0"."""
    return f"+{number(net)}" if net > 0 else f"−{number(-net)}" if net < 0 else "0"


def _words(found: Flows) -> list[str]:
    """What the picture says: who gives most, who gains most, how many do neither."""
    nets = {key: found.into[key] - found.out[key] for key in found.places}
    ordered = sorted(nets, key=lambda key: (nets[key], found.places[key].name))
    said = []
    for key, text in (
        (ordered[0], _("%(unit)s cử đi %(out)s, nhận về %(into)s.")) if ordered else (0, ""),
        (ordered[-1], _("%(unit)s nhận %(into)s, cử đi %(out)s.")) if ordered else (0, ""),
    ):
        if nets.get(key):
            words = {"out": number(found.out[key]), "into": number(found.into[key])}
            said.append(text % {"unit": found.places[key].name, **words})
    if found.still:
        said.append(_("Còn %(n)s đơn vị chưa cử hoặc nhận ai.") % {"n": number(found.still)})
    return said


class _Scale:
    """Shades 1 to SHADES in equal steps up to the highest number; 0 for none."""

    def __init__(self, highest: int) -> None:
        self._tops = [-(-highest * step // SHADES) for step in range(1, SHADES + 1)]

    def shade(self, count: int) -> int:
        """The shade of a number."""
        return next(n for n, top in enumerate(self._tops, 1) if count <= top) if count else 0

    @property
    def legend(self) -> list[dict[str, Any]]:
        """Each shade that can occur, with the numbers it stands for."""
        shown, low = [], 1
        for shade, top in enumerate(self._tops, 1):
            if low <= top:
                text = str(top) if low == top else f"{low}–{top}"
                shown.append({"shade": shade, "text": text})
            low = top + 1
        return shown if len(shown) > 1 else []


class _Addresses:
    """Where the figures lead: the people behind them."""

    def __init__(self, as_of: dt.date, years: range, kind: str) -> None:
        self._as_of = as_of
        period = {"tu_nam": years.start, "den_nam": years[-1], "loai": kind}
        self._asked = {**period, "da_di": "co"}

    def list(self, **query: str) -> str:
        """The moves between units; "" while there is no such page."""
        page = address("rotation:statistics", as_of=self._as_of, **self._asked, **query)
        return f"{page}#danh-sach" if page else ""
