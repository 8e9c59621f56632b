"""Numbers and structure of plans for official tables: by title, by unit, by level; set-based.

Everything is counted as the rules count it (CONTRACT section 3): completed years on the day, women
and minorities where known, from elsewhere when none of the posts held lies in the unit or below it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cadres.choices import Degree, Theory, TitleKind
from cadres.policies import Actor
from compliance.selectors.figures import figures_of_units
from planning.models import Plan
from planning.selectors.plans import plans_visible
from planning.selectors.stored import Statement, rows_of

#: Figures that tables count by.
_FIGURES = {
    "young_below": "planning.age_bands.young_below",
    "middle_to": "planning.age_bands.middle_to",
    "age_below": "planning.young_share.age_below",
}

#: Groups of titles in the province's table.
HEADS, DEPUTIES, COMMITTEES = "head", "deputy", "committee"


@dataclass(frozen=True)
class Ages:
    """The ages that hold for a unit on the day; None: nothing is in force."""

    young_below: int | None
    middle_to: int | None
    age_below: int | None


@dataclass(frozen=True)
class Structure:
    """Counts of the people in a pool, or of a plan's or a level's people counted once each.

    `key`: what is counted: a pool's or a plan's id, a level, a (level, title) or a (plan, group);
    `unknown_age`, `unknown_sex`, `unknown_group`, `unknown_place`: people of whom a file lacks it.
    """

    people: int = 0
    women: int = 0
    minority: int = 0
    young: int = 0
    band_young: int = 0
    band_middle: int = 0
    band_senior: int = 0
    doctors: int = 0
    masters: int = 0
    bachelors: int = 0
    theory_high: int = 0
    theory_middle: int = 0
    own: int = 0
    elsewhere: int = 0
    unknown_age: int = 0
    unknown_sex: int = 0
    unknown_group: int = 0
    unknown_place: int = 0


_COUNTED = {
    "women": "sex = 'female'",
    "minority": "ethnicity_code NOT IN ('', '01')",
    "young": "age < age_below",
    "band_young": "age < young_below",
    "band_middle": "age >= young_below AND age <= middle_to",
    "band_senior": "age > middle_to",
    "doctors": f"degree = {Degree.DOCTOR.value}",
    "masters": f"degree = {Degree.MASTER.value}",
    "bachelors": f"degree = {Degree.BACHELOR.value}",
    "theory_high": f"theory IN ({Theory.ADVANCED.value}, {Theory.BACHELOR.value})",
    "theory_middle": f"theory = {Theory.INTERMEDIATE.value}",
    "own": "posts > 0 AND NOT is_external",
    "elsewhere": "posts > 0 AND is_external",
    "unknown_age": "age IS NULL",
    "unknown_sex": "sex = ''",
    "unknown_group": "ethnicity_code = ''",
    "unknown_place": "posts IS NULL",
}
# A person counts once, in whatever number of pools.
_COUNTS = ", ".join(
    ["count(DISTINCT cadre_id)::int AS people"]
    + [
        f"count(DISTINCT cadre_id) FILTER (WHERE {sql})::int AS {name}"
        for name, sql in _COUNTED.items()
    ]
)


def _nominees(plans: dict[int, Ages], as_of: dt.date) -> Statement:
    """`WITH nominee`: a row per nomination that holds, with the person's facts."""
    ages = ", ".join("(%s::bigint, %s::int, %s::int, %s::int)" for _plan in plans)
    values: list[Any] = [
        value
        for plan_id, each in plans.items()
        for value in (plan_id, each.young_below, each.middle_to, each.age_below)
    ]
    return Statement(
        f"""
WITH figure (plan_id, young_below, middle_to, age_below) AS (VALUES {ages}),
nominated AS MATERIALIZED (
    SELECT n.plan_id, n.pool_id, n.cadre_id, f.young_below, f.middle_to, f.age_below
      FROM figure f JOIN planning_nomination n ON n.plan_id = f.plan_id
       AND n.nominated_on <= %s AND (n.removed_on IS NULL OR n.removed_on > %s)),
placed AS (
    SELECT m.plan_id, m.cadre_id, count(*) AS posts,
           bool_and(NOT (v.path >= u.path AND v.path < u.path || '~')) AS is_external
      FROM (SELECT DISTINCT plan_id, cadre_id FROM nominated) m
      JOIN planning_plan p ON p.id = m.plan_id JOIN cadres_unit u ON u.id = p.unit_id
      JOIN cadres_appointment a ON a.cadre_id = m.cadre_id
       AND a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s)
      JOIN cadres_unit v ON v.id = a.unit_id
     GROUP BY m.plan_id, m.cadre_id),
nominee AS (
    SELECT n.*, c.sex, c.ethnicity_code, c.degree, c.theory, d.posts, d.is_external,
           date_part('year', age(%s, c.birth_date))::int AS age, u.level, s.title_id,
           CASE WHEN t.kind = '{TitleKind.COMMITTEE.value}' THEN '{COMMITTEES}'
                WHEN t.is_head THEN '{HEADS}' ELSE '{DEPUTIES}' END AS title_group
      FROM nominated n
      JOIN cadres_cadre c ON c.id = n.cadre_id
      JOIN planning_plan p ON p.id = n.plan_id JOIN cadres_unit u ON u.id = p.unit_id
      JOIN planning_pool l ON l.id = n.pool_id
      JOIN cadres_position s ON s.id = l.position_id JOIN cadres_title t ON t.id = s.title_id
      LEFT JOIN placed d ON d.plan_id = n.plan_id AND d.cadre_id = n.cadre_id)
""",
        [*values, *[as_of] * 5],
    )


def ages_of(plans: Iterable[Plan], as_of: dt.date) -> dict[int, Ages]:
    """The ages in force for each plan's unit, by plan id; one query."""
    plans = list(plans)
    figures = figures_of_units({p.unit_id: p.unit for p in plans}.values(), _FIGURES, as_of)
    return {plan.pk: Ages(*(figures[plan.unit_id][name][0] for name in _FIGURES)) for plan in plans}


def _structure(row: dict[str, Any]) -> Structure:
    return Structure(row["people"], *(row[name] for name in _COUNTED))


# ---- One plan --------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanStructure:
    """Counts of a plan: by pool id, and of all its people counted once."""

    ages: Ages
    by_pool: dict[int, Structure]
    whole: Structure


def plan_structure(plan: Plan, as_of: dt.date) -> PlanStructure:
    """The structure of a plan that the actor may see; two queries."""
    ages = ages_of([plan], as_of)
    base = _nominees(ages, as_of)
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT pool_id, {_COUNTS} FROM nominee GROUP BY GROUPING SETS (()"
            ", (pool_id))",
            base.values,
        )
    )
    found = {row["pool_id"]: _structure(row) for row in rows}
    whole = found.pop(None, Structure())
    return PlanStructure(ages[plan.pk], found, whole)


@dataclass(frozen=True)
class PlansStructure:
    """Counts of several plans: by pool id, and by plan id of everybody in it counted once."""

    ages: dict[int, Ages]
    by_pool: dict[int, Structure]
    by_plan: dict[int, Structure]


def plans_structure(plans: Sequence[Plan], as_of: dt.date) -> PlansStructure:
    """The structure of plans whatever their terms; two queries."""
    if not plans:
        return PlansStructure({}, {}, {})
    ages = ages_of(plans, as_of)
    base = _nominees(ages, as_of)
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT plan_id, pool_id, {_COUNTS} FROM nominee"
            " GROUP BY GROUPING SETS ((plan_id), (pool_id))",
            base.values,
        )
    )
    return PlansStructure(
        ages=ages,
        by_pool={row["pool_id"]: _structure(row) for row in rows if row["pool_id"] is not None},
        by_plan={row["plan_id"]: _structure(row) for row in rows if row["plan_id"] is not None},
    )


# ---- All plans of a term ---------------------------------------------------------------------


@dataclass(frozen=True)
class TitleLine:
    """A title over all units of a level: in how many units, prescribed posts, its nominees."""

    level: str
    title: str
    units: int
    prescribed: int
    structure: Structure


@dataclass(frozen=True)
class TermStructure:
    """Counts over the plans of a term: by plan, by (plan id, title group), by level, in all.

    `prescribed`: posts by (plan id, title group). `titles`: lines by level, the most senior first.
    """

    plans: list[Plan]
    ages: dict[int, Ages]
    by_plan: dict[int, Structure]
    by_group: dict[tuple[int, str], int]
    prescribed: dict[tuple[int, str], int]
    by_level: dict[str, Structure]
    whole: Structure
    titles: list[TitleLine]

    def has_young(self, plans: Iterable[Plan]) -> bool:
        """Whether every one of these plans has an age below which somebody counts as young."""
        return all(self.ages[plan.pk].age_below is not None for plan in plans)


def term_structure(actor: Actor, term_id: int, as_of: dt.date, path: str = "") -> TermStructure:
    """The structure of every plan of a term in scope, below `path` if given; five queries."""
    visible = plans_visible(actor).filter(term_id=term_id).order_by("unit__path")
    if path:
        visible = visible.filter(unit__path__gte=path, unit__path__lt=f"{path}~")
    plans = list(visible)
    if not plans:
        return TermStructure([], {}, {}, {}, {}, {}, Structure(), [])
    ages = ages_of(plans, as_of)
    base = _nominees(ages, as_of)
    sets = "(), (level), (plan_id), (plan_id, title_group), (level, title_id)"
    rows = rows_of(
        Statement(
            f"{base.sql} SELECT grouping(level, plan_id, title_group, title_id) AS part,"
            f" level, plan_id, title_group, title_id, {_COUNTS} FROM nominee"
            f" GROUP BY GROUPING SETS ({sets})",
            base.values,
        )
    )
    parts: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        parts.setdefault(row["part"], []).append(row)
    posts = _posts([plan.pk for plan in plans])
    by_title = {(row["level"], row["title_id"]): _structure(row) for row in parts.get(0b0110, [])}
    return TermStructure(
        plans=plans,
        ages=ages,
        by_plan={row["plan_id"]: _structure(row) for row in parts.get(0b1011, [])},
        by_group={
            (row["plan_id"], row["title_group"]): row["people"] for row in parts.get(0b1001, [])
        },
        prescribed=_prescribed(posts),
        by_level={row["level"]: _structure(row) for row in parts.get(0b0111, [])},
        whole=next((_structure(row) for row in parts.get(0b1111, [])), Structure()),
        titles=_titles(posts, by_title),
    )


def _posts(plan_ids: Sequence[int]) -> list[dict[str, Any]]:
    """What is prescribed: by plan and group, and by level and title; one query."""
    return rows_of(
        Statement(
            "SELECT grouping(p.id) = 1 AS is_title, p.id AS plan_id,"
            f" CASE WHEN t.kind = '{TitleKind.COMMITTEE.value}' THEN '{COMMITTEES}'"
            f" WHEN t.is_head THEN '{HEADS}' ELSE '{DEPUTIES}' END AS title_group,"
            " u.level, t.id AS title_id, min(t.name) AS title, min(t.rank) AS rank,"
            " count(*)::int AS units, sum(s.prescribed)::int AS prescribed"
            " FROM planning_pool l JOIN planning_plan p ON p.id = l.plan_id"
            " JOIN cadres_unit u ON u.id = p.unit_id"
            " JOIN cadres_position s ON s.id = l.position_id"
            " JOIN cadres_title t ON t.id = s.title_id WHERE p.id = ANY(%s)"
            " GROUP BY GROUPING SETS ((p.id, t.kind, t.is_head), (u.level, t.id, t.kind,"
            " t.is_head)) ORDER BY u.level, t.kind DESC, min(t.rank) DESC, min(t.name)",
            [list(plan_ids)],
        )
    )


def _prescribed(posts: Sequence[dict[str, Any]]) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for row in posts:
        if not row["is_title"]:
            key = row["plan_id"], row["title_group"]
            found[key] = found.get(key, 0) + row["prescribed"]
    return found


def _titles(
    posts: Sequence[dict[str, Any]], by_title: dict[tuple[str, int], Structure]
) -> list[TitleLine]:
    return [
        TitleLine(
            row["level"],
            row["title"],
            row["units"],
            row["prescribed"],
            by_title.get((row["level"], row["title_id"]), Structure()),
        )
        for row in posts
        if row["is_title"]
    ]
