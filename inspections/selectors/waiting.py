"""What waits for somebody after conclusions: reports to give and to look at, what is mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.policies import EDITING_ROLES, Actor, scope_paths, unit_scope
from cadres.todo import Todo
from inspections.choices import RemedyState
from inspections.models import Recommendation
from inspections.policies import OFFICES
from inspections.selectors.followup import (
    asked_scope,
    is_mended,
    live_of,
    recommendations_visible,
)

#: More of a kind than this stand as one line.
_SINGLY = 5


def remedy_todos(actor: Actor, today: dt.date) -> Iterator[Todo]:
    """Everything about recommendations that waits for the actor; three queries at most."""
    if not scope_paths(actor, *EDITING_ROLES):
        return
    waiting = (
        recommendations_visible(actor).exclude(state=RemedyState.CLOSED).order_by("due_on", "pk")
    )
    issued = unit_scope(actor, "finding__inspection__unit__path", roles=OFFICES)
    if scope_paths(actor, *OFFICES):
        yield from _of_the_office(actor, list(waiting.filter(issued)), today)
    if issued:  # else the actor follows up everything
        mine = waiting.filter(asked_scope(actor), ~issued, state=RemedyState.OPEN)
        yield from _of_the_unit(list(mine))


def _of_the_office(actor: Actor, rows: Sequence[Recommendation], today: dt.date) -> Iterator[Todo]:
    """Reports to look at, what data show as mended, what is overdue; each row stands once."""
    live = live_of(actor, rows, today)
    reported = [row for row in rows if row.state == RemedyState.REPORTED]
    mended = [
        row for row in rows if row.state == RemedyState.OPEN and is_mended(row, live.get(row.pk))
    ]
    taken = {row.pk for row in (*reported, *mended)}
    overdue = [row for row in rows if row.pk not in taken and row.due_on < today]
    yield from _lines(
        reported,
        _("Kiến nghị: báo cáo chờ xem xét"),
        lambda n: ngettext("%(n)s báo cáo chờ xem xét", "%(n)s báo cáo chờ xem xét", n),
        state=RemedyState.REPORTED.value,
    )
    yield from _lines(
        mended,
        _("Kiến nghị: số liệu cho thấy đã khắc phục"),
        lambda n: ngettext("%(n)s kiến nghị có thể kết thúc", "%(n)s kiến nghị có thể kết thúc", n),
        state="mended",
    )
    yield from _lines(
        overdue,
        _("Kiến nghị quá hạn"),
        lambda n: ngettext("%(n)s kiến nghị quá hạn", "%(n)s kiến nghị quá hạn", n),
        state="late",
    )


def _of_the_unit(rows: Sequence[Recommendation]) -> Iterator[Todo]:
    """What the unit has to carry out and report."""
    yield from _lines(
        rows,
        _("Kiến nghị phải thực hiện"),
        lambda n: ngettext(
            "%(n)s kiến nghị phải thực hiện, báo cáo", "%(n)s kiến nghị phải thực hiện, báo cáo", n
        ),
        state=RemedyState.OPEN.value,
    )


def _lines(
    rows: Sequence[Recommendation], group: str, words: Callable[[int], str], *, state: str
) -> Iterator[Todo]:
    if len(rows) > _SINGLY:
        yield Todo(
            group=group,
            text=words(len(rows)) % {"n": formats.number(len(rows))},
            url=f"{reverse('inspections:recommendation-list')}?trang-thai={state}",
            due_on=rows[0].due_on,
            count=len(rows),
        )
        return
    for row in rows:
        said = row.finding.text
        yield Todo(
            group=group,
            # Texts that the portal proposes name the unit themselves.
            text=said if row.unit.name in said else f"{row.unit.name}: {said}",
            under=row.finding.inspection.conclusion_no,
            url=reverse("inspections:recommendation-detail", args=[row.pk]),
            due_on=row.due_on,
        )
