"""Who is told of what happens in an inspection."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers
from cadres.services.notices import Telling, notify
from inspections.choices import SignState, Stage, TeamRole
from inspections.models import Inspection, Objection


def tell_stage(inspection: Inspection) -> None:
    """The team learns of every step; inspected units of those that ask something of them."""
    stage = str(Stage(inspection.stage).label).lower()
    words = {"name": inspection.name, "stage": stage}
    team = frozenset(inspection.team.values_list("user_id", flat=True))
    key = f"inspection-{inspection.stage}:{inspection.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    url = reverse("inspections:inspection-detail", args=[inspection.pk])
    text = _("“%(name)s” chuyển sang bước %(stage)s.") % words
    tellings = [Telling(team, key, text, url)]
    asked = {
        Stage.DEPLOYING: _("Đơn vị được kiểm tra: “%(name)s”."),
        Stage.SELF_REPORTING: _("Cần nộp báo cáo tự kiểm tra: “%(name)s”."),
        Stage.FOLLOWING: _("Đã có thông báo kết luận: “%(name)s”."),
    }.get(Stage(inspection.stage))
    if asked:
        officers = Officers(*EDITING_ROLES)
        for inspected in inspection.units.select_related("unit"):
            told = officers.nearest(inspected.unit.path)
            own = reverse("inspections:inspected-detail", args=[inspected.pk])
            tellings.append(Telling(told, f"{key}:{inspected.pk}", asked % words, own))
    notify(tellings)


def tell_signature(
    inspection: Inspection, owed: tuple[SignState, tuple[TeamRole, ...]] | None
) -> None:
    """Who signs the team's report next learns of it; once it is signed, the whole team."""
    url = reverse("inspections:inspection-team-report", args=[inspection.pk])
    words = {"name": inspection.name}
    if owed is None:
        text = _("Báo cáo của đoàn đã được trưởng đoàn ký: “%(name)s”.") % words
        told = inspection.team.all()
    else:
        text = _("Đến lượt ký báo cáo của đoàn: “%(name)s”.") % words
        told = inspection.team.filter(role__in=owed[1])
    key = f"inspection-report:{inspection.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    notify([Telling(frozenset(told.values_list("user_id", flat=True)), key, text, url)])


def tell_report_returned(inspection: Inspection, reason: str) -> None:
    """The secretary, or who writes in their place, learns what is to be changed."""
    url = reverse("inspections:inspection-team-report", args=[inspection.pk])
    secretaries = inspection.team.filter(role=TeamRole.SECRETARY)
    told = secretaries if secretaries.exists() else inspection.team.exclude(role=TeamRole.MEMBER)
    text = _("Báo cáo của đoàn cần sửa: %(reason)s") % {"reason": reason[:300]}
    key = f"inspection-returned:{inspection.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    notify([Telling(frozenset(told.values_list("user_id", flat=True)), key, text, url)])


def tell_objection(inspection: Inspection, objection: Objection) -> None:
    """Lead, deputies and secretary learn that a unit objects."""
    finding = objection.finding
    team = inspection.team.exclude(role=TeamRole.MEMBER).values_list("user_id", flat=True)
    text = _("%(unit)s có ý kiến về một nhận định: “%(name)s”.") % {
        "unit": finding.inspected_unit,
        "name": inspection.name,
    }
    url = reverse("inspections:finding-detail", args=[inspection.pk, finding.pk])
    notify([Telling(frozenset(team), f"inspection-objection:{objection.pk}", text, url)])


def tell_answer(inspection: Inspection, objection: Objection) -> None:
    """Who objected learns that there is an answer."""
    text = _("Đoàn kiểm tra đã trả lời ý kiến của đơn vị: “%(name)s”.") % {"name": inspection.name}
    url = reverse("inspections:inspected-findings", args=[objection.finding.inspected_unit_id])
    told = frozenset([objection.raised_by_id])
    notify([Telling(told, f"inspection-answer:{objection.pk}", text, url)])
