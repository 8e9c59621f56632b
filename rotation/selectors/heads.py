"""Heads who should move: locals where none may be, and terms that are full or nearly so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cadre_portal.common import clock
from compliance.choices import Outcome
from compliance.engine.findings import Finding
from compliance.selectors.judged import findings_on
from compliance.selectors.law import waivers_beside
from rotation.choices import NeedReason
from rotation.facts import APPOINTMENTS
from rotation.selectors.need import SOON_MONTHS, Need

if TYPE_CHECKING:
    from compliance.models import Waiver

NON_LOCAL, HEAD_TERMS = "rotation.non_local_head", "rotation.head_terms"
_TERM_MONTHS = 60
#: 65-QĐ/TW, Điều 4: key heads who are not local people. The rule itself reads no figure to cite.
NON_LOCAL_CITED = ({"source": "qd-65-2022", "at": "Điều 4", "confidence": "read"},)


def head_needs(day: dt.date, paths: Sequence[str], within: int = SOON_MONTHS) -> list[Need]:
    """Needs of those who hold posts below the paths on the day; three queries.

    By the rules `rotation.non_local_head` and `rotation.head_terms` and the law of that day.
    `within`: so many months before the terms are full, heads are named already.
    """
    # Over the facts of the source and the figures of its rules.
    wanted = (
        "(non_local_required AND local IS NOT FALSE) OR (is_head AND"
        f" whole_months(held_from, on_date) >= terms_maximum * {_TERM_MONTHS} - {within:d})"
    )
    found = findings_on(APPOINTMENTS, day, paths, only=wanted)
    waivers = waivers_beside(found, day)
    return [
        need
        for finding in found
        for need in _needs(
            finding,
            waivers.get((finding.rule.code, finding.unit_id, finding.subject_id)),
            day,
            within,
        )
    ]


def _needs(finding: Finding, waiver: Waiver | None, day: dt.date, within: int) -> Iterator[Need]:
    reason = _reason(finding, within)
    if reason is None:
        return
    labels = finding.labels
    terms = finding.required.get("maximum_terms")
    yield Need(
        reason=reason,
        outcome=finding.outcome if finding.outcome != Outcome.MET else None,
        code=labels.cadre_code or "",
        name=labels.cadre_name or "",
        title=labels.title_name or "",
        unit=labels.unit_name or "",
        months=finding.counts["held_months"],
        limit=terms * _TERM_MONTHS if terms else None,
        message=finding.message,
        citations=finding.citations or NON_LOCAL_CITED,
        waiver=waiver.document if waiver else "",
        # Who serves in scope today is seen today.
        is_open=True if day == clock.today() else None,
    )


def _reason(finding: Finding, within: int) -> NeedReason | None:
    if finding.rule.code == NON_LOCAL:
        return {
            Outcome.NOT_MET: NeedReason.LOCAL,
            Outcome.CANNOT_TELL: NeedReason.LOCAL_UNKNOWN,
        }.get(finding.outcome)
    if finding.rule.code != HEAD_TERMS or finding.outcome == Outcome.NOT_APPLICABLE:
        return None
    if finding.outcome == Outcome.NOT_MET:
        return NeedReason.TERMS_OVER
    limit = finding.required["maximum_terms"] * _TERM_MONTHS
    near = finding.measured["months"] >= limit - within
    return NeedReason.TERMS_SOON if near else None
