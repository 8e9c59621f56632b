"""Every read of plans, scoped to the actor."""

from planning.selectors.history import LIMIT as HISTORY_LIMIT
from planning.selectors.history import plan_history
from planning.selectors.overview import Overview, overview, plan_rows
from planning.selectors.plans import (
    PlanRows,
    ballot_threshold,
    ballots_of,
    cadre_nominations,
    head_of,
    nominated_on,
    nominations_visible,
    nominees,
    plan_get,
    plan_pools,
    plans_visible,
    pools_of,
    term_list,
    unit_plans,
)
from planning.selectors.stored import PlanFilter, checked
from planning.selectors.terms import term_choice
from planning.selectors.units import issuer, scope_unit, unit_choices, units_above, units_over

__all__ = [
    "HISTORY_LIMIT",
    "Overview",
    "PlanFilter",
    "PlanRows",
    "ballot_threshold",
    "ballots_of",
    "cadre_nominations",
    "checked",
    "head_of",
    "issuer",
    "nominated_on",
    "nominations_visible",
    "nominees",
    "overview",
    "plan_get",
    "plan_history",
    "plan_pools",
    "plan_rows",
    "plans_visible",
    "pools_of",
    "scope_unit",
    "term_choice",
    "term_list",
    "unit_choices",
    "unit_plans",
    "units_above",
    "units_over",
]
