"""Who may do what with plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.policies import (
    Actor,
    can_approve,
    can_edit_law,
    can_edit_unit,
    can_run_check,
    has_role_everywhere,
    scope_paths,
)
from planning.choices import DraftAct, PlanStatus
from planning.models import DraftItem, Nomination

if TYPE_CHECKING:
    from planning.models import Dossier, Plan, PlanningCycle, Pool


@dataclass(frozen=True)
class Place:
    """Just enough of a unit for a question about rights: where it stands in the tree."""

    path: str


def can_check_everything(actor: Actor) -> bool:
    """Bring the live state up to date, or check everything on another day."""
    return can_run_check(actor)


def can_check_scope(actor: Actor) -> bool:
    """Check what one sees on some day: everything, or the one subtree that one works for."""
    if can_check_everything(actor):
        return True
    paths = scope_paths(actor)
    return len(paths) == 1 and can_run_check(actor, Place(paths[0]))  # type: ignore[arg-type]


# ---- Drafts and the process ------------------------------------------------------------------


def can_open_cycle(actor: Actor) -> bool:
    """Ask units for their plans or reviews, and end that: whoever works for every unit."""
    return has_role_everywhere(actor, Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)


def can_set_process(actor: Actor) -> bool:
    """The steps asked, the denominator of ballots, holidays."""
    return can_edit_law(actor)


def can_edit_plan(actor: Actor, plan: Plan) -> bool:
    """Prepare a unit's dossier: its officers. Single pools may still be closed to one of them."""
    return can_edit_unit(actor, plan.unit)


def can_edit_pool(actor: Actor, pool: Pool) -> bool:
    """Change who is drafted for a title: nobody where they are nominated or drafted themselves."""
    if not can_edit_plan(actor, pool.plan):
        return False
    return not _is_concerned(actor, Q(pool=pool))


def can_decide_dossier(actor: Actor, dossier: Dossier) -> bool:
    """Approve or return: an approver, who neither submitted it nor stands in the plan."""
    if not can_approve(actor, dossier.plan.unit, asked_by_id=dossier.submitted_by_id):
        return False
    return not _is_concerned(actor, Q(plan=dossier.plan))


def can_see_cycle(actor: Actor, cycle: PlanningCycle) -> bool:
    """Whether one of the units asked lies where the actor looks."""
    if cycle.unit is None:
        return bool(scope_paths(actor))
    return any(
        cycle.unit.path.startswith(path) or path.startswith(cycle.unit.path)
        for path in scope_paths(actor)
    )


def pools_of_own(actor: Actor, plan: Plan) -> frozenset[int]:
    """The pools of a plan that the actor is nominated into, or drafted for: closed to them."""
    found: set[int] = set()
    for rows in _concerning(actor, Q(plan=plan)):
        found.update(rows.values_list("pool_id", flat=True))
    return frozenset(found)


def _is_concerned(actor: Actor, where: Q) -> bool:
    """Whether the actor is nominated, or drafted to be, in the pools of `where`."""
    return any(rows.exists() for rows in _concerning(actor, where))


def _concerning(actor: Actor, where: Q) -> tuple[QuerySet[Any], ...]:
    """Items of open drafts and nominations in the pools of `where` that are about the actor."""
    cadre_id = getattr(actor, "cadre_id", None)
    if cadre_id is None:
        return ()
    return (
        DraftItem.objects.filter(where, cadre=cadre_id, act=DraftAct.ADD).exclude(
            dossier__status=PlanStatus.APPROVED
        ),
        Nomination.objects.filter(
            where, Q(removed_on=None) | Q(removed_on__gt=clock.today()), cadre=cadre_id
        ),
    )


def can_forecast(actor: Actor, plan: Plan | None = None) -> bool:
    """Have a plan's forecast made anew; without `plan`, that of every plan."""
    return can_run_check(actor, plan.unit if plan is not None else None)
