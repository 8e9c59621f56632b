"""The organisation: units in scope, the tree with its counts, one unit's page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.shortcuts import get_object_or_404

from cadres.models import Appointment, Cadre, Position, Title, Unit
from cadres.periods import active_on
from cadres.policies import EVERYTHING, Actor, scope_paths, unit_scope
from cadres.selectors.cadres import cadre_scope
from cadres.selectors.counts import Counts, subtree_counts

#: More units than a page can hold: then only the two upper levels of the scope are shown.
TREE_ROWS = 600


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


def unit_get(actor: Actor, code: str) -> Unit:
    """The unit with this code. Raises Http404 when there is none in the actor's scope."""
    return get_object_or_404(unit_list(actor), code=code)


def position_titles(unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Ids of the titles that units have posts of, for services and carriers; one query."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Position.objects.filter(unit__in=list(unit_ids)).values_list("unit_id", "title_id")
    for unit_id, title_id in rows:
        found[unit_id].add(title_id)
    return {unit_id: frozenset(titles) for unit_id, titles in found.items()}


# ---- The tree --------------------------------------------------------------------------------


@dataclass
class UnitNode:
    """One row of the tree; `indent` is the depth below the topmost unit in scope."""

    unit: Unit
    indent: int
    is_closed: bool
    counts: Counts
    successors: list[Unit] = field(default_factory=list)
    children: list[UnitNode] = field(default_factory=list)

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
    """Units in scope that exist on `as_of`, with counts of their subtrees; at most four queries.

    With `with_former` also the units that ended before, closed and with their successors. Units
    that are yet to come are left out.
    """
    begun = unit_list(actor).filter(Q(valid_from=None) | Q(valid_from__lte=as_of))
    ended = Q(valid_to__lt=as_of)
    sizes = begun.aggregate(shown=Count("pk"), former=Count("pk", filter=ended))
    shown = begun if with_former else begun.filter(~ended | Q(valid_to=None))
    total = sizes["shown"] - (0 if with_former else sizes["former"])
    depth = _top_depth(actor) + 1 if total > TREE_ROWS else None
    if depth:
        shown = shown.filter(depth__lte=depth)
    counts = subtree_counts(scope_paths(actor), as_of, depth=depth, with_people=depth is None)
    nodes = _nodes(shown, as_of, counts)
    roots = _nest(nodes)
    _add_successors(actor, nodes)
    return UnitTree(
        as_of=as_of,
        roots=roots,
        rows=nodes,
        former_count=sizes["former"],
        is_cut=depth is not None,
    )


def _top_depth(actor: Actor) -> int:
    paths = scope_paths(actor)
    return min((len(path) // Unit.steplen for path in paths if path != EVERYTHING), default=1)


def _is_closed(unit: Unit, as_of: dt.date) -> bool:
    return unit.valid_to is not None and unit.valid_to < as_of


def _nodes(units: Iterable[Unit], as_of: dt.date, counts: dict[str, Counts]) -> list[UnitNode]:
    return [
        UnitNode(unit, 0, _is_closed(unit, as_of), counts.get(unit.path) or Counts())
        for unit in units
    ]


def _nest(nodes: Sequence[UnitNode]) -> list[UnitNode]:
    """Hang nodes (in path order) under their nearest shown ancestor; returns the roots."""
    roots: list[UnitNode] = []
    line: list[UnitNode] = []
    for node in nodes:
        while line and not node.unit.path.startswith(line[-1].unit.path):
            line.pop()
        node.indent = len(line)
        (line[-1].children if line else roots).append(node)
        line.append(node)
    return roots


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
    ancestors: list[Unit]
    posts: list[Post]
    children: list[UnitNode]
    predecessors: list[Unit]
    successors: list[Unit]

    @property
    def prescribed(self) -> int:
        """Posts prescribed in the unit itself."""
        return sum(post.prescribed or 0 for post in self.posts)

    @property
    def vacant(self) -> int:
        """Prescribed posts without a holder."""
        return sum(post.vacant for post in self.posts)

    @property
    def holders(self) -> int:
        """Different people who hold a title in the unit itself."""
        return len({holder.cadre.pk for post in self.posts for holder in post.holders})


def unit_profile(actor: Actor, unit: Unit, as_of: dt.date) -> UnitProfile:
    """The page of a unit that the actor may see; eight queries, whatever its size."""
    related = unit_list(actor)
    return UnitProfile(
        unit=unit,
        as_of=as_of,
        is_closed=_is_closed(unit, as_of),
        ancestors=list(related.filter(path__in=_paths_above(unit.path))),
        posts=_posts(actor, unit, as_of),
        children=_children(actor, unit, as_of),
        predecessors=list(related.filter(successions__successor=unit)),
        successors=list(related.filter(inheritances__unit=unit)),
    )


def _paths_above(path: str) -> list[str]:
    return [path[:end] for end in range(Unit.steplen, len(path), Unit.steplen)]


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
    positions = Position.objects.filter(unit=unit).select_related("title")
    posts = [
        Post(title=p.title, prescribed=p.prescribed, holders=holders.pop(p.title, []))
        for p in positions
    ]
    posts += [Post(title=title, prescribed=None, holders=who) for title, who in holders.items()]
    return sorted(posts, key=lambda post: (-post.title.rank, post.title.code))


def _children(actor: Actor, unit: Unit, as_of: dt.date) -> list[UnitNode]:
    below = Unit.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=as_of),
        path__startswith=unit.path,
        depth=unit.depth + 1,
    ).order_by("path")
    counts = subtree_counts((unit.path,), as_of, depth=unit.depth + 1)
    return _nodes(below, as_of, counts)
