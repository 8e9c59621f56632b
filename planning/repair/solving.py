"""The smallest changes that satisfy every demand, by OR-Tools CP-SAT."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning.repair.problem import Demand, Problem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

#: One change more is worse than any choice of other people; one rule unmet worse than any change.
CHANGE, RULE = 100_000, 100_000_000
#: Somebody proposed in an earlier alternative is proposed again only where nobody else will do.
AGAIN = 60
#: For one answer, in CP-SAT's own measure (about seconds of a processor): a busy machine finds the
#: same as an idle one. They take a tenth of it. After so long by the clock it stops anyhow.
EFFORT, SECONDS = 0.6, 4.0


@dataclass(frozen=True)
class Choice:
    """Numbers of the options chosen. `is_least`: no choice with fewer changes exists."""

    chosen: frozenset[int]
    changed: frozenset[int]
    is_least: bool
    unmet: tuple[Demand, ...] = ()


def alternatives(problem: Problem, number: int, spare: int = 1) -> list[Choice]:
    """Up to `number` choices that satisfy everything, the fewest changes first; [] if none does.

    Each differs from those before and takes at most `spare` changes more than the first.
    """
    found: list[Choice] = []
    while len(found) < number:
        solver = _Solver(problem, strict=True)
        for earlier in found:
            solver.forbid(earlier.changed)
        if found:
            solver.limit(len(found[0].changed) + spare)
        choice = solver.solve([each.changed for each in found])
        if choice is None:
            break
        found.append(choice)
        if not choice.changed:
            break
    return found


def closest(problem: Problem) -> Choice | None:
    """A choice that leaves the fewest demands unmet, then changes the least."""
    choice = _Solver(problem, strict=False).solve()
    if choice is None:
        return None
    return Choice(
        choice.chosen, choice.changed, choice.is_least, tuple(problem.unmet(choice.chosen))
    )


def conflict(problem: Problem) -> list[Demand]:
    """Why not everything can be met; [] if it can.

    Those demands that cannot be met even alone; where each can, a set that cannot be met together
    and of which any one less could: one after the other is left out, and those without which the
    others can be met are kept.
    """
    if _is_possible(problem, problem.demands):
        return []
    alone = [demand for demand in problem.demands if not _is_possible(problem, [demand])]
    if alone:
        return alone
    kept = list(problem.demands)
    for demand in problem.demands:
        without = [each for each in kept if each is not demand]
        if not _is_possible(problem, without):
            kept = without
    return kept


def _is_possible(problem: Problem, demands: Sequence[Demand]) -> bool:
    part = Problem(problem.options, tuple(demands))
    solver = _Solver(part, strict=True, is_costed=False)
    return solver.solve() is not None or not solver.is_impossible


class _Solver:
    """One model: a variable an option, one a person, and the demands over them."""

    def __init__(self, problem: Problem, *, strict: bool, is_costed: bool = True) -> None:
        # Pulls in half a second of imports that only who asks for a repair should pay.
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.problem, self.is_costed, self.is_impossible = problem, is_costed, False
        self.model: Any = cp_model.CpModel()
        self.take = [self._option(number) for number in range(len(problem.options))]
        self.someone = self._people()
        self.broken: list[Any] = []
        for demand in problem.demands:
            self._ask(demand, strict=strict)
        self.moved = {
            number: (1 - self.take[number]) if option.is_present else self.take[number]
            for number, option in enumerate(problem.options)
            if option.is_open
        }

    def _option(self, number: int) -> cp_model.IntVar:
        option = self.problem.options[number]
        if option.is_open:
            return self.model.new_bool_var(f"x{number}")
        return self.model.new_constant(int(option.is_present))

    def _people(self) -> dict[int, Any]:
        """Whether somebody is in the plan at all."""
        places: dict[int, list[Any]] = {}
        for number, option in enumerate(self.problem.options):
            places.setdefault(option.cadre_id, []).append(self.take[number])
        people = {}
        for cadre_id, taken in places.items():
            if len(taken) == 1:
                people[cadre_id] = taken[0]
            else:
                people[cadre_id] = self.model.new_bool_var(f"y{cadre_id}")
                self.model.add_max_equality(people[cadre_id], taken)
        return people

    def _ask(self, demand: Demand, *, strict: bool) -> None:
        broken = None if strict else self.model.new_bool_var(f"b{len(self.broken)}")
        if broken is not None:
            self.broken.append(broken)
        for row in demand.rows:
            total = sum(weight * self.take[n] for n, weight in row.options.items()) + sum(
                weight * self.someone[cadre] for cadre, weight in row.people.items()
            )
            asked = self.model.add(total >= row.least)
            if broken is not None:
                asked.only_enforce_if(broken.negated())

    def forbid(self, changed: Collection[int]) -> None:
        """Neither these changes again, nor these and more."""
        self.model.add(sum(self.moved[number] for number in changed) <= len(changed) - 1)

    def limit(self, changes: int) -> None:
        """At most so many changes."""
        self.model.add(sum(self.moved.values()) <= changes)

    def solve(self, earlier: Sequence[Collection[int]] = ()) -> Choice | None:
        """The best choice; None where there is none (`is_impossible`), or none was found."""
        if self.is_costed:
            self.model.minimize(self._cost(earlier))
        solver = self.cp.CpSolver()
        solver.parameters.max_deterministic_time = EFFORT
        solver.parameters.max_time_in_seconds = SECONDS
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        status = solver.solve(self.model)
        self.is_impossible = status == self.cp.INFEASIBLE
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        chosen = frozenset(n for n, taken in enumerate(self.take) if solver.value(taken))
        changed = chosen ^ self.problem.present
        return Choice(chosen, changed, status == self.cp.OPTIMAL)

    def _cost(self, earlier: Sequence[Collection[int]]) -> Any:
        cost: Any = RULE * sum(self.broken)
        for number, moved in self.moved.items():
            option = self.problem.options[number]
            again = sum(not option.is_present and number in each for each in earlier)
            cost += (CHANGE + option.cost + AGAIN * again) * moved
        return cost
