"""Geometry of the small figures that templates draw as SVG. Nothing here decides an outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Segment:
    """One rectangle of a bar; x and width in the units of the figure."""

    x: float
    width: float
    css: str = ""
    fill: str = ""
    text: str = ""


def strip(
    counts: Iterable[tuple[str, int]], *, width: float = 100, gap: float = 0.0
) -> list[Segment]:
    """Side by side rectangles in proportion to the counts; empty ones are left out."""
    present = [(css, count) for css, count in counts if count > 0]
    total = sum(count for _css, count in present)
    if not total:
        return []
    usable = width - gap * (len(present) - 1)
    segments, x = [], 0.0
    for css, count in present:
        part = usable * count / total
        segments.append(Segment(round(x, 2), round(part, 2), css))
        x += part + gap
    return segments


def shading(failing: int, total: int) -> int:
    """0-3: the larger the share that fails, the darker the cell."""
    if not failing or not total:
        return 0
    share = failing / total
    return 0 if share <= 0.1 else 1 if share < 0.28 else 2 if share < 0.5 else 3


def bands(young: int, middle: int, senior: int, unknown: int = 0, added: str = "") -> list[Segment]:
    """Rectangles of the age bands on a width of 320; `added` names a band filled only if saved."""
    counts = {"young": young, "middle": middle, "senior": senior, "unknown": unknown}
    css = {"young": "f-bar", "middle": "f-bar2", "senior": "f-bar3", "unknown": ""}
    shown = [name for name in counts if counts[name] or name != "unknown"]
    empty = [name for name in shown if not counts[name]]
    gap, hole, total = 2.0, 16.0, sum(counts.values())
    usable = 320 - gap * (len(shown) - 1) - hole * len(empty)
    segments, x = [], 0.0
    for name in shown:
        width = usable * counts[name] / total if total and counts[name] else hole
        fill = (
            "url(#hatch-unk)" if name == "unknown" else "url(#hatch-met)" if name == added else ""
        )
        look = "f-gap" if not counts[name] else css[name]
        segments.append(Segment(round(x, 2), round(width, 2), "" if fill else look, fill, name))
        x += width + gap
    return segments


# ---- Time line -------------------------------------------------------------------------------

_LEFT, _RIGHT, _YEARS_Y, _TOP = 96, 1096, 16, 30
_CENTRED = {"grade", "grade-top", "unknown"}
_KINDS = {"post", "plan", "rotation", "hope", "point", "grade", "grade-top", "unknown"}


@dataclass
class Lane:
    """One named row of a time line with what is drawn in it."""

    label: str
    y: float
    height: float
    items: list[dict[str, Any]] = field(default_factory=list)


def time_line(source: Mapping[str, Any]) -> dict[str, Any]:
    """Coordinates of a time line on a width of 1100.

    `source`: `start`, `end` (years, end exclusive), `as_of` (date), `lanes`: dicts of `label` and
    `items`, each with `kind`, `start`, `end` (dates; end None = still running), `text`, `sub`, and
    optional `mark` (date of a limit) and `row` (0, 1, ... below each other).
    """
    first, last = int(source["start"]), int(source["end"])
    scale = _Scale(first, last)
    lanes, y = [], float(_TOP)
    for lane in source["lanes"]:
        items = lane["items"]
        rows = max((item.get("row", 0) for item in items), default=0) + 1
        row_height = 44 if any(item.get("sub") for item in items) else 28
        height = rows * row_height + 12
        drawn = Lane(str(lane["label"]), y, height)
        drawn.items = [_item(item, scale, y + 6, row_height, source["as_of"]) for item in items]
        lanes.append(drawn)
        y += height
    step = 1 if last - first <= 20 else 2 if last - first <= 40 else 5
    return {
        "lanes": lanes,
        "years": [(year, scale.at(dt.date(year, 7, 1))) for year in range(first, last, step)],
        "grid": [scale.at(dt.date(year, 1, 1)) for year in range(first, last + 1)],
        "now_x": scale.at(source["as_of"]),
        "now_label_x": min(max(scale.at(source["as_of"]), _LEFT + 60), _RIGHT - 60),
        "bottom": y,
        "height": y + 24,
        "as_of": source["as_of"],
    }


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int

    def at(self, day: dt.date) -> float:
        """The x of a day, held inside the figure."""
        years = day.year - self.first + (day.timetuple().tm_yday - 1) / 366
        x = _LEFT + (_RIGHT - _LEFT) * years / (self.last - self.first)
        return round(min(max(x, _LEFT), _RIGHT), 1)


def _item(
    item: Mapping[str, Any], scale: _Scale, top: float, row_height: float, as_of: dt.date
) -> dict[str, Any]:
    kind = item["kind"] if item["kind"] in _KINDS else "post"
    x = scale.at(item["start"])
    right = scale.at(item.get("end") or as_of)
    y = top + item.get("row", 0) * row_height
    height = row_height - 6
    padding, letter = (0, 5.6) if kind in _CENTRED else (12, 6.2)
    lines = _fit([item.get("text", ""), item.get("sub", "")], right - x - padding, letter)
    if kind in _CENTRED and lines[0] != str(item.get("text", "")):
        lines[0] = "".join(word[0] for word in str(item["text"]).split()).upper()
    return {
        "kind": kind,
        "x": x,
        "y": round(y, 1),
        "width": max(round(right - x - 1, 1), 3),
        "height": height,
        "text": item.get("text", "") if kind == "point" else lines[0],
        "sub": lines[1],
        "text_x": x + 12 if kind == "point" else x + 6,
        "text_y": round(y + (height / 2 + 4 if not item.get("sub") else 15), 1),
        "middle": round(y + height / 2, 1),
        "centre": round((x + right) / 2, 1),
        "mark_x": scale.at(item["mark"]) if item.get("mark") else None,
        "beside": item.get("beside", ""),
        "beside_x": max(right, scale.at(item["mark"]) if item.get("mark") else right) + 6,
        "title": " ".join(str(part) for part in (item.get("text"), item.get("sub")) if part),
    }


def _fit(lines: Sequence[Any], width: float, letter: float) -> list[str]:
    """Each line cut to about what fits in `width`, a letter being `letter` wide, or ""."""
    room = int(width / letter)
    texts = [str(line or "") for line in lines]
    if room < 3:
        return ["" for _text in texts]
    return [text if len(text) <= room else f"{text[: room - 1].rstrip()}…" for text in texts]
