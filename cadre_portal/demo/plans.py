"""Plans of the demonstration: who is nominated into which pool, with the faults dealt to it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from cadre_portal.demo import faults as f
from cadre_portal.demo.organisation import PROVINCE, TitleRow, UnitRow
from cadre_portal.demo.people import Crowd, Person, whole_months
from cadres.choices import Level, Sex, TitleKind
from planning.choices import PlanStatus


@dataclass(frozen=True, slots=True)
class Shape:
    """What the province's (invented) targets ask of a plan at one level."""

    young_below: int
    middle_to: int
    young: int = 15
    women: int = 25
    minority: int = 80


SHAPES = {Level.PROVINCE: Shape(40, 50), Level.COMMUNE: Shape(35, 45)}
#: Units with a stricter target of their own (see `targets`), with all below them.
STRICTER = {"SYT": replace(SHAPES[Level.PROVINCE], women=30)}
MINIMUM_MONTHS = 120
MAX_TITLES = 3


def asked(unit: UnitRow) -> Shape:
    """What is asked of a unit's plan."""
    return STRICTER.get(unit.code.split("-")[0]) or SHAPES[Level(unit.level)]


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term as it is written."""

    id: int
    code: str
    starts_on: date
    ends_on: date


TERMS = tuple(
    TermRow(n, f"{y}-{y + 5}", date(y, 10, 1), date(y + 5, 9, 30))
    for n, y in enumerate((2020, 2025, 2030, 2015), start=1)
)
PAST, PRESENT, NEXT, OLD = TERMS


@dataclass(slots=True)
class NominationRow:
    """A person in a pool."""

    plan: "PlanRow"
    title: str
    person: Person
    nominated_on: date
    removed_on: date | None = None
    reason: str = ""
    failed_ballot: bool = False


@dataclass(slots=True)
class PlanRow:
    """A unit's plan for a term; `pools` holds the people in it now, `rows` all nominations."""

    id: int
    unit: UnitRow
    term: TermRow
    positions: dict[str, int]
    faults: set[str]
    status: str = PlanStatus.APPROVED
    approved_on: date | None = None
    decision: str = ""
    reviewed_on: date | None = None
    pools: dict[str, list[Person]] = field(default_factory=dict)
    rows: list[NominationRow] = field(default_factory=list)
    lacking: list[Person] = field(default_factory=list)

    @property
    def members(self) -> list[Person]:
        """Different people in the plan, in order of the pools."""
        return list({p.id: p for pool in self.pools.values() for p in pool}.values())


class Planner:
    """Chooses nominees among the staff and bends the picture to what a plan should show."""

    def __init__(self, rng: Random, crowd: Crowd, titles: dict[str, TitleRow]) -> None:
        self.rng, self.crowd, self.titles = rng, crowd, titles
        self.as_of = crowd.as_of
        self.plans: list[PlanRow] = []
        #: Pools that a person is in, by term and level.
        self.load: Counter[tuple[int, str, str]] = Counter()

    def open(
        self, unit: UnitRow, term: TermRow, posts: dict[str, int], faults: set[str]
    ) -> PlanRow:
        """A new plan without nominees."""
        by_rank = sorted(posts, key=lambda code: (self._committee(code), -self.titles[code].rank))
        plan = PlanRow(
            len(self.plans) + 1, unit, term, {code: posts[code] for code in by_rank}, faults
        )
        self.plans.append(plan)
        return plan

    def _committee(self, code: str) -> bool:
        return self.titles[code].kind == TitleKind.COMMITTEE

    def rank(self, person: Person) -> int:
        """Rank of the primary appointment."""
        return max(self.titles[code].rank for code in (person.title, *person.seats))

    def serves(self, person: Person, term: TermRow, spare: int = 1) -> bool:
        """Whether enough months are left for the term, with `spare` more."""
        start = max(self.as_of, term.starts_on)
        return whole_months(start, person.retires()) >= MINIMUM_MONTHS + spare

    def room(self, plan: PlanRow, person: Person) -> bool:
        """Whether one more title is allowed."""
        return self.load[person.id, plan.term.code, plan.unit.level] < MAX_TITLES

    def put(self, plan: PlanRow, title: str, person: Person) -> None:
        """Nominate a person."""
        plan.pools.setdefault(title, []).append(person)
        self.load[person.id, plan.term.code, plan.unit.level] += 1

    def wanted(self, title: str, prescribed: int) -> int:
        """A usual number of nominees: two or three for one post, fewer per post for many."""
        if self._committee(title):
            return min(prescribed + self.rng.randint(0, 3), prescribed * 3 // 2)
        if prescribed == 1:
            return self.rng.choice((2, 3, 3))
        return min(prescribed + self.rng.randint(1, 3), prescribed * 3)

    # Choosing

    def fill(
        self,
        plan: PlanRow,
        staff: list[Person],
        guests: Sequence[tuple[str, Person]] = (),
    ) -> None:
        """Fill every pool: `guests` go into a given pool, `staff` takes the rest."""
        for title, guest in guests:
            self.put(plan, title, guest)
        able = [p for p in staff if self.serves(p, plan.term)]
        for title, prescribed in plan.positions.items():
            pool = plan.pools.setdefault(title, [])
            short = self.wanted(title, prescribed) - len(pool)
            for person in self._ranked(plan, title, able, pool)[: max(short, 0)]:
                self.put(plan, title, person)

    def _ranked(
        self, plan: PlanRow, title: str, able: Iterable[Person], pool: list[Person]
    ) -> list[Person]:
        """Who could be nominated, most senior first, with some disorder."""
        top = self.titles[title].rank
        inside = {p.id for p in pool}
        fit: list[tuple[float, Person]] = []
        for person in able:
            rank = self.rank(person)
            if person.id in inside or not self.room(plan, person):
                continue
            if self._committee(title):
                fit.append((-rank + self.rng.uniform(0, 22), person))
            elif rank < top:
                fit.append((-rank + self.rng.uniform(0, 6), person))
        fit.sort(key=lambda pair: (pair[0], pair[1].id))
        return [person for _, person in fit]

    def compose(self, plan: PlanRow, title: str, able: list[Person], number: int) -> None:
        """Choose `number` people so that the pool has the wanted shares; nobody is changed."""
        shape = asked(plan.unit)
        pool = plan.pools.setdefault(title, [])
        rest = self._ranked(plan, title, able, pool)
        wants: list[tuple[Callable[[Person], bool], int]] = [
            (lambda p: p.age(self.as_of) < shape.young_below, -(-number * shape.young // 100)),
            (lambda p: p.age(self.as_of) > shape.middle_to, 2),
            (lambda p: p.woman, -(-number * shape.women // 100)),
            (lambda p: p.minority, -(-number * shape.minority // 100)),
        ]
        while rest and len(pool) < number:
            lacking = [test for test, least in wants if sum(map(test, pool)) < least]
            best = max(rest, key=lambda p: sum(test(p) for test in lacking))
            rest.remove(best)
            self.put(plan, title, best)

    # Bending

    def shape(self, plan: PlanRow) -> None:
        """Make the shares of the plan and of its committee pools hold, then break what is dealt."""
        shape = asked(plan.unit)
        groups = [pool for title, pool in plan.pools.items() if self._committee(title) and pool]
        groups.sort(key=len)
        groups.append(plan.members)
        for group in groups:
            self._complete(group, shape, commune=plan.unit.level == Level.COMMUNE)
        self.break_ages(plan)
        self._break_shares(plan, shape)

    def _complete(self, group: list[Person], shape: Shape, *, commune: bool) -> None:
        size = len(group)
        senior = (lambda p: self._senior(p, shape), 1 + (size > 14))
        young = (lambda p: p.age(self.as_of) < shape.young_below, -(-size * shape.young // 100))
        oldest = 50 if commune else 51
        self._raise(
            group,
            *senior,
            lambda p: self.crowd.make_senior(p, self.rng.randint(shape.middle_to + 1, oldest)),
            spare=lambda p: not young[0](p) and not p.woman,
        )
        self._raise(
            group,
            *young,
            lambda p: self.crowd.rejuvenate(p, (shape.young_below - 7, shape.young_below - 1)),
            spare=lambda p: not senior[0](p),
        )
        self._raise(
            group,
            lambda p: p.woman,
            -(-size * shape.women // 100),
            lambda p: self.crowd.set_sex(p, Sex.FEMALE),
            spare=lambda p: not senior[0](p) and p.age(self.as_of) < 49,
        )
        self._raise(
            group,
            lambda p: p.minority,
            -(-size * shape.minority // 100),
            lambda p: self.crowd.set_ethnicity(p, minority=True),
        )
        self._raise(
            group,
            lambda p: shape.young_below <= p.age(self.as_of) <= shape.middle_to,
            1,
            lambda p: self.crowd.rejuvenate(p, (shape.young_below, shape.middle_to - 3)),
            spare=lambda p: not senior[0](p),
        )

    def _senior(self, person: Person, shape: Shape) -> bool:
        return person.age(self.as_of) > shape.middle_to

    def _raise(
        self,
        group: list[Person],
        test: Callable[[Person], bool],
        least: int,
        change: Callable[[Person], bool],
        *,
        spare: Callable[[Person], bool] = lambda p: True,
    ) -> None:
        """Change members that fail `test` and may be `spare`d until `least` pass it."""
        others = [p for p in group if not test(p) and spare(p)]
        self.rng.shuffle(others)
        missing = least - sum(map(test, group))
        for person in others:
            if missing <= 0:
                return
            missing -= change(person)

    def break_ages(self, plan: PlanRow) -> None:
        """Take the young or the senior out of the plan, as dealt."""
        shape, members = asked(plan.unit), plan.members
        if f.NO_YOUNG in plan.faults or f.FEW_YOUNG in plan.faults:
            young = [p for p in members if p.age(self.as_of) < shape.young_below]
            keep = 0 if f.NO_YOUNG in plan.faults else 1
            for person in young[keep:]:
                self.crowd.rejuvenate(person, (shape.young_below, shape.young_below + 7))
        if f.NO_SENIOR in plan.faults:
            for person in members:
                if self._senior(person, shape) and self.serves(person, plan.term):
                    self.crowd.rejuvenate(person, (shape.middle_to - 8, shape.middle_to - 1))

    def _break_shares(self, plan: PlanRow, shape: Shape) -> None:
        members = plan.members
        if f.FEW_WOMEN in plan.faults:
            most = (len(members) * shape.women - 1) // 100 - self.rng.randint(0, 2)
            women = [p for p in members if p.woman]
            for person in women[max(most, 1) :]:
                self.crowd.set_sex(person, Sex.MALE)
        if f.FEW_MINORITY in plan.faults:
            least = len(members) * (100 - shape.minority) // 100 + 1
            self._raise(
                members,
                lambda p: not p.minority,
                least,
                lambda p: self.crowd.set_ethnicity(p, minority=False),
            )

    def pin(self, plan: PlanRow) -> None:
        """From here on nobody may change the people of this plan."""
        for person in plan.members:
            person.pinned = True

    # Faults of single pools and people

    def spoil(self, plan: PlanRow, staff: list[Person]) -> None:
        """Plant the dealt faults that concern one pool or one person."""
        if f.NUMBER in plan.faults:
            self._spoil_number(plan, staff)
        if f.SERVICE in plan.faults:
            self._add_one(plan, [p for p in staff if not self.serves(p, plan.term, -2)])
        if f.HIGHER in plan.faults:
            self._add_not_higher(plan, staff)
        if f.TITLES in plan.faults:
            self._add_titles(plan)

    def _leadership(self, plan: PlanRow) -> list[str]:
        return [title for title in plan.positions if not self._committee(title)]

    def _take_out(self, plan: PlanRow, title: str, keep: int) -> None:
        for person in plan.pools[title][keep:]:
            self.load[person.id, plan.term.code, plan.unit.level] -= 1
        del plan.pools[title][keep:]

    def _spoil_number(self, plan: PlanRow, staff: list[Person]) -> None:
        single = [t for t in self._leadership(plan) if plan.positions[t] == 1]
        title = self.rng.choice(single)
        pool = plan.pools[title]
        if self.rng.random() < 0.6:
            others = [p for p in pool if p.unit is plan.unit]
            if len(others) == len(pool):
                self._take_out(plan, title, 1)
                return
        able = [p for p in staff if self.serves(p, plan.term)]
        for person in self._ranked(plan, title, able, pool)[: 4 - len(pool)]:
            self.put(plan, title, person)

    def _add_one(self, plan: PlanRow, able: list[Person]) -> None:
        """One more nominee out of `able`, into a leadership pool that has room."""
        for title in self._leadership(plan):
            pool = plan.pools[title]
            if len(pool) >= 3 * plan.positions[title]:
                continue
            for person in self._ranked(plan, title, able, pool)[:1]:
                self.put(plan, title, person)
                return

    def _add_not_higher(self, plan: PlanRow, staff: list[Person]) -> None:
        """Somebody planned for the title held already, or for a lower one."""
        for title in reversed(self._leadership(plan)):
            pool = plan.pools[title]
            inside = {p.id for p in pool}
            holders = [
                p
                for p in staff
                if p.title == title and p.id not in inside and self.room(plan, p)
                if self.serves(p, plan.term)
            ]
            if holders and len(pool) < 3 * plan.positions[title]:
                self.put(plan, title, holders[0])
                return

    def _add_titles(self, plan: PlanRow) -> None:
        """The busiest nominee gets a fourth pool."""
        key = (plan.term.code, plan.unit.level)
        elsewhere = {p.id for other in self.plans if other is not plan for p in other.members}
        alone = [p for p in plan.members if p.id not in elsewhere]
        for person in sorted(alone, key=lambda p: (-self.load[p.id, *key], p.id)):
            for title in reversed(plan.positions):
                if self.load[person.id, *key] > MAX_TITLES:
                    return
                pool = plan.pools[title]
                fits = self._committee(title) or self.rank(person) < self.titles[title].rank
                limit = plan.positions[title] * 3 // (2 if self._committee(title) else 1)
                if fits and len(pool) < limit and person not in pool:
                    self.put(plan, title, person)

    # Dates

    def date_plan(self, plan: PlanRow, earliest: date, latest: date) -> None:
        """Dates of approval and review; overdue where that fault was dealt."""
        rng, as_of = self.rng, self.as_of
        if f.REVIEW in plan.faults:
            last = as_of - timedelta(days=rng.randint(400, 490))
            plan.approved_on = max(last, earliest)
            if plan.unit.level != Level.COMMUNE and last > earliest:
                plan.approved_on = earliest + (last - earliest) / 2
                plan.reviewed_on = last
        else:
            span = (min(latest, as_of - timedelta(days=30)) - earliest).days
            plan.approved_on = earliest + timedelta(days=rng.randint(0, max(span, 1)))
            if whole_months(plan.approved_on, as_of) >= 9:
                plan.reviewed_on = as_of - timedelta(days=rng.randint(25, 250))
                if plan.reviewed_on <= plan.approved_on:
                    plan.reviewed_on = plan.approved_on + timedelta(days=60)
        plan.decision = f"{rng.randint(11, 899)}-QĐ/TU"

    def nominate_all(self, plan: PlanRow) -> None:
        """Turn the pools into dated nominations."""
        rng = self.rng
        base = plan.approved_on or self.as_of - timedelta(days=rng.randint(10, 60))
        for title, pool in plan.pools.items():
            for person in pool:
                on = base - timedelta(days=rng.randint(3, 28))
                reviewed = plan.reviewed_on
                if reviewed and plan.unit.code != PROVINCE and rng.random() < 0.15:
                    on = reviewed - timedelta(days=rng.randint(0, 10))
                plan.rows.append(NominationRow(plan, title, person, on))
