"""The oracle: every rule of CONTRACT section 3 in tiny plain Python, by another road.

It reads plain records, loops, and tries every value that an unknown could have. It is slow, and
it imports nothing of the portal: where the engine and the oracle differ, one of them misread the
contract. `evaluate` is the door.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

from tests.rules.records import (
    DEGREES,
    GRADES,
    THEORIES,
    Appointment,
    Cadre,
    Nomination,
    Plan,
    Position,
    Province,
    Rotation,
    Title,
)

LAW = json.loads((Path(__file__).parent.parent / "data" / "law-values.json").read_text("utf-8"))

Finding = dict[str, Any]


def evaluate(province: Province, as_of: dt.date) -> list[Finding]:
    """Return all findings of `province` on `as_of`, those that are not applicable included.

    Shape: the finding of the contract without `message`; citations hold only the source.
    """
    facts = Facts(province, as_of)
    return [finding for rule in RULES.values() for finding in rule(facts)]


# -- Dates ------------------------------------------------------------------------------


def whole_months(start: dt.date, end: dt.date) -> int:
    """Months from `start` to `end` whose day was reached; never negative (reading 2)."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def completed_years(birth: dt.date, on: dt.date) -> int:
    """Age in completed years."""
    return whole_months(birth, on) // 12


@cache
def retirement_date(birth: dt.date, sex: str) -> dt.date:
    """Last day of the month in which the age of REGULATIONS section 11 is reached."""
    ages = {int(year): months for year, months in LAW["retirement_age_months"][sex].items()}
    born = birth.year * 12 + birth.month - 1
    for year in range(birth.year, birth.year + 100):
        month = born + ages[max(since for since in ages if since <= year)]
        if month // 12 == year:
            following = month + 1
            return dt.date(following // 12, following % 12 + 1, 1) - dt.timedelta(days=1)
    raise ValueError(birth)


def within(first: dt.date, last: dt.date | None, day: dt.date) -> bool:
    """Is `day` in a period with both ends inside?"""
    return first <= day and (last is None or day <= last)


def active(first: dt.date, first_out: dt.date | None, day: dt.date) -> bool:
    """Is `day` in a period whose end is the first day out?"""
    return first <= day and (first_out is None or day < first_out)


# -- Law and targets --------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A legal value and the document it was taken from."""

    value: int
    source: str


def value_in_law(parameter: str, level: str, day: dt.date) -> Figure | None:
    """Return the national value in force on `day`; of several, the one of the later document."""
    found = [
        row
        for row in LAW["parameters"].get(parameter, ())
        if row["level"] == level and within(_day(row["from"]), _day(row["to"]), day)
    ]
    newest = max(found, key=lambda row: row["from"], default=None)
    return Figure(newest["value"], newest["source"]) if newest else None


def _day(text: str | None) -> Any:
    return dt.date.fromisoformat(text) if text else None


def is_stricter(parameter: str, value: int, than: int) -> bool:
    """Is `value` stricter? Higher for a minimum, lower for a maximum, else never."""
    if "minimum" in parameter:
        return value > than
    if "maximum" in parameter:
        return value < than
    return False


# -- Facts ------------------------------------------------------------------------------


class Facts:
    """What the rules ask about a province on one day."""

    def __init__(self, province: Province, as_of: dt.date) -> None:
        self.province = province
        self.as_of = as_of
        self.units = {unit.code: unit for unit in province.units}
        self.titles = {title.code: title for title in province.titles}
        self.cadres = {cadre.code: cadre for cadre in province.cadres}
        self.terms = {term.code: term for term in province.terms}
        self.plans = {(plan.unit_code, plan.term): plan for plan in province.plans}
        self.nominations = [
            n for n in province.nominations if active(n.nominated_on, n.removed_on, as_of)
        ]
        self._by_plan = _grouped(self.nominations, lambda n: (n.unit_code, n.term))
        self._by_cadre = _grouped(self.nominations, lambda n: n.cadre_code)
        self._appointments = _grouped(province.appointments, lambda a: a.cadre_code)
        self._evaluations = _grouped(province.evaluations, lambda e: e.cadre_code)
        self._disciplines = _grouped(province.disciplines, lambda d: d.cadre_code)
        self._ballots = _grouped(
            province.ballots, lambda b: (b.unit_code, b.term, b.title_code, b.cadre_code)
        )
        self._targets = _grouped(province.targets, lambda t: (t.unit_code, t.parameter, t.level))

    # The tree

    def way_up(self, code: str) -> Iterator[str]:
        """Yield the unit itself, its parent, and so on to a root."""
        step: str | None = code
        while step:
            yield step
            step = self.units[step].parent_code

    def is_in(self, unit: str, top: str) -> bool:
        """Is `unit` the unit `top` or below it?"""
        return top in self.way_up(unit)

    def is_below(self, unit: str, top: str) -> bool:
        """Is `unit` strictly below `top`?"""
        return unit != top and self.is_in(unit, top)

    def figure(self, parameter: str, unit: str, day: dt.date) -> Figure | None:
        """Return what applies to `unit` on `day`: the law, or a target that replaces it."""
        level = self.units[unit].level
        law = value_in_law(parameter, level, day)
        target = self._target(parameter, unit, level, day)
        if law is None or target is None:
            return law or target
        return target if is_stricter(parameter, target.value, law.value) else law

    def _target(self, parameter: str, unit: str, level: str, day: dt.date) -> Figure | None:
        for above in self.way_up(unit):
            found = self._targets[above, parameter, level]
            here = [target for target in found if within(target.from_, target.to, day)]
            if here:
                newest = max(here, key=lambda t: t.from_)
                return Figure(newest.value, newest.document)
        return None

    # People

    def age(self, cadre: Cadre) -> int | None:
        """Completed years on the day; None: unknown."""
        return completed_years(cadre.birth_date, self.as_of) if cadre.birth_date else None

    def appointments(self, cadre: Cadre) -> list[Appointment]:
        """Return the appointments of `cadre` that are active on the day."""
        return [
            a for a in self._appointments[cadre.code] if active(a.start_on, a.end_on, self.as_of)
        ]

    def primary(self, cadre: Cadre) -> Appointment | None:
        """Return the primary appointment on the day (reading 8 for ties)."""
        return min(
            self.appointments(cadre),
            key=lambda a: (
                -self.titles[a.title_code].rank,
                -a.start_on.toordinal(),
                a.title_code,
                a.unit_code,
            ),
            default=None,
        )

    def grade(self, cadre: Cadre) -> str | None:
        """Return the worst grade of the year before the day's."""
        grades = [e.grade for e in self._evaluations[cadre.code] if e.year == self.as_of.year - 1]
        return min(grades, key=GRADES.index, default=None)

    def disciplines(self, cadre: Cadre) -> int:
        """Count the disciplines in force on the day."""
        return sum(
            within(d.decided_on, d.effective_to, self.as_of) for d in self._disciplines[cadre.code]
        )

    # Plans

    def nominees(self, plan: Plan, title: str | None = None) -> list[Cadre]:
        """Return the different people in the plan, or in its pool of one title."""
        codes = {
            n.cadre_code
            for n in self._by_plan[plan.unit_code, plan.term]
            if title in (None, n.title_code)
        }
        return [self.cadres[code] for code in sorted(codes)]

    def nominations_of(self, cadre: Cadre) -> list[Nomination]:
        """Return the active nominations of one person."""
        return self._by_cadre[cadre.code]

    def pools(self, kind: str) -> Iterator[tuple[Plan, Position, Title]]:
        """Yield the pools of titles of one kind: each plan with each position of its unit."""
        for plan in self.province.plans:
            for position in self.province.positions:
                title = self.titles[position.title_code]
                if position.unit_code == plan.unit_code and title.kind == kind:
                    yield plan, position, title

    def ballots(self, n: Nomination) -> list[Any]:
        """Return the ballots held on the nominee for that pool until the day."""
        held = self._ballots[n.unit_code, n.term, n.title_code, n.cadre_code]
        return [ballot for ballot in held if ballot.held_on <= self.as_of]

    def unbroken_since(self, post: Appointment) -> dt.date:
        """First day of the time in that post to which `post` belongs (reading 2)."""
        earlier = [
            a
            for a in self._appointments[post.cadre_code]
            if (a.unit_code, a.title_code) == (post.unit_code, post.title_code)
            and a.start_on < post.start_on
            and (a.end_on is None or (post.start_on - a.end_on).days < 31)
        ]
        return min([post.start_on, *(self.unbroken_since(a) for a in earlier)])


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


# -- Verdicts ---------------------------------------------------------------------------


def verdict(answers: Iterable[bool]) -> str:
    """Tell the outcome from the answers for every way in which the unknown could be filled."""
    different = set(answers)
    if len(different) == 2:
        return "cannot_tell"
    return "met" if different == {True} else "not_met"


def made(
    facts: Facts,
    rule: str,
    subject: dict[str, Any],
    outcome: str,
    *,
    measured: dict[str, Any] | None = None,
    figures: dict[str, Figure | None] | None = None,
    required: dict[str, Any] | None = None,
) -> Finding:
    """Build one finding; `figures` give the required values and the citations."""
    applied = figures or {}
    values = {name: figure and figure.value for name, figure in applied.items()}
    empty = dict.fromkeys(("unit", "term", "title", "cadre", "year", "start_on"))
    return {
        "as_of": facts.as_of.isoformat(),
        "rule": rule,
        **empty,
        **subject,
        "outcome": outcome,
        "measured": measured or {},
        "required": values if required is None else required,
        "citations": [
            {"source": source}
            for source in sorted({figure.source for figure in applied.values() if figure})
        ],
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {"subject": "plan", "unit": plan.unit_code, "term": plan.term}


def _pool(plan: Plan, title: Title) -> dict[str, Any]:
    return {**_plan(plan), "subject": "pool", "title": title.code}


def _nomination(n: Nomination) -> dict[str, Any]:
    return {
        "subject": "nomination",
        "unit": n.unit_code,
        "term": n.term,
        "title": n.title_code,
        "cadre": n.cadre_code,
    }


def _rotation(r: Rotation) -> dict[str, Any]:
    return {
        "subject": "rotation",
        "unit": r.to_unit_code,
        "title": r.to_title_code,
        "cadre": r.cadre_code,
        "start_on": r.start_on and r.start_on.isoformat(),
    }


def _appointment(a: Appointment) -> dict[str, Any]:
    return {
        "subject": "appointment",
        "unit": a.unit_code,
        "title": a.title_code,
        "cadre": a.cadre_code,
        "start_on": a.start_on.isoformat(),
    }


# -- Rules on the composition of plans and committee pools ------------------------------


def compositions(facts: Facts) -> Iterator[tuple[dict[str, Any], Plan, list[Cadre]]]:
    """Yield (subject, plan, nominees) for each plan and for each pool of a committee title."""
    for plan in facts.province.plans:
        yield _plan(plan), plan, facts.nominees(plan)
    for plan, _, title in facts.pools("committee"):
        yield _pool(plan, title), plan, facts.nominees(plan, title.code)


def three_age_bands(facts: Facts) -> Iterator[Finding]:
    for subject, plan, nominees in compositions(facts):
        low = facts.figure("planning.age_bands.young_below", plan.unit_code, facts.as_of)
        high = facts.figure("planning.age_bands.middle_to", plan.unit_code, facts.as_of)
        ages = [facts.age(cadre) for cadre in nominees]
        unknown = ages.count(None)
        figures = {"young_below": low, "middle_to": high}
        if low is None or high is None:
            yield made(facts, "planning.three_age_bands", subject, "not_applicable")
            continue
        known = [_bands(age, low.value, high.value) for age in ages if age is not None]
        possible = {_bands(age, low.value, high.value) for age in range(130)}
        outcome = verdict(
            frozenset().union(*known, *guess) == {"young", "middle", "senior"}
            for guess in combinations_with_replacement(sorted(possible, key=sorted), unknown)
        )
        measured = {
            band: sum(band in bands for bands in known) for band in ("young", "middle", "senior")
        }
        yield made(
            facts,
            "planning.three_age_bands",
            subject,
            outcome,
            measured={**measured, "unknown": unknown},
            figures=figures,
        )


def _bands(age: int, young_below: int, middle_to: int) -> frozenset[str]:
    """Bands that a person of that age is in: one, unless the two limits cross."""
    tests = {
        "young": age < young_below,
        "middle": young_below <= age <= middle_to,
        "senior": age > middle_to,
    }
    return frozenset(band for band, holds in tests.items() if holds)


def share(
    facts: Facts,
    rule: str,
    subject: dict[str, Any],
    answers: list[bool | None],
    figures: dict[str, Figure | None],
) -> Finding:
    """Judge one share: `answers` has True, False or None (unknown) for each nominee."""
    percent = figures["percent"]
    if percent is None or None in figures.values() or not answers:
        return made(facts, rule, subject, "not_applicable")
    total, part, unknown = len(answers), answers.count(True), answers.count(None)
    return made(
        facts,
        rule,
        subject,
        verdict((part + more) * 100 >= percent.value * total for more in range(unknown + 1)),
        measured={"part": part, "total": total, "unknown": unknown},
        figures=figures,
    )


def young_share(facts: Facts) -> Iterator[Finding]:
    for subject, plan, nominees in compositions(facts):
        percent = facts.figure("planning.young_share.minimum", plan.unit_code, facts.as_of)
        below = facts.figure("planning.young_share.age_below", plan.unit_code, facts.as_of)
        limit = below.value if below else 0
        ages = [facts.age(cadre) for cadre in nominees]
        young = [None if age is None else age < limit for age in ages]
        figures = {"percent": percent, "age_below": below}
        yield share(facts, "planning.young_share", subject, young, figures)


def women_share(facts: Facts) -> Iterator[Finding]:
    for subject, plan, nominees in compositions(facts):
        percent = facts.figure("planning.women_share.minimum", plan.unit_code, facts.as_of)
        women = [cadre.sex == "female" if cadre.sex else None for cadre in nominees]
        yield share(facts, "planning.women_share", subject, women, {"percent": percent})


def minority_share(facts: Facts) -> Iterator[Finding]:
    for subject, plan, nominees in compositions(facts):
        percent = facts.figure("planning.minority_share.minimum", plan.unit_code, facts.as_of)
        minority = [
            cadre.ethnicity_code != "01" if cadre.ethnicity_code else None for cadre in nominees
        ]
        yield share(facts, "planning.minority_share", subject, minority, {"percent": percent})


# -- Rules on plans ---------------------------------------------------------------------


def openness(facts: Facts) -> Iterator[Finding]:
    rule = "planning.openness"
    for plan in facts.province.plans:
        minimum = facts.figure("planning.openness.minimum_external", plan.unit_code, facts.as_of)
        if minimum is None:
            yield made(facts, rule, _plan(plan), "not_applicable")
            continue
        external = [_is_external(facts, cadre, plan) for cadre in facts.nominees(plan)]
        part, unknown = external.count(True), external.count(None)
        yield made(
            facts,
            rule,
            _plan(plan),
            verdict(part + more >= minimum.value for more in range(unknown + 1)),
            measured={"part": part, "total": len(external), "unknown": unknown},
            figures={"minimum": minimum},
        )


def _is_external(facts: Facts, cadre: Cadre, plan: Plan) -> bool | None:
    posts = facts.appointments(cadre)
    if not posts:
        return None
    return not any(facts.is_in(post.unit_code, plan.unit_code) for post in posts)


def annual_review(facts: Facts) -> Iterator[Finding]:
    rule = "planning.annual_review"
    for plan in facts.province.plans:
        if plan.status != "approved":
            continue
        maximum = facts.figure("planning.annual_review.maximum_months", plan.unit_code, facts.as_of)
        dates = [day for day in (plan.approved_on, plan.last_reviewed_on) if day]
        past = [day for day in dates if day <= facts.as_of]
        if maximum is None or (dates and not past):
            yield made(facts, rule, _plan(plan), "not_applicable")
            continue
        months = whole_months(max(past), facts.as_of) if past else None
        yield made(
            facts,
            rule,
            _plan(plan),
            "cannot_tell" if months is None else verdict([months <= maximum.value]),
            measured={"months": months},
            figures={"maximum_months": maximum},
        )


def lineage(facts: Facts) -> Iterator[Finding]:
    rule = "planning.lineage"
    for plan in facts.province.plans:
        if not any(unit.parent_code == plan.unit_code for unit in facts.province.units):
            continue
        maximum = facts.figure("planning.lineage.maximum", plan.unit_code, facts.as_of)
        if maximum is None:
            yield made(facts, rule, _plan(plan), "not_applicable")
            continue
        nominees = facts.nominees(plan)
        breaks = sum(_is_break(facts, cadre, plan) for cadre in nominees)
        yield made(
            facts,
            rule,
            _plan(plan),
            verdict([breaks <= maximum.value]),
            measured={"breaks": breaks, "total": len(nominees)},
            figures={"maximum": maximum},
        )


def _is_break(facts: Facts, cadre: Cadre, plan: Plan) -> bool:
    """Does the person come from below without being in any plan there?"""
    post = facts.primary(cadre)
    comes_from_below = post is not None and facts.is_below(post.unit_code, plan.unit_code)
    return comes_from_below and not any(
        facts.is_below(n.unit_code, plan.unit_code) for n in facts.nominations_of(cadre)
    )


# -- Rules on pools ---------------------------------------------------------------------


def candidates_per_title(facts: Facts) -> Iterator[Finding]:
    rule = "planning.candidates_per_title"
    for plan, position, title in facts.pools("leadership"):
        low = facts.figure(f"{rule}.minimum", plan.unit_code, facts.as_of)
        high = facts.figure(f"{rule}.maximum", plan.unit_code, facts.as_of)
        n = len(facts.nominees(plan, title.code))
        if low is None and high is None:
            yield made(facts, rule, _pool(plan, title), "not_applicable")
            continue
        enough = low is None or low.value <= n
        not_too_many = high is None or n <= high.value * position.prescribed
        yield made(
            facts,
            rule,
            _pool(plan, title),
            verdict([enough and not_too_many]),
            measured={"total": n, "prescribed": position.prescribed},
            figures={"minimum": low, "maximum": high},
        )


def committee_coefficient(facts: Facts) -> Iterator[Finding]:
    rule = "planning.committee_coefficient"
    for plan, position, title in facts.pools("committee"):
        low = facts.figure(f"{rule}.minimum", plan.unit_code, facts.as_of)
        high = facts.figure(f"{rule}.maximum", plan.unit_code, facts.as_of)
        n = len(facts.nominees(plan, title.code))
        if low is None and high is None:
            yield made(facts, rule, _pool(plan, title), "not_applicable")
            continue
        enough = low is None or low.value * position.prescribed <= n * 100
        not_too_many = high is None or n * 100 <= high.value * position.prescribed
        yield made(
            facts,
            rule,
            _pool(plan, title),
            verdict([enough and not_too_many]),
            measured={"total": n, "prescribed": position.prescribed},
            figures={"minimum_percent": low, "maximum_percent": high},
        )


# -- Rules on nominations ---------------------------------------------------------------


def titles_per_person(facts: Facts) -> Iterator[Finding]:
    rule = "planning.titles_per_person"
    for n in facts.nominations:
        maximum = facts.figure(f"{rule}.maximum", n.unit_code, facts.as_of)
        if maximum is None:
            yield made(facts, rule, _nomination(n), "not_applicable")
            continue
        level = facts.units[n.unit_code].level
        pools = {
            (other.unit_code, other.title_code)
            for other in facts.nominations_of(facts.cadres[n.cadre_code])
            if other.term == n.term and facts.units[other.unit_code].level == level
        }
        yield made(
            facts,
            rule,
            _nomination(n),
            verdict([len(pools) <= maximum.value]),
            measured={"total": len(pools)},
            figures={"maximum": maximum},
        )


def higher_title(facts: Facts) -> Iterator[Finding]:
    for n in facts.nominations:
        title = facts.titles[n.title_code]
        if title.kind != "leadership":
            continue
        post = facts.primary(facts.cadres[n.cadre_code])
        current = facts.titles[post.title_code].rank if post else None
        yield made(
            facts,
            "planning.higher_title",
            _nomination(n),
            "cannot_tell" if current is None else verdict([title.rank > current]),
            measured={"rank": title.rank, "current_rank": current},
        )


def remaining_months(cadre: Cadre, start: dt.date) -> list[int] | None:
    """Months from `start` to each possible retirement date; None: nothing is known (reading 5)."""
    if cadre.retires_on:
        dates = [cadre.retires_on]
    elif cadre.birth_date:
        sexes = [cadre.sex] if cadre.sex else ["female", "male"]
        dates = [retirement_date(cadre.birth_date, sex) for sex in sexes]
    else:
        return None
    return [whole_months(start, date) for date in dates]


def service(
    facts: Facts,
    rule: str,
    subject: dict[str, Any],
    months: list[int] | None,
    minimum: Figure | None,
) -> Finding:
    """Judge the months left against the minimum."""
    if minimum is None:
        return made(facts, rule, subject, "not_applicable")
    return made(
        facts,
        rule,
        subject,
        verdict(m >= minimum.value for m in months) if months else "cannot_tell",
        measured={"months": months[0] if months and len(months) == 1 else None},
        figures={"minimum_months": minimum},
    )


def planned_service(facts: Facts) -> Iterator[Finding]:
    rule = "planning.remaining_service"
    for n in facts.nominations:
        start = max(facts.as_of, facts.terms[n.term].starts_on)
        months = remaining_months(facts.cadres[n.cadre_code], start)
        minimum = facts.figure(f"{rule}.minimum_months", n.unit_code, facts.as_of)
        yield service(facts, rule, _nomination(n), months, minimum)


def qualification(facts: Facts) -> Iterator[Finding]:
    for n in facts.nominations:
        title, cadre = facts.titles[n.title_code], facts.cadres[n.cadre_code]
        asked = {"min_degree": title.min_degree, "min_theory": title.min_theory}
        if not any(asked.values()):
            yield made(facts, "planning.qualification", _nomination(n), "not_applicable")
            continue
        degrees = [cadre.degree] if cadre.degree else DEGREES
        theories = [cadre.theory] if cadre.theory else THEORIES
        yield made(
            facts,
            "planning.qualification",
            _nomination(n),
            verdict(
                _reaches(DEGREES, degree, title.min_degree)
                and _reaches(THEORIES, theory, title.min_theory)
                for degree in degrees
                for theory in theories
            ),
            measured={"degree": cadre.degree, "theory": cadre.theory},
            required=asked,
        )


def _reaches(scale: tuple[str, ...], value: str, asked: str | None) -> bool:
    return asked is None or scale.index(value) >= scale.index(asked)


def discipline(facts: Facts) -> Iterator[Finding]:
    for n in facts.nominations:
        count = facts.disciplines(facts.cadres[n.cadre_code])
        yield made(
            facts,
            "planning.discipline",
            _nomination(n),
            verdict([count == 0]),
            measured={"active": count},
        )


def evaluation(facts: Facts) -> Iterator[Finding]:
    for n in facts.nominations:
        grade = facts.grade(facts.cadres[n.cadre_code])
        yield made(
            facts,
            "planning.evaluation",
            _nomination(n),
            "cannot_tell" if grade is None else verdict([grade != "KHTNV"]),
            measured={"grade": grade},
        )


def ballot(facts: Facts) -> Iterator[Finding]:
    rule = "planning.ballot"
    for n in facts.nominations:
        steps = facts.ballots(n)
        percent = facts.figure(f"{rule}.minimum_share", n.unit_code, facts.as_of)
        if not steps:
            continue
        if percent is None:
            yield made(facts, rule, _nomination(n), "not_applicable")
            continue
        failed = sum(b.agree * 100 <= percent.value * b.summoned for b in steps)
        yield made(
            facts,
            rule,
            _nomination(n),
            verdict([failed == 0]),
            measured={"steps": len(steps), "failed": failed},
            figures={"percent": percent},
        )


# -- Rules on rotations and posts -------------------------------------------------------


def rotations(facts: Facts) -> list[Rotation]:
    """Return what the rotation rules judge, whatever the day (reading 1)."""
    return [
        r
        for r in facts.province.rotations
        if r.kind == "rotation" and r.status not in {"declined", "cancelled"} and r.start_on
    ]


def in_plan(facts: Facts) -> Iterator[Finding]:
    for r in rotations(facts):
        count = sum(
            n.cadre_code == r.cadre_code and active(n.nominated_on, n.removed_on, r.start_on)
            for n in facts.province.nominations
        )
        yield made(
            facts,
            "rotation.in_plan",
            _rotation(r),
            verdict([count >= 1]),
            measured={"nominations": count},
        )


def rotated_service(facts: Facts) -> Iterator[Finding]:
    rule = "rotation.remaining_service"
    for r in rotations(facts):
        months = remaining_months(facts.cadres[r.cadre_code], r.start_on)
        minimum = facts.figure(f"{rule}.minimum_months", r.to_unit_code, r.start_on)
        yield service(facts, rule, _rotation(r), months, minimum)


def duration(facts: Facts) -> Iterator[Finding]:
    rule = "rotation.duration"
    for r in rotations(facts):
        if r.status != "completed" or r.ended_on is None:  # no day, so no law to judge by
            continue
        months = [whole_months(r.start_on, r.ended_on)]
        minimum = facts.figure(f"{rule}.minimum_months", r.to_unit_code, r.ended_on)
        yield service(facts, rule, _rotation(r), months, minimum)


def posts(facts: Facts, flag: str) -> list[Appointment]:
    """Return the appointments active on the day to a title with that flag."""
    return [
        a
        for a in facts.province.appointments
        if active(a.start_on, a.end_on, facts.as_of) and getattr(facts.titles[a.title_code], flag)
    ]


def non_local_head(facts: Facts) -> Iterator[Finding]:
    for a in posts(facts, "non_local_required"):
        native = facts.cadres[a.cadre_code].native_unit_code
        outcome = verdict([not facts.is_in(native, a.unit_code)]) if native else "cannot_tell"
        yield made(facts, "rotation.non_local_head", _appointment(a), outcome)


def head_terms(facts: Facts) -> Iterator[Finding]:
    rule = "rotation.head_terms"
    for a in posts(facts, "is_head"):
        maximum = facts.figure(f"{rule}.maximum", a.unit_code, facts.as_of)
        if maximum is None:
            yield made(facts, rule, _appointment(a), "not_applicable")
            continue
        months = whole_months(facts.unbroken_since(a), facts.as_of)
        yield made(
            facts,
            rule,
            _appointment(a),
            verdict([months < maximum.value * 60]),
            measured={"months": months},
            figures={"maximum_terms": maximum},
        )


def top_grade(facts: Facts) -> Iterator[Finding]:
    rule = "evaluation.top_grade"
    year = facts.as_of.year - 1
    graded = [e for e in facts.province.evaluations if e.year == year]
    for unit in facts.province.units:
        grades = [e.grade for e in graded if e.unit_code == unit.code]
        if not grades:
            continue
        subject = {"subject": "unit_year", "unit": unit.code, "year": year}
        percent = facts.figure(f"{rule}.maximum_share", unit.code, facts.as_of)
        if percent is None:
            yield made(facts, rule, subject, "not_applicable")
            continue
        top, good = grades.count("HTXSNV"), grades.count("HTTNV")
        yield made(
            facts,
            rule,
            subject,
            verdict([top * 100 <= percent.value * good]),
            measured={"top": top, "good": good},
            figures={"percent": percent},
        )


RULES: dict[str, Callable[[Facts], Iterator[Finding]]] = {
    "planning.three_age_bands": three_age_bands,
    "planning.young_share": young_share,
    "planning.women_share": women_share,
    "planning.minority_share": minority_share,
    "planning.openness": openness,
    "planning.candidates_per_title": candidates_per_title,
    "planning.committee_coefficient": committee_coefficient,
    "planning.titles_per_person": titles_per_person,
    "planning.higher_title": higher_title,
    "planning.remaining_service": planned_service,
    "planning.qualification": qualification,
    "planning.discipline": discipline,
    "planning.evaluation": evaluation,
    "planning.annual_review": annual_review,
    "planning.lineage": lineage,
    "planning.ballot": ballot,
    "rotation.in_plan": in_plan,
    "rotation.remaining_service": rotated_service,
    "rotation.duration": duration,
    "rotation.non_local_head": non_local_head,
    "rotation.head_terms": head_terms,
    "evaluation.top_grade": top_grade,
}
