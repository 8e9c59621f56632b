"""Rotations, transfers and secondments of the demonstration, in every state."""

from datetime import date, timedelta

from cadre_portal.demo import organisation as org
from cadre_portal.demo.draft import Step
from cadre_portal.demo.organisation import UnitRow
from cadre_portal.demo.people import Person, Post
from rotation.choices import RotationKind, RotationStatus


class Tours(Step):
    """Rotations woven into the careers: finished, running, and those that did not happen."""

    def finished(self) -> None:
        """Completed rotations of the district years; a few too short, a few outside a plan."""
        rng = self.rng
        able = [
            p
            for p in self.crowd.people
            if p.title in {"PBTX", "CTX", "PCTX", "TPX", "PTPX"} and p.unit.code in org.COMMUNES
        ]
        rng.shuffle(able)
        districts = sorted(org.FORMER_DISTRICTS)
        done = 0
        for person in able[: len(able) // 2]:
            if done >= 19:
                break
            months = rng.choice((21, 28)) if done % 9 == 4 else rng.randint(37, 40)
            if done % 3:
                unit, title = self.units[rng.choice(districts)], "TPH"
            else:
                agencies = [c for c in org.AGENCIES if self.units[c].valid_from is None]
                unit, title = self.units[rng.choice(agencies)], "PTP"
            done += self.rotations.done(person, unit, title, months)
        transfers = 0
        for person in able[len(able) // 2 :]:
            if transfers >= 9:
                break
            kind = RotationKind.SECONDMENT if transfers % 3 == 2 else RotationKind.TRANSFER
            unit = self.units[rng.choice(districts)]
            transfers += self.rotations.done(person, unit, "PTPH", rng.randint(14, 30), kind=kind)

    def others(self) -> None:
        """Tours that run now, and those only proposed, approved, refused or given up."""
        rng = self.rng
        by_id = {p.id: p for p in self.crowd.people}
        for key in sorted(self.tours):
            unit, since = self.tours[key]
            self._weave_tour(by_id[key], unit, since)
        planned = [
            p
            for code in org.AGENCIES
            for p in self.present[code].members
            if p.unit.code == code and p.title in {"TP", "PTP"}
        ]
        rng.shuffle(planned)
        communes = [self.units[code] for code in org.COMMUNES]
        family = "Hoàn cảnh gia đình khó khăn, con nhỏ"
        health = "Sức khỏe không bảo đảm công tác ở vùng cao"
        distance = "Xa gia đình, đề nghị bố trí địa bàn gần hơn"
        cases = (
            *[(RotationStatus.PROPOSED, "")] * 7,
            *[(RotationStatus.APPROVED, "")] * 5,
            (RotationStatus.DECLINED, family),
            (RotationStatus.DECLINED, health),
            (RotationStatus.DECLINED, family),
            (RotationStatus.DECLINED, distance),
            (RotationStatus.DECLINED, family),
            (RotationStatus.CANCELLED, ""),
            (RotationStatus.CANCELLED, ""),
        )
        for person, (status, reason) in zip(planned, cases, strict=False):
            start = None
            if status == RotationStatus.APPROVED:
                start = self.as_of + timedelta(days=rng.randint(8, 60))
            elif status in {RotationStatus.DECLINED, RotationStatus.CANCELLED}:
                start = self.as_of - timedelta(days=rng.randint(30, 900))
            title = "PCTX" if person.title == "PTP" else rng.choice(("PBTX", "CTX", "PCTX"))
            self.rotations.proposed(
                person, rng.choice(communes), title, status, reason=reason, start=start
            )
        self._late_starts(planned[len(cases) :])

    def _weave_tour(self, person: Person, unit: UnitRow, since: date) -> None:
        """Let the career end in the sending department before the tour."""
        index = next(i for i, post in enumerate(person.posts) if not post.end)
        earlier = person.posts[:index]
        origin = date(2022, self.rng.randint(1, 9), 1)
        if unit.valid_from:
            origin = max(origin, unit.valid_from)
        kept = [post for post in earlier if post.start < origin]
        for post in kept:
            post.end = min(post.end or origin, origin)
        number = f"{self.rng.randint(100, 999)}-QĐ/TU"
        kept.append(Post(unit, "TP", origin, since, number))
        person.posts[:index] = kept
        self.rotations.running(person, unit, since)

    def _late_starts(self, planned: list[Person]) -> None:
        """Running tours that break a rule: outside every plan, or too near to retirement."""
        communes = list(org.COMMUNES)
        unplanned = [
            p
            for code in communes
            for p in self.staff[code]
            if p.title in {"PCTX", "TPX"} and not p.pinned and not p.since and len(p.posts) > 1
        ]
        for person in unplanned[:2]:
            self._weave_tour(person, self.units["SNV"], self._present_start(person))
        late = [
            p
            for code in communes
            for p in self.staff[code]
            if p.title in {"BTX", "PBTX", "CTX"} and p.age(self.as_of) >= 53 and len(p.posts) > 1
        ]
        for person in late[:3]:
            self._weave_tour(person, self.units["BTC"], self._present_start(person))

    def _present_start(self, person: Person) -> date:
        return next(post.start for post in person.posts if not post.end)
