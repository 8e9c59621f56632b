"""Who holds a post on a day, and grades, for rooms that ask of many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Min

from cadres.models import Appointment, Evaluation
from cadres.periods import active_on


def holders_on(unit_id: int, title_id: int, day: dt.date, *, besides: Iterable[int] = ()) -> int:
    """How many hold the title in the unit on the day; `besides`: appointments not counted."""
    rows = Appointment.objects.filter(active_on(day), unit_id=unit_id, title_id=title_id)
    return rows.exclude(pk__in=list(besides)).count()


def worst_grades(cadre_ids: Iterable[int], year: int) -> dict[int, int]:
    """The worst grade of each person in a year (CONTRACT reading 7); who has none lacks."""
    rows = Evaluation.objects.filter(cadre__in=list(cadre_ids), year=year)
    return dict(rows.values("cadre").annotate(worst=Min("grade")).values_list("cadre", "worst"))
