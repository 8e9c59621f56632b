"""The whole demonstration province in memory, from one seed and one date."""

from dataclasses import dataclass, field
from datetime import date

from cadre_portal.demo.biographies import Biographies, BiographyRow
from cadre_portal.demo.careers import Careers, RotationRow
from cadre_portal.demo.courses import CourseRow, Courses, SkillRow, TitleSkillRow
from cadre_portal.demo.draft import Draft
from cadre_portal.demo.former import Former
from cadre_portal.demo.history import (
    BallotRow,
    DisciplineRow,
    EvaluationRow,
    History,
    TrainingRow,
)
from cadre_portal.demo.organisation import TitleRow, UnitRow
from cadre_portal.demo.past import PastPlans
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import TERMS, PlanRow, TermRow
from cadre_portal.demo.present import PlanMaking
from cadre_portal.demo.staff import Staffing
from cadre_portal.demo.tours import Tours
from cadre_portal.demo.traits import Traits
from cadre_portal.demo.week import LastWeek

#: The plans of the communes need a year behind them to be overdue.
EARLIEST = date(2026, 9, 1)
#: Fewer would leave offices empty; the large sizes are made by `country`.
SMALLEST, LARGEST = 2_400, 50_000


@dataclass(slots=True, repr=False)
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
    courses: list[CourseRow] = field(default_factory=list)
    title_skills: list[TitleSkillRow] = field(default_factory=list)
    skills: list[SkillRow] = field(default_factory=list)
    biographies: list[BiographyRow] = field(default_factory=list)

    def staff(self, code: str) -> list[Person]:
        """People whose office is in the unit."""
        return [p for p in self.people if p.unit.code == code]


def build(*, size: int = 3_000, seed: int = 1, as_of: date) -> Province:
    """Invent a province of `size` people. The same arguments give the same province."""
    if as_of < EARLIEST:
        raise ValueError(f"Bộ dữ liệu trình diễn cần ngày xét từ {EARLIEST:%d/%m/%Y} trở đi.")
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"Số cán bộ phải trong khoảng {SMALLEST} đến {LARGEST}.")
    draft = Draft.begin(size=size, seed=seed, as_of=as_of)
    Staffing(draft).write()
    making, traits, tours = PlanMaking(draft), Traits(draft), Tours(draft)
    making.make_present()
    making.make_provincial()
    making.make_next()
    traits.settle()
    careers = Careers(draft.rng, as_of, draft.units)
    for person in draft.crowd.people:
        careers.write(person)
    tours.finished()
    tours.ending()
    PastPlans(draft).write()
    tours.others()
    making.removals()
    LastWeek(draft).write()
    history = History(draft.rng, as_of, draft.crowd.people, draft.planner.plans, draft.titles)
    history.write()
    traits.forget()
    courses = Courses(
        seed, as_of, draft.units, draft.titles, draft.planner.plans, history.trainings
    )
    courses.write()
    biographies = Biographies(seed, as_of, draft.crowd.people, draft.titles)
    biographies.write()
    Former(draft, history, seed).write()
    return Province(
        as_of=as_of,
        units=draft.units,
        titles=draft.titles,
        terms=TERMS,
        people=draft.crowd.people,
        plans=draft.planner.plans,
        rotations=draft.rotations.rows,
        evaluations=history.evaluations,
        disciplines=history.disciplines,
        trainings=history.trainings + biographies.schools,
        ballots=history.ballots,
        courses=courses.courses,
        title_skills=courses.title_skills,
        skills=courses.skills,
        biographies=biographies.rows,
    )
