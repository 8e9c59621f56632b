"""One need of rotation: who should move, why, and what answers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.choices import Outcome
from rotation.choices import NeedKind, NeedReason
from rotation.selectors.answers import Answer

#: So many months ahead heads are named before their terms are full, and tours before they end.
SOON_MONTHS = 12

KINDS: Mapping[NeedReason, NeedKind] = {
    NeedReason.LOCAL: NeedKind.NON_LOCAL,
    NeedReason.LOCAL_UNKNOWN: NeedKind.NON_LOCAL,
    NeedReason.TERMS_OVER: NeedKind.HEAD_TERMS,
    NeedReason.TERMS_SOON: NeedKind.HEAD_TERMS,
    NeedReason.TOUR_LATE: NeedKind.TOUR_END,
    NeedReason.TOUR_ENDING: NeedKind.TOUR_END,
    NeedReason.TOUR_REACHED: NeedKind.TOUR_END,
    NeedReason.BASE: NeedKind.EXPERIENCE,
    NeedReason.PROVINCE: NeedKind.EXPERIENCE,
    NeedReason.ELSEWHERE: NeedKind.EXPERIENCE,
    NeedReason.CAREER_UNKNOWN: NeedKind.EXPERIENCE,
}
#: Something has to happen within the time looked ahead.
DUE = frozenset(
    {
        NeedReason.LOCAL,
        NeedReason.TERMS_OVER,
        NeedReason.TERMS_SOON,
        NeedReason.TOUR_LATE,
        NeedReason.TOUR_ENDING,
    }
)


#: What nominees lack; found for many people at a time.
GAPS = frozenset(reason for reason, kind in KINDS.items() if kind == NeedKind.EXPERIENCE)


@dataclass(frozen=True, kw_only=True)
class Need:
    """Why somebody should move. `outcome` None: nothing is broken yet.

    `months`: held in the post or served on the tour; `limit`: how many there may or have to be;
    `due_on`: when a tour is to end. `rotation_id`: the tour itself. `planned_for`: title and unit
    of the plan. `waiver`: the paper by which the rule is not held against the unit, if any.
    `is_open`: whether the actor may open the file; None: to be asked. `term`, `unit_path`: of
    nominees, the term that they are planned for and where they serve, by which they stand
    together; `unit_code`: of that unit.
    """

    reason: NeedReason
    outcome: Outcome | None
    code: str
    name: str
    title: str
    unit: str
    months: int | None
    limit: int | None = None
    due_on: dt.date | None = None
    rotation_id: int | None = None
    planned_for: tuple[str, str] | None = None
    message: str = ""
    citations: Sequence[Mapping[str, Any]] = ()
    answer: Answer | None = None
    waiver: str = ""
    is_open: bool | None = None
    term: str = ""
    unit_path: str = ""
    unit_code: str = ""

    @property
    def kind(self) -> NeedKind:
        """The group of reasons, as proposals name it."""
        return KINDS[self.reason]
