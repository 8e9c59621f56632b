"""Tours for a time line: which ones, in which order, and how many stand how."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from cadres.policies import Actor, below
from rotation.models import Rotation
from rotation.policies import rotation_scope
from rotation.selectors.flows import took_place, under_way
from rotation.selectors.need import SOON_MONTHS
from rotation.selectors.people import after_months
from rotation.selectors.tour_ends import TOURS
from rotation.selectors.turns import Turn, turns_among


class Along(TextChoices):
    """What the lines of the drawing stand under."""

    PERSON = "", _("Theo người")
    RECEIVING = "noi-den", _("Theo nơi đến")
    SENDING = "noi-di", _("Theo nơi đi")


class TourState(TextChoices):
    """Whether a tour still runs on the day of view."""

    RUNNING = "dang", _("Đang thực hiện")
    ENDED = "xong", _("Đã kết thúc")


@dataclass(frozen=True, kw_only=True)
class TimelineFilter:
    """What the time line is narrowed to; `path`: from or to units below it.

    `first`, `last`: years, tours that run in any part of these are shown.
    """

    path: str = ""
    state: str = ""
    first: int | None = None
    last: int | None = None
    along: Along = Along.PERSON


class TimelineSums(NamedTuple):
    """How many tours stand how; `ending`: within a year, not overdue. First and last day of all."""

    running: int
    late: int
    ending: int
    ended: int
    first_on: dt.date | None
    last_on: dt.date | None


class TimelineRows(Sequence[Turn]):
    """Tours that took place by the day, within the scope, a page at a time.

    Running ones first, the longest on their way first; then the ended ones, the last first.
    """

    def __init__(self, actor: Actor, day: dt.date, wanted: TimelineFilter) -> None:
        self._actor, self._day, self._wanted = actor, day, wanted

    @cached_property
    def sums(self) -> TimelineSums:
        """Sums over all of them; one query."""
        day, running = self._day, under_way(self._day)
        soon = after_months(day, SOON_MONTHS)
        ending = Q(planned_end_on__gte=day, planned_end_on__lte=soon)
        found = self._rows().aggregate(
            running=Count("pk", filter=running),
            late=Count("pk", filter=running & Q(planned_end_on__lt=day)),
            ending=Count("pk", filter=running & ending),
            all=Count("pk"),
            first=Min("start_on"),
            planned=Max("planned_end_on"),
            ended=Max("ended_on"),
        )
        last = max((found[name] for name in ("planned", "ended") if found[name]), default=None)
        return TimelineSums(
            found["running"],
            found["late"],
            found["ending"],
            found["all"] - found["running"],
            found["first"],
            last,
        )

    def count(self, value: Any = None) -> int:
        """How many there are."""
        return self.sums.running + self.sums.ended

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, place: Any) -> Any:
        ids = list(self._ordered()[place].values_list("pk", flat=True))
        turns = turns_among(self._actor, self._day, Q(pk__in=ids)) if ids else []
        return sorted(turns, key=lambda turn: ids.index(turn.rotation_id))

    def _rows(self) -> QuerySet[Rotation]:
        wanted, day = self._wanted, self._day
        where = rotation_scope(self._actor) & took_place(day) & Q(kind__in=TOURS)
        if wanted.path:
            where &= below(wanted.path, "from_unit__path") | below(wanted.path, "to_unit__path")
        if wanted.state in TourState.values:
            is_running = wanted.state == TourState.RUNNING
            where &= under_way(day) if is_running else ~under_way(day)
        if wanted.first:
            where &= Q(ended_on=None) | Q(ended_on__gte=dt.date(wanted.first, 1, 1))
        if wanted.last:
            where &= Q(start_on__lte=dt.date(wanted.last, 12, 31))
        return Rotation.objects.filter(where)

    def _ordered(self) -> QuerySet[Any]:
        groups = {
            Along.RECEIVING: ("to_unit__path",),
            Along.SENDING: ("from_unit__path",),
            Along.PERSON: (),
        }
        running = under_way(self._day)
        rows = self._rows().annotate(
            phase=Case(When(running, then=Value(0)), default=Value(1)),
            left_on=Case(When(running, then=None), default=F("ended_on")),
        )
        return rows.order_by(
            *groups[self._wanted.along],
            "phase",
            F("left_on").desc(nulls_last=True),
            "start_on",
            "pk",
        )
