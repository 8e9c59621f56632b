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
from cadres.models.user import User

__all__ = [
    "Appointment",
    "Cadre",
    "Discipline",
    "Evaluation",
    "ImportJob",
    "Position",
    "RoleGrant",
    "Title",
    "Training",
    "Unit",
    "UnitSuccession",
    "User",
]
