"""What a province adds to the law, as far as the actor may see it."""

from __future__ import annotations

from django.db.models import Q

from cadres.policies import (
    EVERYTHING,
    SENSITIVE_ROLES,
    Actor,
    scope_paths,
    sensitive_paths,
    unit_scope,
)
from compliance.choices import SubjectKind
from compliance.engine.registry import all_rules
from compliance.models import ComplianceState, Target, Waiver

#: Characters of one step of a unit's path (django-treebeard).
_STEP = 4


def target_list(*, actor: Actor) -> list[Target]:
    """Targets of units in the actor's scope and of those above it, which hold there as well."""
    paths = scope_paths(actor)
    targets = Target.objects.all()
    if EVERYTHING not in paths:
        above = {path[:end] for path in paths for end in range(_STEP, len(path), _STEP)}
        targets = targets.filter(unit_scope(actor) | Q(unit__path__in=above))
    return list(
        targets.select_related("unit").order_by("unit__path", "parameter", "level", "in_force_from")
    )


def targets_of_root(targets: list[Target], *, actor: Actor) -> list[Target]:
    """Those of the topmost unit, the province: they hold wherever no nearer one does."""
    first = next(iter(scope_paths(actor)), EVERYTHING)
    if first == EVERYTHING:
        first = min((target.unit.path for target in targets), default="")
    return [target for target in targets if target.unit.path == first[:_STEP]]


def waiver_list(*, actor: Actor) -> list[Waiver]:
    """Waivers of units in the actor's scope, those that last longest first.

    One from a sensitive rule says what its finding says: it is for the same readers.
    """
    waivers = Waiver.objects.filter(unit_scope(actor))
    if sensitive_paths(actor) is not None:
        told = unit_scope(actor, roles=SENSITIVE_ROLES)
        hidden = [rule.code for rule in all_rules() if rule.sensitive]
        waivers = waivers.filter(told | ~Q(rule__in=hidden))
    return list(
        waivers.select_related("unit", "asked_by", "approved_by").order_by(
            "-in_force_to", "unit__path", "rule", "pk"
        )
    )


def levels_judged(*, actor: Actor) -> set[str]:
    """Levels of the units in scope whose plans are judged; empty before the first check."""
    plans = ComplianceState.objects.filter(unit_scope(actor), kind=SubjectKind.PLAN)
    return set(plans.values_list("unit__level", flat=True).distinct())
