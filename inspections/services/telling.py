"""Who is told of what happens in an inspection."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers
from cadres.services.notices import Telling, notify
from inspections.choices import Stage
from inspections.models import Inspection


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
