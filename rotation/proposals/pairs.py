"""Pairs of people and posts that the hard conditions allow, each with what speaks for and against.

Hard: in a plan and with the years left that the law of the day asks, an equivalent title (a higher
one only after a year of the top grade), no local where none may be, another unit. Judged by the
rules themselves for every person and unit; a seat for each is left to the solver.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cadres.choices import Grade, Level
from rotation.choices import DeclineReason, NeedReason
from rotation.proposals.problem import Balance, Gain, Pair, Post, Problem, Scales, Seats
from rotation.proposals.weights import (
    BEYOND,
    CROSSES,
    FAR,
    FAR_AFTER_REFUSAL,
    HEAD_POST,
    HIGHER,
    LACKS_STANDARD,
    LOSES,
    NEEDS,
    POST,
    REFUSAL_YEARS,
    REFUSED_HERE,
    WITHIN,
    Criterion,
    Weights,
)
from rotation.selectors.checks import Equivalence, equivalent_verdict
from rotation.selectors.judging import Move, MoveOutcomes, judge_moves, outcomes_of_moves
from rotation.selectors.movable import (
    Movable,
    Person,
    Seat,
    lies_below,
    passes,
    years_before,
)
from rotation.selectors.nearness import Nearness, Ways

#: About so many pairs are weighed at once; where there are more, the best places of each person, at
#: least so many. Equal ones are spread over people, so that not all are led to the same door.
MOST_PAIRS, FEWEST_EACH = 20_000, 12
#: Declined because of home: the next offer is better near it.
_FOR_HOME = (DeclineReason.FAMILY, DeclineReason.DISTANCE)
_BASE = (Level.COMMUNE, Level.DISTRICT)


@dataclass(frozen=True)
class Bans:
    """What the user rules out: pairs (person, unit, title), people, units to go to or leave."""

    pairs: frozenset[tuple[int, int, int]] = frozenset()
    people: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Everything that pairs are made from."""

    start_on: dt.date
    movable: Movable
    weights: Weights = field(default_factory=Weights)
    bans: Bans = Bans()
    pins: frozenset[tuple[int, int, int]] = frozenset()
    receiving: tuple[str, ...] = ()
    #: What the plan of the year still asks of units; None: there is none.
    asked: Mapping[int, Balance] | None = None
    most: int | None = None


class Titles:
    """Which titles somebody may go to from theirs: equivalent ones, and the next higher."""

    def __init__(self, equivalence: Equivalence, seats: Iterable[Seat]) -> None:
        self._equivalence = equivalence
        self._titles = list({seat.title.pk: seat.title for seat in seats}.values())
        self._known: dict[int, dict[int, int]] = {}

    def steps_from(self, title: object) -> dict[int, int]:
        """0 for each equivalent title, 1 for each of the next higher ones, by id."""
        pk = title.pk  # type: ignore[attr-defined]
        if pk not in self._known:
            compare = self._equivalence.compare
            steps = {each.pk: compare(title, each) for each in self._titles}
            higher = [each for each in self._titles if steps[each.pk] > 0]
            first = min(higher, key=lambda each: (each.rank, each.pk), default=None)
            self._known[pk] = {
                each.pk: steps[each.pk]
                for each in self._titles
                if steps[each.pk] == 0
                or (steps[each.pk] > 0 and first is not None and compare(first, each) == 0)
            }
        return self._known[pk]


class Pairing:
    """Makes the problem of a ground, and says of any pair what stands in its way."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.equivalence = Equivalence()
        self.titles = Titles(self.equivalence, ground.movable.seats.values())
        self.people = {person.cadre_id: person for person in ground.movable.people}
        self._leaving = {person.post for person in ground.movable.people}
        self._ways: Ways | None = None
        self._verdicts: dict[tuple[int, int], MoveOutcomes] = {}
        self._homes: dict[tuple[int, int], list[Gain]] = {}
        self._since = years_before(ground.start_on, REFUSAL_YEARS)
        self.is_trimmed = False
        self._open: Counter[int] = Counter()
        self._answering: Counter[int] = Counter()

    # ---- The problem

    def problem(self) -> Problem:
        """Every pair; a handful of queries."""
        offers = {person.cadre_id: list(self._offers(person)) for person in self.people.values()}
        places = {place for each in self.people.values() for place in _homes_of(each)}
        self._ways = Ways(places | {seat.unit.pk for each in offers.values() for seat, _ in each})
        each_most = max(FEWEST_EACH, MOST_PAIRS // max(1, len(offers)))
        wanted = [
            (self.people[cadre_id], seat, answered)
            for cadre_id, seats in offers.items()
            for seat, answered in self._best(self.people[cadre_id], seats, each_most)
        ]
        self._judge([(person, seat) for person, seat, _answered in wanted])
        pairs = [pair for each in wanted if (pair := self._pair(*each))]
        weights = self.ground.weights
        of = weights.of
        asked = self.ground.asked
        keys = [(pair.cadre_id, *pair.takes) for pair in pairs]
        return Problem(
            pairs=tuple(pairs),
            seats={
                Post(*key): Seats(seat.free, of(Criterion.VACANCY, _worth_of(seat)))
                for key, seat in self.ground.movable.seats.items()
            },
            balances=dict(asked or {}),
            scales=Scales(
                is_planned=asked is not None,
                within=of(Criterion.BALANCE, WITHIN),
                beyond=of(Criterion.BALANCE, BEYOND),
                loses=of(Criterion.BALANCE, LOSES),
            ),
            pins=frozenset(n for n, key in enumerate(keys) if key in self.ground.pins),
            most=self.ground.most,
        )

    def _offers(self, person: Person) -> Iterator[tuple[Seat, list[NeedReason]]]:
        """Places of a person with the needs that each answers.

        Nobody is moved for nothing: a person with a need only to where one is answered.
        """
        for seat in self._seats_for(person):
            self._open[person.cadre_id] += 1
            answered = [reason for reason in person.reasons if answers(reason, person, seat)]
            pin = (person.cadre_id, seat.unit.pk, seat.title.pk)
            if answered or not person.reasons or pin in self.ground.pins:
                yield seat, answered

    def _best(
        self, person: Person, offers: list[tuple[Seat, list[NeedReason]]], most: int
    ) -> list[tuple[Seat, list[NeedReason]]]:
        """The best of them, if there are too many; whatever is to stay is among them."""
        self._answering[person.cadre_id] = len(offers)
        if len(offers) <= most:
            return offers
        self.is_trimmed = True

        def place(offer: tuple[Seat, list[NeedReason]]) -> tuple[bool, int, int]:
            seat, answered = offer
            pin = (person.cadre_id, seat.unit.pk, seat.title.pk)
            points = sum(gain.points for gain in self._gains(person, seat, answered))
            return pin not in self.ground.pins, -points - self._draw(seat), _spread(pin)

        return sorted(offers, key=place)[:most]

    def _draw(self, seat: Seat) -> int:
        """What may be gained at a post beside the pair itself."""
        of, asked = self.ground.weights.of, self.ground.asked or {}
        points = of(Criterion.VACANCY, _worth_of(seat)) if seat.free > 0 else 0
        if seat.unit.pk in asked and asked[seat.unit.pk].receive:
            points += of(Criterion.BALANCE, WITHIN)
        return points

    def _seats_for(self, person: Person) -> Iterator[Seat]:
        """Posts of an allowed title that have or may get a free seat and are not ruled out."""
        bans, ground = self.ground.bans, self.ground
        if person.cadre_id in bans.people or person.post[0] in bans.units:
            return
        steps = self.titles.steps_from(person.title)
        for key, seat in ground.movable.seats.items():
            step = steps.get(seat.title.pk)
            pair = (person.cadre_id, *key)
            if (
                step is not None
                and (step == 0 or person.grade == Grade.HTXSNV)
                and key[0] != person.post[0]
                and (seat.free > 0 or key in self._leaving)
                and key[0] not in bans.units
                and pair not in bans.pairs
                and (lies_below(seat.unit, ground.receiving) or pair in ground.pins)
            ):
                yield seat

    def _judge(self, wanted: Sequence[tuple[Person, Seat]]) -> None:
        """The rules' verdicts for each person and unit, as if the title asked for a non-local."""
        strict = next(
            (
                seat.title.pk
                for seat in self.ground.movable.seats.values()
                if seat.title.non_local_required
            ),
            None,
        )
        keys = list(dict.fromkeys((p.cadre_id, s.unit.pk) for p, s in wanted))
        of_unit = {seat.unit.pk: seat.title.pk for _person, seat in wanted}
        moves = [Move(cadre, unit, strict or of_unit[unit]) for cadre, unit in keys]
        verdicts = outcomes_of_moves(moves, self.ground.start_on)
        self._verdicts = dict(zip(keys, verdicts, strict=True))

    def _pair(self, person: Person, seat: Seat, answered: list[NeedReason]) -> Pair | None:
        verdict = self._verdicts[person.cadre_id, seat.unit.pk]
        if not (passes(verdict.in_plan) and passes(verdict.service)):
            return None
        if seat.title.non_local_required and not passes(verdict.non_local):
            return None
        gains = tuple(self._gains(person, seat, answered))
        takes = Post(seat.unit.pk, seat.title.pk)
        return Pair(person.cadre_id, Post(*person.post), takes, gains)

    # ---- Why not

    def why_nowhere(self, person: Person) -> str:
        """Why there is no pair for somebody."""
        bans = self.ground.bans
        if person.cadre_id in bans.people:
            return _("Đồng chí đã loại người này.")
        if person.post[0] in bans.units:
            return _("Đồng chí đã loại đơn vị của người này.")
        if not self._open[person.cadre_id]:
            return _("Không có chức vụ tương đương nào còn chỗ, hoặc có người được xét rời đi.")
        if not self._answering[person.cadre_id]:
            return _("Có nơi còn chỗ, nhưng không nơi nào giải quyết được nhu cầu.")
        return _(
            "Có nơi còn chỗ, nhưng nơi nào cũng vướng quy định (thời gian công tác còn lại, "
            "người địa phương)."
        )

    def why_not(self, pin: tuple[int, int, int]) -> str:
        """Why a pair cannot be chosen at all."""
        cadre_id, *key = pin
        stopped = {
            each.person.cadre_id: each.detail or each.why for each in self.ground.movable.stopped
        }
        person, seat = self.people.get(cadre_id), self.ground.movable.seats.get((key[0], key[1]))
        if cadre_id in stopped:
            return stopped[cadre_id]
        if person is None:
            return _("Không xét được người này.")
        if seat is None:
            return _("Ngày ấy đơn vị không có chức danh này.")
        return self._why_ruled_out(pin, person, seat) or self._why_judged(person, seat)

    def _why_ruled_out(self, pin: tuple[int, int, int], person: Person, seat: Seat) -> str:
        bans = self.ground.bans
        if (
            pin in bans.pairs
            or person.cadre_id in bans.people
            or bans.units & {seat.unit.pk, person.post[0]}
        ):
            return _("Đồng chí vừa giữ vừa loại. Hãy bỏ một trong hai.")
        if seat.unit.pk == person.post[0]:
            return _("Nơi đến là chính đơn vị đang công tác.")
        step = self.equivalence.compare(person.title, seat.title)
        year = self.ground.start_on.year - 1
        outcome, text = equivalent_verdict(step, person.title, seat.title, person.grade, year)
        if not passes(outcome):
            return text
        if seat.title.pk not in self.titles.steps_from(person.title):
            return _(
                "Chức vụ này cao hơn nhiều bậc; chỉ xét chức vụ tương đương và cao hơn liền kề."
            )
        return ""

    def _why_judged(self, person: Person, seat: Seat) -> str:
        move = Move(person.cadre_id, seat.unit.pk, seat.title.pk)
        (judged,) = judge_moves([move], self.ground.start_on)
        for finding in (judged.in_plan, judged.service, judged.non_local):
            if finding is not None and not passes(finding.outcome):
                return finding.message
        return why_full(seat)

    # ---- What speaks for and against

    def _gains(self, person: Person, seat: Seat, answered: Iterable[NeedReason]) -> Iterator[Gain]:
        """Points of a pair by itself."""
        of = self.ground.weights.of
        for reason in answered:
            criterion, points = NEEDS[reason]
            yield Gain(criterion, of(criterion, points), reason.value)
            if reason in _CROSSING:
                yield Gain(Criterion.TRAINING, of(Criterion.TRAINING, CROSSES), reason.value)
        yield from self._of_home(person, seat.unit.pk)
        if self.titles.steps_from(person.title)[seat.title.pk] > 0:
            yield Gain(Criterion.HIGHER, -of(Criterion.HIGHER, HIGHER))
        for lacks in lacking(person, seat):
            yield Gain(Criterion.STANDARD, -of(Criterion.STANDARD, LACKS_STANDARD), lacks)

    def _of_home(self, person: Person, unit_id: int) -> list[Gain]:
        """Refusals and distance: the same for every title of a unit."""
        key = (person.cadre_id, unit_id)
        if key not in self._homes:
            self._homes[key] = self._read_home(person, unit_id)
        return self._homes[key]

    def _read_home(self, person: Person, unit_id: int) -> list[Gain]:
        of, found = self.ground.weights.of, []
        # A refusal without any day on file is not known to be old.
        recent = [each for each in person.refusals if each.on is None or each.on >= self._since]
        if any(each.unit_id == unit_id for each in recent):
            found.append(Gain(Criterion.REFUSAL, -of(Criterion.REFUSAL, REFUSED_HERE)))
        assert self._ways is not None  # noqa: S101 - read before pairs are made
        way = self._ways.between(_homes_of(person), unit_id)
        points = 0
        if way == Nearness.FAR:
            minds = any(each.kind in _FOR_HOME for each in recent)
            points = -of(Criterion.DISTANCE, FAR * (FAR_AFTER_REFUSAL if minds else 1))
        return [*found, Gain(Criterion.DISTANCE, points, way.value)]


#: Needs whose answer also crosses the level that the plan asks for.
_CROSSING = (NeedReason.BASE, NeedReason.PROVINCE)


def answers(reason: NeedReason, person: Person, seat: Seat) -> bool:
    """Whether going to a post answers a need: to the level or place that the gap is about."""
    if reason == NeedReason.BASE:
        return seat.unit.level in _BASE
    if reason == NeedReason.PROVINCE:
        return bool(seat.unit.level == Level.PROVINCE)
    if reason == NeedReason.ELSEWHERE:
        assert person.unit is not None  # noqa: S101 - people without a post are sorted out
        return branch(seat.unit.path) != branch(person.unit.path)
    return True


def why_full(seat: Seat) -> str:
    """That a post has no seat and nobody who might leave it."""
    text = _(
        "Chức vụ này đã đủ (%(held)s/%(number)s, sắp đến %(coming)s), và không có ai trong số được "
        "xét rời đi."
    )
    return text % {"held": seat.held, "number": seat.number, "coming": seat.coming}


def branch(path: str) -> str:
    """The part of a path that names the body right below the province."""
    return path[:8]


def lacking(person: Person, seat: Seat) -> list[str]:
    """Halves of the title's standard that the person surely lacks; what is unknown is not told."""
    title = seat.title
    found = []
    for name, has, asks in (
        ("degree", person.degree, title.min_degree),
        ("theory", person.theory, title.min_theory),
    ):
        if asks is not None and has is not None and has < asks:
            found.append(name)
    return found


def _worth_of(seat: Seat) -> int:
    return HEAD_POST if seat.title.is_head else POST


def _homes_of(person: Person) -> list[int]:
    """Where somebody is at home, as far as it is known: the native unit, the present one."""
    return [pk for pk in (person.native_unit_id, person.post[0]) if pk is not None]


def _spread(pin: tuple[int, int, int]) -> int:
    """A number that looks like chance and is always the same."""
    cadre_id, unit_id, title_id = pin
    return (cadre_id * 2_654_435_761 + unit_id * 40_503 + title_id * 2_246_822_519) % 4_294_967_291
