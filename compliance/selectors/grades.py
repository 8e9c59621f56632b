"""The verdict of `evaluation.top_grade` on counts that need not be stored yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from cadres.judging import GradeCounts, GradeVerdict
from compliance.choices import Outcome, SubjectKind
from compliance.citations import citations_shown
from compliance.engine import compose
from compliance.engine.findings import Labels, Verdict, finding
from compliance.engine.registry import rule_by_code
from compliance.selectors.figures import Figures, figures_of_units

RULE = "evaluation.top_grade"


def grades_judged(counts: Sequence[GradeCounts], on: dt.date) -> dict[int, GradeVerdict]:
    """What a check on the day says of each unit's counts, by the unit's id; two queries.

    The rule's own SQL and its own sentence, with the figures that a check applies to the unit.
    """
    if not counts:
        return {}
    rule = rule_by_code(RULE)
    figures = figures_of_units([each.unit for each in counts], rule.figures, on)
    outcomes = _outcomes(counts, figures)
    return {
        each.unit.pk: _verdict(each, figures[each.unit.pk], outcomes[each.unit.pk])
        for each in counts
    }


def _outcomes(counts: Sequence[GradeCounts], figures: dict[int, Figures]) -> dict[int, Outcome]:
    rule = rule_by_code(RULE)
    names = list(rule.figures)
    casts = "(%s::bigint, %s::int, %s::int" + ", %s::int" * len(names) + ")"
    values = [
        value
        for each in counts
        for value in (
            each.unit.pk,
            each.top,
            each.good,
            *(figures[each.unit.pk][name][0] for name in names),
        )
    ]
    columns = ", ".join(["unit_id", "top", "good", *names])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT unit_id, {compose.verdict(rule, SubjectKind.UNIT_YEAR)}"
            f" FROM (VALUES {', '.join([casts] * len(counts))}) f ({columns})",
            values,
        )
        return {unit_id: Outcome(outcome) for unit_id, outcome in cursor.fetchall()}


def _verdict(counts: GradeCounts, figures: Figures, outcome: Outcome) -> GradeVerdict:
    rule, unit_id = rule_by_code(RULE), counts.unit.pk
    judged = Verdict(
        kind=SubjectKind.UNIT_YEAR,
        group_id=unit_id,
        subject_id=unit_id,
        unit_id=unit_id,
        outcomes=(),
        counts={"top": counts.top, "good": counts.good, "year": counts.year},
        figures={name: value for name, (value, _) in figures.items()},
        citations={name: cited for name, (_, cited) in figures.items()},
    )
    found = finding(judged, Labels(year=counts.year), rule, outcome)
    return GradeVerdict(
        outcome=outcome.code,
        message=found.message,
        percent=found.required.get("percent"),
        citations=tuple(citations_shown(found.citations)),
    )
