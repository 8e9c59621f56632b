"""Yearly programmes as pages show them: items, coverage, ranking with each part of the score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from inspections.choices import Stage
from inspections.contexts.links import address
from inspections.forms.programmes import DONE, LONG_AGO, NOT_PLANNED, PLANNED, WEIGHT
from inspections.models import Inspection, Programme, ProgrammeItem
from inspections.policies import can_edit_programme
from inspections.risk import SIGNS, WEIGHTS, Risk
from inspections.selectors.coverage import Covered, Inspected

_PARTS = (
    ("inspections:programme-detail", gettext_lazy("Danh mục")),
    ("inspections:programme-coverage", gettext_lazy("Độ phủ")),
    ("inspections:programme-ranking", gettext_lazy("Xếp hạng rủi ro")),
)
#: Of a reason made from the ranking, so many of the strongest signs are told.
_REASONS = 3


def frame(
    actor: Actor, programme: Programme, here: str, as_of: dt.date, *more: str
) -> dict[str, Any]:
    """What stands around every page of one programme; `more`: breadcrumbs behind it."""
    own = address("inspections:programme-detail", programme.pk, as_of=as_of)
    return {
        "programme": programme,
        "crumbs": [
            {"label": _("Kiểm tra"), "url": address("inspections:inspection-list", as_of=as_of)},
            {
                "label": _("Chương trình"),
                "url": address("inspections:programme-list", as_of=as_of),
            },
            {"label": str(programme.year), "url": own if more else ""},
            *({"label": each, "url": ""} for each in more),
        ],
        "parts": [
            {
                "label": label,
                "url": address(name, programme.pk, as_of=as_of),
                "here": name == here,
            }
            for name, label in _PARTS
        ],
        "edits": can_edit_programme(actor, programme),
        "head_words": head_words(programme),
    }


def head_words(programme: Programme) -> str:
    """Body, document and day."""
    if not programme.decision_no:
        return f"{programme.unit.name} · {_('chưa ban hành')}"
    return " · ".join(
        filter(
            None,
            (
                programme.unit.name,
                programme.decision_no,
                formats.date(programme.decision_on) if programme.decision_on else "",
            ),
        )
    )


# ---- The list --------------------------------------------------------------------------------


def programme_table(rows: Iterable[Any], as_of: dt.date, open_url: str) -> dict[str, Any]:
    """All programmes, the latest first."""
    return {
        "columns": [
            {"label": _("Năm"), "name": True},
            {"label": _("Cơ quan kiểm tra")},
            {"label": _("Văn bản")},
            {"label": _("Trong chương trình"), "num": True},
            {"label": _("Đã triển khai"), "num": True},
        ],
        "rows": [
            {
                "url": address("inspections:programme-detail", row.pk, as_of=as_of),
                "cells": [
                    {
                        "text": str(row.year),
                        "url": address("inspections:programme-detail", row.pk, as_of=as_of),
                    },
                    row.unit.name,
                    {
                        "text": row.decision_no or _("chưa ban hành"),
                        "under": formats.date(row.decision_on) if row.decision_on else "",
                    },
                    row.item_count,
                    f"{formats.number(row.begun)}/{formats.number(row.item_count)}",
                ],
            }
            for row in rows
        ],
        "caption": _("Chương trình kiểm tra hằng năm"),
        "empty": {
            "title": _("Chưa có chương trình nào"),
            "text": _("Chương trình nêu năm nay kiểm tra đơn vị nào, nội dung gì, vì sao chọn."),
            "icon": "calendar",
            "action": {"label": _("Lập chương trình"), "url": open_url} if open_url else None,
        },
    }


# ---- Items -----------------------------------------------------------------------------------


def item_rows(
    programme: Programme,
    items: Iterable[ProgrammeItem],
    inspections: Mapping[int, Sequence[Inspection]],
    seen: frozenset[int],
    as_of: dt.date,
    *,
    edits: bool,
) -> list[dict[str, Any]]:
    """Items by quarter, each with its inspection; `seen`: inspections that the actor may open."""
    found = []
    for item in items:
        own = inspections.get(item.unit_id, ())
        last = own[-1] if own else None
        found.append(
            {
                "item": item,
                "quarter": _("Quý %(n)s") % {"n": item.quarter} if item.quarter else "",
                "unit": item.unit.name,
                "unit_url": address("cadres:unit-detail", item.unit.code, as_of=as_of),
                "state": _state(last),
                "url": address("inspections:inspection-detail", last.pk, as_of=as_of)
                if last and last.pk in seen
                else "",
                "edit_url": address(
                    "inspections:programme-item-edit", programme.pk, item.pk, as_of=as_of
                )
                if edits
                else "",
                "open_url": address(
                    "inspections:programme-inspect", programme.pk, as_of=as_of, muc=item.pk
                )
                if edits and last is None
                else "",
            }
        )
    return found


def _state(inspection: Inspection | None) -> dict[str, str]:
    if inspection is None:
        return {"outcome": "not_applicable", "text": _("Chưa triển khai")}
    stage = Stage(inspection.stage)
    outcome = "met" if inspection.is_concluded else "cannot_tell"
    if stage == Stage.PREPARING:
        outcome = "not_applicable"
    return {"outcome": outcome, "text": str(stage.label)}


def inspection_values(programme: Programme, items: Sequence[ProgrammeItem]) -> dict[str, Any]:
    """What the form of an inspection begins with, as the programme says it."""
    subjects = list(dict.fromkeys(item.subject for item in items))
    where = items[0].unit.name if len(items) == 1 else _("%(n)s đơn vị") % {"n": len(items)}
    subject = subjects[0]
    words = {"subject": subject[:1].lower() + subject[1:], "where": where}
    quarters = [item.quarter for item in items if item.quarter]
    starts_on = dt.date(programme.year, 3 * min(quarters) - 2, 1) if quarters else None
    return {
        "name": (_("Kiểm tra %(subject)s tại %(where)s") % words)[:300],
        "unit": programme.unit,
        "subject": "; ".join(subjects),
        "starts_on": starts_on,
    }


# ---- Coverage --------------------------------------------------------------------------------


def passes(row: Covered, state: str, day: dt.date, years: int) -> bool:
    """Whether a unit is of what the list is narrowed to."""
    return {
        LONG_AGO: row.is_long_ago(day, years),
        PLANNED: bool(row.items),
        NOT_PLANNED: not row.items,
        DONE: bool(row.in_year),
    }.get(state, True)


def coverage_tiles(
    rows: Sequence[Covered], programme: Programme, as_of: dt.date, years: int, level: str
) -> list[dict[str, str]]:
    """How many units stand how, each figure with its rows."""

    def tile(label: str, number: int, state: str) -> dict[str, str]:
        return {
            "label": label,
            "figure": formats.number(number),
            "url": address(
                "inspections:programme-coverage",
                programme.pk,
                as_of=as_of,
                nam=years,
                cap=level,
                tinh_trang=state,
            ),
        }

    long_ago = [row for row in rows if row.is_long_ago(as_of, years)]
    words = _("Chưa kiểm tra trong %(n)s năm") % {"n": years}
    return [
        tile(_("Đơn vị"), len(rows), ""),
        tile(words, len(long_ago), LONG_AGO),
        tile(_("Có trong chương trình"), sum(bool(row.items) for row in rows), PLANNED),
        tile(_("Đã kiểm tra trong năm"), sum(bool(row.in_year) for row in rows), DONE),
    ]


def coverage_lede(rows: Sequence[Covered], day: dt.date, years: int) -> str:
    """One sentence: who was left alone for years, and how many of them are planned."""
    long_ago = [row for row in rows if row.is_long_ago(day, years)]
    if not long_ago:
        return _("Không có đơn vị nào chưa được kiểm tra trong %(n)s năm.") % {"n": years}
    words = {
        "n": formats.number(len(long_ago)),
        "all": formats.number(len(rows)),
        "years": years,
        "planned": formats.number(sum(bool(row.items) for row in long_ago)),
    }
    text = _(
        "%(n)s trong %(all)s đơn vị chưa được kiểm tra trong %(years)s năm; %(planned)s đã có trong"
        " chương trình."
    )
    return text % words


def coverage_table(
    rows: Iterable[Covered],
    page: Any,
    seen: frozenset[int],
    as_of: dt.date,
    years: int,
) -> dict[str, Any]:
    """Units with their last inspection and what the programme plans."""
    return {
        "columns": [
            {"label": _("Đơn vị"), "name": True},
            {"label": _("Kiểm tra gần nhất")},
            {"label": _("Cách đây")},
            {"label": _("Trong chương trình")},
            {"label": _("Kiểm tra trong năm")},
        ],
        "rows": [_coverage_row(row, seen, as_of, years) for row in rows],
        "page": page,
        "noun": _("đơn vị"),
        "caption": _("Độ phủ của kiểm tra"),
        "empty": {
            "title": _("Không có đơn vị nào như vậy"),
            "text": _("Thử bỏ bớt điều kiện lọc."),
            "icon": "filter",
        },
    }


def _coverage_row(row: Covered, seen: frozenset[int], as_of: dt.date, years: int) -> dict[str, Any]:
    unit_url = address("cadres:unit-detail", row.unit.code, as_of=as_of)
    planned = [
        f"{_('quý %(n)s') % {'n': item.quarter}} · {item.subject}" if item.quarter else item.subject
        for item in row.items
    ]
    return {
        "url": unit_url,
        "cells": [
            {"text": row.unit.name, "url": unit_url},
            _last(row, seen, as_of),
            {
                "text": _ago(row, as_of),
                "sign": "not_met" if row.is_long_ago(as_of, years) else "",
            },
            "; ".join(planned),
            _inspected(row.in_year[0], seen, as_of) if row.in_year else "",
        ],
    }


def _last(row: Covered, seen: frozenset[int], as_of: dt.date) -> Any:
    if row.last is not None:
        return _inspected(row.last, seen, as_of)
    if row.unit.valid_from:
        return _("chưa; lập ngày %(day)s") % {"day": formats.date(row.unit.valid_from)}
    return _("chưa lần nào")


def _inspected(found: Inspected, seen: frozenset[int], as_of: dt.date) -> dict[str, Any]:
    return {
        "text": formats.date(found.on),
        "under": found.name,
        "url": address("inspections:inspection-detail", found.inspection_id, as_of=as_of)
        if found.inspection_id in seen
        else "",
    }


def _ago(row: Covered, day: dt.date) -> str:
    """Whole months since the last inspection, in words."""
    if row.last is None:
        return ""
    months = (day.year - row.last.on.year) * 12 + day.month - row.last.on.month
    months -= day.day < row.last.on.day
    if months < 12:
        return _("%(n)s tháng") % {"n": months}
    years, rest = divmod(months, 12)
    if not rest:
        return _("%(n)s năm") % {"n": years}
    return _("%(years)s năm %(months)s tháng") % {"years": years, "months": rest}


# ---- Ranking ---------------------------------------------------------------------------------


def heads(weights: Mapping[str, int]) -> list[dict[str, Any]]:
    """Columns of the signs that weigh something, each with its largest part of the score."""
    whole = sum(weights.values())
    return [
        {
            "key": sign.key,
            "label": sign.label,
            "help": sign.help,
            "most": _points(Fraction(100 * weights[sign.key], whole)),
        }
        for sign in SIGNS
        if weights[sign.key]
    ]


def ranking_row(
    row: Covered, risk: Risk, weights: Mapping[str, int], as_of: dt.date, years: int
) -> dict[str, Any]:
    """A unit with its score, and each part with the number behind it."""
    return {
        "code": row.unit.code,
        "unit": row.unit.name,
        "unit_url": address("cadres:unit-detail", row.unit.code, as_of=as_of),
        "score": _points(risk.score),
        "planned": [item.quarter for item in row.items],
        "is_planned": bool(row.items),
        "is_long_ago": row.is_long_ago(as_of, years),
        "parts": [
            {
                "label": part.sign.label,
                "points": _points(part.points),
                "is_nothing": not part.points,
                "short": part.measure.short,
                "text": part.measure.text,
                "is_known": part.measure.is_known,
            }
            for part in risk.parts
            if weights[part.sign.key]
        ],
    }


def sort_key(key: str, risk: Risk) -> Fraction:
    """What a ranking is ordered by: the score, or the part of one sign."""
    for part in risk.parts:
        if part.sign.key == key:
            return part.points
    return risk.score


def reason_of(risk: Risk) -> str:
    """Why a unit is chosen, from its strongest signs: a text that a person edits."""
    told = [
        f"{part.sign.label}: {part.measure.text}"
        for part in risk.strongest[:_REASONS]
        if part.measure.is_known
    ]
    return "; ".join(told)[:500]


def weight_rows(weights: Mapping[str, int]) -> list[dict[str, Any]]:
    """The declared table with the weights in use, for the form."""
    return [
        {
            "name": f"{WEIGHT}{sign.key}",
            "label": sign.label,
            "help": sign.help,
            "weight": weights[sign.key],
            "usual": sign.weight,
        }
        for sign in SIGNS
    ]


def changed_weights(weights: Mapping[str, int]) -> dict[str, int | str]:
    """What the address has to say of the weights: those that are not the table's."""
    return {
        f"{WEIGHT}{key}": str(weight) for key, weight in weights.items() if weight != WEIGHTS[key]
    }


def _points(points: Fraction) -> str:
    return formats.number(round(float(points), 1), 1)
