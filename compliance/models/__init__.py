"""Targets, waivers, runs, the verdicts that runs leave, and who took them away."""

from compliance.models.law import Target, Waiver
from compliance.models.runs import (
    ComplianceChange,
    ComplianceRun,
    ComplianceSnapshot,
    ComplianceState,
    FigureSet,
    RunChunk,
)
from compliance.models.standing import RetirementDate, Standing

__all__ = [
    "ComplianceChange",
    "ComplianceRun",
    "ComplianceSnapshot",
    "ComplianceState",
    "FigureSet",
    "RetirementDate",
    "RunChunk",
    "Standing",
    "Target",
    "Waiver",
]
