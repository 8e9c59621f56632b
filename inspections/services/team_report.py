"""The team's report: the secretary's synthesis of what was approved, then signed off from below."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pghistory
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor, require
from cadres.selectors.editing import last_edit
from inspections.choices import FindingKind, SignState, Stage, TeamRole, Topic
from inspections.merging import EditClash, merge
from inspections.models import Finding, Inspection, Recommendation, TeamReport
from inspections.policies import can_write_report, team_role
from inspections.selectors.findings import approved_findings
from inspections.selectors.team_report import next_signature
from inspections.services import telling
from inspections.services.holding import InspectionRefused, lock_findings, refuse
from inspections.services.signing import unsign

FIELDS = ("overview", "strengths", "shortcomings", "proposals")
#: Headings below "1-" (hd-05-2026), one for each topic.
_LETTERS = "abcdđeghiklmnopqrs"
_STALE = "Báo cáo vừa được người khác sửa. Hãy đọc bản mới rồi làm lại."


# ---- The synthesis ---------------------------------------------------------------------------


def report_prefill(
    actor: Actor, inspection: Inspection, *, with_sensitive: bool = False
) -> dict[str, str]:
    """Texts of the four parts from the approved findings that the actor sees.

    Findings that tell of sensitive data come in only where that is asked for: the whole team, and
    everybody who gets the report, reads it.
    """
    rows = [
        row
        for row in approved_findings(actor, inspection)
        if with_sensitive or not row.is_sensitive
    ]
    by_kind: dict[str, list[Finding]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    lacking = by_kind[FindingKind.SHORTCOMING] + by_kind[FindingKind.VIOLATION]
    causes = by_kind[FindingKind.CAUSE]
    with translation.override("vi"):  # a document, whatever language the person reads
        shortcomings = _by_topic(lacking)
        if causes:
            shortcomings += "\n\nNguyên nhân\n" + "\n".join(_line(row) for row in causes)
        return {
            "overview": _overview(inspection, len(by_kind[FindingKind.STRENGTH]), len(lacking)),
            "strengths": _by_topic(by_kind[FindingKind.STRENGTH]),
            "shortcomings": shortcomings.strip(),
            "proposals": "\n".join(_asked(row) for row in by_kind[FindingKind.RECOMMENDATION]),
        }


def _overview(inspection: Inspection, strengths: int, shortcomings: int) -> str:
    units = [each.unit.name for each in inspection.units.select_related("unit")]
    decision = f"Quyết định số {inspection.decision_no}"
    if inspection.decision_on:
        decision += f" ngày {formats.date(inspection.decision_on)}"
    if inspection.issuer:
        decision += f" của {inspection.issuer}"
    return (
        f"Thực hiện {decision}, từ ngày {formats.date(inspection.starts_on)} Đoàn kiểm tra đã kiểm"
        f" tra {len(units)} đơn vị ({', '.join(units)}) về việc thực hiện"
        f" {inspection.law_examined}; mốc thời gian kiểm tra từ"
        f" {formats.date(inspection.period_from)} đến {formats.date(inspection.period_to)}; số liệu"
        f" chốt đến ngày {formats.date(inspection.evidence_on)}. Đoàn ghi nhận {strengths} ưu điểm,"
        f" {shortcomings} hạn chế, khuyết điểm."
    )


def _by_topic(rows: Iterable[Finding]) -> str:
    """A lettered heading a topic, a line a unit."""
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for row in rows:
        grouped[row.topic].append(row)
    parts: list[str] = []
    for topic in Topic:
        if grouped[topic]:
            lines = "\n".join(_line(row) for row in grouped[topic])
            parts.append(f"{_LETTERS[len(parts)]}) {topic.label}\n{lines}")
    return "\n\n".join(parts)


def _line(row: Finding) -> str:
    return f"- {row.inspected_unit}: {row.text}" if row.inspected_unit else f"- {row.text}"


def _asked(row: Finding) -> str:
    asked: Recommendation | None = getattr(row, "recommendation", None)
    if asked is None:
        return f"- {row.text}"
    return (
        f"- {row.text} Chịu trách nhiệm: {asked.head}; thời hạn: trước ngày"
        f" {formats.date(asked.due_on)}."
    )


@transaction.atomic
def report_save(
    *, actor: Actor, inspection: Inspection, version: int, values: Mapping[str, str]
) -> TeamReport:
    """Save the texts that are named; whatever was signed is signed anew.

    Raises PermissionDenied, InspectionRefused, ValidationError, EditClash.
    """
    held = lock_findings(inspection)
    require(can_write_report(actor, held))
    report = TeamReport.objects.filter(inspection=held).first() or TeamReport(inspection=held)
    now = {name: getattr(report, name) for name in FIELDS}
    mine = {**now, **{name: text.strip() for name, text in values.items()}}
    if report.version != version:
        merged, clashes = merge(_texts_at(report, version), mine, now)
        if clashes:
            edit = last_edit(TeamReport, report.pk)
            who = edit.who if edit else ""
            raise EditClash(clashes, merged, version=report.version, who=who)
        mine = merged
    if mine == now and report.pk:
        return report
    for name in FIELDS:
        setattr(report, name, mine[name])
    report.version += 1
    unsign(report)
    report.full_clean(exclude=["inspection"])
    with pghistory.context(user=actor.pk):
        report.save()
    return report


def _texts_at(report: TeamReport, version: int) -> dict[str, str]:
    """What a version said, from the history; before the first all was empty."""
    if version == 0:
        return dict.fromkeys(FIELDS, "")
    events: Any = TeamReport.pgh_event_model.objects  # type: ignore[attr-defined]
    event = events.filter(pgh_obj_id=report.pk, version=version).order_by("pgh_id").first()
    return {name: getattr(event, name) for name in FIELDS} if event else {}


# ---- Signing off -----------------------------------------------------------------------------


@transaction.atomic
def report_sign_off(
    *,
    actor: Actor,
    inspection: Inspection,
    version: int,
    number: str = "",
    signed_on: dt.date | None = None,
) -> TeamReport:
    """Give the signature that is owed next to the version that was read; the lead's has a number
    and a day. Raises PermissionDenied, InspectionRefused.
    """
    held = lock_findings(inspection)
    role = team_role(actor, held)
    require(role in (TeamRole.SECRETARY, TeamRole.DEPUTY, TeamRole.LEAD))
    report = TeamReport.objects.select_for_update().filter(inspection=held).first()
    if report is None or not (report.strengths or report.shortcomings):
        raise InspectionRefused([_("Báo cáo chưa có nội dung.")])
    owed = next_signature(held, report)
    if owed is None:
        raise InspectionRefused([_("Trưởng đoàn đã ký báo cáo.")])
    state, roles = owed
    reasons = []
    if held.stage != Stage.REPORTING:
        reasons.append(_("Chỉ ký báo cáo ở bước báo cáo của đoàn."))
    if role not in roles:
        who = _(" hoặc ").join(str(TeamRole(each).label).lower() for each in roles)
        reasons.append(_("Chưa đến lượt: đang chờ %(who)s.") % {"who": who})
    if report.version != version:
        reasons.append(_STALE)
    if state == SignState.SIGNED:
        reasons += _number_reasons(held, number, signed_on)
    refuse(reasons)
    report.state = state
    if state == SignState.SYNTHESISED:
        report.synthesised_by_id = actor.pk
    elif state == SignState.REVIEWED:
        report.reviewed_by_id = actor.pk
    else:
        report.signed_by_id = actor.pk
        report.number, report.signed_on = number.strip(), signed_on
    with pghistory.context(user=actor.pk):
        report.save()
    telling.tell_signature(held, next_signature(held, report))
    return report


def _number_reasons(inspection: Inspection, number: str, signed_on: dt.date | None) -> list[str]:
    reasons = []
    if not number.strip():
        reasons.append(_("Thiếu số báo cáo."))
    if signed_on is None:
        reasons.append(_("Thiếu ngày ký."))
    elif signed_on > clock.today():
        reasons.append(_("Ngày ký không được sau hôm nay."))
    elif signed_on < inspection.starts_on:
        reasons.append(_("Ngày ký không được trước ngày bắt đầu kiểm tra."))
    return reasons


@transaction.atomic
def report_return(*, actor: Actor, inspection: Inspection, reason: str) -> TeamReport:
    """Give the report back to be rewritten: deputy or lead, with what is to change.

    Raises PermissionDenied, InspectionRefused.
    """
    held = lock_findings(inspection)
    require(team_role(actor, held) in (TeamRole.DEPUTY, TeamRole.LEAD))
    report = TeamReport.objects.select_for_update().filter(inspection=held).first()
    if report is None or report.state == SignState.DRAFT:
        raise InspectionRefused([_("Báo cáo chưa được trình.")])
    if not reason.strip():
        raise InspectionRefused([_("Hãy ghi nội dung cần sửa.")])
    unsign(report)
    with pghistory.context(user=actor.pk):
        report.save()
    telling.tell_report_returned(held, reason.strip())
    return report
