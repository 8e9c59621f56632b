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


#: Dots closer than this many percent are heaped up; a heap of more dots is drawn closer together.
_NEAR, _DOT, _HEAP = 1.4, 9, 78


def dots(
    values: Iterable[Mapping[str, Any]], limits: Iterable[float], high: float
) -> dict[str, Any]:
    """Places of dots on a line from 0 to `high`; those at about the same place are heaped up.

    `values`: dicts of `value`, `outcome` and what a dot is told with.
    """
    css = {"met": "f-met", "not_met": "f-not", "cannot_tell": "f-unk"}
    heaps: dict[int, int] = {}
    placed = []
    for dot in sorted(values, key=lambda each: each["value"]):
        # Inside the line, so that the outermost dots are whole.
        x = 1 + 98 * min(max(dot["value"] / high, 0), 1) if high else 1
        heap = round(x / _NEAR)
        place = heaps[heap] = heaps.get(heap, 0) + 1
        placed.append(
            {
                **dot,
                "x": round(heap * _NEAR, 2),
                "row": place,
                "css": css.get(dot["outcome"], "f-na"),
            }
        )
    step = min(_DOT, (_HEAP - _DOT) / max(heaps.values(), default=1))
    for dot in placed:
        dot["y"] = round(_HEAP - _DOT / 2 - step * (dot["row"] - 1), 1)
    lines = [{"x": round(1 + 98 * limit / high, 2)} for limit in limits if high]
    return {"dots": placed, "limits": lines, "base": _HEAP, "height": _HEAP + 4}


# ---- Time line -------------------------------------------------------------------------------

#: The drawing is at least so wide beside its labels; it grows with its place, so x is in percent
#: and texts keep their size.
_LABELS, _PLOT, _YEAR = 96, 1000, 26
_TOP, _BOTTOM = 30, 24
_LETTER, _SMALL_LETTER, _GAP = 6.4, 6.0, 10
_CENTRED = {"grade", "grade-top", "grade-low", "unknown"}
_KINDS = {"post", "plan", "rotation", "hope", "discipline", "point", *_CENTRED}


@dataclass
class Lane:
    """One named row of a time line with what is drawn in it."""

    label: str
    y: float
    height: float
    items: list[dict[str, Any]] = field(default_factory=list)


def time_line(source: Mapping[str, Any]) -> dict[str, Any]:
    """Coordinates of a time line: x and width in percent of the plot, y and height in pixels.

    `source`: `start`, `end` (years, end exclusive), `as_of` (date), `lanes`: dicts of `label` and
    `items`, each with `kind`, `start`, `end` (dates; end None = still running, drawn to `until` or
    else to `as_of`), `text`, `sub`, and optional `mark` (date of a limit), `beside` (words after
    the bar), `row`; for the table alone `full` (instead of `text` and `sub`), `note`, `period`
    (instead of the two dates).
    Without any `row` in a lane, what would collide is set below each other.
    """
    first, last = int(source["start"]), int(source["end"])
    scale = _Scale(first, last, max(_PLOT, _YEAR * (last - first)))
    until = source.get("until") or source["as_of"]
    lanes, y = [], float(_TOP)
    for lane in source["lanes"]:
        items = _stacked(lane["items"], scale, until)
        rows = max((item["row"] for item in items), default=0) + 1
        row_height = 50 if any(item.get("sub") for item in items) else 32
        drawn = Lane(str(lane["label"]), y, rows * row_height + 8)
        ends = _room_ends(items, scale)
        drawn.items = [
            _item(item, scale, y + 7, row_height, until, ends[number])
            for number, item in enumerate(items)
        ]
        lanes.append(drawn)
        y += drawn.height
    step = 1 if last - first <= 24 else 2 if last - first <= 44 else 5
    now = scale.at(source["as_of"])
    return {
        "lanes": lanes,
        "years": [(year, scale.at(dt.date(year, 7, 1))) for year in range(first, last, step)],
        "grid": [scale.at(dt.date(year, 1, 1)) for year in range(first, last + 1)],
        "now_x": now,
        "now_anchor": "start" if now < 8 else "end" if now > 92 else "middle",
        "bottom": y,
        "height": y + _BOTTOM,
        "labels_width": _LABELS,
        "plot_width": scale.width,
        "as_of": source["as_of"],
        "rows": [_told(lane["label"], item) for lane in source["lanes"] for item in lane["items"]],
    }


@dataclass(frozen=True)
class _Scale:
    first: int
    last: int
    width: int

    def at(self, day: dt.date) -> float:
        """The x of a day in percent, held inside the figure."""
        start = dt.date(day.year, 1, 1)
        days = (dt.date(day.year + 1, 1, 1) - start).days if day.year < dt.MAXYEAR else 366
        years = day.year - self.first + (day - start).days / days
        return round(min(max(100 * years / (self.last - self.first), 0), 100), 2)

    def px(self, day: dt.date) -> float:
        """The x of a day in pixels where the drawing is narrowest."""
        return self.at(day) * self.width / 100


def _width(text: Any, letter: float = _LETTER) -> float:
    return len(str(text or "")) * letter


def _span(item: Mapping[str, Any], scale: _Scale, until: dt.date) -> tuple[float, float]:
    """From where to where an item takes room in its row, words included."""
    x = scale.px(item["start"])
    if item["kind"] == "point":
        width = _width(item.get("text")) + 12
        return (x - width, x + 6) if x + width > scale.width else (x - 4, x + width)
    right = scale.px(item.get("end") or max(until, item["start"]))
    if item.get("beside"):
        right += _width(item["beside"], _SMALL_LETTER) + 6
    if item["kind"] in {"plan", "hope"}:
        right = max(right, min(x + _width(item.get("text")) + 14, scale.width))
    return x, right


def _stacked(
    items: Sequence[Mapping[str, Any]], scale: _Scale, until: dt.date
) -> list[dict[str, Any]]:
    """The items with a `row` each, in the order of their start."""
    if any("row" in item for item in items):
        return [{"row": 0, **item} for item in items]
    ends: list[float] = []
    placed = []
    for item in sorted(items, key=lambda item: item["start"]):
        left, right = _span(item, scale, until)
        gap = _GAP if item["kind"] == "point" else -0.5
        free = (row for row, end in enumerate(ends) if end + gap <= left)
        row = 0 if item["kind"] in _CENTRED else next(free, len(ends))
        if row == len(ends):
            ends.append(right)
        ends[row] = max(ends[row], right)
        placed.append({**item, "row": row})
    return placed


def _room_ends(items: Sequence[Mapping[str, Any]], scale: _Scale) -> list[float]:
    """For each item how far its words may reach: to the next one in its row."""
    ends = []
    for item in items:
        x = scale.px(item["start"])
        later = (
            scale.px(other["start"])
            for other in items
            if other is not item and other["row"] == item["row"] and scale.px(other["start"]) > x
        )
        ends.append(min(later, default=float(scale.width)))
    return ends


def _item(
    item: Mapping[str, Any],
    scale: _Scale,
    top: float,
    row_height: float,
    until: dt.date,
    room_end: float,
) -> dict[str, Any]:
    kind = item["kind"] if item["kind"] in _KINDS else "post"
    end = item.get("end") or max(until, item["start"])
    x, right = scale.at(item["start"]), scale.at(end)
    y = top + item["row"] * row_height
    height = row_height - 6
    own = (right - x) * scale.width / 100
    texts, beside = [item.get("text", ""), item.get("sub", "")], item.get("beside", "")
    needed = max(_width(text) for text in texts) + 14
    after = room_end - scale.px(end)
    # A bar in colour keeps words beside it rather than across its edge.
    is_outside = kind in {"post", "rotation", "discipline"} and own < needed and after > own
    if is_outside and beside:
        texts, beside = [f"{texts[0]} · {beside}", texts[1]], ""
    if is_outside:
        room = after
    elif kind in {"plan", "hope"}:
        room = max(own, after + own)
    else:
        room = own
    padding, letter = (4, _SMALL_LETTER) if kind in _CENTRED else (12, _LETTER)
    lines = _fit(texts, room - padding, letter)
    if kind in _CENTRED and lines[0] != str(item.get("text", "")):
        lines[0] = "".join(word[0] for word in str(item["text"]).split()).upper()
    left, _right = _span(item, scale, until)
    turned = kind == "point" and left < scale.px(item["start"]) - 4
    beside_room = scale.width - right * scale.width / 100
    return {
        "kind": kind,
        "x": x,
        "y": round(y, 1),
        "width": max(round(right - x, 2), 0.3),
        "height": height,
        "text": item.get("text", "") if kind == "point" else lines[0],
        "sub": lines[1],
        "text_y": round(y + (height / 2 + 4 if not item.get("sub") else 18), 1),
        "middle": round(y + height / 2, 1),
        "centre": round((x + right) / 2, 2),
        "turned": turned,
        "text_x": right if is_outside else x,
        "is_halo": is_outside or kind in {"plan", "hope", "rotation"},
        "mark_x": scale.at(item["mark"]) if item.get("mark") else None,
        "beside": beside,
        "beside_x": max(right, scale.at(item["mark"]) if item.get("mark") else right),
        "beside_turned": _width(item.get("beside"), _SMALL_LETTER) + 6 > beside_room,
        "title": " ".join(str(part) for part in (item.get("text"), item.get("sub")) if part),
    }


def _fit(lines: Sequence[Any], width: float, letter: float) -> list[str]:
    """Each line cut to about what fits in `width`, a letter being `letter` wide, or ""."""
    room = int(width / letter)
    texts = [str(line or "") for line in lines]
    if room < 3:
        return ["" for _text in texts]
    return [text if len(text) <= room else f"{text[: room - 1].rstrip()}…" for text in texts]


def _told(label: Any, item: Mapping[str, Any]) -> dict[str, Any]:
    """The same as a row of a table, for who does not see the drawing."""
    is_day = item["kind"] == "point"
    return {
        "lane": label,
        "text": item.get("full") or item.get("text", ""),
        "sub": "" if item.get("full") else item.get("sub", ""),
        "period": item.get("period", ""),
        "start": item["start"],
        "end": None if is_day else item.get("end"),
        "is_day": is_day,
        "note": item.get("note") or item.get("beside", ""),
    }


# ---- Spans: one line a row of a table, all on one axis ---------------------------------------

#: A drawing of spans is hardly ever narrower.
_SPAN_PLOT = 420


def span_axis(first: int, last: int, as_of: dt.date) -> dict[str, Any]:
    """The axis that `spans` share: years from `first` up to `last`, the latter left out."""
    scale = _Scale(first, last, _SPAN_PLOT)
    step = 1 if last - first <= 10 else 2 if last - first <= 20 else 5
    now = _inside(as_of, scale)
    return {
        "years": [(year, scale.at(dt.date(year, 7, 1))) for year in range(first, last, step)],
        "grid": [scale.at(dt.date(year, 1, 1)) for year in range(first, last + 1)],
        "now_x": now,
        "now_anchor": "middle"
        if now is None or 12 <= now <= 88
        else "start"
        if now < 12
        else "end",
        "as_of": as_of,
    }


def _inside(day: dt.date | None, scale: _Scale) -> float | None:
    """The x of a day that lies on the axis; None for another."""
    return scale.at(day) if day and scale.first <= day.year < scale.last else None


def spans(sources: Iterable[Mapping[str, Any]], *, first: int, last: int) -> list[dict[str, Any]]:
    """Places of spans on the axis, x and width in percent.

    `sources`: dicts of `start`, `end` (dates), `until` (to where it is planned, or None), `mark`
    (date of a limit, or None), `text` (stands in the bar where there is room, else beside it).
    """
    scale = _Scale(first, last, _SPAN_PLOT)
    drawn = []
    for source in sources:
        x, right = scale.at(source["start"]), scale.at(source["end"])
        until = scale.at(source["until"]) if source.get("until") else right
        is_inside = (right - x) * _SPAN_PLOT / 100 >= _width(source["text"]) + 12
        drawn.append(
            {
                **source,
                "x": x,
                "width": max(round(right - x, 2), 0.4),
                "rest_width": round(until - right, 2) if until > right else 0,
                "rest_x": right,
                "mark_x": _inside(source.get("mark"), scale),
                "text_x": x if is_inside else right,
                "is_inside": is_inside,
            }
        )
    return drawn
