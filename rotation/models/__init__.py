"""Rotations, transfers and secondments, and the plan of a year that they are counted against."""

from rotation.models.plans import (
    EquivalentTitle,
    RotationPlan,
    RotationPlanDecision,
    RotationTarget,
)
from rotation.models.tours import (
    Rotation,
    RotationOpinion,
    RotationWaiver,
    TourExtension,
    TourReport,
)

__all__ = [
    "EquivalentTitle",
    "Rotation",
    "RotationOpinion",
    "RotationPlan",
    "RotationPlanDecision",
    "RotationTarget",
    "RotationWaiver",
    "TourExtension",
    "TourReport",
]
