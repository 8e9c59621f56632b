"""The figures that hold for each unit: law of the day, replaced by the nearest target if stricter.

Resolved once per different combination of level, law and targets (a few dozen in a country), in
Python where it reads like the contract; joined to units in SQL.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from compliance.law import Law, load_law
from compliance.models import FigureSet


@dataclass(frozen=True)
class TargetValue:
    """A target as the resolution needs it."""

    pk: int
    parameter: str
    value: int
    document: str
    at: str
    confidence: str


def stricter(bound: str, target: int, law: int) -> bool:
    """Does a target count beside a national value? (CONTRACT section 3)"""
    if bound == "minimum":
        return target > law
    if bound == "maximum":
        return target < law
    return False


def resolve(
    law: Law, parameter: str, level: str, on: date | None, target: TargetValue | None
) -> tuple[int | None, list[dict[str, Any]]]:
    """The value that is applied and its citations; (None, []) where nothing is in force."""
    national = law.in_force(parameter, level, on) if on else None
    bound = law.parameters[parameter].bound
    if target and (national is None or stricter(bound, target.value, national.value)):
        cited = {
            "source": target.document,
            "at": target.at or None,
            "confidence": target.confidence,
        }
        return target.value, [cited]
    if national is None:
        return None, []
    return national.value, [dict(citation.as_dict()) for citation in national.citations]


# One row per (unit, day): which target stands nearest for each parameter, and the law's epoch.
SIGNATURES = """
CREATE TEMP TABLE {table}_day ON COMMIT DROP AS
WITH wanted AS MATERIALIZED ({wanted}),
near AS (
    SELECT DISTINCT ON (w.unit_id, w.day, t.parameter) w.unit_id, w.day, t.id
      FROM wanted w
      JOIN cadres_unit u ON u.id = w.unit_id
      JOIN compliance_target t ON t.level = u.level AND t.parameter = ANY(%s)
       AND w.day >= t.in_force_from AND (t.in_force_to IS NULL OR w.day <= t.in_force_to)
      JOIN cadres_unit a ON a.id = t.unit_id AND u.path >= a.path AND u.path < a.path || '~'
     ORDER BY w.unit_id, w.day, t.parameter, length(a.path) DESC, t.in_force_from DESC)
SELECT w.unit_id, w.day, u.level, coalesce(n.targets, '{{}}') AS targets,
       CASE WHEN w.day IS NULL THEN -1
            ELSE width_bucket(w.day, %s::date[]) END AS epoch
  FROM wanted w
  JOIN cadres_unit u ON u.id = w.unit_id
  LEFT JOIN (SELECT unit_id, day, array_agg(id ORDER BY id) AS targets FROM near GROUP BY 1, 2) n
    ON n.unit_id = w.unit_id AND n.day IS NOT DISTINCT FROM w.day
"""


def boundaries(law: Law) -> list[date]:
    """The days on which some value begins, or on which one has just ended."""
    days = set()
    for value in law.all_values:
        days.add(value.in_force_from)
        if value.in_force_to:
            days.add(value.in_force_to + timedelta(days=1))
    return sorted(days)


def stage_figures(
    cursor: CursorWrapper,
    *,
    figures: Mapping[str, str],
    subjects: str,
    days: Sequence[str] = ("on_date",),
    day_of: Mapping[str, str] | None = None,
    table: str = "figure",
) -> None:
    """Create the temporary table `table`: the figures for every unit and day asked for.

    `subjects` names a relation with `unit_id` and the columns `days` (dates, NULL: no law then).
    `figures`: name -> legal parameter; `day_of`: the figures that go by another day than the
    first. Columns of the result: `unit_id`, the days, `figures_id`, one integer column a figure.
    Figure sets not met before are written to FigureSet.
    """
    law = load_law()
    bounds = boundaries(law)
    wanted = " UNION ".join(
        f"SELECT DISTINCT unit_id, {day} AS day FROM {subjects}" for day in days
    )
    cursor.execute(
        SIGNATURES.format(table=table, wanted=wanted), [sorted(set(figures.values())), bounds]
    )
    joins = " ".join(
        f"JOIN {table}_day {day}_ ON {day}_.unit_id = s.unit_id"
        f" AND {day}_.day IS NOT DISTINCT FROM s.{day}"
        for day in days
    )
    keys = ", ".join(
        f"{day}_.targets AS {day}_targets, {day}_.epoch AS {day}_epoch" for day in days
    )
    cursor.execute(
        f"CREATE TEMP TABLE {table}_key ON COMMIT DROP AS"
        f" SELECT DISTINCT s.unit_id, {', '.join('s.' + day for day in days)}, {days[0]}_.level,"
        f" {keys} FROM {subjects} s {joins}"
    )
    columns = ", ".join(f"{day}_targets, {day}_epoch" for day in days)
    cursor.execute(f"SELECT DISTINCT level, {columns} FROM {table}_key")
    combinations = cursor.fetchall()
    targets = _targets(cursor, {pk for row in combinations for pks in row[1::2] for pk in pks})
    place = {day: number for number, day in enumerate(days)}
    resolved_sets = []
    for level, *signature in combinations:
        resolved = {}
        for name, parameter in figures.items():
            at = 2 * place[(day_of or {}).get(name, days[0])]
            pks, epoch = signature[at], signature[at + 1]
            # Every day of an epoch has the same law: its first day stands for all of them.
            on = None if epoch < 0 else bounds[epoch - 1] if epoch else date.min
            target = next((targets[pk] for pk in pks if targets[pk].parameter == parameter), None)
            resolved[name] = resolve(law, parameter, level, on, target)
        resolved_sets.append((level, signature, resolved))
    _stage_sets(cursor, table, tuple(figures), days, resolved_sets)
    names = "".join(f", v.{name}" for name in figures)
    match = "".join(
        f" AND v.{day}_targets = k.{day}_targets AND v.{day}_epoch = k.{day}_epoch" for day in days
    )
    cursor.execute(
        f"CREATE TEMP TABLE {table} ON COMMIT DROP AS"
        f" SELECT k.unit_id, {', '.join('k.' + day for day in days)}, v.figures_id{names}"
        f" FROM {table}_key k JOIN {table}_set v ON v.level = k.level{match}"
    )


Resolved = Mapping[str, tuple[int | None, list[dict[str, Any]]]]


def _stage_sets(
    cursor: CursorWrapper,
    table: str,
    names: Sequence[str],
    days: Sequence[str],
    sets: Sequence[tuple[str, Sequence[Any], Resolved]],
) -> None:
    ids = _figure_set_ids({_digest(resolved): resolved for _, _, resolved in sets})
    keys = "".join(f", {day}_targets bigint[], {day}_epoch integer" for day in days)
    values = "".join(f", {name} integer" for name in names)
    cursor.execute(
        f"CREATE TEMP TABLE {table}_set (level varchar{keys}, figures_id bigint{values})"
        " ON COMMIT DROP"
    )
    execute_values(
        cursor,
        f"INSERT INTO {table}_set VALUES %s",
        [
            (level, *signature, ids[_digest(resolved)], *(value for value, _ in resolved.values()))
            for level, signature, resolved in sets
        ],
        template="(%s" + ", %s::bigint[], %s" * len(days) + ", %s" + ", %s" * len(names) + ")",
    )


def _targets(cursor: CursorWrapper, pks: set[int]) -> dict[int, TargetValue]:
    cursor.execute(
        "SELECT id, parameter, value, document, at, confidence FROM compliance_target"
        " WHERE id = ANY(%s)",
        [sorted(pks)],
    )
    return {row[0]: TargetValue(*row) for row in cursor.fetchall()}


def _digest(resolved: Resolved) -> str:
    text = json.dumps(resolved, sort_keys=True, ensure_ascii=False)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _figure_set_ids(sets: Mapping[str, Resolved]) -> dict[str, int]:
    def known() -> dict[str, int]:
        return dict(FigureSet.objects.filter(digest__in=sets).values_list("digest", "pk"))

    ids = known()
    new = sorted(digest for digest in sets if digest not in ids)  # sorted: no deadlock
    if not new:
        return ids
    FigureSet.objects.bulk_create(
        [
            FigureSet(
                digest=digest,
                figures={name: value for name, (value, _) in sets[digest].items()},
                citations={name: cited for name, (_, cited) in sets[digest].items()},
            )
            for digest in new
        ],
        ignore_conflicts=True,
    )
    return known()
