"""The overview as its template wants it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number
from compliance.choices import Outcome
from planning.contexts import words
from planning.contexts.links import address, findings_url, plan_url
from planning.selectors.overview import Cell, Change, Due, LevelRow, Overview, PlanRow
from planning.selectors.stored import OTHER, criterion_of

TREE = "cay"


def overview_context(seen: Overview, *, along_tree: bool) -> dict[str, Any]:
    """Everything the page shows."""
    term = seen.terms.chosen
    term_code = term.code if term else ""
    return {
        "seen": seen,
        "term": term,
        "term_items": [
            {
                "label": str(each),
                "url": address("planning:overview", as_of=seen.as_of, nhiem_ky=each.code),
                "here": each == term,
            }
            for each in seen.terms.offered
        ],
        "along_tree": along_tree,
        "order_items": [
            {
                "label": _("Chưa đạt trước"),
                "url": address("planning:overview", as_of=seen.as_of, nhiem_ky=term_code),
                "here": not along_tree,
            },
            {
                "label": _("Theo cây tổ chức"),
                "url": address(
                    "planning:overview", as_of=seen.as_of, nhiem_ky=term_code, thu_tu=TREE
                ),
                "here": along_tree,
            },
        ],
        "spots": _spots(seen),
        "heat": _heat(seen, term_code),
        "changes": _changes(seen),
        "trend": _trend(seen),
        "trend_url": address("planning:comparison", as_of=seen.as_of, nhiem_ky=term_code)
        + "#xu-huong",
        "due": [_due(each, seen.as_of) for each in seen.due],
        "due_more": seen.due_total - len(seen.due),
        "due_url": findings_url(
            seen.as_of,
            tieu_chi="planning.annual_review",
            ket_qua="not_met",
            nhiem_ky=term_code,
        ),
        "export_url": address("planning:overview-export", as_of=seen.as_of, nhiem_ky=term_code),
        "plans_url": address("planning:plan-list", as_of=seen.as_of, nhiem_ky=term_code),
    }


def _trend(seen: Overview) -> dict[str, Any] | None:
    """Plans without anything that is not met, week by week; None where checks go back less."""
    past = seen.trend
    if len(past.days) < 2:
        return None
    values = [past.plans - failing for failing in past.failing]
    return {
        "values": values,
        "first": values[0],
        "last": values[-1],
        "weeks": len(past.days) - 1,
    }


def _spots(seen: Overview) -> str:
    """ "ba độ tuổi (31) và cán bộ trẻ (24) ở cấp xã; tính “mở” (9) ở cấp tỉnh"."""
    by_level: dict[str, list[str]] = {}
    for level, key, count in seen.worst_spots[:3]:
        by_level.setdefault(level, []).append(f"{words.COLUMNS[key][1]} ({number(count)})")
    return "; ".join(
        _("%(what)s ở %(where)s")
        % {
            "what": _(" và ").join([", ".join(named[:-1]), named[-1]] if named[:-1] else named),
            "where": str(words.LEVELS[level][0]).lower(),
        }
        for level, named in by_level.items()
    )


# ---- The map ---------------------------------------------------------------------------------


def _heat(seen: Overview, term_code: str) -> dict[str, Any]:
    rows = [row for level in seen.levels for row in level.rows]
    return {
        "title": _("Kế hoạch theo tiêu chí"),
        "columns": [
            {
                "label": words.COLUMNS[key][0],
                "hint": _hint(key, rows),
                "title": words.TITLES[key],
            }
            for key in seen.keys
        ],
        "groups": [_group(level, seen, term_code) for level in seen.levels],
    }


def _hint(key: str, rows: list[PlanRow]) -> str:
    """What the column asks of the plans shown."""
    cells = (row.cells[key] for row in rows)
    return words.limit_text(key, [cell.finding for cell in cells if cell.finding])


def _group(level: LevelRow, seen: Overview, term_code: str) -> dict[str, Any]:
    as_of = seen.as_of
    label, short = words.LEVELS[level.level]
    listed = address("planning:plan-list", as_of=as_of, nhiem_ky=term_code, cap=level.level)
    return {
        "label": label,
        "short": short,
        "total": level.tally.total,
        "met": level.tally.met,
        "url": listed,
        "next": _level_next(level),
        "cells": [
            {
                "met": level.by_key[key].met,
                "not_met": level.by_key[key].not_met,
                "cannot_tell": level.by_key[key].cannot_tell,
                "url": _level_url(key, level, as_of, term_code),
            }
            for key in seen.keys
        ],
        "rows": [_row(row, seen) for row in level.rows],
        "rest": {"text": _rest(level), "url": listed} if level.rest > 0 else None,
    }


def _level_url(key: str, level: LevelRow, as_of: dt.date, term_code: str) -> str:
    """What is behind a number: findings of one rule, not met or unclear where nothing fails.

    A column of several rules leads to the plans.
    """
    tally = level.by_key[key]
    outcome = "not_met" if tally.not_met else "cannot_tell" if tally.cannot_tell else "met"
    criterion = criterion_of(key)
    is_single = criterion is not None and len(criterion.rules) == 1
    if tally.not_met and not is_single:
        return address(
            "planning:plan-list", as_of=as_of, nhiem_ky=term_code, cap=level.level, vuong=key
        )
    return findings_url(
        as_of,
        tieu_chi=criterion.rules[0] if criterion and is_single else "",
        doi_tuong=criterion.kind.code if criterion else "",
        ket_qua=outcome,
        nhiem_ky=term_code,
        cap=level.level,
    )


def _level_next(level: LevelRow) -> str:
    failing = [(tally.not_met, key) for key, tally in level.by_key.items() if key != OTHER]
    count, key = max(failing, key=lambda pair: pair[0])
    if not count:
        return ""
    return _("Vướng nhất: %(what)s (%(count)s kế hoạch)") % {
        "what": words.COLUMNS[key][1],
        "count": number(count),
    }


def _rest(level: LevelRow) -> str:
    shown = [row.worst for row in level.rows]
    left = (
        (level.tally.met - shown.count(Outcome.MET), _("đạt mọi tiêu chí")),
        (level.tally.not_met - shown.count(Outcome.NOT_MET), _("chưa đạt")),
        (level.tally.cannot_tell - shown.count(Outcome.CANNOT_TELL), _("chưa rõ")),
        (level.tally.unchecked - shown.count(None), _("chưa kiểm tra")),
    )
    parts = ", ".join(f"{number(count)} {text}" for count, text in left if count)
    return _("Còn %(count)s kế hoạch: %(parts)s") % {"count": number(level.rest), "parts": parts}


def _row(row: PlanRow, seen: Overview) -> dict[str, Any]:
    url = plan_url(row.plan_id, seen.as_of)
    wrong = row.worst is not None and row.worst >= Outcome.CANNOT_TELL
    return {
        "label": row.unit_name,
        "url": url,
        "cells": [_cell(key, row.cells[key], url) for key in seen.keys],
        "next": row_step(row),
        "next_url": url if wrong else "",
        "outcome": (row.worst or Outcome.NOT_APPLICABLE).code,
        "outcome_text": words.outcome_sentence(row.worst or Outcome.NOT_APPLICABLE),
    }


def row_step(row: PlanRow) -> str:
    """What to do first about a plan; "" where nothing is wrong."""
    if row.worst is None or row.worst < Outcome.CANNOT_TELL:
        return ""
    return words.next_step(row.next) if row.next else _("Xem từng người trong kế hoạch")


def _cell(key: str, cell: Cell, url: str) -> dict[str, Any]:
    return {
        "outcome": cell.outcome.code,
        "text": cell_text(key, cell),
        "title": cell.finding.message if cell.finding else words.TITLES[key],
        "url": f"{url}#{key}" if cell.outcome != Outcome.NOT_APPLICABLE else "",
    }


def cell_text(key: str, cell: Cell) -> str:
    """The number of a cell: measured, or how many are not right ("?" where that is unclear)."""
    if cell.outcome == Outcome.NOT_APPLICABLE and key not in ("ages",):
        return ""
    if cell.finding:
        return words.measured_text(cell.finding.rule.code, cell.finding.measured)
    text = number(cell.number) if cell.number is not None else ""
    return f"{text}?" if cell.outcome == Outcome.CANNOT_TELL else text


# ---- Changes and what is due -----------------------------------------------------------------


def _changes(seen: Overview) -> dict[str, Any] | None:
    changes = seen.changes
    if changes is None:
        return None
    groups = []
    for is_worse, count, text in (
        (True, changes.worse, _("%(n)s kế hoạch kém đi")),
        (False, changes.better, _("%(n)s kế hoạch tốt lên")),
    ):
        shown = [_change(each, seen.as_of) for each in changes.shown if each.is_worse == is_worse]
        if shown:
            groups.append({"title": text % {"n": number(count)}, "rows": shown})
    return {
        "since": changes.since,
        "is_whole_week": changes.is_whole_week,
        "is_first": seen.basis is not None and seen.basis.first_on == seen.basis.as_of,
        "worse": changes.worse,
        "better": changes.better,
        "groups": groups,
        "more": changes.total - len(changes.shown),
    }


def _change(change: Change, as_of: dt.date) -> dict[str, Any]:
    code = change.rule.code
    before = words.measured_text(code, change.measured_was)
    after = words.measured_text(code, change.measured_now, unit=True)
    return {
        "was": change.was.code,
        "now": change.now.code,
        "unit": change.unit_name,
        "title": change.title_name,
        "rule": change.rule.title,
        "value": f"{before} → {after}" if before and before != after else after,
        "url": plan_url(change.plan_id, as_of),
    }


def _due(due: Due, as_of: dt.date) -> dict[str, Any]:
    return {
        "when": due.due_on,
        "over": due.months_over,
        "is_over": due.due_on <= as_of,
        "title": _("Rà soát kế hoạch %(unit)s") % {"unit": due.unit_name},
        "who": ", ".join(part for part in (due.head_name, due.head_title) if part),
        "months": due.months_since,
        "url": plan_url(due.plan_id, as_of),
    }
