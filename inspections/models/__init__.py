"""Inspections: the mandate, what units answer, evidence that stands, findings, what follows."""

from inspections.models.evidence import Evidence, EvidenceTaking
from inspections.models.findings import (
    Correction,
    Finding,
    FindingEvidence,
    Objection,
    Recommendation,
    RemedyAct,
    RemedyReport,
    TeamReport,
)
from inspections.models.mandate import (
    InspectedUnit,
    Inspection,
    OutlineItem,
    Programme,
    ProgrammeItem,
    TeamMember,
)
from inspections.models.papers import Attachment, Minutes, PaperTemplate, RegisteredDocument
from inspections.models.reports import SelfAnswer, SelfReport, SelfSubmission

__all__ = [
    "Attachment",
    "Correction",
    "Evidence",
    "EvidenceTaking",
    "Finding",
    "FindingEvidence",
    "InspectedUnit",
    "Inspection",
    "Minutes",
    "Objection",
    "OutlineItem",
    "PaperTemplate",
    "Programme",
    "ProgrammeItem",
    "Recommendation",
    "RegisteredDocument",
    "RemedyAct",
    "RemedyReport",
    "SelfAnswer",
    "SelfReport",
    "SelfSubmission",
    "TeamMember",
    "TeamReport",
]
