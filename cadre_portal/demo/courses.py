"""A few courses with their people, and skills that titles ask for and people have; all invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cadre_portal.demo.history import TrainingRow
from cadre_portal.demo.organisation import TitleRow, UnitRow
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import PRESENT, PlanRow
from cadres.choices import CourseState, MemberState, SkillKind, Theory, TrainingKind, UnitKind

#: Who keeps the courses of the province.
KEEPER = "BTC"
ORGANISER = "Trường Chính trị Hoàng Đình Giong"
ASKED_FROM = date(2026, 1, 15)
DOCUMENT = "21-QĐ/TU (giả định)"
#: Titles that ask for more, by code, with the least level.
_ASKED: tuple[tuple[str, SkillKind, int, str], ...] = (
    ("GD", SkillKind.STATE_MANAGEMENT, 2, "Điều 4"),
    ("PGD", SkillKind.STATE_MANAGEMENT, 2, "Điều 4"),
    ("GD", SkillKind.MANAGEMENT, 3, "Điều 5"),
    ("BTX", SkillKind.STATE_MANAGEMENT, 1, "Điều 6"),
    ("CTX", SkillKind.STATE_MANAGEMENT, 1, "Điều 6"),
    ("CTX", SkillKind.ETHNIC_LANGUAGE, 1, "Điều 7"),
)


@dataclass(slots=True)
class MemberRow:
    """A person in a course; `training` is what its completion wrote."""

    person: Person
    state: MemberState
    reason: str = ""
    result: str = ""
    training: TrainingRow | None = None


@dataclass(slots=True)
class CourseRow:
    """A course that the province keeps."""

    unit: UnitRow
    name: str
    kind: TrainingKind
    start: date
    end: date
    places: int
    decision_no: str
    state: CourseState
    gives_theory: Theory | None = None
    skill: str = ""
    skill_level: int | None = None
    members: list[MemberRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TitleSkillRow:
    """A skill that a title asks for."""

    title: TitleRow
    kind: SkillKind
    level: int
    at: str


@dataclass(frozen=True, slots=True)
class SkillRow:
    """A skill of a person."""

    person: Person
    kind: SkillKind
    level: int | None
    detail: str = ""
    certificate: str = ""
    issued_on: date | None = None


class Courses:
    """Adds courses and skills to a finished province, from a source of chance of its own."""

    def __init__(
        self,
        seed: int,
        as_of: date,
        units: dict[str, UnitRow],
        titles: dict[str, TitleRow],
        plans: list[PlanRow],
        trainings: list[TrainingRow],
    ) -> None:
        # Its own source: what else the seed gives stays as it was.
        self.rng, self.as_of = Random(seed * 7919 + 17), as_of  # noqa: S311 - a demonstration
        self.keeper, self.trainings = units[KEEPER], trainings
        self.courses: list[CourseRow] = []
        self.title_skills = [
            TitleSkillRow(titles[code], kind, level, at) for code, kind, level, at in _ASKED
        ]
        self.skills: list[SkillRow] = []
        present = [plan for plan in plans if plan.term is PRESENT]
        people = {p.id: p for plan in present for p in plan.members}
        self.nominees = [people[key] for key in sorted(people)]

    def write(self) -> None:
        """All of it."""
        self._finished()
        self._running()
        self._coming()
        self._have()

    def _course(
        self, name: str, kind: TrainingKind, begin: int, days: int, state: CourseState, number: int
    ) -> CourseRow:
        start = self.as_of + timedelta(days=begin)
        course = CourseRow(
            unit=self.keeper,
            name=name,
            kind=kind,
            start=start,
            end=start + timedelta(days=days),
            places=number + 6,
            decision_no=f"{100 + len(self.courses)}-CV/BTCTU (giả định)",
            state=state,
        )
        self.courses.append(course)
        return course

    def _finished(self) -> None:
        """One that is over: who completed it has it on file, two did not come."""
        name = "Bồi dưỡng lãnh đạo, quản lý cấp xã sau sắp xếp, khóa I"
        course = self._course(
            name, TrainingKind.STATE_MANAGEMENT, -150, 12, CourseState.FINISHED, 30
        )
        course.skill, course.skill_level = SkillKind.STATE_MANAGEMENT, 1
        known = {row.person.id for row in self.trainings if row.course == name}
        chosen = [p for p in self.nominees if p.id not in known and p.unit.kind == UnitKind.COMMUNE]
        for place, person in enumerate(self.rng.sample(chosen, min(30, len(chosen)))):
            if place < 2:
                reason = ("Điều trị tại bệnh viện", "Đi công tác đột xuất")[place]
                course.members.append(MemberRow(person, MemberState.ABSENT, reason))
                continue
            result = self.rng.choice(("Khá", "Giỏi", "Đạt"))
            training = TrainingRow(person, name, course.kind, course.start, course.end, result)
            self.trainings.append(training)
            course.members.append(MemberRow(person, MemberState.COMPLETED, "", result, training))
            self.skills.append(
                SkillRow(person, SkillKind.STATE_MANAGEMENT, 1, "", name, course.end)
            )

    def _running(self) -> None:
        """One for those who lack advanced theory, and it goes on."""
        course = self._course(
            f"Cao cấp lý luận chính trị, lớp {self.as_of.year}",
            TrainingKind.THEORY,
            -80,
            400,
            CourseState.OPEN,
            20,
        )
        course.gives_theory = Theory.ADVANCED
        lacking = [p for p in self.nominees if p.theory == Theory.INTERMEDIATE]
        for person in self.rng.sample(lacking, min(20, len(lacking))):
            course.members.append(MemberRow(person, MemberState.ATTENDING))

    def _coming(self) -> None:
        """Two that are planned."""
        course = self._course(
            "Bồi dưỡng ngạch chuyên viên chính",
            TrainingKind.STATE_MANAGEMENT,
            45,
            60,
            CourseState.PLANNED,
            15,
        )
        course.skill, course.skill_level = SkillKind.STATE_MANAGEMENT, 2
        for person in self.rng.sample(self.nominees, min(15, len(self.nominees))):
            course.members.append(MemberRow(person, MemberState.INVITED))
        language = self._course(
            "Tiếng Mông cho cán bộ xã biên giới",
            TrainingKind.LANGUAGE,
            70,
            90,
            CourseState.PLANNED,
            25,
        )
        language.skill, language.skill_level = SkillKind.ETHNIC_LANGUAGE, 2

    def _have(self) -> None:
        """Most have what their titles ask for; some files do not tell the level."""
        have = {row.person.id for row in self.skills}
        for person in self.nominees:
            chance = self.rng.random()
            if person.id in have or chance < 0.18:
                continue
            level = None if chance < 0.24 else self.rng.choice((1, 2, 2, 3))
            self.skills.append(SkillRow(person, SkillKind.STATE_MANAGEMENT, level))
            if self.rng.random() < 0.6:
                detail = self.rng.choice(("tiếng Tày", "tiếng Nùng", "tiếng Mông"))
                self.skills.append(SkillRow(person, SkillKind.ETHNIC_LANGUAGE, 1, detail))
            if self.rng.random() < 0.3:
                self.skills.append(SkillRow(person, SkillKind.MANAGEMENT, 3))
