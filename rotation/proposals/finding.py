"""Solves the problem of a ground and puts the answer into rows that the rules have confirmed."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from rotation.models import RotationPlan
from rotation.proposals.answer import Pin, Proposal, RefusedPin, Row, Unfilled, UnitBalance
from rotation.proposals.pairs import Ground, Pairing, why_full
from rotation.proposals.problem import Pair, Post, Problem
from rotation.proposals.solving import Choice, best, clashes, closest
from rotation.selectors.checks import equivalent_verdict
from rotation.selectors.judging import JudgedMove, Move, judge_moves
from rotation.selectors.movable import Person, Seat, passes
from rotation.selectors.plans import RECEIVE, SEND, UnitProgress

logger = logging.getLogger(__name__)


class Finding:
    """One search."""

    def __init__(
        self, ground: Ground, plan: RotationPlan | None, progress: Sequence[UnitProgress]
    ) -> None:
        self.ground, self.plan, self.progress = ground, plan, progress
        self.pairing = Pairing(ground)
        self.problem: Problem = self.pairing.problem()
        self.seats = ground.movable.seats

    def proposal(self, pins: Sequence[Pin]) -> Proposal:
        """The answer, the closest one where pins clash."""
        problem = self.problem
        numbers = {_pin(pair): number for number, pair in enumerate(problem.pairs)}
        refused = [RefusedPin(pin, self.pairing.why_not(pin)) for pin in pins if pin not in numbers]
        choice, clash, with_limit = best(problem), [], False
        if choice is None and problem.pins:
            found = clashes(problem)
            for each in found:
                if len(each.pins) == 1 and not each.with_limit:
                    pair = problem.pairs[each.pins[0]]
                    refused.append(RefusedPin(_pin(pair), why_full(self._of(pair)[1])))
                else:
                    clash = [_pin(problem.pairs[pin]) for pin in each.pins]
                    with_limit = each.with_limit
            choice = closest(problem)
        rows = self._rows(choice) if choice else ()
        chosen = {_pin_of(row) for row in rows}
        kept = frozenset(n for n, pair in enumerate(problem.pairs) if _pin(pair) in chosen)
        return Proposal(
            rows=rows,
            unfilled=tuple(self._unfilled(kept)),
            movable=self.ground.movable,
            plan=self.plan,
            is_best=choice is not None and choice.is_best and not choice.unmet,
            is_found=choice is not None,
            balances=tuple(self._balances(kept)),
            still_open=tuple(self._still_open(kept)),
            refused=tuple(refused),
            clash=tuple(clash),
            clash_with_limit=with_limit,
            weighed=len(problem.pairs),
            is_trimmed=self.pairing.is_trimmed,
        )

    # ---- Rows

    def _rows(self, choice: Choice) -> tuple[Row, ...]:
        """The moves of a choice that the rules confirm, the most valuable first."""
        pairs = [self.problem.pairs[number] for number in sorted(choice.chosen)]
        moves = [Move(pair.cadre_id, *pair.takes) for pair in pairs]
        judged = judge_moves(moves, self.ground.start_on)
        confirmed = [
            (pair, verdict, text)
            for pair, verdict in zip(pairs, judged, strict=True)
            if (text := self._confirmed(pair, verdict)) is not None
        ]
        kept = self._seated([pair for pair, _verdict, _text in confirmed])
        rows = [
            self._row(pair, verdict, text, kept)
            for pair, verdict, text in confirmed
            if pair in kept
        ]
        return tuple(sorted(rows, key=lambda row: (-row.points, row.person.code)))

    def _confirmed(self, pair: Pair, verdict: JudgedMove) -> str | None:
        """What is said of the titles; None where a rule or the titles stand in the way."""
        person, seat = self._of(pair)
        local = verdict.non_local
        step = self.pairing.equivalence.compare(person.title, seat.title)
        year = self.ground.start_on.year - 1
        outcome, text = equivalent_verdict(step, person.title, seat.title, person.grade, year)
        found = {
            "in_plan": verdict.in_plan.outcome,
            "service": verdict.service.outcome,
            "non_local": None if local is None else local.outcome,
            "equivalent": outcome,
        }
        wrong = sorted(name for name, each in found.items() if not passes(each))
        if wrong:
            logger.error("proposal_disputed", extra={"rules": wrong})
            return None
        return text

    def _seated(self, pairs: list[Pair]) -> list[Pair]:
        """Without those whose seat is not freed any more, where a rule struck somebody out."""
        kept = list(pairs)
        while True:
            gone, come = Counter(p.leaves for p in kept), Counter(p.takes for p in kept)
            full = next(
                (p for p in kept if come[p.takes] > self.problem.room(p.takes, gone[p.takes])), None
            )
            if full is None:
                return kept
            kept.remove(full)

    def _of(self, pair: Pair) -> tuple[Person, Seat]:
        return self.pairing.people[pair.cadre_id], self.seats[pair.takes]

    def _row(self, pair: Pair, verdict: JudgedMove, text: str, kept: Sequence[Pair]) -> Row:
        person, seat = self._of(pair)
        come = sum(each.takes == pair.takes for each in kept)
        leaving = [self.pairing.people[p.cadre_id] for p in kept if p.leaves == pair.takes]
        left = self.seats.get(pair.leaves)
        open_after = 0
        if left is not None:
            gone = sum(each.leaves == pair.leaves for each in kept)
            taken = sum(each.takes == pair.leaves for each in kept)
            open_after = max(0, left.free + gone - taken) - max(0, left.free)
        return Row(
            person=person,
            seat=seat,
            gains=pair.gains,
            judged=verdict,
            equivalent=text,
            waits_for=tuple(leaving) if come > max(0, seat.free) else (),
            leaves_open=open_after > 0,
            is_pinned=_pin(pair) in self.ground.pins,
        )

    # ---- What is left

    def _unfilled(self, chosen: Collection[int]) -> list[Unfilled]:
        pairs = [self.problem.pairs[number] for number in chosen]
        gone, come = Counter(p.leaves for p in pairs), Counter(p.takes for p in pairs)
        moved = {pair.cadre_id for pair in pairs}
        options: defaultdict[int, list[int]] = defaultdict(list)
        for number, pair in enumerate(self.problem.pairs):
            if pair.cadre_id not in moved:
                options[pair.cadre_id].append(number)
        is_full = self.problem.most is not None and len(pairs) >= self.problem.most
        found = []
        for cadre_id, person in self.pairing.people.items():
            if cadre_id in moved:
                continue
            free = [
                self.problem.pairs[n]
                for n in options[cadre_id]
                if self._has_room(self.problem.pairs[n], gone, come)
            ]
            found.append(
                Unfilled(person, self._why_left(person, len(options[cadre_id]), free, is_full))
            )
        return found

    def _has_room(self, pair: Pair, gone: Counter[Post], come: Counter[Post]) -> bool:
        return come[pair.takes] < self.problem.room(pair.takes, gone[pair.takes])

    def _why_left(self, person: Person, options: int, free: Sequence[Pair], is_full: bool) -> str:
        if not options:
            return self.pairing.why_nowhere(person)
        if free and is_full:
            return _("Đã đủ số lượt nhiều nhất; còn nơi đến được.")
        if free:
            return _(
                "Còn nơi đến được, nhưng điều bất lợi nhiều hơn điều được; hãy xem lại mức ưu "
                "tiên, hoặc giữ một nơi."
            )
        return _("Có nơi phù hợp, nhưng đã hết chỗ hoặc chưa có ai rời đi.")

    def _balances(self, chosen: Collection[int]) -> list[UnitBalance]:
        pairs = [self.problem.pairs[number] for number in chosen]
        sent = Counter(pair.leaves.unit_id for pair in pairs)
        received = Counter(pair.takes.unit_id for pair in pairs)
        progress = {each.unit.pk: each for each in self.progress}
        units = {seat.unit.pk: seat.unit for seat in self.seats.values()}
        for person in self.pairing.people.values():
            if person.unit is not None:
                units[person.unit.pk] = person.unit
        wanted = {*sent, *received}
        wanted |= {
            pk for pk, each in progress.items() if each.missing(SEND) + each.missing(RECEIVE)
        }
        rows = sorted((units[pk] for pk in wanted if pk in units), key=lambda unit: unit.path)
        return [
            UnitBalance(u.pk, u.code, u.name, sent[u.pk], received[u.pk], progress.get(u.pk))
            for u in rows
        ]

    def _still_open(self, chosen: Collection[int]) -> list[tuple[Seat, int]]:
        """Posts with a free seat after all moves, heads first."""
        pairs = [self.problem.pairs[number] for number in chosen]
        gone, come = Counter(p.leaves for p in pairs), Counter(p.takes for p in pairs)
        found = []
        for key, seat in self.seats.items():
            left = seat.free + gone[Post(*key)] - come[Post(*key)]
            if left > 0:
                found.append((seat, left))
        return sorted(found, key=lambda each: (not each[0].title.is_head, each[0].unit.path))


def _pin(pair: Pair) -> Pin:
    return (pair.cadre_id, *pair.takes)


def _pin_of(row: Row) -> Pin:
    return (row.person.cadre_id, row.seat.unit.pk, row.seat.title.pk)
