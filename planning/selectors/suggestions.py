"""Who else could be nominated to a pool: in the unit, below it, elsewhere; why, and why not.

Everybody shown is judged by the engine as if they were added, beside what is proposed already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from cadres.policies import Actor, can_see_sensitive, unit_scope
from cadres.selectors import cadres_visible
from cadres.selectors.cadres import posts_of, sensitive_of_visible
from cadres.selectors.text import looks_like_code, word_starts
from compliance.choices import Outcome
from compliance.engine.findings import Finding
from compliance.engine.registry import rule_by_code
from planning.models import Nomination, Plan, Pool
from planning.selectors.candidates import Field, Source, candidates, own_cadre
from planning.selectors.drafts import Proposed
from planning.selectors.judging import (
    NOTHING,
    JudgedPlan,
    Nominated,
    figures_of,
    judge,
)
from planning.selectors.plans import nominated_on

if TYPE_CHECKING:
    from cadres.models import Appointment, Cadre

#: The best so many of each kind of people (age band, sex, group) are judged.
PER_CELL = 6
#: So many of one source are shown, and so many with something in the way.
SHOWN, UNFIT_SHOWN = 12, 8
SEARCH_LIMIT = 12


@dataclass(frozen=True)
class Effect:
    """What adding somebody does to one rule on the plan or on the pool.

    `is_nearer`: the outcome stays, and the person is of whom there are too few.
    """

    rule: str
    of_pool: bool
    before: Outcome
    after: Outcome
    is_nearer: bool = False

    @property
    def is_gain(self) -> bool:
        """Whether the rule holds that did not."""
        return self.after == Outcome.MET and self.before >= Outcome.CANNOT_TELL

    @property
    def is_loss(self) -> bool:
        """Whether the rule does not hold any more."""
        return self.after > self.before and self.after >= Outcome.CANNOT_TELL


@dataclass(frozen=True)
class Suggestion:
    """Somebody who could be added, as the actor may see them.

    `findings`: on the nomination, by rule, without what the actor may not be told. `others`: where
    the person is nominated already, among plans in scope.
    """

    cadre: Cadre
    post: Appointment | None
    source: Source
    age: int | None
    findings: dict[str, Finding]
    effects: list[Effect]
    others: list[Nomination]
    is_told: bool

    @property
    def worst(self) -> Outcome:
        """The worst verdict on the nomination."""
        return max((found.outcome for found in self.findings.values()), default=Outcome.MET)

    @property
    def is_eligible(self) -> bool:
        """Whether nothing is known to be in the way."""
        return self.worst < Outcome.NOT_MET


@dataclass(frozen=True)
class Suggestions:
    """Suggestions by source, the best first; `fit`: how many there are behind those shown.

    `failing`: findings of the plan and the pool that do not hold, with what is proposed applied.
    `blocked`: those with something in the way, the likeliest first.
    """

    pool: Pool
    by_source: dict[Source, list[Suggestion]]
    blocked: list[Suggestion]
    fit: dict[Source, int]
    failing: list[Finding]


def pool_get(actor: Actor, plan: Plan, pk: int) -> Pool:
    """A pool of a plan in scope. Raises Http404."""
    pools = Pool.objects.filter(unit_scope(actor, "plan__unit__path"), plan=plan)
    return get_object_or_404(pools.select_related("position__title", "position__unit"), pk=pk)


def suggestions(
    actor: Actor, plan: Plan, pool: Pool, as_of: dt.date, changes: Proposed = NOTHING
) -> Suggestions:
    """Who could be nominated to the pool on the day, with `changes` applied; seven queries."""
    figures = figures_of(plan, as_of)
    field = candidates(
        actor,
        plan,
        [pool.pk],
        as_of,
        figures=figures,
        changes=changes,
        per_cell=PER_CELL,
        unfit=UNFIT_SHOWN,
    )
    judged = judge(plan, as_of, changes, [(pool.pk, each.cadre_id) for each in field.people])
    effects = {each.cadre_id: _effects(actor, judged, each) for each in judged.tried}
    chosen = _chosen(field, judged, effects)
    shown = _described(actor, plan, judged, chosen, effects, _sources(field), as_of)
    fit = [each for each in shown if each.is_eligible]
    return Suggestions(
        pool=pool,
        by_source={
            source: [each for each in fit if each.source == source][:SHOWN] for source in Source
        },
        # What is in the way may be something that the actor is not told of: then nobody is shown.
        blocked=[each for each in shown if not each.is_eligible],
        fit={source: field.fit.get((pool.pk, source), 0) for source in Source},
        failing=_failing(actor, plan, judged, pool.pk),
    )


def search_people(
    actor: Actor, plan: Plan, pool: Pool, as_of: dt.date, text: str, changes: Proposed = NOTHING
) -> list[Suggestion]:
    """People by name or code, judged as suggestions are; six queries, none for an empty text."""
    text = text.strip()
    if not text:
        return []
    wanted = Q(code__istartswith=text) if looks_like_code(text) else word_starts(text)
    inside = Nomination.objects.filter(nominated_on(as_of), pool=pool).values("cadre_id")
    proposed = [cadre_id for pool_id, cadre_id in changes.added if pool_id == pool.pk]
    found = (
        cadres_visible(actor)
        .filter(wanted)
        .exclude(pk__in=inside)
        .exclude(pk__in=[*proposed, own_cadre(actor)])
    )
    ids = list(found.values_list("pk", flat=True)[:SEARCH_LIMIT])
    judged = judge(plan, as_of, changes, [(pool.pk, cadre_id) for cadre_id in ids])
    effects = {each.cadre_id: _effects(actor, judged, each) for each in judged.tried}
    order = {cadre_id: place for place, cadre_id in enumerate(ids)}
    tried = sorted(judged.tried, key=lambda each: order[each.cadre_id])
    return _described(actor, plan, judged, tried, effects, {}, as_of)


# ---- Choosing and ordering ---------------------------------------------------------------------


def _sources(field: Field) -> dict[int, Source]:
    return {each.cadre_id: each.source for each in field.people}


def _chosen(field: Field, judged: JudgedPlan, effects: dict[int, list[Effect]]) -> list[Nominated]:
    """Those to show: of each source the best, then those with something in the way."""
    source = _sources(field)
    place = {each.cadre_id: number for number, each in enumerate(field.people)}
    best = sorted(
        judged.tried,
        key=lambda each: (*_rank(each, effects[each.cadre_id]), place[each.cadre_id]),
    )
    chosen: list[Nominated] = []
    for wanted in Source:
        of_source = [each for each in best if source[each.cadre_id] == wanted]
        chosen += [each for each in of_source if _worst(each) < Outcome.NOT_MET][:SHOWN]
    blocked = sorted(
        (each for each in judged.tried if _worst(each) == Outcome.NOT_MET),
        key=lambda each: (_in_the_way(each), source[each.cadre_id], place[each.cadre_id]),
    )
    return chosen + blocked[:UNFIT_SHOWN]


def _rank(each: Nominated, effects: Iterable[Effect]) -> tuple[int, ...]:
    """The order that the page explains: nothing unknown, rules gained, neared, not lost, grade."""
    unknown = sum(outcome == Outcome.CANNOT_TELL for outcome in each.outcomes.values())
    gains = sum(effect.is_gain for effect in effects)
    losses = sum(effect.is_loss for effect in effects)
    nearer = sum(effect.is_nearer for effect in effects)
    grade = each.counts.get("grade") or 0
    return (unknown > 0, losses - gains, -nearer, -grade)


def _worst(each: Nominated) -> Outcome:
    return max(each.outcomes.values(), default=Outcome.MET)


def _in_the_way(each: Nominated) -> int:
    return sum(outcome == Outcome.NOT_MET for outcome in each.outcomes.values())


#: Rule -> the engine's count of those of whom a plan may have too few.
SCARCE = {
    "planning.young_share": "young_people",
    "planning.women_share": "women",
    "planning.minority_share": "minority_people",
    "planning.openness": "external_people",
}
BANDS = ("young", "middle", "senior")


def _effects(actor: Actor, judged: JudgedPlan, each: Nominated) -> list[Effect]:
    """What adding somebody changes for the better or the worse."""
    pool = judged.pools[each.pool_id]
    sides = (
        (False, judged.plan, each.plan_after),
        (True, pool, each.pool_after),
    )
    present = {one.cadre_id for one in judged.nominations}
    found = []
    for of_pool, subject, after in sides:
        for code, before in subject.outcomes.items():
            is_new = of_pool or each.cadre_id not in present
            nearer = is_new and before == Outcome.NOT_MET and _is_scarce(code, subject, each)
            effect = Effect(
                code, of_pool, before, after[code], nearer and after[code] != Outcome.MET
            )
            if effect.is_gain or effect.is_loss or effect.is_nearer:
                found.append(effect)
    return found


def _is_scarce(code: str, subject: Any, each: Nominated) -> bool:
    """Whether the person is of whom the subject has too few under the rule."""
    if code == "planning.three_age_bands":
        return any(not subject.counts.get(band) and band in each.flags for band in BANDS)
    if code in ("planning.candidates_per_title", "planning.committee_coefficient"):
        return _is_short(code, subject)
    return SCARCE.get(code) in each.flags


def _is_short(code: str, subject: Any) -> bool:
    required, total = subject.findings[code].required, subject.counts["total"]
    if code == "planning.candidates_per_title":
        return total < (required["minimum"] or 0)
    return total * 100 < (required["minimum_percent"] or 0) * subject.counts["prescribed"]


def _failing(actor: Actor, plan: Plan, judged: JudgedPlan, pool_id: int) -> list[Finding]:
    found = [*judged.plan.findings.values(), *judged.pools[pool_id].findings.values()]
    return [
        each
        for each in found
        if each.outcome >= Outcome.CANNOT_TELL
        and (not each.rule.sensitive or can_see_sensitive(actor, plan.unit))
    ]


# ---- As the actor may see them -----------------------------------------------------------------


def _described(
    actor: Actor,
    plan: Plan,
    judged: JudgedPlan,
    tried: Sequence[Nominated],
    effects: dict[int, list[Effect]],
    sources: dict[int, Source],
    as_of: dt.date,
) -> list[Suggestion]:
    """With names, posts and other pools, without what the actor may not know; three queries."""
    ids = [each.cadre_id for each in tried]
    people = {
        cadre.pk: cadre
        for cadre in cadres_visible(actor)
        .filter(pk__in=ids)
        .annotate(is_told=sensitive_of_visible(actor))
    }
    posts = posts_of(people.values(), as_of)
    others: dict[int, list[Nomination]] = {}
    nominations = Nomination.objects.filter(
        nominated_on(as_of), unit_scope(actor, "plan__unit__path"), cadre__in=ids
    ).select_related("plan__unit", "plan__term", "pool__position__title")
    for row in nominations.order_by("plan__term__starts_on", "pk"):
        others.setdefault(row.cadre_id, []).append(row)
    told_of_plan = can_see_sensitive(actor, plan.unit)
    shown = []
    for each in tried:
        cadre: Any = people[each.cadre_id]
        if not cadre.is_told and _is_kept_back(each):
            continue
        post = posts.get(cadre.pk)
        shown.append(
            Suggestion(
                cadre=cadre,
                post=post,
                source=sources.get(cadre.pk, _source_of(plan, post)),
                age=each.counts.get("age"),
                findings={
                    code: found
                    for code, found in each.findings.items()
                    if cadre.is_told or not found.rule.sensitive
                },
                effects=[
                    effect
                    for effect in effects[cadre.pk]
                    if (cadre.is_told and told_of_plan) or not rule_by_code(effect.rule).sensitive
                ],
                others=others.get(cadre.pk, []),
                is_told=cadre.is_told,
            )
        )
    return shown


def _is_kept_back(each: Nominated) -> bool:
    """Whether only what may not be told is in the way: to leave somebody out says less."""
    wrong = [code for code, outcome in each.outcomes.items() if outcome == Outcome.NOT_MET]
    return bool(wrong) and all(rule_by_code(code).sensitive for code in wrong)


def _source_of(plan: Plan, post: Appointment | None) -> Source:
    if post is None or not post.unit.path.startswith(plan.unit.path):
        return Source.ELSEWHERE
    return Source.OWN if post.unit_id == plan.unit_id else Source.BELOW
