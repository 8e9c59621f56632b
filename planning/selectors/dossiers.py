"""Dossiers: what a unit prepares in a cycle, its steps and ballots, what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor, unit_scope
from compliance.law.process import load_process
from compliance.selectors.figures import figures_of_units
from planning.choices import BallotDenominator, CycleKind, DraftAct, PlanStatus
from planning.models import (
    Dossier,
    DraftItem,
    Nomination,
    Plan,
    ProcessSetting,
    StepBallot,
    StepRecord,
    StepTemplate,
)
from planning.models.plans import BallotCounts

BALLOT_SHARE = "planning.ballot.minimum_share"


# ---- Dossiers --------------------------------------------------------------------------------


def dossiers_visible(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers of plans of units in the actor's scope."""
    return Dossier.objects.filter(unit_scope(actor, "plan__unit__path")).select_related(
        "plan__unit", "plan__term", "cycle", "submitted_by", "decided_by", "opened_by"
    )


def dossier_get(actor: Actor, pk: int) -> Dossier:
    """The dossier. Raises Http404 outside the scope."""
    return get_object_or_404(dossiers_visible(actor), pk=pk)


def dossier_open_of(plan: Plan) -> Dossier | None:
    """The one dossier of the plan that is not ended; one query."""
    return (
        Dossier.objects.filter(~Q(status=PlanStatus.APPROVED), plan=plan)
        .select_related("plan__unit", "plan__term", "cycle", "submitted_by", "decided_by")
        .first()
    )


def dossiers_of(plan: Plan) -> list[Dossier]:
    """All dossiers of a plan, the latest first; one query."""
    found = Dossier.objects.filter(plan=plan).select_related("cycle", "submitted_by", "decided_by")
    return list(found.order_by("-opened_on", "-pk"))


# ---- Steps and ballots -----------------------------------------------------------------------


@dataclass(frozen=True)
class AskedStep:
    """A step as the process asks for it."""

    number: int
    name: str
    body: str
    has_ballot: bool


def steps_asked(kind: str) -> list[AskedStep]:
    """The steps of a kind of cycle: the province's own where it has set some, else the papers'."""
    own = StepTemplate.objects.filter(kind=kind).order_by("number")
    found = [AskedStep(row.number, row.name, row.body, row.has_ballot) for row in own]
    return found or [
        AskedStep(step.number, step.name, step.body, step.ballot)
        for step in load_process().steps
        if step.kind == kind
    ]


def steps_of(dossier: Dossier) -> list[StepRecord]:
    """The steps of a dossier with their ballots, in order; two queries."""
    ballots = StepBallot.objects.select_related("pool__position__title", "cadre").order_by(
        "-pool__position__title__rank", "pool_id", "cadre__sort_key", "cadre_id"
    )
    steps = StepRecord.objects.filter(dossier=dossier).order_by("number")
    return list(steps.prefetch_related(Prefetch("ballots", queryset=ballots)))


def process_setting() -> ProcessSetting:
    """What the province set; the defaults where it set nothing."""
    return ProcessSetting.objects.first() or ProcessSetting()


@dataclass(frozen=True)
class BallotRule:
    """Who is elected: more than `percent` % (None: no value in force) of `denominator`."""

    percent: int | None
    denominator: str
    citations: Sequence[Mapping[str, object]] = ()

    def passed(self, ballot: BallotCounts) -> bool | None:
        """Whether a ballot passes; None where no value says so."""
        if self.percent is None:
            return None
        return ballot.agree * 100 > self.percent * self.base(ballot)

    def base(self, ballot: BallotCounts) -> int:
        """The number that the share is taken of."""
        return int(getattr(ballot, self.denominator))

    @property
    def words(self) -> str:
        """What the share is taken of, for a sentence."""
        return str(BallotDenominator(self.denominator).label).lower()


def ballot_rule(plan: Plan, on: dt.date) -> BallotRule:
    """The threshold in force for the plan's unit on a day, and what it is taken of."""
    figures = figures_of_units([plan.unit], {"percent": BALLOT_SHARE}, on)
    percent, citations = figures[plan.unit_id]["percent"]
    return BallotRule(percent, process_setting().ballot_denominator, citations)


# ---- What stands in a draft ------------------------------------------------------------------


def items_of(dossier: Dossier) -> list[DraftItem]:
    """The items of a draft by title and person; one query."""
    return list(
        DraftItem.objects.filter(dossier=dossier)
        .select_related(
            "pool__position__title",
            "cadre",
            "nomination",
            "carried_from__position__title",
            "carried_from__plan",
        )
        .order_by(
            "-pool__position__title__kind",
            "-pool__position__title__rank",
            "pool_id",
            "place",
            "cadre__sort_key",
            "pk",
        )
    )


def standing_nominations(plan: Plan) -> list[Nomination]:
    """Nominations of a plan that have no end, by title and person; one query."""
    return list(
        Nomination.objects.filter(plan=plan, removed_on=None)
        .select_related("pool__position__title", "cadre")
        .order_by(
            "-pool__position__title__kind",
            "-pool__position__title__rank",
            "pool_id",
            "cadre__sort_key",
            "pk",
        )
    )


@dataclass(frozen=True)
class Candidate:
    """Somebody on whom a dossier's ballots are cast."""

    pool_id: int
    cadre_id: int
    title: str
    name: str
    code: str


def candidates_of(
    dossier: Dossier, items: Sequence[DraftItem], standing: Sequence[Nomination]
) -> list[Candidate]:
    """Whom the ballots of a dossier are about, by title.

    In a first planning everybody who is to be in the plan, in a review those who are added: who
    stays was voted on before.
    """
    found = [
        Candidate(
            item.pool_id,
            item.cadre_id,
            str(item.pool.position.title),
            item.cadre.full_name,
            item.cadre.code,
        )
        for item in items
        if item.act == DraftAct.ADD
    ]
    if dossier.cycle.kind == CycleKind.FIRST:
        gone = {item.nomination_id for item in items if item.act == DraftAct.REMOVE}
        found += [
            Candidate(
                row.pool_id,
                row.cadre_id,
                str(row.pool.position.title),
                row.cadre.full_name,
                row.cadre.code,
            )
            for row in standing
            if row.pk not in gone
        ]
    pools = [*(row.pool_id for row in standing), *(item.pool_id for item in items)]
    order = {pool_id: place for place, pool_id in enumerate(pools)}
    return sorted(found, key=lambda each: order.get(each.pool_id, 0))


# ---- What stands in the way of a submission --------------------------------------------------


@dataclass(frozen=True)
class Obstacle:
    """Why a dossier cannot be submitted yet, and where to mend it: `step`, or the review."""

    text: str
    step: int | None = None
    in_review: bool = False


def obstacles(
    dossier: Dossier,
    *,
    steps: Sequence[StepRecord],
    items: Sequence[DraftItem],
    standing: Sequence[Nomination],
    today: dt.date,
) -> list[Obstacle]:
    """Everything that stands in the way: undecided people, steps and ballots missing or failed.

    Law: hd-16-2022 (the steps), qd-377-2025 (yearly review). Structure rules warn and do not block.
    """
    candidates = candidates_of(dossier, items, standing)
    found = [*_undecided(dossier, items, standing)]
    before: StepRecord | None = None
    for step in steps:
        found += _of_step(dossier, step, before, candidates, today)
        before = step if step.held_on else before
    if dossier.cycle.kind == CycleKind.FIRST and not candidates:
        found.append(Obstacle(_("Danh sách quy hoạch chưa có ai.")))
    return found


def _undecided(
    dossier: Dossier, items: Sequence[DraftItem], standing: Sequence[Nomination]
) -> list[Obstacle]:
    if dossier.cycle.kind != CycleKind.REVIEW:
        return []
    decided = {item.nomination_id for item in items}
    open_ones = [row.cadre.full_name for row in standing if row.pk not in decided]
    if not open_ones:
        return []
    text = _("Còn %(n)s lượt quy hoạch chưa rà soát: %(names)s.") % {
        "n": formats.number(len(open_ones)),
        "names": _some(open_ones),
    }
    return [Obstacle(text, in_review=True)]


def _of_step(
    dossier: Dossier,
    step: StepRecord,
    before: StepRecord | None,
    candidates: Sequence[Candidate],
    today: dt.date,
) -> list[Obstacle]:
    if step.held_on is None:
        if step.has_ballot and not candidates:
            return []  # nobody to vote on
        text = _("Bước %(n)s (%(body)s) chưa ghi ngày và biên bản.")
        return [Obstacle(text % {"n": step.number, "body": step.body or step.name}, step.number)]
    found = []
    if step.held_on > today:
        text = _("Bước %(n)s ghi ngày %(day)s, chưa đến.")
        found.append(
            Obstacle(text % {"n": step.number, "day": formats.date(step.held_on)}, step.number)
        )
    if before is not None and before.held_on and step.held_on < before.held_on:
        text = _("Bước %(n)s ngày %(day)s, trước bước %(m)s ngày %(other)s.")
        words = {
            "n": step.number,
            "day": formats.date(step.held_on),
            "m": before.number,
            "other": formats.date(before.held_on),
        }
        found.append(Obstacle(text % words, step.number))
    return found + (_of_ballots(dossier, step, candidates) if step.has_ballot else [])


def _of_ballots(
    dossier: Dossier, step: StepRecord, candidates: Sequence[Candidate]
) -> list[Obstacle]:
    rule = ballot_rule(dossier.plan, step.held_on or dossier.opened_on)
    cast = {(ballot.pool_id, ballot.cadre_id): ballot for ballot in step.ballots.all()}
    missing, failed = [], []
    for each in candidates:
        ballot = cast.get((each.pool_id, each.cadre_id))
        if ballot is None:
            missing.append(f"{each.name} ({each.title})")
        elif rule.passed(ballot) is False:
            share = formats.percent(ballot.agree, rule.base(ballot))
            failed.append(f"{each.name} ({each.title}): {share}")
    found = []
    if missing:
        text = _("Bước %(n)s chưa có phiếu của %(names)s.")
        found.append(Obstacle(text % {"n": step.number, "names": _some(missing)}, step.number))
    if failed:
        text = _(
            "Bước %(n)s có người không quá %(percent)s %% %(base)s: %(names)s. "
            "Hãy đưa những người này ra khỏi dự thảo."
        )
        words = {
            "n": step.number,
            "percent": rule.percent,
            "base": rule.words,
            "names": _some(failed),
        }
        found.append(Obstacle(text % words, step.number))
    return found


def _some(names: Sequence[str], limit: int = 5) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:limit])
    more = len(names) - limit
    return shown + (_(" và %(n)s nữa") % {"n": more} if more > 0 else "")
