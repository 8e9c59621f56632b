"""Tours that run on a day and come to their end: overdue, ending, long enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from cadres.policies import Actor, below
from compliance.choices import Outcome
from compliance.selectors.figures import figures_of_units
from compliance.selectors.retirement import whole_months
from rotation.choices import NeedReason, RotationKind
from rotation.models import Rotation
from rotation.selectors.flows import under_way
from rotation.selectors.need import SOON_MONTHS, Need
from rotation.selectors.people import DURATION, after_months
from rotation.selectors.rotations import rotations_visible

#: Moves that one comes back from.
TOURS = (RotationKind.ROTATION, RotationKind.SECONDMENT)


def running(day: dt.date) -> Q:
    """Condition on rotations "a tour that runs on the day"."""
    return Q(kind__in=TOURS) & under_way(day)


def running_tours(actor: Actor, day: dt.date, path: str = "") -> QuerySet[Rotation]:
    """Tours that run on the day; `path`: from or to units below it."""
    rows = rotations_visible(actor).filter(running(day))
    if path:
        rows = rows.filter(below(path, "from_unit__path") | below(path, "to_unit__path"))
    return rows.order_by("start_on", "pk")


def tour_needs(actor: Actor, day: dt.date, path: str = "", within: int = SOON_MONTHS) -> list[Need]:
    """Tours that are overdue, end within so many months or lasted long enough; two queries."""
    tours = list(running_tours(actor, day, path))
    figures = figures_of_units({tour.to_unit for tour in tours}, DURATION, day)
    return list(_needs(tours, figures, day, after_months(day, within)))


def _needs(
    tours: list[Rotation], figures: dict[int, Any], day: dt.date, until: dt.date
) -> Iterator[Need]:
    for tour in tours:
        assert tour.start_on is not None  # noqa: S101 - the condition asks for it
        is_rotation = tour.kind == RotationKind.ROTATION
        minimum, cited = figures[tour.to_unit_id]["duration_months"] if is_rotation else (None, [])
        months, end = whole_months(tour.start_on, day), tour.planned_end_on
        if end is not None and end < day:
            reason = NeedReason.TOUR_LATE
        elif end is not None and end <= until:
            reason = NeedReason.TOUR_ENDING
        elif minimum is not None and months >= minimum:
            reason = NeedReason.TOUR_REACHED
        else:
            continue
        yield Need(
            reason=reason,
            outcome=Outcome.NOT_MET if reason == NeedReason.TOUR_LATE else None,
            code=tour.cadre.code,
            name=tour.cadre.full_name,
            title=tour.to_title.name,
            unit=tour.to_unit.name,
            months=months,
            limit=minimum,
            due_on=end,
            rotation_id=tour.pk,
            citations=cited,
        )
