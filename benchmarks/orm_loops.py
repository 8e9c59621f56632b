"""The sixteen planning rules as loops over the ORM, the way one would write them first.

`check_plan` gives {(rule, kind, id of the subject): outcome} for a plan, its pools and its
nominations, with `select_related` where it comes to mind; `agrees` compares it with the engine.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q

from cadres.choices import Grade, TitleKind
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Unit
from compliance.choices import Outcome, SubjectKind
from compliance.law import load_law, retirement_date
from compliance.models import Target
from planning.choices import PlanStatus
from planning.models import Ballot, Nomination, Plan, Pool
from planning.services import plan_check

Key = tuple[str, SubjectKind, int]
Flag = bool | None

SHARES = ("young_share", "women_share", "minority_share")


def agrees(plan: Plan, day: date) -> bool:
    """Do the loops find for a plan what the engine finds?"""
    of_engine = {
        (finding.rule.code, finding.kind, finding.subject_id): finding.outcome
        for finding in plan_check(plan=plan, as_of=day)
    }
    return of_engine == check_plan(plan, day)


def check_plan(plan: Plan, day: date) -> dict[Key, Outcome]:
    """The outcome of every planning rule on a plan, its pools and its nominations."""
    found: dict[Key, Outcome] = {}

    def note(rule: str, kind: SubjectKind, pk: int, outcome: Outcome) -> None:
        found[f"planning.{rule}", kind, pk] = outcome

    figure = partial(_figure, plan.unit, day)
    nominations = list(_active(day).filter(plan=plan).select_related("cadre", "pool"))
    people = list({each.cadre_id: each.cadre for each in nominations}.values())
    for rule, outcome in _of_people(people, figure, day):
        note(rule, SubjectKind.PLAN, plan.pk, outcome)
    for rule, outcome in _of_plan(plan, people, figure, day):
        note(rule, SubjectKind.PLAN, plan.pk, outcome)
    for pool in plan.pools.select_related("position__title"):
        for rule, outcome in _of_pool(pool, figure, day):
            note(rule, SubjectKind.POOL, pool.pk, outcome)
    for nomination in nominations:
        for rule, outcome in _of_nomination(plan, nomination, figure, day):
            note(rule, SubjectKind.NOMINATION, nomination.pk, outcome)
    return found


# --- plans and pools ------------------------------------------------------------------------


def _of_people(people: list[Cadre], figure: Any, day: date) -> Iterator[tuple[str, Outcome]]:
    """Age bands and shares, over the people of a plan or of a committee's pool."""
    yield "three_age_bands", _bands(people, figure, day)
    age = figure("planning.young_share.age_below")
    flags: dict[str, list[Flag]] = {
        "young_share": [_younger(each, age, day) for each in people] if age is not None else [],
        "women_share": [each.sex == "female" if each.sex else None for each in people],
        "minority_share": [
            each.ethnicity_code != "01" if each.ethnicity_code else None for each in people
        ],
    }
    for rule in SHARES:
        yield rule, _share(flags[rule], figure(f"planning.{rule}.minimum"))


def _bands(people: list[Cadre], figure: Any, day: date) -> Outcome:
    young = figure("planning.age_bands.young_below")
    middle = figure("planning.age_bands.middle_to")
    if young is None or middle is None:
        return Outcome.NOT_APPLICABLE
    counts = [0, 0, 0]
    unknown = 0
    for each in people:
        if each.birth_date is None:
            unknown += 1
            continue
        age = _age(each.birth_date, day)
        counts[0 if age < young else 1 if age <= middle else 2] += 1
    empty = counts.count(0)
    if not empty:
        return Outcome.MET
    return Outcome.CANNOT_TELL if empty <= unknown else Outcome.NOT_MET


def _share(flags: list[Flag], percent: int | None) -> Outcome:
    if percent is None or not flags:
        return Outcome.NOT_APPLICABLE
    sure, unknown = flags.count(True), flags.count(None)
    if sure * 100 >= percent * len(flags):
        return Outcome.MET
    possible = (sure + unknown) * 100 >= percent * len(flags)
    return Outcome.CANNOT_TELL if possible else Outcome.NOT_MET


def _of_plan(
    plan: Plan, people: list[Cadre], figure: Any, day: date
) -> Iterator[tuple[str, Outcome]]:
    yield "openness", _openness(plan, people, figure("planning.openness.minimum_external"), day)
    if plan.status == PlanStatus.APPROVED:
        yield "annual_review", _review(plan, figure("planning.annual_review.maximum_months"), day)
    if plan.unit.numchild:
        yield "lineage", _lineage(plan, people, figure("planning.lineage.maximum"), day)


def _openness(plan: Plan, people: list[Cadre], minimum: int | None, day: date) -> Outcome:
    if minimum is None:
        return Outcome.NOT_APPLICABLE
    external = unknown = 0
    for each in people:
        posts = list(_posts(each, day))
        if not posts:
            unknown += 1
        elif not any(post.unit.path.startswith(plan.unit.path) for post in posts):
            external += 1
    if external >= minimum:
        return Outcome.MET
    return Outcome.CANNOT_TELL if external + unknown >= minimum else Outcome.NOT_MET


def _review(plan: Plan, maximum: int | None, day: date) -> Outcome:
    dates = [each for each in (plan.approved_on, plan.last_reviewed_on) if each]
    seen = max((each for each in dates if each <= day), default=None)
    if maximum is None or (dates and seen is None):
        return Outcome.NOT_APPLICABLE
    if seen is None:
        return Outcome.CANNOT_TELL
    return Outcome.MET if _months(seen, day) <= maximum else Outcome.NOT_MET


def _lineage(plan: Plan, people: list[Cadre], maximum: int | None, day: date) -> Outcome:
    if maximum is None:
        return Outcome.NOT_APPLICABLE
    path = plan.unit.path
    breaks = 0
    for each in people:
        post = _primary(each, day)
        if post is None or post.unit.path == path or not post.unit.path.startswith(path):
            continue
        below = _active(day).filter(cadre=each, plan__unit__path__startswith=path)
        breaks += not below.exclude(plan__unit__path=path).exists()
    return Outcome.MET if breaks <= maximum else Outcome.NOT_MET


def _of_pool(pool: Pool, figure: Any, day: date) -> Iterator[tuple[str, Outcome]]:
    nominations = list(_active(day).filter(pool=pool).select_related("cadre"))
    total, seats = len(nominations), pool.position.prescribed
    if pool.position.title.kind == TitleKind.COMMITTEE:
        yield from _of_people([each.cadre for each in nominations], figure, day)
        low = figure("planning.committee_coefficient.minimum")
        high = figure("planning.committee_coefficient.maximum")
        yield "committee_coefficient", _between(total * 100, low, high, seats, seats)
    else:
        low = figure("planning.candidates_per_title.minimum")
        high = figure("planning.candidates_per_title.maximum")
        yield "candidates_per_title", _between(total, low, high, 1, seats)


def _between(value: int, low: int | None, high: int | None, times: int, most: int) -> Outcome:
    if low is None and high is None:
        return Outcome.NOT_APPLICABLE
    enough = low is None or value >= low * times
    return Outcome.MET if enough and (high is None or value <= high * most) else Outcome.NOT_MET


# --- nominations ------------------------------------------------------------------------------


def _of_nomination(
    plan: Plan, nomination: Nomination, figure: Any, day: date
) -> Iterator[tuple[str, Outcome]]:
    cadre = nomination.cadre
    title = nomination.pool.position.title
    titles = figure("planning.titles_per_person.maximum")
    yield "titles_per_person", _titles(plan, cadre, titles, day)
    if title.kind == TitleKind.LEADERSHIP:
        post = _primary(cadre, day)
        yield "higher_title", _known(post and title.rank > post.title.rank)
    months = figure("planning.remaining_service.minimum_months")
    yield "remaining_service", _service(cadre, max(day, plan.term.starts_on), months)
    yield "qualification", _qualified(cadre, title)
    disciplined = Discipline.objects.filter(
        Q(effective_to=None) | Q(effective_to__gte=day), cadre=cadre, decided_on__lte=day
    )
    yield "discipline", Outcome.NOT_MET if disciplined.count() else Outcome.MET
    grades = [each.grade for each in Evaluation.objects.filter(cadre=cadre, year=day.year - 1)]
    yield "evaluation", _known(min(grades) > Grade.KHTNV if grades else None)
    yield "ballot", _ballots(nomination, figure("planning.ballot.minimum_share"), day)


def _known(flag: Flag) -> Outcome:
    if flag is None:
        return Outcome.CANNOT_TELL
    return Outcome.MET if flag else Outcome.NOT_MET


def _titles(plan: Plan, cadre: Cadre, maximum: int | None, day: date) -> Outcome:
    if maximum is None:
        return Outcome.NOT_APPLICABLE
    same = _active(day).filter(cadre=cadre, plan__term=plan.term, plan__unit__level=plan.unit.level)
    return Outcome.MET if same.count() <= maximum else Outcome.NOT_MET


def _service(cadre: Cadre, since: date, minimum: int | None) -> Outcome:
    if minimum is None:
        return Outcome.NOT_APPLICABLE
    if cadre.retires_on:
        ends = [cadre.retires_on]
    elif cadre.birth_date:
        born = cadre.birth_date
        sexes = [cadre.sex] if cadre.sex else ["male", "female"]
        ends = [retirement_date(sex, born.year, born.month) for sex in sexes]
    else:
        return Outcome.CANNOT_TELL
    enough = [_months(since, end) >= minimum for end in ends]
    return _known(True if all(enough) else None if any(enough) else False)


def _qualified(cadre: Cadre, title: Any) -> Outcome:
    if title.min_degree is None and title.min_theory is None:
        return Outcome.NOT_APPLICABLE
    enough: list[Flag] = []
    for need, has in ((title.min_degree, cadre.degree), (title.min_theory, cadre.theory)):
        if need is not None:
            enough.append(None if has is None else has >= need)
    return _known(False if False in enough else None if None in enough else True)


def _ballots(nomination: Nomination, percent: int | None, day: date) -> Outcome:
    held = list(
        Ballot.objects.filter(pool=nomination.pool, cadre=nomination.cadre, held_on__lte=day)
    )
    if percent is None or not held:
        return Outcome.NOT_APPLICABLE
    return _known(all(each.agree * 100 > percent * each.summoned for each in held))


# --- facts --------------------------------------------------------------------------------------


def _active(day: date) -> Any:
    return Nomination.objects.filter(
        Q(removed_on=None) | Q(removed_on__gt=day), nominated_on__lte=day
    )


def _posts(cadre: Cadre, day: date) -> Any:
    return Appointment.objects.filter(
        Q(end_on=None) | Q(end_on__gt=day), cadre=cadre, start_on__lte=day
    ).select_related("unit", "title")


def _primary(cadre: Cadre, day: date) -> Appointment | None:
    posts = _posts(cadre, day)
    return posts.order_by("-title__rank", "-start_on", "title__code", "unit__code").first()


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _younger(cadre: Cadre, age: int, day: date) -> Flag:
    return None if cadre.birth_date is None else _age(cadre.birth_date, day) < age


def _months(start: date, end: date) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)


def _figure(unit: Unit, day: date, parameter: str) -> int | None:
    """The value that holds for a unit: the law's, or the nearest target's where it is stricter."""
    law = load_law()
    value = law.in_force(parameter, unit.level, day)
    national = value.value if value else None
    bound = law.parameters[parameter].bound
    for target in _targets(unit, day, parameter):
        if (
            national is None
            or (bound == "minimum" and target.value > national)
            or (bound == "maximum" and target.value < national)
        ):
            return target.value
        break
    return national


def _targets(unit: Unit, day: date, parameter: str) -> Iterable[Target]:
    """Targets of the unit and those above it, the nearest first."""
    above = [unit.path[:end] for end in range(4, len(unit.path) + 1, 4)]
    return Target.objects.filter(
        Q(in_force_to=None) | Q(in_force_to__gte=day),
        unit__path__in=above,
        parameter=parameter,
        level=unit.level,
        in_force_from__lte=day,
    ).order_by("-unit__depth", "-in_force_from")[:1]
