"""What is proposed for a plan on a day: by its draft, and by `them=` and `bo=` of an address.

An address says `them=POOL-CODE` for a person added to a pool and `bo=ID` for a nomination taken
out, each as often as needed. What does not exist for the actor is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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


def proposal_of(
    actor: Actor, plan: Plan, as_of: dt.date, them: Sequence[str], bo: Sequence[str]
) -> Proposal:
    """The proposal of a plan with the values of `them=` and `bo=`; at most six queries."""
    items = draft_of(actor, plan).items.values()
    asked = Asked(
        added=[pair for text in them if (pair := pool_and_code(text))],
        removed={int(text): ("", "") for text in bo if is_number(text)},
        orders={},
    )
    present = present_keys(plan.pk, as_of)
    changes = changes_asked(actor, plan, asked)
    return Proposal(proposed(items, (), present), proposed(items, changes, present))


def pool_and_code(text: str) -> tuple[int, str] | None:
    """`12-CB000345` -> (12, "CB000345"); None where it is not so."""
    pool, _dash, code = text.partition("-")
    return (int(pool), code) if is_number(pool) and code else None


def is_number(text: str) -> bool:
    """Whether a text of an address is an id that the database can hold."""
    return text.isascii() and text.isdecimal() and len(text) <= 18
