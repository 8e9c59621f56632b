"""Template tags of the portal's components. `docs/components.md` says when to use which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from cadre_portal.common.viewdate import PARAMETER
from cadre_portal.templatetags import bars, drawings, formats, pieces

register = template.Library()

PAGE, SORT = "trang", "sap"

# ---- Numbers and dates -----------------------------------------------------------------------


@register.filter
def vi_number(value: Any, places: int | None = None) -> str:
    """{{ 1234|vi_number }} -> 1.234; {{ 18.17|vi_number:1 }} -> 18,2."""
    return formats.number(value, places)


@register.filter
def vi_percent(value: Any, total: Any = None) -> str:
    """{{ 18.2|vi_percent }} -> 18,2 %; {{ part|vi_percent:total }}: part's share in total."""
    return formats.percent(value, total)


@register.filter
def vi_date(value: Any, precision: str = "day") -> str:
    """{{ day|vi_date }} -> 22/11/2026; {{ birth|vi_date:"month" }} -> 10/1965; "1965" -> 1965."""
    return formats.date(value, precision or "day")


@register.filter
def vi_datetime(value: dt.datetime | None) -> str:
    """{{ instant|vi_datetime }} -> 08:15 ngày 22/11/2026."""
    return formats.date_time(value)


@register.filter
def vi_duration(seconds: float | None) -> str:
    """{{ 85|vi_duration }} -> 1 phút 25 giây."""
    return formats.duration(seconds)


@register.filter
def unlocalise(value: Any) -> str:
    """A number for an SVG or HTML attribute: 18.2, never 18,2."""
    return "" if value is None else f"{value}"


@register.filter
def add_to(value: float, amount: float) -> float:
    """{{ y|add_to:15 }}, for coordinates; Django's own `add` drops fractions."""
    return round(value + amount, 2)


# ---- Icons and outcomes ----------------------------------------------------------------------

register.simple_tag(pieces.icon, name="icon")
register.simple_tag(pieces.citation, name="citation")
register.simple_tag(pieces.confidence, name="confidence")
register.simple_tag(pieces.outcome_change, name="outcome_change")
register.filter("outcome_class", pieces.outcome_css)
register.filter("outcome_word", pieces.outcome_word)


@register.filter
def message_outcome(level_tag: str) -> str:
    """Which outcome a message of django.contrib.messages is told with; "" for plain information."""
    return {"success": "met", "warning": "cannot_tell", "error": "not_met"}.get(level_tag, "")


@register.simple_tag
def outcome_sign(outcome: str, word: bool = True) -> SafeString:
    """● ▲ ◆ –, with the word for those who do not see it (word=False where it stands beside)."""
    return pieces.sign(outcome, word=word)


@register.simple_tag
def outcome(outcome: str, text: Any = "", tag: bool = False) -> SafeString:
    """{% outcome f.outcome %} sign and word; {% outcome f.outcome "Quá 5 tháng" tag=True %}."""
    return pieces.outcome(outcome, text, is_tag=tag)


# ---- Links -----------------------------------------------------------------------------------


def _request(context: Context) -> HttpRequest | None:
    return context.get("request")


def _changed(query: QueryDict, changes: Mapping[str, Any]) -> str:
    query = query.copy()
    if PAGE not in changes:
        query.pop(PAGE, None)
    for key, value in changes.items():
        query.pop(key, None)
        if isinstance(value, list | tuple):
            query.setlist(key, [str(item) for item in value])
        elif value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def keep_query(context: Context, **changes: Any) -> str:
    """The present query with changes (None removes); back to page 1 unless `trang` is given."""
    request = _request(context)
    return _changed(request.GET if request else QueryDict(), changes)


@register.simple_tag(takes_context=True)
def page_url(context: Context, name: str, *args: Any, **query: Any) -> str:
    """{% page_url "planning:plan-detail" plan.pk tab="x" %}: the address, keeping Ngày xét."""
    request = _request(context)
    day = request.GET.get(PARAMETER) if request else None
    values = {PARAMETER: day, **query} if day else query
    tail = _changed(QueryDict(), values)
    return reverse(name, args=args) + (tail if tail != "?" else "")


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(
    context: Context,
    key: str,
    label: Any,
    num: bool = False,
    default: str = "",
    hint: Any = "",
) -> dict[str, Any]:
    """{% sort_head "ten" "Họ và tên" default="ten" %}: a head that sorts by `sap=ten|-ten`."""
    request = _request(context)
    current = (request.GET.get(SORT) if request else "") or default
    up, down = current == key, current == f"-{key}"
    target = f"-{key}" if up else key
    return {
        "label": label,
        "num": num,
        "hint": hint,
        "up": up,
        "down": down,
        "url": _changed(request.GET if request else QueryDict(), {SORT: target}),
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, noun: Any = "") -> dict[str, Any]:
    """{% pagination page_obj %}: which rows of how many, and the other pages (`trang=`)."""
    request = _request(context)
    query = request.GET if request else QueryDict()
    paginator = page.paginator
    numbers = [
        {"number": n, "url": _changed(query, {PAGE: n if n != 1 else ""}), "here": n == page.number}
        if isinstance(n, int)
        else None
        for n in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "noun": noun,
        "numbers": numbers if paginator.num_pages > 1 else [],
        "before": _changed(query, {PAGE: page.number - 1}) if page.has_previous() else "",
        "after": _changed(query, {PAGE: page.number + 1}) if page.has_next() else "",
    }


def _given(value: Any) -> Any:
    """A template gives "" for what is not there."""
    return None if value == "" else value


# ---- Figures ---------------------------------------------------------------------------------


@register.inclusion_tag("components/split_bar.html")
def split_bar(
    met: int = 0, not_met: int = 0, cannot_tell: int = 0, legend: Any = ""
) -> dict[str, Any]:
    """How many are met, not met, cannot be told: one thin bar with its legend."""
    counts = [("f-met", met), ("f-not", not_met), ("f-unk", cannot_tell)]
    return {
        "segments": drawings.strip(counts, width=1000, gap=3),
        "met": met,
        "not_met": not_met,
        "cannot_tell": cannot_tell,
        "legend": legend,
    }


@register.inclusion_tag("components/parts_bar.html")
def parts_bar(parts: Iterable[tuple[Any, int]]) -> dict[str, Any]:
    """How a whole falls into at most three parts, in shades that judge nothing."""
    told = list(parts)
    shades = ("f-bar", "f-bar2", "f-bar3")
    counts = [(css, count) for css, (_label, count) in zip(shades, told, strict=False)]
    return {"parts": told, "segments": drawings.strip(counts, width=1000, gap=3)}


@register.inclusion_tag("components/dot_strip.html")
def dot_strip(
    dots: Iterable[Mapping[str, Any]], limits: Iterable[float], high: float, label: Any = ""
) -> dict[str, Any]:
    """A dot for each unit from 0 to `high` (`value, outcome, url, title`), thresholds drawn."""
    return {**drawings.dots(dots, limits, high), "label": label}


@register.simple_tag
def share_bar(
    part: int,
    total: int,
    percent: float | None = None,
    unknown: int = 0,
    outcome: str = "",
    after_part: int | None = None,
    after_total: int | None = None,
    at_most: bool = False,
) -> SafeString:
    """{% share_bar 2 11 25 %}: see `bars.share_bar`."""
    given = _given(percent), unknown, outcome, _given(after_part), _given(after_total), at_most
    return bars.share_bar(part, total, *given)


@register.simple_tag
def band_bar(
    young: int,
    middle: int,
    senior: int,
    unknown: int = 0,
    young_below: int | None = None,
    middle_to: int | None = None,
    added: str = "",
) -> SafeString:
    """{% band_bar 1 5 3 %}: see `bars.band_bar`."""
    limits = _given(young_below), _given(middle_to)
    return bars.band_bar(young, middle, senior, unknown, *limits, added)


@register.inclusion_tag("components/trend.html")
def trend(values: Iterable[float], label: Any = "") -> dict[str, Any]:
    """A word-sized line of how a number went, 132 × 36."""
    points = [float(value) for value in values]
    low, high = min(points, default=0), max(points, default=0)
    step = 124 / max(len(points) - 1, 1)
    xy = [
        (round(4 + i * step, 1), round(30 - 24 * (p - low) / ((high - low) or 1), 1))
        for i, p in enumerate(points)
    ]
    return {
        "line": " ".join(f"{x},{y}" for x, y in xy),
        "end": xy[-1] if xy else None,
        "label": label,
    }


def _heat_cell(cell: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: int(cell.get(name) or 0) for name in ("met", "not_met", "cannot_tell")}
    total = sum(counts.values())
    strip = [
        ("f-not", counts["not_met"]),
        ("f-unk", counts["cannot_tell"]),
        ("f-met", counts["met"]),
    ]
    return {
        **counts,
        "total": total,
        "url": cell.get("url", ""),
        "level": drawings.shading(counts["not_met"], total),
        "segments": drawings.strip(strip, width=100, gap=2),
    }


@register.inclusion_tag("components/heat_map.html")
def heat_map(heat: Mapping[str, Any]) -> dict[str, Any]:
    """The map of criteria × levels and units; see docs/components.md for the shape of `heat`."""
    groups = [
        {**group, "cells": [_heat_cell(cell) for cell in group["cells"]]}
        for group in heat["groups"]
    ]
    turned = [
        {"column": column, "cells": [group["cells"][i] for group in groups]}
        for i, column in enumerate(heat["columns"])
    ]
    return {**heat, "groups": groups, "turned": turned, "span": len(heat["columns"]) + 2}


@register.simple_tag
def heat_level_cells(cells: Iterable[Mapping[str, Any]]) -> SafeString:
    """The cells of a level."""
    return SafeString("".join(pieces.heat_level_cell(cell) for cell in cells))


@register.simple_tag
def heat_turned_cells(cells: Iterable[Mapping[str, Any]]) -> SafeString:
    """The cells of a criterion where levels stand beside each other."""
    return SafeString("".join(pieces.heat_turned_cell(cell) for cell in cells))


@register.simple_tag
def heat_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """The rows of units."""
    return SafeString("".join(pieces.heat_row(row) for row in rows))


@register.simple_tag(takes_context=True)
def draw(context: Context, block: Any) -> SafeString:
    """{% draw block %}: a piece that another room fills (`template`, `context`)."""
    return render_to_string(block.template, dict(block.context), request=_request(context))


@register.inclusion_tag("components/time_line.html")
def time_line(line: Mapping[str, Any], label: Any = "") -> dict[str, Any]:
    """Posts, rotations, plans, training and grades on one axis; shape in docs/components.md."""
    return {"line": drawings.time_line(line), "label": label, "source": line}


# ---- Tables and forms ------------------------------------------------------------------------


@register.inclusion_tag("components/data_table.html", takes_context=True)
def data_table(context: Context, table: Mapping[str, Any]) -> dict[str, Any]:
    """A plain list page in one call: `columns`, `rows`, `page`, `empty`; see docs/components.md."""
    columns = list(table["columns"])
    rows = [{**row, "cells": _cells(columns, row)} for row in table["rows"]]
    return {**table, "columns": columns, "rows": rows, "request": _request(context)}


@register.simple_tag
def list_cells(cells: Iterable[Any]) -> SafeString:
    """The cells of somebody in the list of people (`key, label, css, cell, sign` each)."""
    return SafeString(
        "".join(
            pieces.list_cell(
                label, css, cell.text, title=cell.title, outcome=sign, is_partial=cell.is_partial
            )
            for _key, label, css, cell, sign in cells
        )
    )


def _cells(columns: list[Mapping[str, Any]], row: Mapping[str, Any]) -> SafeString:
    pairs = zip(columns, row["cells"], strict=True)
    return SafeString(
        "".join(pieces.table_cell(column, cell, row.get("url", "")) for column, cell in pairs)
    )


_INPUT_CLASS = {
    "checkbox": "form-check-input",
    "radioselect": "",
    "checkboxselectmultiple": "",
    "select": "form-select",
    "selectmultiple": "form-select",
}


@register.simple_tag
def control(field: Any) -> SafeString:
    """{% control form.name %}: the control alone, for a cell of a table that names its column."""
    css = _INPUT_CLASS.get(field.widget_type, "form-control")
    widget_css = field.field.widget.attrs.get("class", "")
    attrs = {"class": f"{widget_css} {css} {'is-invalid' if field.errors else ''}".strip()}
    return SafeString(field.as_widget(attrs=attrs))


@register.inclusion_tag("components/field.html")
def form_field(field: Any, hide_optional: bool = False) -> dict[str, Any]:
    """{% form_field form.name %}: label above, control, help below, error beside it."""
    kind = field.widget_type
    return {
        "field": field,
        "kind": kind,
        "control": control(field),
        "grouped": field.use_fieldset,
        "optional": not field.field.required and not hide_optional and kind != "checkbox",
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """{% form_errors form %}: all errors on top, each a link to its field."""
    return {
        "form": form,
        "bound": [field for field in form if field.errors] if form.is_bound else [],
    }
