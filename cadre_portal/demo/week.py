"""The last week before the reference date: what makes some plans better and some worse.

The picture on the reference date stays as dealt; only the days on which people joined or left,
and the days of reviews, move into the week. A live check as of a week before (`services`) then
gives the pages something to compare with.
"""

from collections.abc import Callable
from datetime import date, timedelta

from cadre_portal.demo import faults as f
from cadre_portal.demo.draft import Step
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import NominationRow, PlanRow, asked
from planning.choices import PlanStatus

#: The check to compare with is as of this many days before.
DAYS = 8
_OPENED = ("01273", "01807")
_REJUVENATED = ("01726", "01777")
_REVIEWED = ("BTC", "SKHCN", "SVHTTDL", "BQLKKT")


class LastWeek(Step):
    """Eight plans at most become better, five at most worse."""

    def write(self) -> None:
        """Plant the changes; a unit whose plan does not suit is passed over."""
        for code in _OPENED:
            self._joined(self.present[code], lambda plan, p: p.unit is not plan.unit)
        for code in _REJUVENATED:
            self._joined(self.present[code], self._young)
        for code in _REVIEWED:
            self._reviewed(self.present[code])
        self._overdue(self.present["STC"])
        health = self.units["SYT"]
        self._left(self.present["SYT"], lambda p: p.woman and not p.unit.within(health), 1)
        below = asked(self.units["01558"]).young_below
        self._left(self.present["01558"], lambda p: p.woman and p.unit.code == "01558", 2)
        self._left(
            self.present["01654"],
            lambda p: p.age(self.as_of) < below and p.unit.code == "01654",
            4,
        )

    def _recent(self) -> date:
        return self.as_of - timedelta(days=self.rng.randint(1, DAYS - 2))

    def _young(self, plan: PlanRow, person: Person) -> bool:
        return person.age(self.as_of) < asked(plan.unit).young_below

    def _joined(self, plan: PlanRow, who: Callable[[PlanRow, Person], bool]) -> None:
        """Those who make the plan hold came in only now, at a review."""
        on = self._recent()
        rows = [row for row in plan.rows if not row.removed_on and who(plan, row.person)]
        if plan.faults or any(row.person.id in self.tours for row in rows):
            return
        for row in rows:
            row.nominated_on = on
        plan.reviewed_on = on

    def _reviewed(self, plan: PlanRow) -> None:
        """The review that was overdue took place."""
        if plan.faults:
            return
        moved = self.as_of - timedelta(days=self.rng.randint(410, 460))
        for row in plan.rows:
            row.nominated_on = min(row.nominated_on, moved)
            if row.removed_on:
                row.removed_on = max(row.removed_on, moved)
        plan.approved_on, plan.reviewed_on = moved, self._recent()

    def _overdue(self, plan: PlanRow) -> None:
        """The thirteenth month since the last review was reached three days ago."""
        if f.REVIEW not in plan.faults or plan.status != PlanStatus.APPROVED:
            return
        day = self.as_of - timedelta(days=3)
        year, month = divmod(day.year * 12 + day.month - 1 - 13, 12)
        plan.reviewed_on = date(year, month + 1, min(day.day, 28))
        if plan.approved_on and plan.approved_on >= plan.reviewed_on:
            plan.approved_on = plan.reviewed_on - timedelta(days=200)

    def _left(self, plan: PlanRow, who: Callable[[Person], bool], number: int) -> None:
        """People whom the plan now lacks were in it until this week."""
        inside = {row.person.id for row in plan.rows}
        able = [
            person
            for person in self.crowd.people
            if person.id not in inside and who(person) and self.titles[person.title].rank >= 8
        ]
        if not plan.approved_on:
            return
        able.sort(key=lambda p: (-self.titles[p.title].rank, p.id))
        committee = [t for t in plan.positions if t in {"BCHX", "CU"}]
        for person in able[:number]:
            on = plan.approved_on - timedelta(days=self.rng.randint(3, 28))
            reason = "Chuyển công tác ra ngoài tỉnh"
            plan.rows.append(NominationRow(plan, committee[0], person, on, self._recent(), reason))
