"""Liên thông: where plans of two levels meet in the same people, and where they do not.

A break is what `planning.lineage` counts (CONTRACT section 3 and its reading 4): a nominee whose
primary appointment lies strictly below the plan's unit, and who has no active nomination in a plan,
of any term, of a unit strictly below it. Here breaks are told whether or not a target is set.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cadres.policies import Actor, in_scope
from cadres.selectors.cadres import cadre_scope, posts_of, visible_ids
from compliance.choices import Outcome
from compliance.engine.registry import rule_by_code
from compliance.selectors.figures import figures_of_units
from planning.models import Nomination, Plan
from planning.policies import Place
from planning.selectors.paging import Rows
from planning.selectors.plans import nominated_on, nominations_visible
from planning.selectors.stored import Statement, rows_of, scope_condition
from planning.selectors.units import paths_above

RULE = "planning.lineage"

#: Who is nominated in the subject plans on the day, once each, with the primary appointment
#: (CONTRACT section 3: rank, latest start, lowest title and unit codes) and where else they stand.
#: Takes the day four times after the values of `subject`.
_PLACED = """
nominee AS MATERIALIZED (
    SELECT DISTINCT s.plan_id, s.path, n.cadre_id
      FROM subject s JOIN planning_nomination n ON n.plan_id = s.plan_id
       AND n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)),
post AS MATERIALIZED (
    SELECT DISTINCT ON (a.cadre_id) a.cadre_id, v.path, v.name AS unit_name, t.name AS title_name
      FROM (SELECT DISTINCT cadre_id FROM nominee) m
      JOIN cadres_appointment a ON a.cadre_id = m.cadre_id
       AND a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s)
      JOIN cadres_title t ON t.id = a.title_id
      JOIN cadres_unit v ON v.id = a.unit_id
     ORDER BY a.cadre_id, t.rank DESC, a.start_on DESC, t.code, v.code)"""
#: Where else the person of `n` stands on the day; takes it twice.
_STANDS = (
    "EXISTS (SELECT FROM planning_nomination m JOIN planning_plan q ON q.id = m.plan_id"
    " JOIN cadres_unit w ON w.id = q.unit_id WHERE m.cadre_id = n.cadre_id AND m.nominated_on <= %s"
    " AND (m.removed_on IS NULL OR m.removed_on > %s) AND {where})"
)


# ---- One plan --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A nomination of the same person in a plan of another level."""

    plan_id: int
    unit_name: str
    term: str
    title_name: str


@dataclass(frozen=True)
class LineagePerson:
    """A nominee of the plan; `down`, `up`: the links to plans below and above in scope."""

    cadre_id: int
    code: str
    name: str
    post: str
    titles: tuple[str, ...]
    is_from_below: bool
    is_open: bool
    down: tuple[Link, ...]
    up: tuple[Link, ...]

    @property
    def is_break(self) -> bool:
        """From below, and in no plan below."""
        return self.is_from_below and not self.down


@dataclass(frozen=True)
class PlanLineage:
    """Everybody in a plan with their links; `maximum` None: no target, so nothing is judged.

    `has_below`: the unit has units below it; `has_above`: some unit above it is in scope.
    """

    people: list[LineagePerson]
    has_below: bool
    has_above: bool
    maximum: int | None
    citations: list[dict[str, Any]]

    @property
    def breaks(self) -> list[LineagePerson]:
        """Who stands in no plan below though they serve there."""
        return [person for person in self.people if person.is_break]

    @property
    def outcome(self) -> Outcome:
        """The verdict of the rule."""
        return verdict(len(self.breaks), self.maximum if self.has_below else None)


def verdict(breaks: int, maximum: int | None) -> Outcome:
    """What `planning.lineage` says of so many breaks."""
    if maximum is None:
        return Outcome.NOT_APPLICABLE
    return Outcome.MET if breaks <= maximum else Outcome.NOT_MET


def plan_lineage(actor: Actor, plan: Plan, as_of: dt.date) -> PlanLineage:
    """The links of everybody in a plan on the day; six queries, whatever their number."""
    rows = list(
        Nomination.objects.filter(nominated_on(as_of), plan=plan)
        .select_related("cadre", "pool__position__title")
        .annotate(is_open=cadre_scope(actor, "cadre_id"))
        .order_by("cadre__sort_key", "cadre__code", "-pool__position__title__rank", "pool_id")
    )
    titles: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        titles[row.cadre_id].append(row.pool.position.title.name)
    first = {row.cadre_id: row for row in reversed(rows)}
    posts = posts_of([row.cadre for row in first.values()], as_of)
    path = plan.unit.path
    below = nominations_visible(actor).filter(
        plan__unit__path__gt=path, plan__unit__path__lt=f"{path}~"
    )
    above = nominations_visible(actor).filter(plan__unit__path__in=paths_above(plan.unit))
    down, up = (_links(found, first, as_of) for found in (below, above))
    ((figures),) = figures_of_units([plan.unit], _figures(), as_of).values()
    maximum, citations = figures["lineage_maximum"]
    people = [
        LineagePerson(
            cadre_id=row.cadre_id,
            code=row.cadre.code,
            name=row.cadre.full_name,
            post=_post_words(posts.get(row.cadre_id)),
            titles=tuple(titles[row.cadre_id]),
            is_from_below=_is_below(posts.get(row.cadre_id), path),
            is_open=row.is_open,
            down=down.get(row.cadre_id, ()),
            up=up.get(row.cadre_id, ()),
        )
        for row in sorted(first.values(), key=rows.index)
    ]
    return PlanLineage(
        people=people,
        has_below=plan.unit.numchild > 0,
        has_above=any(in_scope(actor, Place(each)) for each in paths_above(plan.unit)),  # type: ignore[arg-type]
        maximum=maximum,
        citations=citations,
    )


def _figures() -> dict[str, str]:
    return dict(rule_by_code(RULE).figures)


def _is_below(post: Any, path: str) -> bool:
    return post is not None and post.unit.path.startswith(path) and post.unit.path != path


def _post_words(post: Any) -> str:
    return "" if post is None else f"{post.title}, {post.unit}"


def _links(found: Any, people: Iterable[int], as_of: dt.date) -> dict[int, tuple[Link, ...]]:
    links: dict[int, list[Link]] = defaultdict(list)
    for row in found.filter(nominated_on(as_of), cadre__in=list(people)):
        title = row.pool.position.title.name
        links[row.cadre_id].append(Link(row.plan_id, row.plan.unit.name, str(row.plan.term), title))
    return {cadre_id: tuple(of_person) for cadre_id, of_person in links.items()}


# ---- All plans of a term ---------------------------------------------------------------------


@dataclass(frozen=True)
class DownLine:
    """A plan with units below it: nominees, those who serve below, and the breaks among these."""

    plan_id: int
    unit_id: int
    unit_name: str
    level: str
    people: int
    below: int
    breaks: int
    maximum: int | None

    @property
    def linked(self) -> int:
        """Who serves below and stands in a plan there."""
        return self.below - self.breaks

    @property
    def outcome(self) -> Outcome:
        """The verdict of the rule."""
        return verdict(self.breaks, self.maximum)


def down_lines(actor: Actor, term_id: int, as_of: dt.date, path: str = "") -> list[DownLine]:
    """Every plan of the term, in scope and below `path`, of a unit with units below it.

    The most breaks first. Two queries.
    """
    subject = _subject(actor, term_id, path, "u.numchild > 0")
    rows = rows_of(
        Statement(
            f"""
WITH subject AS MATERIALIZED ({subject.sql}), {_PLACED},
placed AS (
    SELECT n.plan_id, p.path > n.path AND p.path < n.path || '~' AS below,
           {_STANDS.format(where="w.path > n.path AND w.path < n.path || '~'")} AS linked
      FROM nominee n LEFT JOIN post p ON p.cadre_id = n.cadre_id)
SELECT s.plan_id, s.unit_id, s.name, s.level, count(x.plan_id) AS people,
       count(*) FILTER (WHERE below) AS below,
       count(*) FILTER (WHERE below AND NOT linked) AS breaks
  FROM subject s LEFT JOIN placed x ON x.plan_id = s.plan_id
 GROUP BY s.plan_id, s.unit_id, s.name, s.level, s.path
 ORDER BY breaks DESC, s.path""",
            [*subject.values, *[as_of] * 6],
        )
    )
    plans = Plan.objects.filter(pk__in=[row["plan_id"] for row in rows]).select_related("unit")
    figures = figures_of_units([plan.unit for plan in plans], _figures(), as_of)
    return [
        DownLine(
            row["plan_id"],
            row["unit_id"],
            row["name"],
            row["level"],
            row["people"],
            row["below"],
            row["breaks"],
            figures[row["unit_id"]]["lineage_maximum"][0],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Break:
    """A person behind a break of a plan."""

    plan_id: int
    plan_unit: str
    code: str
    name: str
    post: str
    titles: str
    is_open: bool


def break_rows(
    actor: Actor, term_id: int, as_of: dt.date, path: str = "", *, total: int
) -> Rows[Break]:
    """The people behind the breaks of those plans (`total` of them), in the order of the tree.

    Two queries a page.
    """
    subject = _subject(actor, term_id, path, "u.numchild > 0")
    statement = Statement(
        f"""
WITH subject AS MATERIALIZED ({subject.sql}), {_PLACED}
SELECT s.plan_id, s.name AS plan_unit, c.id, c.code, c.full_name, p.title_name, p.unit_name,
       (SELECT string_agg(t.name, ', ' ORDER BY t.rank DESC, t.code)
          FROM planning_nomination m JOIN planning_pool l ON l.id = m.pool_id
          JOIN cadres_position i ON i.id = l.position_id JOIN cadres_title t ON t.id = i.title_id
         WHERE m.plan_id = n.plan_id AND m.cadre_id = n.cadre_id
           AND m.nominated_on <= %s AND (m.removed_on IS NULL OR m.removed_on > %s)) AS titles
  FROM nominee n JOIN subject s ON s.plan_id = n.plan_id
  JOIN post p ON p.cadre_id = n.cadre_id AND p.path > n.path AND p.path < n.path || '~'
  JOIN cadres_cadre c ON c.id = n.cadre_id
 WHERE NOT {_STANDS.format(where="w.path > n.path AND w.path < n.path || '~'")}
 ORDER BY s.path, c.sort_key, c.code LIMIT %s OFFSET %s""",
        [*subject.values, *[as_of] * 8],
    )

    def read(start: int, size: int) -> list[Break]:
        rows = rows_of(Statement(statement.sql, [*statement.values, size, start]))
        visible = visible_ids(actor, [row["id"] for row in rows])
        return [
            Break(
                row["plan_id"],
                row["plan_unit"],
                row["code"],
                row["full_name"],
                f"{row['title_name']}, {row['unit_name']}",
                row["titles"],
                row["id"] in visible,
            )
            for row in rows
        ]

    return Rows(total, read)


@dataclass(frozen=True)
class UpLine:
    """A plan with a unit above it in scope: nominees, and those who stand in a plan above."""

    plan_id: int
    unit_name: str
    level: str
    people: int
    above: int


def up_lines(actor: Actor, term_id: int, as_of: dt.date, path: str = "") -> list[UpLine]:
    """Every plan of the term with some unit above it in scope, in the order of the tree.

    Only plans in scope count as plans above. One query.
    """
    subject = _subject(actor, term_id, path, "true")
    scope = scope_condition(actor, "w.path")
    is_above = "u.path > w.path AND u.path < w.path || '~'"
    rows = rows_of(
        Statement(
            f"""
WITH subject AS MATERIALIZED (
    SELECT u.* FROM ({subject.sql}) u
     WHERE EXISTS (SELECT FROM cadres_unit w WHERE {is_above} AND {scope.sql})), {_PLACED},
placed AS (
    SELECT n.plan_id, {
                _STANDS.format(where=f"n.path > w.path AND n.path < w.path || '~' AND {scope.sql}")
            } AS above
      FROM nominee n)
SELECT s.plan_id, s.name, s.level, count(x.plan_id) AS people,
       count(*) FILTER (WHERE above) AS above
  FROM subject s LEFT JOIN placed x ON x.plan_id = s.plan_id
 GROUP BY s.plan_id, s.name, s.level, s.path ORDER BY s.path""",
            [*subject.values, *scope.values, *[as_of] * 6, *scope.values],
        )
    )
    return [
        UpLine(row["plan_id"], row["name"], row["level"], row["people"], row["above"])
        for row in rows
    ]


def _subject(actor: Actor, term_id: int, path: str, condition: str) -> Statement:
    """Plans of the term in scope, below `path` if given."""
    scope = scope_condition(actor)
    where: list[str] = ["p.term_id = %s", scope.sql, condition]
    values: list[Any] = [term_id, *scope.values]
    if path:
        where.append("u.path >= %s AND u.path < %s || '~'")
        values += [path, path]
    return Statement(
        "SELECT p.id AS plan_id, u.id AS unit_id, u.name, u.level, u.path"
        " FROM planning_plan p JOIN cadres_unit u ON u.id = p.unit_id"
        f" WHERE {' AND '.join(where)}",
        values,
    )


def lines_total(lines: Sequence[DownLine]) -> tuple[int, int, int]:
    """Over several plans: people, those who serve below, breaks; a person counts in each plan."""
    return (
        sum(line.people for line in lines),
        sum(line.below for line in lines),
        sum(line.breaks for line in lines),
    )
