"""Rotations as statistics look at them: each with what it was, how long, and what came after.

A turn is a move that took place by the day of view, or a proposal that was declined by then. It
belongs to the year in which the move began, or in which the proposal was declined.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Case, Q, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cadres.ages import completed_years
from cadres.policies import SENSITIVE_ROLES, Actor, scope_paths
from cadres.selectors.cadres import cadre_scope, sensitive_scope
from compliance.selectors.figures import UnitDay, figures_of_days
from compliance.selectors.retirement import whole_months
from planning.selectors.stored import Statement, rows_of
from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation
from rotation.policies import rotation_scope
from rotation.selectors.checks import step_between
from rotation.selectors.flows import took_place, under_way
from rotation.selectors.people import DURATION


class TurnState(TextChoices):
    """What became of a move or proposal by the day of view."""

    AWAY = "dang-di", _("Đang đi")
    ENDED = "da-ket-thuc", _("Đã kết thúc")
    DECLINED = "tu-choi", _("Từ chối")


class Step(TextChoices):
    """The post after a tour beside the one that was left for it."""

    HIGHER = "cao-hon", _("Cao hơn")
    SAME = "tuong-duong", _("Tương đương")
    LOWER = "thap-hon", _("Thấp hơn")
    NONE = "chua-co", _("Chưa có chức vụ")


class Where(TextChoices):
    """Where the post after a tour is."""

    BACK = "noi-di", _("Về nơi đi")
    STAYED = "noi-den", _("Ở lại nơi đến")
    ELSEWHERE = "noi-khac", _("Nơi khác")


class Post(NamedTuple):
    """A title in a unit, with what statistics ask of them."""

    unit_id: int
    unit_code: str
    unit_name: str
    level: str
    path: str
    title_id: int
    title_name: str
    rank: int


class After(NamedTuple):
    """The first post held after a tour, and the worst grade of the year after (None: none)."""

    step: Step
    where: Where | None
    title_name: str = ""
    unit_name: str = ""
    grade: int | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One move or declined proposal.

    `day`: on which it is counted; None only where a declined proposal names no day at all.
    `plan_year`: of the plan that counts it, as `plans.counted_for` has
    it. `sends`, `receives`: whether the unit it leaves, or comes to, lies where the actor looks.
    `is_told`: whether its reasons are for the actor; else they are "", as if there were none.
    `group`: code of the ethnic group, "" unknown, None: not for the actor. `is_open`: the actor
    may open the person's file. `ended_on`: None while it runs. `months`: its length, up to the day
    of view while it runs; `minimum`: how long it has to last, None where nothing is in force or it
    is no tour of duty. `after`: of an ended turn.
    """

    rotation_id: int
    cadre_id: int
    code: str
    name: str
    kind: str
    state: TurnState
    start: Post
    end: Post
    sends: bool
    receives: bool
    plan_year: int | None
    day: dt.date | None
    planned_end_on: dt.date | None
    ended_on: dt.date | None
    sex: str
    group: str | None
    age: int | None
    is_open: bool
    is_told: bool
    decline_kind: str
    decline_reason: str
    end_kind: str
    end_note: str
    months: int | None = None
    minimum: int | None = None
    after: After | None = None

    @property
    def is_done(self) -> bool:
        """Whether the move took place."""
        return self.state != TurnState.DECLINED

    @property
    def is_short(self) -> bool | None:
        """Whether an ended tour was shorter than it has to be; None where nobody can tell."""
        if self.state != TurnState.ENDED or self.months is None or self.minimum is None:
            return None
        return self.months < self.minimum


#: The day of a declined proposal: when it was declined, else when it would have begun.
_DECLINED_DAY = Coalesce("declined_on", "start_on", "submitted_on", "proposed_on")
_POST = (
    *("unit_id", "unit__code", "unit__name", "unit__level", "unit__path"),
    *("title_id", "title__name", "title__rank"),
)
_FIELDS = (
    *("pk", "cadre_id", "cadre__code", "cadre__full_name", "kind", "status", "start_on"),
    *(
        "plan__year",
        "planned_end_on",
        "ended_on",
        "declined_day",
        "cadre__sex",
        "cadre__birth_date",
    ),
    *("ethnicity", "may_open", "decline_kind", "decline_reason", "end_kind", "end_note"),
    *(f"{end}_{name}" for end in ("from", "to") for name in _POST),
)


def turns(actor: Actor, as_of: dt.date, years: range, kind: str = "") -> list[Turn]:
    """Turns of these years that the actor may see, and tours under way whenever they began.

    The latest first. Four queries. `kind` of RotationKind, "" for all.
    """
    period = Q(took_place(as_of), start_on__year__gte=years.start, start_on__year__lt=years.stop)
    declined = Q(status=RotationStatus.DECLINED) & (
        Q(declined_day=None)
        | Q(
            declined_day__lte=as_of,
            declined_day__year__gte=years.start,
            declined_day__year__lt=years.stop,
        )
    )
    where = period | under_way(as_of) | declined
    return turns_among(actor, as_of, where & Q(kind=kind) if kind else where)


def turns_among(actor: Actor, as_of: dt.date, where: Q) -> list[Turn]:
    """Turns among the rotations that the actor may see, the latest first; at most three queries.

    `where`: a condition on rotations that began by the day or were declined; `declined_day` is the
    day of a declined proposal.
    """
    rows = Rotation.objects.annotate(declined_day=_DECLINED_DAY).filter(
        where, rotation_scope(actor)
    )
    told = rows.annotate(
        may_open=cadre_scope(actor, "cadre_id"),
        is_told=sensitive_scope(actor, "cadre_id"),
        # Not read at all where it is not for the actor.
        ethnicity=Case(When(is_told=True, then="cadre__ethnicity_code"), default=Value(None)),
    )
    seen = _Seen(scope_paths(actor), scope_paths(actor, *SENSITIVE_ROLES))
    found = [_turn(row, as_of, seen) for row in told.values(*_FIELDS)]
    found.sort(key=lambda turn: (turn.day or dt.date.min, turn.rotation_id), reverse=True)
    return _with_after(_with_minimum(found, as_of), as_of)


def in_years(turn: Turn, years: range) -> bool:
    """Whether a turn is counted in these years."""
    return turn.day is not None and turn.day.year in years


class _Seen(NamedTuple):
    """Where the actor looks, and where at sensitive data too."""

    paths: tuple[str, ...]
    told: tuple[str, ...]


def _turn(row: Mapping[str, Any], as_of: dt.date, seen: _Seen) -> Turn:
    ended = row["ended_on"] if row["ended_on"] and row["ended_on"] <= as_of else None
    state = TurnState.AWAY
    if row["status"] == RotationStatus.DECLINED:
        state = TurnState.DECLINED
    elif ended or (row["status"] == RotationStatus.COMPLETED and row["ended_on"] is None):
        state = TurnState.ENDED
    is_done = state != TurnState.DECLINED
    day = row["start_on"] if is_done else row["declined_day"]
    until = ended if state == TurnState.ENDED else as_of
    is_told = any(row[f"{end}_unit__path"].startswith(seen.told) for end in ("from", "to"))
    return Turn(
        rotation_id=row["pk"],
        cadre_id=row["cadre_id"],
        code=row["cadre__code"],
        name=row["cadre__full_name"],
        kind=row["kind"],
        state=state,
        start=Post(*(row[f"from_{name}"] for name in _POST)),
        end=Post(*(row[f"to_{name}"] for name in _POST)),
        sends=row["from_unit__path"].startswith(seen.paths),
        receives=row["to_unit__path"].startswith(seen.paths),
        plan_year=row["plan__year"]
        or (day.year if day and row["kind"] == RotationKind.ROTATION else None),
        day=day,
        planned_end_on=row["planned_end_on"],
        ended_on=ended,
        sex=row["cadre__sex"],
        group=row["ethnicity"],
        age=completed_years(row["cadre__birth_date"], day) if day else None,
        is_open=row["may_open"],
        is_told=is_told,
        decline_kind=row["decline_kind"] if is_told else "",
        decline_reason=row["decline_reason"] if is_told else "",
        end_kind=row["end_kind"] if is_told else "",
        end_note=row["end_note"] if is_told else "",
        months=whole_months(day, until) if is_done and day and until else None,
    )


def _with_minimum(found: Sequence[Turn], as_of: dt.date) -> list[Turn]:
    """Tours judged by the figures of their end; while they run, by those of the day of view."""

    def asked(turn: Turn) -> UnitDay | None:
        if turn.kind != RotationKind.ROTATION or not turn.is_done or turn.months is None:
            return None
        return UnitDay(turn.end.unit_id, turn.end.level, turn.ended_on or as_of)

    figures = figures_of_days(filter(None, map(asked, found)), DURATION)
    return [
        replace(turn, minimum=figures[when]["duration_months"][0])
        if (when := asked(turn))
        else turn
        for turn in found
    ]


# The post on the first day after the tour on which there is any; on that day the highest.
_AFTER = """
SELECT r.id, a.unit_id, u.code AS unit_code, u.name AS unit_name, u.level, u.path, a.title_id,
       i.name AS title_name, i.rank,
       EXISTS (SELECT FROM rotation_equivalenttitle e
                 JOIN rotation_equivalenttitle f USING ("group")
                WHERE e.title_id = r.from_title_id AND f.title_id = a.title_id) AS are_grouped,
       a.unit_id = r.from_unit_id OR EXISTS (
           SELECT FROM cadres_unitsuccession s
            WHERE s.unit_id = r.from_unit_id AND s.successor_id = a.unit_id) AS is_back,
       a.unit_id = r.to_unit_id OR EXISTS (
           SELECT FROM cadres_unitsuccession s
            WHERE s.unit_id = r.to_unit_id AND s.successor_id = a.unit_id) AS is_there,
       (SELECT min(grade) FROM cadres_evaluation e
         WHERE e.cadre_id = r.cadre_id AND e.year < %s
           AND e.year = EXTRACT(YEAR FROM r.ended_on)::int + 1) AS grade
  FROM rotation_rotation r
  LEFT JOIN LATERAL (
      SELECT a.unit_id, a.title_id
        FROM cadres_appointment a JOIN cadres_title i ON i.id = a.title_id
       WHERE a.cadre_id = r.cadre_id AND a.start_on <= %s
         AND (a.end_on IS NULL OR a.end_on > r.ended_on)
       ORDER BY greatest(a.start_on, r.ended_on), i.rank DESC, a.start_on DESC, i.code
       LIMIT 1) a ON true
  LEFT JOIN cadres_unit u ON u.id = a.unit_id
  LEFT JOIN cadres_title i ON i.id = a.title_id
 WHERE r.id = ANY(%s)"""


def _with_after(found: Sequence[Turn], as_of: dt.date) -> list[Turn]:
    ended = [turn.rotation_id for turn in found if turn.ended_on]
    if not ended:
        return list(found)
    rows = rows_of(Statement(_AFTER, [as_of.year, as_of, ended]))
    posts = {row["id"]: row for row in rows}
    return [
        replace(turn, after=_after(turn, posts[turn.rotation_id]))
        if turn.rotation_id in posts
        else turn
        for turn in found
    ]


def _after(turn: Turn, row: Mapping[str, Any]) -> After:
    if row["unit_id"] is None:
        return After(Step.NONE, None, grade=row["grade"])
    post = Post(*(row[name] for name in Post._fields))
    step = {1: Step.HIGHER, 0: Step.SAME, -1: Step.LOWER}[
        step_between(turn.start.rank, post.rank, row["are_grouped"])
    ]
    where = Where.BACK if row["is_back"] else Where.STAYED if row["is_there"] else Where.ELSEWHERE
    return After(step, where, post.title_name, post.unit_name, row["grade"])
