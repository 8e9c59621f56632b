"""What turns in a plan as months go by: the engine's own statement over a series of days.

Facts that are known to change are counted in: birthdays, months left until retirement, posts and
nominations with an end, disciplines that lapse, reviews that fall due. Days to come are judged by
the law known now. Grades of years to come are known to nobody: that rule is left out.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from cadres.ages import born_by
from compliance.choices import Outcome, SubjectKind
from compliance.engine import standing, store
from compliance.engine.findings import Finding, Labels, finding
from compliance.engine.registry import rules_of
from compliance.engine.source import Scope
from planning.facts import PlanningSource
from planning.models import ForecastEvent, Nomination

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION
LEFT_OUT = ("planning.evaluation",)
_STANDING = "standing_of_forecast"
#: Temporary table of the plans of one forecast.
_PLANS = "forecast_plan"

Key = tuple[int, int]


def days_of(start: dt.date, end: dt.date) -> list[dt.date]:
    """The first day, then the last day of every month up to that of `end`."""
    days, year, month = [start], start.year, start.month
    while (year, month) <= (end.year, end.month):
        last = dt.date(year, month, calendar.monthrange(year, month)[1])
        if last > start:
            days.append(last)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return days


def events_of(plan_ids: Sequence[int], days: Sequence[dt.date]) -> Iterator[tuple[int, Any]]:
    """(plan id, unsaved ForecastEvent) of everything that turns; first how each subject begins.

    People begin only with what is not in order. Runs in the caller's transaction, leaves nothing
    but the events.
    """
    causes = _Causes(plan_ids, days)
    known: dict[tuple[Key, str], Outcome] = {}
    before: dt.date | None = None
    for day in days:
        for plan_id, found in _changed(plan_ids, day, known):
            key = ((found.kind.value, found.subject_id), found.rule.code)
            was = known.get(key)
            known[key] = found.outcome
            if was is None and found.kind == NOMINATION and found.outcome < Outcome.CANNOT_TELL:
                continue
            if was is None and found.outcome == Outcome.NOT_APPLICABLE:
                continue
            yield (
                plan_id,
                ForecastEvent(
                    kind=found.kind.value,
                    subject_id=found.subject_id,
                    rule=found.rule.code,
                    month_end=day,
                    before=was,
                    after=found.outcome,
                    details={"measured": dict(found.measured), "required": dict(found.required)},
                    people=[] if was is None else causes.people(plan_id, found, before, day),
                ),
            )
        before = day


def _changed(
    plan_ids: Sequence[int], day: dt.date, known: Mapping[tuple[Key, str], Outcome]
) -> list[tuple[int, Finding]]:
    """Findings of a day whose outcome is another than the one known.

    Judged in a savepoint that is rolled back: temporary tables of a hundred days would pile up.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            _judge(cursor, plan_ids, day)
            turned = _turned(cursor, known)
            found = list(_findings(cursor, turned))
        transaction.set_rollback(True)
    return found


def _judge(cursor: CursorWrapper, plan_ids: Sequence[int], day: dt.date) -> None:
    store.prepare(cursor)
    cursor.execute(
        f"CREATE TEMP TABLE {_PLANS} ON COMMIT DROP AS SELECT unnest(%s::bigint[]) AS group_id;"
        f" ANALYZE {_PLANS}",
        [list(plan_ids)],
    )
    source = PlanningSource()
    scope = Scope(
        day,
        low=min(plan_ids),
        high=max(plan_ids),
        standing=_STANDING,
        complete=True,
        groups=_PLANS,
    )
    people, values = source.people(scope)
    standing.derive(cursor, people=people, values=values, as_of=day, table=_STANDING)
    source.judge(cursor, scope, store.into_stage)


def _turned(
    cursor: CursorWrapper, known: Mapping[tuple[Key, str], Outcome]
) -> dict[Key, list[str]]:
    """Codes of the rules that turned, by subject."""
    codes = {kind: [rule.code for rule in rules_of(kind)] for kind in (PLAN, POOL, NOMINATION)}
    cursor.execute(f"SELECT kind, subject_id, outcomes FROM {store.STAGE}")  # noqa: S608
    turned: dict[Key, list[str]] = {}
    for kind, subject_id, outcomes in cursor.fetchall():
        key = (kind, subject_id)
        for code, outcome in zip(codes[kind], outcomes, strict=True):
            if outcome is not None and code not in LEFT_OUT and known.get((key, code)) != outcome:
                turned.setdefault(key, []).append(code)
    return turned


def _findings(
    cursor: CursorWrapper, turned: Mapping[Key, Collection[str]]
) -> Iterator[tuple[int, Finding]]:
    if not turned:
        return
    cursor.execute(
        "SELECT s.kind, s.group_id, s.subject_id, s.unit_id, s.outcomes, s.counts,"  # noqa: S608
        f" f.figures::text, f.citations::text FROM {store.STAGE} s"
        " JOIN compliance_figureset f ON f.id = s.figures_id"
        " JOIN unnest(%s::smallint[], %s::bigint[]) AS t (kind, subject_id)"
        " ON t.kind = s.kind AND t.subject_id = s.subject_id ORDER BY 1, 2, 3",
        [[kind for kind, _ in turned], [subject_id for _, subject_id in turned]],
    )
    for row in cursor.fetchall():
        verdict = store.verdict_of(*row)
        pairs = zip(rules_of(verdict.kind), verdict.outcomes, strict=True)
        for rule, outcome in pairs:
            if outcome is not None and rule.code in turned[row[0], row[2]]:
                yield row[1], finding(verdict, Labels(), rule, Outcome(outcome))


# ---- Because of whom -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """A nomination with what of the person moves a plan."""

    pool_id: int
    cadre_id: int
    born: dt.date | None
    from_on: dt.date
    until_on: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


class _Causes:
    """Who in a plan turned older, came, left, or changed posts between two days."""

    def __init__(self, plan_ids: Sequence[int], days: Sequence[dt.date]) -> None:
        self.places: dict[int, list[_Place]] = {}
        self.of_nomination: dict[int, int] = {}
        rows = Nomination.objects.filter(
            Q(removed_on=None) | Q(removed_on__gt=days[0]), plan__in=plan_ids
        ).values_list(
            "pk",
            "plan_id",
            "pool_id",
            "cadre_id",
            "cadre__birth_date",
            "nominated_on",
            "removed_on",
        )
        for pk, plan_id, pool_id, cadre_id, born, from_on, until_on in rows.order_by(
            "pool_id", "cadre__sort_key", "pk"
        ):
            place = _Place(pool_id, cadre_id, born, from_on, until_on)
            self.places.setdefault(plan_id, []).append(place)
            self.of_nomination[pk] = cadre_id
        self.moves = _moves(set(self.of_nomination.values()), days[0], days[-1])

    def people(
        self, plan_id: int, found: Finding, before: dt.date | None, day: dt.date
    ) -> list[int]:
        """Cadre ids behind a turn, as lists are sorted."""
        if before is None:
            return []
        if found.kind == NOMINATION:
            return [self.of_nomination[found.subject_id]]
        places = [
            place
            for place in self.places.get(plan_id, [])
            if found.kind == PLAN or place.pool_id == found.subject_id
        ]
        ages = [
            limit + _AGES[key]
            for key, limit in found.required.items()
            if key in _AGES and limit is not None
        ]
        people = [place.cadre_id for place in places if _turns(place, ages, before, day)]
        if found.rule.code in _POSTS:
            people += [
                place.cadre_id
                for place in places
                if any(before < on <= day for on in self.moves.get(place.cadre_id, ()))
            ]
        return list(dict.fromkeys(people))


#: Required values that are ages, and how many years later somebody passes it.
_AGES = {"young_below": 0, "middle_to": 1, "age_below": 0}
_POSTS = ("planning.openness", "planning.lineage")


def _turns(place: _Place, ages: Sequence[int], before: dt.date, day: dt.date) -> bool:
    """Whether somebody came, left, or passed one of the ages in the time after `before`."""
    if place.holds(before) != place.holds(day):
        return True
    if not place.holds(day) or place.born is None:
        return False
    return any(born_by(before, age) < place.born <= born_by(day, age) for age in ages)


def _moves(cadre_ids: Collection[int], first: dt.date, last: dt.date) -> dict[int, list[dt.date]]:
    """Days on which posts of these people begin or end within the time."""
    moves: dict[int, list[dt.date]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cadre_id, v.day FROM cadres_appointment a"
            " CROSS JOIN LATERAL (VALUES (a.start_on), (a.end_on)) v (day)"
            " WHERE cadre_id = ANY(%s) AND v.day > %s AND v.day <= %s",
            [list(cadre_ids), first, last],
        )
        for cadre_id, day in cursor.fetchall():
            moves.setdefault(cadre_id, []).append(day)
    return moves


# ---- What a forecast depends on ------------------------------------------------------------------


def digests(plan_ids: Iterable[int], basis: str) -> dict[int, str]:
    """A digest of everything that the forecasts of plans depend on, by plan; one query.

    Edits of the plan, of its people's files and of where else they are planned, targets, and (by
    `basis`) the law and the rules themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, {"plans": list(plan_ids), "basis": basis})
        return dict(cursor.fetchall())


_DIGEST = """
WITH wanted AS (SELECT id, unit_id, term_id, status, approved_on, last_reviewed_on
                  FROM planning_plan WHERE id = ANY(%(plans)s)),
 nominee AS (SELECT n.plan_id, n.id, n.pool_id, n.cadre_id, n.nominated_on, n.removed_on
               FROM planning_nomination n JOIN wanted w ON w.id = n.plan_id),
 someone AS (SELECT DISTINCT cadre_id FROM nominee),
 facts AS (
    SELECT s.cadre_id,
           hashtextextended(row(c.birth_date, c.sex, c.ethnicity_code, c.degree, c.theory,
                                c.retires_on)::text, 0)::numeric
           + coalesce((SELECT sum(hashtextextended(row(a.id, a.title_id, a.unit_id, a.start_on,
                                                       a.end_on)::text, 0))
                         FROM cadres_appointment a WHERE a.cadre_id = s.cadre_id), 0)
           + coalesce((SELECT sum(hashtextextended(row(d.id, d.decided_on,
                                                       d.effective_to)::text, 0))
                         FROM cadres_discipline d WHERE d.cadre_id = s.cadre_id), 0)
           + coalesce((SELECT sum(hashtextextended(row(m.id, m.pool_id, m.nominated_on,
                                                       m.removed_on)::text, 0))
                         FROM planning_nomination m WHERE m.cadre_id = s.cadre_id), 0) AS value
      FROM someone s JOIN cadres_cadre c ON c.id = s.cadre_id),
 of_people AS (SELECT n.plan_id, sum(f.value) AS value
                 FROM nominee n JOIN facts f USING (cadre_id) GROUP BY 1),
 of_pools AS (SELECT l.plan_id, sum(hashtextextended(row(l.id, p.prescribed, t.rank, t.kind,
                                                         t.min_degree, t.min_theory)::text, 0))
                     AS value
                FROM planning_pool l JOIN wanted w ON w.id = l.plan_id
                JOIN cadres_position p ON p.id = l.position_id
                JOIN cadres_title t ON t.id = p.title_id GROUP BY 1),
 of_targets AS (SELECT coalesce(sum(hashtextextended(row(t.id, t.unit_id, t.parameter, t.level,
                        t.value, t.in_force_from, t.in_force_to)::text, 0)), 0) AS value
                  FROM compliance_target t),
 of_units AS (SELECT w.id AS plan_id, hashtextextended(row(u.path, u.level, u.numchild > 0,
                     e.starts_on, e.ends_on)::text, 0) AS value
                FROM wanted w JOIN cadres_unit u ON u.id = w.unit_id
                JOIN planning_term e ON e.id = w.term_id)
SELECT w.id, md5(concat_ws('|', %(basis)s, w::text, p.value, l.value, u.value, t.value))
  FROM wanted w CROSS JOIN of_targets t JOIN of_units u ON u.plan_id = w.id
  LEFT JOIN of_people p ON p.plan_id = w.id LEFT JOIN of_pools l ON l.plan_id = w.id
"""
