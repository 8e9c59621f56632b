"""Terms, plans, pools, nominations, ballots; cycles, dossiers with drafts, snapshots; forecasts."""

from planning.models.dossiers import (
    Dossier,
    DraftItem,
    DraftSave,
    PlanSnapshot,
    StepBallot,
    StepRecord,
)
from planning.models.forecasts import ForecastChunk, ForecastEvent, ForecastRun, PlanForecast
from planning.models.plans import Ballot, Nomination, Plan, Pool, Term
from planning.models.process import Holiday, PlanningCycle, ProcessSetting, StepTemplate

__all__ = [
    "Ballot",
    "Dossier",
    "DraftItem",
    "DraftSave",
    "ForecastChunk",
    "ForecastEvent",
    "ForecastRun",
    "Holiday",
    "Nomination",
    "Plan",
    "PlanForecast",
    "PlanSnapshot",
    "PlanningCycle",
    "Pool",
    "ProcessSetting",
    "StepBallot",
    "StepRecord",
    "StepTemplate",
    "Term",
]
