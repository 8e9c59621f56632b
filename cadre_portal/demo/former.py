"""The old three-level structure, as far as the inspection of 2017 needs it.

Until 2020 there were thirteen districts (REGULATIONS section 12, second-hand): Thông Nông, Trà Lĩnh
and Phục Hòa beside the ten that ended in 2025; 049 was Quảng Uyên then. The day of the mergers is
assumed. The communes of that time are not known: two of each inspected district are invented, and
say so in their names. Nobody is added: people of the demonstration who served in these districts
served in them or in their communes. The last of all steps, with its own chance, so that the rest
stays as it is.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from cadre_portal.demo import organisation as org
from cadre_portal.demo.draft import Draft, Step
from cadre_portal.demo.history import History
from cadre_portal.demo.organisation import UnitRow
from cadre_portal.demo.people import Person, Post
from cadre_portal.demo.plans import OLD, NominationRow, PlanRow
from cadres.choices import Grade, Level, TitleKind, UnitKind

#: The day as of which the inspection took its evidence.
EVIDENCE = date(2017, 4, 15)
#: People of a commune by office, the rest are its officials.
_COMMUNE_OFFICES = ("BTX", "PBTX", "CTX", "PCTX", "PCTX")
_COMMUNE_STAFF = 16
#: Districts that planned nobody from elsewhere, and whose grades of 2016 were all alike.
_CLOSED, _ALIKE = frozenset({"044", "052"}), frozenset({"042", "050"})
_TERM_OVER = "Hết nhiệm kỳ 2015–2020"


class Former(Step):
    """Districts and communes of 2017, who served there, what they were graded, their plans."""

    def __init__(self, draft: Draft, history: History, seed: int) -> None:
        super().__init__(draft)
        self.history = history
        self.rng = Random(seed + 2017)  # noqa: S311 - a demonstration, not a secret

    def write(self) -> None:
        """Everything, in this order: later parts read what earlier ones changed."""
        self._add_units()
        for code, (_name, heir) in org.MERGED_DISTRICTS.items():
            self._part(self.units[heir], self.units[code], 2 if code == "050" else 3)
        for code in org.INSPECTED_2017:
            self._staff_communes(code)
        self._regrade()
        for code in org.INSPECTED_2017:
            self._plan_district(self.units[code])
            for commune in org.old_communes(code):
                self._plan_commune(self.units[commune])

    # Units

    def _add_units(self) -> None:
        province = self.units[org.PROVINCE]
        for code, (name, heir) in org.MERGED_DISTRICTS.items():
            unit = UnitRow(
                0,
                code,
                name,
                UnitKind.DISTRICT,
                Level.DISTRICT,
                province,
                None,
                org.LAST_BEFORE_2020,
            )
            unit.successors = [heir]
            self._add(unit)
        for district in org.INSPECTED_2017:
            above = self.units[district]
            for number, code in enumerate(org.old_communes(district), start=1):
                name = f"Xã số {number} {above.name[:1].lower()}{above.name[1:]} (giả định)"
                self._add(
                    UnitRow(
                        *(0, code, name, UnitKind.COMMUNE, Level.COMMUNE, above, None),
                        above.valid_to,
                    )
                )

    def _add(self, unit: UnitRow) -> None:
        above = unit.parent
        assert above is not None  # noqa: S101 - none of them is a root
        unit.id = len(self.units) + 1
        above.numchild += 1
        unit.path = above.path + org.path_step(above.numchild)
        self.units[unit.code] = unit

    # People

    def _part(self, heir: UnitRow, former: UnitRow, every: int) -> None:
        """Of those who served in what is one district since 2020 some served in the other part."""
        for person in self.crowd.people:
            if person.id % every:
                continue
            for post in [post for post in person.posts if post.unit is heir]:
                self._split(person, post, former, post.title, org.MERGED_2020)

    def _split(self, person: Person, post: Post, unit: UnitRow, title: str, until: date) -> bool:
        """Let a post begin in another unit, until a day; what is after stays."""
        if post.start >= until:
            return False
        index = person.posts.index(post)
        if post.end is None or post.end > until:
            rest = replace(post, start=until, decision=f"{self.rng.randint(100, 999)}-QĐ/HU")
            person.posts.insert(index + 1, rest)
            post.end = until
        post.unit, post.title = unit, title
        return True

    def _staff_communes(self, code: str) -> None:
        """Officials of the district go to its communes; the oldest lead them."""
        district = self.units[code]
        found = [
            (person, post)
            for person in self.crowd.people
            for post in person.posts
            if post.unit is district and post.title == "CV" and _holds(post, EVIDENCE)
        ]
        until = org.MERGED_2020 if code in org.MERGED_DISTRICTS else date(2020, 1, 1)
        for commune in org.old_communes(code):
            chosen, found = found[:_COMMUNE_STAFF], found[_COMMUNE_STAFF:]
            chosen.sort(key=lambda pair: (pair[0].birth or date.max, pair[0].id))
            for place, (person, post) in enumerate(chosen):
                title = _COMMUNE_OFFICES[place] if place < len(_COMMUNE_OFFICES) else "NVX"
                self._split(person, post, self.units[commune], title, until)

    def _regrade(self) -> None:
        """Grades of those years were given by the unit of that time; some gave all the same."""
        rows = self.history.evaluations
        for place, row in enumerate(rows):
            day = date(row.year, 12, 15)
            if day >= org.MERGED_2020:
                continue
            unit = next((post.unit for post in row.person.posts if _holds(post, day)), row.unit)
            grade = row.grade
            if row.year == 2016 and unit.code.split(".")[0] in _ALIKE:
                grade = Grade.HTTNV
            rows[place] = replace(row, unit=unit, grade=grade)

    # Plans

    def _plan_district(self, unit: UnitRow) -> None:
        """Basically all ages, mostly from the district itself and its communes."""
        plan = self._open(unit)
        own = self._serving(unit)
        below = [
            pair for code in org.old_communes(unit.code) for pair in self._serving(self.units[code])
        ]
        guests = [] if unit.code in _CLOSED else self._elsewhere(2)
        for title, prescribed in plan.positions.items():
            committee = self.titles[title].kind == TitleKind.COMMITTEE
            pool = [*own, *below] if committee else [*guests, *own]
            wanted = round(prescribed * self.rng.uniform(1.2, 1.7)) if committee else prescribed + 2
            self._fill(plan, title, pool, wanted)

    def _plan_commune(self, unit: UnitRow) -> None:
        """Closed: its own people alone, hardly anybody young or near the end."""
        plan = self._open(unit)
        own = self._serving(unit)
        for title, prescribed in plan.positions.items():
            committee = self.titles[title].kind == TitleKind.COMMITTEE
            self._fill(plan, title, own, prescribed if committee else prescribed + 1)

    def _open(self, unit: UnitRow) -> PlanRow:
        plan = self.planner.open(unit, OLD, org.positions(unit), set())
        plan.approved_on = date(2016, self.rng.randint(3, 11), self.rng.randint(1, 28))
        plan.decision = f"{self.rng.randint(101, 999)}-QĐ/{'HU' if '.' in unit.code else 'TU'}"
        return plan

    def _serving(self, unit: UnitRow) -> list[Person]:
        """Who held an office in the unit that day, the highest first."""
        found = [
            (self.titles[post.title].rank, person)
            for person in self.crowd.people
            for post in person.posts
            if post.unit is unit and _holds(post, EVIDENCE)
        ]
        found.sort(key=lambda pair: (-pair[0], pair[1].birth or date.max, pair[1].id))
        return [person for _rank, person in found]

    def _elsewhere(self, number: int) -> list[Person]:
        """Heads of section of provincial bodies who might come to the district."""
        able = [
            person
            for person in self.crowd.people
            if any(post.title in {"TP", "PTP"} and _holds(post, EVIDENCE) for post in person.posts)
        ]
        return self.rng.sample(able, number)

    def _fill(self, plan: PlanRow, title: str, people: list[Person], wanted: int) -> None:
        assert plan.approved_on  # noqa: S101
        taken = 0
        for person in people:
            if taken >= wanted:
                return
            if not self.planner.room(plan, person):
                continue
            self.planner.load[person.id, plan.term.code, plan.unit.level] += 1
            on = plan.approved_on - timedelta(days=self.rng.randint(1, 25))
            ended = min(plan.term.ends_on, plan.unit.valid_to or plan.term.ends_on)
            row = NominationRow(plan, title, person, on, ended + timedelta(days=1), _TERM_OVER)
            plan.rows.append(row)
            taken += 1


def _holds(post: Post, day: date) -> bool:
    return post.start <= day and (post.end is None or day < post.end)
