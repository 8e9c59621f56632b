"""Data of people and organisation, protected by database constraints."""

from cadres.models.access import RoleGrant
from cadres.models.biography import Biography
from cadres.models.imports import ImportJob
from cadres.models.list_imports import (
    ListImport,
    ListImportChange,
    ListImportEdit,
    ListImportRow,
    ListMapping,
    ListSynonym,
)
from cadres.models.organisation import Position, Title, Unit, UnitSuccession
from cadres.models.people import (
    Appointment,
    Cadre,
    Discipline,
    Evaluation,
    Training,
)
from cadres.models.records import ExportRecord, FileOpening
from cadres.models.reorganisation import (
    Reorganisation,
    ReorganisationChoice,
    ReorganisationPost,
    ReorganisationStep,
    UnitPeriod,
)
from cadres.models.rounds import RoundProposal, RoundRequest, SupplementRound
from cadres.models.saved import ListColumns, SavedFilter
from cadres.models.user import User

__all__ = [
    "Appointment",
    "Biography",
    "Cadre",
    "Discipline",
    "Evaluation",
    "ExportRecord",
    "FileOpening",
    "ImportJob",
    "ListImport",
    "ListImportChange",
    "ListImportEdit",
    "ListImportRow",
    "ListMapping",
    "ListSynonym",
    "ListColumns",
    "Position",
    "Reorganisation",
    "ReorganisationChoice",
    "ReorganisationPost",
    "ReorganisationStep",
    "RoleGrant",
    "RoundProposal",
    "RoundRequest",
    "SavedFilter",
    "SupplementRound",
    "Title",
    "Training",
    "Unit",
    "UnitPeriod",
    "UnitSuccession",
    "User",
]
