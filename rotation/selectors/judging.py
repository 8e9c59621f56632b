"""Moves judged by the rules before they exist: one statement for any number, nothing written."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from cadres.selectors.locals import local_sql
from cadres.selectors.units import units_by_id
from compliance.choices import Outcome, SubjectKind
from compliance.engine import compose
from compliance.engine.findings import Finding, Labels, Verdict, finding
from compliance.engine.registry import rule_by_code, rules_of
from compliance.engine.standing import facts_of
from compliance.engine.store import verdict_of
from compliance.selectors.figures import Figures, UnitDay, figures_of_days, figures_of_units
from planning.selectors.stored import Statement, rows_of
from rotation.choices import RotationKind, RotationStatus
from rotation.facts import rotation_facts

if TYPE_CHECKING:
    from cadres.models import Unit

IN_PLAN = "rotation.in_plan"
SERVICE = "rotation.remaining_service"
NON_LOCAL = "rotation.non_local_head"


class Move(NamedTuple):
    """Somebody to a post."""

    cadre_id: int
    unit_id: int
    title_id: int


@dataclass(frozen=True)
class JudgedMove:
    """What the rules say of a move; `non_local` None: the title does not ask for it."""

    move: Move
    in_plan: Finding
    service: Finding
    non_local: Finding | None


class MoveOutcomes(NamedTuple):
    """The bare verdicts on a move; `non_local` None: the title does not ask for it."""

    in_plan: Outcome
    service: Outcome
    non_local: Outcome | None


def judge_moves(moves: Sequence[Move], start_on: dt.date) -> list[JudgedMove]:
    """Each move as a tour that starts on the day, in the order given; three queries, none for [].

    By the law of `start_on` and the targets in force then, at the level of the destination.
    """
    return judge_moves_of_days([(move, start_on) for move in moves])


def judge_moves_of_days(moves: Sequence[tuple[Move, dt.date]]) -> list[JudgedMove]:
    """As `judge_moves`, each move on a day of its own; three queries however many days."""
    figures, rows = _read(moves)
    return [
        _judged(move, row, figures[day][move.unit_id])
        for (move, day), row in zip(moves, rows, strict=True)
    ]


def outcomes_of_moves(moves: Sequence[Move], start_on: dt.date) -> list[MoveOutcomes]:
    """As `judge_moves`, without what a page says of it: for tens of thousands of moves."""
    _figures, rows = _read([(move, start_on) for move in moves])
    codes = [rule.code for rule in rules_of(SubjectKind.ROTATION)]
    plan, service = codes.index(IN_PLAN), codes.index(SERVICE)
    known = {outcome.value: outcome for outcome in Outcome}
    return [
        MoveOutcomes(
            known[row["outcomes"][plan]],
            known[row["outcomes"][service]],
            known.get(row["non_local"]),
        )
        for row in rows
    ]


def units_that_differ(units: Iterable[Unit], start_on: dt.date) -> list[int]:
    """Ids of units of which no two have the same figures: enough to judge people by; one query."""
    names = compose.figures_of(rules_of(SubjectKind.ROTATION))
    found: dict[tuple[int | None, ...], int] = {}
    for unit_id, figures in figures_of_units(units, names, start_on).items():
        found.setdefault(tuple(figures[name][0] for name in names), unit_id)
    return sorted(found.values())


def _read(
    moves: Sequence[tuple[Move, dt.date]],
) -> tuple[dict[dt.date, dict[int, Figures]], list[Mapping[str, Any]]]:
    """Figures by day and unit, and what is found of each move, in their order."""
    if not moves:
        return {}, []
    units = units_by_id({move.unit_id for move, _day in moves})
    names = compose.figures_of(rules_of(SubjectKind.ROTATION))
    places = {UnitDay(move.unit_id, units[move.unit_id].level, day) for move, day in moves}
    figures: defaultdict[dt.date, dict[int, Figures]] = defaultdict(dict)
    for place, found in figures_of_days(places, names).items():
        figures[place.day][place.unit_id] = found
    by_day: defaultdict[dt.date, dict[int, Move]] = defaultdict(dict)
    for number, (move, day) in enumerate(moves):
        by_day[day][number] = move
    # The facts of a day are written for that day: one part of the statement each.
    parts = [_statement(asked, day, list(names), figures[day]) for day, asked in by_day.items()]
    statement = Statement(
        " UNION ALL ".join(f"({part.sql})" for part in parts),
        [value for part in parts for value in part.values],
    )
    rows = {row["id"]: row for row in rows_of(statement)}
    return figures, [rows[number] for number in range(len(moves))]


def _statement(
    moves: Mapping[int, Move],
    start_on: dt.date,
    names: Sequence[str],
    figures: Mapping[int, Figures],
) -> Statement:
    day = f"DATE '{start_on}'"
    standing = facts_of("wanted") % {"d": day, "year": start_on.year}
    rows = (
        f"(SELECT id, cadre_id, to_unit_id, '{RotationKind.ROTATION.value}' AS kind,"
        f" '{RotationStatus.PROPOSED.value}' AS status, {day} AS start_on,"
        " NULL::date AS ended_on FROM move)"
    )
    facts = rotation_facts(rows).format(standing="person")
    figure_rows = ", ".join(f"(%s::bigint{', %s::int' * len(names)})" for _ in figures)
    columns, verdicts = compose.outcome_columns(SubjectKind.ROTATION)
    as_holder = compose.verdict(rule_by_code(NON_LOCAL), SubjectKind.APPOINTMENT)
    return Statement(
        f"""
WITH move AS (SELECT *
                FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
                     AS v (id, cadre_id, to_unit_id, to_title_id)),
 wanted AS (SELECT DISTINCT cadre_id FROM move),
 person AS ({standing}),
 figure (unit_id{"".join(f", {name}" for name in names)}) AS (VALUES {figure_rows}),
 subject AS ({facts}),
 judged AS (SELECT s.*, {", ".join(f"f.{name}" for name in names)}
              FROM subject s JOIN figure f USING (unit_id))
SELECT m.id, ARRAY[{", ".join(columns)}]::smallint[] AS outcomes,
       {compose.counts(SubjectKind.ROTATION)} AS counts,
       (SELECT {as_holder} FROM (SELECT t.non_local_required,
               {local_sql("c", "u")} AS local) g) AS non_local
  FROM (SELECT *, {verdicts} FROM judged) j
  JOIN move m ON m.id = j.subject_id
  JOIN cadres_cadre c ON c.id = m.cadre_id
  JOIN cadres_unit u ON u.id = m.to_unit_id
  JOIN cadres_title t ON t.id = m.to_title_id""",
        [
            list(moves),
            [move.cadre_id for move in moves.values()],
            [move.unit_id for move in moves.values()],
            [move.title_id for move in moves.values()],
            *(
                value
                for unit_id, found in figures.items()
                for value in (unit_id, *(found[name][0] for name in names))
            ),
        ],
    )


def _judged(move: Move, row: Mapping[str, Any], figures: Figures) -> JudgedMove:
    place = (SubjectKind.ROTATION, move.unit_id, row["id"], move.unit_id)
    read = verdict_of(*place, row["outcomes"], row["counts"], "{}", "{}")
    verdict = Verdict(
        **{
            **read.__dict__,
            "figures": {name: value for name, (value, _) in figures.items()},
            "citations": {name: cited for name, (_, cited) in figures.items()},
        }
    )
    found = {
        rule.code: finding(verdict, Labels(), rule, Outcome(outcome))
        for rule, outcome in zip(rules_of(SubjectKind.ROTATION), row["outcomes"], strict=True)
        if outcome is not None
    }
    local = row["non_local"]
    rule = rule_by_code(NON_LOCAL)
    return JudgedMove(
        move=move,
        in_plan=found[IN_PLAN],
        service=found[SERVICE],
        non_local=None if local is None else finding(verdict, Labels(), rule, Outcome(local)),
    )
