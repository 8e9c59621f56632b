"""Plans of the districts that ended on 30 June 2025."""

from datetime import date, timedelta

from cadre_portal.demo import organisation as org
from cadre_portal.demo.careers import RotationRow
from cadre_portal.demo.draft import REMOVALS, Step
from cadre_portal.demo.organisation import UnitRow
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import PAST, NominationRow, PlanRow
from cadres.choices import TitleKind


class PastPlans(Step):
    """The closed districts' plans for 2020–2025, which ended with the districts."""

    def write(self) -> None:
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
        self,
        plan: PlanRow,
        title: str,
        prescribed: int,
        ranks: list[tuple[int, Person]],
        ended: date,
    ) -> None:
        top = self.titles[title]
        committee = top.kind == TitleKind.COMMITTEE
        able = [
            (rank + self.rng.uniform(0, 14), person)
            for rank, person in ranks
            if (committee or rank < top.rank) and rank > 10 and self.planner.room(plan, person)
        ]
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
            reason = rng.choice(REMOVALS)
        plan.rows.append(NominationRow(plan, title, person, on, removed, reason))

    def _nominate_toured(self, plan: PlanRow, toured: dict[int, RotationRow], ended: date) -> None:
        """People sent on a tour were planned in their district; a few were not."""
        inside = {row.person.id for row in plan.rows}
        for row in toured.values():
            person = row.person
            if row.origin[0] is plan.unit and person.id not in inside and self.rng.random() < 0.85:
                self._past_nomination(plan, "PCTH", person, ended)
        for nomination in plan.rows:
            tour = toured.get(nomination.person.id)
            removed = nomination.removed_on
            if tour and tour.start and removed and removed <= tour.start:
                nomination.removed_on = ended
