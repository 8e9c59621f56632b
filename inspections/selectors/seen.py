"""Which inspected units the actor looks at in an inspection, and what of them.

The issuing side and those in the team without particular units look at all; other members at the
units that are assigned to them. What is frozen about people is read within the mandate only.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from cadres.policies import Actor, can_see_sensitive
from inspections.choices import TeamRole
from inspections.models import InspectedUnit, Inspection, TeamMember
from inspections.policies import is_issuing, mandate_holds


def units_seen(actor: Actor, inspection: Inspection) -> list[InspectedUnit]:
    """The units that the actor looks at, in their order; at most three queries."""
    if is_issuing(actor, inspection):
        return _every(inspection)
    member = _member(actor, inspection)
    return _of_member(inspection, member) if member else []


def units_read(actor: Actor, inspection: Inspection) -> list[InspectedUnit]:
    """Those whose evidence, with the people in it, the actor may read today."""
    if is_issuing(actor, inspection):
        return _every(inspection)
    member = _member(actor, inspection)
    if member is None or not mandate_holds(inspection, member):
        return []
    return _of_member(inspection, member)


def may_take_evidence(actor: Actor, inspection: Inspection) -> bool:
    """Whether lists of people may be taken out: the issuing side, members whose mandate holds."""
    if is_issuing(actor, inspection):
        return True
    member = _member(actor, inspection)
    return member is not None and mandate_holds(inspection, member)


def looks_at_all(actor: Actor, inspection: Inspection) -> bool:
    """Whether no unit of the inspection is kept from the actor."""
    if is_issuing(actor, inspection):
        return True
    member = _member(actor, inspection)
    return member is not None and not _assigned(member)


def told_of(actor: Actor, units: Iterable[InspectedUnit]) -> set[int]:
    """Ids of the inspected units of whose people the actor may see what is sensitive."""
    return {each.pk for each in units if can_see_sensitive(actor, each.unit)}


def sensitive_hidden(told: Iterable[int], field: str = "inspected_unit") -> Q:
    """Condition "not sensitive, or of a unit of which sensitive things may be seen"."""
    return Q(is_sensitive=False) | Q(**{f"{field}__in": list(told)})


def _member(actor: Actor, inspection: Inspection) -> TeamMember | None:
    if actor.pk is None:
        return None
    found: TeamMember | None = inspection.team.filter(user=actor.pk).first()
    return found


def _assigned(member: TeamMember) -> list[int]:
    if member.role != TeamRole.MEMBER:
        return []
    return list(member.units.values_list("pk", flat=True))


def _every(inspection: Inspection) -> list[InspectedUnit]:
    return list(inspection.units.select_related("unit", "inspection"))


def _of_member(inspection: Inspection, member: TeamMember) -> list[InspectedUnit]:
    assigned = set(_assigned(member))
    return [each for each in _every(inspection) if not assigned or each.pk in assigned]
