"""What was recorded of people over the years: grades, disciplines, courses and ballots."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cadre_portal.demo import faults as f
from cadre_portal.demo.organisation import TitleRow, UnitRow
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import PRESENT, PlanRow
from cadres.choices import DisciplineKind, Grade, TrainingKind, UnitKind
from planning.choices import PlanStatus

FIRST_GRADED = 2016

_COURSES: tuple[tuple[str, str, int], ...] = (
    ("Trung cấp lý luận chính trị", TrainingKind.THEORY, 300),
    ("Cao cấp lý luận chính trị", TrainingKind.THEORY, 400),
    ("Bồi dưỡng ngạch chuyên viên", TrainingKind.STATE_MANAGEMENT, 75),
    ("Bồi dưỡng ngạch chuyên viên chính", TrainingKind.STATE_MANAGEMENT, 60),
    ("Bồi dưỡng lãnh đạo, quản lý cấp phòng", TrainingKind.STATE_MANAGEMENT, 30),
    ("Bồi dưỡng lãnh đạo, quản lý cấp sở và tương đương", TrainingKind.STATE_MANAGEMENT, 30),
    ("Bồi dưỡng lãnh đạo xã, phường sau sắp xếp", TrainingKind.STATE_MANAGEMENT, 10),
    ("Chuyển đổi số trong cơ quan nhà nước", TrainingKind.PROFESSIONAL, 5),
    ("Quản lý đất đai cấp xã", TrainingKind.PROFESSIONAL, 10),
    ("Tiếng Mông cho cán bộ công tác vùng dân tộc", TrainingKind.LANGUAGE, 90),
    ("Tiếng Tày, Nùng cho cán bộ công tác vùng dân tộc", TrainingKind.LANGUAGE, 90),
    ("Tiếng Dao cho cán bộ công tác vùng dân tộc", TrainingKind.LANGUAGE, 90),
    ("Tiếng Trung Quốc giao tiếp cho cán bộ biên giới", TrainingKind.LANGUAGE, 120),
    ("Bồi dưỡng kiến thức quốc phòng, an ninh đối tượng 3", TrainingKind.OTHER, 12),
)


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """A grade of a year."""

    person: Person
    year: int
    grade: Grade
    unit: UnitRow


@dataclass(frozen=True, slots=True)
class DisciplineRow:
    """A discipline with the last day of its effect."""

    person: Person
    kind: str
    decided_on: date
    effective_to: date | None


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A course; without an end it still runs."""

    person: Person
    course: str
    kind: str
    start: date
    end: date | None
    result: str
    school: str = ""
    study_form: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class BallotRow:
    """One step's count; `counts` as in the exchange workbook from `summoned` to `agree`."""

    plan: PlanRow
    title: str
    person: Person
    step: int
    held_on: date
    counts: tuple[int, int, int, int, int, int]


class History:
    """Writes the four histories from finished careers and plans."""

    def __init__(
        self,
        rng: Random,
        as_of: date,
        people: list[Person],
        plans: list[PlanRow],
        titles: dict[str, TitleRow],
    ) -> None:
        self.rng, self.as_of, self.people, self.plans, self.titles = (
            rng,
            as_of,
            people,
            plans,
            titles,
        )
        self.evaluations: list[EvaluationRow] = []
        self.disciplines: list[DisciplineRow] = []
        self.trainings: list[TrainingRow] = []
        self.ballots: list[BallotRow] = []
        present = [plan for plan in plans if plan.term is PRESENT]
        self.nominees = {p.id for plan in present for p in plan.members}
        self.failed = self._picked(present, f.GRADE)
        self.ungraded = self._picked(present, f.UNKNOWN_GRADE, number=2)
        self.disciplined = self._picked(present, f.DISCIPLINE)

    def _picked(self, plans: list[PlanRow], fault: str, number: int = 1) -> set[int]:
        """Nominees of the own unit whom a personal fault hits."""
        picked: set[int] = set()
        seen = Counter(p.id for plan in plans for p in plan.members)
        for plan in plans:
            if fault in plan.faults:
                own = [p for p in plan.members if p.unit is plan.unit and seen[p.id] == 1]
                picked |= {p.id for p in self.rng.sample(own, number)}
        return picked

    def write(self) -> None:
        """All four."""
        self._grade()
        self._discipline()
        self._train()
        self._vote()

    # Evaluations

    def _grade(self) -> None:
        last = self.as_of.year - 1
        groups: dict[tuple[int, int], list[Person]] = defaultdict(list)
        units: dict[int, UnitRow] = {}
        for person in self.people:
            for year in range(FIRST_GRADED, last + 1):
                unit = self._unit_on(person, date(year, 12, 15))
                relied = year == last and person.id in self.nominees
                if unit is None or (not relied and self.rng.random() < 0.03):
                    continue
                if year == last and person.id in self.ungraded:
                    continue
                units[unit.id] = unit
                groups[unit.id, year].append(person)
        for (unit_id, year), members in sorted(groups.items()):
            self._grade_group(units[unit_id], year, members)

    def _unit_on(self, person: Person, day: date) -> UnitRow | None:
        for post in person.posts:
            if post.start <= day and (not post.end or day < post.end):
                return post.unit
        # The files of a nominee's last year are complete: the present unit graded it.
        if day.year == self.as_of.year - 1 and person.id in self.nominees:
            return person.unit
        return None

    def _grade_group(self, unit: UnitRow, year: int, members: list[Person]) -> None:
        rng, size = self.rng, len(members)
        style = rng.random()
        if style < 0.1:
            grades = [Grade.HTTNV] * size
        else:
            low = round(size * rng.uniform(0.02, 0.14))
            good = size - low
            # A sixth of those "good" at most, or clearly more than the fifth allowed.
            top = int(good * rng.uniform(0.06, 0.165)) if style < 0.84 else round(good * 0.26)
            grades = [Grade.HTXSNV] * top + [Grade.HTTNV] * (good - top) + [Grade.HTNV] * low
            rng.shuffle(grades)
            if rng.random() < 0.25:
                self._fail_one(year, members, grades)
        last = year == self.as_of.year - 1
        for person, grade in zip(members, grades, strict=True):
            if last and person.id in self.failed:
                grade = Grade.KHTNV
            self.evaluations.append(EvaluationRow(person, year, grade, unit))

    def _fail_one(self, year: int, members: list[Person], grades: list[Grade]) -> None:
        """One person who is in no plan did not do the tasks."""
        for index, person in enumerate(members):
            if grades[index] == Grade.HTNV and person.id not in self.nominees:
                grades[index] = Grade.KHTNV
                return

    # Disciplines

    def _discipline(self) -> None:
        rng = self.rng
        others = [p for p in self.people if p.id not in self.nominees and p.birth]
        clean = [p for p in self.people if p.id in self.nominees - self.disciplined]
        for person in self.people:
            if person.id in self.disciplined:
                self._add_discipline(person, rng.randint(40, 300), active=True)
        for person in rng.sample(others, 14):
            self._add_discipline(person, rng.randint(30, 330), active=True)
        for person in rng.sample(others, 18) + rng.sample(clean, 9):
            self._add_discipline(person, rng.randint(500, 3200), active=False)

    def _add_discipline(self, person: Person, ago: int, *, active: bool) -> None:
        rng = self.rng
        kind = rng.choices(
            (DisciplineKind.REPRIMAND, DisciplineKind.WARNING, DisciplineKind.REMOVAL),
            (70, 27, 3 if active else 8),
        )[0]
        decided = self.as_of - timedelta(days=ago)
        until = decided + timedelta(days=365)
        if active and rng.random() < 0.2:
            self.disciplines.append(DisciplineRow(person, kind, decided, None))
        else:
            self.disciplines.append(DisciplineRow(person, kind, decided, until))

    # Trainings

    def _train(self) -> None:
        rng = self.rng
        for person in self.people:
            begin = min(post.start for post in person.posts)
            number = rng.choices((0, 1, 2, 3), (30, 35, 25, 10))[0]
            for name, kind, days in rng.sample(_COURSES, number):
                first = max(begin, date(2012, 1, 1))
                span = (self.as_of - first).days - 20
                if span <= 0:
                    continue
                start = first + timedelta(days=rng.randint(0, span))
                end = start + timedelta(days=days)
                done = end < self.as_of
                result = rng.choice(("Khá", "Khá", "Giỏi", "Đạt")) if done else ""
                self.trainings.append(
                    TrainingRow(person, name, kind, start, end if done else None, result)
                )

    # Ballots

    def _vote(self) -> None:
        for plan in self.plans:
            if plan.status != PlanStatus.APPROVED:
                continue
            if f.BALLOT in plan.faults or self.rng.random() < 0.55:
                self._vote_plan(plan)

    def _vote_plan(self, plan: PlanRow) -> None:
        rng = self.rng
        sizes = self._sizes(plan.unit)
        own = [r for r in plan.rows if not r.removed_on and r.person.unit is plan.unit]
        failing = (
            rng.sample(own, min(len(own), rng.randint(1, 2))) if f.BALLOT in plan.faults else []
        )
        for row in plan.rows:
            if row.removed_on and plan.term is PRESENT:
                continue
            weak = rng.choice((2, 3)) if any(row is r for r in failing) else 0
            for step in (2, 3, 4):
                held = row.nominated_on - timedelta(days=26 - 6 * step)
                counts = self._count(sizes[step], fails=step == weak)
                self.ballots.append(BallotRow(plan, row.title, row.person, step, held, counts))

    def _sizes(self, unit: UnitRow) -> dict[int, int]:
        """People summoned to the conference of key cadres, the wider and the narrow leadership."""
        if unit.kind in {UnitKind.COMMUNE, UnitKind.DISTRICT}:
            return {2: self.rng.randint(38, 60), 3: self.rng.randint(13, 17), 4: 7}
        if unit.code == "CB":
            return {2: 142, 3: 55, 4: 15}
        return {2: self.rng.randint(24, 46), 3: self.rng.randint(9, 13), 4: 5}

    def _count(self, summoned: int, *, fails: bool) -> tuple[int, int, int, int, int, int]:
        rng = self.rng
        present = summoned - (rng.randint(0, max(summoned // 10, 0)) if summoned > 9 else 0)
        collected = present - (rng.random() < 0.1)
        valid = collected - (rng.random() < 0.08)
        if fails:
            agree = int(summoned * rng.uniform(0.36, 0.49))
        else:
            agree = max(int(valid * rng.uniform(0.68, 1.0)), summoned // 2 + 1)
        return summoned, present, present, collected, valid, min(agree, valid)
