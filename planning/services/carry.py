"""Carrying over: who was planned for the term before is drafted for the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from cadres.selectors.cadres import cadres_visible
from compliance.choices import Outcome, SubjectKind
from planning.choices import CycleKind
from planning.drafting import Add
from planning.models import Dossier, DraftItem, Nomination, Plan, Pool
from planning.policies import can_edit_plan, pools_of_own
from planning.services.checks import plan_check
from planning.services.drafts import draft_save
from planning.services.process import DossierRefused


@dataclass
class Carried:
    """How many were drafted, and in words who was not and why."""

    taken: int = 0
    left_out: list[str] = field(default_factory=list)


@transaction.atomic
def carry_over(*, actor: Actor, dossier: Dossier) -> Carried:
    """Draft the people of the unit's plan of the term before, where no rule on them fails.

    A pool is carried to the pool of the same title. Raises PermissionDenied, DossierRefused.
    """
    require(can_edit_plan(actor, dossier.plan))
    if dossier.cycle.kind != CycleKind.FIRST:
        raise DossierRefused([_("Chỉ chuyển tiếp khi xây dựng quy hoạch lần đầu.")])
    earlier = _plan_before(dossier.plan)
    if earlier is None:
        raise DossierRefused([_("Đơn vị không có kế hoạch của nhiệm kỳ trước.")])
    wanted = _wanted(actor, dossier, earlier)
    faults = _faults(dossier, wanted)
    carried = Carried()
    changes = []
    for place, (add, row) in enumerate(wanted, start=1):
        if place in faults:
            name, title = row.cadre.full_name, row.pool.position.title
            carried.left_out.append(f"{name} ({title}): {' '.join(faults[place])}")
        else:
            changes.append(add)
    if changes:
        draft_save(actor=actor, dossier=dossier, version=dossier.version, changes=changes)
    carried.taken = len(changes)
    return carried


def _plan_before(plan: Plan) -> Plan | None:
    before = Plan.objects.filter(unit=plan.unit_id, term__starts_on__lt=plan.term.starts_on)
    return before.order_by("-term__starts_on").first()


def _wanted(actor: Actor, dossier: Dossier, earlier: Plan) -> list[tuple[Add, Nomination]]:
    """Who stands in the earlier plan, in a pool that the new plan has too, and is not in it yet."""
    pools = dict(Pool.objects.filter(plan=dossier.plan).values_list("position_id", "pk"))
    closed = pools_of_own(actor, dossier.plan)
    inside = set(DraftItem.objects.filter(dossier=dossier).values_list("pool_id", "cadre_id"))
    inside |= set(
        Nomination.objects.filter(plan=dossier.plan, removed_on=None).values_list(
            "pool_id", "cadre_id"
        )
    )
    rows = (
        Nomination.objects.filter(
            plan=earlier, removed_on=None, cadre__in=cadres_visible(actor).values("pk")
        )
        .exclude(cadre=getattr(actor, "cadre_id", None))
        .select_related("cadre", "pool__position__title")
        .order_by("pool_id", "cadre__sort_key", "pk")
    )
    found = []
    for row in rows:
        pool_id = pools.get(row.pool.position_id)
        if pool_id is None or pool_id in closed or (pool_id, row.cadre_id) in inside:
            continue
        found.append((Add(pool_id, row.cadre_id, carried_from_id=row.pool_id), row))
    return found


def _faults(dossier: Dossier, wanted: list[tuple[Add, Nomination]]) -> dict[int, list[str]]:
    """What fails about each of them once all were in the plan, by place from 1; one check."""
    if not wanted:
        return {}
    found: dict[int, list[str]] = {}
    added = [add.key for add, _row in wanted]
    for finding in plan_check(plan=dossier.plan, as_of=clock.today(), added=added):
        is_of_them = finding.kind == SubjectKind.NOMINATION and finding.subject_id < 0
        if is_of_them and finding.outcome == Outcome.NOT_MET:
            found.setdefault(-finding.subject_id, []).append(finding.message)
    return found
