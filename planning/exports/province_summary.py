"""Tổng hợp quy hoạch toàn tỉnh: units by level with totals, then the titles of each level."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cadres.exports.papers import RIGHT_ALIGNED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import head_of_paper, short_day, signature_of
from cadres.policies import Actor
from planning.contexts import words
from planning.exports.paper_parts import NUMBER, share_cells
from planning.exports.structure_form import coefficient, missing_note
from planning.models import Term
from planning.selectors.structure import (
    COMMITTEES,
    DEPUTIES,
    HEADS,
    Structure,
    TermStructure,
    TitleLine,
)

KEY = "province_summary"
_LEVELS = ("central", "province", "district", "commune")
_GROUPS = ((COMMITTEES, "Cấp ủy"), (HEADS, "Cấp trưởng"), (DEPUTIES, "Cấp phó"))


def _number(key: str, head: str, over: str = "", width: float = 13) -> PaperColumn:
    return PaperColumn(key=key, head=head, over=over, width=width, align=RIGHT_ALIGNED)


_SHARES = (
    _number("women", "SL", "Nữ"),
    _number("women_share", "%", "Nữ"),
    _number("minority", "SL", "Dân tộc thiểu số"),
    _number("minority_share", "%", "Dân tộc thiểu số"),
    _number("young", "SL", "Trẻ"),
    _number("young_share", "%", "Trẻ"),
)
UNIT_COLUMNS = (
    NUMBER,
    PaperColumn(key="unit", head="Đơn vị", width=52),
    *(
        _number(f"{key}_{name}", head, over)
        for key, over in _GROUPS
        for name, head in (("prescribed", "Quy định"), ("people", "Quy hoạch"))
    ),
    _number("people", "Số người", width=14),
    *_SHARES,
)
TITLE_COLUMNS = (
    NUMBER,
    PaperColumn(key="title", head="Chức danh", width=70),
    _number("units", "Số đơn vị", width=14),
    _number("prescribed", "Số lượng quy định", width=17),
    _number("people", "Số quy hoạch", width=17),
    _number("coefficient", "Hệ số"),
    *_SHARES,
)
UNITS, TITLES = "A. Theo đơn vị", "B. Theo chức danh"
TABLES = ((UNITS, UNIT_COLUMNS), (TITLES, TITLE_COLUMNS))


def province_summary(
    actor: Actor,
    found: TermStructure,
    term: Term,
    unit: Any,
    above: list[Any],
    as_of: dt.date,
    *,
    with_group: bool,
) -> Paper:
    """All plans of a term that the actor may see; `unit` issues it, `above`: the units above."""
    return Paper(
        template=KEY,
        head=head_of_paper(unit, above, as_of),
        title="TỔNG HỢP QUY HOẠCH CÁN BỘ",
        under_title=(f"Nhiệm kỳ {term}", f"(tính đến ngày {short_day(as_of)})"),
        tables=(
            PaperTable(columns=UNIT_COLUMNS, rows=_unit_rows(found, with_group), caption=UNITS),
            PaperTable(columns=TITLE_COLUMNS, rows=_title_rows(found, with_group), caption=TITLES),
        ),
        notes=(
            "Số người: mỗi người tính một lần ở từng dòng, nên dòng cộng có thể ít hơn tổng các"
            " dòng trên nó. Ô trống ở cột trẻ: chưa có căn cứ.",
            *missing_note(found.whole, with_group=with_group),
        ),
        signature=signature_of(unit),
        recipients=("- Lưu hồ sơ quy hoạch.",),
        is_sensitive=with_group,
    )


def _unit_rows(found: TermStructure, with_group: bool) -> list[PaperRow]:
    rows: list[PaperRow] = []
    for level in _LEVELS:
        plans = [plan for plan in found.plans if plan.unit.level == level]
        if not plans:
            continue
        rows.append(PaperRow(text=_level_words(level)))
        for number, plan in enumerate(plans, start=1):
            structure = found.by_plan.get(plan.pk, Structure())
            groups = _group_cells(found, [plan.pk])
            shares = _share_cells(structure, with_group, found.has_young([plan]))
            rows.append(PaperRow((number, plan.unit.name, *groups, structure.people, *shares)))
        structure = found.by_level.get(level, Structure())
        groups = _group_cells(found, [plan.pk for plan in plans])
        named = (None, f"Cộng {_level_words(level).lower()}", *groups, structure.people)
        shares = _share_cells(structure, with_group, found.has_young(plans))
        rows.append(PaperRow((*named, *shares), "", True))
    groups = _group_cells(found, [plan.pk for plan in found.plans])
    named = (None, "Tổng cộng", *groups, found.whole.people)
    shares = _share_cells(found.whole, with_group, found.has_young(found.plans))
    rows.append(PaperRow((*named, *shares), "", True))
    return rows


def _level_words(level: str) -> str:
    return str(words.LEVELS[level][0])


def _group_cells(found: TermStructure, plans: list[int]) -> tuple[int | None, ...]:
    """Prescribed posts and nominations of each group over some plans; empty without such titles."""
    cells: list[int | None] = []
    for group, _words in _GROUPS:
        posts = [found.prescribed.get((plan, group)) for plan in plans]
        if all(number is None for number in posts):
            cells += [None, None]
            continue
        cells.append(sum(number or 0 for number in posts))
        cells.append(sum(found.by_group.get((plan, group), 0) for plan in plans))
    return tuple(cells)


def _share_cells(
    counted: Structure, with_group: bool, with_young: bool
) -> tuple[str | int | None, ...]:
    total = counted.people
    return (
        *share_cells(counted.women, total),
        *(share_cells(counted.minority, total) if with_group else (None, None)),
        *(share_cells(counted.young, total) if with_young else (None, None)),
    )


def _title_rows(found: TermStructure, with_group: bool) -> list[PaperRow]:
    rows: list[PaperRow] = []
    for level in _LEVELS:
        lines = [line for line in found.titles if line.level == level]
        if lines:
            rows.append(PaperRow(text=_level_words(level)))
        young = found.has_young(plan for plan in found.plans if plan.unit.level == level)
        rows += [_title_row(place, line, with_group, young) for place, line in enumerate(lines, 1)]
    return rows


def _title_row(number: int, line: TitleLine, with_group: bool, with_young: bool) -> PaperRow:
    counted = line.structure
    return PaperRow(
        (
            number,
            line.title,
            line.units,
            line.prescribed,
            counted.people,
            coefficient(counted.people, line.prescribed),
            *_share_cells(counted, with_group, with_young),
        )
    )
