"""How the plans of units stand, for the tree of the organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cadres.policies import Actor
from cadres.unit_states import PlanState
from planning.selectors import stored
from planning.selectors.stored import BAD, GOOD, UNCLEAR, PlanFilter, Statement


def plan_states(actor: Actor, day: dt.date, paths: Sequence[str]) -> dict[str, PlanState]:
    """Plans of the day's term by path of their unit; two queries."""
    basis = stored.checked(actor, day).basis
    path = paths[0] if len(paths) == 1 else ""
    base = stored.worst_scores(actor, basis, PlanFilter(path=path, day=day))
    rows = stored.rows_of(
        Statement(
            f"{base.sql} SELECT path, count(*) FILTER (WHERE worst = {GOOD}) AS met,"  # noqa: S608
            f" count(*) FILTER (WHERE worst = {BAD}) AS bad,"
            f" count(*) FILTER (WHERE worst = {UNCLEAR}) AS unclear,"
            " count(*) FILTER (WHERE worst IS NULL) AS unchecked"
            " FROM score GROUP BY path",
            base.values,
        )
    )
    return {
        row["path"]: PlanState(row["met"], row["bad"], row["unclear"], row["unchecked"])
        for row in rows
    }
