"""Inspected units side by side: topic × unit, figures of the frozen evidence, worst first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from compliance.engine.registry import rule_by_code
from inspections.choices import Topic
from inspections.contexts.evidence import evidence_url
from inspections.models import InspectedUnit
from inspections.wording import WORDINGS

_SHARES = ("planning.young_share", "planning.women_share", "planning.minority_share")


def comparison_context(
    units: Sequence[InspectedUnit],
    figures: Iterable[Mapping[str, Any]],
    told: set[int],
    as_of: dt.date,
) -> dict[str, Any]:
    """Rows by topic with a cell a unit; units and rows with most failing first."""
    cells: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = defaultdict(dict)
    failing: dict[int, int] = defaultdict(int)
    for figure in figures:
        if figure["is_sensitive"] and figure["unit"] not in told:
            continue
        if figure["rule"] not in WORDINGS:
            continue
        cells[figure["rule"], figure["subject"]][figure["unit"]] = figure
        failing[figure["unit"]] += bool(figure["not_met"])
    ordered = sorted(units, key=lambda unit: -failing[unit.pk])
    rows: list[dict[str, Any]] = [
        {
            "topic": Topic(WORDINGS[rule].topic).label,
            "title": _title(rule, subject),
            "failing": sum(bool(each["not_met"]) for each in by_unit.values()),
            "cells": [_cell(by_unit.get(unit.pk), as_of, str(unit.unit)) for unit in ordered],
        }
        for (rule, subject), by_unit in cells.items()
    ]
    rows.sort(key=lambda row: (-row["failing"], row["topic"], row["title"]))
    return {
        "units": [{"name": str(unit.unit), "failing": failing[unit.pk]} for unit in ordered],
        "rows": rows,
    }


def _title(rule: str, subject: str) -> str:
    title = str(rule_by_code(rule).title)
    if subject == "pool" and rule not in (
        "planning.candidates_per_title",
        "planning.committee_coefficient",
    ):
        return _("%(title)s, cấp ủy") % {"title": title}
    return title


def _cell(figure: Mapping[str, Any] | None, as_of: dt.date, unit: str) -> dict[str, Any]:
    """A figure with the sign of the worst result; it leads to that result."""
    if figure is None:
        return {"text": "", "outcome": "", "url": "", "unit": unit}
    total, worst = figure["total"], figure["worst"]
    counts = {"bad": figure["not_met"], "unclear": figure["cannot_tell"], "total": total}
    key = worst["key"]
    if worst["subject"] not in ("plan", "pool"):
        key = key.rsplit(":", 1)[0]
    text = _figure(worst) if worst["subject"] in ("plan", "pool") or total == 1 else ""
    return {
        "text": text,
        "note": f"{figure['not_met']}/{total}" if total > 1 or not text else "",
        "title": worst["message"]
        if total == 1
        else _("%(bad)s chưa đạt, %(unclear)s chưa rõ trong %(total)s") % counts,
        "outcome": worst["outcome"],
        "url": evidence_url(figure["evidence"], as_of, key),
        "unit": unit,
    }


def _figure(result: Mapping[str, Any]) -> str:
    """What was measured of the only result, short."""
    got = result["measured"]
    if result["rule"] in _SHARES:
        return formats.percent(got["part"], got["total"])
    if result["rule"] == "planning.three_age_bands":
        return "·".join(str(got[band]) for band in ("young", "middle", "senior"))
    if "months" in got:
        months = got["months"]
        return _("%(n)s tháng") % {"n": months} if months is not None else "?"
    for name in ("part", "breaks", "total"):
        if got.get(name) is not None:
            return str(got[name])
    return ""
