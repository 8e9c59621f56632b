"""Open rounds "Bổ sung lý lịch" when units are reorganised: requests go with their people.

Nothing is written: who may answer and decide follows from where a person serves on the day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date
from cadres.carrying import Carry, Consequence, Observer, Preview
from cadres.choices import ProposalStatus
from cadres.models import Appointment, RoundRequest, SupplementRound
from cadres.periods import active_on


class RoundObserver(Observer):
    """Tells which rounds wait for people of ending units, and whom nobody there can answer for."""

    name = "cadres.rounds"

    def preview(self, carry: Carry) -> Preview:
        """Rounds that wait, the soonest due first."""
        eve = carry.effective_on - dt.timedelta(days=1)
        ending = {each.unit_id for each in carry.endings}
        held = Appointment.objects.filter(active_on(eve), unit__in=ending)
        waits = Q(answered_at=None) | Q(proposals__status=ProposalStatus.PENDING)
        requests = RoundRequest.objects.filter(
            waits, round__closed_at=None, cadre__in=held.values("cadre")
        )
        asked: defaultdict[int, set[int]] = defaultdict(set)
        for round_id, cadre_id in requests.values_list("round", "cadre").distinct():
            asked[round_id].add(cadre_id)
        left = _left(carry, ending, {cadre for found in asked.values() for cadre in found})
        lines: list[Consequence] = []
        rounds = SupplementRound.objects.filter(pk__in=asked).order_by("due_on", "pk")
        for found in rounds:
            lines += _told(found, len(asked[found.pk]), len(asked[found.pk] & left))
        return Preview(
            title=_("Đợt bổ sung lý lịch đang mở"),
            consequences=lines,
            state=[[pk, sorted(people), sorted(people & left)] for pk, people in asked.items()],
        )


def _left(carry: Carry, ending: set[int], people: set[int]) -> set[int]:
    """People who hold no post any more from the day on."""
    placed = {cadre for cadre, _unit in carry.homes}
    elsewhere = Appointment.objects.filter(active_on(carry.effective_on), cadre__in=people)
    return people - placed - set(elsewhere.exclude(unit__in=ending).values_list("cadre", flat=True))


def _told(found: SupplementRound, waiting: int, left: int) -> list[Consequence]:
    words = {"round": found.title, "due": date(found.due_on), "n": waiting, "k": left}
    text = _(
        "“%(round)s”, hạn %(due)s: còn chờ %(n)d người của đơn vị kết thúc; cán bộ tổ chức ở "
        "đơn vị kế tục trả lời và duyệt tiếp."
    )
    lines = [Consequence(text=text % words)]
    if left:
        text = _(
            "“%(round)s”: %(k)d người không còn chức vụ nào, chỉ cán bộ tổ chức cấp tỉnh trả lời "
            "và duyệt được. Bố trí ở phần Người, hoặc xử lý xong trước ngày hiệu lực."
        )
        lines.append(Consequence(text=text % words, is_warning=True))
    return lines
