"""What is proposed for a plan on a day: by its draft, and by an address beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cadres.policies import Actor
from planning.models import Plan
from planning.selectors.drafts import (
    Asked,
    Proposed,
    changes_asked,
    draft_of,
    present_keys,
    proposed,
)
from planning.selectors.judging import NOTHING


@dataclass(frozen=True)
class Proposal:
    """What the saved draft changes, and what it would once the address were saved as well."""

    saved: Proposed = NOTHING
    both: Proposed = NOTHING

    def is_saved(self, pool_id: int, cadre_id: int) -> bool:
        """Whether the draft itself adds somebody."""
        return (pool_id, cadre_id) in self.saved.added


def proposal_of(actor: Actor, plan: Plan, as_of: dt.date, asked: Asked) -> Proposal:
    """The proposal of a plan with what an address asks for; at most six queries."""
    items = draft_of(actor, plan).items.values()
    present = present_keys(plan.pk, as_of)
    changes = changes_asked(actor, plan, asked)
    return Proposal(proposed(items, (), present), proposed(items, changes, present))


def is_number(text: str) -> bool:
    """Whether a text of an address is an id that the database can hold."""
    return text.isascii() and text.isdecimal() and len(text) <= 18
