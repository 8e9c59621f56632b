"""Targets, waivers, runs, the verdicts that runs leave, and who took them away."""

from compliance.models.law import Target, Waiver
from compliance.models.marks import Mark
from compliance.models.retirement import RetirementDate
from compliance.models.runs import (
    ComplianceChange,
    ComplianceRun,
    ComplianceSnapshot,
    ComplianceState,
    FigureSet,
    RunChunk,
)

__all__ = [
    "ComplianceChange",
    "ComplianceRun",
    "ComplianceSnapshot",
    "ComplianceState",
    "FigureSet",
    "Mark",
    "RetirementDate",
    "RunChunk",
    "Target",
    "Waiver",
]
