"""Lists of plans, ballots, and the panels on pages of units and people."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.selectors.history import Change
from compliance.choices import Outcome
from planning.choices import PlanStatus
from planning.contexts import links, words
from planning.contexts.overview import row_step
from planning.models import Ballot, Plan
from planning.selectors.dossiers import BallotRule
from planning.selectors.overview import PlanRow
from planning.selectors.plans import DEFAULT_ORDER


def list_table(page: Page, as_of: dt.date, *, is_filtered: bool, clear_url: str) -> dict[str, Any]:
    """The table of plans."""
    return {
        "columns": [
            {"label": _("Đơn vị"), "key": "don-vi", "name": True},
            {"label": _("Trạng thái")},
            {"label": _("Số người"), "key": "nguoi", "num": True},
            {"label": _("Kết quả"), "key": "ket-qua"},
            {"label": _("Chưa đạt ở"), "quiet": True},
            {"label": _("Việc nên làm trước")},
        ],
        "rows": [_list_row(row, as_of) for row in page.object_list],
        "page": page,
        "noun": _("kế hoạch"),
        "default_sort": DEFAULT_ORDER,
        "caption": _("Kế hoạch quy hoạch"),
        "empty": _empty(is_filtered=is_filtered, clear_url=clear_url),
    }


def _empty(*, is_filtered: bool, clear_url: str) -> dict[str, Any]:
    if is_filtered:
        return {
            "title": _("Không có kế hoạch nào khớp bộ lọc"),
            "text": _("Thử bỏ bớt điều kiện, hoặc chọn nhiệm kỳ khác."),
            "action": {"label": _("Bỏ lọc"), "url": clear_url},
            "icon": "filter",
        }
    return {
        "title": _("Chưa có kế hoạch quy hoạch nào"),
        "text": _("Kế hoạch được đưa vào bằng tệp trao đổi ở trang Nhập dữ liệu."),
        "icon": "plan",
    }


def _list_row(row: PlanRow, as_of: dt.date) -> dict[str, Any]:
    url = links.plan_url(row.plan_id, as_of)
    worst = row.worst or Outcome.NOT_APPLICABLE
    return {
        "url": url,
        "cells": [
            {"text": row.unit_name},
            status_words(row.status),
            "" if row.people is None else row.people,
            {
                "outcome": worst.code,
                "text": _("Chưa kiểm tra") if row.worst is None else str(worst.label),
            },
            failing_words(row),
            row_step(row),
        ],
    }


def status_words(status: str) -> str:
    """The status, kept on one line."""
    return str(PlanStatus(status).label).replace(" ", formats.NBSP)


def failing_words(row: PlanRow) -> str:
    """The columns that fail, by their heads: "Ba độ tuổi · Nữ"."""
    wanted = Outcome.NOT_MET if row.worst == Outcome.NOT_MET else Outcome.CANNOT_TELL
    if row.worst is None or row.worst < wanted:
        return ""
    named = [
        str(words.COLUMNS[key][0]) for key, cell in row.cells.items() if cell.outcome == wanted
    ]
    return " · ".join(named)


def chips(
    query: QueryDict, labels: Mapping[str, tuple[str, str]], path: str
) -> list[dict[str, Any]]:
    """Filters that are on, each with the address that takes it off."""
    shown = []
    for key, (label, value) in labels.items():
        rest = query.copy()
        rest.pop(key, None)
        rest.pop("trang", None)
        tail = f"?{rest.urlencode()}" if rest else "?"
        shown.append({"label": label, "value": value, "remove_url": f"{path}{tail}"})
    return shown


# ---- Ballots ---------------------------------------------------------------------------------


def ballot_groups(
    ballots: Sequence[Ballot], rule: BallotRule, as_of: dt.date
) -> list[dict[str, Any]]:
    """Ballots by title and person, and which of them pass."""
    groups = []
    for pool, of_pool in groupby(ballots, key=lambda ballot: ballot.pool):
        people = [
            _person_ballots(list(rows), rule, as_of)
            for _cadre, rows in groupby(of_pool, key=lambda ballot: ballot.cadre)
        ]
        groups.append({"title": str(pool.position.title), "people": people})
    return groups


def _person_ballots(rows: list[Ballot], rule: BallotRule, as_of: dt.date) -> dict[str, Any]:
    cadre = rows[0].cadre
    return {
        "name": cadre.full_name,
        "url": links.cadre_url(cadre.code, as_of) if rows[0].is_open else "",  # type: ignore[attr-defined]
        "steps": [
            {
                "ballot": row,
                "share": formats.percent(row.agree, rule.base(row)),
                "outcome": _ballot_outcome(row, rule),
            }
            for row in rows
        ],
    }


def _ballot_outcome(row: Ballot, rule: BallotRule) -> str:
    passed = rule.passed(row)
    if passed is None:
        return Outcome.NOT_APPLICABLE.code
    return (Outcome.MET if passed else Outcome.NOT_MET).code


# ---- History ---------------------------------------------------------------------------------

#: So many new rows of one moment, or more, stand as one line.
_TOGETHER = 4


def history_groups(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes by moment and person; what came in together, as from a file, stands as one line."""
    groups = []
    for (at, who), rows in groupby(changes, key=_moment):
        changed = list(rows)
        fresh = [change for change in changed if change.is_new]
        lines = [change for change in changed if not change.is_new]
        bulk = fresh if len(fresh) >= _TOGETHER else []
        groups.append(
            {
                "at": at,
                "who": who,
                "lines": lines if bulk else changed,
                "bulk": Counter(change.what.split(":")[0] for change in bulk).most_common(),
                "bulk_lines": bulk,
            }
        )
    return groups


def _moment(change: Change) -> tuple[dt.datetime, str]:
    return change.at.replace(second=0, microsecond=0), change.who


# ---- Panels ----------------------------------------------------------------------------------


def unit_panel(
    rows: Iterable[PlanRow], terms: Mapping[int, str], as_of: dt.date
) -> list[dict[str, Any]]:
    """A unit's plans: term, status, outcome, what to do first."""
    return [
        {
            "term": terms[row.plan_id].replace("-", "–"),
            "url": links.plan_url(row.plan_id, as_of),
            "status": PlanStatus(row.status).label,
            "people": row.people,
            "outcome": (row.worst or Outcome.NOT_APPLICABLE).code,
            "text": words.outcome_sentence(row.worst or Outcome.NOT_APPLICABLE),
            "failing": failing_words(row),
            "step": row_step(row),
        }
        for row in rows
    ]


def tabs(plan: Plan, as_of: dt.date, here: str) -> list[dict[str, Any]]:
    """The parts of a plan's page."""
    return [
        {
            "label": label,
            "url": links.plan_url(plan.pk, as_of, phan=key),
            "here": key == here,
            "count": None,
        }
        for key, label in (
            ("", _("Nhân sự")),
            ("ho-so", _("Hồ sơ trình")),
            ("ra-soat", _("Rà soát hằng năm")),
            ("du-bao", _("Dự báo")),
            ("lien-thong", _("Liên thông")),
            ("phieu", _("Phiếu từng bước")),
            ("phe-duyet", _("So với phê duyệt")),
            ("lich-su", _("Lịch sử")),
        )
    ]
