"""Standards, origins and names, once the plans are known; then what the files do not say."""

from collections import Counter
from datetime import timedelta

from cadre_portal.demo import faults as f
from cadre_portal.demo import organisation as org
from cadre_portal.demo.draft import Step
from cadre_portal.demo.names import full_name
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import PRESENT, PlanRow
from cadres.choices import BirthPrecision, Degree, Theory

_HEADS = {"BTX", "CTX"}


class Traits(Step):
    """Attributes of people that depend on the plans, and what their files do not say."""

    def settle(self) -> None:
        needs = self._needs()
        for person in self.crowd.people:
            self._education(person, *needs.get(person.id, (None, None)))
            self._origin(person)
        self._local_heads()
        for plan in self.present.values():
            if f.STANDARD in plan.faults:
                self._lower_theory(plan)
        self._head_terms()

    def _needs(self) -> dict[int, tuple[Degree | None, Theory | None]]:
        """The highest standards of the pools, by person; a good part of the next plans ask nothing.

        Those nominees may still study before the term begins: their gaps are training needs.
        """
        degrees: dict[int, Degree] = {}
        theories: dict[int, Theory] = {}
        careful = [p for p in self.planner.plans if p.term is PRESENT or self.rng.random() < 0.6]
        for plan in careful:
            for title, pool in plan.pools.items():
                row = self.titles[title]
                for person in pool:
                    low, none = Degree.NONE, Theory.NONE
                    degrees[person.id] = max(degrees.get(person.id, low), row.min_degree or low)
                    theories[person.id] = max(theories.get(person.id, none), row.min_theory or none)
        return {key: (degrees[key], theories[key]) for key in degrees}

    def _education(self, person: Person, degree: Degree | None, theory: Theory | None) -> None:
        rng, rank = self.rng, self.titles[person.title].rank
        if rank >= 50:
            own = rng.choices((Degree.BACHELOR, Degree.MASTER, Degree.DOCTOR), (55, 42, 3))[0]
            school = rng.choices(
                (Theory.INTERMEDIATE, Theory.ADVANCED, Theory.BACHELOR), (25, 70, 5)
            )[0]
        elif rank >= 35:
            own = rng.choices((Degree.COLLEGE, Degree.BACHELOR, Degree.MASTER), (6, 74, 20))[0]
            school = rng.choices(
                (Theory.ELEMENTARY, Theory.INTERMEDIATE, Theory.ADVANCED), (15, 60, 25)
            )[0]
        else:
            own = rng.choices(
                (Degree.INTERMEDIATE, Degree.COLLEGE, Degree.BACHELOR, Degree.MASTER),
                (14, 12, 66, 8),
            )[0]
            school = rng.choices(
                (Theory.NONE, Theory.ELEMENTARY, Theory.INTERMEDIATE), (20, 35, 45)
            )[0]
        person.degree = max(own, degree or own)
        person.theory = max(school, theory or school)
        assert person.birth is not None  # noqa: S101
        joined = person.birth + timedelta(days=int(rng.uniform(21, 31) * 365.25))
        if joined < self.as_of - timedelta(days=200):
            person.party_joined_on = joined

    def _origin(self, person: Person) -> None:
        rng = self.rng
        chance = rng.random()
        if person.unit.code in org.OUTSIDE:
            person.native = person.unit
        elif chance < 0.05 and person.ethnicity == "01":
            person.native = self.units[rng.choice([c for c in org.OUTSIDE if c != "TW"])]
        elif chance < 0.12:
            person.native = self.units[rng.choice(sorted(org.FORMER_DISTRICTS))]
        elif chance < 0.15:
            person.native = None
        elif person.unit.code in org.COMMUNES and chance < 0.6 and person.title not in _HEADS:
            person.native = person.unit
        else:
            person.native = self.units[rng.choice(list(org.COMMUNES))]

    def _local_heads(self) -> None:
        """Heads come from elsewhere, but for about a sixth of the communes and one agency."""
        heads = [p for p in self.crowd.people if self.titles[p.title].non_local_required]
        for person in heads:
            outside = person.unit.code in {org.PROVINCE, *org.AGENCIES}
            while person.native is person.unit or (outside and self._local(person)):
                codes = [c for c in org.OUTSIDE if c != "TW"] if outside else list(org.COMMUNES)
                person.native = self.units[self.rng.choice(codes)]
        local = [p for p in heads if p.unit.code in org.COMMUNES]
        for person in self.rng.sample(local, 11):
            person.native = person.unit
        for person in self.rng.sample(local, 3):
            person.native = None
        for person in self.staff[org.PROVINCE][:1]:
            person.native = self.units["T.LS"]

    def _local(self, person: Person) -> bool:
        return person.native is None or person.native.within(person.unit)

    def _lower_theory(self, plan: PlanRow) -> None:
        """One or two nominees, in no other plan, lack the theory that their pool asks for."""
        seen = Counter(p.id for other in self.present.values() for p in other.members)
        for title in reversed(list(plan.positions)):
            asks = self.titles[title].min_theory
            own = [p for p in plan.pools[title] if p.unit is plan.unit and seen[p.id] == 1]
            if asks != Theory.ADVANCED or not own:
                continue
            for person in own[: self.rng.choice((1, 1, 2))]:
                person.theory = Theory.INTERMEDIATE
            return

    def _head_terms(self) -> None:
        """Three heads past two terms, two about to be."""
        old = [code for code, row in org.AGENCIES.items() if self.units[code].valid_from is None]
        able = [
            self.staff[c][0]
            for c in old
            if c not in {"TTT", "UBKT"} and self.staff[c][0].age(self.as_of) >= 50
        ]
        for person, months in zip(able, (131, 124, 142, 117, 111), strict=False):
            person.since = self.as_of - timedelta(days=int(months * 30.44))

    def forget(self) -> None:
        """Give names, then take away what an office would not know."""
        rng = self.rng
        taken: set[tuple[str, str]] = set()
        for person in self.crowd.people:
            for _ in range(6):
                person.name = full_name(rng, person.ethnicity, person.sex)
                if (person.name, person.unit.code) not in taken:
                    break
            taken.add((person.name, person.unit.code))
        relied = {p.id for plan in self.present.values() for p in plan.members}
        for person in self.crowd.people:
            self._coarsen(person)
            if person.id not in relied:
                self._forget_some(person)
        for plan in self.present.values():
            self._forget_nominees(plan)

    def _forget_some(self, person: Person) -> None:
        rng = self.rng
        chance = rng.random()
        if chance < 0.01:
            person.birth, person.precision = None, ""
        elif chance < 0.02:
            person.sex = ""
        elif chance < 0.03:
            person.ethnicity = ""
        elif chance < 0.05:
            person.degree = None
        elif chance < 0.07:
            person.theory = None

    def _forget_nominees(self, plan: PlanRow) -> None:
        middle_to = 45 if plan.unit.code in org.COMMUNES else 50
        if f.UNKNOWN_BIRTH in plan.faults:
            for person in plan.members:
                if person.birth and person.age(self.as_of) > middle_to:
                    person.birth, person.precision = None, ""
        if f.UNKNOWN_SEX in plan.faults:
            women = [p for p in plan.members if p.woman]
            most = (len(plan.members) - 1) // 4
            for person in women[most:] or women[:1]:
                person.sex = ""

    def _coarsen(self, person: Person) -> None:
        """Only the month or the year is known of some; the earliest day is kept."""
        chance = self.rng.random()
        birth = person.birth
        if not birth or chance > 0.14:
            return
        year_only = chance < 0.05
        earliest = birth.replace(month=1 if year_only else birth.month, day=1)
        age, retires = person.age(self.as_of), person.retires()
        person.birth = earliest
        if person.age(self.as_of) != age or (year_only and person.retires().year != retires.year):
            person.birth = birth
            return
        person.precision = BirthPrecision.YEAR if year_only else BirthPrecision.MONTH
