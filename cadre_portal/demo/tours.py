"""Rotations, transfers and secondments of the demonstration, in every state."""

from datetime import date, timedelta
from itertools import permutations
from random import Random

from cadre_portal.demo import organisation as org
from cadre_portal.demo.draft import Step
from cadre_portal.demo.organisation import UnitRow
from cadre_portal.demo.people import Person, Post, whole_months
from rotation.choices import DeclineReason, RotationKind, RotationStatus


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

    def ending(self) -> None:
        """Tours from districts to departments that come to their end now; a few are overdue."""
        rng = Random(self.as_of.toordinal())  # noqa: S311 - a demonstration, not a secret
        districts = [self.units[code] for code in sorted(org.FORMER_DISTRICTS)]
        able: list[tuple[int, Person]] = []
        for code in org.AGENCIES:
            for person in self.staff[code]:
                if self.titles[person.title].is_head or person.title in {"CV", "TP", "PTP"}:
                    continue
                months = self._months_here(person)
                if months is not None and 25 <= months <= 39 and person.age(self.as_of) <= 46:
                    able.append((months, person))
        able.sort(key=lambda pair: (-pair[0], pair[1].id))
        late, soon = ([p for m, p in able if (m >= 36) == is_late] for is_late in (True, False))
        for person in (*late[:2], *soon[:5]):
            post = next(post for post in person.posts if not post.end)
            before = person.posts[person.posts.index(post) - 1]
            before.unit, before.title = rng.choice(districts), "TPH"
            self.rotations.running(person, before.unit, post.start, "TPH")

    def _months_here(self, person: Person) -> int | None:
        """Months in the present post, for who came to it from another; None for anybody else."""
        index = next((i for i, post in enumerate(person.posts) if not post.end), 0)
        if not index or person.birth is None:
            return None
        post, before = person.posts[index], person.posts[index - 1]
        is_long = before.end == post.start and whole_months(before.start, post.start) > 12
        return whole_months(post.start, self.as_of) if is_long else None

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
        none = "", ""
        family = DeclineReason.FAMILY, "Hoàn cảnh gia đình khó khăn, con nhỏ"
        health = DeclineReason.HEALTH, "Sức khỏe không bảo đảm công tác ở vùng cao"
        distance = DeclineReason.DISTANCE, "Xa gia đình, đề nghị bố trí địa bàn gần hơn"
        cases = (
            *[(RotationStatus.PROPOSED, none)] * 7,
            *[(RotationStatus.APPROVED, none)] * 5,
            (RotationStatus.DECLINED, family),
            (RotationStatus.DECLINED, health),
            (RotationStatus.DECLINED, family),
            (RotationStatus.DECLINED, distance),
            (RotationStatus.DECLINED, family),
            (RotationStatus.CANCELLED, none),
            (RotationStatus.CANCELLED, none),
        )
        for person, (status, declined) in zip(planned, cases, strict=False):
            start = None
            if status == RotationStatus.APPROVED:
                start = self.as_of + timedelta(days=rng.randint(8, 60))
            elif status in {RotationStatus.DECLINED, RotationStatus.CANCELLED}:
                start = self.as_of - timedelta(days=rng.randint(30, 900))
            title = "PCTX" if person.title == "PTP" else rng.choice(("PBTX", "CTX", "PCTX"))
            self.rotations.proposed(
                person, rng.choice(communes), title, status, declined=declined, start=start
            )
        self._late_starts(planned[len(cases) :])
        self._exchanges()

    def _exchanges(self) -> None:
        """Heads of communes who are locals are to change places, two by two."""
        start = self.as_of + timedelta(days=31)
        for title, status in (("BTX", RotationStatus.PROPOSED), ("CTX", RotationStatus.APPROVED)):
            heads = [
                person
                for code in org.COMMUNES
                for person in self.staff[code]
                if person.title == title and person.native is person.unit
            ]
            for person, other in permutations(heads[:2], 2):
                self.rotations.proposed(person, other.unit, title, status, start=start)

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
