"""Pages of liên thông: of one plan, and of all plans of a term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import number, percent
from compliance.choices import Outcome
from planning.contexts import links, words
from planning.contexts.parts import parts
from planning.models import Plan
from planning.selectors.lineage import (
    Break,
    DownLine,
    LineagePerson,
    Link,
    PlanLineage,
    UpLine,
    lines_total,
)
from planning.selectors.terms import TermChoice

#: Part of the page of a plan, and the direction on the page of all plans.
PART, UP = "lien-thong", "len"


# ---- One plan --------------------------------------------------------------------------------


def plan_context(plan: Plan, found: PlanLineage, as_of: dt.date) -> dict[str, Any]:
    """Context of `planning/_lineage.html`."""
    linked = [p for p in found.people if p.is_from_below and not p.is_break]
    others = [p for p in found.people if not p.is_from_below]
    groups: list[dict[str, Any]] = [
        {
            "label": _("Điểm đứt: công tác ở cấp dưới, chưa có trong quy hoạch cấp dưới"),
            "people": _people(found.breaks, as_of),
            "is_break": True,
        },
        {
            "label": _("Công tác ở cấp dưới, có trong quy hoạch cấp dưới"),
            "people": _people(linked, as_of),
        },
        {
            "label": _("Công tác tại đơn vị, ở nơi khác hoặc chưa giữ chức vụ")
            if found.has_below
            else "",
            "people": _people(others, as_of),
        },
    ]
    up = sum(bool(person.up) for person in found.people)
    return {
        "outcome": found.outcome.code,
        "lede": _plan_lede(found),
        "limit": _limit(found),
        "up_words": "" if plan.unit.is_root() else _up_words(up, found),
        "citations": found.citations,
        "is_judged": found.outcome != Outcome.NOT_APPLICABLE,
        "has_below": found.has_below,
        "has_above": found.has_above,
        "groups": [group for group in groups if group["people"]],
        "all_url": links.address("planning:lineage", as_of=as_of, nhiem_ky=plan.term.code),
    }


def _plan_lede(found: PlanLineage) -> str:
    if not found.people:
        return _("Ngày này kế hoạch chưa có ai.")
    if not found.has_below:
        return _("Đơn vị không có đơn vị cấp dưới: liên thông chỉ xét lên cấp trên.")
    below = sum(person.is_from_below for person in found.people)
    values = {"total": len(found.people), "below": below, "breaks": len(found.breaks)}
    if not below:
        return _("Không ai trong %(total)s người được quy hoạch công tác ở cấp dưới.") % values
    if not found.breaks:
        return _("Cả %(below)s người công tác ở cấp dưới đều có trong quy hoạch cấp dưới.") % values
    return (
        _(
            "%(breaks)s trong %(below)s người công tác ở cấp dưới"
            " chưa có trong quy hoạch cấp dưới nào."
        )
        % values
    )


def _limit(found: PlanLineage) -> str:
    if not found.has_below:
        return ""
    if found.maximum is None:
        return _(
            "Tỉnh chưa giao chỉ tiêu liên thông cho cấp này, nên điểm đứt nêu dưới đây"
            " chỉ để biết, không tính đạt hay chưa đạt."
        )
    return _("Chỉ tiêu: nhiều nhất %(n)s người.") % {"n": found.maximum}


def _up_words(up: int, found: PlanLineage) -> str:
    if not found.has_above:
        return _("Quy hoạch của cấp trên nằm ngoài phạm vi của tài khoản.")
    return _("%(n)s trong %(total)s người có trong quy hoạch cấp trên.") % {
        "n": up,
        "total": len(found.people),
    }


def _people(people: Sequence[LineagePerson], as_of: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "name": person.name,
            "url": links.cadre_url(person.code, as_of) if person.is_open else "",
            "titles": ", ".join(person.titles),
            "post": person.post or _("chưa giữ chức vụ"),
            "down": _links(person.down, as_of),
            "up": _links(person.up, as_of),
        }
        for person in people
    ]


def _links(found: Sequence[Link], as_of: dt.date) -> list[dict[str, Any]]:
    """Plans, each once, with the titles the person stands for in it."""
    titles: dict[Link, list[str]] = {}
    plans: dict[int, Link] = {}
    for link in found:
        first = plans.setdefault(link.plan_id, link)
        titles.setdefault(first, []).append(link.title_name)
    return [
        {
            "text": link.unit_name,
            "url": links.plan_url(link.plan_id, as_of, phan=PART),
            "note": f"{', '.join(named)} · {link.term}",
        }
        for link, named in titles.items()
    ]


# ---- All plans of a term ---------------------------------------------------------------------


def down_context(
    lines: Sequence[DownLine], page: Page[Break], terms: TermChoice, form: Any, as_of: dt.date
) -> dict[str, Any]:
    """Context of `planning/lineage.html`, from plans down to those below."""
    people, below, breaks = lines_total(lines)
    without = [line for line in lines if line.maximum is None]
    return {
        **_page(terms, form, as_of, is_up=False),
        "lede": _down_lede(lines, below, breaks),
        "no_target": bool(without),
        "no_target_all": len(without) == len(lines),
        "tiles": [
            {"label": _("Được quy hoạch"), "figure": number(people)},
            {"label": _("Công tác ở cấp dưới"), "figure": number(below)},
            {"label": _("Có trong quy hoạch cấp dưới"), "figure": number(below - breaks)},
            {"label": _("Điểm đứt"), "figure": number(breaks)},
        ]
        if lines
        else [],
        "table": _down_table(lines, as_of),
        "breaks": _break_table(page, as_of),
        "break_count": breaks,
    }


def _down_lede(lines: Sequence[DownLine], below: int, breaks: int) -> str:
    if not lines:
        return ""
    failing = sum(line.outcome == Outcome.NOT_MET for line in lines)
    if not breaks:
        return _("Quy hoạch các cấp liên thông: không có điểm đứt nào.")
    sentence = _(
        "%(breaks)s trong %(below)s lượt người từ cấp dưới chưa có trong quy hoạch cấp dưới"
    ) % {"breaks": number(breaks), "below": number(below)}
    if failing:
        return _("%(sentence)s; %(n)s kế hoạch chưa đạt.") % {"sentence": sentence, "n": failing}
    return f"{sentence}."


def _down_table(lines: Sequence[DownLine], as_of: dt.date) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Kế hoạch của đơn vị"), "name": True},
            {"label": _("Cấp")},
            {"label": _("Được quy hoạch"), "num": True},
            {"label": _("Từ cấp dưới"), "num": True},
            {"label": _("Có ở cấp dưới"), "num": True},
            {"label": _("Điểm đứt"), "num": True},
            {"label": _("Chỉ tiêu"), "num": True},
            {"label": _("Kết quả")},
        ],
        "rows": [
            {
                "url": links.plan_url(line.plan_id, as_of, phan=PART),
                "cells": [
                    line.unit_name,
                    str(words.LEVELS[line.level][0]),
                    number(line.people),
                    number(line.below),
                    number(line.linked),
                    number(line.breaks),
                    "–" if line.maximum is None else f"≤ {line.maximum}",
                    {"outcome": line.outcome.code, "text": _outcome_words(line.outcome)},
                ],
            }
            for line in lines
        ],
        "caption": _("Liên thông từ quy hoạch cấp trên xuống cấp dưới"),
        "empty": {
            "title": _("Không có kế hoạch nào của đơn vị có cấp dưới"),
            "text": _("Trong phạm vi và nhiệm kỳ này, mọi kế hoạch là của đơn vị ở cấp cuối cùng."),
            "icon": "tree",
        },
    }


def _outcome_words(outcome: Outcome) -> str:
    if outcome == Outcome.NOT_APPLICABLE:
        return _("Chưa có chỉ tiêu")
    return str(outcome.label)


def _break_table(page: Page[Break], as_of: dt.date) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Họ và tên"), "name": True},
            {"label": _("Chức vụ hiện tại")},
            {"label": _("Quy hoạch của")},
            {"label": _("Chức danh quy hoạch")},
        ],
        "rows": [
            {
                "url": "",
                "cells": [
                    {
                        "text": each.name,
                        "url": links.cadre_url(each.code, as_of) if each.is_open else "",
                    },
                    each.post,
                    {
                        "text": each.plan_unit,
                        "url": links.plan_url(each.plan_id, as_of, phan=PART),
                    },
                    each.titles,
                ],
            }
            for each in page.object_list
        ],
        "page": page,
        "noun": _("điểm đứt"),
        "caption": _("Những người tạo nên điểm đứt"),
        "empty": {
            "title": _("Không có điểm đứt nào"),
            "text": _("Ai công tác ở cấp dưới cũng có trong một kế hoạch của cấp dưới."),
            "icon": "check",
        },
    }


def up_context(
    page: Page[UpLine], lines: Sequence[UpLine], terms: TermChoice, form: Any, as_of: dt.date
) -> dict[str, Any]:
    """Context of `planning/lineage.html`, from plans up to those above."""
    people, above = sum(line.people for line in lines), sum(line.above for line in lines)
    return {
        **_page(terms, form, as_of, is_up=True),
        "lede": _("%(above)s trong %(people)s lượt người có trong quy hoạch cấp trên (%(share)s).")
        % {"above": number(above), "people": number(people), "share": percent(above, people)}
        if people
        else "",
        "table": {
            "columns": [
                {"label": _("Kế hoạch của đơn vị"), "name": True},
                {"label": _("Cấp")},
                {"label": _("Được quy hoạch"), "num": True},
                {"label": _("Có trong quy hoạch cấp trên"), "num": True},
                {"label": _("Tỷ lệ"), "num": True},
            ],
            "rows": [
                {
                    "url": links.plan_url(line.plan_id, as_of, phan=PART),
                    "cells": [
                        line.unit_name,
                        str(words.LEVELS[line.level][0]),
                        number(line.people),
                        number(line.above),
                        percent(line.above, line.people),
                    ],
                }
                for line in page.object_list
            ],
            "page": page,
            "noun": _("kế hoạch"),
            "caption": _("Liên thông từ quy hoạch cấp dưới lên cấp trên"),
            "empty": {
                "title": _("Không có kế hoạch nào có cấp trên trong phạm vi"),
                "text": _("Quy hoạch của cấp trên nằm ngoài phạm vi của tài khoản."),
                "icon": "tree",
            },
        },
    }


def _page(terms: TermChoice, form: Any, as_of: dt.date, *, is_up: bool) -> dict[str, Any]:
    kept = {"nhiem_ky": form.initial["nhiem-ky"], "don_vi": form.initial["don-vi"]}
    name = "planning:lineage"
    return {
        "parts": parts(name, as_of, nhiem_ky=kept["nhiem_ky"]),
        "term": terms.chosen,
        "form": form,
        "is_up": is_up,
        "directions": [
            {
                "label": _("Từ trên xuống"),
                "url": links.address(name, as_of=as_of, **kept),
                "here": not is_up,
            },
            {
                "label": _("Từ dưới lên"),
                "url": links.address(name, as_of=as_of, chieu=UP, **kept),
                "here": is_up,
            },
        ],
    }
