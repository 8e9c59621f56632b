"""Who is told of what happens to recommendations, and reminders before and after their deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers
from cadres.services.notices import Telling, notify
from inspections.choices import RemedyActKind, RemedyState
from inspections.models import Recommendation, RemedyAct
from inspections.policies import OFFICES
from inspections.selectors.followup import remedies_due

#: Days before the deadline on which the unit is reminded; the office's own choice.
BEFORE_DAYS = 15


def tell_remedy_reported(recommendation: Recommendation) -> None:
    """Officers of the inspecting side have a report to look at."""
    text = _("%(unit)s đã báo cáo thực hiện kiến nghị, chờ xem xét: %(text)s")
    told = Officers(*OFFICES).nearest(recommendation.finding.inspection.unit.path)
    notify([_about(recommendation, f"reported:{_moment()}", told, text)])


def tell_remedy_decided(recommendation: Recommendation, act: RemedyAct) -> None:
    """Officers of the unit, and who reported, learn what was decided."""
    words = {
        RemedyActKind.ASKED_MORE: _("Cần bổ sung báo cáo thực hiện kiến nghị: %(text)s"),
        RemedyActKind.CLOSED: _("Kiến nghị đã được kết thúc theo dõi: %(text)s"),
        RemedyActKind.REOPENED: _("Kiến nghị được mở lại để theo dõi: %(text)s"),
    }
    told = Officers(*EDITING_ROLES).nearest(recommendation.unit.path)
    authors = recommendation.reports.values_list("reported_by_id", flat=True)
    told = (told | frozenset(authors)) - {act.done_by_id}
    key = f"{act.kind}:{_moment()}"
    notify([_about(recommendation, key, told, words[RemedyActKind(act.kind)])])


def remind(*, today: dt.date) -> int:
    """Remind of recommendations that fall due and of those overdue; once for each occasion.

    Returns how many occasions there were. Safe to run again.
    """
    tellings = list(_reminders(today))
    notify(tellings)
    return len(tellings)


def _reminders(today: dt.date) -> Iterator[Telling]:
    """Units of what they have not reported; the office of everything that is overdue."""
    units, offices = Officers(*EDITING_ROLES), Officers(*OFFICES)
    for row in remedies_due(today + dt.timedelta(days=BEFORE_DAYS)):
        occasion = f"{'late' if row.due_on < today else 'due'}-{row.due_on:%Y%m%d}"
        if row.state == RemedyState.OPEN:
            text = (
                _("%(unit)s quá hạn thực hiện kiến nghị (hạn %(day)s): %(text)s")
                if row.due_on < today
                else _("%(unit)s cần thực hiện và báo cáo kiến nghị, hạn %(day)s: %(text)s")
            )
            yield _about(row, occasion, units.nearest(row.unit.path), text)
        if row.due_on < today:
            text = (
                _("%(unit)s đã báo cáo kiến nghị (hạn %(day)s) nhưng chưa được xem xét: %(text)s")
                if row.state == RemedyState.REPORTED
                else _("%(unit)s quá hạn thực hiện kiến nghị (hạn %(day)s): %(text)s")
            )
            told = offices.nearest(row.finding.inspection.unit.path)
            yield _about(row, occasion, told, text)


def _moment() -> str:
    """What people do may happen again to one recommendation; what the clock tells happens once."""
    return f"{clock.now():%Y%m%d%H%M%S%f}"


def _about(
    recommendation: Recommendation, occasion: str, told: frozenset[int], text: str
) -> Telling:
    words = {
        "unit": recommendation.unit.name,
        "text": recommendation.finding.text,
        "day": formats.date(recommendation.due_on),
    }
    return Telling(
        user_ids=frozenset(pk for pk in told if pk),
        key=f"remedy-{occasion}:{recommendation.pk}",
        text=text % words,
        url=reverse("inspections:recommendation-detail", args=[recommendation.pk]),
    )
