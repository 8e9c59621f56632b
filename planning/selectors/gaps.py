"""What one person still lacks for the titles they are planned for, by the engine's own verdicts.

A check keeps for today only what is not in order. A file shows everything, on any day, so the same
statement is asked here for one person, and nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cadres.selectors.locals import local_sql
from compliance.choices import Outcome, SubjectKind
from compliance.engine import compose
from compliance.engine.findings import Finding, Labels, Verdict, finding
from compliance.engine.registry import rule_by_code, rules_of
from compliance.engine.source import Scope
from compliance.engine.standing import facts_of
from compliance.engine.store import verdict_of
from compliance.selectors.figures import Figures, figures_of_units
from planning import facts
from planning.selectors.skills import skill_verdict, skills_asked
from planning.selectors.stored import Statement, rows_of

if TYPE_CHECKING:
    from cadres.models import Cadre
    from planning.models import Nomination

QUALIFICATION = "planning.qualification"
#: Declared by a room above; asked here as if the person held the title already.
NON_LOCAL = "rotation.non_local_head"


@dataclass(frozen=True)
class SkillGap:
    """A skill that the title asks for, by a document of the province. `level` None: any."""

    kind: str
    level: int | None
    outcome: Outcome
    document: str
    at: str


@dataclass(frozen=True)
class HeldSkill:
    """A skill on file, valid on the day."""

    kind: str
    level: int | None
    detail: str


@dataclass(frozen=True)
class Gap:
    """Verdicts on one nomination that holds on the day.

    `findings`: by code of the rule, whatever the outcome. `degree`, `theory`: the two halves of
    `planning.qualification`. `non_local`: None where the title does not ask for it. `skills`: what
    the title asks for; `held`: what the person has, the same in all gaps of a person.
    """

    nomination: Nomination
    findings: dict[str, Finding]
    degree: Outcome
    theory: Outcome
    non_local: Finding | None
    skills: tuple[SkillGap, ...]
    held: tuple[HeldSkill, ...]


def nomination_gaps(
    cadre: Cadre, nominations: Sequence[Nomination], as_of: dt.date
) -> dict[int, Gap]:
    """The gaps of nominations that hold on the day, by id; two queries, none without any.

    The nominations are the person's own, with `plan__unit` read.
    """
    active = {each.pk: each for each in nominations if holds(each, as_of)}
    if not active:
        return {}
    units = {each.plan.unit_id: each.plan.unit for each in active.values()}
    figures = figures_of_units(units.values(), facts.figures_read(), as_of)
    plans = sorted({each.plan_id for each in active.values()})
    return {
        row["id"]: _gap(active[row["id"]], row, figures[row["unit_id"]])
        for row in rows_of(_statement(cadre.pk, plans, figures, as_of))
        if row["id"] in active
    }


def holds(nomination: Nomination, day: dt.date) -> bool:
    """Whether the person is in the pool on the day; `removed_on` is the first day out."""
    return nomination.nominated_on <= day and (
        nomination.removed_on is None or day < nomination.removed_on
    )


def _gap(nomination: Nomination, row: dict[str, Any], figures: Figures) -> Gap:
    verdict = verdict_of(
        SubjectKind.NOMINATION,
        row["plan_id"],
        row["id"],
        row["unit_id"],
        row["outcomes"],
        row["counts"],
        "{}",
        "{}",
    )
    judged = Verdict(
        **{
            **verdict.__dict__,
            "figures": {name: value for name, (value, _) in figures.items()},
            "citations": {name: cited for name, (_, cited) in figures.items()},
        }
    )
    pairs = zip(rules_of(SubjectKind.NOMINATION), row["outcomes"], strict=True)
    local = row["non_local"]
    rule = rule_by_code(NON_LOCAL)
    return Gap(
        nomination=nomination,
        findings={
            rule.code: finding(judged, Labels(), rule, Outcome(outcome))
            for rule, outcome in pairs
            if outcome is not None
        },
        degree=Outcome(row["degree"]),
        theory=Outcome(row["theory"]),
        non_local=None if local is None else finding(judged, Labels(), rule, Outcome(local)),
        skills=tuple(
            SkillGap(**{**asked, "outcome": Outcome(asked["outcome"])}) for asked in row["skills"]
        ),
        held=tuple(HeldSkill(**held) for held in row["held"]),
    )


def _statement(
    cadre_id: int, plans: list[int], figures: dict[int, Figures], as_of: dt.date
) -> Statement:
    """One row a nomination of the person in these plans, judged on the day.

    All of the person's nominations are counted, also in plans that the reader may not open: how
    many titles somebody is planned for is part of each verdict.
    """
    names = list(facts.figures_read())
    sql = facts.nominees(Scope(as_of=as_of, standing="person", complete=True))
    figure_rows = ", ".join(f"(%s::bigint, 0::bigint{', %s::int' * len(names)})" for _ in figures)
    standing = facts_of("wanted") % {"d": f"DATE '{as_of}'", "year": as_of.year}
    return Statement(
        f"""
WITH wanted AS (SELECT %s::bigint AS cadre_id),
 plan_subject AS ({facts.plan_subjects("p.id = ANY(%s)")}),
 figure (unit_id, figures_id{"".join(f", {name}" for name in names)}) AS (VALUES {figure_rows}),
 plan_scope AS ({facts.plan_scopes()}),
 pool_scope AS ({facts.POOL_SCOPES}),
 person AS ({standing}),
 nom AS (SELECT id, plan_id, pool_id, cadre_id FROM planning_nomination
          WHERE cadre_id = %s AND nominated_on <= %s AND (removed_on IS NULL OR removed_on > %s)),
 {sql}
SELECT n.id, n.plan_id, n.unit_id, n.outcomes, n.counts,
       {_half("min_theory")} AS degree, {_half("min_degree")} AS theory,
       (SELECT {_as_holder()} FROM (SELECT t.non_local_required,
               {local_sql("c", "u")} AS local) f) AS non_local,
       {_skills(as_of)} AS skills, {_held(as_of)} AS held
  FROM nominee n
  JOIN cadres_unit u ON u.id = n.unit_id
  JOIN planning_pool l ON l.id = n.pool_id
  JOIN cadres_position s ON s.id = l.position_id
  JOIN cadres_title t ON t.id = s.title_id
  JOIN cadres_cadre c ON c.id = (SELECT cadre_id FROM wanted)""",
        [
            cadre_id,
            as_of,
            plans,
            *(
                value
                for unit_id, found in figures.items()
                for value in (unit_id, *(found[name][0] for name in names))
            ),
            cadre_id,
            as_of,
            as_of,
        ],
    )


def _half(silenced: str) -> str:
    """The verdict on the title's standard as if it asked nothing in `silenced`."""
    asked = {"min_degree": "t.min_degree", "min_theory": "t.min_theory"}
    asked[silenced] = "NULL::smallint"
    columns = ", ".join(f"{sql} AS {name}" for name, sql in asked.items())
    verdict = compose.verdict(rule_by_code(QUALIFICATION), SubjectKind.NOMINATION)
    return f"(SELECT {verdict} FROM (SELECT c.degree, c.theory, {columns}) f)"


def _skills(as_of: dt.date) -> str:
    day = f"DATE '{as_of}'"
    return (
        "(SELECT coalesce(json_agg(json_build_object('kind', s.kind, 'level', s.level,"
        f" 'outcome', {skill_verdict('c.id', day)}, 'document', s.document, 'at', s.at)), '[]')"
        f" FROM cadres_titleskill s WHERE {skills_asked('t.id', day)})"
    )


def _held(as_of: dt.date) -> str:
    return (
        "(SELECT coalesce(json_agg(json_build_object('kind', h.kind, 'level', h.level,"
        " 'detail', h.detail) ORDER BY h.level DESC NULLS LAST, h.detail), '[]')"
        " FROM cadres_cadreskill h WHERE h.cadre_id = c.id"
        f" AND (h.valid_to IS NULL OR h.valid_to >= DATE '{as_of}'))"
    )


def _as_holder() -> str:
    return compose.verdict(rule_by_code(NON_LOCAL), SubjectKind.APPOINTMENT)
