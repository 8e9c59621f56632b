"""Every read of runs, findings and changes, within the actor's scope."""

from compliance.selectors.comparisons import RunComparison, Turn, TurnedFinding
from compliance.selectors.findings import (
    FindingFilters,
    FindingSet,
    FoundFinding,
    WaiverBeside,
    term_codes,
)
from compliance.selectors.law import (
    levels_judged,
    target_get,
    target_history,
    target_list,
    targets_of_root,
    units_to_set,
    waiver_get,
    waiver_history,
    waiver_list,
)
from compliance.selectors.runs import (
    run_get,
    run_list,
    run_newest,
    run_open,
    run_seen_whole,
    runs_comparable,
    snapshot_findings_unscoped,
)

__all__ = [
    "FindingFilters",
    "FindingSet",
    "FoundFinding",
    "RunComparison",
    "Turn",
    "TurnedFinding",
    "WaiverBeside",
    "levels_judged",
    "run_get",
    "run_list",
    "run_newest",
    "run_open",
    "run_seen_whole",
    "runs_comparable",
    "snapshot_findings_unscoped",
    "target_get",
    "target_history",
    "target_list",
    "targets_of_root",
    "term_codes",
    "units_to_set",
    "waiver_get",
    "waiver_history",
    "waiver_list",
]
