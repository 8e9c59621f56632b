"""Inspections from the issuing side, and from the side of the inspected unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor
from compliance.selectors.figures import figures_of_units
from inspections.choices import (
    FindingKind,
    FindingState,
    MinutesKind,
    RemedyState,
    ReportState,
    SignState,
    Stage,
    TeamRole,
)
from inspections.models import (
    EvidenceTaking,
    Finding,
    FindingEvidence,
    InspectedUnit,
    Inspection,
    Objection,
    Recommendation,
    SelfReport,
    TeamReport,
)
from inspections.policies import inspected_scope, issuing_scope

_LIMITS = {
    "days": "inspection.duration.maximum_days",
    "thirds": "inspection.extension.maximum_share",
    "years": "inspection.period.maximum_years",
}
#: The steps in their order; each opens when nothing stands in the way of the one before.
STAGES = tuple(Stage)


@dataclass(frozen=True)
class Obstacle:
    """Why the next step cannot begin; `part`: the part of the page where it is mended."""

    text: str
    part: str
    number: int = 1


@dataclass(frozen=True)
class Limit:
    """What the law of the decision's day says of a length, and what is planned.

    `allowed` None: no document on hand says so at this level and day. `is_kept` None: unknown.
    """

    name: str
    planned: int
    allowed: int | None
    is_kept: bool | None
    text: str
    citations: list[dict[str, Any]]


def inspections_visible(actor: Actor) -> QuerySet[Inspection]:
    """Inspections in which the actor stands on the issuing side or in the team."""
    return Inspection.objects.filter(issuing_scope(actor)).select_related("unit").distinct()


def inspection_get(actor: Actor, pk: int) -> Inspection:
    """One of them. Raises Http404."""
    return get_object_or_404(inspections_visible(actor), pk=pk)


def inspected_visible(actor: Actor) -> QuerySet[InspectedUnit]:
    """Inspected units that the actor answers for, from the step in which they are asked on."""
    return (
        InspectedUnit.objects.filter(inspected_scope(actor))
        .exclude(inspection__stage=Stage.PREPARING)
        .select_related("inspection__unit", "unit")
        .order_by("-inspection__starts_on", "pk")
    )


def inspected_get(actor: Actor, pk: int) -> InspectedUnit:
    """One inspected unit that the actor answers for. Raises Http404."""
    return get_object_or_404(inspected_visible(actor), pk=pk)


# ---- Limits ----------------------------------------------------------------------------------


def limits_of(inspection: Inspection) -> list[Limit]:
    """Duration, extension and period against the law of the decision's day (qd-331-2025).

    Days are calendar days: the document does not say which. One query.
    """
    day = inspection.decision_on or inspection.starts_on
    figures = figures_of_units([inspection.unit], _LIMITS, day)[inspection.unit_id]
    length = (inspection.ends_on - inspection.starts_on).days + 1
    found = [
        _limit(
            _("Thời hạn kiểm tra"),
            length,
            figures["days"],
            _("%(n)s ngày, tối đa %(most)s ngày"),
            _("%(n)s ngày"),
        )
    ]
    if inspection.extended_to:
        more = (inspection.extended_to - inspection.ends_on).days
        thirds, cited = figures["thirds"]
        most = length * thirds // 3 if thirds is not None else None
        found.append(
            _limit(
                _("Gia hạn"),
                more,
                (most, cited),
                _("%(n)s ngày, tối đa %(most)s ngày"),
                _("%(n)s ngày"),
            )
        )
    years = _years(inspection.period_from, inspection.period_to)
    found.append(
        _limit(
            _("Mốc thời gian kiểm tra"),
            years,
            figures["years"],
            _("%(n)s năm, tối đa %(most)s năm gần nhất"),
            _("%(n)s năm"),
        )
    )
    return found


def _limit(name: str, planned: int, figure: Any, told: str, bare: str) -> Limit:
    allowed, citations = figure
    words = {"n": planned, "most": allowed}
    if allowed is None:
        text = bare % words + "; " + _("chưa có căn cứ về giới hạn vào ngày này")
        return Limit(name, planned, None, None, text, [])
    return Limit(name, planned, allowed, planned <= allowed, told % words, citations)


def _years(start: dt.date, end: dt.date) -> int:
    """Years begun between two days, both inside."""
    whole = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    return whole + 1


# ---- Steps -----------------------------------------------------------------------------------


def obstacles(inspection: Inspection) -> list[Obstacle]:
    """Everything that stands between the present step and the next, all at once."""
    readers = {
        Stage.PREPARING: _before_deploying,
        Stage.DEPLOYING: _before_self_reports,
        Stage.SELF_REPORTING: _before_verifying,
        Stage.VERIFYING: _before_reporting,
        Stage.REPORTING: _before_concluding,
        Stage.CONCLUDING: _before_following,
        Stage.FOLLOWING: _before_closing,
    }
    reader = readers.get(Stage(inspection.stage))
    return reader(inspection) if reader else []


def next_stage(inspection: Inspection) -> Stage | None:
    """The step after the present one; None at the end."""
    place = STAGES.index(Stage(inspection.stage))
    return STAGES[place + 1] if place + 1 < len(STAGES) else None


def _before_deploying(inspection: Inspection) -> list[Obstacle]:
    found = []
    if not (inspection.decision_no and inspection.decision_on and inspection.issuer):
        found.append(Obstacle(_("Chưa có số, ngày, người ký quyết định."), "quyet-dinh"))
    if not inspection.team.filter(role=TeamRole.LEAD).exists():
        found.append(Obstacle(_("Chưa có trưởng đoàn."), "doan"))
    if not inspection.units.exists():
        found.append(Obstacle(_("Chưa chọn đơn vị được kiểm tra."), "don-vi"))
    if not inspection.outline.exists():
        found.append(Obstacle(_("Chưa có đề cương báo cáo tự kiểm tra."), "de-cuong"))
    late = inspection.units.filter(report_due_on=None).count()
    if late:
        text = _("%(n)s đơn vị chưa có hạn nộp báo cáo tự kiểm tra.") % {"n": late}
        found.append(Obstacle(text, "don-vi", late))
    if not inspection.limit_reason:
        found += [
            Obstacle(
                _("%(name)s vượt giới hạn: %(text)s. Hãy sửa, hoặc ghi văn bản cho phép.")
                % {"name": limit.name, "text": limit.text},
                "quyet-dinh",
            )
            for limit in limits_of(inspection)
            if limit.is_kept is False
        ]
    return found


def _before_self_reports(inspection: Inspection) -> list[Obstacle]:
    if inspection.minutes.filter(kind=MinutesKind.DEPLOY, is_signed=True).exists():
        return []
    return [Obstacle(_("Chưa có biên bản triển khai đã ký."), "bien-ban")]


def _before_verifying(inspection: Inspection) -> list[Obstacle]:
    sent = SelfReport.objects.filter(
        inspected_unit__inspection=inspection, state=ReportState.SUBMITTED
    )
    waiting = (
        inspection.units.exclude(pk__in=sent.values("inspected_unit"))
        .filter(late_reason="")
        .count()
    )
    if not waiting:
        return []
    text = _("%(n)s đơn vị chưa nộp báo cáo tự kiểm tra.") % {"n": waiting}
    return [Obstacle(text, "tu-kiem-tra", waiting)]


def findings_open(inspection: Inspection) -> QuerySet[Finding]:
    """Findings that count: not dropped."""
    return inspection.findings.exclude(state=FindingState.DROPPED)


def _before_reporting(inspection: Inspection) -> list[Obstacle]:
    found = []
    if not inspection.takings.filter(state=EvidenceTaking.State.READY).exists():
        found.append(Obstacle(_("Chưa chốt số liệu làm bằng chứng."), "bang-chung"))
    kept = findings_open(inspection)
    if not kept.exists():
        found.append(Obstacle(_("Chưa có nhận định nào."), "nhan-dinh"))
    rested = FindingEvidence.objects.filter(finding__inspection=inspection).values("finding")
    bare = (
        kept.exclude(kind__in=(FindingKind.RECOMMENDATION, FindingKind.CAUSE))
        .exclude(pk__in=rested)
        .count()
    )
    if bare:
        text = _("%(n)s nhận định chưa có bằng chứng.") % {"n": bare}
        found.append(Obstacle(text, "nhan-dinh", bare))
    unread = kept.exclude(state=FindingState.APPROVED).count()
    if unread:
        text = _("%(n)s nhận định chưa duyệt.") % {"n": unread}
        found.append(Obstacle(text, "nhan-dinh", unread))
    heard = inspection.minutes.filter(kind=MinutesKind.WORKING, is_signed=True)
    silent = inspection.units.exclude(pk__in=heard.values("inspected_unit")).count()
    if silent:
        text = _("%(n)s đơn vị chưa có biên bản làm việc đã ký.") % {"n": silent}
        found.append(Obstacle(text, "bien-ban", silent))
    return found


def _before_concluding(inspection: Inspection) -> list[Obstacle]:
    found = []
    report = TeamReport.objects.filter(inspection=inspection).first()
    if report is None or report.state != SignState.SIGNED:
        found.append(Obstacle(_("Báo cáo của đoàn chưa được trưởng đoàn ký."), "bao-cao"))
    open_ones = Objection.objects.filter(finding__inspection=inspection, answered_on=None).count()
    if open_ones:
        text = _("%(n)s ý kiến của đơn vị chưa được trả lời.") % {"n": open_ones}
        found.append(Obstacle(text, "nhan-dinh", open_ones))
    asked = Recommendation.objects.filter(finding__inspection=inspection).values("finding")
    bare = (
        findings_open(inspection)
        .filter(kind=FindingKind.RECOMMENDATION)
        .exclude(pk__in=asked)
        .count()
    )
    if bare:
        text = _("%(n)s kiến nghị chưa có người chịu trách nhiệm và hạn.") % {"n": bare}
        found.append(Obstacle(text, "nhan-dinh", bare))
    return found


def _before_following(inspection: Inspection) -> list[Obstacle]:
    """The conclusion itself is an act of its own: services.inspections.inspection_conclude."""
    if inspection.conclusion_no and inspection.concluded_on:
        return []
    return [Obstacle(_("Chưa ban hành thông báo kết luận."), "ket-luan")]


def _before_closing(inspection: Inspection) -> list[Obstacle]:
    left = (
        Recommendation.objects.filter(finding__inspection=inspection)
        .exclude(state=RemedyState.CLOSED)
        .count()
    )
    if not left:
        return []
    text = _("%(n)s kiến nghị chưa thực hiện xong.") % {"n": left}
    return [Obstacle(text, "theo-doi", left)]


def days_left(inspection: Inspection, today: dt.date) -> int | None:
    """Days until the inspection has to end; None once it is concluded."""
    return None if inspection.is_concluded else (inspection.last_day - today).days


def last_day_words(inspection: Inspection) -> str:
    """The last day, with the extension told."""
    text = formats.date(inspection.last_day)
    if inspection.extended_to:
        return _("%(day)s (đã gia hạn)") % {"day": text}
    return text
