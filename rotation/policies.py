"""Who may do what with rotations. The province rotates; units speak for their side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, prefetch_related_objects

from cadres.choices import Role
from cadres.policies import (
    EDITING_ROLES,
    Actor,
    can_approve,
    can_edit_unit,
    grants_of,
    has_role_everywhere,
    in_scope,
    scope_paths,
    unit_scope,
)
from rotation.choices import Side

if TYPE_CHECKING:
    from rotation.models import Rotation, RotationPlan

_PROVINCE = (Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)


def rotation_scope(actor: Actor) -> Q:
    """Condition on rotations "one of its units lies where the actor looks, or it is their own"."""
    own = own_cadre(actor)
    scope = unit_scope(actor, "from_unit__path") | unit_scope(actor, "to_unit__path")
    if scope_paths(actor) == ("",):
        return Q()
    return scope | Q(cadre_id=own) if own is not None else scope


def own_cadre(actor: Actor) -> int | None:
    """The file of the actor themselves, if the account has one."""
    return getattr(actor, "cadre_id", None) if actor.is_active else None


def can_see_rotation(actor: Actor, rotation: Rotation) -> bool:
    """As `rotation_scope`, for one rotation with its units read."""
    return (
        in_scope(actor, rotation.from_unit)
        or in_scope(actor, rotation.to_unit)
        or _is_own(actor, rotation)
    )


def can_see_rotations(actor: Actor) -> bool:
    """Lists and statistics, inside the scope: everybody with a grant."""
    return bool(grants_of(actor))


def can_plan(actor: Actor) -> bool:
    """Prepare the plan of a year, and ask the solver: who works for all units."""
    return has_role_everywhere(actor, *_PROVINCE)


def can_decide_plan(actor: Actor, plan: RotationPlan) -> bool:
    """Approve or return the plan of a year: approvers of every unit in it, never their own."""
    # Nothing is read where the caller has read it for many plans.
    prefetch_related_objects([plan], "targets__unit")
    units = [target.unit for target in plan.targets.all()]
    return bool(units) and all(
        can_approve(actor, unit, asked_by_id=plan.submitted_by_id) for unit in units
    )


def can_propose(actor: Actor) -> bool:
    """Propose some rotation: officers; which units, `can_edit_rotation` says of each."""
    return bool(scope_paths(actor, *EDITING_ROLES))


def can_edit_rotation(actor: Actor, rotation: Rotation) -> bool:
    """Change, submit, cancel, end: officers of both units; nobody their own."""
    return not _is_own(actor, rotation) and (
        can_edit_unit(actor, rotation.from_unit) and can_edit_unit(actor, rotation.to_unit)
    )


def can_give_opinion(actor: Actor, rotation: Rotation, side: str) -> bool:
    """Say what a side thinks: its unit's officers; of the person, they themselves or an officer."""
    if side == Side.PERSON:
        return _is_own(actor, rotation) or can_edit_unit(actor, rotation.from_unit)
    if _is_own(actor, rotation):
        return False
    unit = rotation.from_unit if side == Side.SENDING else rotation.to_unit
    return can_edit_unit(actor, unit)


def can_report(actor: Actor, rotation: Rotation) -> bool:
    """Write what the receiving body says of a tour: its officers; nobody their own."""
    return not _is_own(actor, rotation) and can_edit_unit(actor, rotation.to_unit)


def can_decide_some(actor: Actor) -> bool:
    """Approve some rotation: approvers; which ones, `can_decide_rotation` says of each."""
    return bool(scope_paths(actor, Role.APPROVER, Role.ADMINISTRATOR))


def can_decide_rotation(actor: Actor, rotation: Rotation) -> bool:
    """Approve or return: an approver of both units, who neither submitted it nor is moved."""
    return not _is_own(actor, rotation) and all(
        can_approve(actor, unit, asked_by_id=rotation.submitted_by_id)
        for unit in (rotation.from_unit, rotation.to_unit)
    )


def _is_own(actor: Actor, rotation: Rotation) -> bool:
    own = own_cadre(actor)
    return own is not None and own == rotation.cadre_id
