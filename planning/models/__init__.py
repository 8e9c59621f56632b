"""Terms, plans, pools, nominations, ballots; cycles, dossiers with their drafts, snapshots."""

from planning.models.dossiers import (
    Dossier,
    DraftItem,
    DraftSave,
    PlanSnapshot,
    StepBallot,
    StepRecord,
)
from planning.models.plans import Ballot, Nomination, Plan, Pool, Term
from planning.models.process import Holiday, PlanningCycle, ProcessSetting, StepTemplate

__all__ = [
    "Ballot",
    "Dossier",
    "DraftItem",
    "DraftSave",
    "Holiday",
    "Nomination",
    "Plan",
    "PlanSnapshot",
    "PlanningCycle",
    "Pool",
    "ProcessSetting",
    "StepBallot",
    "StepRecord",
    "StepTemplate",
    "Term",
]
