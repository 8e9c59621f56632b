"""Tours by the calendar: which end soon, which lack a report. Unscoped: for the nightly job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation, TourReport
from rotation.selectors.rotations import NAMED

#: Days before a tour ends on which its two units are reminded to arrange what follows.
END_DAYS = 90


def ending_within(today: dt.date, days: int) -> QuerySet[Rotation]:
    """Running tours whose planned end lies within so many days, or is past."""
    return (
        Rotation.objects.filter(
            status=RotationStatus.IN_PROGRESS,
            planned_end_on__lte=today + dt.timedelta(days=days),
        )
        .select_related(*NAMED)
        .order_by("planned_end_on", "pk")
    )


def reports_due(today: dt.date, where: Q | None = None) -> Iterator[tuple[Rotation, int]]:
    """Tours that ran through the end of last year and have no report for it, with the year.

    Asked in December for the year that ends, else for the year before. `where`: a condition on
    rotations, such as a scope.
    """
    year = today.year if today.month == 12 else today.year - 1
    written = TourReport.objects.filter(rotation=OuterRef("pk"), year=year)
    rows = Rotation.objects.filter(
        where or Q(),
        ~Exists(written),
        kind=RotationKind.ROTATION,
        status=RotationStatus.IN_PROGRESS,
        start_on__year__lte=year,
    )
    for rotation in rows.select_related(*NAMED).order_by("start_on", "pk"):
        yield rotation, year
