"""Signatures under the team's report: whatever changes afterwards takes them back."""

from __future__ import annotations

from inspections.choices import SignState
from inspections.models import Inspection, TeamReport

_UNSIGNED = {
    "state": SignState.DRAFT,
    "synthesised_by": None,
    "reviewed_by": None,
    "signed_by": None,
    "signed_on": None,
    "number": "",
}


def unsign(report: TeamReport) -> bool:
    """Take every signature off a report that is saved by the caller; whether there was one."""
    was_signed = report.state != SignState.DRAFT
    for name, value in _UNSIGNED.items():
        setattr(report, name, value)
    return was_signed


def signatures_take_back(inspection: Inspection) -> bool:
    """Make the report a draft again: what it rests on has changed. Whether it was signed."""
    report = TeamReport.objects.select_for_update().filter(inspection=inspection).first()
    if report is None or not unsign(report):
        return False
    report.save(update_fields=list(_UNSIGNED))
    return True
