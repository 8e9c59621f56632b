"""What has to hold before a rotation is approved (qd-65-2022), and whether it does."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from cadres.choices import Grade
from cadres.selectors.positions import numbers_on_days
from cadres.selectors.posts import holders_on_days, worst_grades_of_years
from compliance.choices import Outcome
from rotation.choices import CheckCode, RotationKind, RotationStatus
from rotation.models import EquivalentTitle, Rotation, RotationWaiver
from rotation.selectors.judging import JudgedMove, Move, judge_moves_of_days
from rotation.selectors.rotations import bound_of_people

#: Where the conditions stand that are no rule of the engine; both read (REGULATIONS section 4).
_ARTICLE_1 = ({"source": "qd-65-2022", "at": "Điều 1", "confidence": "read"},)
#: Somebody is still to come.
_TO_COME = (RotationStatus.PROPOSED, RotationStatus.APPROVED)


@dataclass(frozen=True)
class Check:
    """One condition. Only MET lets a rotation pass; what cannot be told does not."""

    code: CheckCode
    outcome: Outcome
    message: str
    citations: Sequence[Any] = field(default_factory=tuple)
    waiver: RotationWaiver | None = None

    @property
    def stands_in_the_way(self) -> bool:
        """Whether it does not hold and nobody waived it."""
        return self.outcome != Outcome.MET and self.waiver is None


@dataclass(frozen=True)
class Seats:
    """A post on a day: how many are prescribed (None: no such post), held, and promised."""

    prescribed: int | None
    held: int
    promised: int

    @property
    def free(self) -> int:
        """How many may still come; negative when there are too many already."""
        return (self.prescribed or 0) - self.held - self.promised


def checks_of(rotation: Rotation, day: dt.date) -> list[Check]:
    """Every condition of a rotation in the order of `CheckCode`; a fixed number of queries.

    Judged on its start, or on `day` where it has none yet. Being planned and the years left are
    asked of tours only, not of transfers and secondments; a free seat only before somebody went.
    """
    (found,) = checks_of_all([rotation], day)
    return found


def checks_of_all(
    rotations: Sequence[Rotation], day: dt.date, *, are_together: bool = False
) -> list[list[Check]]:
    """The same of many, in their order, each on its start: as many queries however many there are.

    Waivers are read unless they are. `are_together`: as if all of them were approved.
    """
    promised = rotations if are_together else ()
    prefetch_related_objects(rotations, "waivers")
    days = [rotation.start_on or day for rotation in rotations]
    judged = judge_moves_of_days(
        [
            (Move(each.cadre_id, each.to_unit_id, each.to_title_id), on)
            for each, on in zip(rotations, days, strict=True)
        ]
    )
    equivalent = _equivalent(rotations, days, Equivalence())
    seats = _seats(rotations, days, promised)
    return [
        list(_checks(rotation, moved, equivalent.get(place), seats.get(place)))
        for place, (rotation, moved) in enumerate(zip(rotations, judged, strict=True))
    ]


def _checks(
    rotation: Rotation,
    judged: JudgedMove,
    equivalent: tuple[Outcome, str] | None,
    seats: Seats | None,
) -> Iterator[Check]:
    """Each condition that is asked of the rotation; `seats`: None where none is wanted any more."""
    waivers = {each.check_code: each for each in rotation.waivers.all()}
    found: list[tuple[CheckCode, Outcome, str, Sequence[Any]]] = []
    if equivalent is not None:
        found += [
            (code, finding.outcome, finding.message, finding.citations)
            for code, finding in (
                (CheckCode.IN_PLAN, judged.in_plan),
                (CheckCode.SERVICE, judged.service),
            )
            if finding.outcome != Outcome.NOT_APPLICABLE
        ]
        found.append((CheckCode.EQUIVALENT, *equivalent, _ARTICLE_1))
    if judged.non_local is not None:
        local = judged.non_local
        found.append((CheckCode.NON_LOCAL, local.outcome, local.message, local.citations))
    if seats is not None:
        found.append((CheckCode.SEAT, *_seat(seats), _ARTICLE_1))
    return (Check(*each, waiver=waivers.get(each[0])) for each in found)


def obstacles_to_approve(rotations: Sequence[Rotation], day: dt.date) -> dict[int, list[str]]:
    """Why rotations cannot be approved together, by id; empty where nothing stands in the way."""
    found: dict[int, list[str]] = {each.pk: [] for each in rotations}
    people = Counter(each.cadre_id for each in rotations)
    bound = {each.cadre_id: each for each in bound_of_people(people)}
    for rotation in rotations:
        reasons = found[rotation.pk]
        if rotation.start_on is None:
            reasons.append(_("Chưa có ngày bắt đầu. Hãy trả lại để bổ sung."))
        other = bound.get(rotation.cadre_id)
        if other is not None:
            text = _(
                "Người này đang có quyết định luân chuyển, điều động khác (đến %(unit)s); cần kết "
                "thúc hoặc hủy quyết định ấy trước."
            )
            reasons.append(text % {"unit": other.to_unit})
        if people[rotation.cadre_id] > 1:
            reasons.append(_("Người này có hai hồ sơ cùng được chọn. Hãy bỏ bớt một hồ sơ."))
    for rotation, checks in zip(
        rotations, checks_of_all(rotations, day, are_together=True), strict=True
    ):
        found[rotation.pk] += [
            _("%(check)s: %(message)s Cần văn bản cho phép, hoặc trả lại.")
            % {"check": each.code.label, "message": each.message}
            for each in checks
            if each.stands_in_the_way
        ]
    return found


# ---- Equivalent titles -----------------------------------------------------------------------


class Equivalence:
    """Which titles are equivalent: of one rank, or in one group of the province; one query."""

    @cached_property
    def _groups(self) -> dict[int, str]:
        return dict(EquivalentTitle.objects.values_list("title_id", "group"))

    def compare(self, start: Any, end: Any) -> int:
        """0 where two titles are equivalent; 1: `end` is higher, -1: lower."""
        first, second = self._groups.get(start.pk), self._groups.get(end.pk)
        return step_between(start.rank, end.rank, first is not None and first == second)


def step_between(start: int, end: int, are_grouped: bool) -> int:
    """As `Equivalence.compare`, of two ranks; `are_grouped`: the titles are in one group."""
    if start == end or are_grouped:
        return 0
    return 1 if end > start else -1


def _equivalent(
    rotations: Sequence[Rotation], days: Sequence[dt.date], equivalence: Equivalence
) -> dict[int, tuple[Outcome, str]]:
    """What is said of the titles of each tour, by its place; nothing of other moves."""
    steps = {
        place: equivalence.compare(each.from_title, each.to_title)
        for place, each in enumerate(rotations)
        if each.kind == RotationKind.ROTATION
    }
    # A higher title asks for the grade of the year before.
    asked = {
        place: (rotations[place].cadre_id, days[place].year - 1)
        for place, step in steps.items()
        if step > 0
    }
    grades = worst_grades_of_years(asked.values()) if asked else {}
    return {
        place: equivalent_verdict(
            step,
            rotations[place].from_title,
            rotations[place].to_title,
            grades.get(asked[place]) if place in asked else None,
            days[place].year - 1,
        )
        for place, step in steps.items()
    }


def equivalent_verdict(
    step: int, start: Any, end: Any, grade: int | None, year: int
) -> tuple[Outcome, str]:
    """Whether somebody may go from one title to another (65-QĐ/TW, Điều 1), in words.

    `step`: as `Equivalence.compare` says; `grade` of the year is asked where the title is higher.
    """
    words = {"from": start.name, "to": end.name, "year": str(year)}
    if step == 0:
        return Outcome.MET, _("%(to)s tương đương %(from)s.") % words
    if step < 0:
        text = _(
            "%(to)s thấp hơn %(from)s; cần bố trí chức vụ tương đương, hoặc khai báo hai chức danh "
            "cùng nhóm tương đương."
        )
        return Outcome.NOT_MET, text % words
    if grade == Grade.HTXSNV:
        text = _("%(to)s cao hơn %(from)s; năm %(year)s hoàn thành xuất sắc nhiệm vụ.")
        return Outcome.MET, text % words
    if grade is None:
        text = _(
            "%(to)s cao hơn %(from)s, chỉ dành cho người đặc biệt xuất sắc; chưa có xếp loại năm "
            "%(year)s."
        )
        return Outcome.CANNOT_TELL, text % words
    text = _(
        "%(to)s cao hơn %(from)s, chỉ dành cho người đặc biệt xuất sắc; năm %(year)s xếp loại "
        "“%(grade)s”."
    )
    return Outcome.NOT_MET, text % (words | {"grade": str(Grade(grade).label).lower()})


# ---- Seats -----------------------------------------------------------------------------------


def seats_of(unit_id: int, title_id: int, on: dt.date) -> Seats:
    """A post on the day, with approved rotations that come to it or leave it by then."""
    return _Posts({unit_id}, {on}).seats(unit_id, title_id, on)


def _seats(
    rotations: Sequence[Rotation], days: Sequence[dt.date], promised: Sequence[Rotation]
) -> dict[int, Seats]:
    """The posts that rotations are still to take, by place; none counts itself. Three queries."""
    to_come = {
        place: each
        for place, each in enumerate(rotations)
        if each.begun is None and each.status in _TO_COME
    }
    if not to_come:
        return {}
    units = {each.to_unit_id for each in to_come.values()}
    posts = _Posts(units, {days[place] for place in to_come}, promised)
    return {
        place: posts.seats(each.to_unit_id, each.to_title_id, days[place], besides=each.pk)
        for place, each in to_come.items()
    }


class _Posts:
    """Posts (unit id, title id) of units on some days: prescribed, held, promised to or left.

    Promised or left by others: by what is approved, and by what is `promised` as well.
    """

    def __init__(
        self,
        units: Collection[int],
        days: Collection[dt.date],
        promised: Sequence[Rotation] = (),
    ) -> None:
        self._prescribed = numbers_on_days(units, days)
        self._held = holders_on_days(units, days)
        coming = Rotation.objects.filter(status=RotationStatus.APPROVED, start_on__isnull=False)
        approved = coming.filter(Q(to_unit__in=units) | Q(from_unit__in=units))
        others = {each.pk: each for each in (*approved, *promised)}.values()
        self._arrive: defaultdict[tuple[int, int], list[Rotation]] = defaultdict(list)
        self._leave: defaultdict[tuple[int, int], list[Rotation]] = defaultdict(list)
        for each in others:
            self._arrive[each.to_unit_id, each.to_title_id].append(each)
            if each.kind != RotationKind.SECONDMENT and each.start_on is not None:
                self._leave[each.from_unit_id, each.from_title_id].append(each)

    def seats(
        self, unit_id: int, title_id: int, on: dt.date, *, besides: int | None = None
    ) -> Seats:
        """One of the posts; `besides`: a rotation that does not count itself."""
        post, place = (unit_id, title_id), (on, unit_id, title_id)
        arrive = sum(each.pk != besides for each in self._arrive[post])
        leave = sum(
            each.pk != besides and each.start_on is not None and each.start_on <= on
            for each in self._leave[post]
        )
        return Seats(self._prescribed.get(place), self._held[place], arrive - leave)


def _seat(seats: Seats) -> tuple[Outcome, str]:
    if seats.prescribed is None:
        return Outcome.CANNOT_TELL, _(
            "Nơi đến chưa khai báo số lượng quy định của chức danh này; hãy khai báo vị trí."
        )
    words = {"n": seats.prescribed, "held": seats.held, "coming": max(seats.promised, 0)}
    text = (
        _("Nơi đến quy định %(n)s, đang có %(held)s, đã duyệt sắp đến %(coming)s.")
        if seats.promised > 0
        else _("Nơi đến quy định %(n)s, đang có %(held)s.")
    ) % words
    if seats.free > 0:
        return Outcome.MET, text
    full = _("Đã đủ; cần bố trí nơi khác, hoặc quyết định cùng lúc với người rời chức vụ này.")
    return Outcome.NOT_MET, f"{text} {full}"
