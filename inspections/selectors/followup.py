"""Recommendations after the conclusion: who sees them, what became of them, what data say of them.

The issuing side sees those of its inspections; an inspected unit those that are asked of it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Count, Max, Q, QuerySet, When
from django.shortcuts import get_object_or_404

from cadres.policies import EDITING_ROLES, Actor, below, unit_scope
from cadres.selectors.units import former_units
from compliance.choices import Outcome
from inspections.choices import RemedyState, Stage, Topic
from inspections.models import InspectedUnit, Inspection, Recommendation
from inspections.policies import issuing_scope
from planning.selectors.at_units import Asked, AtUnit, rules_at_units

#: Steps in which recommendations stand: before, they are drafts of the team.
CONCLUDED = (Stage.FOLLOWING, Stage.CLOSED)
#: What a list may be ordered by, with the fields behind it.
ORDERS = {
    "han": ("due_on", "pk"),
    "don-vi": ("unit__path", "due_on", "pk"),
    "cuoc": ("-finding__inspection__concluded_on", "finding__inspection", "due_on", "pk"),
    "chu-de": ("finding__topic", "due_on", "pk"),
    "trang-thai": ("state", "due_on", "pk"),
    "bao-cao": ("last_reported_on", "due_on", "pk"),
}
DEFAULT_ORDER = "han"
_CLOSED_LAST = Case(When(state=RemedyState.CLOSED, then=1), default=0)


class UnitName(NamedTuple):
    """A unit as a filter offers it."""

    path: str
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RemedyFilter:
    """Which recommendations; None and "" ask nothing.

    `path`: a unit and everything below it; `year`: of the conclusion; `is_late`: overdue and not
    closed; `is_mended`: open though data show it carried out; `is_repeated`: asked before.
    """

    inspection_id: int | None = None
    path: str = ""
    topic: str = ""
    state: str = ""
    year: int | None = None
    is_late: bool = False
    is_mended: bool = False
    is_repeated: bool = False


# ---- Who sees what ---------------------------------------------------------------------------


def _of_concluded() -> Q:
    return Q(finding__inspection__stage__in=CONCLUDED)


def _issued(actor: Actor) -> Q:
    return Q(finding__inspection__in=Inspection.objects.filter(issuing_scope(actor)).values("pk"))


def asked_scope(actor: Actor) -> Q:
    """Condition on recommendations "asked of a unit that the actor works for"."""
    return unit_scope(actor, "unit__path", roles=EDITING_ROLES)


def remedies_scope(actor: Actor) -> Q:
    """Condition on recommendations "concluded, and the actor stands on either side"."""
    asked = asked_scope(actor)
    # An empty condition means "everything": an alternative beside it would narrow.
    return _of_concluded() & (_issued(actor) | asked if asked else asked)


def recommendations_visible(actor: Actor) -> QuerySet[Recommendation]:
    """Recommendations of concluded inspections, from either side."""
    return (
        Recommendation.objects.filter(remedies_scope(actor))
        .select_related("finding__inspection__unit", "unit", "closed_by")
        .annotate(
            report_count=Count("reports", distinct=True),
            last_reported_on=Max("reports__reported_on"),
        )
    )


def recommendation_get(actor: Actor, pk: int) -> Recommendation:
    """One of them. Raises Http404."""
    return get_object_or_404(recommendations_visible(actor), pk=pk)


def recommendation_list(
    actor: Actor, wanted: RemedyFilter, today: dt.date, order: str = DEFAULT_ORDER
) -> QuerySet[Recommendation]:
    """Those that pass the filter, in an order of `ORDERS`, "-" turns it round; by deadline, what is
    closed stands last either way."""
    rows = recommendations_visible(actor).filter(_passing(wanted, today))
    if wanted.is_mended:
        asked = list(rows.exclude(state=RemedyState.CLOSED))
        live = live_of(actor, asked, today)
        rows = rows.filter(pk__in=[row.pk for row in asked if is_mended(row, live.get(row.pk))])
    fields = ORDERS.get(order.lstrip("-"), ORDERS[DEFAULT_ORDER])
    first = [_CLOSED_LAST] if fields is ORDERS[DEFAULT_ORDER] else []
    if not order.startswith("-"):
        return rows.order_by(*first, *fields)
    turned = (name[1:] if name.startswith("-") else f"-{name}" for name in fields)
    return rows.order_by(*first, *turned)


def _passing(wanted: RemedyFilter, today: dt.date) -> Q:
    where = below(wanted.path, "unit__path")
    if wanted.inspection_id is not None:
        where &= Q(finding__inspection=wanted.inspection_id)
    if wanted.topic:
        where &= Q(finding__topic=wanted.topic)
    if wanted.state:
        where &= Q(state=wanted.state)
    if wanted.year is not None:
        where &= Q(finding__inspection__concluded_on__year=wanted.year)
    if wanted.is_late:
        where &= late(today)
    if wanted.is_repeated:
        where &= Q(repeats__isnull=False)
    return where


def late(today: dt.date) -> Q:
    """Condition "past its deadline and not closed"."""
    return Q(due_on__lt=today) & ~Q(state=RemedyState.CLOSED)


def days_over(recommendation: Recommendation, today: dt.date) -> int:
    """Days past the deadline, 0 while there is time or once it is closed."""
    if recommendation.state == RemedyState.CLOSED:
        return 0
    return max((today - recommendation.due_on).days, 0)


def remedy_years(actor: Actor) -> list[int]:
    """Years in which something was concluded, the latest first."""
    years = recommendations_visible(actor).values_list(
        "finding__inspection__concluded_on__year", flat=True
    )
    return sorted({year for year in years.order_by() if year}, reverse=True)


def remedy_units(actor: Actor) -> list[UnitName]:
    """Units that something is asked of, in the order of the tree; one query."""
    rows = recommendations_visible(actor).order_by("unit__path")
    names = rows.values_list("unit__path", "unit__code", "unit__name")
    return [UnitName(*each) for each in dict.fromkeys(names)]


def asked_of(inspected: InspectedUnit) -> Q:
    """Condition on recommendations "of this inspection, asked of this unit or one below it"."""
    return Q(finding__inspection=inspected.inspection_id) & below(inspected.unit.path, "unit__path")


@dataclass(frozen=True)
class RemedyTotals:
    """How many recommendations stand how."""

    open: int
    reported: int
    closed: int
    late: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.open + self.reported + self.closed


def remedy_totals(rows: QuerySet[Recommendation], today: dt.date) -> RemedyTotals:
    """Over a list of recommendations; one query."""
    found = rows.order_by().aggregate(
        **{
            f"n_{state}": Count("pk", filter=Q(state=state), distinct=True)
            for state in RemedyState.values
        },
        n_late=Count("pk", filter=late(today), distinct=True),
    )
    return RemedyTotals(*(found[f"n_{name}"] for name in (*RemedyState.values, "late")))


def inspected_units_of(recommendations: Iterable[Recommendation]) -> dict[int, InspectedUnit]:
    """By recommendation the inspected unit through which its unit answers; one query."""
    rows = list(recommendations)
    found: defaultdict[int, list[InspectedUnit]] = defaultdict(list)
    for each in InspectedUnit.objects.filter(
        inspection__in={row.finding.inspection_id for row in rows}
    ).select_related("unit"):
        found[each.inspection_id].append(each)
    answer = {}
    for row in rows:
        above = [
            each
            for each in found[row.finding.inspection_id]
            if row.unit.path.startswith(each.unit.path)
        ]
        if above:
            answer[row.pk] = max(above, key=lambda each: len(each.unit.path))
    return answer


# ---- Asked again -----------------------------------------------------------------------------


def earlier_of(
    recommendations: Sequence[Recommendation],
) -> dict[int, Recommendation]:
    """By recommendation the latest earlier one that asked the same; three queries. Unscoped.

    The same: of another inspection concluded before, on the unit or on one that it came out of, by
    the same rule; where one of the two names no rule, on the same topic.
    """
    if not recommendations:
        return {}
    units = former_units({row.unit_id for row in recommendations})
    every = {unit_id for found in units.values() for unit_id in found}
    before = (
        Recommendation.objects.filter(_of_concluded(), unit__in=every)
        .select_related("finding__inspection", "unit")
        .order_by("-finding__inspection__concluded_on", "-pk")
    )
    rows = list(before)
    found = {}
    for asked in recommendations:
        for row in rows:
            if row.unit_id in units[asked.unit_id] and _is_same(asked, row):
                found[asked.pk] = row
                break
    return found


def _is_same(asked: Recommendation, row: Recommendation) -> bool:
    mine, its = asked.finding.inspection, row.finding.inspection
    if mine.pk == its.pk or row.pk == asked.pk:
        return False
    if mine.concluded_on and its.concluded_on and its.concluded_on > mine.concluded_on:
        return False
    if asked.rule and row.rule:
        return asked.rule == row.rule
    return asked.finding.topic == row.finding.topic and asked.finding.topic != Topic.OTHER


_CHAIN = """
WITH RECURSIVE chain (start, id, step) AS (
    SELECT id, repeats_id, 1 FROM inspections_recommendation
     WHERE id = ANY(%s) AND repeats_id IS NOT NULL
    UNION ALL
    SELECT c.start, r.repeats_id, c.step + 1
      FROM chain c JOIN inspections_recommendation r ON r.id = c.id
     WHERE r.repeats_id IS NOT NULL AND c.step < 50)
SELECT start, id FROM chain ORDER BY start, step
"""


def chains_of(actor: Actor, pks: Iterable[int]) -> dict[int, list[Recommendation]]:
    """By recommendation the earlier ones that asked the same, the latest first; two queries.

    Only those that the actor may see: what they know of, they count.
    """
    wanted = sorted(set(pks))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [wanted])
        pairs = cursor.fetchall()
    seen = {
        row.pk: row
        for row in recommendations_visible(actor).filter(pk__in={pk for _start, pk in pairs})
    }
    found: defaultdict[int, list[Recommendation]] = defaultdict(list)
    for start, pk in pairs:
        if pk in seen:
            found[start].append(seen[pk])
    return dict(found)


# ---- What data say now -----------------------------------------------------------------------


def live_of(
    actor: Actor, recommendations: Iterable[Recommendation], today: dt.date
) -> dict[int, AtUnit]:
    """By recommendation what its rule finds now at its unit and below; one query at most.

    Only of units that the actor may look into today: a team's mandate has ended by then.
    """
    asked = {row.pk: Asked(row.unit.path, row.rule) for row in recommendations if row.rule}
    found = rules_at_units(actor, asked.values(), today)
    return {pk: found[each] for pk, each in asked.items() if each in found}


def is_mended(recommendation: Recommendation, live: AtUnit | None) -> bool:
    """Whether data say that an open recommendation is carried out; a person decides."""
    return (
        recommendation.state != RemedyState.CLOSED
        and live is not None
        and live.outcome == Outcome.MET
    )


# ---- For jobs --------------------------------------------------------------------------------


def remedies_due(until: dt.date) -> QuerySet[Recommendation]:
    """Open recommendations whose deadline is not after a day. Unscoped: for the nightly job."""
    return (
        Recommendation.objects.filter(finding__inspection__stage=Stage.FOLLOWING, due_on__lte=until)
        .exclude(state=RemedyState.CLOSED)
        .select_related("finding__inspection__unit", "unit")
        .order_by("pk")
    )
