"""The organisation: units in scope, the tree with its counts, one unit's page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Length, Substr
from django.shortcuts import get_object_or_404

from cadres.models import (
    Appointment,
    Cadre,
    PositionPeriod,
    Reorganisation,
    Title,
    Unit,
    UnitPeriod,
    UnitSuccession,
)
from cadres.periods import active_on
from cadres.policies import EVERYTHING, Actor, scope_paths, unit_scope
from cadres.selectors.cadres import cadre_scope
from cadres.selectors.counts import Counts, subtree_counts
from cadres.selectors.positions import positions_on
from cadres.selectors.reorganisations import acts_of
from cadres.selectors.text import folded_words
from cadres.selectors.unit_facts import FactsOn, facts_on, named_on, periods_of, units_above
from cadres.unit_states import PlanState, plan_states

#: More units than a page can hold: then only the two upper levels of the scope are shown.
TREE_ROWS = 600
#: More units, and their plans are not summed up for a page: the branches below are opened instead.
COUNTED_UNITS = 3_000
#: A flat list of units shows so many; who looks for one types another word.
MATCHES = 100
#: The time line of a unit's posts shows so many; a file has the rest.
TENURES = 400
#: Units that are not there on the day are looked through, so many levels deep.
_LOOKED_THROUGH = 4


def unit_list(actor: Actor) -> QuerySet[Unit]:
    """Units in the actor's scope, in the order of the tree, whatever their validity."""
    return Unit.objects.filter(unit_scope(actor, "path")).order_by("path")


def unit_list_with_codes(actor: Actor) -> QuerySet[Unit]:
    """As unit_list, with `parent_code` and successors, of those alone that are in scope."""
    above = Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Unit.steplen)
    parent = unit_list(actor).filter(path=above).order_by().values("code")
    return (
        unit_list(actor)
        .annotate(parent_code=Subquery(parent[:1]))
        .prefetch_related(Prefetch("successors", queryset=unit_list(actor)))
    )


def unit_find_unscoped(code: str) -> Unit | None:
    """The unit with this code, for commands and jobs."""
    return Unit.objects.filter(code=code).first()


def path_of_unit(code: str) -> str | None:
    """Where the unit with this code stands in the tree. Unscoped: for narrowing scoped rows."""
    return Unit.objects.filter(code=code).values_list("path", flat=True).first()


def heirs_of(unit_ids: Iterable[int], day: dt.date) -> dict[int, tuple[dt.date, list[int]]]:
    """Of those units that ended before the day: their last day, and ids of who carries on then.

    Followed through later reorganisations; none: nobody carries on. One query. Unscoped.
    """
    statement = """
WITH RECURSIVE way (former, now, steps) AS (
    SELECT id, id, 0 FROM cadres_unit WHERE id = ANY(%(ids)s) AND valid_to < %(day)s
     UNION
    SELECT w.former, s.successor_id, w.steps + 1
      FROM way w
      JOIN cadres_unit u ON u.id = w.now AND u.valid_to < %(day)s
      JOIN cadres_unitsuccession s ON s.unit_id = w.now
     WHERE w.steps < 9)
SELECT w.former, f.valid_to,
       coalesce(array_agg(DISTINCT u.id) FILTER (
           WHERE (u.valid_to IS NULL OR u.valid_to >= %(day)s)
             AND (u.valid_from IS NULL OR u.valid_from <= %(day)s)), '{}')
  FROM way w JOIN cadres_unit f ON f.id = w.former JOIN cadres_unit u ON u.id = w.now
 GROUP BY 1, 2"""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": sorted(set(unit_ids)), "day": day})
        return {former: (ended, heirs) for former, ended, heirs in cursor.fetchall()}


def units_by_id(ids: Iterable[int]) -> dict[int, Unit]:
    """Units by id. Unscoped: for rules, which look at every unit that something names."""
    return Unit.objects.in_bulk(sorted(set(ids)))


def former_units(unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Each unit with everything that it came out of, itself included; one query. Unscoped."""
    wanted = sorted(set(unit_ids))
    found: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in wanted}
    with connection.cursor() as cursor:
        cursor.execute(_FORMER, [wanted])
        for unit_id, former_id in cursor.fetchall():
            found[unit_id].add(former_id)
    return {unit_id: frozenset(every) for unit_id, every in found.items()}


_FORMER = """
WITH RECURSIVE former (unit_id, former_id) AS (
    SELECT successor_id, unit_id FROM cadres_unitsuccession WHERE successor_id = ANY(%s)
    UNION
    SELECT f.unit_id, s.unit_id
      FROM former f JOIN cadres_unitsuccession s ON s.successor_id = f.former_id)
SELECT unit_id, former_id FROM former
"""


def units_by_path(paths: Iterable[str]) -> dict[str, Unit]:
    """Units by where they stand in the tree. Unscoped: for the heads of papers."""
    wanted = sorted(set(paths))
    return {unit.path: unit for unit in Unit.objects.filter(path__in=wanted)} if wanted else {}


def unit_lock(pk: int) -> Unit:
    """Hold a unit's row until the transaction ends: acts that count on it take turns. Rows that
    refer to it can be written meanwhile."""
    return Unit.objects.select_for_update(no_key=True).get(pk=pk)


def unit_get(actor: Actor, code: str) -> Unit:
    """The unit with this code. Raises Http404 when there is none in the actor's scope."""
    return get_object_or_404(unit_list(actor), code=code)


# ---- The tree --------------------------------------------------------------------------------


@dataclass
class UnitNode:
    """One row of the tree; `indent` is the depth below the topmost unit in scope.

    `state` sums up the plans of the unit and all below; None where they are too many to count.
    """

    unit: Unit
    indent: int
    is_closed: bool
    counts: Counts
    state: PlanState | None = None
    successors: list[Unit] = field(default_factory=list)
    children: list[UnitNode] = field(default_factory=list)
    #: Names of the units above, for a list that is no tree.
    way: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether units below exist that this tree does not show."""
        return bool(self.unit.numchild) and not self.children


@dataclass(frozen=True, kw_only=True)
class UnitTree:
    """The tree on one day; `roots` hold the rest, `rows` has all of them in order."""

    as_of: dt.date
    roots: list[UnitNode]
    rows: list[UnitNode]
    former_count: int
    is_cut: bool

    @cached_property
    def open_rows(self) -> list[UnitNode]:
        """Rows of units that exist on the day."""
        return [node for node in self.rows if not node.is_closed]


def unit_tree(actor: Actor, as_of: dt.date, *, with_former: bool = False) -> UnitTree:
    """Units in scope that exist on `as_of`, as they stood then, with counts of their subtrees.

    With `with_former` also the units that ended before, closed and with their successors. Units
    that are yet to come are left out. Seven queries at most.
    """
    begun = unit_list(actor).filter(_begun(as_of))
    ended = Q(valid_to__lt=as_of)
    sizes = begun.aggregate(shown=Count("pk"), former=Count("pk", filter=ended))
    shown = begun if with_former else begun.filter(~ended | Q(valid_to=None))
    total = sizes["shown"] - (0 if with_former else sizes["former"])
    depth = _top_depth(actor) + 1 if total > TREE_ROWS else None
    facts = facts_on(as_of)
    if depth:
        shown = shown.filter(Q(depth__lte=depth) | Q(pk__in=facts.moved_ids))
    nodes = _nodes(shown, as_of, facts)
    if depth:
        nodes = [each for each in nodes if len(_place(each, facts)) <= depth * Unit.steplen]
    _count(actor, nodes, as_of, facts, depth=depth, is_large=sizes["shown"] > COUNTED_UNITS)
    roots = _nest(nodes, facts)
    _add_successors(actor, nodes)
    return UnitTree(
        as_of=as_of,
        roots=roots,
        rows=nodes,
        former_count=sizes["former"],
        is_cut=depth is not None,
    )


@dataclass(frozen=True, kw_only=True)
class UnitFilter:
    """What a flat list of units is narrowed to."""

    text: str = ""
    level: str = ""

    @property
    def is_on(self) -> bool:
        """Whether anything is asked."""
        return bool(self.text or self.level)


@dataclass(frozen=True, kw_only=True)
class UnitMatches:
    """Units that were looked for, the first of them with counts; `total`: how many there are."""

    as_of: dt.date
    rows: list[UnitNode]
    total: int


def unit_matches(
    actor: Actor, as_of: dt.date, wanted: UnitFilter, *, with_former: bool = False
) -> UnitMatches:
    """Units in scope by name or code and by level, as they were on the day; nine queries at most.

    Today's name is found as well as that of the day.
    """
    shown = unit_list(actor).filter(_begun(as_of))
    if not with_former:
        shown = shown.filter(Q(valid_to=None) | Q(valid_to__gte=as_of))
    facts = facts_on(as_of)
    if wanted.text:
        words = folded_words(wanted.text) | Q(code__iexact=wanted.text.strip())
        shown = shown.filter(words | named_on(as_of, wanted.text))
    if wanted.level:
        other = [pk for pk, each in facts.by_unit.items() if each.level != wanted.level]
        same = [pk for pk, each in facts.by_unit.items() if each.level == wanted.level]
        shown = shown.filter((Q(level=wanted.level) & ~Q(pk__in=other)) | Q(pk__in=same))
    total = shown.count()
    nodes = _nodes(shown[:MATCHES], as_of, facts)
    _count(actor, nodes, as_of, facts, depth=None, is_large=False)
    _add_ways(actor, nodes, facts)
    _add_successors(actor, nodes)
    return UnitMatches(as_of=as_of, rows=nodes, total=total)


def unit_below(
    actor: Actor,
    unit: Unit,
    as_of: dt.date,
    *,
    with_former: bool = False,
    facts: FactsOn | None = None,
) -> list[UnitNode]:
    """Rows of the units directly below on the day; five queries at most.

    Where a unit directly below is not there on the day, what is below it stands in its place.
    """
    facts = facts or facts_on(as_of)
    nodes = _below(actor, [unit.path], as_of, facts, with_former=with_former)
    deepest = max((len(_place(node, facts)) // Unit.steplen for node in nodes), default=0)
    if nodes:
        within = unit.path if not facts.moved else None
        _count(
            actor,
            nodes,
            as_of,
            facts,
            depth=deepest,
            within=facts.path_of(unit.path),
            plans_within=within,
        )
    _add_successors(actor, nodes)
    return nodes


def _below(
    actor: Actor, paths: Sequence[str], as_of: dt.date, facts: FactsOn, *, with_former: bool
) -> list[UnitNode]:
    found: list[UnitNode] = []
    waiting = list(paths)
    for _level in range(_LOOKED_THROUGH):
        if not waiting:
            break
        below = Q(pk__in=[pk for path in waiting for pk in facts.came_from(path)])
        for path in waiting:
            deeper = len(path) // Unit.steplen + 1
            below |= Q(path__gt=path, path__lt=path + "~", depth=deeper) & ~Q(
                pk__in=facts.moved_ids
            )
        units = list(unit_list(actor).filter(below))
        there = [unit for unit in units if unit.valid_from is None or unit.valid_from <= as_of]
        closed = [unit for unit in there if _is_closed(unit, as_of)]
        kept = there if with_former else [unit for unit in there if unit not in closed]
        found += _nodes(kept, as_of, facts)
        hidden = [unit for unit in units if unit not in kept]
        waiting = [unit.path for unit in hidden if unit.numchild]
    return sorted(found, key=lambda node: _place(node, facts))


def _begun(as_of: dt.date) -> Q:
    return Q(valid_from=None) | Q(valid_from__lte=as_of)


def _top_depth(actor: Actor) -> int:
    paths = scope_paths(actor)
    return min((len(path) // Unit.steplen for path in paths if path != EVERYTHING), default=1)


def _is_closed(unit: Unit, as_of: dt.date) -> bool:
    return unit.valid_to is not None and unit.valid_to < as_of


def _place(node: UnitNode, facts: FactsOn) -> str:
    return facts.path_of(node.unit.path)


def _nodes(units: Iterable[Unit], as_of: dt.date, facts: FactsOn) -> list[UnitNode]:
    """Nodes in the order of the tree of the day, described as they were."""
    nodes = [UnitNode(facts.show(unit), 0, _is_closed(unit, as_of), Counts()) for unit in units]
    return sorted(nodes, key=lambda node: _place(node, facts))


def _count(
    actor: Actor,
    nodes: Sequence[UnitNode],
    as_of: dt.date,
    facts: FactsOn,
    *,
    depth: int | None,
    within: str | None = None,
    plans_within: str | None = None,
    is_large: bool = False,
) -> None:
    """Fill in posts, people and plans; three queries.

    People are counted where a page shows whole branches: in a cut tree that would be everybody.
    """
    scope = scope_paths(actor)
    counts = subtree_counts(
        scope,
        as_of,
        depth=depth,
        with_people=depth is None or within is not None,
        facts=facts,
        within=within,
    )
    paths = scope if plans_within is None else (plans_within,)
    own = None if is_large else plan_states(actor, as_of, paths)
    sums = _sums(own, facts) if own is not None else None
    for node in nodes:
        place = _place(node, facts)
        node.counts = counts.get(place) or Counts()
        node.state = None if sums is None else sums.get(place, PlanState())


def _sums(own: Mapping[str, PlanState], facts: FactsOn) -> dict[str, PlanState]:
    """State of each unit with all below it, by path of the day."""
    sums: dict[str, PlanState] = {}
    for path, state in own.items():
        place = facts.path_of(path)
        for end in range(Unit.steplen, len(place) + 1, Unit.steplen):
            sums[place[:end]] = sums.get(place[:end], PlanState()) + state
    return sums


def _nest(nodes: Sequence[UnitNode], facts: FactsOn) -> list[UnitNode]:
    """Hang nodes (in path order) under their nearest shown ancestor; returns the roots."""
    roots: list[UnitNode] = []
    line: list[tuple[str, UnitNode]] = []
    for node in nodes:
        place = _place(node, facts)
        while line and not place.startswith(line[-1][0]):
            line.pop()
        node.indent = len(line)
        (line[-1][1].children if line else roots).append(node)
        line.append((place, node))
    return roots


def _add_ways(actor: Actor, nodes: Sequence[UnitNode], facts: FactsOn) -> None:
    """Names of the units above, that the actor may see, as they were; one query."""
    step = Unit.steplen
    wanted: dict[str, list[str]] = {}
    for node in nodes:
        way, path = [], facts.above(node.unit.path)
        while path and path not in way:
            way.append(path)
            path = facts.above(path)
        wanted[node.unit.path] = way[::-1]
    paths = {path for way in wanted.values() for path in way if len(path) > step}
    names = {unit.path: facts.show(unit).name for unit in unit_list(actor).filter(path__in=paths)}
    for node in nodes:
        node.way = " › ".join(names[path] for path in wanted[node.unit.path] if path in names)


def _add_successors(actor: Actor, nodes: Sequence[UnitNode]) -> None:
    closed = {node.unit.pk: node for node in nodes if node.is_closed}
    if not closed:
        return
    pairs = Unit.successors.through.objects.filter(
        unit_scope(actor, "successor__path"), unit__in=closed
    ).select_related("successor")
    for pair in pairs.order_by("successor__path"):
        closed[pair.unit_id].successors.append(pair.successor)


# ---- One unit --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person who holds a title; `is_open`: whether the actor may open the file."""

    cadre: Cadre
    since: dt.date
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Post:
    """A title of a unit with its holders; `prescribed` is None for a title without a position."""

    title: Title
    prescribed: int | None
    holders: list[Holder]
    #: Numbers of other days: `number` from `start` to `end`, ISO dates or None.
    changes: Sequence[Mapping[str, Any]] = ()

    @property
    def vacant(self) -> int:
        """Prescribed posts without a holder."""
        return max((self.prescribed or 0) - len(self.holders), 0)


@dataclass(frozen=True, kw_only=True)
class UnitProfile:
    """Everything the page of a unit shows on one day."""

    unit: Unit
    as_of: dt.date
    is_closed: bool
    is_future: bool
    ancestors: list[Unit]
    posts: list[Post]
    children: list[UnitNode]
    predecessors: list[Unit]
    successors: list[Unit]
    #: What the unit was, and will be, on other days; and what it is called today.
    periods: list[UnitPeriod]
    name_today: str
    #: Reorganisations that took it in, the latest first.
    acts: list[Reorganisation]

    @property
    def prescribed(self) -> int:
        """Posts prescribed in the unit itself."""
        return sum(post.prescribed or 0 for post in self.posts)

    @property
    def vacant(self) -> int:
        """Prescribed posts without a holder."""
        return 0 if self.is_closed else sum(post.vacant for post in self.posts)

    @property
    def holders(self) -> int:
        """Different people who hold a title in the unit itself."""
        return len({holder.cadre.pk for post in self.posts for holder in post.holders})

    @property
    def head(self) -> Post | None:
        """The post of the head: of titles that lead, the most senior."""
        return next((post for post in self.posts if post.title.is_head), None)


def unit_profile(actor: Actor, unit: Unit, as_of: dt.date) -> UnitProfile:
    """The page of a unit that the actor may see; twelve queries, whatever its size."""
    name_today = unit.name
    facts = facts_on(as_of)
    ancestors = units_above(unit, facts)
    scope = scope_paths(actor)
    pairs = list(
        UnitSuccession.objects.filter(Q(unit=unit) | Q(successor=unit))
        .select_related("unit", "successor")
        .order_by("unit__path", "successor__path")
    )
    facts.show(unit)
    return UnitProfile(
        unit=unit,
        as_of=as_of,
        is_closed=_is_closed(unit, as_of),
        is_future=unit.valid_from is not None and unit.valid_from > as_of,
        ancestors=[each for each in ancestors if _is_within(each, scope)],
        posts=_posts(actor, unit, as_of),
        children=unit_below(actor, unit, as_of, with_former=True, facts=facts),
        predecessors=[p.unit for p in pairs if p.successor == unit and _is_within(p.unit, scope)],
        successors=[
            p.successor for p in pairs if p.unit == unit and _is_within(p.successor, scope)
        ],
        periods=periods_of(unit),
        name_today=name_today,
        acts=acts_of(unit.code),
    )


def _is_within(unit: Unit, paths: Sequence[str]) -> bool:
    return any(unit.path.startswith(path) for path in paths)


def _posts(actor: Actor, unit: Unit, as_of: dt.date) -> list[Post]:
    """Positions with holders, then titles held without a position; most senior first."""
    held = (
        Appointment.objects.filter(active_on(as_of), unit=unit)
        .select_related("cadre", "title")
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
        .order_by("cadre__sort_key", "cadre__code")
    )
    holders: dict[Title, list[Holder]] = defaultdict(list)
    for row in held:
        holder = Holder(cadre=row.cadre, since=row.start_on, is_open=row.is_open)
        holders[row.title].append(holder)
    periods = PositionPeriod.objects.filter(position=OuterRef("pk")).order_by("valid_to")
    told = JSONObject(number="prescribed", start="valid_from", end="valid_to")
    positions = positions_on(as_of).filter(unit=unit).select_related("title")
    posts = [
        Post(
            title=p.title,
            prescribed=p.number,
            holders=holders.pop(p.title, []),
            changes=p.changes,
        )
        for p in positions.annotate(changes=ArraySubquery(periods.values(told=told)))
    ]
    posts += [Post(title=title, prescribed=None, holders=who) for title, who in holders.items()]
    return sorted(posts, key=lambda post: (-post.title.rank, post.title.code))


@dataclass(frozen=True, kw_only=True)
class Tenure:
    """Who held a post of a unit, from when until the day before `end`; None: still."""

    title: Title
    cadre: Cadre
    start: dt.date
    end: dt.date | None
    decision_no: str
    is_open: bool


def unit_tenures(actor: Actor, unit: Unit) -> tuple[list[Tenure], int]:
    """Everybody who holds, held or will hold a post of the unit, and how many there are.

    The most senior posts first, in each the latest first; two queries, `TENURES` at most.
    """
    rows = Appointment.objects.filter(unit=unit)
    total = rows.count()
    held = (
        rows.select_related("cadre", "title")
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
        .order_by("-title__rank", "title__code", "-start_on", "cadre__sort_key")[:TENURES]
    )
    return [
        Tenure(
            title=row.title,
            cadre=row.cadre,
            start=row.start_on,
            end=row.end_on,
            decision_no=row.decision_no,
            is_open=row.is_open,
        )
        for row in held
    ], total
