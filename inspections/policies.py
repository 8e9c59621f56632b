"""Who may do what with inspections.

The issuing side works in an inspection: officers of the issuing unit, its approvers, the team. An
inspected unit sees and answers what is asked of it, and nothing else. Everybody else: not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.policies import (
    EDITING_ROLES,
    EVERYTHING,
    Actor,
    can_approve,
    has_role,
    scope_paths,
    unit_scope,
)
from inspections.choices import MinutesKind, Stage, TeamRole
from inspections.models import InspectedUnit, TeamMember

if TYPE_CHECKING:
    from cadres.models import Unit
    from inspections.models import Inspection, Programme, Recommendation

#: Officers who prepare inspections of the units that they work for.
OFFICES = (Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)
#: Of the issuing side: officers and who decides.
_ISSUING = (*OFFICES, Role.APPROVER)
#: Steps in which the team does not read: before the decision, and after the conclusion.
_NOT_WORKING = (Stage.PREPARING, Stage.FOLLOWING, Stage.CLOSED)
#: Steps from which on an inspected unit sees what was found of it; while it may object.
SHOWN_TO_UNITS = (
    Stage.VERIFYING,
    Stage.REPORTING,
    Stage.CONCLUDING,
    Stage.FOLLOWING,
    Stage.CLOSED,
)
OBJECTING = (Stage.VERIFYING, Stage.REPORTING)
#: Minutes that an inspected unit gets: how the decision was announced, its own meetings; and what
#: was verified with it, where it signs in the portal (`told_minutes`).
MINUTES_OF_UNITS = (MinutesKind.DEPLOY, MinutesKind.WORKING, MinutesKind.VERIFYING)


# ---- What is there ---------------------------------------------------------------------------


def issuing_scope(actor: Actor) -> Q:
    """Condition on inspections "the actor stands on the issuing side, or in the team"."""
    scope = unit_scope(actor, "unit__path", roles=_ISSUING)
    if sees_all_inspections(actor) or actor.pk is None:
        return scope  # beside an empty condition, an alternative would narrow
    member = TeamMember.objects.filter(inspection=OuterRef("pk"), user=actor.pk)
    return scope | Q(Exists(member))


def inspected_scope(actor: Actor, prefix: str = "") -> Q:
    """Condition on inspected units "the actor works for the unit": its own officers."""
    return unit_scope(actor, f"{prefix}unit__path", roles=EDITING_ROLES)


def reading_scope(actor: Actor) -> Q:
    """Condition on rows of an inspection (`inspection`, `inspected_unit`) "the actor reads it".

    The issuing side reads all; a member of the team while the mandate holds, of the units that
    are assigned to them.
    """
    issuing = unit_scope(actor, "inspection__unit__path", roles=_ISSUING)
    if sees_all_inspections(actor) or actor.pk is None:
        return issuing
    today = clock.today()
    member = TeamMember.objects.filter(
        inspection=OuterRef("inspection"),
        user=actor.pk,
        mandate_from__lte=today,
        mandate_to__gte=today,
    ).exclude(inspection__stage__in=_NOT_WORKING)
    looks = member.filter(
        ~Q(role=TeamRole.MEMBER) | Q(units=None) | Q(units=OuterRef("inspected_unit"))
    )
    of_all = Q(inspected_unit=None) & Q(Exists(member))
    return issuing | of_all | Q(Exists(looks))


def side_minutes_scope(actor: Actor, prefix: str = "") -> Q:
    """Condition on minutes "the actor's unit signs or has signed them"."""
    return told_minutes(prefix) & inspected_scope(actor, f"{prefix}inspected_unit__")


def told_minutes(prefix: str = "") -> Q:
    """Condition on minutes "the unit they are about is told of them": once the team has signed.

    What was verified about a unit elsewhere, and signed there on paper, is not for the unit.
    """
    waits = Q(**{f"{prefix}team_signed_on__isnull": False, f"{prefix}is_signed": False})
    signed_by_it = Q(**{f"{prefix}unit_signed_by__isnull": False})
    verified = Q(**{f"{prefix}kind": MinutesKind.VERIFYING})
    others = Q(**{f"{prefix}kind__in": (MinutesKind.DEPLOY, MinutesKind.WORKING)})
    return (verified & (waits | signed_by_it)) | (
        others & (waits | Q(**{f"{prefix}is_signed": True}))
    )


def is_issuing(actor: Actor, inspection: Inspection) -> bool:
    """Whether the actor stands on the issuing side of one inspection: an officer or approver."""
    return has_role(actor, *_ISSUING, unit=inspection.unit)


def team_role(actor: Actor, inspection: Inspection) -> str:
    """The actor's role in the team, "" for who is not in it."""
    if actor.pk is None:
        return ""
    found = inspection.team.filter(user=actor.pk).values_list("role", flat=True).first()
    return found or ""


def answers_for(actor: Actor, inspected: InspectedUnit) -> bool:
    """Whether the actor works for the inspected unit: answers, objects, reports."""
    return has_role(actor, *EDITING_ROLES, unit=inspected.unit)


# ---- Acts ------------------------------------------------------------------------------------


def can_open_inspection(actor: Actor, unit: Unit | None = None) -> bool:
    """Prepare an inspection that `unit` issues; without it, of any unit."""
    if unit is None:
        return bool(scope_paths(actor, *OFFICES))
    return has_role(actor, *OFFICES, unit=unit)


def can_manage(actor: Actor, inspection: Inspection) -> bool:
    """Mandate, units, team, outline, steps: officers of the issuing unit, and the lead."""
    return has_role(actor, *OFFICES, unit=inspection.unit) or (
        team_role(actor, inspection) == TeamRole.LEAD
    )


def can_work(actor: Actor, inspection: Inspection) -> bool:
    """Evidence, findings, minutes, the report: the team while it works, and who manages."""
    if inspection.is_concluded:
        return False
    return bool(team_role(actor, inspection)) or can_manage(actor, inspection)


def can_minute(actor: Actor, inspection: Inspection, kind: str) -> bool:
    """Write minutes: who works in the inspection; of the announcement, who manages it."""
    if kind == MinutesKind.ANNOUNCING:
        return inspection.is_concluded and can_manage(actor, inspection)
    return inspection.stage != Stage.PREPARING and can_work(actor, inspection)


def can_sign_minutes(actor: Actor, inspection: Inspection) -> bool:
    """Sign minutes for the team: its lead and deputies."""
    return team_role(actor, inspection) in (TeamRole.LEAD, TeamRole.DEPUTY)


def can_approve_finding(actor: Actor, inspection: Inspection) -> bool:
    """Approve findings: the lead and deputies; whose edit it was is asked by the service."""
    return can_work(actor, inspection) and (
        team_role(actor, inspection) in (TeamRole.LEAD, TeamRole.DEPUTY)
    )


def can_write_report(actor: Actor, inspection: Inspection) -> bool:
    """Write the team's report: the secretary, and those who sign it."""
    return can_work(actor, inspection) and (
        team_role(actor, inspection) in (TeamRole.SECRETARY, TeamRole.DEPUTY, TeamRole.LEAD)
    )


def can_conclude(actor: Actor, inspection: Inspection) -> bool:
    """Issue the conclusion: an approver of the issuing unit who is not in the team."""
    return can_approve(
        actor, inspection.unit, asked_by_id=inspection.created_by_id
    ) and not team_role(actor, inspection)


def can_follow_up(actor: Actor, inspection: Inspection) -> bool:
    """Close recommendations, correct, close the inspection: officers of the issuing unit."""
    return has_role(actor, *OFFICES, unit=inspection.unit)


def can_report_remedy(actor: Actor, recommendation: Recommendation) -> bool:
    """Report what was done about a recommendation: officers of the unit that it is asked of."""
    return has_role(actor, *EDITING_ROLES, unit=recommendation.unit)


def can_decide_remedy(actor: Actor, recommendation: Recommendation) -> bool:
    """Close a recommendation: who follows up, and did not report on it themselves."""
    return (
        can_follow_up(actor, recommendation.finding.inspection)
        and not recommendation.reports.filter(reported_by=actor.pk).exists()
    )


def can_edit_programme(actor: Actor, programme: Programme) -> bool:
    """Change the programme of a year: officers of the body that inspects."""
    return has_role(actor, *OFFICES, unit=programme.unit)


def body_scope(actor: Actor, field: str = "unit__path") -> Q:
    """Condition "the actor stands on the side of the body that inspects": officers, approvers."""
    return unit_scope(actor, field, roles=_ISSUING)


def sees_programmes(actor: Actor) -> bool:
    """Whether the actor stands on the issuing side of anything at all."""
    return bool(scope_paths(actor, *_ISSUING))


def sees_unit(actor: Actor, inspection: Inspection, inspected: InspectedUnit) -> bool:
    """Whether a team member looks at this unit: assigned to it, or to none in particular.

    Lead, deputies and secretary look at all.
    """
    if is_issuing(actor, inspection):
        return True
    member = inspection.team.filter(user=actor.pk).first()
    if member is None:
        return False
    if member.role != TeamRole.MEMBER or not member.units.exists():
        return True
    return member.units.filter(pk=inspected.pk).exists()


def can_register(actor: Actor, inspection: Inspection) -> bool:
    """Enter papers in the register: officers of the issuing unit, and the lead."""
    return can_manage(actor, inspection)


def can_change_templates(actor: Actor, inspection: Inspection) -> bool:
    """Word templates of the issuing unit: its officers."""
    return has_role(actor, *OFFICES, unit=inspection.unit)


def mandate_holds(inspection: Inspection, member: TeamMember) -> bool:
    """Whether a member may read data today: inside their mandate, and while the team works."""
    working = inspection.stage not in _NOT_WORKING
    return working and member.mandate_from <= clock.today() <= member.mandate_to


def sees_all_inspections(actor: Actor) -> bool:
    """Whether no inspection is hidden: officers and approvers of everything."""
    return EVERYTHING in scope_paths(actor, *_ISSUING)
