"""Data of people and organisation, protected by database constraints."""

from cadres.models.access import RoleGrant
from cadres.models.imports import ImportJob
from cadres.models.organisation import Position, Title, Unit, UnitSuccession
from cadres.models.people import (
    Appointment,
    Cadre,
    Discipline,
    Evaluation,
    Training,
)
from cadres.models.saved import ListColumns, SavedFilter
from cadres.models.records import ExportRecord, FileOpening
from cadres.models.user import User

__all__ = [
    "Appointment",
    "Cadre",
    "Discipline",
    "Evaluation",
    "ExportRecord",
    "FileOpening",
    "ImportJob",
    "ListColumns",
    "Position",
    "RoleGrant",
    "SavedFilter",
    "Title",
    "Training",
    "Unit",
    "UnitSuccession",
    "User",
]
