"""What waits for somebody while an inspection goes on: self-reports, minutes to be signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.policies import EDITING_ROLES, Actor, scope_paths
from cadres.todo import Todo
from inspections.choices import ReportState, TeamRole
from inspections.models import Inspection, TeamMember
from inspections.policies import inspected_scope, issuing_scope
from inspections.selectors.minutes import minutes_declined, minutes_to_sign
from inspections.selectors.self_reports import first_sent, units_owing


def course_todos(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Reports and signatures that the actor's units owe; what is late in the actor's inspections,
    minutes that came back unsigned. Four queries at most."""
    if actor.pk is None:
        return
    if scope_paths(actor, *EDITING_ROLES):
        yield from _of_the_unit(actor)
    yield from _of_the_team(actor, today)


def _of_the_unit(actor: Actor) -> Iterator[Todo]:
    """Of units that the actor answers for and does not inspect."""
    issuing = Inspection.objects.filter(issuing_scope(actor), pk=OuterRef("inspection"))
    owing = units_owing().filter(inspected_scope(actor), ~Exists(issuing))
    for each in owing.select_related("self_report"):
        report = getattr(each, "self_report", None)
        returned = report is not None and report.state == ReportState.RETURNED
        yield Todo(
            group=_("Báo cáo tự kiểm tra"),
            text=f"{each.unit.name}: {each.inspection.name}",
            under=_("đoàn kiểm tra yêu cầu bổ sung") if returned else "",
            url=reverse("inspections:self-report", args=[each.pk]),
            due_on=each.report_due_on,
        )
    for minutes in minutes_to_sign(actor).filter(~Exists(issuing)):
        yield Todo(
            group=_("Biên bản chờ ký"),
            text=f"{minutes.inspected_unit}: {minutes.get_kind_display()}"
            f" {formats.date(minutes.held_on)}",
            under=minutes.inspection.name,
            url=reverse("inspections:side-minutes", args=[minutes.inspected_unit_id, minutes.pk]),
        )


def _of_the_team(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """For lead, deputies and secretary: units that are late, a line for each inspection."""
    mine = TeamMember.objects.filter(
        inspection=OuterRef("inspection"),
        user=actor.pk,
        role__in=(TeamRole.LEAD, TeamRole.DEPUTY, TeamRole.SECRETARY),
    )
    late = (
        units_owing()
        .annotate(first_sent_on=first_sent())
        .filter(Exists(mine), report_due_on__lt=today, first_sent_on=None)
        .order_by("inspection")
        .values("inspection", "inspection__name")
        .annotate(number=Count("pk"), first=Min("report_due_on"))
    )
    for row in late:
        text = ngettext(
            "%(n)s đơn vị quá hạn nộp báo cáo tự kiểm tra",
            "%(n)s đơn vị quá hạn nộp báo cáo tự kiểm tra",
            row["number"],
        )
        yield Todo(
            group=_("Đơn vị chưa nộp báo cáo tự kiểm tra"),
            text=text % {"n": formats.number(row["number"])},
            under=row["inspection__name"],
            url=reverse("inspections:inspection-reports", args=[row["inspection"]]),
            due_on=row["first"],
            count=row["number"],
        )
    for minutes in minutes_declined(actor).filter(Q(written_by=actor.pk) | Exists(mine)):
        yield Todo(
            group=_("Biên bản đơn vị chưa ký"),
            text=f"{minutes.inspected_unit}: {minutes.declined_for}",
            under=minutes.inspection.name,
            url=reverse("inspections:minutes-detail", args=[minutes.inspection_id, minutes.pk]),
        )
