"""Subjects judged one by one for a page: any day, by the law of that day, nothing written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from compliance.engine import compose
from compliance.engine.findings import Finding, Labels, Verdict, expand
from compliance.engine.registry import rules_of
from compliance.engine.single import SingleSource
from compliance.engine.standing import facts_of
from compliance.selectors.figures import Figures, figures_below

_LABELS = tuple(Labels.__dataclass_fields__)


def findings_on(
    source: SingleSource, as_of: dt.date, paths: Sequence[str], *, only: str = "true"
) -> list[Finding]:
    """Findings on the subjects of one source below `paths`; two queries.

    The engine's own verdicts, for a source whose subjects are judged on the day itself. `only`: SQL
    of our own over facts, figures and outcomes (`o0`, `o1`, ...) that says which subjects are
    wanted. Raises ValueError for a source with other days.
    """
    if source.days != ("on_date",):
        raise ValueError(f"Subjects of {source.name} are judged on days of their own.")
    figures = figures_below(paths, compose.figures_of(rules_of(source.kind)), as_of)
    return [
        finding
        for verdict, labels in _verdicts(source, as_of, figures, only)
        for finding in expand(verdict, labels)
    ]


def _verdicts(
    source: SingleSource, as_of: dt.date, figures: Mapping[int, Figures], only: str
) -> Iterator[tuple[Verdict, Labels]]:
    sets, places = _sets(figures)
    if not sets:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(source, only),
            {
                "d": as_of,
                "year": as_of.year,
                "units": list(places),
                "places": list(places.values()),
                "figures": json.dumps([_values(each) for each in sets]),
            },
        )
        rows = cursor.fetchall()
    counted = compose.count_names(source.kind)
    for subject_id, unit_id, outcomes, counts, *labels in rows:
        applied = sets[places[unit_id]]
        yield (
            Verdict(
                kind=source.kind,
                group_id=unit_id,
                subject_id=subject_id,
                unit_id=unit_id,
                outcomes=outcomes,
                counts=dict(zip(counted, counts, strict=True)),
                figures=_values(applied),
                citations={name: cited for name, (_value, cited) in applied.items()},
            ),
            Labels(*labels),
        )


def _sets(figures: Mapping[int, Figures]) -> tuple[list[Figures], dict[int, int]]:
    """The different sets of figures (a few), and the place of each unit's among them."""
    found: dict[str, int] = {}
    sets: list[Figures] = []
    places = {}
    for unit_id, applied in figures.items():
        key = json.dumps(applied, sort_keys=True)
        if key not in found:
            found[key] = len(sets)
            sets.append(applied)
        places[unit_id] = found[key]
    return sets, places


def _values(figures: Figures) -> dict[str, Any]:
    return {name: value for name, (value, _cited) in figures.items()}


def _statement(source: SingleSource, only: str) -> str:
    names = list(compose.figures_of(rules_of(source.kind)))
    values = "".join(f", (f.value->>'{name}')::int AS {name}" for name in names)
    columns, verdicts = compose.outcome_columns(source.kind)
    facts = source.facts.format(standing="person")
    labels = "".join(f", l.{name}" for name in _LABELS)
    return f"""
WITH wanted AS ({source.people_sql}),
 person AS ({facts_of("wanted")}),
 unit AS (SELECT unit_id, place FROM unnest(%(units)s::bigint[], %(places)s::int[])
                                       AS v (unit_id, place)),
 figure AS (SELECT ordinality - 1 AS place{values}
              FROM jsonb_array_elements(%(figures)s::jsonb) WITH ORDINALITY AS f (value)),
 subject AS (SELECT q.*, {", ".join(["unit.place", *(f"figure.{name}" for name in names)])}
               FROM ({facts}) q JOIN unit USING (unit_id) JOIN figure USING (place)),
 judged AS (SELECT s.*, {verdicts} FROM subject s),
 staged AS (SELECT {source.kind.value} AS kind, subject_id, unit_id,
                   ARRAY[{", ".join(columns)}]::smallint[] AS outcomes,
                   {compose.counts(source.kind)} AS counts
              FROM judged WHERE {only})
SELECT subject_id, s.unit_id, s.outcomes, s.counts{labels}
  FROM staged s JOIN ({source.labels(source.kind, "staged")}) l USING (subject_id)
 ORDER BY l.unit_code, l.term, l.title_code, l.cadre_code, l.start_on, subject_id"""
