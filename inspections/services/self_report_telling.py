"""Who is told of self-reports: what is due, what came in, what was sent back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers
from cadres.services.notices import Telling, notify
from inspections.choices import TeamRole
from inspections.models import InspectedUnit, SelfReport
from inspections.selectors.self_reports import reports_due

#: Days before the deadline on which a unit is reminded; the office's own choice.
BEFORE_DAYS = 3


def tell_submitted(inspected: InspectedUnit) -> None:
    """Lead, deputies, secretary, and the members who look at the unit, have a report to read."""
    team = inspected.inspection.team.filter(
        ~Q(role=TeamRole.MEMBER) | Q(units=None) | Q(units=inspected)
    )
    told = frozenset(team.values_list("user_id", flat=True))
    words = {"unit": inspected.unit.name, "name": inspected.inspection.name}
    text = _("%(unit)s đã nộp báo cáo tự kiểm tra: “%(name)s”.") % words
    url = reverse("inspections:inspection-report", args=[inspected.pk])
    notify([Telling(told, f"self-report-sent:{inspected.pk}:{_moment()}", text, url)])


def tell_returned(inspected: InspectedUnit, report: SelfReport, number: int) -> None:
    """Officers of the unit, and who submitted, learn what is to be amended."""
    told = Officers(*EDITING_ROLES).nearest(inspected.unit.path)
    if report.submitted_by_id:
        told |= {report.submitted_by_id}
    words = {"n": number, "name": inspected.inspection.name, "reason": report.return_reason[:200]}
    text = (
        _("Cần bổ sung báo cáo tự kiểm tra “%(name)s”: %(reason)s")
        if report.return_reason
        else _("Cần bổ sung %(n)s mục của báo cáo tự kiểm tra: “%(name)s”.")
    )
    key = f"self-report-returned:{inspected.pk}:{_moment()}"
    notify([Telling(told, key, text % words, _own_url(inspected))])


def tell_owing(units: Iterable[InspectedUnit], occasion: str) -> None:
    """Officers of units that have not submitted are reminded, once for an occasion."""
    officers = Officers(*EDITING_ROLES)
    today = clock.today()
    tellings = []
    for each in units:
        due = each.report_due_on
        words = {"name": each.inspection.name, "day": formats.date(due) if due else _("chưa định")}
        text = (
            _("Quá hạn nộp báo cáo tự kiểm tra (hạn %(day)s): “%(name)s”.")
            if due and due < today
            else _("Cần nộp báo cáo tự kiểm tra, hạn %(day)s: “%(name)s”.")
        )
        key = f"self-report-{occasion}:{each.pk}"
        told = officers.nearest(each.unit.path)
        tellings.append(Telling(told, key, text % words, _own_url(each)))
    notify(tellings)


def remind_reports(*, today: dt.date) -> int:
    """Remind of reports that fall due and of those overdue; once each. Safe to run again.

    Returns how many units owe one.
    """
    owing = list(reports_due(today + dt.timedelta(days=BEFORE_DAYS)))
    late = [each for each in owing if each.report_due_on and each.report_due_on < today]
    tell_owing(late, "late")
    tell_owing([each for each in owing if each not in late], "due")
    return len(owing)


def _own_url(inspected: InspectedUnit) -> str:
    return reverse("inspections:self-report", args=[inspected.pk])


def _moment() -> str:
    """What people do may happen again; what the clock tells happens once."""
    return f"{clock.now():%Y%m%d%H%M%S%f}"
