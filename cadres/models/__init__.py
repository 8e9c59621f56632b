"""Data of people and organisation, protected by database constraints."""

from cadres.models.access import RoleGrant
from cadres.models.biography import Biography
from cadres.models.duplicates import DistinctPair, FileMerge, PersonQuestion
from cadres.models.exports import StoredExport
from cadres.models.imports import ImportJob
from cadres.models.list_imports import (
    ListImport,
    ListImportChange,
    ListImportEdit,
    ListImportRow,
    ListMapping,
    ListSynonym,
)
from cadres.models.locals import LocalFlag
from cadres.models.notices import Notice
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
    PositionPeriod,
    Reorganisation,
    ReorganisationChoice,
    ReorganisationPost,
    ReorganisationStep,
    UnitPeriod,
)
from cadres.models.rounds import RoundProposal, RoundRequest, SupplementRound
from cadres.models.saved import ListColumns, SavedFilter
from cadres.models.training import CadreSkill, Course, CourseMember, TitleSkill
from cadres.models.user import User

__all__ = [
    "Appointment",
    "Biography",
    "Cadre",
    "CadreSkill",
    "Course",
    "CourseMember",
    "Discipline",
    "DistinctPair",
    "Evaluation",
    "ExportRecord",
    "FileMerge",
    "FileOpening",
    "ImportJob",
    "ListColumns",
    "ListImport",
    "ListImportChange",
    "ListImportEdit",
    "ListImportRow",
    "ListMapping",
    "ListSynonym",
    "LocalFlag",
    "Notice",
    "PersonQuestion",
    "Position",
    "PositionPeriod",
    "Reorganisation",
    "ReorganisationChoice",
    "ReorganisationPost",
    "ReorganisationStep",
    "RoleGrant",
    "RoundProposal",
    "RoundRequest",
    "SavedFilter",
    "StoredExport",
    "SupplementRound",
    "Title",
    "TitleSkill",
    "Training",
    "Unit",
    "UnitPeriod",
    "UnitSuccession",
    "User",
]
