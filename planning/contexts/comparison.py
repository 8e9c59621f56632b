"""Page of comparison: units of a level side by side, strips, the trend, sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, number, percent
from compliance.choices import Outcome, SubjectKind
from compliance.engine.registry import rule_by_code
from planning.contexts import links, words
from planning.contexts.overview import cell_text
from planning.contexts.parts import parts
from planning.selectors.comparison import LevelPlans
from planning.selectors.overview import Cell, PlanRow
from planning.selectors.sources import SourceCount
from planning.selectors.stored import Basis, criterion_of
from planning.selectors.trends import WEEKS, Trend

NAME = "planning:comparison"
#: So many units or fewer stand as columns beside each other.
FEW = 6
#: Criteria that are drawn as strips, with the required number that is their threshold.
_STRIPS = {
    "young": "percent",
    "women": "percent",
    "minority": "percent",
    "open": "minimum",
    "review": "maximum_months",
}


def comparison_context(
    *,
    rows: Sequence[PlanRow],
    chosen: Sequence[PlanRow],
    keys: Sequence[str],
    levels: Sequence[LevelPlans],
    level: str,
    term: Any,
    basis: Basis | None,
    trend: Trend,
    sources: Sequence[SourceCount],
    form: Any,
    sort: str,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `planning/comparison.html`; `rows`: all of the level, `chosen`: those compared."""
    code = term.code if term else ""
    ordered = _ordered(chosen, sort)
    picked = {row.unit_code for row in chosen} if len(chosen) < len(rows) else set()
    return {
        "parts": parts(NAME, as_of, nhiem_ky=code),
        "term": term,
        "form": form,
        "basis": basis,
        "total": len(rows),
        "chosen_count": len(chosen),
        "is_chosen": bool(picked),
        "all_url": links.address(NAME, as_of=as_of, nhiem_ky=code, cap=level),
        "levels": [
            {
                "label": f"{words.LEVELS[each.level][0]} ({number(each.plans)})",
                "url": links.address(NAME, as_of=as_of, nhiem_ky=code, cap=each.level),
                "here": each.level == level,
            }
            for each in levels
        ],
        "columns": [_column(key, chosen) for key in keys],
        "is_turned": len(ordered) <= FEW,
        "lines": [_line(row, keys, as_of) for row in ordered],
        "turned": [
            {"column": _column(key, chosen), "cells": [_cell(row, key, as_of) for row in ordered]}
            for key in keys
        ],
        "strips": [
            strip
            for strip in (_strip(key, chosen, as_of) for key in keys if key in _STRIPS)
            if strip
        ],
        "trend": _trend(trend, code, level, as_of),
        "sources": _sources(sources, chosen),
        "sources_url": links.address("planning:nominee-sources", as_of=as_of),
    }


# ---- The table -------------------------------------------------------------------------------


def _ordered(rows: Sequence[PlanRow], sort: str) -> list[PlanRow]:
    """The worst first, or by a column; who has no number there comes last either way."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key == "don-vi":
        return sorted(rows, key=lambda row: row.path, reverse=down)
    if key not in words.COLUMNS:
        return list(rows)
    known = [row for row in rows if value_of(key, row.cells.get(key)) is not None]
    known.sort(key=lambda row: value_of(key, row.cells[key]) or 0, reverse=down)
    return known + [row for row in rows if row not in known]


def value_of(key: str, cell: Cell | None) -> float | None:
    """The number that a cell is ordered and drawn by; None where there is none."""
    if cell is None or cell.outcome == Outcome.NOT_APPLICABLE:
        return None
    if cell.finding is None:
        return float(cell.number or 0)
    measured = cell.finding.measured
    if key == "ages":
        return float(min(measured[band] for band in ("young", "middle", "senior")))
    if key == "review":
        months = measured.get("months")
        return None if months is None else float(months)
    part, total = measured.get("part"), measured.get("total")
    if key == "open":
        return None if part is None else float(part)
    return 100 * part / total if part is not None and total else None


def _column(key: str, rows: Sequence[PlanRow]) -> dict[str, Any]:
    found = [cell.finding for row in rows if (cell := row.cells.get(key)) and cell.finding]
    return {
        "key": key,
        "label": words.COLUMNS[key][0],
        "title": words.TITLES[key],
        "limit": words.limit_text(key, found),
        "failing": sum(
            row.cells[key].outcome == Outcome.NOT_MET for row in rows if key in row.cells
        ),
    }


def _line(row: PlanRow, keys: Sequence[str], as_of: dt.date) -> dict[str, Any]:
    return {
        "unit": row.unit_name,
        "url": links.plan_url(row.plan_id, as_of),
        "people": row.people,
        "cells": [_cell(row, key, as_of) for key in keys],
    }


def _cell(row: PlanRow, key: str, as_of: dt.date) -> dict[str, Any]:
    cell = row.cells[key]
    finding = cell.finding
    measured = finding.measured if finding else {}
    people = (
        _("%(part)s/%(total)s người") % {"part": measured["part"], "total": measured["total"]}
        if "part" in measured and "total" in measured
        else ""
    )
    return {
        "text": cell_text(key, cell),
        "outcome": cell.outcome.code,
        "url": _behind(row, key, as_of),
        "title": people,
        "label": words.COLUMNS[key][0],
    }


def _behind(row: PlanRow, key: str, as_of: dt.date) -> str:
    """What stands behind a cell: the people of the plan, or the findings on them."""
    criterion = criterion_of(key)
    if criterion is None or criterion.kind == SubjectKind.PLAN:
        return links.plan_url(row.plan_id, as_of)
    return links.findings_url(as_of, don_vi=row.unit_code, tieu_chi=criterion.rules[0])


# ---- Strips ----------------------------------------------------------------------------------


def _strip(key: str, rows: Sequence[PlanRow], as_of: dt.date) -> dict[str, Any] | None:
    """A dot for each unit at its value, with the thresholds that were applied."""
    dots: list[dict[str, Any]] = []
    limits: set[int] = set()
    for row in rows:
        cell = row.cells[key]
        value = value_of(key, cell)
        if value is None or cell.finding is None:
            continue
        limit = cell.finding.required.get(_STRIPS[key])
        if limit is not None:
            limits.add(int(limit))
        text = words.measured_text(cell.finding.rule.code, cell.finding.measured, unit=True)
        dots.append(
            {
                "value": value,
                "outcome": cell.outcome.code,
                "url": links.plan_url(row.plan_id, as_of),
                "title": f"{row.unit_name}: {text}",
            }
        )
    if not dots:
        return None
    column = _column(key, rows)
    is_share = _STRIPS[key] == "percent"
    top = max([dot["value"] for dot in dots] + [float(limit) for limit in limits])
    return {
        **column,
        "dots": dots,
        "limits": sorted(limits),
        "high": 100 if is_share else max(top * 1.05, 1),
        "high_text": percent(100) if is_share else number(round(top)),
        "met": sum(dot["outcome"] == Outcome.MET.code for dot in dots),
        "count": len(dots),
    }


# ---- The trend -------------------------------------------------------------------------------


def _trend(trend: Trend, term: str, level: str, as_of: dt.date) -> dict[str, Any] | None:
    if len(trend.days) < 2:
        return None
    lines = []
    for code, counts in sorted(trend.by_rule.items(), key=lambda pair: -pair[1][-1]):
        rule = rule_by_code(code)
        lines.append(
            {
                "label": str(rule.title),
                "url": links.findings_url(
                    as_of, tieu_chi=code, ket_qua="not_met", nhiem_ky=term, cap=level
                ),
                "values": list(counts),
                **_change(counts),
            }
        )
    return {
        "since": date(trend.days[0]),
        "weeks": len(trend.days) - 1,
        "is_short": trend.is_short,
        "asked_weeks": WEEKS,
        "whole": {"values": list(trend.failing), "plans": trend.plans, **_change(trend.failing)},
        "lines": lines,
    }


def _change(counts: Sequence[int]) -> Mapping[str, Any]:
    first, last = counts[0], counts[-1]
    return {
        "first": first,
        "last": last,
        "turn": "" if first == last else "worse" if last > first else "better",
    }


# ---- Sources ---------------------------------------------------------------------------------


def _sources(counts: Sequence[SourceCount], chosen: Sequence[PlanRow]) -> list[dict[str, Any]]:
    by_code = {count.unit_code: count for count in counts}
    found = []
    for row in chosen:
        count = by_code.get(row.unit_code)
        if count is None or not count.people:
            continue
        found.append(
            {
                "unit": count.unit_name,
                "people": number(count.people),
                "own": number(count.own),
                "below": number(count.below),
                "elsewhere": number(count.elsewhere),
                "share": percent(count.elsewhere, count.people),
                "bar": [
                    (_("Tại đơn vị"), count.own),
                    (_("Từ cấp dưới"), count.below),
                    (_("Từ nơi khác"), count.elsewhere),
                ],
                "sort": count.elsewhere / count.people,
            }
        )
    return sorted(found, key=lambda each: each["sort"])
