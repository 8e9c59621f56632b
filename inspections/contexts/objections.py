"""The findings on an inspected unit as its own officers see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from inspections.choices import FindingState
from inspections.contexts.evidence import evidence_url
from inspections.contexts.findings import kind_outcome
from inspections.contexts.links import address
from inspections.contexts.side import side_tabs
from inspections.forms.findings import ObjectionForm
from inspections.models import Finding, InspectedUnit
from inspections.policies import OBJECTING, SHOWN_TO_UNITS


def inspected_context(
    inspected: InspectedUnit,
    findings: Iterable[Finding],
    as_of: dt.date,
    *,
    form: ObjectionForm | None = None,
    at: int | None = None,
) -> dict[str, Any]:
    """Context of `inspections/inspected_findings.html`; `form`, `at`: what was refused, where."""
    inspection = inspected.inspection
    own = address("inspections:inspected-detail", inspected.pk, as_of=as_of)
    return {
        "inspected": inspected,
        "inspection": inspection,
        "is_time": inspection.stage in SHOWN_TO_UNITS,
        "objects": inspection.stage in OBJECTING,
        "own_url": own,
        "side_tabs": side_tabs(inspected, "inspections:inspected-findings", as_of),
        "crumbs": [
            {"label": _("Kiểm tra"), "url": ""},
            {"label": inspection.decision_no or inspection.name, "url": own},
            {"label": _("Nhận định về đơn vị"), "url": ""},
        ],
        "findings": [_row(each, inspected, as_of, form, at) for each in findings],
    }


def _row(
    finding: Finding,
    inspected: InspectedUnit,
    as_of: dt.date,
    form: ObjectionForm | None,
    at: int | None,
) -> dict[str, Any]:
    is_shown = finding.state == FindingState.APPROVED
    asked = getattr(finding, "recommendation", None) if is_shown else None
    return {
        "finding": finding,
        "is_shown": is_shown,
        "kind": finding.get_kind_display() if is_shown else "",
        "kind_outcome": kind_outcome(finding) if is_shown else "",
        "topic": finding.get_topic_display() if is_shown else "",
        "asked": asked,
        "proofs": [
            {
                "title": proof.evidence.title,
                "url": evidence_url(proof.evidence.pk, as_of, proof.key),
            }
            for proof in finding.proofs.all()
            if proof.evidence
        ]
        if is_shown
        else [],
        "objections": list(finding.objections.all()),
        "corrections": list(finding.corrections.all()) if is_shown else [],
        "url": address("inspections:objection-add", inspected.pk, finding.pk, as_of=as_of)
        if is_shown and inspected.inspection.stage in OBJECTING
        else "",
        "form": form if form is not None and at == finding.pk else ObjectionForm(),
        "is_open": at == finding.pk,
    }
