"""What papers tell: of a plan its targets and moves, of a submission each move with its grounds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cadres.policies import Actor, unit_scope
from planning.selectors import nominated_on, nominations_visible
from planning.selectors.form_people import FormPerson, form_people
from rotation.choices import Stage
from rotation.models import Rotation, RotationOpinion, RotationPlan, RotationTarget
from rotation.selectors.checks import Check, checks_of_all
from rotation.selectors.plans import STAGE_OF, rotations_of_plan


@dataclass(frozen=True)
class Submitted:
    """One rotation of a submission.

    `planned`: titles that plans of units in the actor's scope name the person for, with the unit
    and the term; `opinions` by side.
    """

    rotation: Rotation
    person: FormPerson
    planned: Sequence[str]
    opinions: dict[str, RotationOpinion]
    checks: Sequence[Check]


def targets_of(actor: Actor, plan: RotationPlan) -> list[RotationTarget]:
    """What a plan says now of units in the actor's scope, in the order of the tree."""
    rows = RotationTarget.objects.filter(unit_scope(actor), plan=plan.pk)
    return list(rows.select_related("unit").order_by("unit__path"))


def moves_of(actor: Actor, plan: RotationPlan) -> list[Rotation]:
    """Rotations that a plan counts, that the actor may see and that are not off, by name."""
    off = [status for status, stage in STAGE_OF.items() if stage == Stage.OFF]
    rows = rotations_of_plan(actor, plan).exclude(status__in=off)
    return list(rows.order_by("cadre__sort_key", "pk"))


def proposals_of(actor: Actor, plan: RotationPlan) -> QuerySet[Rotation]:
    """Proposals that a plan counts and that the actor may see, not decided yet, by name."""
    rows = rotations_of_plan(actor, plan, stage=Stage.PROPOSED)
    return rows.order_by("cadre__sort_key", "pk")


def submitted(actor: Actor, rotations: QuerySet[Rotation], as_of: dt.date) -> list[Submitted]:
    """Everything about some rotations; a fixed number of queries."""
    rows = list(
        rotations.select_related("cadre__native_unit", "plan").prefetch_related(
            "waivers", "opinions"
        )
    )
    people = form_people([row.cadre for row in rows], as_of)
    planned = _planned(actor, list(people), as_of)
    return [
        Submitted(
            row,
            people[row.cadre_id],
            planned[row.cadre_id],
            {each.side: each for each in row.opinions.all()},
            checks,
        )
        for row, checks in zip(rows, checks_of_all(rows, as_of), strict=True)
    ]


def _planned(actor: Actor, cadre_ids: list[int], as_of: dt.date) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows: Any = nominations_visible(actor).filter(nominated_on(as_of), cadre__in=cadre_ids)
    for row in rows:
        title = row.pool.position.title.name
        found[row.cadre_id].append(f"{title}, {row.plan.unit} ({row.plan.term})")
    return found
