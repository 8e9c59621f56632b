"""Rounds "Đề nghị bổ sung lý lịch": opening, proposing, deciding, closing.

People's rows are locked first and in order, then proposals: two who decide at once take turns, and
the second is told.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.choices import ProposalStatus
from cadres.file_fields import SINGLE_FIELDS, SINGLE_SECTIONS
from cadres.models import Cadre, RoundProposal, RoundRequest, SupplementRound, User
from cadres.policies import (
    can_edit_cadre,
    can_manage_round,
    can_open_round,
    require,
)
from cadres.selectors.cadres import posts_of
from cadres.selectors.rounds import editable_scope, texts_now
from cadres.services.cadres import cadre_lock, canonical, fields_write

#: More people are better asked unit by unit; a round is read by persons.
MOST_PEOPLE = 5000


class RoundClosed(Exception):  # noqa: N818 - a state, not an error of the program
    """The round takes no answers any more."""


class DecisionConflict(Exception):  # noqa: N818 - a meeting of two people
    """Nothing was written. `decided` were decided meanwhile; of `changed` the files changed."""

    def __init__(self, decided: list[RoundProposal], changed: list[RoundProposal]) -> None:
        super().__init__("decision conflict")
        self.decided, self.changed = decided, changed


# ---- Rounds ----------------------------------------------------------------------------------


@transaction.atomic
def round_open(
    *,
    actor: User,
    title: str,
    fields: Sequence[str],
    due_on: dt.date,
    cadre_ids: Iterable[int],
    note: str = "",
) -> SupplementRound:
    """Ask people for some fields by a day. Raises PermissionDenied, ValidationError.

    Everybody asked has to be somebody whose file the actor may change.
    """
    require(can_open_round(actor))
    wanted = sorted(set(cadre_ids))
    people = list(Cadre.objects.filter(editable_scope(actor), pk__in=wanted))
    require(len(people) == len(wanted))
    errors: dict[str, str] = {}
    if not title.strip():
        errors["title"] = _("Thiếu tên đợt. Hãy điền vào.")
    if not fields or any(key not in SINGLE_FIELDS for key in fields):
        errors["fields"] = _("Hãy chọn ít nhất một mục cần bổ sung.")
    if due_on < clock.today():
        errors["due_on"] = _("Hạn trả lời đã qua. Hãy chọn hôm nay hoặc một ngày sau đó.")
    if not people:
        errors["people"] = _("Không có ai được chọn. Hãy chọn đơn vị hoặc ghi số hiệu.")
    elif len(people) > MOST_PEOPLE:
        errors["people"] = _("Nhiều nhất %(most)d người một đợt. Hãy chia theo đơn vị.") % {
            "most": MOST_PEOPLE
        }
    if errors:
        raise ValidationError(errors)
    made = SupplementRound(
        title=title.strip(),
        note=note.strip(),
        fields=[key for key in SINGLE_FIELDS if key in fields],
        due_on=due_on,
        opened_by=actor,
        opened_at=clock.now(),
    )
    made.full_clean()
    made.save()
    posts = posts_of(people, clock.today())
    RoundRequest.objects.bulk_create(
        RoundRequest(
            round=made,
            cadre=cadre,
            unit_id=posts[cadre.pk].unit_id if cadre.pk in posts else None,
        )
        for cadre in people
    )
    return made


@transaction.atomic
def round_close(*, actor: User, found: SupplementRound) -> None:
    """Take no more answers; what is proposed can still be decided. Raises PermissionDenied."""
    require(can_manage_round(actor, found))
    SupplementRound.objects.filter(pk=found.pk, closed_at=None).update(
        closed_at=clock.now(), closed_by=actor
    )


@transaction.atomic
def round_reopen(*, actor: User, found: SupplementRound) -> None:
    """Take answers again. Raises PermissionDenied."""
    require(can_manage_round(actor, found))
    SupplementRound.objects.filter(pk=found.pk).update(closed_at=None, closed_by=None)


# ---- Answers ---------------------------------------------------------------------------------


def can_answer(actor: User, request: RoundRequest) -> bool:
    """The person asked, or an officer who may change the file."""
    return actor.cadre_id == request.cadre_id or can_edit_cadre(actor, request.cadre)


@transaction.atomic
def request_answer(
    *, actor: User, request: RoundRequest, typed: Mapping[str, str], base: Mapping[str, str]
) -> int:
    """Propose values; returns how many differ from the file. None differing is an answer as well.

    `base`: what the actor saw the file say. A field proposed before and not decided takes the new
    value, or is taken back when the file's own is given. Raises PermissionDenied, RoundClosed,
    ValidationError by field key.
    """
    require(can_answer(actor, request))
    cadre = cadre_lock(request.cadre_id)
    asked = RoundRequest.objects.select_for_update(of=("self",)).select_related("round")
    locked = asked.get(pk=request.pk)
    if not locked.round.is_open:
        raise RoundClosed
    keys = [key for key in locked.round.fields if key in typed]
    now = texts_now([cadre], keys)[cadre.pk]
    texts = _judged(actor, {key: typed[key] for key in keys}, now)
    waiting = {
        row.field: row
        for row in locked.proposals.select_for_update().filter(status=ProposalStatus.PENDING)
    }
    proposed = 0
    for key in keys:
        proposed += _propose(actor, locked, key, texts[key], base.get(key, ""), now, waiting)
    locked.answered_at, locked.answered_by = clock.now(), actor
    locked.save(update_fields=["answered_at", "answered_by"])
    return proposed


def _judged(actor: User, typed: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    errors: dict[str, list[str]] = {}
    for section in SINGLE_SECTIONS:
        part = {key: text for key, text in typed.items() if key in section.by_key}
        try:
            texts.update(canonical(actor, section, part, now))
        except ValidationError as error:
            errors.update(error.message_dict)
    if errors:
        raise ValidationError(errors)
    return texts


def _propose(
    actor: User,
    request: RoundRequest,
    key: str,
    text: str,
    seen: str,
    now: Mapping[str, str],
    waiting: Mapping[str, RoundProposal],
) -> int:
    before = waiting.get(key)
    if before is not None:
        if text == before.value and before.proposed_by_id == actor.pk:
            return 1
        before.status, before.decided_at = ProposalStatus.REPLACED, clock.now()
        before.save(update_fields=["status", "decided_at"])
    # What was left as it was seen is no proposal, even where the file changed since.
    if text in (now[key], seen):
        return 0
    RoundProposal.objects.create(
        request=request,
        field=key,
        base=seen,
        value=text,
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    return 1


# ---- Decisions -------------------------------------------------------------------------------


@transaction.atomic
def proposals_accept(
    *, actor: User, found: SupplementRound, seen: Mapping[int, str]
) -> list[RoundProposal]:
    """Write proposed values into the files: all of them or none.

    `seen`: by number of the proposal, what the actor saw the file say. Raises PermissionDenied
    (own proposals, own file, out of scope), DecisionConflict, ValidationError.
    """
    proposals = _to_decide(actor, found, seen)
    now = _now_of(proposals)
    changed = [row for row in proposals if now[row.pk] != seen[row.pk]]
    if changed:
        raise DecisionConflict([], changed)
    by_cadre: dict[int, list[RoundProposal]] = defaultdict(list)
    for row in proposals:
        by_cadre[row.request.cadre_id].append(row)
    proposers = {
        str(cadre_id): {row.field: row.proposed_by_id for row in rows}
        for cadre_id, rows in by_cadre.items()
    }
    errors: list[str] = []
    named = {
        str(cadre_id): ", ".join(sorted({str(row.proposed_by) for row in rows}))
        for cadre_id, rows in by_cadre.items()
    }
    with pghistory.context(user=actor.pk, round=found.pk, proposed_by=proposers, proposers=named):
        for rows in by_cadre.values():
            cadre = rows[0].request.cadre
            texts = {row.field: row.value for row in rows}
            try:
                fields_write(actor=actor, cadre=cadre, texts=texts)
            except ValidationError as error:
                errors += _errors_of(cadre, error)
        if errors:
            raise ValidationError(errors)
        _decide(proposals, actor, ProposalStatus.ACCEPTED, "")
    return proposals


@transaction.atomic
def proposals_refuse(
    *, actor: User, found: SupplementRound, ids: Iterable[int], reason: str
) -> list[RoundProposal]:
    """Send proposals back with the reason. Raises as proposals_accept."""
    if not reason.strip():
        raise ValidationError(
            {"reason": [_("Thiếu lý do không nhận. Hãy ghi để người đề nghị rõ.")]}
        )
    proposals = _to_decide(actor, found, dict.fromkeys(ids, ""))
    _decide(proposals, actor, ProposalStatus.REFUSED, reason.strip()[:500])
    return proposals


def _to_decide(
    actor: User, found: SupplementRound, wanted: Mapping[int, Any]
) -> list[RoundProposal]:
    """The proposals, locked, with the rights asked and nobody having decided before."""
    of_round = RoundProposal.objects.filter(request__round=found, pk__in=list(wanted))
    people = sorted(set(of_round.values_list("request__cadre_id", flat=True)))
    for cadre_id in people:
        require(can_edit_cadre(actor, cadre_lock(cadre_id)))
    rows = list(
        of_round.select_for_update(of=("self",))
        .select_related("request__cadre", "decided_by", "proposed_by")
        .order_by("pk")
    )
    require(len(rows) == len(wanted) and all(row.proposed_by_id != actor.pk for row in rows))
    decided = [row for row in rows if row.status != ProposalStatus.PENDING]
    if decided:
        raise DecisionConflict(decided, [])
    return rows


def _now_of(proposals: Iterable[RoundProposal]) -> dict[int, str]:
    rows = list(proposals)
    ids = {row.request.cadre_id for row in rows}
    people = Cadre.objects.filter(pk__in=ids).select_related("native_unit")
    now = texts_now(people, sorted({row.field for row in rows}))
    return {row.pk: now[row.request.cadre_id][row.field] for row in rows}


def _decide(proposals: Iterable[RoundProposal], actor: User, status: str, reason: str) -> None:
    for row in proposals:
        row.status, row.decided_by, row.decided_at = status, actor, clock.now()
        row.reason = reason
    RoundProposal.objects.bulk_update(
        list(proposals), ["status", "decided_by", "decided_at", "reason"]
    )


def _errors_of(cadre: Cadre, error: ValidationError) -> list[str]:
    told = []
    for key, messages in error.message_dict.items():
        field = SINGLE_FIELDS.get(key)
        label = "" if key == NON_FIELD_ERRORS or field is None else f", {field.label}"
        told += [f"{cadre.full_name}{label}: {message}" for message in messages]
    return told
