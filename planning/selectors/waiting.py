"""What waits for somebody in planning: cycles, returned and submitted dossiers, late reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.choices import Role
from cadres.policies import EDITING_ROLES, Actor, scope_paths, unit_scope
from cadres.todo import Todo
from compliance.choices import Outcome, SubjectKind
from compliance.engine.registry import rule_by_code, slot_of
from planning.choices import PlanStatus
from planning.models import Dossier
from planning.policies import can_decide_dossier
from planning.selectors import cycles as cycle_reads
from planning.selectors.dossiers import dossiers_visible
from planning.selectors.stored import Statement, rows_of, scope_condition

REVIEW_RULE = "planning.annual_review"
#: A cycle that asks more units of one person than this stands as one line.
_SINGLY = 5


def planning_todos(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Everything of planning that waits for the actor; a fixed number of queries."""
    yield from _to_mend(actor)
    yield from _to_decide(actor)
    yield from _asked(actor, today)
    yield from _late_reviews(actor, today)


def _dossier_url(dossier: Dossier) -> str:
    return reverse("planning:plan-detail", args=[dossier.plan_id]) + "?phan=ho-so"


def _to_mend(actor: Actor) -> Iterator[Todo]:
    """Dossiers given back to the units that the actor prepares for."""
    where = unit_scope(actor, "plan__unit__path", roles=EDITING_ROLES)
    for dossier in dossiers_visible(actor).filter(where, status=PlanStatus.RETURNED):
        yield Todo(
            group=_("Hồ sơ bị trả lại"),
            text=f"{dossier.plan.unit}: {dossier.cycle}",
            under=dossier.return_reason,
            url=_dossier_url(dossier),
            due_on=dossier.cycle.due_on,
        )


def _to_decide(actor: Actor) -> Iterator[Todo]:
    """Submitted dossiers that the actor may decide on, each with its deadline."""
    roles = (Role.APPROVER, Role.ADMINISTRATOR)
    where = unit_scope(actor, "plan__unit__path", roles=roles)
    waiting = dossiers_visible(actor).filter(where, status=PlanStatus.SUBMITTED)
    rows = list(waiting.exclude(submitted_by=actor.pk).order_by("submitted_on", "pk"))
    off = cycle_reads.holidays() if rows else frozenset()
    deadlines = cycle_reads.deadlines(rows, off)
    for dossier in rows:
        if can_decide_dossier(actor, dossier):
            yield Todo(
                group=_("Chờ phê duyệt"),
                text=f"{dossier.plan.unit}: {dossier.cycle}",
                under=_("Tờ trình %(no)s ngày %(day)s")
                % {"no": dossier.submission_no, "day": formats.date(dossier.submitted_on)},
                url=_dossier_url(dossier),
                due_on=deadlines.get(dossier.pk),
            )


def _asked(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Open cycles in which units that the actor prepares for have not submitted."""
    if not scope_paths(actor, *EDITING_ROLES):
        return
    opened = cycle_reads.cycles_visible(actor).filter(closed_on=None, opens_on__lte=today)
    for cycle in opened:
        board = cycle_reads.Board(actor, cycle, today)
        units = [
            unit
            for unit in board.units
            if unit.status in (cycle_reads.NOT_BEGUN, PlanStatus.DRAFT)
            and any(unit.path.startswith(path) for path in scope_paths(actor, *EDITING_ROLES))
        ]
        url = reverse("planning:cycle-detail", args=[cycle.pk])
        if len(units) > _SINGLY:
            text = ngettext(
                "%(n)s đơn vị chưa trình: %(cycle)s",
                "%(n)s đơn vị chưa trình: %(cycle)s",
                len(units),
            )
            yield Todo(
                group=_("Đợt quy hoạch"),
                text=text % {"n": len(units), "cycle": cycle},
                url=url,
                due_on=cycle.due_on,
            )
            continue
        for unit in units:
            begun = unit.status == PlanStatus.DRAFT and unit.plan_id
            yield Todo(
                group=_("Đợt quy hoạch"),
                text=f"{unit.name}: {cycle}",
                under=_("đang soạn hồ sơ") if begun else _("chưa lập hồ sơ"),
                url=reverse("planning:plan-detail", args=[unit.plan_id]) + "?phan=ho-so"
                if begun
                else url,
                due_on=cycle.due_on,
            )


def _late_reviews(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Approved plans whose yearly review is overdue, by the live state."""
    if not scope_paths(actor, *EDITING_ROLES):
        return
    rows = rows_of(_late(actor))
    if len(rows) > _SINGLY:
        text = ngettext(
            "%(n)s kế hoạch quá hạn rà soát", "%(n)s kế hoạch quá hạn rà soát", len(rows)
        )
        yield Todo(
            group=_("Rà soát hằng năm"),
            text=text % {"n": len(rows)},
            url=reverse("planning:plan-list") + "?vuong=review",
            count=len(rows),
        )
        return
    for row in rows:
        yield Todo(
            group=_("Rà soát hằng năm"),
            text=_("%(unit)s: quá hạn rà soát") % {"unit": row["name"]},
            url=reverse("planning:plan-detail", args=[row["plan_id"]]) + "?phan=ra-soat",
        )


def _late(actor: Actor) -> Statement:
    scope = scope_condition(actor)
    slot = slot_of(rule_by_code(REVIEW_RULE), SubjectKind.PLAN)
    return Statement(
        "SELECT p.id AS plan_id, u.name FROM compliance_state s"
        " JOIN planning_plan p ON p.id = s.subject_id JOIN cadres_unit u ON u.id = p.unit_id"
        f" WHERE s.kind = {SubjectKind.PLAN.value} AND s.outcomes[{slot + 1}] = %s AND {scope.sql}"
        " ORDER BY u.path LIMIT 500",
        [Outcome.NOT_MET.value, *scope.values],
    )


# ---- Reminders -------------------------------------------------------------------------------


def cycles_to_remind(today: dt.date, days: int) -> list[Any]:
    """Open cycles that fall due within `days` or are overdue. Unscoped: for the nightly job."""
    return list(
        cycle_reads.all_cycles().filter(
            Q(closed_on=None), opens_on__lte=today, due_on__lte=today + dt.timedelta(days=days)
        )
    )
