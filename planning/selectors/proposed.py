"""What is proposed for a plan on a day: by its draft, and unsaved beside it."""

from __future__ import annotations

import datetime as dt

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


def proposal_of(actor: Actor, plan: Plan, as_of: dt.date, asked: Asked) -> Proposed:
    """What the draft of a plan changes once what an address asks for is saved; six queries."""
    items = draft_of(actor, plan).items.values()
    changes = changes_asked(actor, plan, asked)
    return proposed(items, changes, present_keys(plan.pk, as_of))
