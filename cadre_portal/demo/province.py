"""The whole demonstration province in memory, from one seed and one date."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cadre_portal.demo import faults as f
from cadre_portal.demo import organisation as org
from cadre_portal.demo.careers import Careers, RotationRow, Rotations
from cadre_portal.demo.history import (
    BallotRow,
    DisciplineRow,
    EvaluationRow,
    History,
    TrainingRow,
)
from cadre_portal.demo.names import full_name
from cadre_portal.demo.organisation import TitleRow, UnitRow
from cadre_portal.demo.people import Crowd, Person, Post
from cadre_portal.demo.plans import (
    NEXT,
    PAST,
    PRESENT,
    TERMS,
    NominationRow,
    Planner,
    PlanRow,
    TermRow,
)
from cadres.choices import BirthPrecision, Degree, Sex, Theory, TitleKind, UnitKind
from planning.choices import PlanStatus
from rotation.choices import RotationKind, RotationStatus

#: The plans of the communes need a year behind them to be overdue.
EARLIEST = date(2026, 9, 1)
#: Fewer would leave offices empty; the large sizes are made by `country`.
SMALLEST, LARGEST = 2_400, 50_000

_REMOVALS = (
    "Quá tuổi quy hoạch",
    "Bị kỷ luật khiển trách",
    "Không hoàn thành nhiệm vụ năm trước",
    "Đã được bổ nhiệm chức danh quy hoạch",
    "Chuyển công tác ra ngoài tỉnh",
    "Rà soát hằng năm: không còn đủ tiêu chuẩn",
    "Có nguyện vọng xin rút",
    "Nghỉ hưu trước tuổi",
)


@dataclass(slots=True)
class Province:
    """Everything that is written, in memory."""

    as_of: date
    units: dict[str, UnitRow]
    titles: dict[str, TitleRow]
    terms: tuple[TermRow, ...]
    people: list[Person] = field(default_factory=list)
    plans: list[PlanRow] = field(default_factory=list)
    rotations: list[RotationRow] = field(default_factory=list)
    evaluations: list[EvaluationRow] = field(default_factory=list)
    disciplines: list[DisciplineRow] = field(default_factory=list)
    trainings: list[TrainingRow] = field(default_factory=list)
    ballots: list[BallotRow] = field(default_factory=list)

    def staff(self, code: str) -> list[Person]:
        """People whose office is in the unit."""
        return [p for p in self.people if p.unit.code == code]


def build(*, size: int = 3_000, seed: int = 1, as_of: date) -> Province:
    """Invent a province of `size` people. The same arguments give the same province."""
    if as_of < EARLIEST:
        raise ValueError(f"Bộ dữ liệu trình diễn cần ngày xét từ {EARLIEST:%d/%m/%Y} trở đi.")
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"Số cán bộ phải trong khoảng {SMALLEST} đến {LARGEST}.")
    return _Builder(size, seed, as_of).build()


class _Builder:
    """The steps, in order: staff, present plans, next plans, careers, past plans, history."""

    def __init__(self, size: int, seed: int, as_of: date) -> None:
        self.rng = Random(seed)  # noqa: S311 - a demonstration, not a secret
        self.size, self.as_of = size, as_of
        self.units, self.titles = org.units(), org.titles()
        self.crowd = Crowd(self.rng, as_of)
        self.planner = Planner(self.rng, self.crowd, self.titles)
        self.careers = Careers(self.rng, as_of, self.units)
        self.rotations = Rotations(self.rng, as_of, self.units)
        self.staff: dict[str, list[Person]] = defaultdict(list)
        self.present: dict[str, PlanRow] = {}
        #: People on tour from a department: person id to (department, since).
        self.tours: dict[int, tuple[UnitRow, date]] = {}

    def build(self) -> Province:
        self._staff_all()
        self._present_plans()
        self._provincial_plan()
        self._next_plans()
        self._settle_people()
        for person in self.crowd.people:
            self.careers.write(person)
        self._finished_tours()
        self._past_plans()
        self._other_rotations()
        self._removals()
        history = History(self.rng, self.as_of, self.crowd.people, self.planner.plans, self.titles)
        history.write()
        self._forget()
        return Province(
            self.as_of, self.units, self.titles, TERMS, self.crowd.people, self.planner.plans,
            self.rotations.rows, history.evaluations, history.disciplines, history.trainings,
            history.ballots,
        )  # fmt: skip

    # Staff

    def _staff_all(self) -> None:
        for code in org.AGENCIES:
            self._staff_agency(code)
        for code in org.SUBORDINATES:
            self._staff_subordinate(code)
        for code in org.COMMUNES:
            self._staff_commune(code)
        self._staff_province()
        for code in org.OUTSIDE:
            for title, ages in (
                ("VT", (44, 55)),
                ("PVT", (38, 51)),
                ("PVT", (36, 51)),
                ("CV", (27, 45)),
            ):
                self._add(code, title, ages, 0.25)
        self._fill_up()
        for unit, people in self.staff.items():
            self._seat(unit, people)

    def _add(self, code: str, title: str, ages: tuple[int, int], women: float) -> Person:
        person = self.crowd.add(self.units[code], title, ages, women)
        self.staff[code].append(person)
        return person

    def _staff_agency(self, code: str) -> None:
        _name, head, deputy, deputies, sections = org.AGENCIES[code]
        self._add(code, head, (46, 59), 0.2)
        for _ in range(deputies):
            self._add(code, deputy, (40, 51), 0.3)
        for _ in range(sections):
            self._add(code, "TP", (36, 50), 0.35)
        for _ in range(sections + sections // 2):
            self._add(code, "PTP", (30, 48), 0.45)
        for _ in range(4):
            self._add(code, "CV", (27, 45), 0.5)

    def _staff_subordinate(self, code: str) -> None:
        _name, _parent, deputies, sections = org.SUBORDINATES[code]
        self._add(code, "TDV", (44, 57), 0.2)
        for _ in range(deputies):
            self._add(code, "PDV", (38, 50), 0.3)
        for _ in range(sections):
            self._add(code, "TP", (33, 51), 0.4)
            self._add(code, "PTP", (29, 46), 0.45)
        for _ in range(6):
            self._add(code, "CV", (26, 44), 0.5)

    def _staff_commune(self, code: str) -> None:
        for title, ages, women in (
            ("BTX", (42, 55), 0.12), ("PBTX", (39, 50), 0.25), ("CTX", (38, 50), 0.12),
            ("PCTHDX", (42, 50), 0.35), ("PCTX", (35, 46), 0.2), ("PCTX", (32, 44), 0.25),
        ):  # fmt: skip
            self._add(code, title, ages, women)
        for _ in range(5):
            self._add(code, "TPX", (30, 49), 0.3)
        for _ in range(6):
            self._add(code, "PTPX", (26, 45), 0.38)
        for _ in range(8):
            self._add(code, "NVX", (25, 50), 0.42)

    def _staff_province(self) -> None:
        for title, ages, women in (
            ("BTTU", (53, 57), 0), ("CTHDT", (52, 56), 0.3), ("PBTTU", (50, 55), 0.3),
            ("CTT", (50, 55), 0), ("PCTHDT", (46, 53), 0.4), ("PCTHDT", (46, 51), 0.3),
            ("PCTT", (45, 51), 0.2), ("PCTT", (44, 51), 0.2), ("PCTT", (47, 51), 0.2),
        ):  # fmt: skip
            self._add(org.PROVINCE, title, ages, women)

    def _fill_up(self) -> None:
        """Staff without office in all units until the wanted number of people is reached."""
        codes = [*org.AGENCIES, *org.SUBORDINATES, *org.COMMUNES]
        missing = self.size - len(self.crowd.people)
        for number in range(missing):
            code = codes[number % len(codes)]
            commune = code in org.COMMUNES
            self._add(code, "NVX" if commune else "CV", (25, 58), 0.45)

    def _seat(self, code: str, people: list[Person]) -> None:
        """Committee memberships of the present leaders, and offices held together."""
        ranked = sorted(people, key=lambda p: (-self.titles[p.title].rank, p.id))
        if code in org.COMMUNES:
            for number, person in enumerate(ranked[:13]):
                person.seats = ["BCHX", "BTVX"] if number < 7 else ["BCHX"]
            for person in ranked:
                if person.title == "BTX":
                    person.seats.append("CTHDX")
                elif person.title == "CTX":
                    person.seats.append("PBTX")
        elif code in org.AGENCIES:
            for person in ranked[: org.positions(self.units[code])["CU"]]:
                person.seats = ["CU"]

    # Plans of the present term

    def _present_plans(self) -> None:
        agencies = [*org.AGENCIES, *org.SUBORDINATES]
        dealt = f.deal(self.rng, [org.PROVINCE, *agencies], communes=False)
        dealt |= f.deal(self.rng, list(org.COMMUNES), communes=True)
        for code in (org.PROVINCE, *agencies, *org.COMMUNES):
            unit = self.units[code]
            posts = org.positions(unit)
            self.present[code] = self.planner.open(unit, PRESENT, posts, dealt[code])
        for code in (*org.SUBORDINATES, *org.COMMUNES, *org.AGENCIES):
            self._present_plan(self.present[code])

    def _present_plan(self, plan: PlanRow) -> None:
        code, planner = plan.unit.code, self.planner
        staff = self.staff[code]
        guests = [] if f.CLOSED in plan.faults else self._guests(plan)
        if code in org.AGENCIES:
            guests += self._from_below(plan)
        planner.fill(plan, staff, guests)
        planner.shape(plan)
        planner.spoil(plan, staff)
        planner.pin(plan)
        if code in org.COMMUNES:
            planner.date_plan(plan, date(2025, 7, 20), date(2026, 4, 30))
        else:
            planner.date_plan(plan, date(2024, 11, 1), date(2025, 6, 30))
        self._tour_guests(plan, guests)
        self._status(plan)
        planner.nominate_all(plan)

    def _guests(self, plan: PlanRow) -> list[tuple[str, Person]]:
        """People from elsewhere for a pool: departments for communes, communes for departments."""
        commune = plan.unit.code in org.COMMUNES
        if commune:
            codes, titles = list(org.AGENCIES), ("TP", "PTP")
            pools = ("PCTX", "PBTX", "CTX")
        elif plan.unit.code in org.SUBORDINATES:
            parent = org.SUBORDINATES[plan.unit.code][1]
            codes, titles, pools = [c for c in org.AGENCIES if c != parent], ("PTP", "TP"), ("PDV",)
        else:
            codes, titles = list(org.COMMUNES), ("PCTX", "PBTX", "CTX")
            pools = (org.AGENCIES[plan.unit.code][2],)
        young = f.NO_YOUNG in plan.faults or f.FEW_YOUNG in plan.faults
        able = [
            p for code in codes for p in self.staff[code]
            if p.title in titles and not p.pinned and self.planner.serves(p, PRESENT)
            and not self.planner.load[p.id, PRESENT.code, plan.unit.level]
            and not (young and p.age(self.as_of) < 40)
        ]  # fmt: skip
        number = self.rng.choice((1, 1, 2, 3)) if commune else self.rng.choice((1, 2, 2))
        chosen = self.rng.sample(able, min(number, len(able)))
        guests = []
        for person, pool in zip(chosen, self.rng.sample(pools, len(pools)) * 3, strict=False):
            if self.titles[pool].rank > self.planner.rank(person):
                guests.append((pool, person))
        return guests or [(pools[0], p) for p in chosen[:1]]

    def _from_below(self, plan: PlanRow) -> list[tuple[str, Person]]:
        """Nominees of subordinate units, whose own plan is the basis of this one."""
        deputy = org.AGENCIES[plan.unit.code][2]
        guests = []
        for code, (_name, parent, *_rest) in org.SUBORDINATES.items():
            if parent != plan.unit.code:
                continue
            inside = {p.id for p in self.present[code].members}
            able = [p for p in self.staff[code] if self.planner.serves(p, PRESENT)]
            if f.LINEAGE in plan.faults:
                able = [p for p in able if p.id not in inside and p.title in {"TDV", "PDV", "PTP"}]
            else:
                able = [p for p in able if p.id in inside and p.title in {"PDV", "TP"}]
            guests += [(deputy, p) for p in able[:1]]
        return guests

    def _tour_guests(self, plan: PlanRow, guests: list[tuple[str, Person]]) -> None:
        """Most guests of a department come from it: they serve a tour in their commune."""
        for _pool, person in guests:
            own = person.unit.within(plan.unit)
            if plan.unit.code in org.AGENCIES and not own and self.rng.random() < 0.75:
                assert plan.approved_on  # noqa: S101
                first = max(org.COMMUNES_OPENED, plan.approved_on + timedelta(days=20))
                span = (self.as_of - first).days - 20
                since = first + timedelta(days=self.rng.choice((0, self.rng.randint(0, span))))
                self.tours[person.id] = (plan.unit, since)
                person.since = since

    def _status(self, plan: PlanRow) -> None:
        """A few faulty plans are still on their way; they have no decision."""
        if plan.unit.code == org.PROVINCE or not plan.faults or f.REVIEW in plan.faults:
            return
        if self.rng.random() < 0.12:
            plan.status = self.rng.choice((PlanStatus.SUBMITTED, PlanStatus.RETURNED))
            plan.approved_on = plan.reviewed_on = None
            plan.decision = ""

    def _provincial_plan(self) -> None:
        plan, planner = self.present[org.PROVINCE], self.planner
        below = {p.id for q in planner.plans for p in q.members}
        able = [
            p for p in self.crowd.people
            if planner.serves(p, PRESENT) and p.unit.code not in org.OUTSIDE
        ]  # fmt: skip
        top = [p for p in able if planner.rank(p) >= 57 and (p.id in below or p.title in _TOP)]
        outside = [
            p for code in org.OUTSIDE for p in self.staff[code]
            if p.title in {"VT", "PVT"} and planner.serves(p, PRESENT)
        ]  # fmt: skip
        guests = list(zip(("CTT", "PCTT"), outside[:2], strict=False))
        for title, guest in guests:
            planner.put(plan, title, guest)
        for title, prescribed in plan.positions.items():
            number = planner.wanted(title, prescribed)
            pool = plan.pools.setdefault(title, [])
            if self.titles[title].kind == TitleKind.COMMITTEE:
                planner.compose(plan, title, top, number)
            else:
                leaders = [p for p in top if planner.rank(p) >= 65]
                planner.compose(plan, title, leaders, max(number, len(pool)))
        breaks = [p for p in able if p.id not in below and planner.rank(p) in range(53, 70)]
        for person in breaks[:3]:
            if planner.room(plan, person):
                planner.put(plan, "TUV", person)
        planner.date_plan(plan, date(2025, 2, 1), date(2025, 6, 30))
        planner.nominate_all(plan)
        planner.pin(plan)

    # Plans of the next term

    def _next_plans(self) -> None:
        for code in (*org.SUBORDINATES, *org.COMMUNES, *org.AGENCIES, org.PROVINCE):
            if code != org.PROVINCE and self.rng.random() < 0.15:
                continue
            unit = self.units[code]
            plan = self.planner.open(unit, NEXT, org.positions(unit), set())
            chance = self.rng.random()
            if chance < 0.45:
                self.planner.date_plan(plan, date(2025, 12, 1), date(2026, 8, 31))
            else:
                plan.status = (
                    PlanStatus.DRAFT if chance < 0.7
                    else PlanStatus.SUBMITTED if chance < 0.93 else PlanStatus.RETURNED
                )  # fmt: skip
            self._next_pools(plan, empty=0.3 if plan.status == PlanStatus.DRAFT else 0)
            self.planner.nominate_all(plan)

    def _next_pools(self, plan: PlanRow, *, empty: float) -> None:
        """The younger part of the present plan, others of the staff, chosen for the shares."""
        planner, code = self.planner, plan.unit.code
        own = self.present[code]
        pool_of_people = {p.id: p for p in (*own.members, *self.staff[code])}
        able = [p for p in pool_of_people.values() if planner.serves(p, NEXT)]
        if code == org.PROVINCE:
            able = [p for p in self.crowd.people if p.pinned and planner.serves(p, NEXT)]
        for title, prescribed in plan.positions.items():
            plan.pools[title] = []
            if self.rng.random() < empty:
                continue
            planner.compose(plan, title, able, planner.wanted(title, prescribed))

    # Attributes that depend on the plans

    def _settle_people(self) -> None:
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
        """The highest standards of the pools of the present plans, by person."""
        degrees: dict[int, Degree] = {}
        theories: dict[int, Theory] = {}
        for plan in self.present.values():
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
        """One to three nominees lack the theory that their pool asks for."""
        for title in reversed(list(plan.positions)):
            asks = self.titles[title].min_theory
            own = [p for p in plan.pools[title] if p.unit is plan.unit]
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

    # Tours, closed districts

    def _finished_tours(self) -> None:
        """Completed rotations of the district years; a few too short, a few outside a plan."""
        rng = self.rng
        able = [
            p for p in self.crowd.people
            if p.title in {"PBTX", "CTX", "PCTX", "TPX", "PTPX"} and p.unit.code in org.COMMUNES
        ]  # fmt: skip
        rng.shuffle(able)
        districts = sorted(org.FORMER_DISTRICTS)
        done = 0
        for person in able:
            if done >= 19:
                break
            months = rng.choice((21, 28)) if done % 9 == 4 else rng.randint(37, 44)
            if done % 3:
                unit, title = self.units[rng.choice(districts)], "TPH"
            else:
                agencies = [c for c in org.AGENCIES if self.units[c].valid_from is None]
                unit, title = self.units[rng.choice(agencies)], "PTP"
            done += self.rotations.done(person, unit, title, months)
        transfers = 0
        for person in able[400:]:
            if transfers >= 9:
                break
            kind = RotationKind.SECONDMENT if transfers % 3 == 2 else RotationKind.TRANSFER
            unit = self.units[rng.choice(districts)]
            transfers += self.rotations.done(person, unit, "PTPH", rng.randint(14, 30), kind=kind)

    def _past_plans(self) -> None:
        """The closed districts' plans for 2020–2025, ended with the districts."""
        then = date(2021, 6, 1)
        ended = org.DISTRICTS_CLOSED + timedelta(days=1)
        toured = {row.person.id: row for row in self.rotations.rows}
        for code in org.FORMER_DISTRICTS:
            unit = self.units[code]
            plan = self.planner.open(unit, PAST, org.positions(unit), set())
            plan.approved_on = date(2020, self.rng.randint(2, 6), self.rng.randint(1, 28))
            plan.reviewed_on = date(2024, self.rng.randint(3, 11), self.rng.randint(1, 28))
            plan.decision = f"{self.rng.randint(101, 999)}-QĐ/TU"
            ranks = self._ranks_in(unit, then)
            for title, prescribed in plan.positions.items():
                self._past_pool(plan, title, prescribed, ranks, ended)
            self._nominate_toured(plan, toured, ended)

    def _ranks_in(self, unit: UnitRow, day: date) -> list[tuple[int, Person]]:
        """People who had an office in the unit on that day, with the rank of it."""
        found = []
        for person in self.crowd.people:
            for post in person.posts:
                if post.unit is unit and post.start <= day and (not post.end or day < post.end):
                    found.append((self.titles[post.title].rank, person))
        return found

    def _past_pool(
        self, plan: PlanRow, title: str, prescribed: int, ranks: list[tuple[int, Person]],
        ended: date,
    ) -> None:  # fmt: skip
        top = self.titles[title]
        committee = top.kind == TitleKind.COMMITTEE
        able = [
            (rank + self.rng.uniform(0, 14), person) for rank, person in ranks
            if (committee or rank < top.rank) and rank > 10 and self.planner.room(plan, person)
        ]  # fmt: skip
        able.sort(key=lambda pair: (-pair[0], pair[1].id))
        for _, person in able[: self.planner.wanted(title, prescribed)]:
            self.planner.load[person.id, PAST.code, plan.unit.level] += 1
            self._past_nomination(plan, title, person, ended)

    def _past_nomination(self, plan: PlanRow, title: str, person: Person, ended: date) -> None:
        rng = self.rng
        assert plan.approved_on  # noqa: S101
        on = plan.approved_on - timedelta(days=rng.randint(1, 25))
        removed, reason = ended, "Cấp huyện kết thúc hoạt động từ ngày 01/7/2025"
        if rng.random() < 0.12:
            removed = date(rng.randint(2021, 2024), rng.randint(1, 12), rng.randint(1, 28))
            reason = rng.choice(_REMOVALS)
        plan.rows.append(NominationRow(plan, title, person, on, removed, reason))

    def _nominate_toured(self, plan: PlanRow, toured: dict[int, RotationRow], ended: date) -> None:
        """People sent on a tour were planned in their district; a few were not."""
        inside = {row.person.id for row in plan.rows}
        for row in toured.values():
            person = row.person
            if row.origin[0] is plan.unit and person.id not in inside and self.rng.random() < 0.85:
                self._past_nomination(plan, "PCTH", person, ended)
        for nomination in plan.rows:
            row = toured.get(nomination.person.id)
            if row and row.start and nomination.removed_on and nomination.removed_on <= row.start:
                nomination.removed_on = ended

    def _other_rotations(self) -> None:
        """Tours that run now, and those only proposed, approved, refused or given up."""
        rng = self.rng
        by_id = {p.id: p for p in self.crowd.people}
        for key in sorted(self.tours):
            unit, since = self.tours[key]
            self._weave_tour(by_id[key], unit, since)
        planned = [
            p for code in org.AGENCIES for p in self.present[code].members
            if p.unit.code == code and p.title in {"TP", "PTP"}
        ]  # fmt: skip
        rng.shuffle(planned)
        communes = [self.units[code] for code in org.COMMUNES]
        family = "Hoàn cảnh gia đình khó khăn, con nhỏ"
        health = "Sức khỏe không bảo đảm công tác ở vùng cao"
        distance = "Xa gia đình, đề nghị bố trí địa bàn gần hơn"
        cases = (
            *[(RotationStatus.PROPOSED, "")] * 7,
            *[(RotationStatus.APPROVED, "")] * 5,
            (RotationStatus.DECLINED, family), (RotationStatus.DECLINED, health),
            (RotationStatus.DECLINED, family), (RotationStatus.DECLINED, distance),
            (RotationStatus.DECLINED, family), (RotationStatus.CANCELLED, ""),
            (RotationStatus.CANCELLED, ""),
        )  # fmt: skip
        for person, (status, reason) in zip(planned, cases, strict=False):
            start = None
            if status == RotationStatus.APPROVED:
                start = self.as_of + timedelta(days=rng.randint(8, 60))
            elif status in {RotationStatus.DECLINED, RotationStatus.CANCELLED}:
                start = self.as_of - timedelta(days=rng.randint(30, 900))
            title = "PCTX" if person.title == "PTP" else rng.choice(("PBTX", "CTX", "PCTX"))
            self.rotations.proposed(
                person, rng.choice(communes), title, status, reason=reason, start=start
            )
        self._late_starts(planned[len(cases) :])

    def _weave_tour(self, person: Person, unit: UnitRow, since: date) -> None:
        """Let the career end in the sending department before the tour."""
        index = next(i for i, post in enumerate(person.posts) if not post.end)
        earlier = person.posts[:index]
        origin = date(2022, self.rng.randint(1, 9), 1)
        if unit.valid_from:
            origin = max(origin, unit.valid_from)
        kept = [post for post in earlier if post.start < origin]
        for post in kept:
            post.end = min(post.end or origin, origin)
        number = f"{self.rng.randint(100, 999)}-QĐ/TU"
        kept.append(Post(unit, "TP", origin, since, number))
        person.posts[:index] = kept
        self.rotations.running(person, unit, since)

    def _late_starts(self, planned: list[Person]) -> None:
        """Running tours that break a rule: outside every plan, or too near to retirement."""
        communes = list(org.COMMUNES)
        unplanned = [
            p for code in communes for p in self.staff[code]
            if p.title in {"PCTX", "TPX"} and not p.pinned and not p.since and len(p.posts) > 1
        ]  # fmt: skip
        for person in unplanned[:2]:
            self._weave_tour(person, self.units["SNV"], self._present_start(person))
        late = [
            p for code in communes for p in self.staff[code]
            if p.title in {"BTX", "PBTX", "CTX"} and p.age(self.as_of) >= 53 and len(p.posts) > 1
        ]  # fmt: skip
        for person in late[:3]:
            self._weave_tour(person, self.units["BTC"], self._present_start(person))

    def _present_start(self, person: Person) -> date:
        return next(post.start for post in person.posts if not post.end)

    def _removals(self) -> None:
        """People who left a pool at a review, each with the reason."""
        rng = self.rng
        for plan in self.present.values():
            last = plan.reviewed_on or plan.approved_on
            if not last or not plan.approved_on:
                continue
            leavers = [p for p in self.staff[plan.unit.code] if p.title not in {"CV", "NVX"}]
            titles = [t for t in plan.positions]
            for person in rng.sample(leavers, min(rng.randint(1, 4), len(leavers))):
                title = rng.choice(titles)
                if person in plan.pools[title] or any(
                    r.person is person and r.title == title for r in plan.rows
                ):
                    continue
                on = plan.approved_on - timedelta(days=rng.randint(3, 28))
                removed = max(last, on + timedelta(days=20))
                plan.rows.append(
                    NominationRow(plan, title, person, on, removed, rng.choice(_REMOVALS))
                )

    # Names, and what the files do not say

    def _forget(self) -> None:
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


_HEADS = {"BTX", "CTX"}
_TOP = {"BTTU", "CTHDT", "PBTTU", "CTT", "PCTHDT", "PCTT"}
