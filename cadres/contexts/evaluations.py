"""Pages of grades."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.drawings import strip
from cadre_portal.templatetags.formats import date_time, number
from cadres.choices import Grade
from cadres.contexts.cadres import birth_text
from cadres.contexts.links import Links
from cadres.forms.evaluations import YearForm, grade_field, shown_field
from cadres.grade_lists import GradeReading
from cadres.judging import GradeVerdict
from cadres.models import Unit
from cadres.selectors.evaluations import (
    GRADES,
    GradeSave,
    GradeYear,
    Roster,
    RosterRow,
    UnitYear,
)
from cadres.services.evaluations import GradeConflict

PAGE_SIZE = 50
#: Heads of columns and words of the grid, short.
SHORT = {
    Grade.HTXSNV: gettext_lazy("Xuất sắc"),
    Grade.HTTNV: gettext_lazy("Tốt"),
    Grade.HTNV: gettext_lazy("Hoàn thành"),
    Grade.KHTNV: gettext_lazy("Không hoàn thành"),
}
#: Keys that set a grade in the grid: a digit in the order of the form, and a letter.
KEYS = {Grade.HTXSNV: "1x", Grade.HTTNV: "2t", Grade.HTNV: "3h", Grade.KHTNV: "4k"}
_FILLS = {
    Grade.HTXSNV: "f-bar",
    Grade.HTTNV: "f-bar2",
    Grade.HTNV: "f-bar3",
    Grade.KHTNV: "f-not",
}

# ---- A year by unit --------------------------------------------------------------------------


def year_context(
    *, found: GradeYear, page: Page[UnitYear], form: YearForm, query: QueryDict, as_of: dt.date
) -> dict[str, Any]:
    """Context of `cadres/evaluations/evaluation_list.html`."""
    links = Links(as_of)
    kept = {"nam": found.year}
    return {
        "found": found,
        "form": form,
        "page": page,
        "chips": _chips(form.chosen(), query),
        "clear_url": links.to("cadres:evaluation-list", **kept),
        "rows": [_unit_row(row, found.year, links) for row in page],
        "bar": grade_bar(found.total),
        "legend": [
            {"label": SHORT[grade], "css": _FILLS[grade], "count": found.total[grade]}
            for grade in GRADES
        ],
        "tiles": _tiles(found, links),
        "export_url": _with_query("cadres:evaluation-export", links, query),
    }


def _chips(chosen: list[tuple[str, Any, str]], query: QueryDict) -> list[dict[str, Any]]:
    chips = []
    for name, label, words in chosen:
        rest = query.copy()
        for gone in (name, "trang"):
            rest.pop(gone, None)
        chips.append({"label": label, "value": words, "remove_url": f"?{rest.urlencode()}"})
    return chips


def _with_query(name: str, links: Links, query: QueryDict) -> str:
    given = {key: query[key] for key in query if key not in ("trang", "ngay")}
    return links.to(name, **given)


def _tiles(found: GradeYear, links: Links) -> list[dict[str, Any]]:
    def to(state: str) -> str:
        return links.to("cadres:evaluation-list", nam=found.year, tinh_trang=state)

    over, alike = found.count("vuot"), found.count("chua-phan-hoa")
    return [
        {
            "label": _("Đã xếp loại"),
            "figure": number(sum(found.total.values())),
            "note": _("người"),
        },
        {
            "label": _("Chưa xếp loại"),
            "figure": number(found.missing),
            "note": _("người"),
            "url": to("con-thieu") if found.missing else "",
        },
        {
            "label": _("Vượt tỷ lệ xuất sắc"),
            "figure": number(over),
            "note": _("đơn vị"),
            "outcome": "not_met" if over else "",
            "url": to("vuot") if over else "",
        },
        {
            "label": _("Xếp loại chưa phân hóa"),
            "figure": number(alike),
            "note": _("đơn vị mọi người cùng một mức"),
            "outcome": "cannot_tell" if alike else "",
            "url": to("chua-phan-hoa") if alike else "",
        },
    ]


def _unit_row(row: UnitYear, year: int, links: Links) -> dict[str, Any]:
    def to(**query: Any) -> str:
        return links.to("cadres:evaluation-unit", row.unit.code, nam=year, **query)

    return {
        "row": row,
        "unit": row.unit,
        "url": to(),
        "bar": grade_bar(row.grades),
        "cells": [
            {
                "label": SHORT[grade],
                "count": row.grades[grade],
                "url": to(xep_loai=grade.name) if row.grades[grade] else "",
            }
            for grade in GRADES
        ],
        "missing_url": to(xep_loai="chua") if row.missing else "",
        "verdict": row.verdict if row.verdict and row.verdict.applies else None,
    }


def grade_bar(grades: Mapping[Grade, int]) -> dict[str, Any]:
    """Rectangles of a bar of the four grades, and what it says aloud."""
    return {
        "segments": strip([(_FILLS[grade], grades[grade]) for grade in GRADES], width=1000, gap=3),
        "words": ", ".join(f"{SHORT[grade]} {grades[grade]}" for grade in GRADES),
    }


# ---- One unit --------------------------------------------------------------------------------


def unit_context(
    *,
    roster: Roster,
    verdict: GradeVerdict | None,
    years: Iterable[int],
    as_of: dt.date,
    shown: str = "",
    typed: Mapping[int, Grade | None] | None = None,
    conflicts: Iterable[GradeConflict] = (),
    source: str = "",
) -> dict[str, Any]:
    """Context of `cadres/evaluations/evaluation_unit.html`.

    `shown`: a grade, or "chua": then only these people, to look at. `typed`: what stands in the
    form and is not saved; `source` says where it came from.
    """
    links, unit = Links(as_of), roster.unit
    met = {conflict.cadre_id: conflict for conflict in conflicts}
    rows = [_person_row(row, typed, met.get(row.cadre.pk), roster, links) for row in roster.rows]
    unsaved = sum(1 for row in rows if row["is_changed"])
    is_edited = roster.can_edit and not shown
    return {
        "roster": roster,
        "unit": unit,
        "year": roster.year,
        "crumbs": [
            {
                "label": _("Đánh giá, xếp loại"),
                "url": links.to("cadres:evaluation-list", nam=roster.year),
            },
            {"label": unit.name, "url": ""},
        ],
        "rows": [row for row in rows if _is_shown(row["row"], shown)],
        "shown": _shown_words(shown),
        "all_url": links.to("cadres:evaluation-unit", unit.code, nam=roster.year),
        "unit_url": links.to("cadres:unit-detail", unit.code),
        "years": [
            {
                "label": year,
                "url": links.to("cadres:evaluation-unit", unit.code, nam=year),
                "here": year == roster.year,
            }
            for year in years
        ],
        "verdict": verdict_context(verdict, counts_typed(roster, typed), unsaved=unsaved),
        "is_edited": is_edited,
        "choices": [{"value": g.name, "label": SHORT[g], "keys": KEYS[g]} for g in GRADES],
        "unsaved": unsaved,
        "conflicts": [row for row in rows if row["conflict"]],
        "source": source,
        "save_url": links.to("cadres:evaluation-unit", unit.code, nam=roster.year),
        "judge_url": links.to("cadres:evaluation-judge", unit.code, nam=roster.year),
        "undo_url": links.to("cadres:evaluation-undo", unit.code, nam=roster.year),
        "read_url": links.to("cadres:evaluation-read", unit.code, nam=roster.year),
        "export_url": links.to("cadres:evaluation-unit-export", unit.code, nam=roster.year),
    }


def undo_context(*, unit: Unit, year: int, found: GradeSave, back_url: str) -> dict[str, Any]:
    """Context of `cadres/evaluations/evaluation_undo.html`."""

    def word(grade: Grade | None) -> str:
        return str(SHORT[grade]) if grade else _("không có")

    return {
        "unit": unit,
        "year": year,
        "found": found,
        "rows": [
            {"name": each.name, "now": word(each.now), "was": word(each.was)}
            for each in sorted(found.changes, key=lambda each: each.name)
        ],
        "back_url": back_url,
    }


def counts_typed(roster: Roster, typed: Mapping[int, Grade | None] | None) -> dict[Grade, int]:
    """People by grade as the form says; who is not in it counts with the grade on file."""
    given = [
        typed[row.cadre.pk] if typed is not None and row.cadre.pk in typed else row.grade
        for row in roster.rows
    ]
    return {grade: given.count(grade) for grade in GRADES}


def verdict_context(
    verdict: GradeVerdict | None, counts: Mapping[Grade, int], *, unsaved: int
) -> dict[str, Any]:
    """What stands beside the grid: counts, the check's verdict, whether all are alike."""
    total = sum(counts.values())
    return {
        "counts": [
            {"label": SHORT[grade], "css": _FILLS[grade], "count": counts[grade]}
            for grade in GRADES
        ],
        "total": total,
        "bar": grade_bar(counts),
        "verdict": verdict,
        "unsaved": unsaved,
        "is_alike": total > 1 and max(counts.values()) == total,
        "part": counts[Grade.HTXSNV],
        "whole": counts[Grade.HTTNV],
    }


def _person_row(
    row: RosterRow,
    typed: Mapping[int, Grade | None] | None,
    conflict: GradeConflict | None,
    roster: Roster,
    links: Links,
) -> dict[str, Any]:
    pk = row.cadre.pk
    grade = typed[pk] if typed is not None and pk in typed else row.grade
    return {
        "row": row,
        "cadre": row.cadre,
        "url": links.to("cadres:cadre-detail", row.cadre.code) if row.is_open else "",
        "birth": birth_text(row.cadre),
        "name": grade_field(pk),
        "shown_name": shown_field(pk),
        "grade": grade.name if grade else "",
        "word": SHORT[grade] if grade else "",
        # A conflict was told: saving again means to write over what is on file now.
        "was": row.grade.name if row.grade else "",
        "was_word": SHORT[row.grade] if row.grade else _("chưa xếp loại"),
        "is_changed": grade != row.grade,
        "before": [
            {"year": year, "word": SHORT[row.before[year]] if year in row.before else ""}
            for year in roster.years_before
        ],
        "before_words": ", ".join(
            f"{year}: {SHORT[row.before[year]]}"
            for year in roster.years_before
            if year in row.before
        ),
        "elsewhere": [
            _("%(unit)s: %(grade)s") % {"unit": given.unit, "grade": SHORT[given.grade]}
            for given in row.elsewhere
        ],
        "conflict": _conflict_words(conflict) if conflict else "",
    }


def _conflict_words(conflict: GradeConflict) -> str:
    theirs = SHORT[conflict.theirs] if conflict.theirs else _("bỏ xếp loại")
    mine = SHORT[conflict.mine] if conflict.mine else _("bỏ xếp loại")
    writer = conflict.writer
    if writer is None:
        return _("Trên hệ thống nay là “%(theirs)s”; đồng chí chọn “%(mine)s”.") % {
            "theirs": theirs,
            "mine": mine,
        }
    return _("%(who)s đã ghi “%(theirs)s” lúc %(at)s; đồng chí chọn “%(mine)s”.") % {
        "who": writer.name or _("Một lần nhập dữ liệu"),
        "theirs": theirs,
        "at": date_time(writer.at),
        "mine": mine,
    }


def _is_shown(row: RosterRow, shown: str) -> bool:
    if shown == "chua":
        return row.is_here and row.grade is None and not row.elsewhere
    return not shown or (row.grade is not None and row.grade.name == shown)


def _shown_words(shown: str) -> str:
    if shown == "chua":
        return _("chưa xếp loại")
    return str(SHORT[Grade[shown]]) if shown in Grade.__members__ else ""


# ---- A list that was read --------------------------------------------------------------------


def read_context(
    *, unit: Unit, year: int, form: Any, reading: GradeReading | None, refusal: str, as_of: dt.date
) -> dict[str, Any]:
    """Context of `cadres/evaluations/evaluation_read.html`."""
    links = Links(as_of)
    back = links.to("cadres:evaluation-unit", unit.code, nam=year)
    return {
        "unit": unit,
        "year": year,
        "form": form,
        "reading": reading,
        "refusal": refusal,
        "back_url": back,
        "crumbs": [
            {
                "label": _("Đánh giá, xếp loại"),
                "url": links.to("cadres:evaluation-list", nam=year),
            },
            {"label": unit.name, "url": back},
            {"label": _("Nhập từ Excel"), "url": ""},
        ],
    }
