"""What a province adds to the law, as far as the actor may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.http import Http404

from cadres.choices import Level
from cadres.policies import (
    EVERYTHING,
    SENSITIVE_ROLES,
    Actor,
    can_see_history,
    scope_paths,
    sensitive_paths,
    unit_scope,
)
from cadres.selectors.history import Change, Source, history_of
from cadres.selectors.units import unit_list
from compliance.choices import Outcome, SubjectKind
from compliance.engine.registry import all_rules
from compliance.models import ComplianceState, Target, Waiver

if TYPE_CHECKING:
    from cadres.choices import Role
    from cadres.models import Unit
    from compliance.engine.findings import Finding

Entry = TypeVar("Entry", Target, Waiver)

#: A form offers so many units, the upper ones first.
UNITS_OFFERED = 300
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


def target_get(*, actor: Actor, pk: int) -> Target:
    """A target that the actor may see. Raises Http404."""
    return _found(target_list(actor=actor), pk)


def target_history(*, actor: Actor, target: Target) -> list[Change]:
    """Who set and ended a target, latest first."""
    return _history(actor, Source(Target, {"pgh_obj": target.pk}))


def waiver_get(*, actor: Actor, pk: int) -> Waiver:
    """A waiver that the actor may see. Raises Http404."""
    return _found(waiver_list(actor=actor), pk)


def waiver_history(*, actor: Actor, waiver: Waiver) -> list[Change]:
    """Who asked, approved and ended, latest first."""
    return _history(actor, Source(Waiver, {"pgh_obj": waiver.pk}))


def _found(entries: list[Entry], pk: int) -> Entry:
    for entry in entries:
        if entry.pk == pk:
            return entry
    raise Http404


def _history(actor: Actor, source: Source) -> list[Change]:
    return history_of([source]) if can_see_history(actor) else []


def units_to_set(*, actor: Actor, roles: tuple[Role, ...]) -> list[Unit]:
    """Units where the actor holds one of the roles, the upper ones first, in tree order."""
    units = unit_list(actor).filter(unit_scope(actor, "path", roles=roles), valid_to=None)
    upper = units.order_by("depth", "path")[:UNITS_OFFERED]
    return sorted(upper, key=lambda unit: unit.path)


def targets_of_root(targets: list[Target], *, actor: Actor) -> list[Target]:
    """Those of the topmost unit, the province: they hold wherever no nearer one does."""
    first = next(iter(scope_paths(actor)), EVERYTHING)
    if first == EVERYTHING:
        first = min((target.unit.path for target in targets), default="")
    return [target for target in targets if target.unit.path == first[:_STEP]]


def root_targets(parameters: Iterable[str], on: date) -> list[Target]:
    """Targets in force on the day at the level of a province, of units with none above them.

    They are no secret: they hold for everybody below.
    """
    return list(
        Target.objects.filter(
            Q(in_force_to=None) | Q(in_force_to__gte=on),
            in_force_from__lte=on,
            parameter__in=list(parameters),
            level=Level.PROVINCE,
            unit__depth=1,
        ).order_by("-unit__path", "in_force_from")
    )


def waivers_beside(findings: Sequence[Finding], on: date) -> dict[tuple[str, int, int], Waiver]:
    """Waivers in force beside findings that do not hold, by rule, unit and subject; one query.

    Of several the one that lasts longest. A waiver is about one unit, not about those below it;
    the finding stays what it is.
    """
    failing = [each for each in findings if each.outcome != Outcome.MET]
    rows = Waiver.objects.filter(
        rule__in={each.rule.code for each in failing},
        unit__in={each.unit_id for each in failing},
        approved_by__isnull=False,
        in_force_from__lte=on,
        in_force_to__gte=on,
    ).order_by("in_force_to")
    found = {(row.rule, row.unit_id, row.subject_kind, row.subject_id): row for row in rows}
    beside = {}
    for each in failing:
        place = (each.rule.code, each.unit_id)
        one = found.get((*place, each.kind.value, each.subject_id))
        waiver = one or found.get((*place, None, None))
        if waiver is not None:
            beside[*place, each.subject_id] = waiver
    return beside


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
