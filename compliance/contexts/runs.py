"""Runs as their templates need them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from compliance.choices import Outcome, RunKind, RunStatus
from compliance.engine.registry import all_rules
from compliance.engine.rule import Rule
from compliance.forms import OUTCOMES
from compliance.models import ComplianceRun
from compliance.selectors import FindingSet, RunComparison, Turn

_STATES = {
    RunStatus.QUEUED: "waiting",
    RunStatus.RUNNING: "running",
    RunStatus.FINISHED: "finished",
    RunStatus.FAILED: "failed",
    RunStatus.CANCELLED: "cancelled",
}
#: How a status is coloured; what is under way has no outcome.
STATUS_OUTCOMES = {
    RunStatus.FINISHED: "met",
    RunStatus.FAILED: "not_met",
    RunStatus.CANCELLED: "not_applicable",
}


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run in the list. `failing` is None where the number is not the actor's to see."""

    run: ComplianceRun
    outcome: str
    seconds: float | None
    failing: int | None


@dataclass(frozen=True, kw_only=True)
class RuleNumbers:
    """A row of the summary: the rule, and number and address for each outcome."""

    rule: Rule
    cells: list[dict[str, Any]]


def run_line(run: ComplianceRun, *, is_whole: bool) -> RunLine:
    """A run ready for the list; its numbers only for who sees all of them."""
    known = is_whole and run.status == RunStatus.FINISHED
    failing = sum(each.get("not_met", 0) for each in run.summary.values()) if known else None
    return RunLine(
        run=run,
        outcome=STATUS_OUTCOMES.get(RunStatus(run.status), ""),
        seconds=seconds_of(run),
        failing=failing,
    )


def seconds_of(run: ComplianceRun) -> float | None:
    """How long the run took, or has been running."""
    if run.started_at is None:
        return None
    return ((run.finished_at or clock.now()) - run.started_at).total_seconds()


def job_of(run: ComplianceRun, *, can_cancel: bool) -> dict[str, Any]:
    """The run for `components/progress.html`."""
    return {
        "id": "tien-do",
        "label": f"{run.get_status_display()}",
        "done": run.done,
        "total": run.total,
        "noun": _("phần"),
        "state": _STATES[RunStatus(run.status)],
        "note": _note(run),
        "url": reverse("compliance:run-progress", args=[run.pk]),
        "cancel_url": reverse("compliance:run-cancel", args=[run.pk]) if can_cancel else "",
    }


def _note(run: ComplianceRun) -> str:
    if run.status == RunStatus.CANCELLED:
        return _("Đã dừng theo yêu cầu; không giữ kết quả dở dang.")
    if run.status == RunStatus.FAILED:
        return _("Không có kết quả nào dở dang.")
    return ""


def summary_rows(run: ComplianceRun, found: FindingSet | None) -> list[RuleNumbers]:
    """Rule × outcome. `found`: count within its scope; None: the run's own summary."""
    rows = []
    for rule in all_rules():
        if found is None:
            stored = run.summary.get(rule.code, {})
            numbers = {outcome: stored.get(outcome.code, 0) for outcome in OUTCOMES}
        else:
            numbers = {outcome: found.number(outcome, rule=rule) for outcome in OUTCOMES}
        if any(numbers.values()):
            cells = [_cell(run, rule, outcome, numbers[outcome]) for outcome in OUTCOMES]
            rows.append(RuleNumbers(rule=rule, cells=cells))
    return rows


def _cell(run: ComplianceRun, rule: Rule, outcome: Outcome, number: int) -> dict[str, Any]:
    url = findings_url(run, **{"tieu-chi": rule.code, "ket-qua": outcome.code})
    return {"outcome": outcome.code, "number": number, "url": url}


def totals(rows: list[RuleNumbers]) -> list[int]:
    """Sums of the columns of a summary."""
    return [sum(row.cells[i]["number"] for row in rows) for i in range(len(OUTCOMES))]


def findings_url(run: ComplianceRun, **query: str) -> str:
    """The findings of a run; of a live run, those of today."""
    if run.kind == RunKind.SNAPSHOT:
        query = {"lan": str(run.pk), **day_query(run.as_of), **query}
    address = reverse("compliance:finding-list")
    return f"{address}?{urlencode(query)}" if query else address


def day_query(as_of: dt.date) -> dict[str, str]:
    """The date of view as a parameter; nothing for today."""
    return {} if as_of == clock.today() else {"ngay": as_of.isoformat()}


def comparison_rows(comparison: RunComparison, base: str) -> list[dict[str, Any]]:
    """Rule × turn, each number leading to its rows; `base` is the address without filters."""
    rows = []
    for rule in all_rules():
        numbers = comparison.totals.get(rule.code)
        if not numbers:
            continue
        cells = [
            {
                "turn": turn,
                "number": numbers.get(turn, 0),
                "url": f"{base}&{urlencode({'tieu-chi': rule.code, 'chieu': turn.value})}",
            }
            for turn in Turn
        ]
        rows.append({"rule": rule, "cells": cells})
    return rows
