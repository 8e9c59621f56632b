"""A plan as numbers: who may stand where, and what every rule asks of the choice.

The figures are those that the engine applied, and whether somebody counts for a rule is the
engine's own flag; only the comparisons are written here again, as linear rows that a solver can
read. Nothing that is proposed rests on them alone: the engine judges every proposal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compliance.choices import Outcome
from planning.selectors.candidates import Source
from planning.selectors.judging import JudgedPlan, Nominated, Subject

TITLES = "planning.titles_per_person"
BANDS = ("young", "middle", "senior")
#: Rules that no choice of people mends.
BEYOND = ("planning.annual_review",)


@dataclass(frozen=True)
class Option:
    """Somebody in a pool, or who could be.

    `wrong`: rules by which the nomination fails. `is_open`: whether it may be changed. `source`
    None: is in the plan. `cost`: how much less one would like to change just this, 0 to 99.
    """

    pool_id: int
    cadre_id: int
    nomination_id: int
    is_present: bool
    is_open: bool
    source: Source | None
    flags: frozenset[str]
    wrong: tuple[str, ...]
    unclear: tuple[str, ...]
    age: int | None
    elsewhere: int
    cost: int

    @property
    def key(self) -> tuple[int, int]:
        """Where and who."""
        return self.pool_id, self.cadre_id


@dataclass(frozen=True)
class Row:
    """`sum(weight of each chosen one) >= least`, by number of an option or id of a cadre."""

    options: Mapping[int, int] = field(default_factory=dict)
    people: Mapping[int, int] = field(default_factory=dict)
    least: int = 0

    def holds(self, chosen: Collection[int], present: Collection[int]) -> bool:
        """Whether a choice satisfies it; `present`: the cadres of the choice."""
        total = sum(weight for number, weight in self.options.items() if number in chosen)
        total += sum(weight for cadre, weight in self.people.items() if cadre in present)
        return total >= self.least


@dataclass(frozen=True)
class Demand:
    """What one rule asks of the plan or of a pool; holds where all its rows do."""

    rule: str
    pool_id: int | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Problem:
    """Every option and every demand of a plan."""

    options: tuple[Option, ...]
    demands: tuple[Demand, ...]

    @property
    def present(self) -> frozenset[int]:
        """Numbers of the options that the plan has now."""
        return frozenset(n for n, option in enumerate(self.options) if option.is_present)

    def unmet(self, chosen: Collection[int]) -> list[Demand]:
        """The demands that a choice leaves."""
        people = {self.options[number].cadre_id for number in chosen}
        return [
            demand
            for demand in self.demands
            if not all(row.holds(chosen, people) for row in demand.rows)
        ]


def problem_of(
    judged: JudgedPlan,
    sources: Mapping[tuple[int, int], Source],
    *,
    fixed: Collection[tuple[int, int]] = (),
    banned: Collection[tuple[int, int]] = (),
    closed: Collection[int] = (),
) -> Problem:
    """The numbers of a judged plan.

    `fixed`: (pool, cadre) that stay; `banned`: that are not to be added; `closed`: pools that are
    not to be changed. Who is tried and fails a rule is no option.
    """
    rows = (*judged.nominations, *judged.tried)
    here: dict[int, int] = {}
    for each in rows:
        here[each.cadre_id] = here.get(each.cadre_id, 0) + 1
    options: list[Option] = []
    for each in rows:
        key = (each.pool_id, each.cadre_id)
        source = sources.get(key)
        is_open = each.pool_id not in closed and key not in fixed
        option = _option(each, source, each.titles - here[each.cadre_id], judged, is_open=is_open)
        if option.is_present or (is_open and not option.wrong and key not in banned):
            options.append(option)
    return Problem(tuple(options), tuple(_demands(judged, options)))


def _option(
    each: Nominated,
    source: Source | None,
    elsewhere: int,
    judged: JudgedPlan,
    *,
    is_open: bool,
) -> Option:
    is_present = source is None
    wrong = tuple(
        code
        for code, outcome in each.outcomes.items()
        if outcome == Outcome.NOT_MET and code != TITLES
    )
    most = judged.figure("titles_maximum")
    if not is_present and most is not None and elsewhere >= most:
        wrong = (*wrong, TITLES)
    unclear = tuple(code for code, out in each.outcomes.items() if out == Outcome.CANNOT_TELL)
    grade = each.counts.get("grade") or 0
    cost = (
        # Better those leave whose own verdict is doubtful, whose grade or post is low.
        8 * (grade or 2) + (0 if unclear else 30) + (each.counts.get("current_rank") or 0) // 3
        if is_present
        else 40 * bool(unclear) + 6 * (4 - (grade or 1)) + 3 * min(elsewhere, 4) + 4 * (source or 0)
    )
    return Option(
        pool_id=each.pool_id,
        cadre_id=each.cadre_id,
        nomination_id=each.nomination_id,
        is_present=is_present,
        is_open=is_open,
        source=source,
        flags=each.flags,
        wrong=wrong,
        unclear=unclear,
        age=each.counts.get("age"),
        elsewhere=elsewhere,
        cost=cost,
    )


# ---- What rules ask ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Members:
    """Those who are counted: people of the plan by cadre, or options of a pool by number."""

    flags: Mapping[int, frozenset[str]]
    is_plan: bool

    def row(self, least: int, each: int = 0, **of_flag: int) -> Row:
        """`each` for everybody and `of_flag` for those with the flag."""
        weights = {
            member: each + sum(weight for flag, weight in of_flag.items() if flag in flags)
            for member, flags in self.flags.items()
        }
        kept = {member: weight for member, weight in weights.items() if weight}
        return Row(people=kept, least=least) if self.is_plan else Row(options=kept, least=least)


def _demands(judged: JudgedPlan, options: Sequence[Option]) -> Iterable[Demand]:
    people: dict[int, frozenset[str]] = {}
    for option in options:
        people[option.cadre_id] = people.get(option.cadre_id, frozenset()) | option.flags
    yield from _of_subject(judged, judged.plan, None, _Members(people, is_plan=True))
    for pool_id, pool in judged.pools.items():
        members = {n: o.flags for n, o in enumerate(options) if o.pool_id == pool_id}
        yield from _of_subject(judged, pool, pool_id, _Members(members, is_plan=False))
    yield from _of_people(judged, options)


def _of_subject(
    judged: JudgedPlan, subject: Subject, pool_id: int | None, members: _Members
) -> Iterable[Demand]:
    for code, found in subject.findings.items():
        required = {
            key: judged.figure(name) if name in judged.figures else None
            for key, name in found.rule.required.items()
        }
        rows = _rows(code, required, subject.counts.get("prescribed") or 0, members)
        if rows:
            yield Demand(code, pool_id, tuple(rows))


def _rows(
    code: str, required: Mapping[str, int | None], prescribed: int, members: _Members
) -> list[Row]:
    """The comparison of CONTRACT section 3 as rows; none where a figure is not in force."""
    if code in _SHARES:
        percent = required["percent"]
        if percent is None or required.get("age_below", 0) is None:
            return []
        return [members.row(0, -percent, **{_SHARES[code]: 100})]
    if code == "planning.three_age_bands":
        known = None not in (required["young_below"], required["middle_to"])
        return [members.row(1, **{band: 1}) for band in BANDS] if known else []
    if code == "planning.openness":
        return _at_least(members, required["minimum"], external_people=1)
    if code == "planning.lineage":
        most = required["maximum"]
        return [] if most is None else [members.row(-most, lineage_breaks=-1)]
    if code == "planning.candidates_per_title":
        return _between(members, required["minimum"], required["maximum"], prescribed, 1)
    if code == "planning.committee_coefficient":
        low, high = required["minimum_percent"], required["maximum_percent"]
        low = None if low is None else low * prescribed
        return _between(members, low, high, prescribed, 100)
    return []


_SHARES = {
    "planning.young_share": "young_people",
    "planning.women_share": "women",
    "planning.minority_share": "minority_people",
}


def _at_least(members: _Members, least: int | None, **of_flag: int) -> list[Row]:
    return [] if least is None else [members.row(least, **of_flag)]


def _between(
    members: _Members, low: int | None, high: int | None, prescribed: int, unit: int
) -> list[Row]:
    rows = [] if low is None else [members.row(low, unit)]
    return rows if high is None else [*rows, members.row(-high * prescribed, -unit)]


def _of_people(judged: JudgedPlan, options: Sequence[Option]) -> Iterable[Demand]:
    """Nobody stays whose nomination fails; nobody has too many titles."""
    failing: dict[str, dict[int, int]] = {}
    for number, option in enumerate(options):
        for code in option.wrong:
            failing.setdefault(code, {})[number] = -1
    for code, numbers in failing.items():
        yield Demand(code, None, (Row(options=numbers),))
    most = judged.figure("titles_maximum")
    if most is not None:
        of_cadre: dict[int, list[int]] = {}
        for number, option in enumerate(options):
            of_cadre.setdefault(option.cadre_id, []).append(number)
        rows = [
            Row(options=dict.fromkeys(numbers, -1), least=-room)
            for numbers in of_cadre.values()
            if len(numbers) > (room := max(0, most - options[numbers[0]].elsewhere))
        ]
        if rows:
            yield Demand(TITLES, None, tuple(rows))
