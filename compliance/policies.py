"""Who may ask for what in compliance. What exists for whom is in `cadres.policies`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadres.choices import Role
from cadres.policies import (
    EDITING_ROLES,
    Actor,
    can_approve,
    can_ask_waiver,
    can_edit_law,
    can_run_check,
    grants_of,
    scope_paths,
)

if TYPE_CHECKING:
    from cadres.models import Unit
    from compliance.models import ComplianceRun, Waiver


def run_paths(actor: Actor) -> tuple[str, ...]:
    """Topmost paths of the units that the actor may have checked."""
    return scope_paths(actor, *EDITING_ROLES, Role.APPROVER)


def can_start_some_run(actor: Actor) -> bool:
    """Whether there is any unit that the actor may have checked."""
    return bool(run_paths(actor))


def can_cancel_run(actor: Actor, run: ComplianceRun) -> bool:
    """Stop a check: who may have it done again."""
    return can_run_check(actor, run.unit)


def can_export(actor: Actor) -> bool:
    """Take away as a file what the pages show: everybody with a grant."""
    return bool(grants_of(actor))


def can_set_target(actor: Actor, unit: Unit | None) -> bool:
    """Set a provincial target for `unit` and below; without `unit`, for everything."""
    return can_edit_law(actor, unit)


def can_set_some_target(actor: Actor) -> bool:
    """Whether there is any unit whose targets the actor sets."""
    return bool(scope_paths(actor, Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER))


def can_write_waiver(actor: Actor, unit: Unit) -> bool:
    """Ask that a rule is not held against `unit`."""
    return can_ask_waiver(actor, unit)


def can_write_some_waiver(actor: Actor) -> bool:
    """Whether there is any unit that the actor may ask a waiver for."""
    return bool(scope_paths(actor, *EDITING_ROLES))


def can_approve_waiver(actor: Actor, waiver: Waiver) -> bool:
    """Approve a waiver: never one's own."""
    return can_approve(actor, waiver.unit, asked_by_id=waiver.asked_by_id)
