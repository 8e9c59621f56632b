"""Grades of units by year, and the people of one unit with theirs, scoped to the actor."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min, Q

from cadres.choices import Grade
from cadres.judging import GradeCounts, GradeVerdict, judge_grades, judged_on
from cadres.models import Appointment, Cadre, Evaluation, Unit, User
from cadres.policies import EVERYTHING, Actor, can_edit_unit, scope_paths, unit_scope
from cadres.selectors.cadres import cadre_scope

#: Best first, as forms list them.
GRADES = (Grade.HTXSNV, Grade.HTTNV, Grade.HTNV, Grade.KHTNV)
#: So many years stand beside the one that is entered.
YEARS_BESIDE = 3


def alike_from() -> int:
    """From how many graded people on it says something that all have the same grade."""
    return int(getattr(settings, "EVALUATION_ALIKE_FROM", 2))


# ---- A year by unit --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class YearFilter:
    """Which units; None and "" ask nothing. `state`: a key of STATES."""

    unit: Unit | None = None
    level: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitYear:
    """The grades that a unit gave in a year.

    `missing`: people whose main post was in the unit on 31 December and who have no grade of the
    year anywhere.
    """

    unit: Unit
    grades: dict[Grade, int]
    missing: int
    verdict: GradeVerdict | None

    @property
    def graded(self) -> int:
        """People with a grade."""
        return sum(self.grades.values())

    @property
    def is_alike(self) -> bool:
        """Whether everybody has the same grade, so that the grades say nothing."""
        return self.graded >= alike_from() and max(self.grades.values()) == self.graded

    @property
    def is_over(self) -> bool:
        """Whether more have the top grade than may."""
        return self.verdict is not None and self.verdict.outcome == "not_met"


#: Names of the states as the address says them, and what they keep.
STATES = {
    "vuot": lambda row: row.is_over,
    "chua-phan-hoa": lambda row: row.is_alike,
    "con-thieu": lambda row: row.missing > 0,
    "chua-co": lambda row: row.graded == 0,
}
#: Orders of the list; "-" turns one round. Without, the order of the tree.
ORDERS = {
    "xuat-sac": lambda row: row.grades[Grade.HTXSNV] / row.graded if row.graded else -1,
    "thieu": lambda row: row.missing,
    "nguoi": lambda row: row.graded,
}


@dataclass(frozen=True)
class GradeYear:
    """A year over all units that were asked for; `rows` passed the filter on state, too."""

    year: int
    judged_on: dt.date
    every: Sequence[UnitYear]
    rows: Sequence[UnitYear]

    @cached_property
    def total(self) -> dict[Grade, int]:
        """People by grade over all units."""
        return {grade: sum(row.grades[grade] for row in self.every) for grade in GRADES}

    @cached_property
    def missing(self) -> int:
        """People without a grade."""
        return sum(row.missing for row in self.every)

    def count(self, state: str) -> int:
        """How many units are in a state."""
        return sum(1 for row in self.every if STATES[state](row))


# A person's main post on the last day of the year says who owes the grade (CONTRACT section 3).
_BY_UNIT = """
WITH wanted AS MATERIALIZED (
    SELECT id FROM cadres_unit u WHERE {scope}
), given AS (
    SELECT unit_id, {counts} FROM cadres_evaluation
     WHERE year = %(year)s AND unit_id IN (SELECT id FROM wanted) GROUP BY unit_id
), post AS (
    SELECT DISTINCT ON (a.cadre_id) a.cadre_id, a.unit_id
      FROM cadres_appointment a JOIN cadres_title t ON t.id = a.title_id
      JOIN cadres_unit u ON u.id = a.unit_id
     WHERE a.start_on <= %(day)s AND (a.end_on IS NULL OR a.end_on > %(day)s)
       AND NOT EXISTS (SELECT FROM cadres_evaluation e
                        WHERE e.cadre_id = a.cadre_id AND e.year = %(year)s)
       AND ({everybody} OR a.cadre_id IN (
            SELECT cadre_id FROM cadres_appointment b
             WHERE b.unit_id IN (SELECT id FROM wanted) AND b.start_on <= %(day)s
               AND (b.end_on IS NULL OR b.end_on > %(day)s)))
     ORDER BY a.cadre_id, t.rank DESC, a.start_on DESC, t.code, u.code
), owed AS (
    SELECT unit_id, count(*) AS missing FROM post
     WHERE unit_id IN (SELECT id FROM wanted) GROUP BY unit_id
)
SELECT unit_id, {columns}, coalesce(missing, 0)
  FROM given FULL JOIN owed USING (unit_id)
"""


def grade_year(
    actor: Actor, year: int, as_of: dt.date, wanted: YearFilter, order: str = ""
) -> GradeYear:
    """Units in scope with grades or people in a year; four queries."""
    rows = _unit_years(actor, year, wanted)
    units = {
        unit.pk: unit
        for unit in Unit.objects.filter(
            unit_scope(actor, "path"),
            pk__in=list(rows),
            **({"level": wanted.level} if wanted.level else {}),
        ).order_by("path")
    }
    on = judged_on(year, as_of)
    verdicts = judge_grades(
        [
            GradeCounts(unit, year, rows[pk][0][Grade.HTXSNV], rows[pk][0][Grade.HTTNV])
            for pk, unit in units.items()
            if sum(rows[pk][0].values())
        ],
        on,
    )
    every = [
        UnitYear(unit=unit, grades=rows[pk][0], missing=rows[pk][1], verdict=verdicts.get(pk))
        for pk, unit in units.items()
    ]
    keep = STATES.get(wanted.state)
    kept = [row for row in every if keep(row)] if keep else every
    key = ORDERS.get(order.removeprefix("-"))
    if key:
        kept = sorted(kept, key=key, reverse=order.startswith("-"))
    elif order == "-don-vi":
        kept = kept[::-1]
    return GradeYear(year=year, judged_on=on, every=every, rows=kept)


def _unit_years(
    actor: Actor, year: int, wanted: YearFilter
) -> dict[int, tuple[dict[Grade, int], int]]:
    paths = [wanted.unit.path] if wanted.unit else list(scope_paths(actor))
    if not paths:
        return {}
    values: dict[str, Any] = {"year": year, "day": dt.date(year, 12, 31)}
    scope = "TRUE"
    if EVERYTHING not in paths:
        ranges = []
        for number, path in enumerate(paths):
            values |= {f"from{number}": path, f"to{number}": f"{path}~"}
            ranges.append(f"u.path >= %(from{number})s AND u.path < %(to{number})s")
        scope = f"({' OR '.join(ranges)})"
    counts = ", ".join(
        f"count(*) FILTER (WHERE grade = {grade.value}) AS g{grade.value}" for grade in GRADES
    )
    columns = ", ".join(f"coalesce(g{grade.value}, 0)" for grade in GRADES)
    with connection.cursor() as cursor:
        # Nothing of a person enters the text: numbers of our own list, and ranges of paths.
        cursor.execute(
            _BY_UNIT.format(scope=scope, everybody=scope == "TRUE", counts=counts, columns=columns),
            values,
        )
        return {
            unit_id: (dict(zip(GRADES, numbers, strict=True)), missing)
            for unit_id, *numbers, missing in cursor.fetchall()
        }


def years_with_grades(actor: Actor, today: dt.date) -> list[int]:
    """Years that can be chosen, the latest first: from the first grade on file to this year."""
    found = Evaluation.objects.filter(unit_scope(actor)).aggregate(
        first=Min("year"), last=Max("year")
    )
    last = max(found["last"] or today.year, today.year)
    return list(range(last, (found["first"] or last - 1) - 1, -1))


# ---- The people of one unit ------------------------------------------------------------------


@dataclass(frozen=True)
class GivenGrade:
    """A grade on file."""

    year: int
    grade: Grade
    unit: Unit


@dataclass(kw_only=True)
class RosterRow:
    """A person who served in the unit in the year.

    `is_here`: still there on 31 December; `left_on`: the first day out otherwise. `before`: grades
    of earlier years by year (of several the worst); `elsewhere`: grades of this year by others.
    `is_mine`: the actor's own file, `is_open`: the file may be opened.
    """

    cadre: Cadre
    post: str = ""
    is_here: bool = False
    left_on: dt.date | None = None
    is_open: bool = False
    is_mine: bool = False
    evaluation: Evaluation | None = None
    before: dict[int, Grade] = field(default_factory=dict)
    elsewhere: list[GivenGrade] = field(default_factory=list)

    @property
    def grade(self) -> Grade | None:
        """The grade that this unit gave."""
        return Grade(self.evaluation.grade) if self.evaluation else None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A unit's people in a year, as Vietnamese lists are sorted: first who was there at its end."""

    unit: Unit
    year: int
    rows: Sequence[RosterRow]
    years_before: Sequence[int]
    can_edit: bool

    @property
    def counts(self) -> dict[Grade, int]:
        """People by grade."""
        return {grade: sum(1 for row in self.rows if row.grade == grade) for grade in GRADES}

    @property
    def missing(self) -> int:
        """People who were there at the end of the year and have no grade at all."""
        return sum(1 for r in self.rows if r.is_here and not r.grade and not r.elsewhere)


def roster(actor: Actor, unit: Unit, year: int) -> Roster:
    """Everybody who served in the unit in the year or was graded there; four queries."""
    rows: dict[int, RosterRow] = {}
    last = dt.date(year, 12, 31)
    served = (
        Appointment.objects.filter(
            Q(end_on=None) | Q(end_on__gt=dt.date(year, 1, 1)), unit=unit, start_on__lte=last
        )
        .select_related("cadre", "title")
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
        .order_by("-title__rank", "-start_on", "title__code")
    )
    for held in served:
        row = rows.setdefault(held.cadre_id, RosterRow(cadre=held.cadre, is_open=held.is_open))
        is_here = held.end_on is None or held.end_on > last
        if is_here and not row.is_here:
            row.post, row.is_here, row.left_on = held.title.name, True, None
        elif held.end_on and not row.is_here and held.end_on > (row.left_on or dt.date.min):
            row.post, row.left_on = held.title.name, held.end_on
    given = (
        Evaluation.objects.filter(unit=unit, year=year)
        .select_related("cadre")
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
    )
    for evaluation in given:
        row = rows.setdefault(
            evaluation.cadre_id, RosterRow(cadre=evaluation.cadre, is_open=evaluation.is_open)
        )
        row.evaluation = evaluation
    _add_other_grades(rows, unit, year)
    own = actor.cadre_id if isinstance(actor, User) else None
    for pk, row in rows.items():
        row.is_mine = pk == own
    ordered = sorted(rows.values(), key=lambda r: (not r.is_here, r.cadre.sort_key, r.cadre.code))
    return Roster(
        unit=unit,
        year=year,
        rows=ordered,
        years_before=range(year - YEARS_BESIDE, year),
        can_edit=can_edit_unit(actor, unit),
    )


def _add_other_grades(rows: dict[int, RosterRow], unit: Unit, year: int) -> None:
    """Earlier years, and this year elsewhere; of who is no longer in sight only this unit's own."""
    others = Evaluation.objects.filter(
        cadre__in=list(rows), year__gt=year - 1 - YEARS_BESIDE, year__lte=year
    ).exclude(unit=unit, year=year)
    worst: dict[tuple[int, int], int] = defaultdict(lambda: 9)
    for evaluation in others.select_related("unit").order_by("year", "unit__path"):
        row = rows[evaluation.cadre_id]
        if not row.is_open and evaluation.unit_id != unit.pk:
            continue
        if evaluation.year == year:
            row.elsewhere.append(GivenGrade(year, Grade(evaluation.grade), evaluation.unit))
            continue
        key = (evaluation.cadre_id, evaluation.year)
        worst[key] = min(worst[key], evaluation.grade)
        row.before[evaluation.year] = Grade(worst[key])


def roster_verdict(
    actor: Actor, unit: Unit, year: int, counts: dict[Grade, int], as_of: dt.date
) -> GradeVerdict | None:
    """What a check would say of these counts; None where nobody has a grade. Two queries."""
    if not sum(counts.values()):
        return None
    asked = GradeCounts(unit, year, counts[Grade.HTXSNV], counts[Grade.HTTNV])
    return judge_grades([asked], judged_on(year, as_of)).get(unit.pk)


@dataclass(frozen=True)
class GradeChange:
    """A grade that a save wrote: of whom, what it was and what it became; None: no grade."""

    cadre_id: int
    name: str
    was: Grade | None
    now: Grade | None


@dataclass(frozen=True)
class GradeSave:
    """The grades of a unit and year that were written last, at once, through a form."""

    key: str
    writer: LastWriter
    changes: list[GradeChange]


def last_save(actor: Actor, unit: Unit, year: int) -> GradeSave | None:
    """What was written last, if it came from a form; None for imports, commands and nothing.

    Three queries.
    """
    model = Evaluation.pgh_event_model  # type: ignore[attr-defined]
    # By person: the event tables are indexed by whom they tell of, not by unit.
    people = [row.cadre.pk for row in roster(actor, unit, year).rows]
    told = model.objects.filter(cadre_id__in=people, unit_id=unit.pk, year=year)
    events = list(told.select_related("pgh_context").order_by("pgh_id"))
    context = events[-1].pgh_context if events else None
    if context is None or not context.metadata.get("url") or context.metadata.get("source"):
        return None
    names = dict(Cadre.objects.filter(pk__in=people).values_list("pk", "full_name"))
    before: dict[int, Grade] = {}
    changes: dict[int, GradeChange] = {}
    for event in events:
        gone = event.pgh_label.startswith("delete")
        now = None if gone else Grade(event.grade)
        who = event.cadre_id
        if event.pgh_context_id == context.pk:
            was = changes[who].was if who in changes else before.get(who)
            changes[who] = GradeChange(who, names[who], was, now)
        if now is None:
            before.pop(who, None)
        else:
            before[who] = now
    user = User.objects.filter(pk=context.metadata.get("user")).first()
    writer = LastWriter(str(user or ""), events[-1].pgh_created_at)
    return GradeSave(str(context.pk), writer, list(changes.values()))


@dataclass(frozen=True)
class LastWriter:
    """Who last wrote a grade, and when; `name` is "" for work without an account."""

    name: str
    at: dt.datetime


def last_writers(unit: Unit, year: int, cadre_ids: Sequence[int]) -> dict[int, LastWriter]:
    """Who last wrote or took away these people's grades of the unit and year; two queries."""
    events = Evaluation.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        unit_id=unit.pk, year=year, cadre_id__in=list(cadre_ids)
    )
    latest = {
        event.cadre_id: event for event in events.select_related("pgh_context").order_by("pgh_id")
    }
    ids = {
        pk: (event.pgh_context.metadata.get("user") if event.pgh_context else None)
        for pk, event in latest.items()
    }
    names = {
        user.pk: str(user) for user in User.objects.filter(pk__in={i for i in ids.values() if i})
    }
    return {
        pk: LastWriter(names.get(ids[pk] or 0, ""), event.pgh_created_at)
        for pk, event in latest.items()
    }


def grades_of(cadre_ids: Sequence[int], years: Sequence[int]) -> dict[tuple[int, int], str]:
    """The code of the grade by (person, year), of several in one year the worst; one query."""
    rows = (
        Evaluation.objects.filter(cadre__in=cadre_ids, year__in=years)
        .values_list("cadre_id", "year")
        .annotate(worst=Min("grade"))
    )
    return {(cadre_id, year): Grade(worst).name for cadre_id, year, worst in rows}
