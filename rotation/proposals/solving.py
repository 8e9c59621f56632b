"""The best choice of pairs, by OR-Tools CP-SAT."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rotation.proposals.problem import Balance, Post, Problem, Seats
from rotation.proposals.weights import MOVE, POINT, SPARE

#: Meeting one pin more is better than any choice of other pairs.
PIN = 100_000_000
#: How hard is tried, in CP-SAT's own measure (about three seconds of a processor each), so that a
#: busy machine finds the same as an idle one; and how. Seats and people make a network whose linear
#: relaxation is nearly whole: mostly it is solved at once, faster than the model could be read over
#: beforehand. Where that search goes astray, another way ends it; it begins with what was found.
ATTEMPTS = ((0.6, False), (1.2, True))
#: Whether some pins can be met at all is asked of the first way alone.
QUICK = ((0.5, False),)
#: By the clock an attempt stops after so long anyhow.
SECONDS = 12.0


@dataclass(frozen=True)
class Choice:
    """Numbers of the pairs chosen. `is_best`: no choice is worth more. `unmet`: pins left out."""

    chosen: frozenset[int]
    is_best: bool
    unmet: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Clash:
    """Why pins cannot be met: pairs by number, and whether the limit of moves is part of it."""

    pins: tuple[int, ...]
    with_limit: bool = False


def best(problem: Problem) -> Choice | None:
    """The choice that is worth most among those with every pin; None if pins cannot be met."""
    return _Solver(problem, strict=True).solve(ATTEMPTS)


def closest(problem: Problem) -> Choice | None:
    """The choice that meets the most pins and is then worth most."""
    choice = _Solver(problem, strict=False).solve(ATTEMPTS)
    return choice and replace(choice, unmet=problem.pins - choice.chosen)


def clashes(problem: Problem) -> list[Clash]:
    """Why not all pins can be met; [] if they can.

    Each pin that cannot be met even alone, by itself; where each can, one set that cannot be met
    together and of which any one less could.
    """
    pins = sorted(problem.pins)
    if _can_meet(problem, pins, problem.most):
        return []
    alone = [Clash((pin,)) for pin in pins if not _can_meet(problem, [pin], None)]
    if alone:
        return alone
    # The limit first: where the pins clash without it, it is not told of.
    most = problem.most if _can_meet(problem, pins, None) else None
    kept = list(pins)
    for pin in pins:
        without = [each for each in kept if each != pin]
        if not _can_meet(problem, without, most):
            kept = without
    return [Clash(tuple(kept), with_limit=most is not None)]


def _can_meet(problem: Problem, pins: Sequence[int], most: int | None) -> bool:
    part = replace(problem, pins=frozenset(pins), most=most)
    solver = _Solver(part, strict=True, is_weighed=False)
    return solver.solve(QUICK) is not None or not solver.is_impossible


class _Solver:
    """One model: a variable a pair, and one for what is left open or goes beyond, where it counts.

    What is wished of seats and units bends one way only (more of the same is never better), so an
    upper bound on a variable is enough and no further choice is needed.
    """

    def __init__(self, problem: Problem, *, strict: bool, is_weighed: bool = True) -> None:
        # Pulls in half a second of imports that only who asks for proposals should pay.
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.problem, self.is_impossible = problem, False
        self.model: Any = cp_model.CpModel()
        self.take = [self.model.new_bool_var(f"x{n}") for n in range(len(problem.pairs))]
        self.leaving: dict[Post, list[Any]] = defaultdict(list)
        self.taking: dict[Post, list[Any]] = defaultdict(list)
        for taken, pair in zip(self.take, problem.pairs, strict=True):
            self.leaving[pair.leaves].append(taken)
            self.taking[pair.takes].append(taken)
        self._one_place_each()
        self._seats()
        if problem.most is not None:
            self.model.add(sum(self.take) <= problem.most)
        if strict:
            for pin in problem.pins:
                self.model.add(self.take[pin] == 1)
        if is_weighed:
            worth = self._worth()
            if not strict:
                worth += PIN * sum(self.take[pin] for pin in problem.pins)
            self.model.maximize(worth)

    def _one_place_each(self) -> None:
        places: dict[int, list[Any]] = defaultdict(list)
        for taken, pair in zip(self.take, self.problem.pairs, strict=True):
            places[pair.cadre_id].append(taken)
        for offers in places.values():
            if len(offers) > 1:
                self.model.add_at_most_one(offers)

    def _seats(self) -> None:
        for post, coming in self.taking.items():
            seats = self.problem.seats.get(post, Seats(None))
            leaving = self.leaving.get(post, [])
            if seats.free is None or seats.free + len(leaving) <= 0:
                self.model.add(sum(coming) == 0)
            elif seats.free >= 0:
                self.model.add(sum(coming) <= seats.free + sum(leaving))
            else:
                # Too many hold the post: somebody comes only where more leave than are too many.
                is_open = self.model.new_bool_var(f"o{post.unit_id}-{post.title_id}")
                self.model.add(sum(coming) - seats.free * is_open <= sum(leaving))
                for taken in coming:
                    self.model.add_implication(taken, is_open)

    # ---- Wishes

    def _worth(self) -> Any:
        worth: Any = 0
        for taken, pair in zip(self.take, self.problem.pairs, strict=True):
            worth += (POINT * pair.points - MOVE) * taken
        return worth + POINT * (self._of_seats() + self._of_units())

    def _of_seats(self) -> Any:
        points: Any = 0
        for post in sorted(self.leaving.keys() | self.taking.keys()):
            seats = self.problem.seats.get(post, Seats(None))
            if seats.free is None or not seats.points:
                continue
            change = sum(self.leaving.get(post, [])) - sum(self.taking.get(post, []))
            if seats.free >= 0:
                points -= seats.points * change
            else:
                left = self._above(seats.free + change, len(self.leaving.get(post, [])))
                points -= seats.points * left
        return points

    def _of_units(self) -> Any:
        sent: dict[int, list[Any]] = defaultdict(list)
        received: dict[int, list[Any]] = defaultdict(list)
        for taken, pair in zip(self.take, self.problem.pairs, strict=True):
            sent[pair.leaves.unit_id].append(taken)
            received[pair.takes.unit_id].append(taken)
        scales, points = self.problem.scales, 0
        for unit_id in sorted(sent.keys() | received.keys()):
            out, into = sent.get(unit_id, []), received.get(unit_id, [])
            if not scales.is_planned:
                if scales.loses and len(out) > SPARE:
                    points -= scales.loses * self._above(sum(out) - sum(into) - SPARE, len(out))
                continue
            asked = self.problem.balances.get(unit_id, Balance(0, 0))
            points += self._of_target(out, asked.send) + self._of_target(into, asked.receive)
        return points

    def _of_target(self, taken: Sequence[Any], wanted: int) -> Any:
        """`within` for each up to what is wanted, `beyond` against each further one."""
        scales = self.problem.scales
        if len(taken) <= wanted:
            return scales.within * sum(taken)
        if wanted <= 0:
            return -scales.beyond * sum(taken)
        over = self._above(sum(taken) - wanted, len(taken) - wanted)
        return scales.within * sum(taken) - (scales.within + scales.beyond) * over

    def _above(self, amount: Any, most: int) -> Any:
        """max(0, amount), where more is never wished."""
        over = self.model.new_int_var(0, max(most, 0), "")
        self.model.add(over >= amount)
        return over

    # ---- The answer

    def solve(self, attempts: Sequence[tuple[float, bool]]) -> Choice | None:
        """The best choice; None where there is none (`is_impossible`), or none was found."""
        choice = None
        for effort, is_reread in attempts:
            solver = self.cp.CpSolver()
            solver.parameters.max_deterministic_time = effort
            solver.parameters.max_time_in_seconds = SECONDS
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = 1
            solver.parameters.linearization_level = 2
            solver.parameters.cp_model_presolve = is_reread
            solver.parameters.cp_model_probing_level = 0
            status = solver.solve(self.model)
            self.is_impossible = status == self.cp.INFEASIBLE
            if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
                if self.is_impossible:
                    return None
                continue
            chosen = frozenset(n for n, taken in enumerate(self.take) if solver.value(taken))
            if choice is None or self._is_better(chosen, choice.chosen):
                choice = Choice(chosen, is_best=False)
            if status == self.cp.OPTIMAL:
                return Choice(chosen, is_best=True)
            self.model.clear_hints()
            for number, taken in enumerate(self.take):
                self.model.add_hint(taken, number in choice.chosen)
        return choice or self._simple()

    def _simple(self) -> Choice | None:
        """For a search that found nothing in time: the pins alone, and what fits beside them."""
        problem = self.problem
        if not problem.is_allowed(problem.pins):
            return None
        chosen, gone, come, moved = set[int](), Counter[Post](), Counter[Post](), set[int]()
        order = sorted(range(len(problem.pairs)), key=lambda n: -problem.pairs[n].points)
        for number in (*sorted(problem.pins), *order):
            pair = problem.pairs[number]
            is_pin = number in problem.pins
            has_room = come[pair.takes] < problem.room(pair.takes, gone[pair.takes])
            is_more = problem.most is None or len(chosen) < problem.most
            if is_pin or (pair.points > 0 and has_room and is_more and pair.cadre_id not in moved):
                if number not in chosen:
                    gone[pair.leaves] += 1
                    come[pair.takes] += 1
                moved.add(pair.cadre_id)
                chosen.add(number)
        return Choice(frozenset(chosen), is_best=False)

    def _is_better(self, chosen: frozenset[int], other: frozenset[int]) -> bool:
        def worth(numbers: frozenset[int]) -> tuple[int, int]:
            return len(numbers & self.problem.pins), self.problem.worth(numbers)

        return worth(chosen) > worth(other)
