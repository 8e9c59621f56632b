"""Rounds "Đề nghị bổ sung lý lịch": who is asked what, how far it is, what waits for whom.

A person sees what they are asked themselves. Officers see, of every round, the people whose files
they may change; everybody else sees nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from cadre_portal.common import clock
from cadres.choices import ProposalStatus
from cadres.file_fields import BIOGRAPHY, IDENTITY, SINGLE_FIELDS, FileField
from cadres.models import (
    Appointment,
    Biography,
    Cadre,
    RoundProposal,
    RoundRequest,
    SupplementRound,
    Title,
    Unit,
    User,
)
from cadres.periods import active_on
from cadres.policies import EDITING_ROLES, EVERYTHING, Actor, below, scope_paths, unit_scope
from cadres.selectors.editing import names_of

# ---- Scope -----------------------------------------------------------------------------------


def editable_scope(actor: Actor, field: str = "pk") -> Exists | Value:
    """Condition "the actor may change the file of the person whose id is `field`", own or not."""
    if EVERYTHING in scope_paths(actor, *EDITING_ROLES):
        return Value(True, output_field=BooleanField())
    where = unit_scope(actor, roles=EDITING_ROLES)
    held = Appointment.objects.filter(active_on(clock.today()), where, cadre=OuterRef(field))
    return Exists(held)


def cadres_to_ask(
    actor: Actor,
    *,
    codes: Iterable[str] = (),
    unit: Unit | None = None,
    title: Title | None = None,
    lacking: Iterable[str] = (),
) -> QuerySet[Cadre]:
    """People whose files the actor may change, by code, or by where and what they serve today.

    `lacking`: keys of fields of which at least one is empty.
    """
    people = Cadre.objects.filter(editable_scope(actor)).order_by("sort_key", "code")
    codes = list(codes)
    if codes:
        people = people.filter(code__in=codes)
    if unit or title:
        where = below(unit.path, "unit__path") if unit else Q()
        where &= Q(title=title) if title else Q()
        posts = Appointment.objects.filter(active_on(clock.today()), where)
        people = people.filter(Exists(posts.filter(cadre=OuterRef("pk"))))
    empty = Q()
    for key in lacking:
        empty |= _is_empty(SINGLE_FIELDS[key])
    return people.filter(empty) if empty else people


def _is_empty(one: FileField) -> Q:
    model = IDENTITY.model if one.key in IDENTITY.by_key else BIOGRAPHY.model
    path = one.attribute if model is Cadre else f"biography__{one.attribute}"
    kept = model._meta.get_field(one.attribute)
    return Q(**{f"{path}__isnull": True}) | (Q() if kept.null else Q(**{path: ""}))


def _requests(actor: Actor) -> QuerySet[RoundRequest]:
    return RoundRequest.objects.filter(editable_scope(actor, "cadre_id"))


# ---- Rounds ----------------------------------------------------------------------------------


def round_list(actor: Actor) -> QuerySet[SupplementRound]:
    """Rounds that the actor opened or with people in the actor's scope, latest first.

    Each has `asked`, `answered` and `pending` (proposals), of people in the scope only.
    """
    own = _requests(actor).filter(round=OuterRef("pk")).order_by()
    pending = RoundProposal.objects.filter(
        editable_scope(actor, "request__cadre_id"),
        request__round=OuterRef("pk"),
        status=ProposalStatus.PENDING,
    ).order_by()
    rounds = SupplementRound.objects.select_related("opened_by").annotate(
        asked=_count(own, "round"),
        answered=_count(own.filter(answered_at__isnull=False), "round"),
        pending=_count(pending, "request__round"),
    )
    seen = Exists(own)
    return rounds.filter(Q(opened_by=_id(actor)) | seen).order_by("-opened_at", "-pk")


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _id(actor: Actor) -> int:
    return actor.pk or 0


def round_get(actor: Actor, pk: int) -> SupplementRound:
    """A round with its counts. Raises Http404 where nothing of it is for the actor."""
    return get_object_or_404(round_list(actor), pk=pk)


@dataclass(frozen=True, kw_only=True)
class UnitProgress:
    """How many people of a unit are asked, have answered, and wait for a decision."""

    unit: str
    asked: int
    answered: int
    pending: int


def round_progress(actor: Actor, found: SupplementRound) -> list[UnitProgress]:
    """Progress by the unit that people served in when they were asked; one query."""
    rows = (
        _requests(actor)
        .filter(round=found)
        .values("unit_id", "unit__name", "unit__path")
        .annotate(
            asked=Count("pk", distinct=True),
            answered=Count("pk", distinct=True, filter=Q(answered_at__isnull=False)),
            pending=Count("proposals", filter=Q(proposals__status=ProposalStatus.PENDING)),
        )
        .order_by(F("unit__path").asc(nulls_last=True))
    )
    return [
        UnitProgress(
            unit=row["unit__name"] or "",
            asked=row["asked"],
            answered=row["answered"],
            pending=row["pending"],
        )
        for row in rows
    ]


def round_requests(
    actor: Actor, found: SupplementRound, *, state: str = ""
) -> QuerySet[RoundRequest]:
    """People asked in a round, each with `pending`, `accepted`, `refused`.

    `state`: "" all, "chua" not answered, "cho" with something to decide, "xong" the rest.
    """

    def of(status: str) -> Count:
        return Count("proposals", filter=Q(proposals__status=status))

    requests = (
        _requests(actor)
        .filter(round=found)
        .select_related("cadre", "unit", "answered_by")
        .annotate(
            pending=of(ProposalStatus.PENDING),
            accepted=of(ProposalStatus.ACCEPTED),
            refused=of(ProposalStatus.REFUSED),
        )
        .order_by("cadre__sort_key", "cadre__code")
    )
    if state == "chua":
        return requests.filter(answered_at=None)
    if state == "cho":
        return requests.filter(pending__gt=0)
    if state == "xong":
        return requests.filter(answered_at__isnull=False, pending=0)
    return requests


# ---- One request -----------------------------------------------------------------------------


def requests_of_me(actor: Actor) -> QuerySet[RoundRequest]:
    """What the actor is asked about their own file: open rounds, and those closed lately."""
    if not isinstance(actor, User) or actor.cadre_id is None:
        return RoundRequest.objects.none()
    lately = clock.now() - dt.timedelta(days=90)
    return (
        RoundRequest.objects.filter(cadre_id=actor.cadre_id)
        .filter(Q(round__closed_at=None) | Q(round__closed_at__gte=lately))
        .select_related("round", "cadre")
        .annotate(
            pending=Count("proposals", filter=Q(proposals__status=ProposalStatus.PENDING)),
            refused=Count("proposals", filter=Q(proposals__status=ProposalStatus.REFUSED)),
        )
        .order_by("round__due_on", "pk")
    )


def request_get(actor: Actor, round_pk: int, code: str) -> RoundRequest:
    """The request to a person in a round, for that person or an officer. Raises Http404."""
    mine = Q(cadre_id=actor.cadre_id) if isinstance(actor, User) and actor.cadre_id else Q(pk=0)
    rows = RoundRequest.objects.filter(round=round_pk, cadre__code=code).select_related(
        "round", "cadre__native_unit", "round__opened_by"
    )
    found = rows.filter(mine).first() or rows.filter(editable_scope(actor, "cadre_id")).first()
    if found is None:
        raise Http404
    return found


def latest_proposals(request: RoundRequest) -> dict[str, RoundProposal]:
    """The last proposal of each field, replaced ones left out."""
    rows = (
        RoundProposal.objects.filter(request=request)
        .exclude(status=ProposalStatus.REPLACED)
        .select_related("proposed_by", "decided_by")
        .order_by("pk")
    )
    return {row.field: row for row in rows}


# ---- What the file says now ------------------------------------------------------------------


def texts_now(cadres: Iterable[Cadre], fields: Iterable[str]) -> dict[int, dict[str, str]]:
    """Canonical texts of the fields by person; one query where biographies are asked for.

    `cadres` have their `native_unit` at hand where that is among the fields.
    """
    people, keys = list(cadres), list(fields)
    asked = [SINGLE_FIELDS[key] for key in keys if key in SINGLE_FIELDS]
    biographies: dict[int, Biography] = {}
    if any(one.key in BIOGRAPHY.by_key for one in asked):
        rows = Biography.objects.filter(cadre__in=[cadre.pk for cadre in people])
        biographies = {row.pk: row for row in rows}
    return {
        cadre.pk: {
            one.key: one.text_of(cadre if one.key in IDENTITY.by_key else biographies.get(cadre.pk))
            for one in asked
        }
        for cadre in people
    }


# ---- What is to be decided -------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OpenProposal:
    """A proposal to decide on. `now` is what the file says today, canonical as the others."""

    proposal: RoundProposal
    field: FileField
    cadre: Cadre
    now: str
    is_own: bool

    @property
    def is_conflict(self) -> bool:
        """Whether the file was changed since the value was proposed."""
        return self.now not in (self.proposal.base, self.proposal.value)


def pending_proposals(actor: Actor, found: SupplementRound) -> QuerySet[RoundProposal]:
    """Proposals of a round that nobody decided on, person by person."""
    return (
        RoundProposal.objects.filter(
            editable_scope(actor, "request__cadre_id"),
            request__round=found,
            status=ProposalStatus.PENDING,
        )
        .select_related("request__cadre__native_unit", "proposed_by")
        .order_by("request__cadre__sort_key", "request__cadre__code", "pk")
    )


def open_proposals(
    actor: Actor, proposals: Iterable[RoundProposal]
) -> tuple[list[OpenProposal], dict[str, str]]:
    """The proposals of a page with what files say now, and names of units; at most two queries."""
    rows = [row for row in proposals if row.field in SINGLE_FIELDS]
    people = {row.request.cadre_id: row.request.cadre for row in rows}
    now = texts_now(people.values(), sorted({row.field for row in rows}))
    own_file = actor.cadre_id if isinstance(actor, User) else None
    found = [
        OpenProposal(
            proposal=row,
            field=SINGLE_FIELDS[row.field],
            cadre=row.request.cadre,
            now=now[row.request.cadre_id][row.field],
            is_own=row.proposed_by_id == actor.pk or row.request.cadre_id == own_file,
        )
        for row in rows
    ]
    fields = {one.field.key: one.field for one in found}.values()
    texts = [
        {one.field.key: text}
        for one in found
        for text in (one.now, one.proposal.base, one.proposal.value)
    ]
    return found, names_of(fields, *texts)


def decided_proposals(actor: Actor, found: SupplementRound) -> QuerySet[RoundProposal]:
    """Decisions of a round, latest first."""
    return (
        RoundProposal.objects.filter(
            editable_scope(actor, "request__cadre_id"),
            request__round=found,
            status__in=(ProposalStatus.ACCEPTED, ProposalStatus.REFUSED),
        )
        .select_related("request__cadre", "proposed_by", "decided_by")
        .order_by("-decided_at", "-pk")
    )


# ---- Việc của tôi ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that waits for the actor: "answer" about oneself, or "decide" on `count`."""

    kind: str
    round: SupplementRound
    count: int
    is_overdue: bool


def rounds_waiting(actor: Actor) -> list[Waiting]:
    """Open rounds that wait for the actor, soonest due first; two queries."""
    today = clock.today()
    found = [
        Waiting(kind="answer", round=row.round, count=1, is_overdue=row.round.due_on < today)
        for row in requests_of_me(actor).filter(answered_at=None, round__closed_at=None)
    ]
    others = RoundProposal.objects.filter(
        editable_scope(actor, "request__cadre_id"), status=ProposalStatus.PENDING
    ).exclude(proposed_by=_id(actor))
    if isinstance(actor, User) and actor.cadre_id:
        others = others.exclude(request__cadre=actor.cadre_id)
    counts = dict(
        others.order_by()
        .values_list("request__round")
        .annotate(n=Count("pk"), m=Max("pk"))
        .values_list("request__round", "n")
    )
    for row in SupplementRound.objects.filter(pk__in=counts):
        found.append(
            Waiting(kind="decide", round=row, count=counts[row.pk], is_overdue=row.due_on < today)
        )
    return sorted(found, key=lambda one: (one.round.due_on, one.round.pk, one.kind))
