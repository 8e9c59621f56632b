"""Who is told of what happens to dossiers, and reminders of what falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.choices import Role
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers
from cadres.services.notices import Telling, notify
from planning.choices import PlanStatus
from planning.models import Dossier
from planning.selectors import cycles as cycle_reads
from planning.selectors.dossiers import process_setting
from planning.selectors.waiting import cycles_to_remind

#: Days before the deadline of a decision on which approvers are reminded.
_BEFORE_DECISION = 7
_THEIRS = (cycle_reads.NOT_BEGUN, PlanStatus.DRAFT, PlanStatus.RETURNED)


def tell_submitted(dossier: Dossier) -> None:
    """Approvers of the unit have something to decide."""
    text = _("%(unit)s đã trình hồ sơ “%(cycle)s”, chờ phê duyệt.")
    told = Officers(Role.APPROVER).above(dossier.plan.unit.path) - {dossier.submitted_by_id}
    notify([_about(dossier, "submitted", frozenset(told), text)])


def tell_decided(dossier: Dossier) -> None:
    """Who prepared the dossier learns what was decided."""
    if dossier.status == PlanStatus.APPROVED:
        text = _("Hồ sơ “%(cycle)s” của %(unit)s đã được phê duyệt.")
    else:
        text = _("Hồ sơ “%(cycle)s” của %(unit)s bị trả lại; lý do ghi trong hồ sơ.")
    authors = {pk for pk in (dossier.opened_by_id, dossier.submitted_by_id) if pk}
    told = Officers(*EDITING_ROLES).nearest(dossier.plan.unit.path) | authors
    notify([_about(dossier, str(dossier.status), frozenset(told), text)])


def _about(dossier: Dossier, occasion: str, told: frozenset[int], text: str) -> Telling:
    return Telling(
        user_ids=told,
        # A dossier may be submitted and given back more than once.
        key=f"dossier-{occasion}:{dossier.pk}:{clock.now():%Y%m%d%H%M%S%f}",
        text=text % {"unit": dossier.plan.unit, "cycle": dossier.cycle},
        url=_url(dossier),
    )


def _url(dossier: Dossier) -> str:
    return reverse("planning:plan-detail", args=[dossier.plan_id]) + "?phan=ho-so"


def remind(*, today: dt.date) -> int:
    """Remind units of cycles that fall due, and approvers of decisions; once for each occasion.

    Returns how many occasions there were. Safe to run again.
    """
    tellings = [*_to_units(today), *_to_approvers(today)]
    notify(tellings)
    return len(tellings)


def _to_units(today: dt.date) -> Iterator[Telling]:
    officers = Officers(*EDITING_ROLES)
    for cycle in cycles_to_remind(today, process_setting().reminder_days):
        is_late = cycle.due_on < today
        words = (
            _("%(unit)s quá hạn trình hồ sơ “%(cycle)s” (hạn %(day)s).")
            if is_late
            else _("%(unit)s cần trình hồ sơ “%(cycle)s”, hạn %(day)s.")
        )
        for asked in cycle_reads.Board(None, cycle, today).units:
            if asked.status in _THEIRS:
                day = formats.date(cycle.due_on)
                yield Telling(
                    user_ids=officers.nearest(asked.path),
                    key=f"cycle-{'late' if is_late else 'due'}:{cycle.pk}:{asked.unit_id}",
                    text=words % {"unit": asked.name, "cycle": cycle, "day": day},
                    url=reverse("planning:cycle-detail", args=[cycle.pk]),
                )


def _to_approvers(today: dt.date) -> Iterator[Telling]:
    waiting = list(
        Dossier.objects.filter(status=PlanStatus.SUBMITTED).select_related("plan__unit", "cycle")
    )
    until = cycle_reads.deadlines(waiting, cycle_reads.holidays())
    approvers = Officers(Role.APPROVER)
    text = _("Hồ sơ “%(cycle)s” của %(unit)s cần được quyết định, hạn %(day)s.")
    for dossier in waiting:
        day = until.get(dossier.pk)
        if day is not None and day <= today + dt.timedelta(days=_BEFORE_DECISION):
            words = {"cycle": dossier.cycle, "unit": dossier.plan.unit, "day": formats.date(day)}
            told = approvers.above(dossier.plan.unit.path) - {dossier.submitted_by_id}
            yield Telling(
                user_ids=frozenset(told),
                key=f"decision-due:{dossier.pk}:{dossier.submitted_on:%Y%m%d}",
                text=text % words,
                url=_url(dossier),
            )
