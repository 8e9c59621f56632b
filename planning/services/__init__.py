"""Everything that checks and changes plans."""

from planning.services.checks import (
    check_start,
    plan_check,
    plan_checks,
    plans_recheck_after,
    plans_touched,
)

__all__ = ["check_start", "plan_check", "plan_checks", "plans_recheck_after", "plans_touched"]
