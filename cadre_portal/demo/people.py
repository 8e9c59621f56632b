"""Synthetic people: their attributes, and how these are bent to a wanted picture."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random

from cadre_portal.demo import names
from cadre_portal.demo.organisation import UnitRow
from cadres.choices import BirthPrecision, Degree, Sex, Theory, UnitKind
from compliance.law.retirement import retirement_date

#: Days kept between a birthday and the reference date, so that a demo stays right for weeks.
_MARGIN_DAYS = 40

retirement = cache(retirement_date)


@dataclass(slots=True, repr=False)
class Post:
    """One appointment: a title in a unit from `start` until the day before `end`."""

    unit: UnitRow
    title: str
    start: date
    end: date | None = None
    decision: str = ""


@dataclass(slots=True, repr=False)
class Person:
    """A cadre while being invented. `pinned` says that a finished plan relies on the attributes."""

    id: int
    unit: UnitRow
    title: str
    sex: str
    ethnicity: str
    birth: date | None
    native: UnitRow | None = None
    precision: str = BirthPrecision.DAY
    degree: Degree | None = Degree.BACHELOR
    theory: Theory | None = Theory.INTERMEDIATE
    name: str = ""
    party_joined_on: date | None = None
    retires_on: date | None = None
    since: date | None = None
    pinned: bool = False
    posts: list[Post] = field(default_factory=list)
    #: Committee memberships held beside the office.
    seats: list[str] = field(default_factory=list)

    def age(self, on: date) -> int:
        """Completed years; asks for a known birth date."""
        birth = self.birth
        assert birth is not None  # noqa: S101 - only faults planted last take it away
        return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))

    def retires(self) -> date:
        """The day of retirement by law, or the day that the authority decided."""
        assert self.birth is not None  # noqa: S101
        return self.retires_on or retirement(self.sex, self.birth.year, self.birth.month)

    @property
    def woman(self) -> bool:
        """Known to be a woman."""
        return self.sex == Sex.FEMALE

    @property
    def minority(self) -> bool:
        """Known to belong to an ethnic minority."""
        return self.ethnicity not in {"", names.KINH}


def whole_months(start: date, end: date) -> int:
    """Whole months between two days, none when the span is negative."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class Crowd:
    """Makes people, and changes the attributes of those that no finished plan relies on."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.as_of = as_of
        self.people: list[Person] = []

    def birth_at(self, age: int, *, late: bool = False) -> date:
        """A birth date with `age` completed years at the reference date, away from the birthday.

        `late` keeps to the younger half of the year.
        """
        first, last = _MARGIN_DAYS, (150 if late else 365 - _MARGIN_DAYS)
        return years_before(self.as_of, age) - timedelta(days=self.rng.randint(first, last))

    def add(self, unit: UnitRow, title: str, ages: tuple[int, int], women: float) -> Person:
        """A new person in a post, of an age in the closed range `ages`."""
        rng = self.rng
        person = Person(
            id=len(self.people) + 1,
            unit=unit,
            title=title,
            sex=Sex.FEMALE if rng.random() < women else Sex.MALE,
            ethnicity=self._ethnicity(unit),
            birth=None,
        )
        age = rng.randint(*ages)
        person.birth = self.birth_at(min(age, 56) if person.woman else age)
        self.people.append(person)
        return person

    def _ethnicity(self, unit: UnitRow) -> str:
        """Shares as in the census; more Kinh in provincial bodies, fewer in communes."""
        weights = dict(names.CENSUS)
        if unit.kind == UnitKind.COMMUNE:
            weights[names.KINH] //= 2
            for group, factor in _LOCAL_GROUPS.get(unit.code[:3], {}).items():
                weights[group] = int(weights[group] * factor)
        else:
            weights[names.KINH] *= 2
        return self.rng.choices(list(weights), list(weights.values()))[0]

    # Changes: each is refused for a person whom a finished plan relies on.

    def rejuvenate(self, person: Person, ages: tuple[int, int]) -> bool:
        """Give another age in the closed range."""
        if person.pinned:
            return False
        person.birth = self.birth_at(self.rng.randint(*ages))
        return True

    def make_senior(self, person: Person, age: int) -> bool:
        """A man of that age, in the younger half of it: still with ten years to serve."""
        if person.pinned:
            return False
        person.sex, person.birth = Sex.MALE, self.birth_at(age, late=True)
        return True

    def set_sex(self, person: Person, sex: str) -> bool:
        """Give the other sex."""
        if person.pinned:
            return False
        person.sex = sex
        return True

    def set_ethnicity(self, person: Person, *, minority: bool) -> bool:
        """Make somebody of a minority, or Kinh."""
        if person.pinned:
            return False
        if not minority:
            person.ethnicity = names.KINH
        elif not person.minority:
            person.ethnicity = self.rng.choice([names.TAY, names.TAY, names.NUNG, names.NUNG])
        return True


#: Where the smaller groups live, by the first digits of the commune code: factors on the census.
_LOCAL_GROUPS: dict[str, dict[str, float]] = {
    "012": {names.MONG: 1.3, names.LO_LO: 1.0},
    "013": {names.MONG: 2.2, names.DAO: 1.8, names.LO_LO: 3.0, names.SAN_CHAY: 2.5},
    "017": {names.DAO: 2.0, names.MONG: 1.1},
    "014": {names.MONG: 0.8, names.DAO: 0.4},
    "015": {names.MONG: 0.3, names.DAO: 0.2, names.NUNG: 1.4},
    "016": {names.MONG: 0.4, names.DAO: 0.5, names.NUNG: 1.2},
    "018": {names.MONG: 0.3, names.DAO: 1.0, names.NUNG: 1.1},
}
