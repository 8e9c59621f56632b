"""Plans of the present and the next term: nominees, guests from elsewhere, removals."""

from datetime import date, timedelta

from cadre_portal.demo import faults as f
from cadre_portal.demo import organisation as org
from cadre_portal.demo.draft import REMOVALS, Step
from cadre_portal.demo.people import Person
from cadre_portal.demo.plans import NEXT, PRESENT, NominationRow, PlanRow
from cadres.choices import TitleKind
from planning.choices import PlanStatus

_TOP = {"BTTU", "CTHDT", "PBTTU", "CTT", "PCTHDT", "PCTT"}


class PlanMaking(Step):
    """The plans of the present and the next term, and who was taken out."""

    def make_present(self) -> None:
        agencies = [*org.AGENCIES, *org.SUBORDINATES]
        dealt = f.deal(self.rng, [org.PROVINCE, *agencies], communes=False)
        dealt |= f.deal(self.rng, list(org.COMMUNES), communes=True)
        for code in (org.PROVINCE, *agencies, *org.COMMUNES):
            unit = self.units[code]
            posts = org.positions(unit)
            self.present[code] = self.planner.open(unit, PRESENT, posts, dealt[code])
        for code in (*org.SUBORDINATES, *org.AGENCIES, *org.COMMUNES):
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
        planner.break_ages(plan)
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
        codes, titles, pools = self._elsewhere(plan)
        young = f.NO_YOUNG in plan.faults or f.FEW_YOUNG in plan.faults
        hidden = {f.UNKNOWN_BIRTH, f.UNKNOWN_SEX}
        able = [
            p
            for code in codes
            if not self.present[code].faults & hidden
            for p in self.staff[code]
            if p.title in titles
            and self.planner.serves(p, PRESENT)
            and not self.planner.load[p.id, PRESENT.code, plan.unit.level]
            and not (young and p.age(self.as_of) < 40)
            and not (f.UNKNOWN_BIRTH in plan.faults and p.age(self.as_of) > 45)
        ]
        commune = plan.unit.code in org.COMMUNES
        number = self.rng.choice((1, 1, 2, 3) if commune else (1, 2, 2))
        chosen = self.rng.sample(able, min(number, len(able)))
        guests = []
        for person, pool in zip(chosen, self.rng.sample(pools, len(pools)) * 3, strict=False):
            if self.titles[pool].rank > self.planner.rank(person):
                guests.append((pool, person))
        return guests or [(pools[0], p) for p in chosen[:1]]

    def _elsewhere(self, plan: PlanRow) -> tuple[list[str], set[str], tuple[str, ...]]:
        """Units and titles that guests come from, and the pools that they go into."""
        code = plan.unit.code
        if code in org.COMMUNES:
            return list(org.AGENCIES), {"TP", "PTP"}, ("PCTX", "PBTX", "CTX")
        if code in org.SUBORDINATES:
            parent = org.SUBORDINATES[code][1]
            return [c for c in org.AGENCIES if c != parent], {"TP", "PTP"}, ("PDV",)
        return list(org.COMMUNES), {"PCTX", "PBTX", "CTX"}, (org.AGENCIES[code][2],)

    def _from_below(self, plan: PlanRow) -> list[tuple[str, Person]]:
        """Nominees of subordinate units, whose own plan is the basis of this one."""
        deputy = org.AGENCIES[plan.unit.code][2]
        guests = []
        for code, (_name, parent, *_rest) in org.SUBORDINATES.items():
            if parent != plan.unit.code:
                continue
            inside = {p.id for p in self.present[code].members}
            able = [p for p in self.staff[code] if self.planner.serves(p, PRESENT)]
            if f.NO_YOUNG in plan.faults or f.FEW_YOUNG in plan.faults:
                able = [p for p in able if p.age(self.as_of) >= 40]
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
        if plan.unit.code in {*f.AGENCY_FAULTS, *f.COMMUNE_FAULTS}:
            return
        if not plan.faults or f.REVIEW in plan.faults:
            return
        if self.rng.random() < 0.12:
            plan.status = self.rng.choice((PlanStatus.SUBMITTED, PlanStatus.RETURNED))
            plan.approved_on = plan.reviewed_on = None
            plan.decision = ""

    def make_provincial(self) -> None:
        plan, planner = self.present[org.PROVINCE], self.planner
        below = {p.id for q in planner.plans for p in q.members}
        able = [
            p
            for p in self.crowd.people
            if planner.serves(p, PRESENT) and p.unit.code not in org.OUTSIDE
        ]
        top = [
            p
            for p in able
            if (p.id in below or p.title in _TOP)
            and planner.rank(p) >= (50 if p.age(self.as_of) < 40 else 57)
        ]
        outside = [
            p
            for code in org.OUTSIDE
            for p in self.staff[code]
            if p.title in {"VT", "PVT"} and planner.serves(p, PRESENT)
        ]
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

    def make_next(self) -> None:
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
                    PlanStatus.DRAFT
                    if chance < 0.7
                    else PlanStatus.SUBMITTED
                    if chance < 0.93
                    else PlanStatus.RETURNED
                )
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

    def removals(self) -> None:
        """People who left a pool at a review, each with the reason."""
        rng = self.rng
        for plan in self.present.values():
            last = plan.reviewed_on or plan.approved_on
            if not last or not plan.approved_on:
                continue
            leavers = [p for p in self.staff[plan.unit.code] if p.title not in {"CV", "NVX"}]
            titles = list(plan.positions)
            for person in rng.sample(leavers, min(rng.randint(1, 4), len(leavers))):
                title = rng.choice(titles)
                if person in plan.pools[title] or any(
                    r.person is person and r.title == title for r in plan.rows
                ):
                    continue
                on = plan.approved_on - timedelta(days=rng.randint(3, 28))
                removed = max(last, on + timedelta(days=20))
                plan.rows.append(
                    NominationRow(plan, title, person, on, removed, rng.choice(REMOVALS))
                )
