"""The team, and the mandate by which its members read the inspected units and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from cadres.services.access import mandate_end, mandate_give
from inspections.choices import Stage, TeamRole
from inspections.models import InspectedUnit, Inspection, TeamMember
from inspections.policies import answers_for, can_manage, is_issuing
from inspections.services.holding import InspectionRefused, lock_open

#: While the team works it reads; before and after it does not.
_READING = (
    Stage.DEPLOYING,
    Stage.SELF_REPORTING,
    Stage.VERIFYING,
    Stage.REPORTING,
    Stage.CONCLUDING,
)


@transaction.atomic
def member_set(
    *,
    actor: Actor,
    inspection: Inspection,
    user: Any,
    role: str,
    post: str = "",
    assignment: str = "",
    units: Iterable[InspectedUnit] = (),
    mandate_from: dt.date | None = None,
    mandate_to: dt.date | None = None,
) -> TeamMember:
    """Put somebody into the team, or change what they are in it.

    The mandate is for the time of the inspection unless said otherwise; nobody inspects a unit
    that they answer for. Raises PermissionDenied, InspectionRefused.
    """
    held = lock_open(inspection)
    require(can_manage(actor, held))
    start, end = mandate_from or held.starts_on, mandate_to or held.last_day
    if role == TeamRole.LEAD and held.team.filter(role=role).exclude(user=user).exists():
        raise InspectionRefused([_("Đoàn đã có trưởng đoàn.")])
    if end < start:
        raise InspectionRefused([_("Thời hạn được đọc số liệu kết thúc trước khi bắt đầu.")])
    own = own_units(held, user)
    if own:
        text = _("%(user)s đang phụ trách %(units)s nên không kiểm tra đơn vị đó được.")
        raise InspectionRefused([text % {"user": user, "units": ", ".join(own)}])
    with pghistory.context(user=actor.pk):
        member, _made = TeamMember.objects.update_or_create(
            inspection=held,
            user=user,
            defaults={
                "role": role,
                "post": post,
                "assignment": assignment,
                "mandate_from": start,
                "mandate_to": end,
            },
        )
        member.units.set(each for each in units if each.inspection_id == held.pk)
    mandates_renew(actor=actor, inspection=held)
    return member


@transaction.atomic
def member_remove(*, actor: Actor, inspection: Inspection, member: TeamMember) -> None:
    """Take somebody out of the team; the mandate ends today. Raises PermissionDenied,
    InspectionRefused."""
    held = lock_open(inspection)
    require(can_manage(actor, held))
    found = held.team.filter(pk=member.pk).first()
    if found is None:
        return
    with pghistory.context(user=actor.pk):
        mandate_end(found.grants.all())
        found.delete()


def own_units(inspection: Inspection, user: Any) -> list[str]:
    """Inspected units that the account answers for, by name."""
    if is_issuing(user, inspection):
        return []
    return [
        each.unit.name
        for each in inspection.units.select_related("unit")
        if answers_for(user, each)
    ]


def mandates_renew(*, actor: Actor, inspection: Inspection) -> None:
    """Make the grants of all members what the team, the units and the step say.

    Inside the caller's transaction. Grants that no longer fit end; they are never deleted.
    """
    reads = inspection.stage in _READING
    units = {each.unit_id: each for each in inspection.units.select_related("unit")}
    reason = _("Quyết định %(no)s") % {"no": inspection.decision_no or inspection.name[:80]}
    with pghistory.context(user=actor.pk):
        for member in inspection.team.select_related("user").prefetch_related("units", "grants"):
            assigned = {each.unit_id for each in member.units.all()}
            whole = member.role != TeamRole.MEMBER or not assigned
            wanted = (set(units) if whole else assigned & set(units)) if reads else set()
            fits = {
                grant.unit_id: grant
                for grant in member.grants.all()
                if grant.unit_id in wanted
                and (grant.valid_from, grant.valid_to) == (member.mandate_from, member.mandate_to)
            }
            old = [each for each in member.grants.all() if each not in fits.values()]
            mandate_end(old)
            member.grants.remove(*old)
            for unit_id in sorted(wanted - set(fits)):
                if member.mandate_to < clock.today():
                    continue
                grant = mandate_give(
                    user=member.user,
                    unit=units[unit_id].unit,
                    valid_from=member.mandate_from,
                    valid_to=member.mandate_to,
                    reason=reason[:200],
                )
                member.grants.add(grant)
