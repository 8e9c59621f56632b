"""Who is told of what happens to rotations, and reminders of what falls due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.choices import Role
from cadres.policies import EDITING_ROLES
from cadres.selectors.notices import Officers, accounts_of
from cadres.services.notices import Telling, notify
from rotation.models import Rotation
from rotation.selectors.tours import END_DAYS, ending_within, reports_due


def tell_proposed(rotation: Rotation) -> None:
    """Both units, and the person, are asked for their opinion."""
    text = _("%(who)s được đề xuất %(kind)s từ %(from)s đến %(to)s; cần cho ý kiến.")
    notify([_about(rotation, "proposed", _officers(rotation) | _person(rotation), text)])


def tell_submitted(rotation: Rotation) -> None:
    """Approvers of both units have something to decide."""
    text = _("Hồ sơ %(kind)s của %(who)s từ %(from)s đến %(to)s đã trình, chờ quyết định.")
    told = Officers(Role.APPROVER).above(rotation.to_unit.path)
    notify([_about(rotation, "submitted", told - {rotation.submitted_by_id}, text)])


def tell_returned(rotation: Rotation) -> None:
    """Who prepared it has to mend it."""
    text = _("Hồ sơ %(kind)s của %(who)s bị trả lại; lý do ghi trong hồ sơ.")
    notify([_about(rotation, "returned", _officers(rotation), text)])


def tell_approved(rotation: Rotation) -> None:
    """Both units and the person learn the decision."""
    text = _("%(who)s được quyết định %(kind)s từ %(from)s đến %(to)s, từ %(day)s.")
    notify([_about(rotation, "approved", _officers(rotation) | _person(rotation), text)])


def tell_cancelled(rotation: Rotation) -> None:
    """Both units and the person learn that it is off."""
    text = _("Hồ sơ %(kind)s của %(who)s từ %(from)s đến %(to)s đã hủy.")
    notify([_about(rotation, "cancelled", _officers(rotation) | _person(rotation), text)])


def tell_not_begun(rotation: Rotation, reasons: Sequence[str]) -> None:
    """The day has come but careers could not be written: somebody has to look; once a day."""
    text = _("Chưa thực hiện được quyết định %(kind)s của %(who)s: ") + " ".join(reasons)
    told = _officers(rotation)
    notify([_about(rotation, f"not-begun-{clock.today():%Y%m%d}", told, text, is_once=True)])


def remind(*, today: dt.date) -> int:
    """Remind of tours that end soon or are overdue, and of reports that lack; once each.

    Returns how many occasions there were. Safe to run again.
    """
    tellings = [*_ending(today), *_reports(today)]
    notify(tellings)
    return len(tellings)


def _ending(today: dt.date) -> Iterator[Telling]:
    for rotation in ending_within(today, END_DAYS):
        is_late = rotation.planned_end_on is not None and rotation.planned_end_on < today
        text = (
            _("%(who)s đã quá hạn %(kind)s tại %(to)s (%(end)s); cần kết thúc, bố trí.")
            if is_late
            else _("%(who)s hết hạn %(kind)s tại %(to)s ngày %(end)s; cần phương án bố trí.")
        )
        key = f"{'late' if is_late else 'end'}-{rotation.planned_end_on:%Y%m%d}"
        yield _about(rotation, key, _officers(rotation), text, is_once=True)


def _reports(today: dt.date) -> Iterator[Telling]:
    for rotation, year in reports_due(today):
        text = _("%(to)s cần nhận xét năm %(year)s về %(who)s đang %(kind)s.")
        told = Officers(*EDITING_ROLES).nearest(rotation.to_unit.path)
        words = text.replace("%(year)s", str(year))
        yield _about(rotation, f"report-{year}", told, words, is_once=True)


def _officers(rotation: Rotation) -> frozenset[int]:
    officers = Officers(*EDITING_ROLES)
    return frozenset(
        officers.nearest(rotation.from_unit.path) | officers.nearest(rotation.to_unit.path)
    )


def _person(rotation: Rotation) -> frozenset[int]:
    return accounts_of(rotation.cadre_id)


def _about(
    rotation: Rotation,
    occasion: str,
    told: frozenset[int] | set[int],
    text: str,
    *,
    is_once: bool = False,
) -> Telling:
    # What people do may happen again to one rotation; what the clock tells happens once.
    suffix = "" if is_once else f":{clock.now():%Y%m%d%H%M%S%f}"
    words = {
        "who": rotation.cadre.full_name,
        "kind": str(rotation.get_kind_display()).lower(),
        "from": rotation.from_unit.name,
        "to": rotation.to_unit.name,
        "day": formats.date(rotation.start_on),
        "end": formats.date(rotation.planned_end_on),
    }
    return Telling(
        user_ids=frozenset(pk for pk in told if pk),
        key=f"rotation-{occasion}:{rotation.pk}{suffix}",
        text=text % words,
        url=reverse("rotation:rotation-detail", args=[rotation.pk]),
    )
