"""Careers: the chain of appointments that led to the present post, and tours elsewhere."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cadre_portal.demo.organisation import (
    AGENCIES,
    COMMUNES_OPENED,
    DISTRICT_OF,
    FORMER_AGENCIES,
    FORMER_DISTRICTS,
    MERGER,
    SUBORDINATES,
    UnitRow,
)
from cadre_portal.demo.people import Person, Post
from cadres.choices import UnitKind
from rotation.choices import RotationKind, RotationStatus

FIRST_YEAR = 2005

#: Steps to the office of a commune by way of the district, lowest first.
_DISTRICT_LADDER = ("CV", "PTPH", "TPH")
#: What the people of a commune office were in the district before, besides the ladder.
_DISTRICT_TOP = {"BTX": 4, "PBTX": 3, "CTX": 3, "PCTHDX": 3, "PCTX": 2, "TPX": 2, "PTPX": 1}
_SUB_TITLES = {"TDV": ("CV", "PTP", "TP", "PDV"), "PDV": ("CV", "PTP", "TP")}


@dataclass(slots=True)
class RotationRow:
    """A move between posts as it is written."""

    person: Person
    kind: str
    origin: tuple[UnitRow, str]
    target: tuple[UnitRow, str]
    start: date | None
    planned_end: date | None
    ended: date | None
    status: str
    decline_kind: str = ""
    decline_reason: str = ""


class Careers:
    """Writes `Person.posts`. Needs final birth dates and present posts."""

    def __init__(self, rng: Random, as_of: date, units: dict[str, UnitRow]) -> None:
        self.rng, self.as_of, self.units = rng, as_of, units
        self.predecessors: dict[str, list[str]] = {}
        for code, (_name, heirs) in FORMER_AGENCIES.items():
            for heir in heirs.split():
                self.predecessors.setdefault(heir, []).append(code)
        #: Offices of the former districts that are taken, so that each has one holder.
        self._offices: dict[str, list[str]] = {
            code: ["BTHU", "CTH", "PBTHU", "PBTHU", "PCTH", "PCTH"] for code in FORMER_DISTRICTS
        }

    def write(self, person: Person) -> None:
        """Fill the posts of a person from the first office to the present one."""
        since = self._since(person)
        person.posts = self._before(person, since)
        person.posts.append(Post(person.unit, person.title, since))
        for seat in person.seats:
            person.posts.append(Post(person.unit, seat, self._seat_since(person, since)))
        for post in person.posts:
            post.decision = self._decision(post)

    def _since(self, person: Person) -> date:
        """Start of the present office."""
        if person.since:
            return person.since
        if person.unit.kind == UnitKind.COMMUNE:
            if self.rng.random() < 0.75:
                return COMMUNES_OPENED
            last = (self.as_of - COMMUNES_OPENED).days - 30
            return COMMUNES_OPENED + timedelta(days=self.rng.randint(40, max(last, 41)))
        if person.unit.valid_from and self.rng.random() < 0.8:
            return person.unit.valid_from
        birth = person.birth
        longest = 10 if person.title in {"CV", "TP", "PTP"} else 6.5
        if birth:
            longest = min(longest, max((self.as_of - birth).days / 365.25 - 23.5, 0.4))
        since = self.as_of - timedelta(days=self.rng.randint(100, int(longest * 365)))
        return max(since, person.unit.valid_from or since)

    def _seat_since(self, person: Person, since: date) -> date:
        """Committees were elected before the congress of 2025, or with the new communes."""
        congress = COMMUNES_OPENED if person.unit.kind == UnitKind.COMMUNE else date(2025, 6, 20)
        return max(congress, since)

    def _before(self, person: Person, since: date) -> list[Post]:
        birth_year = person.birth.year if person.birth else 1985
        start = date(
            max(birth_year + self.rng.randint(22, 25), FIRST_YEAR),
            self.rng.randint(1, 12),
            self.rng.choice((1, 15)),
        )
        steps = self._steps(person, since)
        if person.title in {"CV", "NVX"} and len(steps) > 1:
            steps = steps[: self.rng.randint(1, len(steps))]
        days = (since - start).days
        while len(steps) > 1 and days < 700 * len(steps):
            steps.pop(0)
        if days < 200 or not steps:
            return []
        return self._chain(steps, start, since)

    def _chain(self, steps: list[tuple[UnitRow, str]], start: date, end: date) -> list[Post]:
        """The steps one after the other between two days; a few with a gap between."""
        days = (end - start).days
        shares = [self.rng.uniform(0.7, 1.4) for _ in steps]
        posts, at = [], start
        for (unit, title), share in zip(steps, shares, strict=True):
            until = at + timedelta(days=int(days * share / sum(shares)))
            posts.append(Post(unit, title, at, until))
            at = until
            if self.rng.random() < 0.05:
                at += timedelta(days=self.rng.randint(10, 70))
        posts[-1].end = end
        return [post for post in self._in_validity(posts) if post.end and post.start < post.end]

    def _in_validity(self, posts: list[Post]) -> list[Post]:
        """No post in a unit after its end: the successor takes over on the day it begins."""
        result = []
        for post in posts:
            closes = post.unit.valid_to
            if closes and post.end and post.end > closes + timedelta(days=1):
                heir = self.units[post.unit.successors[0]]
                title = post.title if heir.kind != UnitKind.COMMUNE else "NVX"
                if post.start <= closes:
                    result.append(Post(post.unit, post.title, post.start, closes + timedelta(1)))
                begin = max(post.start, closes + timedelta(days=1))
                result.append(Post(heir, title, begin, post.end))
            else:
                result.append(post)
        return result

    def _steps(self, person: Person, since: date) -> list[tuple[UnitRow, str]]:
        """Earlier offices, lowest first."""
        if person.unit.kind == UnitKind.COMMUNE:
            return self._commune_steps(person)
        return self._agency_steps(person, since)

    def _commune_steps(self, person: Person) -> list[tuple[UnitRow, str]]:
        home = DISTRICT_OF[person.unit.code]
        district = self.units[home]
        top = _DISTRICT_TOP.get(person.title, 0)
        steps = [(district, title) for title in _DISTRICT_LADDER[: max(top, 1)]]
        if self.rng.random() < 0.12:
            other = self.units[self.rng.choice(sorted(FORMER_DISTRICTS))]
            steps[-1] = (other, steps[-1][1])
        if self.rng.random() < 0.08:
            agency = self.units[self.rng.choice(sorted(AGENCIES))]
            if agency.valid_from is None:
                steps[0] = (agency, "CV")
        if person.title in {"BTX", "CTX", "PBTX"} and self._offices[home]:
            # A leader of the closed district now leads one of its communes.
            steps.append((district, self._offices[home].pop(0)))
        return steps

    def _agency_steps(self, person: Person, since: date) -> list[tuple[UnitRow, str]]:
        unit = person.unit
        if unit.code in SUBORDINATES:
            titles = _SUB_TITLES.get(person.title, ("CV", "PTP")[: 1 + (person.title == "TP")])
            return [(unit, title) for title in titles]
        if unit.code not in AGENCIES:
            return self._leader_steps(person)
        deputy = AGENCIES[unit.code][2]
        ladder = {"CV": 1, "PTP": 1, "TP": 2, deputy: 3}.get(person.title, 4)
        titles = ("CV", "PTP", "TP", deputy)[:ladder]
        # The body of that time: a predecessor that closed, or the body itself.
        old = unit
        if self.predecessors.get(unit.code) and since >= MERGER and self.rng.random() < 0.6:
            old = self.units[self.rng.choice(self.predecessors[unit.code])]
        elif unit.valid_from:
            old = self.units[self.predecessors[unit.code][0]]
        steps = [(old, self._title_in(old, title, deputy)) for title in titles]
        if ladder >= 3 and self.rng.random() < 0.3:
            district = self.units[self.rng.choice(sorted(FORMER_DISTRICTS))]
            steps.insert(2, (district, "TPH"))
        return steps

    def _title_in(self, unit: UnitRow, title: str, deputy: str) -> str:
        """The deputy's title in a closed department or committee."""
        if title == deputy and unit.code in FORMER_AGENCIES:
            return "PTB" if unit.code in {"BTG", "BDV"} else "PGD"
        return title

    def _leader_steps(self, person: Person) -> list[tuple[UnitRow, str]]:
        """Provincial leaders and people of outside bodies."""
        if person.unit.code == "CB":
            agency = self.units[self.rng.choice(("SNV", "STC", "SCT", "SYT", "VPUBND"))]
            _name, head, deputy, *_ = AGENCIES[agency.code]
            return [(agency, "CV"), (agency, "TP"), (agency, deputy), (agency, head)]
        return [(person.unit, "CV"), (person.unit, "TP")]

    def _decision(self, post: Post) -> str:
        number = self.rng.randint(21, 2899)
        if post.unit.kind == UnitKind.DISTRICT:
            return f"{number}-QĐ/HU"
        if post.unit.kind == UnitKind.COMMUNE and post.title in {"TPX", "PTPX", "NVX", "BCHX"}:
            return f"{number}/QĐ-UBND"
        return f"{number}-QĐ/TU"


class Rotations:
    """Moves of all kinds and states, woven into the careers."""

    def __init__(self, rng: Random, as_of: date, units: dict[str, UnitRow]) -> None:
        self.rng, self.as_of, self.units = rng, as_of, units
        self.rows: list[RotationRow] = []

    def running(self, person: Person, origin: UnitRow, on: date, title: str = "TP") -> None:
        """A planned cadre of `origin` now serves a tour in the present post since `on`."""
        planned = on.replace(year=on.year + 3)
        self.rows.append(
            RotationRow(
                person,
                RotationKind.ROTATION,
                (origin, title),
                (person.unit, person.title),
                on,
                planned,
                None,
                RotationStatus.IN_PROGRESS,
            )
        )

    def done(
        self,
        person: Person,
        unit: UnitRow,
        title: str,
        months: int,
        *,
        kind: str = RotationKind.ROTATION,
        back: bool = True,
    ) -> bool:
        """A finished tour of `months`, cut out of a long enough earlier post."""
        for index, post in enumerate(person.posts):
            if post.title not in {"PTPH", "TPH"} or post.unit is unit or not post.end:
                continue
            begin = max(post.start, date(2021, 10, 1)) + timedelta(days=self.rng.randint(30, 270))
            end = begin + timedelta(days=int(months * 30.5))
            latest = min(post.end, unit.valid_to or self.as_of)
            if end > latest:
                continue
            if latest - end < timedelta(days=90):
                end = latest
            parts = [Post(post.unit, post.title, post.start, begin, post.decision)]
            parts.append(Post(unit, title, begin, end, f"{self.rng.randint(100, 999)}-QĐ/TU"))
            if back and end < post.end:
                number = f"{self.rng.randint(100, 999)}-QĐ/TU"
                parts.append(Post(post.unit, post.title, end, post.end, number))
            person.posts[index : index + 1] = parts
            planned = begin + timedelta(days=1096)
            self.rows.append(
                RotationRow(
                    person,
                    kind,
                    (post.unit, post.title),
                    (unit, title),
                    begin,
                    planned,
                    end,
                    RotationStatus.COMPLETED,
                )
            )
            return True
        return False

    def proposed(
        self,
        person: Person,
        unit: UnitRow,
        title: str,
        status: str,
        *,
        kind: str = RotationKind.ROTATION,
        declined: tuple[str, str] = ("", ""),
        start: date | None = None,
    ) -> None:
        """A move that has not happened (yet)."""
        planned = start.replace(year=start.year + 3) if start else None
        self.rows.append(
            RotationRow(
                person,
                kind,
                (person.unit, person.title),
                (unit, title),
                start,
                planned,
                None,
                status,
                *declined,
            )
        )
