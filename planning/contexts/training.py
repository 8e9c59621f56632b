"""Pages of what nominees have to learn, what they learned, and where they come from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, number, percent
from cadres.choices import TrainingKind
from cadres.contexts.links import Links
from cadres.contexts.trainings import parts
from planning.selectors.sources import SourceCount
from planning.selectors.training_gaps import (
    THEORY,
    GapCount,
    GapPerson,
    Need,
    TrainedPerson,
    TrainedShare,
)

# ---- Needs -----------------------------------------------------------------------------------


def gaps_context(
    *,
    counts: Sequence[GapCount],
    need: Need | None,
    people: Sequence[GapPerson],
    unit_code: str,
    can_add: bool,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `planning/training_gaps.html`; `people`: who needs `need`, all or of one unit."""
    links = Links(as_of)
    name = "planning:training-gaps"
    by_need: dict[Need, list[GapCount]] = defaultdict(list)
    for count in counts:
        by_need[count.need].append(count)
    groups: list[dict[str, Any]] = []
    for each, rows in by_need.items():
        whole = next((row for row in rows if not row.unit_code), None)
        if whole is None:
            continue
        groups.append(
            {
                "need": each,
                "whole": whole,
                "url": links.to(name, nhom=each.key),
                "is_open": each == need,
                "units": [
                    {
                        "count": row,
                        "url": links.to(name, nhom=each.key, don_vi=row.unit_code),
                        "here": row.unit_code == unit_code,
                    }
                    for row in rows
                    if row.unit_code
                ]
                if each == need
                else [],
            }
        )
    groups.sort(key=lambda group: (-group["whole"].lacking, -group["whole"].unclear))
    return {
        "tabs": parts(name, links),
        "groups": groups,
        "need": need,
        "unit_code": unit_code,
        "unit_name": next((c.unit_name for c in counts if c.unit_code == unit_code), ""),
        "people": [
            {"person": person, "url": links.to("cadres:cadre-detail", person.code)}
            for person in people
        ],
        "close_url": links.to(name),
        "need_url": links.to(name, nhom=need.key) if need else "",
        "new_course": _new_course(need, links) if need and can_add else None,
        "export_url": links.to("planning:training-gaps-export"),
    }


def _new_course(need: Need, links: Links) -> dict[str, Any]:
    """Where a new course is made, and what is known of it already."""
    is_theory = need.what == THEORY
    is_skill = need.course_kind != TrainingKind.THEORY and need.what != "degree"
    return {
        "url": links.to("cadres:training-add"),
        "fields": {
            "kind": need.course_kind,
            "ten": need.label,
            "theory": need.level if is_theory else "",
            "skill": (f"{need.what}:{need.level}" if need.level else need.what) if is_skill else "",
        },
    }


# ---- What was learned ------------------------------------------------------------------------


def results_context(
    *,
    shares: Sequence[TrainedShare],
    people: Sequence[TrainedPerson],
    unit_code: str,
    day: dt.date,
    as_of: dt.date,
) -> dict[str, Any]:
    """Context of `planning/training_results.html`."""
    links = Links(as_of)
    name = "planning:training-results"
    by_unit: dict[str, list[TrainedShare]] = defaultdict(list)
    for share in shares:
        by_unit[share.unit_code].append(share)
    days = sorted({share.day for share in shares})
    rows = [
        _share_row(code, of_unit, days, links)
        for code, of_unit in by_unit.items()
        if code and any(share.day == as_of for share in of_unit)
    ]
    whole = _share_row("", by_unit[""], days, links) if by_unit[""] else None
    return {
        "tabs": parts(name, links),
        "days": [date(each) if each == as_of else str(each.year) for each in days],
        "whole": whole,
        "rows": rows,
        "unit_code": unit_code,
        "unit_name": next((s.unit_name for s in by_unit[unit_code]), "") if unit_code else "",
        "people": [
            {"person": person, "url": links.to("cadres:cadre-detail", person.code)}
            for person in people
        ],
        "day": day,
        "close_url": links.to(name),
    }


def _share_row(
    code: str, shares: Sequence[TrainedShare], days: Sequence[dt.date], links: Links
) -> dict[str, Any]:
    by_day = {share.day: share for share in shares}
    return {
        "name": shares[0].unit_name,
        "code": code,
        "cells": [
            {
                "share": by_day.get(day),
                "text": percent(by_day[day].trained, by_day[day].people) if day in by_day else "",
                "url": links.to(
                    "planning:training-results",
                    don_vi=code,
                    tinh_den=day.isoformat(),
                    xem=1,
                ),
                "label": day.year,
            }
            for day in days
        ],
        "trend": [
            round(100 * by_day[day].trained / by_day[day].people, 1)
            for day in days
            if day in by_day and by_day[day].people
        ],
    }


# ---- Where they come from --------------------------------------------------------------------


def sources_context(
    *, counts: Sequence[SourceCount], age: int, years: int, as_of: dt.date
) -> dict[str, Any]:
    """Context of `planning/nominee_sources.html`."""
    links = Links(as_of)
    whole = next((count for count in counts if not count.unit_code and count.people), None)
    return {
        "tabs": parts("planning:nominee-sources", links),
        "age": age,
        "years": years,
        "whole": whole,
        "tiles": _source_tiles(whole) if whole else [],
        "table": {
            "columns": [
                {"label": _("Đơn vị"), "name": True},
                {"label": _("Được quy hoạch"), "num": True},
                {"label": _("Tại đơn vị"), "num": True},
                {"label": _("Từ cấp dưới"), "num": True},
                {"label": _("Từ nơi khác"), "num": True},
                {"label": _("Không giữ chức vụ"), "num": True},
                {"label": _("Người mới, trẻ"), "num": True},
            ],
            "rows": [
                {
                    "url": links.to("cadres:unit-detail", count.unit_code),
                    "cells": [
                        count.unit_name,
                        *(
                            number(value)
                            for value in (
                                count.people,
                                count.own,
                                count.below,
                                count.elsewhere,
                                count.unknown,
                                count.recruits,
                            )
                        ),
                    ],
                }
                for count in counts
                if count.unit_code
            ],
            "caption": _("Nguồn quy hoạch theo đơn vị"),
            "empty": {
                "title": _("Chưa có ai được quy hoạch"),
                "text": _("Ngày này không có kế hoạch nào còn hiệu lực trong phạm vi."),
            },
        },
    }


def _source_tiles(whole: SourceCount) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "figure": number(value),
            "note": percent(value, whole.people) or "",
        }
        for label, value in (
            (_("Tại đơn vị"), whole.own),
            (_("Từ cấp dưới"), whole.below),
            (_("Từ nơi khác"), whole.elsewhere),
            (_("Người mới, trẻ"), whole.recruits),
        )
    ]
