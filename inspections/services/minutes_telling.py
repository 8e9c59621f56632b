"""Who is told of minutes: what is to be signed, what was, what was not."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers
from cadres.services.notices import Telling, notify
from inspections.choices import TeamRole
from inspections.models import InspectedUnit, Minutes


def tell_to_sign(minutes: Minutes, inspected: InspectedUnit) -> None:
    """Officers of the unit have minutes to read and sign."""
    told = Officers(*EDITING_ROLES).nearest(inspected.unit.path)
    url = reverse("inspections:side-minutes", args=[inspected.pk, minutes.pk])
    _tell(minutes, "to-sign", told, _("%(kind)s ngày %(day)s chờ đơn vị ký: “%(name)s”."), url)


def tell_signed(minutes: Minutes) -> None:
    """Who wrote them, and the lead, learn that both sides have signed."""
    text = _("%(kind)s ngày %(day)s đã có chữ ký hai bên: “%(name)s”.")
    _tell(minutes, "signed", _team(minutes), text, _own_url(minutes))


def tell_declined(minutes: Minutes) -> None:
    """Who wrote them, and the lead, learn what the unit does not agree with."""
    text = _("Đơn vị chưa ký %(kind)s ngày %(day)s: %(reason)s")
    _tell(minutes, "declined", _team(minutes), text, _own_url(minutes))


def _team(minutes: Minutes) -> frozenset[int]:
    leads = minutes.inspection.team.filter(role=TeamRole.LEAD).values_list("user_id", flat=True)
    return frozenset(pk for pk in (*leads, minutes.written_by_id) if pk)


def _own_url(minutes: Minutes) -> str:
    return reverse("inspections:minutes-detail", args=[minutes.inspection_id, minutes.pk])


def _tell(minutes: Minutes, occasion: str, told: frozenset[int], text: str, url: str) -> None:
    words = {
        "kind": minutes.get_kind_display(),
        "day": formats.date(minutes.held_on),
        "name": minutes.inspection.name,
        "reason": minutes.declined_for[:200],
    }
    key = f"minutes-{occasion}:{minutes.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    notify([Telling(told, key, text % words, url)])
