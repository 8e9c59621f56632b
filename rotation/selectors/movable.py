"""Who could be moved on a day and where to: people with their needs, posts with their seats.

Read for all units at once in a fixed number of queries; nobody is left out without a word.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor, scope_paths
from cadres.selectors import cadres_visible
from cadres.selectors.posts import leadership_held, posts_with_holders, worst_grades
from compliance.choices import Outcome
from planning.selectors.stored import Statement, rows_of
from rotation.choices import NeedKind, NeedReason, RotationKind, RotationStatus
from rotation.models import Rotation
from rotation.policies import own_cadre
from rotation.selectors.experience import gaps_on
from rotation.selectors.heads import head_needs
from rotation.selectors.judging import JudgedMove, Move, judge_moves, units_that_differ
from rotation.selectors.need import KINDS, Need
from rotation.selectors.people import after_months
from rotation.selectors.rotations import BINDING
from rotation.selectors.tour_ends import running_tours, tour_needs

if TYPE_CHECKING:
    from cadres.models import Title, Unit

#: Ids of a unit and a title.
Key = tuple[int, int]

#: Groups of people that a page may choose; OTHER: whoever is planned.
GROUPS = (
    NeedKind.NON_LOCAL,
    NeedKind.HEAD_TERMS,
    NeedKind.TOUR_END,
    NeedKind.EXPERIENCE,
    NeedKind.OTHER,
)
#: Reasons that moving somebody answers; what is only unclear has to be cleared first.
ANSWERED = (
    NeedReason.LOCAL,
    NeedReason.TERMS_OVER,
    NeedReason.TOUR_LATE,
    NeedReason.TERMS_SOON,
    NeedReason.BASE,
    NeedReason.PROVINCE,
    NeedReason.ELSEWHERE,
)
#: So many people are weighed at once, the most pressing first.
MOST_PEOPLE = 1000


@dataclass(frozen=True)
class Refusal:
    """A rotation that the person declined; `kind` "" where only words are on file."""

    unit_id: int
    kind: str
    on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with the post they would leave; None: they hold no leadership post."""

    cadre_id: int
    code: str
    name: str
    unit: Unit | None
    title: Title | None
    reasons: tuple[NeedReason, ...]
    months: int | None = None
    native_unit_id: int | None = None
    degree: int | None = None
    theory: int | None = None
    grade: int | None = None
    refusals: tuple[Refusal, ...] = ()
    tour: Rotation | None = None

    @property
    def kinds(self) -> frozenset[NeedKind]:
        """Groups of the person; OTHER for who has no reason."""
        return frozenset(KINDS[reason] for reason in self.reasons) or frozenset({NeedKind.OTHER})

    @property
    def post(self) -> Key:
        """Ids of the post they would leave. Only for who holds one."""
        assert self.unit is not None and self.title is not None  # noqa: S101, PT018 - sorted out
        return self.unit.pk, self.title.pk


@dataclass(frozen=True)
class Stopped:
    """Somebody of the chosen groups who cannot be moved then: why, and what exactly."""

    person: Person
    why: str
    detail: str = ""


@dataclass(frozen=True)
class Seat:
    """A leadership post; `free`: how many may still come; `coming`: promised or proposed."""

    unit: Unit
    title: Title
    number: int
    held: int
    coming: int
    leaving: int

    @property
    def free(self) -> int:
        """Below zero when there are too many."""
        return self.number - self.held - self.coming + self.leaving


@dataclass(frozen=True)
class Wanted:
    """Whom to look at: groups, who serves below some paths, who goes below others; () means all.

    `always`: people who are looked at in any case.
    """

    groups: frozenset[NeedKind] = frozenset(GROUPS[:-1])
    sending: tuple[str, ...] = ()
    receiving: tuple[str, ...] = ()
    always: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Movable:
    """What can be moved on a day. `left_out`: how many further people were not weighed."""

    people: Sequence[Person]
    stopped: Sequence[Stopped]
    seats: Mapping[Key, Seat]
    left_out: int = 0
    groups: Counter[NeedKind] = field(default_factory=Counter)


def movable_on(actor: Actor, start_on: dt.date, wanted: Wanted) -> Movable:
    """People and posts for tours that begin on the day; some twenty queries whatever the size."""
    found = _people(actor, start_on, wanted)
    seats = seats_on(start_on)
    open_to = [seat for seat in seats.values() if lies_below(seat.unit, wanted.receiving)]
    ready, stopped = _sorted_out(found, start_on, open_to)
    ready.sort(key=lambda person: (person.cadre_id not in wanted.always, _pressing(person)))
    return Movable(
        people=ready[:MOST_PEOPLE],
        stopped=stopped,
        seats=seats,
        left_out=max(0, len(ready) - MOST_PEOPLE),
        groups=Counter(kind for person in found for kind in person.kinds),
    )


def lies_below(unit: Unit, paths: Collection[str]) -> bool:
    """Whether a unit lies in one of these subtrees; no paths mean all."""
    return not paths or any(unit.path.startswith(path) for path in paths)


def _pressing(person: Person) -> tuple[int, int, str]:
    first = min((ANSWERED.index(reason) for reason in person.reasons), default=len(ANSWERED))
    return first, -(person.months or 0), person.code


# ---- People ----------------------------------------------------------------------------------


def _people(actor: Actor, on: dt.date, wanted: Wanted) -> list[Person]:
    """Everybody of the chosen groups who serves where it is looked, with what is known of them."""
    by_code, by_id = _needs(actor, on)
    ids = {*by_id, *wanted.always}
    if NeedKind.OTHER in wanted.groups:
        ids |= _planned(on)
    files = cadres_visible(actor).filter(Q(pk__in=ids) | Q(code__in=list(by_code)))
    cadres = {each.pk: each for each in files if each.pk != own_cadre(actor)}
    posts: defaultdict[int, list[Any]] = defaultdict(list)
    for row in leadership_held(cadres, on):
        posts[row.cadre_id].append(row)
    grades, refusals = worst_grades(cadres, on.year - 1), _refusals(cadres)
    tours: dict[int, Rotation] = {}
    for tour in _bound(cadres):
        tours.setdefault(tour.cadre_id, tour)
    found = []
    for pk, cadre in cadres.items():
        needs = by_code.get(cadre.code, [])
        reasons = [need.reason for need in needs] + ([by_id[pk]] if pk in by_id else [])
        post = _post_of(posts[pk], needs)
        person = Person(
            cadre_id=pk,
            code=cadre.code,
            name=cadre.full_name,
            unit=post.unit if post else None,
            title=post.title if post else None,
            reasons=tuple(sorted(set(reasons), key=ANSWERED.index)),
            months=max((need.months or 0 for need in needs), default=None),
            native_unit_id=cadre.native_unit_id,
            degree=cadre.degree,
            theory=cadre.theory,
            grade=grades.get(pk),
            refusals=tuple(refusals[pk]),
            tour=tours.get(pk),
        )
        is_here = person.unit is None or lies_below(person.unit, wanted.sending)
        if pk in wanted.always or (is_here and person.kinds & wanted.groups):
            found.append(person)
    return found


def _needs(actor: Actor, on: dt.date) -> tuple[dict[str, list[Need]], dict[int, NeedReason]]:
    """Needs of heads and tours by code, gaps of nominees by id."""
    by_code: defaultdict[str, list[Need]] = defaultdict(list)
    for need in (*head_needs(on, scope_paths(actor)), *tour_needs(running_tours(actor, on), on)):
        # A tour that ends on the day itself has ended by then.
        is_over = need.reason == NeedReason.TOUR_ENDING and need.due_on == on
        if need.reason in ANSWERED or is_over:
            by_code[need.code].append(_over(need) if is_over else need)
    gaps = {gap.cadre_id: gap.reason for gap in gaps_on(actor, on) if gap.reason in ANSWERED}
    return dict(by_code), gaps


def _over(need: Need) -> Need:
    return Need(**{**need.__dict__, "reason": NeedReason.TOUR_LATE})


def _post_of(posts: Sequence[Any], needs: Sequence[Need]) -> Any:
    """The post that the most pressing need is about, else the primary one."""
    for need in sorted(needs, key=lambda each: ANSWERED.index(each.reason)):
        for post in posts:
            if (post.unit.name, post.title.name) == (need.unit, need.title):
                return post
    return posts[0] if posts else None


def _planned(on: dt.date) -> set[int]:
    statement = Statement(
        "SELECT DISTINCT cadre_id FROM planning_nomination"
        " WHERE nominated_on <= %s AND (removed_on IS NULL OR removed_on > %s)",
        [on, on],
    )
    return {row["cadre_id"] for row in rows_of(statement)}


def _refusals(cadre_ids: Iterable[int]) -> defaultdict[int, list[Refusal]]:
    """What people declined, whenever."""
    found: defaultdict[int, list[Refusal]] = defaultdict(list)
    rows = Rotation.objects.filter(cadre__in=list(cadre_ids), status=RotationStatus.DECLINED)
    for row in rows.order_by("pk"):
        day = row.declined_on or row.start_on
        found[row.cadre_id].append(Refusal(row.to_unit_id, row.decline_kind, day))
    return found


def _bound(cadre_ids: Iterable[int]) -> Iterable[Rotation]:
    """Rotations that hold people, decided ones first, then proposals."""
    rows = Rotation.objects.filter(
        Q(status__in=BINDING, ended_on=None) | Q(status=RotationStatus.PROPOSED),
        cadre__in=list(cadre_ids),
    ).select_related("to_unit")
    order = (RotationStatus.APPROVED, RotationStatus.IN_PROGRESS, RotationStatus.PROPOSED)
    return sorted(rows, key=lambda row: (order.index(RotationStatus(row.status)), row.pk))


# ---- Who cannot go ---------------------------------------------------------------------------


def _sorted_out(
    people: Sequence[Person], on: dt.date, seats: Sequence[Seat]
) -> tuple[list[Person], list[Stopped]]:
    """Those who may go somewhere by the rules about themselves, and the others with the reason."""
    ready, stopped = [], []
    for person in people:
        if person.unit is None:
            why = _("Không giữ chức vụ lãnh đạo vào ngày này, nên không có chức vụ tương đương.")
            stopped.append(Stopped(person, why))
        elif detail := _bound_by(person, on):
            stopped.append(Stopped(person, _("Đang vướng quyết định, đề xuất khác."), detail))
        else:
            ready.append(person)
    samples = _samples(seats, on)
    if not samples:
        return ready, stopped
    judged = iter(judge_moves([Move(p.cadre_id, *post) for p in ready for post in samples], on))
    going = []
    for person in ready:
        against = _judged_against(person, [next(judged) for _post in samples])
        if against is None:
            going.append(person)
        else:
            stopped.append(against)
    return going, stopped


def _bound_by(person: Person, on: dt.date) -> str:
    """The decision, proposal or tour that holds somebody on the day; "" if nothing does."""
    tour = person.tour
    if tour is None:
        return ""
    words = {"unit": tour.to_unit.name, "kind": str(tour.get_kind_display()).lower()}
    if tour.status == RotationStatus.PROPOSED:
        return _("Đang có đề xuất %(kind)s đến %(unit)s.") % words
    if tour.status == RotationStatus.APPROVED:
        return _("Đã có quyết định %(kind)s đến %(unit)s.") % words
    if tour.planned_end_on is not None and tour.planned_end_on <= on:
        return ""
    if tour.planned_end_on is None:
        return _("Đang %(kind)s tại %(unit)s, chưa định ngày kết thúc.") % words
    words["day"] = formats.date(tour.planned_end_on)
    return _("Đang %(kind)s tại %(unit)s đến %(day)s.") % words


def _samples(seats: Sequence[Seat], on: dt.date) -> list[Key]:
    """A post of each unit whose figures differ: what is asked of people hangs on no more."""
    posts = {seat.unit.pk: (seat.unit.pk, seat.title.pk) for seat in seats}
    differ = units_that_differ({seat.unit for seat in seats}, on)
    return [posts[unit_id] for unit_id in differ]


def passes(outcome: Outcome | None) -> bool:
    """Whether a verdict lets somebody go; what no law asks does, what nobody can tell does not."""
    return outcome in (None, Outcome.MET, Outcome.NOT_APPLICABLE)


def _judged_against(person: Person, verdicts: Sequence[JudgedMove]) -> Stopped | None:
    for verdict in verdicts:
        if not passes(verdict.in_plan.outcome):
            why = _("Chưa trong quy hoạch, nên không luân chuyển được.")
            return Stopped(person, why, verdict.in_plan.message)
    if any(passes(verdict.service.outcome) for verdict in verdicts):
        return None
    finding = verdicts[0].service
    if finding.outcome == Outcome.CANNOT_TELL:
        why = _("Chưa tính được thời gian công tác còn lại; cần bổ sung hồ sơ.")
    else:
        why = _("Không còn đủ thời gian công tác.")
    return Stopped(person, why, finding.message)


# ---- Posts -----------------------------------------------------------------------------------


def seats_on(on: dt.date) -> dict[Key, Seat]:
    """Leadership posts of all units on the day, with who is promised to come or to leave by then.

    Proposals count as coming, so that one seat is not proposed twice; as leaving only what is
    decided.
    """
    to_come = Rotation.objects.filter(
        status__in=(RotationStatus.PROPOSED, RotationStatus.APPROVED)
    ).order_by()
    coming = Counter(to_come.values_list("to_unit", "to_title"))
    leaving = Counter(
        to_come.filter(status=RotationStatus.APPROVED, start_on__lte=on)
        .exclude(kind=RotationKind.SECONDMENT)
        .values_list("from_unit", "from_title")
    )
    return {
        (row.unit_id, row.title_id): Seat(
            row.unit,
            row.title,
            row.number,
            row.holders,
            coming[row.unit_id, row.title_id],
            leaving[row.unit_id, row.title_id],
        )
        for row in posts_with_holders(Q(), on)
    }


def years_before(day: dt.date, years: int) -> dt.date:
    """The same day so many years before."""
    return after_months(day, -12 * years)
