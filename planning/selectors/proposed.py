"""What is proposed for a plan: the draft that is saved, and what stands in an address unsaved.

An address says `them=POOL-CODE` for a person added to a pool and `bo=ID` for a nomination taken
out, each as often as needed. What does not exist for the actor is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from cadres.policies import Actor
from cadres.selectors import cadres_visible
from planning.choices import DraftAct, PlanStatus
from planning.models import DraftItem, Nomination, Plan, Pool
from planning.selectors.judging import NO_CHANGES, Changes
from planning.selectors.plans import nominated_on


@dataclass(frozen=True)
class Proposed:
    """The saved draft's changes of a plan, and unsaved ones beside it."""

    saved: Changes = NO_CHANGES
    unsaved: Changes = NO_CHANGES

    @property
    def both(self) -> Changes:
        """Everything that is proposed, what is saved first."""
        added = dict.fromkeys((*self.saved.added, *self.unsaved.added))
        removed = dict.fromkeys((*self.saved.removed, *self.unsaved.removed))
        return Changes(tuple(added), tuple(removed))


def proposed_changes(
    actor: Actor, plan: Plan, as_of: dt.date, them: Sequence[str], bo: Sequence[str]
) -> Proposed:
    """What the draft says, and the values of `them=` and `bo=`; at most five queries."""
    saved = saved_changes(plan, as_of)
    unsaved = Changes(_added(actor, plan, them), _removed(plan, as_of, bo))
    # Who is there already cannot be added again.
    inside = set(
        Nomination.objects.filter(nominated_on(as_of), plan=plan)
        .exclude(pk__in=[*saved.removed, *unsaved.removed])
        .values_list("pool_id", "cadre_id")
        if unsaved.added
        else ()
    )
    added = tuple(pair for pair in unsaved.added if pair not in inside)
    return Proposed(saved, Changes(added, unsaved.removed))


def saved_changes(plan: Plan, as_of: dt.date) -> Changes:
    """What the open dossier of the plan adds and takes out; one query."""
    items = DraftItem.objects.filter(
        ~Q(dossier__status=PlanStatus.APPROVED),
        ~Q(act=DraftAct.KEEP),
        Q(nomination=None) | nominated_on(as_of, "nomination__"),
        plan=plan,
    ).values_list("act", "pool_id", "cadre_id", "nomination_id")
    rows = list(items.order_by("pool_id", "place", "pk"))
    return Changes(
        tuple((pool, cadre) for act, pool, cadre, _nomination in rows if act == DraftAct.ADD),
        tuple(nomination for act, _pool, _cadre, nomination in rows if act == DraftAct.REMOVE),
    )


def _added(actor: Actor, plan: Plan, them: Sequence[str]) -> tuple[tuple[int, int], ...]:
    wanted = []
    for text in dict.fromkeys(them):
        pool, _dash, code = text.partition("-")
        if is_number(pool) and code:
            wanted.append((int(pool), code))
    if not wanted:
        return ()
    people = dict(
        cadres_visible(actor)
        .filter(code__in=[code for _pool, code in wanted])
        .values_list("code", "pk")
    )
    pools = set(Pool.objects.filter(plan=plan).values_list("pk", flat=True))
    return tuple((pool, people[code]) for pool, code in wanted if pool in pools and code in people)


def _removed(plan: Plan, as_of: dt.date, bo: Sequence[str]) -> tuple[int, ...]:
    ids = [int(text) for text in dict.fromkeys(bo) if is_number(text)]
    if not ids:
        return ()
    held = Nomination.objects.filter(nominated_on(as_of), plan=plan, pk__in=ids)
    return tuple(held.order_by("pk").values_list("pk", flat=True))


def is_number(text: str) -> bool:
    """Whether a text of an address is an id that the database can hold."""
    return text.isascii() and text.isdecimal() and len(text) <= 18
