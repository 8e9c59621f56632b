"""The team's report on pages: texts, who has signed, who is to; what a conclusion freezes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from inspections.choices import FindingKind, FindingState, SignState, Stage, TeamRole
from inspections.contexts.links import address
from inspections.models import Inspection, TeamReport
from inspections.policies import can_conclude, can_write_report, team_role
from inspections.selectors.findings import seen_by, unit_counts
from inspections.selectors.team_report import conclusion_counts, next_signature, signing_order
from inspections.services.holding import WRITING
from inspections.services.team_report import FIELDS

PAGE = "inspections:inspection-team-report"


def report_context(
    actor: Actor, inspection: Inspection, report: TeamReport | None, as_of: dt.date
) -> dict[str, Any]:
    """Everything under the frame of the page."""
    writes = can_write_report(actor, inspection) and inspection.stage in WRITING
    owed = next_signature(inspection, report)
    role = team_role(actor, inspection)
    has_text = report is not None and bool(report.strengths or report.shortcomings)
    is_time = inspection.stage == Stage.REPORTING
    signs = bool(owed and has_text and is_time and role in owed[1])
    waiting = sum(each.waiting for each in unit_counts(seen_by(actor, inspection)))
    to = {
        name: address(f"inspections:{name}", inspection.pk, as_of=as_of)
        for name in ("team-report-edit", "team-report-sign", "team-report-return")
    }
    return {
        "report": report,
        "parts": [
            {"label": _label(name), "text": getattr(report, name)}
            for name in FIELDS
            if report is not None and getattr(report, name)
        ],
        "signatures": _signatures(inspection, report),
        "owed": owed[0] if owed else None,
        "signs": signs,
        "is_lead_turn": bool(owed and owed[0] == SignState.SIGNED),
        "sign_words": _sign_words(owed[0]) if owed else "",
        "sign_url": to["team-report-sign"] if signs else "",
        "return_url": to["team-report-return"]
        if report is not None
        and report.state != SignState.DRAFT
        and inspection.stage in WRITING
        and role in (TeamRole.DEPUTY, TeamRole.LEAD)
        else "",
        "edit_url": to["team-report-edit"] if writes else "",
        "prefill_url": f"{to['team-report-edit']}?tong-hop=1" if writes else "",
        "is_time": is_time,
        "waiting": ngettext("%(n)s nhận định chưa duyệt", "%(n)s nhận định chưa duyệt", waiting)
        % {"n": waiting}
        if waiting
        else "",
        "conclude_url": address("inspections:inspection-conclude", inspection.pk, as_of=as_of)
        if inspection.stage == Stage.CONCLUDING and can_conclude(actor, inspection)
        else "",
    }


def _label(name: str) -> Any:
    return getattr(TeamReport, name).field.verbose_name


def _signatures(inspection: Inspection, report: TeamReport | None) -> list[dict[str, Any]]:
    """Each signature that is owed, in order, with who gave it."""
    given = {
        SignState.SYNTHESISED: report.synthesised_by if report else None,
        SignState.REVIEWED: report.reviewed_by if report else None,
        SignState.SIGNED: report.signed_by if report else None,
    }
    ranks = list(SignState)
    present = SignState(report.state) if report else SignState.DRAFT
    found = []
    for state, roles in signing_order(inspection):
        is_given = ranks.index(state) <= ranks.index(present)
        who = str(given[state] or "") if is_given else ""
        note = ""
        if is_given and state == SignState.SIGNED and report is not None:
            note = _("số %(no)s ngày %(day)s") % {
                "no": report.number,
                "day": formats.date(report.signed_on),
            }
        found.append(
            {
                "label": _(" hoặc ").join(str(TeamRole(role).label) for role in roles),
                "words": str(state.label),
                "is_given": is_given,
                "who": who,
                "note": note,
            }
        )
    return found


def _sign_words(state: SignState) -> str:
    return {
        SignState.SYNTHESISED: _("Xác nhận đã tổng hợp xong"),
        SignState.REVIEWED: _("Xác nhận đã soát"),
        SignState.SIGNED: _("Ký báo cáo"),
    }[state]


def conclusion_points(inspection: Inspection, report: TeamReport | None) -> list[str]:
    """What stays as it is from the conclusion on, in sentences with numbers."""
    counts = conclusion_counts(inspection)
    kinds = [
        f"{counts.by_kind[kind]} {str(FindingKind(kind).label).lower()}"
        for kind in FindingKind.values
        if counts.by_kind.get(kind)
    ]
    points = [
        _("%(n)s nhận định đã duyệt giữ nguyên lời: %(kinds)s.")
        % {"n": sum(counts.by_kind.values()), "kinds": ", ".join(kinds)},
        _("%(n)s kiến nghị được giao, có người chịu trách nhiệm và hạn.")
        % {"n": counts.recommendations},
        _("%(n)s ý kiến của đơn vị và trả lời của đoàn được lưu cùng.") % {"n": counts.objections},
        _("Bằng chứng chốt đến ngày %(day)s không đổi.")
        % {"day": formats.date(inspection.evidence_on)},
    ]
    if report and report.number:
        points.append(
            _("Báo cáo của đoàn số %(no)s ngày %(day)s giữ nguyên.")
            % {"no": report.number, "day": formats.date(report.signed_on)}
        )
    left = counts.by_state.get(FindingState.DROPPED, 0)
    if left:
        points.append(_("%(n)s nhận định đã bỏ không vào kết luận, vẫn lưu.") % {"n": left})
    points.append(_("Đoàn hết quyền đọc số liệu; sau này chỉ đính chính được, có văn bản."))
    return points
