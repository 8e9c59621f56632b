"""What one rotation does to the plans of both units: tried out by the engine, then undone.

The appointments are really written, the plans really judged, and everything is rolled back: what
this tells is what will be, and it leaves no row, no history and no job behind.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from cadres.policies import Actor, can_see_sensitive
from cadres.selectors.positions import positions_on
from cadres.selectors.posts import holders_by_post
from cadres.services.moves import (
    MoveRefused,
    Post,
    post_move,
    post_move_complete,
    post_move_undo,
)
from compliance.engine.findings import Finding
from planning.selectors import plans_visible
from planning.selectors.plans import nominated_on
from planning.services import plan_check
from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation

if TYPE_CHECKING:
    from planning.models import Plan

#: More plans are no matter of one person; each takes six queries.
MOST_PLANS = 8
#: Nothing is written yet.
_TO_COME = (RotationStatus.PROPOSED, RotationStatus.APPROVED)


@dataclass(frozen=True)
class Change:
    """A finding without the rotation and with it."""

    before: Finding
    after: Finding

    @property
    def turns(self) -> bool:
        """Whether the verdict is another one."""
        return self.before.outcome != self.after.outcome


@dataclass(frozen=True)
class PlanEffect:
    """A plan with what changes in it, verdicts that turn first; empty: nothing does."""

    plan: Plan
    changes: Sequence[Change]


@dataclass(frozen=True)
class SeatEffect:
    """A post with how many hold it without the rotation and with it.

    `prescribed`: None where the unit has no such post on the day.
    """

    unit: Any
    title: Any
    prescribed: int | None
    before: int
    after: int


@dataclass(frozen=True)
class RotationEffect:
    """What a rotation does on a day, or did (`is_past`); `refused`: why it cannot be written."""

    on: dt.date
    is_past: bool
    plans: Sequence[PlanEffect] = ()
    seats: Sequence[SeatEffect] = ()
    refused: Sequence[str] = field(default=())


@dataclass(frozen=True)
class _State:
    """Findings by plan and place, and holders by post."""

    findings: dict[int, dict[tuple[str, int, int], Finding]]
    held: Counter[tuple[int, int]]


def rotation_effect(actor: Actor, rotation: Rotation, today: dt.date) -> RotationEffect | None:
    """Compare the plans that it may concern, of units in the actor's scope, without and with it.

    Judged on its start, or today where it has none yet. Of one under way what its start wrote is
    taken out instead; where it did not begin here, what its career lacks is written first. None
    where nothing was or will be written. At most six queries a plan, and some fifteen.
    """
    on = rotation.start_on or today
    is_past = rotation.status == RotationStatus.IN_PROGRESS
    if not (is_past and rotation.start_on) and rotation.status not in _TO_COME:
        return None
    plans = _plans(actor, rotation, on)
    posts = _posts(rotation)

    def state() -> _State:
        return _State(
            {plan.pk: _findings(actor, plan, on) for plan in plans},
            holders_by_post(Q(unit__in=[post.unit_id for post in posts]), on),
        )

    with _undone():
        try:
            begun = rotation.begun
            if is_past and begun is None:
                begun = post_move_complete(**_move(rotation, on))
            now = state()
            if begun is not None and is_past:
                post_move_undo(cadre_id=rotation.cadre_id, done=begun)
            else:
                post_move(**_move(rotation, on))
        except MoveRefused as refused:
            return RotationEffect(on, is_past, refused=refused.reasons)
        then = state()
    without, with_it = (then, now) if is_past else (now, then)
    return RotationEffect(
        on,
        is_past,
        plans=[
            PlanEffect(plan, _changes(without.findings[plan.pk], with_it.findings[plan.pk]))
            for plan in plans
        ],
        seats=_seats(rotation, on, without.held, with_it.held),
    )


@contextmanager
def _undone() -> Iterator[None]:
    """A transaction, or a part of one, that is rolled back whatever happens in it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _move(rotation: Rotation, on: dt.date) -> dict[str, Any]:
    """What the start of the rotation writes."""
    leaves, takes = _posts(rotation)
    return {
        "cadre_id": rotation.cadre_id,
        "leaves": None if rotation.kind == RotationKind.SECONDMENT else leaves,
        "takes": takes,
        "on": on,
        "decision_no": rotation.decision_no,
    }


def _posts(rotation: Rotation) -> tuple[Post, Post]:
    return (
        Post(rotation.from_unit_id, rotation.from_title_id),
        Post(rotation.to_unit_id, rotation.to_title_id),
    )


def _plans(actor: Actor, rotation: Rotation, on: dt.date) -> list[Plan]:
    """Running plans of both units, and every plan that names the person on the day."""
    units = (rotation.from_unit_id, rotation.to_unit_id)
    running = Q(unit__in=units, term__starts_on__lte=on, term__ends_on__gte=on)
    names = nominated_on(on, "nominations__") & Q(nominations__cadre=rotation.cadre_id)
    rows = plans_visible(actor).filter(running | names).distinct()
    return list(rows.order_by("unit__path", "term__starts_on")[:MOST_PLANS])


def _findings(actor: Actor, plan: Plan, on: dt.date) -> dict[tuple[str, int, int], Finding]:
    is_told = can_see_sensitive(actor, plan.unit)
    return {
        (each.rule.code, each.kind.value, each.subject_id): each
        for each in plan_check(plan=plan, as_of=on)
        if is_told or not each.rule.sensitive
    }


def _changes(
    before: dict[tuple[str, int, int], Finding], after: dict[tuple[str, int, int], Finding]
) -> list[Change]:
    """What is measured or judged otherwise; the engine judges the same subjects both times."""
    changes = [
        Change(before[place], finding)
        for place, finding in after.items()
        if place in before and _said(before[place]) != _said(finding)
    ]
    return sorted(changes, key=lambda change: not change.turns)


def _said(finding: Finding) -> tuple[Any, ...]:
    return finding.outcome, finding.measured, finding.required


def _seats(
    rotation: Rotation,
    on: dt.date,
    before: Counter[tuple[int, int]],
    after: Counter[tuple[int, int]],
) -> list[SeatEffect]:
    named = ((rotation.from_unit, rotation.from_title), (rotation.to_unit, rotation.to_title))
    units = [unit.pk for unit, _title in named]
    prescribed = {
        (row.unit_id, row.title_id): row.number for row in positions_on(on).filter(unit__in=units)
    }
    return [
        SeatEffect(unit, title, prescribed.get(post), before[post], after[post])
        for (unit, title), post in zip(named, _posts(rotation), strict=True)
    ]
