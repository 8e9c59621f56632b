"""Tables of a self-report, filled in from the unit's own data, and how they differ from it later.

A table is plain JSON, as an answer keeps it: `columns` [{label, num, day, fixed, of, width}],
`rows` [[cell]] with a `keys` entry each, by which it is compared; `as_of`, `since`; `who`: people
whose facts it tells, code by id. Rows that the unit has added of its own come last, with keys of
theirs (`OWN`), and are compared with nothing. `fixed` columns say what a row is about; numbers may
be typed over, but for those computed of two others (`of`: [part, whole, "percent" or "ratio"]);
`width`: in the printed report, against the other columns.

Its words are those of a document: Vietnamese, whatever language the person reads. Ethnic groups and
disciplines are in none. Unscoped: for an inspected unit that the actor answers for or reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.choices import Degree, Grade, Theory, TrainingKind
from cadres.selectors.inspected import courses_below, grades_below
from compliance.choices import Outcome, SubjectKind
from compliance.services import evaluate
from inspections.choices import TableKind
from inspections.models import InspectedUnit
from planning.selectors.inspected import (
    nominees_below,
    plans_below,
    pools_below,
    reviews_below,
)
from planning.selectors.origins import appointed_below
from planning.selectors.structure import Ages, Structure, plans_structure
from rotation.choices import RotationKind
from rotation.selectors.inspected import moves_below

Table = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the data are asked of: the unit, the period, the day."""

    unit: Any
    since: dt.date
    as_of: dt.date


@dataclass(frozen=True)
class Line:
    """A row; `key` says of what, so that it is found again."""

    key: str
    cells: Sequence[str | int | None]


def day_of(inspected: InspectedUnit) -> dt.date:
    """The day of the figures: that of the evidence, or today while it lies ahead."""
    return min(inspected.inspection.evidence_on, clock.today())


def table_now(inspected: InspectedUnit, kind: str) -> Table:
    """What the data of now say for the inspection's day; at most four queries."""
    as_of = day_of(inspected)
    asked = Asked(inspected.unit, min(inspected.inspection.period_from, as_of), as_of)
    with translation.override("vi"):
        table = _MAKERS[TableKind(kind)](asked)
    return table | {
        "kind": str(kind),
        "as_of": as_of.isoformat(),
        "since": asked.since.isoformat(),
    }


def _table(
    labels: Sequence[str],
    lines: Iterable[Line],
    *,
    fixed: int = 1,
    numbers: Sequence[str] = (),
    widths: Sequence[int],
    computed: Mapping[str, tuple[str, str, str]] | None = None,
) -> Table:
    """`fixed`: so many columns say what a row is about; `widths`: of the first columns, the others
    are narrow; `computed`: label -> part, whole, how."""
    lines, computed = list(lines), computed or {}
    columns: list[dict[str, Any]] = [
        {
            "label": label,
            "num": label in numbers or label in computed,
            "day": label in _DAYS,
            "fixed": place < fixed,
            "width": widths[place] if place < len(widths) else _NARROW,
        }
        for place, label in enumerate(labels)
    ]
    for label, (part, whole, how) in computed.items():
        of = [labels.index(part), labels.index(whole), how]
        columns[labels.index(label)]["of"] = of
    return {
        "columns": columns,
        "keys": [line.key for line in lines],
        "rows": [list(line.cells) for line in lines],
    }


_NARROW = 14
_DAYS = (
    "Ngày sinh", "Đưa vào quy hoạch", "Rà soát gần nhất", "Ngày phê duyệt", "Từ ngày", "Đến ngày",
    "Kết thúc",
)  # fmt: skip

#: What keys of rows begin with that the unit has added.
OWN = "own:"
#: What they are called, on pages and in papers.
OWN_WORDS = "đơn vị bổ sung"


def is_own(key: str) -> bool:
    """Whether a row with this key was added by the unit."""
    return key.startswith(OWN)


def takes_own(table: Mapping[str, Any]) -> bool:
    """Whether the unit may add rows: not to what the portal itself judges."""
    return "keys" in table and table.get("kind") != TableKind.FINDINGS


def parted(table: Mapping[str, Any]) -> tuple[Table, dict[str, list[Any]]]:
    """A table without the unit's own rows, and those by their keys."""
    rows = list(zip(table["keys"], table["rows"], strict=True))
    given = [(key, row) for key, row in rows if not is_own(key)]
    filled = {**table, "keys": [key for key, _row in given], "rows": [row for _key, row in given]}
    return filled, {key: list(row) for key, row in rows if is_own(key)}


def joined(table: Mapping[str, Any], own: Mapping[str, Sequence[Any]]) -> Table:
    """A table with the unit's own rows after the others."""
    return {
        **table,
        "keys": [*table["keys"], *own],
        "rows": [*table["rows"], *(list(row) for row in own.values())],
    }


def computed_cell(of: Sequence[Any], cells: Sequence[Any]) -> str:
    """The share or ratio of two other cells of the row; "" where it cannot be told."""
    part, whole = cells[of[0]], cells[of[1]]
    if not isinstance(part, int) or not isinstance(whole, int) or not whole:
        return ""
    return formats.number((100 if of[2] == "percent" else 1) * part / whole, 1)


def _day(day: dt.date | None) -> str:
    return formats.date(day) if day else ""


# ---- Planning --------------------------------------------------------------------------------


def _plans(asked: Asked) -> Table:
    """The unit's own plans title by title; of those below it, a line each."""
    plans = plans_below(asked.unit, asked.as_of)
    counted = plans_structure(list(plans), asked.as_of)
    pools: dict[int, list[Any]] = {}
    for pool in pools_below(plans):
        pools.setdefault(pool.plan_id, []).append(pool)
    lines = []
    for plan in plans:
        ages, own, term = counted.ages[plan.pk], pools.get(plan.pk, []), plan.term.code
        posts = sum(pool.position.prescribed for pool in own)
        whole = counted.by_plan.get(plan.pk, Structure())
        named = (f"{plan.unit.name} (cả kế hoạch)", term)
        lines.append(Line(f"plan:{plan.pk}", (*named, *_counts(whole, posts, ages))))
        if plan.unit_id != asked.unit.pk:
            continue
        for pool in own:
            each = counted.by_pool.get(pool.pk, Structure())
            cells = _counts(each, pool.position.prescribed, ages)
            lines.append(Line(f"pool:{pool.pk}", (pool.position.title.name, term, *cells)))
    return _table(
        (
            "Kế hoạch, chức danh", "Nhiệm kỳ", _POSTS, _PEOPLE, "Hệ số", "Nữ", "Nữ (%)", "Trẻ",
            "Trẻ (%)", *_BANDS,
        ),
        lines,
        fixed=2,
        widths=(48, 27),
        numbers=(_POSTS, _PEOPLE, "Nữ", "Trẻ", *_BANDS),
        computed={
            "Hệ số": (_PEOPLE, _POSTS, "ratio"),
            "Nữ (%)": ("Nữ", _PEOPLE, "percent"),
            "Trẻ (%)": ("Trẻ", _PEOPLE, "percent"),
        },
    )  # fmt: skip


_POSTS, _PEOPLE = "Số lượng quy định", "Số quy hoạch"
_BANDS = ("Độ tuổi 1", "Độ tuổi 2", "Độ tuổi 3")


def _counts(counted: Structure, posts: int, ages: Ages) -> tuple[str | int | None, ...]:
    """The figures of a plan or a title; empty where nothing says what to count."""
    has_bands = ages.young_below is not None and ages.middle_to is not None
    bands = (counted.band_young, counted.band_middle, counted.band_senior)
    young = None if ages.age_below is None else counted.young
    of_all = (0, 1, "percent")
    return (
        posts,
        counted.people,
        computed_cell((0, 1, "ratio"), (counted.people, posts)),
        counted.women,
        computed_cell(of_all, (counted.women, counted.people)),
        young,
        computed_cell(of_all, (young, counted.people)),
        *(bands if has_bands else (None, None, None)),
    )


def _nominees(asked: Asked) -> Table:
    found = nominees_below(asked.unit, asked.as_of)
    here = f", {asked.unit.name}"
    lines = []
    for each in found:
        cadre, plan = each.person.cadre, each.nomination.plan
        title = f"{each.nomination.pool.position.title.name}, {plan.unit.name}"
        cells = (
            cadre.full_name,
            formats.date(cadre.birth_date, cadre.birth_precision) if cadre.birth_date else "",
            # The unit itself goes without saying.
            each.person.post.removesuffix(here),
            title.removesuffix(here),
            plan.term.code,
            "" if cadre.degree is None else str(Degree(cadre.degree).label),
            "" if cadre.theory is None else str(Theory(cadre.theory).label),
            _day(each.nomination.nominated_on),
        )
        lines.append(Line(f"nomination:{each.nomination.pk}", cells))
    labels = (
        "Họ và tên", "Ngày sinh", "Chức vụ hiện tại", "Chức danh quy hoạch", "Nhiệm kỳ",
        "Chuyên môn", "Lý luận chính trị", "Đưa vào quy hoạch",
    )  # fmt: skip
    people = {str(each.person.cadre.pk): each.person.cadre.code for each in found}
    widths = (28, 27, 36, 36, 26, 20, 20, 27)
    return _table(labels, lines, widths=widths) | {"who": people}


def _reviews(asked: Asked) -> Table:
    lines = [
        Line(
            f"plan:{plan.pk}",
            (
                plan.unit.name,
                plan.term.code,
                _day(plan.last_reviewed_on),
                plan.added,
                plan.removed,
                plan.decision_no,
                _day(plan.approved_on),
            ),
        )
        for plan in reviews_below(asked.unit, asked.since, asked.as_of)
    ]
    labels = (
        "Đơn vị", "Nhiệm kỳ", "Rà soát gần nhất", "Lượt đưa vào trong kỳ", "Lượt đưa ra trong kỳ",
        "Quyết định phê duyệt", "Ngày phê duyệt",
    )  # fmt: skip
    numbers = ("Lượt đưa vào trong kỳ", "Lượt đưa ra trong kỳ")
    widths = (42, 25, 25, 20, 20, 28, 25)
    return _table(labels, lines, fixed=2, widths=widths, numbers=numbers)


def _findings(asked: Asked) -> Table:
    """What the criteria say of each plan and title, the worst first; what is told only to some is
    left out."""
    found = [
        each
        for each in evaluate(as_of=asked.as_of, unit=asked.unit, only=("planning",))
        if each.kind in (SubjectKind.PLAN, SubjectKind.POOL)
        and not each.rule.sensitive
        and each.outcome != Outcome.NOT_APPLICABLE
    ]
    found.sort(key=lambda each: (-each.outcome, each.labels.unit_name or "", each.rule.code))
    lines = [
        Line(
            f"{each.rule.code}:{each.kind.code}:{each.subject_id}",
            (
                _subject(each, asked.unit),
                each.labels.term or "",
                str(each.rule.title),
                str(each.outcome.label),
                each.message,
            ),
        )
        for each in found
    ]
    labels = ("Kế hoạch, chức danh", "Nhiệm kỳ", "Tiêu chí", "Kết quả", "Số liệu")
    return _table(labels, lines, fixed=3, widths=(44, 24, 34, 20, 68))


def _subject(finding: Any, unit: Any) -> str:
    """The title, and the unit where it is another; of a whole plan its unit."""
    labels = finding.labels
    if not labels.title_name:
        return str(labels.unit_name or "")
    if labels.unit_code == unit.code:
        return str(labels.title_name)
    return f"{labels.title_name}, {labels.unit_name}"


# ---- Rotation, grades, trainings, appointments -----------------------------------------------

_WAYS = {"out": "Đi nơi khác", "in": "Từ nơi khác đến", "inside": "Trong đơn vị"}


def _rotations(asked: Asked) -> Table:
    moves = moves_below(asked.unit, asked.since, asked.as_of)
    lines = [
        Line(
            f"move:{move.pk}",
            (
                move.name,
                str(RotationKind(move.kind).label),
                _WAYS[move.way],
                move.from_post,
                move.to_post,
                _day(move.start_on),
                _day(move.ended_on),
            ),
        )
        for move in moves
    ]
    labels = (
        "Họ và tên", "Hình thức", "Hướng", "Chức vụ nơi đi", "Chức vụ nơi đến", "Từ ngày",
        "Kết thúc",
    )  # fmt: skip
    people = {str(move.cadre_id): move.code for move in moves}
    return _table(labels, lines, widths=(30, 22, 24, 42, 42, 27, 27)) | {"who": people}


def _grades(asked: Asked) -> Table:
    """Years of the period that have ended, the one before it without any."""
    last = asked.as_of.year - 1
    years = range(min(asked.since.year, last), last + 1)
    grades = sorted(Grade, reverse=True)
    lines = [
        Line(
            f"grades:{each.unit_code}:{each.year}",
            (
                each.unit_name,
                str(each.year),
                *(each.grades.get(grade.name, 0) for grade in grades),
                each.total,
            ),
        )
        for each in grades_below(asked.unit, years)
    ]
    counted = (*(grade.name for grade in grades), "Cộng")
    widths = (60, 14, *(20 for _grade in grades))
    return _table(("Đơn vị", "Năm", *counted), lines, fixed=2, widths=widths, numbers=counted)


def _trainings(asked: Asked) -> Table:
    lines = [
        Line(
            f"course:{each.kind}:{each.course}:{each.start_on or ''}:{each.end_on or ''}",
            (
                each.course,
                str(TrainingKind(each.kind).label),
                _day(each.start_on),
                _day(each.end_on),
                each.people,
            ),
        )
        for each in courses_below(asked.unit, asked.since, asked.as_of)
    ]
    labels = ("Khóa học", "Loại", "Từ ngày", "Đến ngày", "Số người")
    return _table(labels, lines, widths=(64, 34, 22, 22), numbers=("Số người",))


def _appointments(asked: Asked) -> Table:
    found = appointed_below(asked.unit.path, asked.since, asked.as_of)
    lines = [
        Line(
            f"appointment:{each.pk}",
            (
                each.name,
                each.title,
                each.unit,
                _day(each.start_on),
                each.decision_no,
                str(each.origin.label),
            ),
        )
        for each in found
    ]
    labels = (
        "Họ và tên", "Chức vụ được bổ nhiệm", "Đơn vị", "Từ ngày", "Quyết định số",
        "Nguồn quy hoạch",
    )  # fmt: skip
    people = {str(each.cadre_id): each.code for each in found}
    return _table(labels, lines, widths=(32, 42, 32, 25, 27, 32)) | {"who": people}


_MAKERS: Mapping[TableKind, Callable[[Asked], Table]] = {
    TableKind.PLANS: _plans,
    TableKind.NOMINEES: _nominees,
    TableKind.REVIEWS: _reviews,
    TableKind.ROTATIONS: _rotations,
    TableKind.GRADES: _grades,
    TableKind.TRAININGS: _trainings,
    TableKind.APPOINTMENTS: _appointments,
    TableKind.FINDINGS: _findings,
}


# ---- What differs ----------------------------------------------------------------------------


@dataclass(frozen=True)
class CellChange:
    """A cell that says something else: `row`, `column` in words."""

    key: str
    place: int
    row: str
    column: str
    kept: str
    now: str


@dataclass(frozen=True)
class Difference:
    """How a table that was kept differs from another; `gone`, `added`: rows in words."""

    cells: Sequence[CellChange]
    gone: Sequence[str]
    added: Sequence[str]

    @property
    def number(self) -> int:
        """Cells and rows that differ."""
        return len(self.cells) + len(self.gone) + len(self.added)


def difference(kept: Mapping[str, Any] | None, now: Mapping[str, Any]) -> Difference:
    """What the data of `now` say otherwise; of nothing kept, nothing. The unit's own rows are in no
    data."""
    if not kept or "keys" not in kept:
        return Difference([], [], [])
    return compared(parted(kept)[0], now)


def compared(kept: Mapping[str, Any], now: Mapping[str, Any]) -> Difference:
    """How two tables differ, row by row."""
    before = dict(zip(kept["keys"], kept["rows"], strict=False))
    after = dict(zip(now["keys"], now["rows"], strict=False))
    columns = kept["columns"]
    cells = [
        CellChange(key, place, _name(kept, row), str(column["label"]), _text(mine), _text(theirs))
        for key, row in before.items()
        if key in after
        for place, (column, mine, theirs) in enumerate(zip(columns, row, after[key], strict=False))
        if _text(mine) != _text(theirs) and not column.get("of")
    ]
    return Difference(
        cells,
        _named(kept, [key for key in before if key not in after]),
        _named(now, [key for key in after if key not in before]),
    )


def _named(table: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    rows = dict(zip(table["keys"], table["rows"], strict=False))
    return [_name(table, rows[key]) for key in keys]


def _name(table: Mapping[str, Any], row: Sequence[Any]) -> str:
    """What a row is about, in the words of its fixed columns."""
    fixed = sum(bool(column.get("fixed")) for column in table["columns"]) or 1
    return ", ".join(_text(cell) for cell in row[:fixed] if _text(cell))


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
