"""Every address × every role. An address without a line fails, so nobody forgets to decide.

The objects belong to Sở Nội vụ: inside the scope of `unit_officer` and `inspector`, outside that of
`other_unit_officer`. 302 leads to the sign-in, 404 means "does not exist for you", 403 "not yours
to do", 405 "not this way".
"""

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http.response import HttpResponseBase, HttpResponseForbidden, HttpResponseNotFound
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from cadre_portal import urls
from cadre_portal.common import clock
from cadres.models import (
    ImportJob,
    ListImport,
    PersonQuestion,
    Reorganisation,
    SavedFilter,
    StoredExport,
    User,
)
from cadres.selectors.stored_exports import rights_print
from cadres.services.notices import Telling, notify
from cadres.services.rounds import round_open
from compliance.choices import RunKind
from compliance.models import ComplianceRun
from compliance.services import run_inline, run_start
from inspections.choices import Stage, TeamRole
from inspections.models import (
    Evidence,
    EvidenceTaking,
    Finding,
    FindingEvidence,
    InspectedUnit,
    Inspection,
    Minutes,
    Objection,
    OutlineItem,
    PaperTemplate,
    Programme,
    RegisteredDocument,
    TeamMember,
)
from inspections.services.attachments import file_keep
from planning.models import ForecastRun
from planning.services.process import dossier_open
from rotation.choices import RotationStatus
from tests import factories
from tests.cast import ROLES, Organisation
from tests.inspections.remedies import recommend

# Every address for everybody: on a busy machine that takes its time.
pytestmark = pytest.mark.timeout(900)

Browser = Callable[[User], Client]

#: Ours; the pages of allauth and of the Django admin have tests of their own.
APPS = ("api", "planning", "cadres", "compliance", "rotation", "inspections")
BARE = ("api-schema", "healthz", "components", "set_language")
COLUMNS = ("visitor", *ROLES)

#                    visitor admin province unit other approver inspector auditor stranger
MATRIX: dict[str, str] = {
    "GET api:api-root": "401 200 200 200 200 200 200 200 200",
    "GET api:cadre-detail": "401 200 200 200 404 200 200 200 404",
    "GET api:cadre-list": "401 200 200 200 200 200 200 200 200",
    "GET api:finding-list": "401 200 200 200 200 200 200 200 200",
    "GET api:nomination-list": "401 200 200 200 200 200 200 200 200",
    "GET api:plan-detail": "401 200 200 200 404 200 200 200 404",
    "GET api:plan-list": "401 200 200 200 200 200 200 200 200",
    "GET api:term-detail": "401 200 200 200 200 200 200 200 404",
    "GET api:term-list": "401 200 200 200 200 200 200 200 200",
    "GET api:title-detail": "401 200 200 200 200 200 200 200 404",
    "GET api:title-list": "401 200 200 200 200 200 200 200 200",
    "GET api:unit-detail": "401 200 200 200 404 200 200 200 404",
    "GET api:unit-list": "401 200 200 200 200 200 200 200 200",
    "GET api-schema": "401 200 200 200 200 200 200 200 200",
    "GET cadres:cadre-add": "302 200 200 200 200 403 403 403 403",
    "POST cadres:cadre-add": "302 422 422 422 422 403 403 403 403",
    "GET cadres:cadre-detail": "302 200 200 200 404 200 200 200 404",
    "GET cadres:cadre-edit": "302 200 200 200 404 403 403 403 404",
    "POST cadres:cadre-edit": "302 302 302 302 404 403 403 403 404",
    "GET cadres:cadre-edit-section": "302 200 200 200 404 403 403 403 404",
    "POST cadres:cadre-edit-section": "302 302 302 302 404 403 403 403 404",
    "GET cadres:cadre-form-2c": "302 200 200 200 404 200 200 200 404",
    "GET cadres:cadre-forms-2c": "302 200 200 200 200 200 200 200 403",
    "POST cadres:cadre-form-2c": "302 422 422 422 404 422 422 422 404",
    "POST cadres:cadre-forms-2c": "302 422 422 422 422 422 422 422 403",
    "GET cadres:cadre-history": "302 200 200 200 404 200 200 200 404",
    "GET cadres:cadre-panel": "302 200 200 200 404 200 200 200 404",
    "POST cadres:cadre-columns": "302 302 302 302 302 302 302 302 302",
    "GET cadres:cadre-compare": "302 200 200 200 200 200 200 200 200",
    "GET cadres:cadre-export": "302 200 200 200 200 200 200 200 403",
    "POST cadres:cadre-export": "302 422 422 422 422 422 422 422 403",
    "GET cadres:cadre-filter": "302 200 200 200 200 200 200 200 200",
    "POST cadres:cadre-filter-drop": "302 404 302 404 404 404 404 404 404",
    "GET cadres:cadre-filter-keep": "302 302 302 302 302 302 302 302 403",
    "POST cadres:cadre-filter-keep": "302 302 302 302 302 302 302 302 403",
    "GET cadres:cadre-filter-list": "302 200 200 200 200 200 200 200 403",
    "GET cadres:cadre-list": "302 200 200 200 200 200 200 200 200",
    "GET cadres:cadre-post-end": "302 200 200 200 404 403 403 403 404",
    "POST cadres:cadre-post-end": "302 422 422 422 404 403 403 403 404",
    "GET cadres:cadre-row-add": "302 200 200 200 404 403 403 403 404",
    "POST cadres:cadre-row-add": "302 422 422 422 404 403 403 403 404",
    "GET cadres:cadre-row-change": "302 200 200 200 404 403 403 403 404",
    "POST cadres:cadre-row-change": "302 302 302 302 404 403 403 403 404",
    "GET cadres:cadre-row-remove": "302 200 200 200 404 403 403 403 404",
    "POST cadres:cadre-row-remove": "302 409 409 409 404 403 403 403 404",
    "POST cadres:cadre-row-restore": "302 302 302 302 404 403 403 403 404",
    "GET cadres:evaluation-export": "302 200 200 200 200 200 200 200 403",
    "POST cadres:evaluation-judge": "302 200 200 200 404 403 403 403 404",
    "GET cadres:evaluation-list": "302 200 200 200 200 200 200 200 200",
    "GET cadres:evaluation-read": "302 200 200 200 404 403 403 403 404",
    "POST cadres:evaluation-read": "302 422 422 422 404 403 403 403 404",
    "GET cadres:evaluation-unit": "302 200 200 200 404 200 200 200 404",
    "POST cadres:evaluation-unit": "302 302 302 302 404 403 403 403 404",
    "GET cadres:evaluation-undo": "302 302 302 302 404 403 403 403 404",
    "POST cadres:evaluation-undo": "302 302 302 302 404 403 403 403 404",
    "GET cadres:evaluation-unit-export": "302 200 200 200 404 200 200 200 404",
    "GET cadres:import-apply": "302 200 200 404 404 404 404 404 404",
    "POST cadres:import-apply": "302 302 302 404 404 404 404 404 404",
    "GET cadres:import-detail": "302 200 200 404 404 404 404 404 404",
    "GET cadres:import-errors": "302 200 200 404 404 404 404 404 404",
    "GET cadres:import-list": "302 200 200 200 200 200 200 403 403",
    "POST cadres:import-list": "302 422 422 422 422 403 403 403 403",
    "GET cadres:import-progress": "302 200 200 404 404 404 404 404 404",
    "POST cadres:import-retry": "302 302 302 404 404 404 404 404 404",
    "GET cadres:import-template": "302 200 200 200 200 200 200 200 403",
    "GET cadres:record-export": "302 200 403 403 403 403 403 200 403",
    "GET cadres:record-list": "302 200 403 403 403 403 403 200 403",
    "POST cadres:list-import-apply": "302 302 302 302 404 404 404 404 404",
    "POST cadres:list-import-decide": "302 404 404 404 404 404 404 404 404",
    "GET cadres:list-import-detail": "302 200 200 200 404 404 404 404 404",
    "GET cadres:list-import-drop": "302 200 200 200 404 404 404 404 404",
    "POST cadres:list-import-drop": "302 302 302 302 404 404 404 404 404",
    "GET cadres:list-import-errors": "302 200 200 200 404 404 404 404 404",
    "GET cadres:list-import-file": "302 200 200 200 404 404 404 404 404",
    "POST cadres:list-import-map": "302 302 302 302 404 404 404 404 404",
    "GET cadres:list-import-options": "302 200 200 200 404 404 404 404 404",
    "POST cadres:list-import-options": "302 422 422 422 404 404 404 404 404",
    "POST cadres:list-import-preview": "302 302 302 302 404 404 404 404 404",
    "GET cadres:list-import-progress": "302 200 200 200 404 404 404 404 404",
    "POST cadres:list-import-reopen": "302 302 302 302 404 404 404 404 404",
    "POST cadres:list-import-retry": "302 302 302 302 404 404 404 404 404",
    "GET cadres:list-import-undo": "302 200 200 200 404 404 404 404 404",
    "POST cadres:list-import-undo": "302 302 302 302 404 404 404 404 404",
    "POST cadres:duplicate-apart": "302 302 302 403 403 403 403 403 403",
    "GET cadres:duplicate-list": "302 200 200 403 403 403 403 403 403",
    "GET cadres:duplicate-pair": "302 200 200 403 403 403 403 403 403",
    "POST cadres:duplicate-pair": "302 422 422 403 403 403 403 403 403",
    "POST cadres:duplicate-question": "302 302 302 403 403 403 403 403 403",
    "POST cadres:export-drop": "302 302 404 404 404 404 404 404 404",
    "GET cadres:export-file": "302 200 404 404 404 404 404 404 404",
    "GET cadres:export-list": "302 200 200 200 200 200 200 200 403",
    "GET cadres:export-progress": "302 200 404 404 404 404 404 404 404",
    "POST cadres:export-retry": "302 302 404 404 404 404 404 404 404",
    "GET cadres:round-answer": "302 200 200 200 404 404 404 404 404",
    "POST cadres:round-answer": "302 302 302 302 404 404 404 404 404",
    "POST cadres:round-close": "302 302 302 403 404 404 404 404 404",
    "GET cadres:round-decide": "302 200 200 200 404 404 404 404 404",
    "POST cadres:round-decide": "302 422 422 422 404 404 404 404 404",
    "GET cadres:round-detail": "302 200 200 200 404 404 404 404 404",
    "GET cadres:round-list": "302 200 200 200 200 200 200 200 200",
    "GET cadres:round-open": "302 200 200 200 200 403 403 403 403",
    "POST cadres:round-open": "302 422 422 422 422 403 403 403 403",
    "POST cadres:round-reopen": "302 302 302 403 404 404 404 404 404",
    "GET cadres:search": "302 200 200 200 200 200 200 200 200",
    "GET cadres:training-add": "302 200 200 200 200 403 403 403 403",
    "POST cadres:training-add": "302 200 200 200 200 403 403 403 403",
    "POST cadres:training-add-members": "302 422 422 422 404 403 403 403 404",
    "GET cadres:training-cadre": "302 200 200 200 404 200 200 200 404",
    "POST cadres:training-cadre": "302 422 422 422 404 403 403 403 404",
    "POST cadres:training-cancel": "302 302 302 302 404 403 403 403 404",
    "GET cadres:training-detail": "302 200 200 200 404 200 200 200 404",
    "GET cadres:training-edit": "302 200 200 200 404 403 403 403 404",
    "POST cadres:training-edit": "302 422 422 422 404 403 403 403 404",
    "GET cadres:training-finish": "302 200 200 200 404 403 403 403 404",
    "POST cadres:training-finish": "302 422 422 422 404 403 403 403 404",
    "GET cadres:training-export": "302 200 200 200 200 200 200 200 403",
    "GET cadres:training-members-export": "302 200 200 200 404 200 200 200 404",
    "GET cadres:training-list": "302 200 200 200 200 200 200 200 200",
    "POST cadres:training-members": "302 302 302 302 404 403 403 403 404",
    "POST cadres:training-open": "302 302 302 302 404 403 403 403 404",
    "POST cadres:training-skill-remove": "302 302 302 302 404 403 403 403 404",
    "GET cadres:training-skills": "302 200 200 200 200 200 200 200 200",
    "GET cadres:reorganisation-add": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-add": "302 422 422 403 403 403 403 403 403",
    "GET cadres:reorganisation-apply": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-apply": "302 302 302 403 403 403 403 403 403",
    "GET cadres:reorganisation-detail": "302 200 200 403 403 403 403 200 403",
    "GET cadres:reorganisation-drop": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-drop": "302 302 302 403 403 403 403 403 403",
    "GET cadres:reorganisation-edit": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-edit": "302 422 422 403 403 403 403 403 403",
    "GET cadres:reorganisation-list": "302 200 200 403 403 403 403 200 403",
    "GET cadres:reorganisation-people": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-people": "302 302 302 403 403 403 403 403 403",
    "GET cadres:reorganisation-posts": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-posts": "302 302 302 403 403 403 403 403 403",
    "GET cadres:reorganisation-step-add": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-step-add": "302 422 422 403 403 403 403 403 403",
    "POST cadres:reorganisation-step-remove": "302 302 302 403 403 403 403 403 403",
    "GET cadres:reorganisation-undo": "302 200 200 403 403 403 403 403 403",
    "POST cadres:reorganisation-undo": "302 302 302 403 403 403 403 403 403",
    "GET cadres:unit-children": "302 200 200 200 404 200 200 200 404",
    "GET cadres:unit-detail": "302 200 200 200 404 200 200 200 404",
    "GET cadres:unit-history": "302 200 200 200 404 200 200 200 404",
    "GET cadres:unit-list": "302 200 200 200 200 200 200 200 200",
    "GET cadres:unit-posts": "302 200 200 200 404 200 200 200 404",
    "GET cadres:workbook-export": "302 200 200 200 200 200 200 403 403",
    "GET compliance:finding-export": "302 200 200 200 200 200 200 200 403",
    "GET compliance:finding-list": "302 200 200 200 200 200 200 200 200",
    "GET compliance:law-export": "302 200 200 200 200 200 200 200 403",
    "GET compliance:law-list": "302 200 200 200 200 200 200 200 200",
    "POST compliance:run-cancel": "302 302 302 302 404 302 403 403 404",
    "GET compliance:run-compare": "302 200 200 200 404 200 200 200 404",
    "GET compliance:run-detail": "302 200 200 200 404 200 200 200 404",
    "GET compliance:run-list": "302 200 200 200 200 200 200 200 200",
    "GET compliance:run-progress": "302 200 200 200 404 200 200 200 404",
    "GET compliance:target-add": "302 200 200 403 403 403 403 403 403",
    "POST compliance:target-add": "302 422 422 403 403 403 403 403 403",
    "GET compliance:target-detail": "302 200 200 200 404 200 200 200 404",
    "GET compliance:target-drop": "302 200 200 403 404 403 403 403 404",
    "POST compliance:target-drop": "302 302 302 403 404 403 403 403 404",
    "GET compliance:target-end": "302 200 200 403 404 403 403 403 404",
    "POST compliance:target-end": "302 422 422 403 404 403 403 403 404",
    "GET compliance:target-replace": "302 200 200 403 404 403 403 403 404",
    "POST compliance:target-replace": "302 422 422 403 404 403 403 403 404",
    "GET compliance:waiver-add": "302 200 200 200 200 403 403 403 403",
    "POST compliance:waiver-add": "302 422 422 422 422 403 403 403 403",
    "GET compliance:waiver-approve": "302 200 403 403 404 200 403 403 404",
    "POST compliance:waiver-approve": "302 302 403 403 404 302 403 403 404",
    "GET compliance:waiver-detail": "302 200 200 200 404 200 200 200 404",
    "GET compliance:waiver-drop": "302 200 200 200 404 200 403 403 404",
    "POST compliance:waiver-drop": "302 302 302 302 404 302 403 403 404",
    "GET compliance:waiver-end": "302 200 200 200 404 200 403 403 404",
    "POST compliance:waiver-end": "302 422 422 422 404 422 403 403 404",
    "POST compliance:run-start": "302 302 302 200 200 200 403 403 403",
    "GET components": "302 200 403 403 403 403 403 403 403",
    "GET healthz": "200 200 200 200 200 200 200 200 200",
    "POST planning:check-start": "302 302 302 302 302 302 403 403 403",
    "GET planning:comparison": "302 200 200 200 200 200 200 200 200",
    "GET planning:forecast-list": "302 200 200 200 200 200 200 200 200",
    "GET planning:forecast-progress": "302 200 200 200 404 200 200 200 404",
    "POST planning:forecasts-start": "302 302 302 403 403 403 403 403 403",
    "GET planning:lineage": "302 200 200 200 200 200 200 200 200",
    "GET cadres:notice-list": "302 200 200 200 200 200 200 200 200",
    "POST cadres:notice-open": "302 404 404 302 404 404 404 404 404",
    "POST cadres:notices-read": "302 302 302 302 302 302 302 302 302",
    "GET cadres:todo-list": "302 200 200 200 200 200 200 200 200",
    "GET planning:cycle-change": "302 200 200 403 404 403 403 403 404",
    "POST planning:cycle-change": "302 422 422 403 404 403 403 403 404",
    "POST planning:cycle-close": "302 302 302 403 404 403 403 403 404",
    "GET planning:cycle-detail": "302 200 200 200 404 200 200 200 404",
    "GET planning:cycle-list": "302 200 200 200 200 200 200 200 200",
    "GET planning:cycle-new": "302 200 200 403 403 403 403 403 403",
    "POST planning:cycle-new": "302 422 422 403 403 403 403 403 403",
    "GET planning:dossier-approve": "302 200 403 403 404 200 403 403 404",
    "POST planning:dossier-approve": "302 422 403 403 404 422 403 403 404",
    "POST planning:dossier-begin": "302 404 404 404 404 404 404 404 404",
    "POST planning:dossier-carry": "302 302 302 302 404 403 403 403 404",
    "GET planning:dossier-detail": "302 302 302 302 404 302 302 302 404",
    "GET planning:dossier-return": "302 200 403 403 404 200 403 403 404",
    "POST planning:dossier-return": "302 422 403 403 404 422 403 403 404",
    "POST planning:dossier-review": "302 302 302 302 404 403 403 403 404",
    "GET planning:dossier-step": "302 200 200 200 404 200 200 200 404",
    "POST planning:dossier-step": "302 422 422 422 404 403 403 403 404",
    "GET planning:dossier-submit": "302 200 200 200 404 403 403 403 404",
    "POST planning:dossier-submit": "302 422 422 422 404 403 403 403 404",
    "POST planning:dossier-take-back": "302 302 302 302 404 403 403 403 404",
    "GET planning:list-plans": "302 200 200 200 404 404 404 404 404",
    "GET planning:nominee-sources": "302 200 200 200 200 200 200 200 200",
    "GET planning:origins": "302 200 200 200 200 200 200 200 200",
    "GET planning:origins-export": "302 200 200 200 200 200 200 200 403",
    "GET planning:overview": "302 200 200 200 200 200 200 200 200",
    "GET planning:overview-export": "302 200 200 200 200 200 200 200 200",
    "GET planning:plan-detail": "302 200 200 200 404 200 200 200 404",
    "GET planning:plan-export": "302 200 200 200 404 200 200 200 404",
    "POST planning:plan-export": "302 422 422 422 404 422 422 422 404",
    "POST planning:plan-draft-open": "302 302 302 302 404 403 403 403 404",
    "POST planning:plan-draft-save": "302 302 302 302 404 403 403 403 404",
    "POST planning:plan-draft-undo": "302 302 302 302 404 403 403 403 404",
    "POST planning:plan-forecast-start": "302 302 302 302 404 302 403 403 404",
    "GET planning:plan-list": "302 200 200 200 200 200 200 200 200",
    "GET planning:plan-repair": "302 200 200 200 404 403 403 403 404",
    "GET planning:pool-suggestions": "302 200 200 200 404 200 200 200 404",
    "GET planning:reports": "302 200 200 200 200 200 200 200 200",
    "GET planning:summary-export": "302 200 200 200 200 200 200 200 403",
    "POST planning:summary-export": "302 422 422 422 422 422 422 422 403",
    "GET planning:training-gaps": "302 200 200 200 200 200 200 200 200",
    "GET planning:training-gaps-export": "302 200 200 200 200 200 200 200 403",
    "GET planning:training-results": "302 200 200 200 200 200 200 200 200",
    "GET planning:unit-plans": "302 200 200 200 404 200 200 200 404",
    "GET rotation:rotation-effect": "302 200 200 200 404 200 200 200 404",
    "GET rotation:export-list": "302 200 200 200 200 200 200 200 403",
    "POST rotation:export-list": "302 422 422 422 422 422 422 422 403",
    "GET rotation:export-results": "302 200 200 200 200 200 200 200 403",
    "POST rotation:export-results": "302 422 422 422 422 422 422 422 403",
    "GET rotation:export-plan": "302 200 200 200 200 200 200 200 404",
    "POST rotation:export-plan": "302 422 422 422 422 422 422 422 404",
    "GET rotation:export-plan-submission": "302 200 200 200 200 200 200 200 404",
    "POST rotation:export-plan-submission": "302 422 422 422 422 422 422 422 404",
    "GET rotation:export-submission": "302 200 200 200 404 200 200 200 404",
    "POST rotation:export-submission": "302 422 422 422 404 422 422 422 404",
    "GET rotation:statistics": "302 200 200 200 200 200 200 200 403",
    "POST set_language": "302 302 302 302 302 302 302 302 302",
    "GET rotation:rotation-list": "302 200 200 200 200 200 200 200 200",
    "GET rotation:need-list": "302 200 200 200 200 200 200 200 200",
    "GET rotation:need-export": "302 200 200 200 200 200 200 200 403",
    "GET rotation:timeline": "302 200 200 200 200 200 200 200 200",
    "GET rotation:rotation-table": "302 200 200 200 200 200 200 200 200",
    "GET rotation:rotation-propose": "302 200 200 200 200 403 403 403 403",
    "POST rotation:rotation-propose": "302 200 200 200 200 403 403 403 403",
    "GET rotation:hear": "302 200 200 200 200 403 403 403 403",
    "POST rotation:hear": "302 422 422 422 422 403 403 403 403",
    "GET rotation:submit": "302 200 200 200 200 403 403 403 403",
    "POST rotation:submit": "302 422 422 422 422 403 403 403 403",
    "GET rotation:decide": "302 200 403 403 403 200 403 403 403",
    "POST rotation:decide": "302 422 403 403 403 422 403 403 403",
    "GET rotation:rotation-detail": "302 200 200 200 404 200 200 200 404",
    "GET rotation:rotation-change": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-change": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-opinion": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-opinion": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-submit": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-submit": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-approve": "302 200 403 403 404 200 403 403 404",
    "POST rotation:rotation-approve": "302 422 403 403 404 422 403 403 404",
    "GET rotation:rotation-return": "302 200 403 403 404 200 403 403 404",
    "POST rotation:rotation-return": "302 422 403 403 404 422 403 403 404",
    "GET rotation:rotation-decline": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-decline": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-cancel": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-cancel": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-waiver": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-waiver": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-extend": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-extend": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-end": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-end": "302 422 422 422 404 403 403 403 404",
    "GET rotation:rotation-report": "302 200 200 200 404 403 403 403 404",
    "POST rotation:rotation-report": "302 422 422 422 404 403 403 403 404",
    "POST rotation:rotation-take-back": "302 302 302 302 404 403 403 403 404",
    "POST rotation:rotation-begin": "302 302 302 302 404 403 403 403 404",
    "POST rotation:rotation-complete": "302 302 302 302 404 403 403 403 404",
    "POST rotation:rotation-end-undo": "302 302 302 302 404 403 403 403 404",
    "POST rotation:rotation-waiver-drop": "302 404 404 404 404 404 404 404 404",
    "GET cadres:local-flags": "302 200 200 200 404 403 403 403 404",
    "POST cadres:local-flags": "302 422 422 422 404 403 403 403 404",
    "GET inspections:inspection-documents": "302 200 200 404 404 200 404 404 404",
    "GET inspections:document-kind": "302 200 200 404 404 200 404 404 404",
    "GET inspections:document-look": "302 200 200 404 404 200 404 404 404",
    "POST inspections:document-file": "302 200 200 404 404 200 404 404 404",
    "GET inspections:document-set": "302 200 200 404 404 200 404 404 404",
    "POST inspections:document-set": "302 422 422 404 404 422 404 404 404",
    "GET inspections:annex-list": "302 200 200 404 404 200 404 404 404",
    "POST inspections:annex-file": "302 200 200 404 404 200 404 404 404",
    "GET inspections:document-register": "302 200 200 404 404 403 404 404 404",
    "POST inspections:document-register": "302 422 422 404 404 403 404 404 404",
    "GET inspections:document-template": "302 200 200 404 404 403 404 404 404",
    "POST inspections:document-template": "302 422 422 404 404 403 404 404 404",
    "GET inspections:document-template-file": "302 200 200 404 404 403 404 404 404",
    "POST inspections:document-template-use": "302 302 302 404 404 403 404 404 404",
    "POST inspections:document-template-leave": "302 302 302 404 404 403 404 404 404",
    "GET inspections:document-list": "302 200 200 200 200 200 200 200 200",
    "GET inspections:registered-file": "302 200 200 404 404 200 404 404 404",
    "GET inspections:document-attach": "302 200 200 404 404 403 404 404 404",
    "POST inspections:document-attach": "302 422 422 404 404 403 404 404 404",
    "GET inspections:document-cancel": "302 200 200 404 404 403 404 404 404",
    "POST inspections:document-cancel": "302 422 422 404 404 403 404 404 404",
    "GET inspections:side-documents": "302 200 200 200 404 404 404 404 404",
    "GET inspections:side-look": "302 200 200 200 404 404 404 404 404",
    "POST inspections:side-file": "302 200 200 200 404 404 404 404 404",
    "GET inspections:side-registered": "302 200 200 200 404 404 404 404 404",
    "GET inspections:inspection-detail": "302 200 200 404 404 200 404 404 404",
    "GET inspections:inspection-list": "302 200 200 200 200 200 200 200 200",
    "POST inspections:inspection-advance": "302 302 302 404 404 403 404 404 404",
    "POST inspections:inspection-step-back": "302 302 302 404 404 403 404 404 404",
    "GET inspections:inspection-open": "302 200 200 403 403 403 403 403 403",
    "POST inspections:inspection-open": "302 422 422 403 403 403 403 403 403",
    "GET inspections:inspection-edit": "302 200 200 404 404 403 404 404 404",
    "POST inspections:inspection-edit": "302 409 409 404 404 403 404 404 404",
    "GET inspections:inspection-units": "302 200 200 404 404 403 404 404 404",
    "POST inspections:inspection-units": "302 409 409 404 404 403 404 404 404",
    "GET inspections:inspection-team": "302 200 200 404 404 200 404 404 404",
    "GET inspections:member-add": "302 404 404 404 404 403 404 404 404",
    "POST inspections:member-add": "302 404 404 404 404 403 404 404 404",
    "GET inspections:member-edit": "302 200 200 404 404 403 404 404 404",
    "POST inspections:member-edit": "302 409 409 404 404 403 404 404 404",
    "GET inspections:member-remove": "302 200 200 404 404 403 404 404 404",
    "POST inspections:member-remove": "302 302 302 404 404 403 404 404 404",
    "GET inspections:inspection-outline": "302 200 200 404 404 200 404 404 404",
    "POST inspections:inspection-outline": "302 422 422 404 404 403 404 404 404",
    # Of an answer that is not submitted yet.
    "GET inspections:attachment-file": "302 200 200 200 404 404 404 404 404",
    "GET inspections:inspected-detail": "302 200 200 200 404 404 404 404 404",
    "GET inspections:inspection-reports": "302 200 200 404 404 200 404 404 404",
    "POST inspections:reports-remind": "302 302 302 404 404 403 404 404 404",
    "GET inspections:inspection-report": "302 200 200 404 404 200 404 404 404",
    "GET inspections:report-difference": "302 302 302 404 404 302 404 404 404",
    "POST inspections:report-return": "302 422 422 404 404 403 404 404 404",
    "GET inspections:self-report": "302 200 200 200 404 404 404 404 404",
    "GET inspections:self-answer": "302 200 200 200 404 404 404 404 404",
    "POST inspections:self-answer": "302 422 422 422 404 404 404 404 404",
    "POST inspections:self-answer-file-drop": "302 302 302 302 404 404 404 404 404",
    "GET inspections:self-assessment": "302 200 200 200 404 404 404 404 404",
    "POST inspections:self-assessment": "302 422 422 422 404 404 404 404 404",
    "GET inspections:self-report-submit": "302 200 200 200 404 404 404 404 404",
    "POST inspections:self-report-submit": "302 422 422 422 404 404 404 404 404",
    "GET inspections:inspection-minutes": "302 200 200 404 404 200 404 404 404",
    "GET inspections:minutes-add": "302 200 200 404 404 403 404 404 404",
    "POST inspections:minutes-add": "302 422 422 404 404 403 404 404 404",
    "GET inspections:minutes-detail": "302 200 200 404 404 200 404 404 404",
    "GET inspections:minutes-edit": "302 200 200 404 404 403 404 404 404",
    "POST inspections:minutes-edit": "302 422 422 404 404 403 404 404 404",
    "POST inspections:minutes-sign": "302 403 403 404 404 403 404 404 404",
    "GET inspections:minutes-paper": "302 200 200 404 404 403 404 404 404",
    "POST inspections:minutes-paper": "302 422 422 404 404 403 404 404 404",
    "POST inspections:minutes-file-drop": "302 302 302 404 404 403 404 404 404",
    "POST inspections:minutes-remove": "302 302 302 404 404 403 404 404 404",
    "GET inspections:side-minutes-list": "302 200 200 200 404 404 404 404 404",
    "GET inspections:side-minutes": "302 200 200 200 404 404 404 404 404",
    "POST inspections:side-minutes-sign": "302 422 422 422 404 404 404 404 404",
    "POST inspections:side-minutes-decline": "302 422 422 422 404 404 404 404 404",
    "GET inspections:inspection-evidence": "302 200 200 404 404 200 404 404 404",
    "POST inspections:evidence-take": "302 302 302 404 404 403 404 404 404",
    "GET inspections:evidence-progress": "302 302 302 404 404 302 404 404 404",
    "POST inspections:evidence-resume": "302 302 302 404 404 403 404 404 404",
    "POST inspections:evidence-stop": "302 302 302 404 404 403 404 404 404",
    "GET inspections:evidence-detail": "302 200 200 404 404 200 404 404 404",
    "GET inspections:inspection-comparison": "302 200 200 404 404 200 404 404 404",
    "GET inspections:inspection-findings": "302 200 200 404 404 200 404 404 404",
    "POST inspections:findings-draft": "302 302 302 404 404 403 404 404 404",
    "POST inspections:findings-approve": "302 403 403 404 404 403 404 404 404",
    "GET inspections:finding-add": "302 200 200 404 404 403 404 404 404",
    "POST inspections:finding-add": "302 422 422 404 404 403 404 404 404",
    "GET inspections:finding-detail": "302 200 200 404 404 200 404 404 404",
    "GET inspections:finding-edit": "302 200 200 404 404 403 404 404 404",
    "POST inspections:finding-edit": "302 422 422 404 404 403 404 404 404",
    "POST inspections:finding-approve": "302 403 403 404 404 403 404 404 404",
    "GET inspections:finding-drop": "302 200 200 404 404 403 404 404 404",
    "POST inspections:finding-drop": "302 422 422 404 404 403 404 404 404",
    "POST inspections:finding-restore": "302 302 302 404 404 403 404 404 404",
    "POST inspections:finding-move": "302 302 302 404 404 403 404 404 404",
    "GET inspections:finding-correct": "302 200 200 404 404 403 404 404 404",
    "POST inspections:finding-correct": "302 422 422 404 404 403 404 404 404",
    "GET inspections:finding-proofs": "302 200 200 404 404 403 404 404 404",
    "POST inspections:finding-proofs": "302 422 422 404 404 403 404 404 404",
    "GET inspections:finding-proof": "302 302 302 404 404 302 404 404 404",
    "POST inspections:finding-proof-remove": "302 302 302 404 404 403 404 404 404",
    "GET inspections:objection-answer": "302 200 200 404 404 403 404 404 404",
    "POST inspections:objection-answer": "302 422 422 404 404 403 404 404 404",
    "GET inspections:inspected-findings": "302 200 200 200 404 404 404 404 404",
    "POST inspections:objection-add": "302 404 404 404 404 404 404 404 404",
    "GET inspections:inspection-team-report": "302 200 200 404 404 200 404 404 404",
    "GET inspections:team-report-edit": "302 403 403 404 404 403 404 404 404",
    "POST inspections:team-report-edit": "302 403 403 404 404 403 404 404 404",
    "POST inspections:team-report-sign": "302 403 403 404 404 403 404 404 404",
    "POST inspections:team-report-return": "302 403 403 404 404 403 404 404 404",
    "GET inspections:inspection-conclude": "302 200 403 404 404 200 404 404 404",
    "POST inspections:inspection-conclude": "302 422 403 404 404 422 404 404 404",
    "GET inspections:inspected-remedies": "302 200 200 200 404 404 404 404 404",
    "GET inspections:inspection-follow-up": "302 200 200 404 404 200 404 404 404",
    "GET inspections:inspection-statistics": "302 200 200 403 403 200 403 403 403",
    "GET inspections:programme-list": "302 200 200 403 403 200 403 403 403",
    "GET inspections:programme-open": "302 200 200 403 403 403 403 403 403",
    "POST inspections:programme-open": "302 422 422 403 403 403 403 403 403",
    "GET inspections:programme-detail": "302 200 200 404 404 200 404 404 404",
    "GET inspections:programme-edit": "302 200 200 404 404 403 404 404 404",
    "POST inspections:programme-edit": "302 302 302 404 404 403 404 404 404",
    "GET inspections:programme-coverage": "302 200 200 404 404 200 404 404 404",
    "GET inspections:programme-ranking": "302 200 200 404 404 200 404 404 404",
    "GET inspections:programme-item-add": "302 302 302 404 404 403 404 404 404",
    "POST inspections:programme-item-add": "302 302 302 404 404 403 404 404 404",
    "GET inspections:programme-item-edit": "302 200 200 404 404 403 404 404 404",
    "POST inspections:programme-item-edit": "302 422 422 404 404 403 404 404 404",
    "GET inspections:programme-inspect": "302 302 302 404 404 403 404 404 404",
    "POST inspections:programme-inspect": "302 302 302 404 404 403 404 404 404",
    "POST inspections:programme-item-remove": "302 302 302 404 404 403 404 404 404",
    "GET inspections:recommendation-list": "302 200 200 200 200 200 200 200 200",
    "GET inspections:recommendation-detail": "302 200 200 200 404 200 404 404 404",
    "GET inspections:recommendation-report": "302 200 200 200 404 403 404 404 404",
    "POST inspections:recommendation-report": "302 422 422 422 404 403 404 404 404",
    "GET inspections:recommendation-more": "302 200 200 403 404 403 404 404 404",
    "POST inspections:recommendation-more": "302 422 422 403 404 403 404 404 404",
    "GET inspections:recommendation-close": "302 200 200 403 404 403 404 404 404",
    "POST inspections:recommendation-close": "302 422 422 403 404 403 404 404 404",
    "GET inspections:recommendation-reopen": "302 200 200 403 404 403 404 404 404",
    "POST inspections:recommendation-reopen": "302 422 422 403 404 403 404 404 404",
    "GET rotation:proposals": "302 200 200 403 403 403 403 403 403",
    "POST rotation:proposals": "302 422 422 403 403 403 403 403 403",
    "GET rotation:plan-list": "302 200 200 200 200 200 200 200 403",
    "GET rotation:plan-open": "302 200 200 403 403 403 403 403 403",
    "POST rotation:plan-open": "302 422 422 403 403 403 403 403 403",
    "GET rotation:plan-detail": "302 200 200 200 200 200 200 200 404",
    "GET rotation:plan-targets": "302 200 200 403 403 403 403 403 404",
    "POST rotation:plan-targets": "302 302 302 403 403 403 403 403 404",
    "GET rotation:plan-submit": "302 200 200 403 403 403 403 403 404",
    "POST rotation:plan-submit": "302 422 422 403 403 403 403 403 404",
    "POST rotation:plan-take-back": "302 302 302 403 403 403 403 403 404",
    "GET rotation:plan-approve": "302 200 403 403 403 200 403 403 404",
    "POST rotation:plan-approve": "302 422 403 403 403 422 403 403 404",
    "GET rotation:plan-return": "302 200 403 403 403 200 403 403 404",
    "POST rotation:plan-return": "302 422 403 403 403 422 403 403 404",
    "GET rotation:plan-reopen": "302 200 200 403 403 403 403 403 404",
    "POST rotation:plan-reopen": "302 422 422 403 403 403 403 403 404",
}


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _names(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield space + entry.name


def our_names() -> set[str]:
    return {
        name
        for name in _names(get_resolver())
        if name.startswith(tuple(f"{app}:" for app in APPS)) or name in BARE
    }


@pytest.fixture
def objects(
    organisation: Organisation,
    provincial_officer: User,
    unit_officer: User,
    administrator: User,
) -> dict[str, list[Any]]:
    """What the arguments of addresses name, by the address or by what it is about."""
    job = ImportJob.objects.create(
        uploaded_by=provincial_officer, file_name="danh-sach.xlsx", sha256="0" * 64
    )
    a_list = ListImport.objects.create(
        unit=organisation.department,
        uploaded_by=unit_officer,
        file=SimpleUploadedFile("danh-sach.csv", "Họ và tên\n".encode()),
        file_name="danh-sach.csv",
        sha256="0" * 64,
        as_of=clock.today(),
        status=ListImport.Status.OPEN,
    )
    finished = {"finished_at": clock.now(), "started_at": clock.now()}
    factories.ComplianceRunFactory(kind=RunKind.LIVE, **finished)
    run = factories.ComplianceRunFactory(
        unit=organisation.department, kind=RunKind.SNAPSHOT, **finished
    )
    post = organisation.insider.appointments.get()
    kept = SavedFilter.objects.create(owner=provincial_officer, name="Nữ", query="gioi=female")
    supplement = round_open(
        actor=provincial_officer,
        title="Bổ sung",
        fields=["phone"],
        due_on=clock.today(),
        cadre_ids=[organisation.insider.pk],
    )
    stored = StoredExport.objects.create(
        actor=administrator,
        label="Danh sách",
        maker="cadre-list",
        rights=rights_print(administrator),
        status=StoredExport.Status.READY,
        file=SimpleUploadedFile("danh-sach.csv", b"1"),
        file_name="danh-sach.csv",
        content_type="text/csv",
    )
    question = PersonQuestion.objects.create(
        unit=organisation.department,
        full_name="Lý Thị Đào",
        birth_date=clock.today(),
        as_of=clock.today(),
        asked_by=unit_officer,
    )
    act = Reorganisation.objects.create(name="Sắp xếp", effective_on=clock.today())
    forecast = ForecastRun.objects.create(plan=organisation.plan, created_at=clock.now())
    course = factories.CourseFactory(unit=organisation.department)
    factories.CourseMemberFactory(course=course, cadre=organisation.insider)
    cycle = factories.CycleFactory(term=organisation.plan.term, unit=organisation.department)
    dossier = dossier_open(actor=unit_officer, plan=organisation.plan, cycle=cycle)
    notify([Telling(frozenset({unit_officer.pk}), "thu", "Hồ sơ bị trả lại", "/viec/")])
    move = factories.RotationFactory(
        cadre=organisation.insider,
        from_unit=organisation.department,
        from_title=organisation.director,
        to_unit=organisation.centre,
        to_title=organisation.director,
        status=RotationStatus.PROPOSED,
        start_on=None,  # so that no rule judges it: it must not change what others see
        planned_end_on=None,
    )
    inspection, concluded = (
        Inspection.objects.create(
            name="Kiểm tra",
            unit=organisation.province,
            decision_no="1-QĐ/TU",
            decision_on=clock.today(),
            issuer="Ban Thường vụ",
            subject="Quy hoạch",
            law_examined="377-QĐ/TW",
            period_from=clock.today(),
            period_to=clock.today(),
            starts_on=clock.today(),
            ends_on=clock.today(),
            evidence_on=clock.today(),
            stage=Stage.DEPLOYING,
        )
        for _time in range(2)
    )
    asked = recommend(
        InspectedUnit.objects.create(inspection=concluded, unit=organisation.department)
    )
    Inspection.objects.filter(pk=concluded.pk).update(
        stage=Stage.FOLLOWING,
        concluded_on=clock.today(),
        concluded_by=administrator,
        conclusion_no="1-TB/TU",
    )
    programme = Programme.objects.create(year=2027, unit=organisation.province)
    item = programme.items.create(unit=organisation.department, subject="Quy hoạch")
    inspected = InspectedUnit.objects.create(inspection=inspection, unit=organisation.department)
    factories.RotationTargetFactory(unit=organisation.department)
    member = TeamMember.objects.create(
        inspection=inspection,
        user=factories.UserFactory(username="trong-doan"),
        role=TeamRole.MEMBER,
        mandate_from=clock.today(),
        mandate_to=clock.today(),
    )
    taking = EvidenceTaking.objects.create(
        inspection=inspection, as_of=clock.today(), law_fingerprint="", state="ready", total=1
    )
    frozen = Evidence.objects.create(
        taking=taking,
        inspected_unit=inspected,
        title="Sở Nội vụ",
        content={"findings": [], "people": [], "figures": {}},
        taken_at=clock.now(),
    )
    said = Finding.objects.create(
        inspection=inspection,
        inspected_unit=inspected,
        kind="cause",
        topic="other",
        text="Nhận định",
    )
    proof = FindingEvidence.objects.create(finding=said, evidence=frozen, key="")
    objection = Objection.objects.create(
        finding=said, text="Ý kiến", raised_on=clock.today(), raised_by=unit_officer
    )
    question = OutlineItem.objects.create(
        inspection=inspection, number=1, title="Quy hoạch", kind="text"
    )
    paper = file_keep(
        actor=unit_officer,
        inspection=inspection,
        upload=SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.7"),
        inspected_unit=inspected,
        item=question,
        from_unit=True,
    )
    met, draft = (
        Minutes.objects.create(
            inspection=inspection,
            inspected_unit=inspected,
            kind="working",
            held_on=clock.today(),
            text="Làm việc",
            team_signed_by=administrator if is_sent else None,
            team_signed_on=clock.today() if is_sent else None,
        )
        for is_sent in (True, False)
    )
    scan = file_keep(
        actor=administrator,
        inspection=inspection,
        upload=SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.7 2"),
        inspected_unit=inspected,
        minutes=draft,
    )
    template = PaperTemplate.objects.create(
        unit=organisation.province,
        kind="kt1",
        file=SimpleUploadedFile("mau.docx", b"PK"),
        file_name="mau.docx",
        size=2,
        sha256="0" * 64,
        is_used=False,
        uploaded_by=administrator,
    )
    line = RegisteredDocument.objects.create(
        inspection=inspection,
        inspected_unit=inspected,
        kind="kt3",
        title="Đề cương",
        unit=organisation.province,
        dated_on=clock.today(),
        file=SimpleUploadedFile("KT3.pdf", b"%PDF-1.7"),
        file_name="KT3.pdf",
    )
    return {
        "document": [inspection.pk, "kt1"],
        "inspections:document-set": [inspection.pk],
        "inspections:document-template-use": [inspection.pk, "kt1", template.pk],
        "inspections:document-list": [],
        "inspections:document-attach": [line.pk],
        "inspections:document-cancel": [line.pk],
        "inspections:registered-file": [line.pk],
        "annex": [inspection.pk],
        "inspections:annex-file": [inspection.pk, inspected.pk],
        "side": [inspected.pk, "kt5"],
        "inspections:side-documents": [inspected.pk],
        "inspections:side-registered": [inspected.pk, line.pk],
        "attachment": [paper.pk],
        "reports": [inspection.pk],
        "report": [inspected.pk],
        "inspections:inspection-report": [inspected.pk],
        "inspections:report-difference": [inspected.pk, question.pk],
        "minutes": [inspection.pk, draft.pk],
        "inspections:minutes-add": [inspection.pk],
        "inspections:minutes-file-drop": [inspection.pk, draft.pk, scan.pk],
        "inspections:side-minutes-list": [inspected.pk],
        "inspections:side-minutes": [inspected.pk, met.pk],
        "inspections:side-minutes-sign": [inspected.pk, met.pk],
        "inspections:side-minutes-decline": [inspected.pk, met.pk],
        "self": [inspected.pk],
        "inspections:self-answer": [inspected.pk, question.pk],
        "inspections:self-answer-file-drop": [inspected.pk, paper.pk],
        "recommendation": [asked.pk],
        "programme": [programme.pk],
        "inspections:programme-list": [],
        "inspections:inspection-statistics": [],
        "inspections:programme-open": [],
        "inspections:programme-item-edit": [programme.pk, item.pk],
        "inspections:programme-item-remove": [programme.pk, item.pk],
        "inspections:recommendation-list": [],
        "inspection": [inspection.pk],
        "inspected": [inspected.pk],
        "evidence": [inspection.pk, taking.pk],
        "inspections:evidence-take": [inspection.pk],
        "inspections:evidence-detail": [frozen.pk],
        "team": [inspection.pk],
        "findings": [inspection.pk],
        "finding": [inspection.pk, said.pk],
        "inspections:finding-add": [inspection.pk],
        "inspections:finding-proof": [inspection.pk, said.pk, proof.pk],
        "inspections:finding-proof-remove": [inspection.pk, said.pk, proof.pk],
        "inspections:objection-answer": [inspection.pk, objection.pk],
        "inspections:objection-add": [inspected.pk, said.pk],
        "inspections:inspection-list": [],
        "inspections:inspection-open": [],
        "inspections:member-add": [inspection.pk],
        "member": [inspection.pk, member.pk],
        "rotation": [move.pk],
        "rotation:rotation-table": [],
        "rotation:rotation-propose": [],
        "rotation:rotation-opinion": [move.pk, "sending"],
        "rotation:rotation-waiver": [move.pk, "seat"],
        "rotation:rotation-waiver-drop": [move.pk, "seat"],
        "rotation:export-list": [],
        "rotation:export-results": [],
        "rotation:export-plan": [2027],
        "rotation:export-plan-submission": [2027],
        "rotation:export-submission": [move.pk],
        "local": ["CB-NV"],
        **{name: [2027] for name in our_names() if name.startswith("rotation:plan-")},
        "cycle": [cycle.pk],
        "planning:dossier-begin": [cycle.pk],
        "planning:dossier-step": [dossier.pk, 1],
        "dossier": [dossier.pk],
        "notice": [unit_officer.notices.get().pk],
        "planning:plan-detail": [organisation.plan.pk],
        "planning:plan-export": [organisation.plan.pk],
        "plan": [organisation.plan.pk],
        "planning:plan-repair": [organisation.plan.pk],
        "planning:plan-forecast-start": [organisation.plan.pk],
        "planning:forecast-progress": [forecast.pk],
        "planning:pool-suggestions": [organisation.plan.pk, organisation.pool.pk],
        "api:plan-detail": [organisation.plan.pk],
        "api:term-detail": [organisation.plan.term.code],
        "api:title-detail": ["GD"],
        "cadres:cadre-add": [],
        "duplicate": [organisation.insider.pk, organisation.outsider.pk],
        "cadres:duplicate-question": [question.pk],
        "export": [stored.pk],
        "cadres:cadre-filter-drop": [kept.pk],
        "cadres:round-answer": [supplement.pk, "CB-NV"],
        "round": [supplement.pk],
        "cadres:cadre-edit-section": ["CB-NV", "chi-tiet"],
        "cadres:cadre-post-end": ["CB-NV", post.pk],
        "cadres:cadre-row-add": ["CB-NV", "cong-tac"],
        "cadres:cadre-row-change": ["CB-NV", "cong-tac", post.pk],
        "cadres:cadre-row-remove": ["CB-NV", "cong-tac", post.pk],
        "cadres:cadre-row-restore": ["CB-NV", "cong-tac", 1],
        "planning:list-plans": [a_list.pk],
        "list": [a_list.pk],
        "reorganisation": [act.pk],
        "cadres:reorganisation-step-add": [act.pk, "rename"],
        "unit": ["SNV"],
        "evaluation": ["SNV"],
        "training": [course.pk],
        "cadres:training-cadre": ["CB-NV"],
        "cadres:training-skill-remove": ["CB-NV", 1],
        "cadres:training-add": [],
        "cadre": ["CB-NV"],
        "import": [job.pk],
        # Of a level that no unit here has: it must not change what is judged.
        "target": [factories.TargetFactory(unit=organisation.department, level="commune").pk],
        "waiver": [
            factories.WaiverFactory(
                unit=organisation.department, asked_by=unit_officer, approved_by=None
            ).pk
        ],
        "run": [run.pk],
    }


def address(name: str, objects: dict[str, list[Any]]) -> str:
    """The address of a name, with the arguments and the query that it needs."""
    about = name.partition(":")[2].partition("-")[0]
    arguments = objects.get(name) or objects.get(about) or []
    try:
        url = reverse(name, args=arguments)
    except NoReverseMatch:
        url = reverse(name)
    return f"{url}?voi={arguments[0]}" if name == "compliance:run-compare" else url


#: Sở Y tế, its director and its code: all outside the scope of those WITHIN Sở Nội vụ.
OTHERS = ("Sở Y tế", "Lý Thị Đào", "CB-YT")
WITHIN = ("unit_officer", "inspector")


def words_of(response: HttpResponseBase) -> str:
    """All text of an answer, workbooks unpacked."""
    content = (
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
        if response.streaming
        else response.content
    )
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            content = b"\n".join(package.read(name) for name in package.namelist())
    return html.unescape(content.decode("utf-8", errors="replace"))


def of_others(response: HttpResponseBase) -> list[str]:
    """What an answer tells of what is outside."""
    words = words_of(response) if response.status_code == 200 else ""
    return [word for word in OTHERS if word in words]


@pytest.fixture
def checked(organisation: Organisation, provincial_officer: User) -> ComplianceRun:
    """A finished check of everything on file, with a target of the other unit."""
    factories.TargetFactory(unit=organisation.other, document="7-QĐ/SYT của Sở Y tế")
    run = run_start(actor=provincial_officer, as_of=clock.today(), kind=RunKind.LIVE)
    run_inline(run)
    return run


def test_every_address_has_a_line() -> None:
    asked = {line.split()[1] for line in MATRIX}
    assert our_names() - asked == set(), "addresses that nobody decided about"
    assert asked - our_names() == set(), "lines about addresses that are gone"


#: The addresses of these rooms are asked by test_matrix_rooms.py, all others here: two files, for
#: two processes.
ROOMS = ("planning:", "rotation:", "inspections:")


def of_rooms(line: str) -> bool:
    return line.split()[1].startswith(ROOMS)


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse without a page: half of all answers are refusals, and only their code is judged.

    The pages themselves: tests/ui/test_shell.py.
    """
    monkeypatch.setattr(urls, "handler403", lambda *_, **__: HttpResponseForbidden(), raising=False)
    monkeypatch.setattr(urls, "handler404", lambda *_, **__: HttpResponseNotFound(), raising=False)


class Walk:
    """Asks addresses as everybody, and judges what each answer says."""

    def __init__(self, browsers: dict[str, Client], objects: dict[str, list[Any]]) -> None:
        """`browsers` by column of the table."""
        self._browsers, self._objects = browsers, objects
        self.wrong: list[str] = []
        self.told: list[str] = []

    def ask(self, line: str, codes: str) -> None:
        """Compare the answers of an address with its line; note what they tell of others."""
        method, name = line.split()
        url = address(name, self._objects)
        for column, code in zip(COLUMNS, codes.split(), strict=True):
            with transaction.atomic():  # what one does is undone for the next
                response = getattr(self._browsers[column], method.lower())(url)
                if response.status_code != int(code):
                    got = response.status_code
                    self.wrong.append(f"{line}, {column}: {got} instead of {code}")
                if column in WITHIN and method == "GET":
                    self.told += [f"{column}, {name}: {word}" for word in of_others(response)]
                transaction.set_rollback(True)


@pytest.fixture
def walk(
    cast: dict[str, User],
    checked: ComplianceRun,
    objects: dict[str, list[Any]],
    bare_refusals: None,
    signed_in: Browser,
    client: Client,
) -> Walk:
    return Walk({"visitor": client, **{role: signed_in(cast[role]) for role in ROLES}}, objects)


@pytest.mark.slow
def test_addresses_by_role(walk: Walk) -> None:
    for line, codes in MATRIX.items():
        if not of_rooms(line):
            walk.ask(line, codes)
    assert walk.wrong == []
    assert walk.told == []


def test_addresses_take_only_the_methods_of_the_table(
    administrator: User, objects: dict[str, list[Any]], signed_in: Browser
) -> None:
    browser, wrong = signed_in(administrator), []
    for name in sorted(our_names() - {"set_language"}):
        for method in ("GET", "POST", "PUT", "DELETE"):
            if f"{method} {name}" in MATRIX:
                continue
            got = getattr(browser, method.lower())(address(name, objects)).status_code
            if got != 405:
                wrong.append(f"{method} {name}: {got}")
    assert wrong == []
