"""Plans of one level side by side: measured values of each criterion, from the stored verdicts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from cadres.policies import Actor
from planning.selectors.overview import WORST_FIRST, PlanRow, plan_rows
from planning.selectors.plans import plans_visible
from planning.selectors.stored import Basis, PlanFilter, score_page

#: More than these do not stand side by side on a page; the worst are shown.
MOST = 300


@dataclass(frozen=True)
class LevelPlans:
    """A level with plans in scope, and how many."""

    level: str
    plans: int


def levels_of(actor: Actor, term_id: int) -> list[LevelPlans]:
    """The levels that have plans of the term in scope, the most plans first; one query."""
    counted = plans_visible(actor).filter(term_id=term_id).values("unit__level")
    rows = counted.annotate(plans=Count("pk")).order_by("-plans", "unit__level")
    return [LevelPlans(row["unit__level"], row["plans"]) for row in rows]


def compared(
    actor: Actor, basis: Basis | None, term_id: int, level: str, codes: Collection[str] = ()
) -> tuple[list[PlanRow], list[PlanRow]]:
    """The plans of a level, the worst first, and of these the chosen (all without a choice).

    At most `MOST`; two queries.
    """
    wanted = PlanFilter(term_id=term_id, level=level)
    scored = score_page(actor, basis, wanted, order=WORST_FIRST, size=MOST)
    rows = plan_rows(actor, basis, scored)
    chosen = [row for row in rows if row.unit_code in codes]
    return rows, chosen or rows
