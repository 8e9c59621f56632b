"""Plans: lists with scores, one plan, and everything read beside its verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.periods import active_on
from cadres.policies import Actor, grants_of, unit_scope
from cadres.selectors.cadres import cadre_scope, posts_of, sensitive_scope
from compliance.engine.findings import Finding
from compliance.engine.registry import slot_of
from planning.drafting import Key
from planning.models import Ballot, Nomination, Plan, Pool, Term
from planning.selectors import stored
from planning.selectors.overview import (
    WORST_FIRST,
    PlanRow,
    plan_rows,
)
from planning.selectors.stored import Basis, PlanFilter, Statement

#: Orders that a list offers; the name of the order is what `sap=` says.
ORDERS = {
    "ket-qua": "worst ASC NULLS FIRST, failing, unclear, path",
    "-ket-qua": WORST_FIRST,
    "don-vi": "path",
    "-don-vi": "path DESC",
    "nguoi": "people NULLS FIRST, path",
    "-nguoi": "people DESC NULLS LAST, path",
}
DEFAULT_ORDER = "-ket-qua"


class PlanRows(Sequence[PlanRow]):
    """Plans with scores, read a page at a time: `count()` and slices are what paginators ask."""

    def __init__(
        self, actor: Actor, basis: Basis | None, wanted: PlanFilter, order: str = DEFAULT_ORDER
    ) -> None:
        self._actor, self._basis, self._wanted = actor, basis, wanted
        self._order = ORDERS.get(order, ORDERS[DEFAULT_ORDER])
        self._count: int | None = None

    def count(self, value: Any = None) -> int:
        """How many plans there are; one query, once."""
        if self._count is None:
            wanted = self._wanted
            condition, values = stored.outcome_condition(wanted)
            # Without a condition on outcomes, how many plans there are rests on no verdict.
            basis = self._basis if wanted.failing or wanted.outcome is not None else None
            base = stored.scores(self._actor, basis, wanted)
            (row,) = stored.rows_of(
                Statement(
                    f"{base.sql} SELECT count(*) AS n FROM score WHERE {condition}",
                    [*base.values, *values],
                )
            )
            self._count = row["n"]
        return self._count

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, place: Any) -> Any:
        start, stop = place.start or 0, place.stop
        scored = stored.score_page(
            self._actor,
            self._basis,
            self._wanted,
            order=self._order,
            start=start,
            size=None if stop is None else stop - start,
        )
        return plan_rows(self._actor, self._basis, scored)


def plans_visible(actor: Actor) -> QuerySet[Plan]:
    """Plans of units in the actor's scope."""
    return Plan.objects.filter(unit_scope(actor, "unit__path")).select_related("unit", "term")


def plan_get(actor: Actor, pk: int) -> Plan:
    """The plan. Raises Http404 when there is none in the actor's scope."""
    return get_object_or_404(plans_visible(actor), pk=pk)


def nominations_visible(actor: Actor) -> QuerySet[Nomination]:
    """Nominations in plans of units in scope, with whom, where and to which title; in order."""
    return (
        Nomination.objects.filter(unit_scope(actor, "plan__unit__path"))
        .select_related("cadre", "plan__unit", "plan__term", "pool__position__title")
        .order_by("plan__unit__path", "plan_id", "pool_id", "cadre__sort_key", "pk")
    )


def plan_pools(actor: Actor, plan: Plan, as_of: dt.date) -> list[tuple[Pool, list[Nomination]]]:
    """The pools of a plan with those nominated on the day; two queries."""
    found: dict[int, list[Nomination]] = {}
    for row in nominations_visible(actor).filter(nominated_on(as_of), plan=plan):
        found.setdefault(row.pool_id, []).append(row)
    return [(pool, found.get(pool.pk, [])) for pool in pools_of(plan)]


def term_list(actor: Actor) -> QuerySet[Term]:
    """Terms, the latest first; nothing for who holds no grant."""
    terms = Term.objects.order_by("-starts_on", "code")
    return terms if grants_of(actor) else terms.none()


# ---- Who is in a plan ------------------------------------------------------------------------


@dataclass(frozen=True)
class Nominee:
    """Somebody in a pool on a day, or proposed for it (then `nomination_id` is negative).

    `is_open`: the file may be opened; `ethnicity_code`: "" when hidden; `is_standing`: a nomination
    without an end.
    """

    nomination_id: int
    pool_id: int
    cadre_id: int
    code: str
    name: str
    sort_key: str
    sex: str
    birth_date: dt.date | None
    ethnicity_code: str
    degree: int | None
    theory: int | None
    post: str
    is_open: bool
    is_standing: bool

    @property
    def key(self) -> Key:
        """Who, where."""
        return self.pool_id, self.cadre_id


def nominees(
    actor: Actor, plan: Plan, as_of: dt.date, also: Sequence[Nomination] = ()
) -> list[Nominee]:
    """People nominated on the day, as Vietnamese lists are sorted; two queries.

    `also`: rows that nobody saved, as `proposed_rows` makes them.
    """
    rows: list[Any] = [
        *Nomination.objects.filter(nominated_on(as_of), plan=plan)
        .select_related("cadre")
        .annotate(
            is_open=cadre_scope(actor, "cadre_id"), is_told=sensitive_scope(actor, "cadre_id")
        ),
        *also,
    ]
    posts = posts_of([row.cadre for row in rows], as_of)
    people = [_nominee(row, posts.get(row.cadre_id), plan) for row in rows]
    return sorted(people, key=lambda each: (each.sort_key, each.code, each.nomination_id))


def nominated_on(day: dt.date, prefix: str = "") -> Q:
    """Nominations that hold on a day; `removed_on` is the first day out."""
    return Q(**{f"{prefix}nominated_on__lte": day}) & (
        Q(**{f"{prefix}removed_on": None}) | Q(**{f"{prefix}removed_on__gt": day})
    )


def _nominee(row: Any, post: Any, plan: Plan) -> Nominee:
    where = ""
    if post is not None:
        # In the plan's own unit the title says enough; elsewhere the unit says most.
        where = post.title.name if post.unit_id == plan.unit_id else f"{post.unit}: {post.title}"
    return Nominee(
        nomination_id=row.pk,
        pool_id=row.pool_id,
        cadre_id=row.cadre_id,
        code=row.cadre.code,
        name=row.cadre.full_name,
        sort_key=row.cadre.sort_key,
        sex=row.cadre.sex,
        birth_date=row.cadre.birth_date,
        ethnicity_code=row.cadre.ethnicity_code if row.is_told else "",
        degree=row.cadre.degree,
        theory=row.cadre.theory,
        post=where,
        is_open=row.is_open,
        is_standing=row.pk > 0 and row.removed_on is None,
    )


class PlannedFor(NamedTuple):
    """A pool that somebody is in."""

    plan_id: int
    pool_id: int
    title: str
    unit: str


def other_pools(
    actor: Actor, plan: Plan, cadre_ids: Sequence[int], as_of: dt.date
) -> dict[int, list[PlannedFor]]:
    """Pools of the plan's term, in scope, that people are in on the day; one query."""
    rows = Nomination.objects.filter(
        unit_scope(actor, "plan__unit__path"),
        nominated_on(as_of),
        plan__term=plan.term_id,
        cadre__in=cadre_ids,
    ).order_by("plan__unit__path", "plan_id", "pool_id")
    found: dict[int, list[PlannedFor]] = {}
    for cadre_id, plan_id, pool_id, title, unit in rows.values_list(
        "cadre_id", "plan_id", "pool_id", "pool__position__title__name", "plan__unit__name"
    ):
        found.setdefault(cadre_id, []).append(PlannedFor(plan_id, pool_id, title, unit))
    return found


def pools_of(plan: Plan) -> list[Pool]:
    """The plan's pools with their titles: leadership first, the most senior first."""
    pools = Pool.objects.filter(plan=plan).select_related("position__title")
    return list(pools.order_by("-position__title__kind", "-position__title__rank", "position_id"))


def head_of(plan: Plan, as_of: dt.date) -> Any:
    """The appointment of the head of the plan's unit on the day, with person and title."""
    held = plan.unit.appointments.filter(active_on(as_of), title__is_head=True)
    return held.select_related("cadre", "title").order_by("-title__rank", "-start_on").first()


# ---- Beside the verdicts ---------------------------------------------------------------------


def since_when(plan: Plan, findings: Sequence[Finding]) -> dict[tuple[int, int, str], dt.date]:
    """Since when the live state says what the findings say, by (kind, subject id, rule code).

    What was already so at the first check has the day of that check. One query.
    """
    rows = stored.rows_of(
        Statement(
            "SELECT s.kind, s.subject_id, s.first_on, s.outcomes, c.slot, c.changed_on"
            " FROM compliance_state s LEFT JOIN LATERAL ("
            " SELECT slot, max(changed_on) AS changed_on FROM compliance_change h"
            " WHERE h.kind = s.kind AND h.group_id = s.group_id AND h.subject_id = s.subject_id"
            " GROUP BY slot) c ON true"
            " WHERE s.kind BETWEEN 1 AND 3 AND s.group_id = %s",
            [plan.pk],
        )
    )
    first = {(row["kind"], row["subject_id"]): row for row in rows}
    changed = {
        (row["kind"], row["subject_id"], row["slot"]): row["changed_on"]
        for row in rows
        if row["slot"] is not None
    }
    result: dict[tuple[int, int, str], dt.date] = {}
    for finding in findings:
        place = (finding.kind.value, finding.subject_id)
        row, slot = first.get(place), slot_of(finding.rule, finding.kind)
        # A finding that the live state does not share yet is being rechecked: no date then.
        if row and slot < len(row["outcomes"]) and row["outcomes"][slot] == finding.outcome:
            since = changed.get((*place, slot), row["first_on"])
            result[(*place, finding.rule.code)] = since
    return result


@dataclass(frozen=True)
class WaiverNote:
    """A waiver in force; `subject` None: for everything of the unit under the rule."""

    rule: str
    subject: tuple[int, int] | None
    reason: str
    document: str
    until: dt.date


def waivers_of(plan: Plan, as_of: dt.date) -> list[WaiverNote]:
    """Approved waivers of the plan's unit that are in force on the day; one query."""
    rows = stored.rows_of(
        Statement(
            "SELECT rule, subject_kind, subject_id, reason, document, in_force_to"
            " FROM compliance_waiver WHERE unit_id = %s AND approved_by_id IS NOT NULL"
            " AND %s BETWEEN in_force_from AND in_force_to ORDER BY in_force_to",
            [plan.unit_id, as_of],
        )
    )
    return [
        WaiverNote(
            rule=row["rule"],
            subject=(row["subject_kind"], row["subject_id"]) if row["subject_kind"] else None,
            reason=row["reason"],
            document=row["document"],
            until=row["in_force_to"],
        )
        for row in rows
    ]


def ballots_of(actor: Actor, plan: Plan, as_of: dt.date) -> list[Ballot]:
    """Ballots of the plan held by the day, by title, person and step; one query."""
    return list(
        Ballot.objects.filter(pool__plan=plan, held_on__lte=as_of)
        .select_related("pool__position__title", "cadre")
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
        .order_by(
            "-pool__position__title__rank",
            "pool_id",
            "cadre__sort_key",
            "cadre__code",
            "step",
        )
    )


def ballot_threshold(basis: Basis | None, plan: Plan) -> int | None:
    """The share in percent that a step has to exceed, as last applied to the plan."""
    if basis is None:
        return None
    rows = stored.rows_of(
        Statement(
            "SELECT (f.figures ->> 'ballot_percent')::int AS percent"
            f" FROM {basis.table} v JOIN compliance_figureset f ON f.id = v.figures_id"
            f" WHERE {basis.condition} AND v.kind = 1 AND v.group_id = %s",
            [plan.pk],
        )
    )
    return rows[0]["percent"] if rows else None


# ---- Plans of a unit, plans of a person ------------------------------------------------------


def unit_plans(
    actor: Actor, unit_id: int, as_of: dt.date, term: str = ""
) -> tuple[Basis | None, list[PlanRow], dict[int, str]]:
    """A unit's own plans with scores, the latest term first, and the term of each; four queries."""
    basis = stored.checked(actor, as_of).basis
    wanted = PlanFilter(unit_id=unit_id)
    rows = stored.score_page(actor, basis, wanted, order="term_id DESC")
    terms = dict(
        Plan.objects.filter(pk__in=[row["plan_id"] for row in rows]).values_list("pk", "term__code")
    )
    return basis, plan_rows(actor, basis, rows), terms


def cadre_nominations(actor: Actor, cadre_id: int) -> list[Nomination]:
    """Where a person is or was nominated, among plans in the actor's scope; one query."""
    return list(
        Nomination.objects.filter(unit_scope(actor, "plan__unit__path"), cadre=cadre_id)
        .select_related("plan__unit", "plan__term", "pool__position__title")
        .order_by("-plan__term__starts_on", "-pool__position__title__rank", "nominated_on")
    )
