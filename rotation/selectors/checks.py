"""What has to hold before a rotation is approved (qd-65-2022), and whether it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cadres.choices import Grade
from cadres.selectors.positions import positions_on
from cadres.selectors.posts import holders_on, worst_grades
from compliance.choices import Outcome
from rotation.choices import CheckCode, RotationKind, RotationStatus
from rotation.models import EquivalentTitle, Rotation, RotationWaiver
from rotation.selectors.judging import Move, judge_moves

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
    on = rotation.start_on or day
    judged = judge_moves([Move(rotation.cadre_id, rotation.to_unit_id, rotation.to_title_id)], on)
    waivers = {each.check_code: each for each in rotation.waivers.all()}
    found: list[Check] = []

    def add(code: CheckCode, outcome: Outcome, message: str, citations: Sequence[Any]) -> None:
        found.append(Check(code, outcome, message, citations, waivers.get(code)))

    if rotation.kind == RotationKind.ROTATION:
        for code, finding in (
            (CheckCode.IN_PLAN, judged[0].in_plan),
            (CheckCode.SERVICE, judged[0].service),
        ):
            if finding.outcome != Outcome.NOT_APPLICABLE:
                add(code, finding.outcome, finding.message, finding.citations)
        add(CheckCode.EQUIVALENT, *_equivalent(rotation, on), _ARTICLE_1)
    if judged[0].non_local is not None:
        finding = judged[0].non_local
        add(CheckCode.NON_LOCAL, finding.outcome, finding.message, finding.citations)
    if rotation.begun is None and rotation.status in _TO_COME:
        seats = seats_of(rotation.to_unit_id, rotation.to_title_id, on, besides=rotation.pk)
        add(CheckCode.SEAT, *_seat(seats), _ARTICLE_1)
    return found


# ---- Equivalent titles -----------------------------------------------------------------------


class Equivalence:
    """Which titles are equivalent: of one rank, or in one group of the province; one query."""

    def __init__(self) -> None:
        self._groups = dict(EquivalentTitle.objects.values_list("title_id", "group"))

    def compare(self, start: Any, end: Any) -> int:
        """0 where two titles are equivalent; 1: `end` is higher, -1: lower."""
        first, second = self._groups.get(start.pk), self._groups.get(end.pk)
        if start.rank == end.rank or (first is not None and first == second):
            return 0
        return 1 if end.rank > start.rank else -1


def _equivalent(rotation: Rotation, on: dt.date) -> tuple[Outcome, str]:
    step = Equivalence().compare(rotation.from_title, rotation.to_title)
    words = {"from": rotation.from_title.name, "to": rotation.to_title.name}
    if step == 0:
        return Outcome.MET, _("%(to)s tương đương %(from)s.") % words
    if step < 0:
        text = _(
            "%(to)s thấp hơn %(from)s; cần bố trí chức vụ tương đương, hoặc khai báo hai chức danh "
            "cùng nhóm tương đương."
        )
        return Outcome.NOT_MET, text % words
    grade = worst_grades([rotation.cadre_id], on.year - 1).get(rotation.cadre_id)
    words["year"] = str(on.year - 1)
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


def seats_of(unit_id: int, title_id: int, on: dt.date, *, besides: int | None = None) -> Seats:
    """A post on the day, with approved rotations that come to it or leave it by then.

    `besides`: a rotation that does not count itself.
    """
    number = positions_on(on).filter(unit_id=unit_id, title_id=title_id).first()
    coming = Rotation.objects.filter(status=RotationStatus.APPROVED)
    coming = coming.filter(start_on__isnull=False)
    if besides is not None:
        coming = coming.exclude(pk=besides)
    arrive = coming.filter(to_unit_id=unit_id, to_title_id=title_id).count()
    leave = coming.filter(from_unit_id=unit_id, from_title_id=title_id, start_on__lte=on).exclude(
        kind=RotationKind.SECONDMENT
    )
    return Seats(
        prescribed=number.number if number else None,
        held=holders_on(unit_id, title_id, on),
        promised=arrive - leave.count(),
    )


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
    return Outcome.NOT_MET, text + " " + _("Đã đủ; cần bố trí nơi khác hoặc chuyển người ra trước.")
