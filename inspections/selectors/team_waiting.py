"""What waits for the team and for who concludes: findings, objections, report, conclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.choices import Role
from cadres.policies import Actor, scope_paths, unit_scope
from cadres.todo import Todo
from inspections.choices import FindingState, Stage, TeamRole
from inspections.models import Finding, Inspection, Objection, TeamMember, TeamReport
from inspections.policies import OBJECTING, reading_scope
from inspections.selectors.team_report import next_signature


def team_todos(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Everything of it: a query for who is in no team and concludes nothing, five at most."""
    if actor.pk is None:
        return
    places = TeamMember.objects.filter(user=actor.pk, inspection__stage__in=OBJECTING)
    roles = dict(places.values_list("inspection", "role"))
    if roles:
        yield from _findings(roles)
        yield from _objections(actor, roles)
        yield from _signatures(roles)
    yield from _conclusions(actor)


def _findings(roles: Mapping[int, str]) -> Iterator[Todo]:
    """For lead and deputies: what is drafted or edited and not approved."""
    led = [pk for pk, role in roles.items() if role in (TeamRole.LEAD, TeamRole.DEPUTY)]
    yield from _counted(
        Finding.objects.filter(
            inspection__in=led, state__in=(FindingState.DRAFTED, FindingState.EDITED)
        ),
        "inspection",
        _("Nhận định chờ duyệt"),
        lambda n: ngettext("%(n)s nhận định chờ duyệt", "%(n)s nhận định chờ duyệt", n),
    )


def _objections(actor: Actor, roles: Mapping[int, str]) -> Iterator[Todo]:
    """For the team: what units said of findings that the actor reads, not answered yet."""
    seen = Finding.objects.filter(reading_scope(actor), inspection__in=roles)
    rows = Objection.objects.filter(answered_on=None, finding__in=seen.values("pk"))
    yield from _counted(
        rows,
        "finding__inspection",
        _("Ý kiến của đơn vị chờ trả lời"),
        lambda n: ngettext("%(n)s ý kiến chờ trả lời", "%(n)s ý kiến chờ trả lời", n),
    )


def _counted(
    rows: QuerySet[Any], name: str, group: str, words: Callable[[int], str]
) -> Iterator[Todo]:
    """A line for each inspection with how many rows there are; `name`: the way to it."""
    columns = (f"{name}__name", f"{name}__ends_on", f"{name}__extended_to")
    for row in rows.order_by(name).values(name, *columns).annotate(number=Count("pk")):
        pk, title, ends_on, extended_to = (row[column] for column in (name, *columns))
        yield Todo(
            group=group,
            text=words(row["number"]) % {"n": formats.number(row["number"])},
            under=title,
            url=reverse("inspections:inspection-findings", args=[pk]),
            due_on=extended_to or ends_on,
            count=row["number"],
        )


def _signatures(roles: Mapping[int, str]) -> Iterator[Todo]:
    """The report of the team, where the next signature is the actor's."""
    reports = TeamReport.objects.filter(
        ~Q(strengths="") | ~Q(shortcomings=""),
        inspection__in=roles,
        inspection__stage=Stage.REPORTING,
    ).select_related("inspection")
    for report in reports:
        owed = next_signature(report.inspection, report)
        if owed and roles[report.inspection_id] in owed[1]:
            yield _of(report.inspection, _("Báo cáo của đoàn chờ ký"), "inspection-team-report")


def _conclusions(actor: Actor) -> Iterator[Todo]:
    """For approvers of the body that inspects: what awaits its conclusion."""
    if not scope_paths(actor, Role.APPROVER):
        return
    rows = Inspection.objects.filter(
        unit_scope(actor, "unit__path", roles=(Role.APPROVER,)),
        ~Exists(TeamMember.objects.filter(user=actor.pk, inspection=OuterRef("pk"))),
        ~Q(created_by=actor.pk),
        stage=Stage.CONCLUDING,
    )
    for inspection in rows.order_by("ends_on", "pk"):
        yield _of(inspection, _("Chờ thông báo kết luận"), "inspection-conclude")


def _of(inspection: Inspection, group: str, page: str) -> Todo:
    return Todo(
        group=group,
        text=inspection.name,
        under=inspection.decision_no,
        url=reverse(f"inspections:{page}", args=[inspection.pk]),
        due_on=inspection.last_day,
    )
