"""What every step of the generator shares."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random

from cadre_portal.demo import organisation as org
from cadre_portal.demo.careers import Rotations
from cadre_portal.demo.organisation import TitleRow, UnitRow
from cadre_portal.demo.people import Crowd, Person
from cadre_portal.demo.plans import Planner, PlanRow

#: Why people were taken out of a plan.
REMOVALS = (
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
class Draft:
    """The province while it is being invented: every step adds to the same things."""

    rng: Random
    size: int
    as_of: date
    units: dict[str, UnitRow]
    titles: dict[str, TitleRow]
    crowd: Crowd
    planner: Planner
    rotations: Rotations
    #: People by the unit of their office.
    staff: defaultdict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    #: Plans of the present term by unit.
    present: dict[str, PlanRow] = field(default_factory=dict)
    #: People on tour from a department: person id to (department, since).
    tours: dict[int, tuple[UnitRow, date]] = field(default_factory=dict)

    @classmethod
    def begin(cls, *, size: int, seed: int, as_of: date) -> "Draft":
        """An empty province."""
        rng = Random(seed)  # noqa: S311 - a demonstration, not a secret
        units, titles = org.units(), org.titles()
        crowd = Crowd(rng, as_of)
        planner, rotations = Planner(rng, crowd, titles), Rotations(rng, as_of, units)
        return cls(rng, size, as_of, units, titles, crowd, planner, rotations)


class Step:
    """Base of the steps: the parts of the draft under short names."""

    def __init__(self, draft: Draft) -> None:
        self.rng, self.size, self.as_of = draft.rng, draft.size, draft.as_of
        self.units, self.titles = draft.units, draft.titles
        self.crowd, self.planner, self.rotations = draft.crowd, draft.planner, draft.rotations
        self.staff, self.present, self.tours = draft.staff, draft.present, draft.tours
