"""Who is told of what happens to rotations, and reminders of what falls due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
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


def tell_submitted(rotations: Sequence[Rotation]) -> None:
    """Approvers of both units have something to decide; of several, told once."""
    approvers = Officers(Role.APPROVER)
    by_told: defaultdict[int, list[Rotation]] = defaultdict(list)
    for rotation in rotations:
        for user_id in approvers.above(rotation.to_unit.path) - {rotation.submitted_by_id}:
            by_told[user_id].append(rotation)
    notify([_submitted(rows, user_id) for user_id, rows in by_told.items()])


def _submitted(rotations: Sequence[Rotation], user_id: int) -> Telling:
    first, told = rotations[0], frozenset({user_id})
    if len(rotations) == 1:
        text = _("Hồ sơ %(kind)s của %(who)s từ %(from)s đến %(to)s đã trình, chờ quyết định.")
        return _about(first, "submitted", told, text)
    text = _("%(n)s hồ sơ luân chuyển, điều động, biệt phái đã trình (%(no)s), chờ quyết định.")
    words = {"n": formats.number(len(rotations)), "no": first.submission_no}
    return Telling(
        user_ids=told,
        key=f"rotations-submitted:{first.pk}:{clock.now():%Y%m%d%H%M%S%f}",
        text=text % words,
        url=reverse("rotation:decide"),
    )


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
