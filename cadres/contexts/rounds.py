"""Pages of rounds "Đề nghị bổ sung lý lịch"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags.formats import date, number
from cadres.file_fields import SINGLE_FIELDS
from cadres.models import RoundProposal, RoundRequest, SupplementRound, User
from cadres.policies import Actor
from cadres.selectors.rounds import OpenProposal, UnitProgress, Waiting, rounds_waiting
from cadres.todo import Todo

ROWS = 50


def _home() -> dict[str, str]:
    return {"label": _("Bổ sung lý lịch"), "url": reverse("cadres:round-list")}


def crumbs(*labels: str) -> list[dict[str, str]]:
    """The list of rounds, then the page."""
    return [_home(), *({"label": label, "url": ""} for label in labels)]


def due_words(found: SupplementRound) -> dict[str, Any]:
    """Where a round stands in words; an outcome only where it is over or overdue."""
    if not found.is_open:
        return {"outcome": "not_applicable", "text": _("đã đóng %s") % date(found.closed_at)}
    if found.due_on < clock.today():
        return {"outcome": "not_met", "text": _("quá hạn %s") % date(found.due_on)}
    return {"outcome": "", "text": _("hạn %s") % date(found.due_on)}


def round_todos(actor: Actor, _today: dt.date) -> list[Todo]:
    """What of the rounds waits for the actor, soonest due first; two queries."""
    return [
        Todo(
            group=_("Bổ sung lý lịch"),
            text=_("Trả lời “%(round)s”") % {"round": each.round.title}
            if each.kind == "answer"
            else ngettext(
                "Duyệt %(n)s giá trị đề nghị, “%(round)s”",
                "Duyệt %(n)s giá trị đề nghị, “%(round)s”",
                each.count,
            )
            % {"n": number(each.count), "round": each.round.title},
            url=_waiting_url(actor, each),
            due_on=each.round.due_on,
            count=each.count,
        )
        for each in rounds_waiting(actor)
    ]


def _waiting_url(actor: Actor, each: Waiting) -> str:
    if each.kind == "answer" and isinstance(actor, User) and actor.cadre:
        return reverse("cadres:round-answer", args=[each.round.pk, actor.cadre.code])
    return reverse("cadres:round-decide", args=[each.round.pk])


def round_rows(rounds: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of the list of rounds."""
    return [
        {
            "round": found,
            "url": reverse("cadres:round-detail", args=[found.pk]),
            "state": due_words(found),
            "answered": _("%(n)s / %(m)s người")
            % {"n": number(found.answered), "m": number(found.asked)},
            "pending": found.pending,
            "decide_url": reverse("cadres:round-decide", args=[found.pk]),
        }
        for found in rounds
    ]


def my_rows(requests: Iterable[Any]) -> list[dict[str, Any]]:
    """What the person is asked about their own file."""
    return [
        {
            "round": row.round,
            "url": reverse("cadres:round-answer", args=[row.round_id, row.cadre.code]),
            "state": due_words(row.round),
            "answer": request_state(row),
            "is_waiting": row.round.is_open and row.answered_at is None,
        }
        for row in requests
    ]


def request_state(row: Any) -> dict[str, str]:
    """How far one person's request is: outcome and words."""
    if row.answered_at is None:
        return {"outcome": "cannot_tell", "text": _("chưa trả lời")}
    if row.pending:
        text = ngettext("%(n)d mục chờ duyệt", "%(n)d mục chờ duyệt", row.pending)
        return {"outcome": "cannot_tell", "text": text % {"n": row.pending}}
    if row.refused:
        text = ngettext("%(n)d mục không được nhận", "%(n)d mục không được nhận", row.refused)
        return {"outcome": "not_met", "text": text % {"n": row.refused}}
    return {"outcome": "met", "text": _("đã xong")}


def request_rows(found: SupplementRound, requests: Iterable[Any]) -> list[dict[str, Any]]:
    """People of a round."""
    return [
        {
            "request": row,
            "cadre_url": reverse("cadres:cadre-detail", args=[row.cadre.code]),
            "answer_url": reverse("cadres:round-answer", args=[found.pk, row.cadre.code]),
            "state": request_state(row),
        }
        for row in requests
    ]


def state_items(found: SupplementRound, progress: Iterable[UnitProgress], here: str) -> Any:
    """The groups of people as links."""
    base = reverse("cadres:round-detail", args=[found.pk])
    words = (
        ("", _("Tất cả")),
        ("chua", _("Chưa trả lời")),
        ("cho", _("Chờ duyệt")),
        ("xong", _("Đã xong")),
    )
    return [
        {"label": label, "url": f"{base}?loc={value}" if value else base, "here": value == here}
        for value, label in words
    ]


def totals(progress: Iterable[UnitProgress]) -> dict[str, int]:
    """Sums over the units."""
    rows = list(progress)
    return {
        "asked": sum(row.asked for row in rows),
        "answered": sum(row.answered for row in rows),
        "pending": sum(row.pending for row in rows),
    }


def proposal_rows(
    proposals: Iterable[OpenProposal],
    names: Mapping[str, str],
    *,
    decided: Mapping[int, RoundProposal],
    ticked: Iterable[int],
) -> list[dict[str, Any]]:
    """Proposals side by side with what the file says now."""
    chosen = set(ticked)
    return [
        {
            "pk": one.proposal.pk,
            "cadre": one.cadre,
            "cadre_url": reverse("cadres:cadre-detail", args=[one.cadre.code]),
            "label": one.field.label,
            "now": one.now,
            "now_words": one.field.words(one.now, names) or _("để trống"),
            "value_words": one.field.words(one.proposal.value, names) or _("để trống"),
            "base_words": one.field.words(one.proposal.base, names) or _("để trống"),
            "proposal": one.proposal,
            "is_own": one.is_own,
            "is_conflict": one.is_conflict,
            "is_ticked": one.proposal.pk in chosen and not one.is_own,
        }
        for one in proposals
    ]


def answer_notes(
    request: RoundRequest,
    latest: Mapping[str, RoundProposal],
    now: Mapping[str, str],
    names: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    """What stands beside each field of an answer: the file's value, what became of proposals."""
    notes = {}
    for key, text in now.items():
        one, row = SINGLE_FIELDS[key], latest.get(key)
        notes[key] = {
            "now": one.words(text, names) or _("để trống"),
            "proposal": row,
            "value": one.words(row.value, names) or _("để trống") if row else "",
        }
    return notes
