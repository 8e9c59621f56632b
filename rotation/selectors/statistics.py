"""Statistics of rotation: turns counted by what they have in common, against what was planned.

Every number is a count of turns that share some values, so what selects the people behind it is
what counted them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median
from typing import Any

from cadres.choices import Grade
from cadres.policies import Actor
from cadres.selectors.positions import positions_on
from cadres.selectors.posts import begun_since
from cadres.selectors.units import unit_list
from planning.selectors.stored import Statement, rows_of, scope_condition
from rotation.choices import RotationKind, RotationStatus
from rotation.models import RotationPlan
from rotation.selectors.turns import Post, Turn, TurnState, in_years, turns

#: Not known, in whatever dimension; known, but not for the actor.
UNKNOWN, HIDDEN = "chua-ro", "ngoai-quyen"
#: Bands by their first value: years of age, months of a tour.
AGES = (0, 35, 40, 45, 50, 55)
LENGTHS = (0, 12, 24, 36, 48)
#: How an ended tour stands to the time that it has to last.
SHORT, LONG_ENOUGH = "chua-du", "du"
#: Grades of the year after a tour that is not over yet.
NOT_YET = "chua-den-ky"


# ---- What turns have in common ---------------------------------------------------------------


def band(value: int | None, bands: Sequence[int]) -> str:
    """The band of a number by its first value; UNKNOWN without one."""
    return UNKNOWN if value is None else str(max(first for first in bands if first <= value))


def _term(turn: Turn) -> str:
    if turn.state != TurnState.ENDED or turn.kind != RotationKind.ROTATION:
        return ""
    return UNKNOWN if turn.is_short is None else SHORT if turn.is_short else LONG_ENOUGH


def _length(turn: Turn) -> str:
    is_tour = turn.kind == RotationKind.ROTATION and turn.state == TurnState.ENDED
    return band(turn.months, LENGTHS) if is_tour else ""


def _reason(turn: Turn, kind: str) -> str:
    return (kind or UNKNOWN) if turn.is_told else HIDDEN


#: Value of each dimension of a turn; "": the turn has none and is not counted in it.
DIMENSIONS: Mapping[str, Callable[[Turn], str]] = {
    "trang-thai": lambda turn: turn.state.value,
    "da-di": lambda turn: "co" if turn.is_done else "",
    "cu": lambda turn: "co" if turn.is_done and turn.sends else "",
    "nhan": lambda turn: "co" if turn.is_done and turn.receives else "",
    "hinh-thuc": lambda turn: turn.kind,
    "ke-hoach": lambda turn: str(turn.plan_year or ""),
    "theo-ke-hoach": lambda turn: "co" if turn.plan_year else "",
    "nam": lambda turn: str(turn.day.year) if turn.day else "",
    "cap": lambda turn: turn.end.level,
    "cap-di": lambda turn: turn.start.level,
    "gioi-tinh": lambda turn: turn.sex or UNKNOWN,
    "tuoi": lambda turn: band(turn.age, AGES),
    "ly-do": lambda turn: "" if turn.is_done else _reason(turn, turn.decline_kind),
    "do-dai": _length,
    "thoi-han": _term,
    "ket-thuc-som": lambda turn: _reason(turn, turn.end_kind) if turn.is_short else "",
    "sau": lambda turn: turn.after.step.value if turn.after else "",
    "o-dau": lambda turn: turn.after.where.value if turn.after and turn.after.where else "",
    "di": lambda turn: turn.start.unit_code,
    "den": lambda turn: turn.end.unit_code,
}


#: Dimensions of one page alone: places in the list of ethnic groups, grades; by the code of a unit,
#: whom its plans miss and who left a post there.
GROUP, GRADE, MISSED, LEFT = "dan-toc", "xep-loai", "vang", "de-trong"
#: The end of a move that is none of the units that the picture names.
OTHERS = "khac"


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Turns of a period, counted and selected by dimensions.

    `running`: under way on the day, whenever they began; `named`: codes of the units that the
    picture names; `sets`: rotations of MISSED and LEFT by the code of the unit.
    """

    as_of: dt.date
    counted: Sequence[Turn]
    running: Sequence[Turn] = ()
    named: frozenset[str] = frozenset()
    sets: Mapping[str, Mapping[str, frozenset[int]]] = field(default_factory=dict)

    @cached_property
    def groups(self) -> list[str | None]:
        """Ethnic groups by code, the largest first; "": unknown, None: not for the actor.

        Addresses name a group by its place here, from 1: they must not tell of ethnic groups.
        """
        counts = Counter(turn.group for turn in self.counted)
        return sorted(counts, key=lambda code: (code is None, -counts[code], code or "99"))

    def tally(self, *dimensions: str) -> Counter[tuple[str, ...]]:
        """How many turns have each combination of values; who lacks one of them is left out."""
        values = (tuple(self._value(turn, name) for name in dimensions) for turn in self.counted)
        return Counter(each for each in values if all(each))

    def select(self, asked: Mapping[str, str]) -> list[Turn]:
        """The turns with these values of dimensions: those that `tally` counted."""
        return [
            turn
            # Who is away may have gone before the period.
            for turn in (self.running if MISSED in asked else self.counted)
            if all(self._has(turn, name, value) for name, value in asked.items())
        ]

    def _has(self, turn: Turn, name: str, value: str) -> bool:
        if name in self.sets:
            return turn.rotation_id in self.sets[name].get(value, ())
        found = self._value(turn, name)
        if name in ("di", "den") and value == OTHERS:
            return found not in self.named
        return found == value

    def _value(self, turn: Turn, name: str) -> str:
        if name == GROUP:
            return str(self.groups.index(turn.group) + 1)
        return grade_after(turn, self.as_of) if name == GRADE else DIMENSIONS[name](turn)


def grade_after(turn: Turn, as_of: dt.date) -> str:
    """Grade of the year after a turn: its code, NOT_YET, or UNKNOWN where none is on file."""
    if turn.after is None or turn.ended_on is None:
        return ""
    if turn.ended_on.year + 1 >= as_of.year:
        return NOT_YET
    return Grade(turn.after.grade).name if turn.after.grade else UNKNOWN


def middle_months(turns: Iterable[Turn]) -> float | None:
    """The middle length of ended tours of duty in months; None without any."""
    months = [turn.months for turn in turns if _length(turn) and turn.months is not None]
    return median(months) if months else None


# ---- What was planned ------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """Targets of a year for the units of a level; not `is_approved`: nothing is decided yet."""

    year: int
    level: str
    send: int
    receive: int
    is_approved: bool


def planned(actor: Actor, as_of: dt.date, years: range) -> list[Planned]:
    """Targets of the rotation plans of these years for units in scope; two queries.

    As they were last decided by the day; of a plan without a decision only that it waits.
    """
    plans = RotationPlan.objects.filter(year__gte=years.start, year__lt=years.stop)
    decided: dict[int, list[Any]] = {}
    for year, day, targets in plans.order_by("year", "decisions__number").values_list(
        "year", "decisions__decision_on", "decisions__targets"
    ):
        decided.setdefault(year, [])
        if day is not None and day <= as_of:
            decided[year] = targets
    asked = {target[0] for targets in decided.values() for target in targets}
    levels = dict(unit_list(actor).filter(pk__in=asked).values_list("pk", "level"))
    found = [Planned(year, "", 0, 0, False) for year, targets in decided.items() if not targets]
    for year, targets in decided.items():
        for level in sorted(set(levels.values())):
            of_level = [each for each in targets if levels.get(each[0]) == level]
            send, receive = (sum(each[place] for each in of_level) for place in (1, 2))
            if of_level:
                found.append(Planned(year, level, send, receive, True))
    return found


@dataclass(frozen=True)
class Fulfilment:
    """Targets beside what was done by units in scope; None: no decision names any.

    `declined`: what was proposed for the plan and declined. `is_whole`: whether what was done
    belongs to years with targets only, so that the two can be divided.
    """

    key: str
    send: int | None
    sent: int
    receive: int | None
    received: int
    declined: int
    is_whole: bool


def fulfilment(targets: Sequence[Planned], counted: Sequence[Turn], *, by: str) -> list[Fulfilment]:
    """What plans count against their targets, `by` "year" or "level"."""
    tours = [turn for turn in counted if turn.plan_year]
    done = [turn for turn in tours if turn.is_done]

    def key(turn: Turn, post: Post) -> str:
        return post.level if by == "level" else str(turn.plan_year)

    sent = Counter(key(turn, turn.start) for turn in done if turn.sends)
    received = Counter(key(turn, turn.end) for turn in done if turn.receives)
    declined = Counter(key(turn, turn.end) for turn in tours if not turn.is_done)
    send: Counter[str] = Counter()
    receive: Counter[str] = Counter()
    for each in targets:
        if each.is_approved:
            send[str(getattr(each, by))] += each.send
            receive[str(getattr(each, by))] += each.receive
    with_targets = {str(each.year) for each in targets if each.is_approved}
    is_whole = by == "year" or with_targets.issuperset(str(turn.plan_year) for turn in done)
    return [
        Fulfilment(
            name,
            send.get(name),
            sent[name],
            receive.get(name),
            received[name],
            declined[name],
            is_whole,
        )
        for name in sorted({*send, *receive, *sent, *received, *declined})
    ]


# ---- What it does to the units ---------------------------------------------------------------


@dataclass
class UnitEffect:
    """What the turns of a period did to a unit.

    `left`: rotations by which posts were left that stand on the day of view; `filled`: as many of
    these posts as somebody took since. `away`: rotations under way elsewhere of people whom the
    plans of the unit name.
    """

    code: str
    name: str
    level: str
    sent: int = 0
    received: int = 0
    left: frozenset[int] = frozenset()
    filled: int = 0
    away: frozenset[int] = frozenset()


def unit_effects(actor: Actor, as_of: dt.date, counted: Sequence[Turn]) -> list[UnitEffect]:
    """Units in scope that sent or received, or whose nominees are away; three queries."""
    found: dict[str, UnitEffect] = {}

    def effect(code: str, name: str, level: str) -> UnitEffect:
        return found.setdefault(code, UnitEffect(code, name, level))

    for turn in counted:
        if turn.is_done and turn.sends:
            effect(*_unit(turn.start)).sent += 1
        if turn.is_done and turn.receives:
            effect(*_unit(turn.end)).received += 1
    for post, left, filled in _posts_left(as_of, counted):
        unit = effect(*_unit(post))
        unit.left |= left
        unit.filled += filled
    for row in _away(actor, as_of):
        effect(row["code"], row["name"], row["level"]).away = frozenset(row["rotations"])
    return sorted(
        found.values(), key=lambda each: (-each.sent - each.received - len(each.away), each.name)
    )


def _unit(post: Post) -> tuple[str, str, str]:
    return post.unit_code, post.unit_name, post.level


def _posts_left(
    as_of: dt.date, counted: Sequence[Turn]
) -> Iterable[tuple[Post, frozenset[int], int]]:
    """Posts left in these turns that are still there: by which, and how often taken since."""
    left: dict[Post, list[Turn]] = {}
    for turn in counted:
        # Who is seconded keeps the post at home.
        if turn.is_done and turn.sends and turn.kind != RotationKind.SECONDMENT:
            left.setdefault(turn.start, []).append(turn)
    units = {post.unit_id for post in left}
    standing = positions_on(as_of).filter(unit__in=units).values_list("unit_id", "title_id")
    there = set(standing)
    since = {
        (post.unit_id, post.title_id): min(turn.day for turn in each if turn.day)
        for post, each in left.items()
        if (post.unit_id, post.title_id) in there
    }
    taken = begun_since(since, as_of)
    return [
        (
            post,
            frozenset(turn.rotation_id for turn in each),
            min(len(each), taken[post.unit_id, post.title_id]),
        )
        for post, each in left.items()
        if (post.unit_id, post.title_id) in there
    ]


def _away(actor: Actor, as_of: dt.date) -> list[dict[str, Any]]:
    """Units in scope with the rotations under way elsewhere of people in their running plans."""
    scope = scope_condition(actor)
    return rows_of(
        Statement(
            f"""
SELECT u.code, u.name, u.level, array_agg(DISTINCT r.id) AS rotations
  FROM rotation_rotation r
  JOIN planning_nomination n ON n.cadre_id = r.cadre_id AND n.nominated_on <= %s
   AND (n.removed_on IS NULL OR n.removed_on > %s)
  JOIN planning_plan p ON p.id = n.plan_id
  JOIN planning_term m ON m.id = p.term_id AND m.ends_on >= %s
  JOIN cadres_unit u ON u.id = p.unit_id
  JOIN cadres_unit t ON t.id = r.to_unit_id AND NOT (t.path >= u.path AND t.path < u.path || '~')
 WHERE r.status IN ('{RotationStatus.IN_PROGRESS.value}', '{RotationStatus.COMPLETED.value}')
   AND r.start_on <= %s AND (r.ended_on > %s OR r.ended_on IS NULL
                             AND r.status = '{RotationStatus.IN_PROGRESS.value}')
   AND {scope.sql}
 GROUP BY u.code, u.name, u.level""",
            [as_of, as_of, as_of, as_of, as_of, *scope.values],
        )
    )


# ---- All of it -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbers:
    """Everything that is counted over a period; `undated`: declined proposals without any day."""

    turns: Turns
    targets: Sequence[Planned]
    by_year: Sequence[Fulfilment]
    by_level: Sequence[Fulfilment]
    units: Sequence[UnitEffect]
    undated: int


def numbers_of(
    actor: Actor,
    as_of: dt.date,
    years: range,
    kind: str = "",
    *,
    named: frozenset[str] = frozenset(),
) -> Numbers:
    """What the actor may see of rotation in these years, by the day; nine queries."""
    found = turns(actor, as_of, years, kind)
    counted = [
        # Plans of other years are no matter of this period.
        turn if turn.plan_year in years else replace(turn, plan_year=None)
        for turn in found
        if in_years(turn, years)
    ]
    targets = planned(actor, as_of, years)
    units = unit_effects(actor, as_of, counted)
    return Numbers(
        turns=Turns(
            as_of=as_of,
            counted=counted,
            running=[turn for turn in found if turn.state == TurnState.AWAY],
            named=named,
            sets={
                MISSED: {each.code: each.away for each in units},
                LEFT: {each.code: each.left for each in units},
            },
        ),
        targets=targets,
        by_year=fulfilment(targets, counted, by="year"),
        by_level=fulfilment(targets, counted, by="level"),
        units=units,
        undated=sum(turn.day is None for turn in found),
    )
